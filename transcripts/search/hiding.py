"""Spans of rooms that readers are not given: the index holds nothing of what was said in them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from models.edit import Passage
from transcripts.search.tables import hidden as table

Instance = tuple[str, int]
"""A room's id, and the number of its instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Spans of an instance, ascending: whose captions are withheld, and whose words are cut."""

    withheld: tuple[Passage, ...] = ()
    cut: tuple[Passage, ...] = ()


NOTHING = Hidden()


def hidden(connection: Connection) -> dict[Instance, Hidden]:
    """All instances of which something is hidden."""
    spans: dict[tuple[Instance, bool], list[Passage]] = defaultdict(list)
    for row in connection.execute(select(table)):
        spans[(row.room_id, row.instance), row.cut].append((row.start_s, row.end_s))
    return {
        of: Hidden(
            withheld=tuple(sorted(spans.get((of, False), ()))),
            cut=tuple(sorted(spans.get((of, True), ()))),
        )
        for of in {of for of, _ in spans}
    }


def hide(connection: Connection, wanted: Mapping[Instance, Hidden]) -> None:
    """Keep what is hidden of instances, in the place of what was."""
    for (room_id, instance), now in wanted.items():
        of_it = table.c.room_id == room_id, table.c.instance == instance
        connection.execute(delete(table).where(*of_it))
        rows = [
            {
                "room_id": room_id,
                "instance": instance,
                "cut": cut,
                "start_s": start_s,
                "end_s": end_s,
            }
            for cut, spans in ((False, now.withheld), (True, now.cut))
            for start_s, end_s in spans
        ]
        if rows:
            connection.execute(insert(table), rows)
