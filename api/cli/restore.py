"""``roomscribe restore``: recordings brought back from the store after a disk was lost."""

import asyncio

from rich.console import Console

from api.data_folder import object_store
from api.settings import Settings
from models.audio import seconds
from models.errors import Invalid
from recorder import restoring
from recorder.restoring import Held


async def restore(settings: Settings, *, only_list: bool, sound: bool) -> int:
    """List what the store has, and bring back what is missing here unless it is only to be listed.

    Raises `Invalid` without a store, OSError and `StorageFailed`.
    """
    store = object_store(settings)
    if store is None:
        raise Invalid("no store is set up: ROOMSCRIBE_S3_BUCKET is empty", field="s3_bucket")
    root = settings.data_dir / "recordings"
    console = Console(highlight=False, soft_wrap=True, markup=False)
    brought = here = 0
    for found in await asyncio.to_thread(list, restoring.held(store, root)):
        console.print(_line(found))
        here += found.is_here
        if not (only_list or found.is_here):
            await asyncio.to_thread(restoring.restore, store, root, found, sound=sound)
            brought += 1
    if only_list:
        return 0
    console.print(f"{brought} brought back from {store.name}; {here} were here already.")
    if brought:
        console.print(
            "A recording is shown to who may read its room: rooms and captions come from a backup "
            "of rooms.db and of transcripts.db, or of the database."
        )
    return 0


def _line(found: Held) -> str:
    recording = found.recording
    length_s = round(seconds(recording.samples))
    length = f"{length_s // 3600}:{length_s // 60 % 60:02}:{length_s % 60:02}"
    where = "here" if found.is_here else "in the store"
    day = recording.started_at.date()
    return f"{recording.id}  {day}  {length}  {found.bytes:,} bytes  {where}  {recording.title}"
