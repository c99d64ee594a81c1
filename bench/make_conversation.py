"""Make the demonstration conversation, and measure how well pocketsphinx understands it.

Run from the root of the repository; needs Debian's ``flite`` (``apt-get install flite``)::

    python bench/make_conversation.py            # voices, ada.opus, ben.opus, times in script.json
    python bench/make_conversation.py --measure  # word error rate of the files as they are

``api/demo/conversation/script.json`` is source and product: who says what is read from it, when
they say it is written back. Each speaker gets a whole track (Ogg/Opus, mono, 48 kHz) that is
silent while the other one speaks, so both tracks played together are the conversation.

The measurement decodes each turn on its own from the Opus files with pocketsphinx's own English
model. The script is only compared with what came out; the recogniser never sees it.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import wave
from dataclasses import asdict, dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import jiwer
import numpy as np
import numpy.typing as npt
import pocketsphinx

Samples = npt.NDArray[np.float32]

FOLDER = Path(__file__).resolve().parent.parent / "api" / "demo" / "conversation"
RATE_HZ = 16_000  # flite's slt and rms voices, and what the recogniser takes
LEAD_S = 0.6  # a browser's fake microphone loses its first 0.3 s
TRAIL_S = 1.2
PAUSES_S = (0.8, 0.9, 0.7, 1.0)  # between turns, in rotation
PEAK = 0.5
EDGE_S = 0.04  # kept around the audible part of a turn, so that soft consonants survive
AUDIBLE = 0.01  # of the turn's peak
CONTEXT_S = 0.25  # heard before and after a turn when it is measured
BIT_RATE = "24k"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One uninterrupted stretch of speech; times in seconds on the common timeline."""

    speaker: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The conversation; ``speakers`` maps an id to its ``name``, ``file`` and flite ``voice``."""

    title: str
    language: str
    speakers: dict[str, dict[str, str]]
    turns: tuple[Turn, ...]


def read_script(path: Path) -> Script:
    """Read a script; turns that were never placed have the times 0, 0."""
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    turns = tuple(Turn(**({"start_s": 0.0, "end_s": 0.0} | turn)) for turn in raw["turns"])
    return Script(
        title=raw["title"], language=raw["language"], speakers=raw["speakers"], turns=turns
    )


def write_script(path: Path, script: Script) -> None:
    """Write a script, times included."""
    path.write_text(json.dumps(asdict(script), indent=2) + "\n", encoding="utf-8")


def synthesise(text: str, voice: str) -> Samples:
    """Speak ``text`` with a flite voice: mono at RATE_HZ, trimmed to what is audible, peak PEAK."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turn.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)
        with wave.open(str(path)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
                raise ValueError(f"the voice {voice} does not speak {RATE_HZ} Hz mono 16 bit")
            pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    samples = pcm.astype(np.float32)
    samples *= PEAK / np.abs(samples).max()
    audible = np.flatnonzero(np.abs(samples) > AUDIBLE * PEAK)
    edge = round(EDGE_S * RATE_HZ)
    return samples[max(0, int(audible[0]) - edge) : int(audible[-1]) + edge]


def place(script: Script) -> tuple[Script, dict[str, Samples]]:
    """Speak all turns and lay them out; one track per speaker, all of the same length."""
    spoken = [synthesise(t.text, script.speakers[t.speaker]["voice"]) for t in script.turns]
    at, starts = round(LEAD_S * RATE_HZ), list[int]()
    for samples, pause_s in zip(spoken, cycle(PAUSES_S), strict=False):
        starts.append(at)
        at += len(samples) + round(pause_s * RATE_HZ)
    length = starts[-1] + len(spoken[-1]) + round(TRAIL_S * RATE_HZ)
    tracks = {speaker: np.zeros(length, np.float32) for speaker in script.speakers}
    turns: list[Turn] = []
    for turn, start, samples in zip(script.turns, starts, spoken, strict=True):
        end = start + len(samples)
        tracks[turn.speaker][start:end] = samples
        start_s, end_s = round(start / RATE_HZ, 3), round(end / RATE_HZ, 3)
        turns.append(replace(turn, start_s=start_s, end_s=end_s))
    return replace(script, turns=tuple(turns)), tracks


def ffmpeg(*arguments: str | Path, data: bytes = b"") -> bytes:
    """Run imageio-ffmpeg's ffmpeg on ``data`` and return what it writes to its output."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def encode(samples: Samples, path: Path) -> None:
    """Write mono samples at RATE_HZ as Ogg/Opus at 48 kHz, the same bytes every time."""
    raw = ("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "-")
    opus = ("-ar", "48000", "-c:a", "libopus", "-b:a", BIT_RATE, "-application", "voip")
    ffmpeg(*raw, *opus, "-fflags", "+bitexact", path, data=samples.astype("<f4").tobytes())


def decode(path: Path) -> npt.NDArray[np.int16]:
    """Read any audio file as 16 bit mono at RATE_HZ."""
    raw = ffmpeg("-i", path, "-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-")
    return np.frombuffer(raw, "<i2")


def plain(text: str) -> str:
    """Lower case words without punctuation or pronunciation marks such as ``(2)``."""
    return " ".join(re.sub(r"\(\d+\)|[^a-z' ]", "", text.lower().replace("-", " ")).split())


def recognise(decoder: pocketsphinx.Decoder, pcm: npt.NDArray[np.int16]) -> str:
    """Decode one turn whole, with the cepstral mean of that turn."""
    decoder.start_utt()
    decoder.process_raw(pcm.tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return plain(hypothesis.hypstr) if hypothesis else ""


def make(folder: Path) -> None:
    """Synthesise the script in ``folder`` and write its tracks and times."""
    script, tracks = place(read_script(folder / "script.json"))
    for speaker, samples in tracks.items():
        path = folder / script.speakers[speaker]["file"]
        encode(samples, path)
        print(f"{path.name}: {len(samples) / RATE_HZ:.2f} s, {path.stat().st_size:,} bytes")
    write_script(folder / "script.json", script)


def measure(folder: Path) -> float:
    """Print each turn's word error rate and return that of the whole conversation."""
    script = read_script(folder / "script.json")
    tracks = {key: decode(folder / value["file"]) for key, value in script.speakers.items()}
    decoder = pocketsphinx.Decoder(cmn="batch", loglevel="FATAL")
    said: list[str] = []
    heard: list[str] = []
    for turn in script.turns:
        first = round((turn.start_s - CONTEXT_S) * RATE_HZ)
        last = round((turn.end_s + CONTEXT_S) * RATE_HZ)
        said.append(plain(turn.text))
        heard.append(recognise(decoder, tracks[turn.speaker][first:last]))
        rate = jiwer.wer(said[-1], heard[-1])
        print(f"{turn.start_s:6.2f}-{turn.end_s:5.2f} {turn.speaker} {rate:5.1%}  {heard[-1]}")
    overall = float(jiwer.wer(said, heard))
    words = sum(len(text.split()) for text in said)
    print(f"word error rate {overall:.1%} over {words} words in {len(said)} turns")
    return overall


def main() -> int:
    """Make the conversation, or measure it with ``--measure``."""
    parser = argparse.ArgumentParser(description="Make or measure the demonstration conversation.")
    parser.add_argument("--measure", action="store_true", help="print the word error rate")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where script.json is")
    options = parser.parse_args()
    if options.measure:
        measure(options.folder)
    else:
        make(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
