"""The index's tables on every database; each adapter adds what finds words in ``captions``.

In SQLite no row of ``captions`` is ever moved or changed in size: what changes is blanked in its
place, its id negated, and written anew at the end. Copies of words would be left between rows
otherwise (`transcripts.erasing`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from transcripts.tables import metadata

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

takes = Table(
    "takes",
    metadata,
    Column("no", _NUMBER, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("instance", BigInteger, nullable=False),
    Column("track", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    UniqueConstraint("room_id", "instance", "track", name="takes_of_rooms"),
    sqlite_autoincrement=True,
)
"""One for each instance of a room in each language; ``began_at`` is ISO 8601 in UTC."""

search_rooms = Table(
    "search_rooms",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_words", Text, nullable=False),
    Column("host_id", Text, nullable=False),
    Column("host_name", Text, nullable=False),
    Column("host_words", Text, nullable=False),
    Column("private", Boolean, nullable=False),
)
"""What is asked of rooms. Of a room that is not in it nothing is found.

``title_words`` and ``host_words`` are tokens, with a space before and behind each.
"""

hidden = Table(
    "hidden",
    metadata,
    Column("no", _NUMBER, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("instance", BigInteger, nullable=False),
    Column("cut", Boolean, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Index("hidden_in_rooms", "room_id", "instance"),
)
"""Spans that readers are not given: whole captions, or, where ``cut``, the words in it alone."""

captions = Table(
    "captions",
    metadata,
    Column("no", _NUMBER, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("line", Text, nullable=False),
    Index("captions_by_id", "id"),
    sqlite_autoincrement=True,
)
"""What the index holds (`transcripts.search.said`); a row of negative id is blank."""

index_state = Table(
    "index_state",
    metadata,
    Column("no", _NUMBER, primary_key=True),
    Column("behind", Boolean, nullable=False),
)
"""One row: ``behind`` when the journal has captions from before there was an index."""
