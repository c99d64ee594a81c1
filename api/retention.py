"""Recordings that were kept for as long as their room or the site wants go, after notice."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.deleting import Deletions
from models.errors import Conflict, Invalid, NotFound, RoomscribeError
from models.recording import Recording, RecordingPhase
from recorder.choices import Doom
from recorder.manifest import replace_file
from recorder.recording import Recorder
from recorder.retention import NOTICE, Notices, Policy, due
from rooms.registry import RoomRegistry

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """When a recording will be deleted, None for never; ``soon`` when that is announced."""

    delete_at: datetime | None = None
    soon: bool = False


def wall() -> datetime:
    """Give the time that people live by, which may be set."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Give seconds on a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Retention:
    """Looks every hour for what is due; lives from `start` to `close`.

    What was announced, and for how long, is in the file ``path``: when that is lost, all notices
    begin anew.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        recorder: Recorder,
        registry: RoomRegistry,
        deletions: Deletions,
        path: Path,
        now: Callable[[], datetime] = wall,
        steady_s: Callable[[], float] = since_boot,
    ) -> None:
        self.policy = policy
        self._recorder = recorder
        self._registry = registry
        self._deletions = deletions
        self._path = path
        self._now = now
        self._steady_s = steady_s
        self._looked_s: float | None = None
        self._notices = Notices()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read what was announced, and begin to look."""
        self._notices = await asyncio.to_thread(_load, self._path)
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def check(self, keep_days: int | None) -> None:
        """Raise `Invalid` for a time that the site does not grant."""
        most = self.policy.most_days
        if keep_days is not None and self.policy.days(keep_days) != (keep_days or None):
            raise Invalid(f"This site keeps recordings for {most} days at most", field="keep_days")

    def check_keeping(self) -> None:
        """Raise `Conflict` where the site keeps nothing for ever."""
        if most := self.policy.most_days:
            raise Conflict(
                f"This site keeps recordings for {most} days at most: download it before"
            )

    async def fate(self, recording: Recording) -> Fate:
        """Say when a recording will be deleted. Raises `StorageFailed`."""
        return await self._fate(recording, self._now())

    async def look(self) -> None:
        """Announce what will be deleted, and delete what is due and was announced."""
        now, steady_s = self._now(), self._steady_s()
        passed = None if self._looked_s is None else timedelta(seconds=steady_s - self._looked_s)
        self._looked_s = steady_s
        fates = {
            recording.id: (recording, await self._fate(recording, now))
            for recording in await asyncio.to_thread(self._recorder.recordings)
        }
        soon = [id for id, (_, fate) in fates.items() if fate.soon]
        self._notices = self._notices.after(now, passed, soon)
        await asyncio.to_thread(_save, self._path, self._notices)
        for id in soon:
            recording, _ = fates[id]
            fate = await self._fate(recording, now)
            if fate.delete_at and fate.delete_at <= now:
                await self._delete(recording)

    async def _fate(self, recording: Recording, now: datetime) -> Fate:
        if recording.phase is not RecordingPhase.FINISHED:
            return Fate()
        choices = await asyncio.to_thread(self._recorder.decisions.of, recording.id)
        days = self.policy.days(0 if choices.kept else await self._wanted(recording.room_id))
        if days is None:
            return Fate()
        end = due(recording, days)
        delete_at = max(end, now + self._notices.left(recording.id))
        return Fate(delete_at=delete_at, soon=now >= end - NOTICE)

    async def _work(self) -> None:
        while True:
            try:
                await self.look()
                await self._deletions.resume()
            except Exception:
                log.exception("looking for recordings to delete has failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _delete(self, recording: Recording) -> None:
        try:
            await self._deletions.delete(recording, Doom.ALL)
        except RoomscribeError as error:
            log.warning("recording %s is due, and is not deleted yet: %s", recording.id, error)

    async def _wanted(self, room_id: str) -> int | None:
        try:
            return (await self._registry.room(room_id)).keep_days
        except NotFound:
            return None


def _load(path: Path) -> Notices:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        shown = {str(id): float(shown_s) for id, shown_s in data["shown_s"].items()}
        return Notices(looked_at=datetime.fromisoformat(data["looked_at"]), shown_s=shown)
    except FileNotFoundError:
        return Notices()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("what was announced to be deleted is announced anew: %s", type(error).__name__)
        return Notices()


def _save(path: Path, notices: Notices) -> None:
    looked_at = notices.looked_at.isoformat() if notices.looked_at else ""
    data = {"version": 1, "looked_at": looked_at, "shown_s": notices.shown_s}
    replace_file(path, json.dumps(data, indent=1).encode())
