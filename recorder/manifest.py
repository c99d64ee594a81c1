"""A recording's manifest, which is what a crash leaves of it besides its sound."""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import StorageFailed
from models.recording import Loss, Loudness, Recording, RecordingPhase, Segment, Track
from models.room import Speaker
from recorder import manifest_log

MANIFEST = "manifest.json"


def to_json(recording: Recording) -> str:
    """Write the recording as JSON."""
    data = {**asdict(recording), "started_at": recording.started_at.isoformat(), "version": 1}
    return json.dumps(data, indent=1)


def from_json(text: str) -> Recording:
    """Read a recording back; raises ValueError on anything that `to_json` does not write."""
    try:
        data: dict[str, Any] = json.loads(text)
        del data["version"]
        data["started_at"] = datetime.fromisoformat(data["started_at"])
        data["phase"] = RecordingPhase(data["phase"])
        data["segments"] = tuple(Segment(**segment) for segment in data["segments"])
        data["losses"] = tuple(Loss(**loss) for loss in data["losses"])
        data["tracks"] = tuple(_track(**track) for track in data.get("tracks", ()))
        if data.get("loudness"):
            data["loudness"] = Loudness(**data["loudness"])
        return Recording(**data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a manifest") from error


def _track(
    *,
    speaker: dict[str, str],
    segments: list[dict[str, Any]],
    losses: list[dict[str, Any]],
    **rest: str,
) -> Track:
    return Track(
        speaker=Speaker(**speaker),
        segments=tuple(Segment(**segment) for segment in segments),
        losses=tuple(Loss(**loss) for loss in losses),
        **rest,
    )


def save(folder: Path, recording: Recording) -> None:
    """Replace the manifest in ``folder`` whole or not at all. Raises OSError."""
    replace_file(folder / MANIFEST, to_json(recording).encode())


def load(folder: Path) -> Recording | None:
    """Read the manifest in ``folder``, None when there is none.

    Of a recording that runs, or was cut off, it is what the manifest and its log say together.
    Raises `StorageFailed` when there is one that cannot be read.
    """
    try:
        recording = from_json((folder / MANIFEST).read_text())
        if recording.phase is RecordingPhase.FINISHED:
            return recording
        return manifest_log.folded(folder, recording)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StorageFailed(f"the manifest of recording {folder.name} cannot be read") from error


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path``, make it durable, then put it in its place."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
