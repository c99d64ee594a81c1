"""The ids of recordings, which are the names of their folders: a room's, and an instance's."""

import re
from collections.abc import Callable
from pathlib import Path


def new_id(room_id: str, instance: int, is_taken: Callable[[str], bool]) -> str:
    """Give an id for another recording of an instance."""
    first = _first(room_id, instance)
    number, name = 1, first
    while is_taken(name):
        number += 1
        name = f"{first}-{number}"
    return name


def of_instance(root: Path, room_id: str, instance: int) -> list[str]:
    """Name the folders that may be recordings of an instance."""
    first = _first(room_id, instance)
    own = re.compile(rf"{re.escape(first)}(-\d+)?")
    return [path.name for path in root.glob(f"{first}*") if own.fullmatch(path.name)]


def _first(room_id: str, instance: int) -> str:
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', room_id)}-{instance}"
