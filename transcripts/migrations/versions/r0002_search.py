"""The tables of the search index. Captions from before have to be brought into it afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create them empty."""
    _create_places()
    op.create_table(
        "captions",
        sa.Column("no", _NUMBER, primary_key=True),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("start_s", sa.Float, nullable=False),
        sa.Column("end_s", sa.Float, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("captions_by_id", "captions", ["id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE caption_terms USING fts5"
            "(line, content='', columnsize=0, tokenize=\"ascii tokenchars '<:-'\")"
        )
    else:
        op.execute("ALTER TABLE captions ADD COLUMN terms tsvector NOT NULL")
        op.execute(
            "CREATE INDEX captions_by_terms ON captions USING gin (terms) WITH (fastupdate = off)"
        )
    op.create_table(
        "index_state",
        sa.Column("no", _NUMBER, primary_key=True),
        sa.Column("behind", sa.Boolean, nullable=False),
    )
    op.execute("INSERT INTO index_state SELECT 1, EXISTS (SELECT 1 FROM entries)")


def _create_places() -> None:
    op.create_table(
        "takes",
        sa.Column("no", _NUMBER, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("instance", sa.BigInteger, nullable=False),
        sa.Column("track", sa.Text, nullable=False),
        sa.Column("began_at", sa.Text, nullable=False),
        sa.UniqueConstraint("room_id", "instance", "track", name="takes_of_rooms"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_rooms",
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_words", sa.Text, nullable=False),
        sa.Column("host_id", sa.Text, nullable=False),
        sa.Column("host_name", sa.Text, nullable=False),
        sa.Column("host_words", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
    )
    op.create_table(
        "hidden",
        sa.Column("no", _NUMBER, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("instance", sa.BigInteger, nullable=False),
        sa.Column("cut", sa.Boolean, nullable=False),
        sa.Column("start_s", sa.Float, nullable=False),
        sa.Column("end_s", sa.Float, nullable=False),
    )
    op.create_index("hidden_in_rooms", "hidden", ["room_id", "instance"])
