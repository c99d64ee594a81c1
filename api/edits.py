"""What hosts have cut out of recordings, and what is left for whom."""

import asyncio
import hashlib
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.audio import seconds
from models.edit import AS_RECORDED, Edited, EditList, Passage
from models.errors import StaleRevision, StorageFailed
from models.recording import Recording, RecordingPhase, Segment
from recorder import edited, editing
from recorder.editing import Edits
from recorder.finishing import Finishing
from recorder.recording import Recorder
from transcripts.rendering import Wanted

log = logging.getLogger(__name__)

_BEHIND_S = 1.0
"""A cut up to the end of the sound takes with it what is captioned a moment later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A recording that has been edited; ``edit`` is None where its cuts cannot be read."""

    recording: Recording
    edit: EditList | None


class RecordingEdits:
    """Keeps the cuts of recordings, and knows those of all rooms; `read` them first."""

    def __init__(self, recorder: Recorder, finishing: Finishing) -> None:
        self._recorder = recorder
        self._finishing = finishing
        self._kept: dict[str, _Kept] = {}
        self._keeping = asyncio.Lock()
        self.changed: Callable[[str], Awaitable[None]] | None = None
        """Awaited with a room's id when something else of its recordings is cut."""

    def read(self) -> None:
        """Read all cuts from the disk."""
        for recording in self._recorder.recordings():
            if not (self._folder(recording) / editing.FILE).exists():
                continue
            try:
                edit: EditList | None = editing.load(self._folder(recording)).now
            except StorageFailed as error:
                log.warning("nothing of recording %s is given out: %s", recording.id, error)
                edit = None
            self._kept[recording.id] = _Kept(recording=recording, edit=edit)

    async def of(self, recording: Recording) -> Edits:
        """Give a recording's cuts, and what can be undone. Raises `StorageFailed`."""
        return await asyncio.to_thread(editing.load, self._folder(recording))

    async def edit(self, recording: Recording, rev: int, spans: Iterable[Passage]) -> Edits:
        """Cut these spans of the room clock, and nothing else.

        Raises `StaleRevision` when the cuts are not at ``rev``, `Invalid` and `StorageFailed`.
        """
        edit = EditList.of(spans, recording.samples)
        async with self._keeping:
            now = await self._at(recording, rev)
            return await self._keep(recording, now.changed(edit))

    async def move(self, recording: Recording, rev: int, step: int) -> Edits:
        """Undo a change (-1), or do it again (1). Raises like `edit`, and `Conflict`."""
        async with self._keeping:
            now = await self._at(recording, rev)
            return await self._keep(recording, now.moved(step))

    def forget(self, recording_id: str) -> None:
        """A recording is deleted."""
        self._kept.pop(recording_id, None)

    async def served(self, recording: Recording) -> Recording:
        """Give a recording without what was cut: in phase ``recording`` until that is made.

        Raises `StorageFailed` when it is not known what was cut.
        """
        edit = self.edit_of(recording)
        unfinished = recording.phase is not RecordingPhase.FINISHED
        if not edit.cuts or unfinished or edited.is_edited(recording):
            return recording
        made = await asyncio.to_thread(edited.load, self._folder(recording), recording, edit)
        if made is not None:
            return made
        self._finishing.want(recording.id)
        left = Segment(file="", first_sample=0, samples=edit.length(recording.samples), sha256="")
        return replace(
            recording,
            phase=RecordingPhase.RECORDING,
            segments=(left,),
            losses=edited.losses(recording.losses, edit),
        )

    def edit_of(self, recording: Recording) -> EditList:
        """Give what is cut now. Raises `StorageFailed` when that is not known."""
        kept = self._kept.get(recording.id)
        if kept is None:
            return EditList()
        if kept.edit is None:
            raise StorageFailed(
                "the recording's cuts cannot be read, so nothing of it is given out"
            )
        return kept.edit

    def is_known(self, recording: Recording) -> bool:
        """Whether it is known what is cut."""
        kept = self._kept.get(recording.id)
        return kept is None or kept.edit is not None

    def rooms(self) -> set[str]:
        """The rooms of which something is cut."""
        return {kept.recording.room_id for kept in self._kept.values()}

    def instances(self, room_id: str) -> set[int]:
        """The instances of a room of which something is cut."""
        recordings = (kept.recording for kept in self._kept.values())
        return {one.instance for one in recordings if one.room_id == room_id}

    def any_in(self, room_id: str) -> bool:
        """Whether anything of a room is cut."""
        return any(kept.recording.room_id == room_id for kept in self._kept.values())

    def in_room(self, room_id: str, instance: int) -> Edited:
        """How a room's captions are read by who may not decide about its recordings."""
        return Edited(hidden=tuple(self._hidden(room_id, instance)))

    def view(self, recording: Recording) -> Edited:
        """How a recording's transcript is read. Raises `StorageFailed`."""
        edit, others = self.edit_of(recording), self._hidden
        end_s = seconds(self._whole(recording).samples)
        own = [(start_s, math.inf if to_s >= end_s else to_s) for start_s, to_s in edit.spans()]
        hidden = (*own, *others(recording.room_id, recording.instance, besides=recording.id))
        return Edited(hidden=hidden, edit=edit)

    def wanted(self, recording: Recording, format: str, *, whole: bool = False) -> Wanted:
        """Name the transcript of a recording, or that of the ``whole`` of it, for its hosts."""
        return Wanted(
            room_id=recording.room_id,
            instance=recording.instance,
            track="",
            format=format,
            title=recording.title,
            started_at=recording.started_at,
            within=self._whole(recording).span,
            edited=AS_RECORDED if whole else self.view(recording),
        )

    def _whole(self, recording: Recording) -> Recording:
        kept = self._kept.get(recording.id)
        return kept.recording if kept else recording

    def _hidden(self, room_id: str, instance: int, *, besides: str = "") -> Iterator[Passage]:
        """What the recordings of an instance have cut of what they hold."""
        for id, kept in self._kept.items():
            one = kept.recording
            if id == besides or (one.room_id, one.instance) != (room_id, instance):
                continue
            yield from _of_sound(one, kept.edit)

    async def _at(self, recording: Recording, rev: int) -> Edits:
        now = await self.of(recording)
        if now.rev != rev:
            raise StaleRevision(
                "Somebody else has changed the cuts meanwhile. They are shown as they are now."
            )
        return now

    async def _keep(self, recording: Recording, edits: Edits) -> Edits:
        await asyncio.to_thread(editing.save, self._folder(recording), edits)
        self._kept[recording.id] = _Kept(recording=recording, edit=edits.now)
        if not edits.now.cuts:
            self._kept.pop(recording.id)
        self._finishing.want(recording.id)
        if self.changed:
            await self.changed(recording.room_id)
        return edits

    def _folder(self, recording: Recording) -> Path:
        return self._recorder.folder(recording.id)


def mark(view: Edited) -> str:
    """A hash of what is cut, empty where nothing is."""
    if view == AS_RECORDED:
        return ""
    return hashlib.sha256(repr((view.hidden, view.edit.cuts)).encode()).hexdigest()[:20]


def _of_sound(recording: Recording, edit: EditList | None) -> Sequence[Passage]:
    """The cuts of what a recording holds sound of: what came before its start is not its own."""
    if edit is None:
        return [(0.0, math.inf)]
    start_s, end_s = recording.span.start_s, recording.span.end_s
    return [
        (max(from_s, start_s), to_s + _BEHIND_S if to_s >= end_s else to_s)
        for from_s, to_s in edit.spans()
        if to_s > start_s
    ]
