"""The journal's tables as they are now; `transcripts.migrations` says how they came to be so.

Their words are in `payload`, JSON text in ASCII. PostgreSQL's own JSON types would refuse what
people may type (an unpaired surrogate, a NUL), so it is text there, too, and only looked into.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, MetaData, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import literal_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("track", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("instance", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("caption_id", Text),
    Column("payload", Text, nullable=False),
    Column("written_at", Text, nullable=False),
    Index("entries_by_caption", "room_id", "caption_id", "seq"),
    Index("entries_by_instance", "room_id", "track", "instance", "seq"),
)


class NumberIn(FunctionElement[float]):
    """A number in an entry's payload, by its name, such as ``end``."""

    name = "number_in"
    type = Float()
    inherit_cache = True

    def __init__(self, name: str) -> None:
        super().__init__(entries.c.payload, literal_column(f"'{name}'"))


class TextIn(FunctionElement[str]):
    """A text in an entry's payload, by its path, such as ``speaker.id``; as JSON, with quotes."""

    name = "text_in"
    type = Text()
    inherit_cache = True

    def __init__(self, path: str) -> None:
        super().__init__(entries.c.payload, literal_column(f"'{path}'"))


@compiles(NumberIn, "sqlite")
def _(element: NumberIn, compiler: SQLCompiler, **options: Any) -> str:
    return "json_extract({}, '$.' || {})".format(*_arguments(element, compiler, options))


@compiles(TextIn, "sqlite")
def _(element: TextIn, compiler: SQLCompiler, **options: Any) -> str:
    arguments = _arguments(element, compiler, options)
    return "json_quote(json_extract({}, '$.' || {}))".format(*arguments)


@compiles(NumberIn, "postgresql")
def _(element: NumberIn, compiler: SQLCompiler, **options: Any) -> str:
    arguments = _arguments(element, compiler, options)
    return "CAST(CAST(CAST({} AS json) -> {} AS text) AS float8)".format(*arguments)


@compiles(TextIn, "postgresql")
def _(element: TextIn, compiler: SQLCompiler, **options: Any) -> str:
    arguments = _arguments(element, compiler, options)
    return "CAST(CAST({} AS json) #> string_to_array({}, '.') AS text)".format(*arguments)


def _arguments(
    element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]
) -> list[str]:
    return [compiler.process(one, **options) for one in element.clauses]
