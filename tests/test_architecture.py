"""The rules of the tree, as design and style state them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "pipeline", "asr", "rooms", "recorder", "notifications", "transcripts", "api")
HOMES = {
    "aiortc": "rooms/embedded/webrtc.py",
    "aioice": "rooms/embedded/webrtc.py",
    "ctranslate2": "asr/machine.py",
    "faster_whisper": "asr/whisper.py",
    "pocketsphinx": "asr/sphinx.py",
    "onnxruntime": "pipeline/silero.py",
    "soxr": "pipeline/resample.py",
    "ffmpeg": "recorder/media.py",
    "obstore": "recorder/s3.py",
}


def _sources() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    imports = re.compile(rf"^\s*(import|from) {library}\b", re.MULTILINE)
    importers = {
        str(file.relative_to(ROOT)) for file in _sources() if imports.search(file.read_text())
    }
    assert importers == {HOMES[library]}


def test_the_environment_is_read_in_one_place_and_passed_on_in_another() -> None:
    readers = {
        str(file.relative_to(ROOT))
        for file in _sources()
        if re.search(r"os\.(environ|getenv)", file.read_text())
    }
    # Settings read it through pydantic; a recogniser's process inherits it.
    assert readers <= {"asr/process.py"}


def test_no_module_has_outgrown_four_hundred_lines() -> None:
    files = [*_sources(), *sorted((ROOT / "web").glob("*.js"))]
    long = {
        str(f.relative_to(ROOT)): n for f in files if (n := len(f.read_text().splitlines())) > 400
    }
    assert not long


def test_every_package_says_what_it_is() -> None:
    for package in PACKAGES:
        assert (ROOT / package / "__init__.py").read_text().startswith('"""'), package
