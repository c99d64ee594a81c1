"""What a room's own words do to pocketsphinx, and how much its interims flicker.

Run from the root of the repository::

    python -m bench.vocabulary            # with and without terms, side by side
    python -m bench.vocabulary --texts    # what was heard, too
    python -m bench.vocabulary --make     # speak the clips anew; needs Debian's flite

The demonstration is heard as a room hears it, with its title and names at most and never with its
script. The clips of ``tests/fixtures/vocabulary`` say names that few dictionaries hold; those of
``tests/fixtures/speech`` say none. ``full`` fills the vocabulary up to 100 terms with names that
nobody says; ``late`` gives the room's terms to a stream that is open already, as when they change
while the room is live; ``eager`` shows interims as they come, every 0.3 s. Erasure is the number of
shown words taken back or changed, by the final too, for each word (after arXiv 1912.03393); ``shown
after`` is how old a word of the final is when it is first shown in its place. Opening a stream, or
for ``late`` learning in one, is in processor seconds, and so is the real-time factor.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np

from asr.proving import Utterance, utterances
from asr.sphinx import SphinxEngine, SphinxOptions
from bench.engines import CONVERSATION, conversation, plain, read
from bench.make_conversation import ffmpeg, synthesise
from models.audio import SPEECH_RATE_HZ
from models.transcript import Hypothesis

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
VOCABULARY = FIXTURES / "vocabulary" / "texts.json"
LOOK_SAMPLES = 1600
FULL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Utterances, what is said in all of them, and the words of the room they are said in."""

    name: str
    utterances: tuple[Utterance, ...]
    text: str
    terms: tuple[str, ...]
    full: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine made of a `Speech`; times in seconds."""

    text: str
    erased: int
    delays_s: tuple[float, ...]
    opened_s: float
    factor: float


def speeches() -> tuple[Speech, ...]:
    """Read everything that is measured."""
    vocabulary = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    others, terms = tuple(vocabulary["others"]), tuple(vocabulary["terms"])
    script = json.loads((CONVERSATION / "script.json").read_text(encoding="utf-8"))
    pcm, text = conversation()
    own = (script["title"], *(speaker["name"] for speaker in script["speakers"].values()))
    ordinary = json.loads((FIXTURES / "speech" / "texts.json").read_text(encoding="utf-8"))
    return (
        Speech(
            name="demonstration",
            utterances=tuple(utterances(pcm)),
            text=text,
            terms=own,
            full=(own + terms + others)[:FULL],
        ),
        _clips("ordinary clips", FIXTURES / "speech", ordinary, terms, terms + others),
        _clips("clips with names", VOCABULARY.parent, vocabulary["clips"], terms, terms + others),
    )


def _clips(
    name: str,
    folder: Path,
    entries: Sequence[dict[str, str]],
    terms: tuple[str, ...],
    full: tuple[str, ...],
) -> Speech:
    found = tuple(u for entry in entries for u in utterances(read(folder / entry["file"])))
    text = " ".join(entry["text"] for entry in entries)
    return Speech(name=name, utterances=found, text=text, terms=terms, full=full[:FULL])


def hear(
    speech: Speech, terms: Sequence[str], options: SphinxOptions, *, late: bool = False
) -> Heard:
    """Stream the utterances into a fresh engine as they would come, and watch what it shows."""
    engine = SphinxEngine(options)
    began = time.process_time()
    stream = engine.stream(language="en", terms=() if late else terms)
    if late:
        began = time.process_time()
        stream.learn(terms)
    opened_s = time.process_time() - began
    began = time.process_time()
    words: list[str] = []
    erased, delays = 0, list[float]()
    for utterance in speech.utterances:
        stream.begin(utterance.start_s)
        shown = _Shown()
        for at in range(0, len(utterance.pcm), LOOK_SAMPLES):
            piece = utterance.pcm[at : at + LOOK_SAMPLES]
            now_s = utterance.start_s + (at + len(piece)) / SPEECH_RATE_HZ
            shown.take(stream.feed(piece), now_s)
        shown.take(stream.end(), now_s)
        words += shown.final
        erased += shown.erased
        delays += shown.delays_s
    spent_s = time.process_time() - began
    length_s = sum(len(u.pcm) for u in speech.utterances) / SPEECH_RATE_HZ
    return Heard(
        text=" ".join(words),
        erased=erased,
        delays_s=tuple(delays),
        opened_s=opened_s,
        factor=spent_s / length_s,
    )


class _Shown:
    """What a listener has seen of one utterance."""

    def __init__(self) -> None:
        self.final: list[str] = []
        self.erased = 0
        self.delays_s: list[float] = []
        self._words: list[str] = []
        self._since_s: list[float] = []

    def take(self, hypotheses: Iterable[Hypothesis], now_s: float) -> None:
        for hypothesis in hypotheses:
            words = [plain(word.text) for word in hypothesis.words]
            same = 0
            while same < min(len(words), len(self._words)) and words[same] == self._words[same]:
                same += 1
            self.erased += len(self._words) - same
            self._since_s = self._since_s[:same] + [now_s] * (len(words) - same)
            self._words = words
            if hypothesis.final:
                ends = [word.end_s for word in hypothesis.words]
                self.delays_s += np.subtract(self._since_s, ends).tolist()
                self.final += words
                self._words, self._since_s = [], []


def terms_heard(speech: Speech, text: str) -> tuple[int, int, int]:
    """Count the terms' words that were said, that were heard then, and that were heard besides."""
    common = {"release", "planning", "institute"}
    ordinary = set(plain(speech.text).split()) - {
        word for term in speech.terms for word in plain(term).split()
    }
    own = {w for term in speech.full for w in plain(term).split()} - common - ordinary
    said, heard = plain(speech.text).split(), plain(text).split()
    right = sum(min(said.count(word), heard.count(word)) for word in own)
    return (
        sum(said.count(word) for word in own),
        right,
        sum(heard.count(word) for word in own) - right,
    )


def compare(speech: Speech, *, texts: bool) -> None:
    """Print a line for each vocabulary, and one for interims that show whatever is new."""
    settled, eager = SphinxOptions(), SphinxOptions(interim_s=0.3, steady_s=0.0)
    for name, terms, options in (
        ("eager", (), eager),
        ("none", (), settled),
        ("room", speech.terms, settled),
        ("late", speech.terms, settled),
        ("full", speech.full, settled),
    ):
        heard = hear(speech, terms, options, late=name == "late")
        rate = jiwer.wer(plain(speech.text), plain(heard.text) or "-")
        said, right, wrong = terms_heard(speech, heard.text)
        words = len(plain(speech.text).split())
        p50_s, p90_s = np.percentile(heard.delays_s, [50, 90])
        print(
            f"{speech.name:17} {name:5} {len(terms):3} terms  WER {rate:6.1%}  "
            f"terms heard {right:2}/{said:2}, besides {wrong:2}  "
            f"opened in {heard.opened_s:4.2f} s  RTF {heard.factor:.2f}  "
            f"erasure {heard.erased / words:.2f}  "
            f"shown after p50 {p50_s:.2f} s, p90 {p90_s:.2f} s",
            flush=True,
        )
        if texts:
            print(f"    {heard.text}")


def make() -> None:
    """Speak the clips with names."""
    vocabulary = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    raw = ("-f", "f32le", "-ar", str(SPEECH_RATE_HZ), "-ac", "1", "-i", "-")
    opus = ("-ar", "48000", "-c:a", "libopus", "-b:a", "24k", "-application", "voip")
    for clip in vocabulary["clips"]:
        samples = np.pad(synthesise(clip["text"], clip["voice"]), SPEECH_RATE_HZ // 4)
        path = VOCABULARY.parent / clip["file"]
        ffmpeg(*raw, *opus, "-fflags", "+bitexact", path, data=samples.astype("<f4").tobytes())


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--make", action="store_true", help="speak the clips anew")
    parser.add_argument("--texts", action="store_true", help="print what was heard")
    parser.add_argument("--only", default="", help="part of the name of what is measured")
    options = parser.parse_args()
    if options.make:
        make()
        return 0
    for speech in speeches():
        if options.only in speech.name:
            compare(speech, texts=options.texts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
