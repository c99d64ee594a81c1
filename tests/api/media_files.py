"""Media files as people have them, made of the speech that the tests have."""

import subprocess
from pathlib import Path

import imageio_ffmpeg

from tests.fixtures.clips import FIXTURES

SPEECH = FIXTURES / "speech" / "01-rms.opus"


def ffmpeg(*arguments: str | Path) -> None:
    line = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(line, check=True, stdin=subprocess.DEVNULL)


def video(path: Path, *, speech: Path = SPEECH, late_s: float = 0.0) -> Path:
    """Stereo speech under a picture; the sound begins ``late_s`` after it."""
    picture = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5")
    sound = ("-itsoffset", str(late_s), "-i", speech)
    ffmpeg(*picture, *sound, "-ac", "2", "-shortest", "-c:a", "aac", path)
    return path


def silent_video(path: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=1", path)
    return path
