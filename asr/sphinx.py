"""The embedded engine: pocketsphinx, whose wheel carries an English model.

A light decoder follows the stream for interims; the final of a segment is decoded anew over the
whole of it, with the cepstral mean of all its frames. The mean makes most of the difference, so
the light decoder is given the one of the segment before, or of the first second heard.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pocketsphinx import Decoder, NGramModel, get_model_path

from asr.engine import Stream
from asr.vocabulary import Dictionary, Entry, entries
from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word
from pipeline.lines import captions

INFO = EngineInfo(name="pocketsphinx", model="en-us", quality="basic")

_FRAME_S = 0.01
_SEARCH = "room"
_TERM = "term:"
_NOT_WORDS = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")
_VARIANT = re.compile(r"\(\d+\)$")
_ME = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd"}


Setting = float | int | bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SphinxOptions:
    """Lengths in seconds; ``quiet`` as a part of full scale.

    ``noise`` (standard deviation, in steps of 16 bits) lies under every final: in digital silence
    the decoder hears words. More than ``late_s`` at once has waited for the engine: the rest of the
    utterance gets no interims. The decoder is looked at every ``interim_s``; words at the end that
    are younger than ``steady_s`` are shown once two looks in a row gave them.
    ``light`` are the settings of the decoder for interims: no second pass and fewer candidates,
    for two thirds of the time and the same words. ``whole`` are those for finals; their limits cost
    no accuracy and save a third of the time on speech that is hard to hear.
    """

    interim_s: float = 0.2
    steady_s: float = 0.4
    mean_s: float = 0.9
    late_s: float = 1.5
    longest_s: float = 16.0
    quiet: float = 0.05
    noise: float = 4.0
    light: tuple[tuple[str, Setting], ...] = (
        ("fwdflat", False),
        ("bestpath", False),
        ("maxhmmpf", 5000),
        ("maxwpf", 10),
    )
    whole: tuple[tuple[str, Setting], ...] = (("maxhmmpf", 10000), ("maxwpf", 20))


class SphinxEngine:
    """Loads its decoders in about 0.3 s; they never release the GIL: one room for a process."""

    def __init__(self, options: SphinxOptions | None = None) -> None:
        self._options = options or SphinxOptions()
        self._spare: _Decoders | None = _Decoders(self._options)

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        return INFO

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        """Open a stream with decoders of its own; the model knows English only."""
        decoders, self._spare = self._spare or _Decoders(self._options), None
        decoders.learn(terms)
        return _SphinxStream(decoders, self._options)


class _Decoders:
    """The light decoder that follows the stream, and the one that decodes whole segments.

    They share one language model. `learn` must come before the first utterance, and may come again
    between two.
    """

    def __init__(self, options: SphinxOptions) -> None:
        self.light = Decoder(lm=None, loglevel="FATAL", **dict(options.light))
        self.whole = Decoder(lm=None, loglevel="FATAL", **dict(options.whole))
        self._names: dict[Entry, str] = {}
        self._learnt: dict[str, tuple[Entry, int]] = {}
        self._expected: tuple[Entry, ...] | None = None

    def learn(self, terms: Sequence[str]) -> None:
        """Give a room's words to the dictionary and a fresh language model, and get ready.

        It takes half a second of the processor, unless the entries are those learnt last.
        """
        path = get_model_path("en-us/en-us.lm.bin")
        language = NGramModel(self.whole.config, self.whole.logmath, path)

        def likely(word: str) -> float:
            return float(self.whole.logmath.exp(language.prob([word])))

        expected = entries(terms, Dictionary(self.whole.lookup_word, likely))
        if self._expected is not None and set(expected) == set(self._expected):
            return
        # A word that is new to the model is as likely as all words are on average, times a weight.
        language.add_word(_TERM, 1.0)
        average = likely(_TERM)
        for entry in expected:
            language.add_word(self._name(entry), entry.likelihood / average)
        for decoder in (self.light, self.whole):
            if self._expected is not None:
                decoder.remove_search(_SEARCH)  # first, or two of them are held for a moment
            decoder.add_lm(_SEARCH, language)
            decoder.activate_search(_SEARCH)
        self._expected = expected

    def _name(self, entry: Entry) -> str:
        """Give an entry's name in the dictionaries, which never forget it: entries keep theirs."""
        name = self._names.get(entry)
        if name is None:
            name = self._names[entry] = f"{_TERM}{len(self._names)}"
            for way, phones in enumerate(entry.ways):
                variant = f"{name}({way + 1})" if way else name
                self._learnt[variant] = entry, way
                said = " ".join(phone for word in phones for phone in word)
                for decoder in (self.light, self.whole):
                    decoder.add_word(variant, said, False)
        return name

    def words(self, decoder: Decoder, start_s: float, end_s: float) -> tuple[Word, ...]:
        """Give a decoder's words in room seconds, none outside ``start_s`` to ``end_s``."""
        if decoder.hyp() is None:
            return ()
        words: list[Word] = []
        for part in decoder.seg():
            if _NOT_WORDS.fullmatch(part.word):
                continue
            begins_s = start_s + part.start_frame * _FRAME_S
            ends_s = start_s + (part.end_frame + 1) * _FRAME_S
            confidence = min(1.0, max(0.0, float(part.prob)))
            for text, first_s, last_s in self._texts(part.word, begins_s, ends_s):
                words.append(
                    Word(
                        text=text if words else text[:1].upper() + text[1:],
                        start_s=min(max(first_s, start_s), end_s),
                        end_s=min(max(last_s, start_s), end_s),
                        confidence=confidence,
                    )
                )
        return tuple(words)

    def _texts(
        self, heard: str, start_s: float, end_s: float
    ) -> Iterable[tuple[str, float, float]]:
        if learnt := self._learnt.get(heard):
            return _parts(*learnt, start_s, end_s)
        text = _VARIANT.sub("", heard)
        return [(_ME.get(text, text), start_s, end_s)]

    def mean(self, pcm: Pcm) -> str:
        """Measure the cepstral mean of ``pcm`` without looking for words."""
        self.whole.start_utt()
        self.whole.process_raw(pcm.tobytes(), no_search=True, full_utt=True)
        self.whole.end_utt()
        return str(self.whole.get_cmn(False))


class _SphinxStream:
    def __init__(self, decoders: _Decoders, options: SphinxOptions) -> None:
        self._decoders = decoders
        self._light = decoders.light
        self._options = options
        self._mean = ""
        self._segment = 0
        self._heard: list[Pcm] = []
        self._samples = 0
        self._start_s = 0.0
        self._speaking = False
        self._looked_at = 0
        self._late = False
        self._shown: tuple[str, ...] = ()
        self._looked: tuple[str, ...] = ()

    def learn(self, terms: Sequence[str]) -> bool:
        if not self._speaking:
            self._decoders.learn(terms)
        return not self._speaking

    def begin(self, start_s: float) -> None:
        self._speaking = True
        self._start_s = start_s
        self._heard, self._samples, self._looked_at, self._late = [], 0, 0, False
        self._listen()

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        # So much at once has waited: interims are given up first, for finals to catch up.
        self._late = self._late or len(pcm) > self._options.late_s * SPEECH_RATE_HZ
        self._hear(pcm)
        if self._late:
            pass
        elif not self._mean:
            self._find_mean()
        elif self._samples - self._looked_at >= self._options.interim_s * SPEECH_RATE_HZ:
            self._looked_at = self._samples
            yield from self._interim()
        if self._samples >= self._options.longest_s * SPEECH_RATE_HZ:
            yield from self._cut()

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        if rest is not None:
            self._late = True
            yield from self.feed(rest)
        self._speaking = False
        self._light.end_utt()
        yield from self._final(self._all())

    def _listen(self) -> None:
        if self._mean:
            self._light.set_cmn(self._mean)
        self._light.start_utt()

    def _hear(self, pcm: Pcm) -> None:
        self._heard.append(pcm)
        self._samples += len(pcm)
        if not self._late:
            self._light.process_raw(pcm.tobytes(), no_search=not self._mean, full_utt=False)

    def _find_mean(self) -> None:
        """Start the light decoder anew with the mean of what was heard, once that is enough."""
        if self._samples >= self._options.mean_s * SPEECH_RATE_HZ:
            heard = self._all()
            self._mean = self._decoders.mean(heard)
            self._light.end_utt()
            self._listen()
            self._light.process_raw(heard.tobytes(), no_search=False, full_utt=False)

    def _all(self) -> Pcm:
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)

    def _interim(self) -> Iterator[Hypothesis]:
        end_s = self._start_s + _length_s(self._samples)
        words = self._decoders.words(self._light, self._start_s, end_s)
        count = steady(words, self._looked, end_s - self._options.steady_s)
        self._looked = _texts(words)
        shown = self._looked[:count]
        # Fewer words than before are only held back: the next look says whether they changed.
        if shown and shown != self._shown[:count]:
            self._shown = shown
            yield Hypothesis(segment=self._segment, words=words[:count])

    def _final(self, pcm: Pcm) -> Iterator[Hypothesis]:
        """Decode ``pcm`` at once from the segment's start; the words make captions of two lines."""
        words = self._decode(pcm)
        for caption in captions(words) or ([()] if self._shown else []):
            yield Hypothesis(segment=self._segment, words=tuple(caption), final=True)
            self._segment += 1
        self._shown = self._looked = ()

    def _cut(self) -> Iterator[Hypothesis]:
        """End a segment that has become too long where it is quietest, and carry the rest on."""
        self._light.end_utt()
        heard = self._all()
        at = quietest(heard, last_s=4.0)
        yield from self._final(heard[:at])
        late = self._late
        self.begin(self._start_s + _length_s(at))
        self._late = late
        self._hear(heard[at:])

    def _decode(self, pcm: Pcm) -> tuple[Word, ...]:
        if not len(pcm):
            return ()
        whole = self._decoders.whole
        whole.start_utt()
        level = with_noise(audible(pcm, self._options.quiet), self._options.noise)
        whole.process_raw(level.tobytes(), no_search=False, full_utt=True)
        whole.end_utt()
        self._mean = str(whole.get_cmn(False))
        return self._decoders.words(whole, self._start_s, self._start_s + _length_s(len(pcm)))


def steady(words: Sequence[Word], looked: Sequence[str], until_s: float) -> int:
    """Count the words to show: the last of them ended before ``until_s`` or was there before."""
    count = len(words)
    while count and words[count - 1].end_s > until_s:
        if count <= len(looked) and looked[count - 1] == words[count - 1].text:
            break
        count -= 1
    return count


def _texts(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def _length_s(samples: int) -> float:
    return samples / SPEECH_RATE_HZ


def _parts(
    entry: Entry, way: int, start_s: float, end_s: float
) -> Iterator[tuple[str, float, float]]:
    """Share an entry's time among its words, to each by its number of phones."""
    lengths = [len(phones) for phones in entry.ways[way]]
    ends = np.cumsum(lengths) / sum(lengths) * (end_s - start_s) + start_s
    begins = (start_s, *ends[:-1])
    for text, begin_s, finish_s in zip(entry.words, begins, ends, strict=True):
        yield text, float(begin_s), float(finish_s)


def audible(pcm: Pcm, quiet: float) -> Pcm:
    """Bring a segment whose peak is below ``quiet`` up to four times that; leave others alone."""
    peak = int(np.abs(pcm.astype(np.int32)).max()) / 32768
    if peak == 0 or peak >= quiet:
        return pcm
    return np.round(pcm.astype(np.float32) * min(4 * quiet / peak, 100.0)).astype(np.int16)


def with_noise(pcm: Pcm, deviation: float) -> Pcm:
    """Lay faint noise under ``pcm``, the same every time."""
    noise = np.random.default_rng(0).normal(0.0, deviation, len(pcm))
    return np.clip(np.round(pcm + noise), -32768, 32767).astype(np.int16)


def quietest(pcm: Pcm, *, last_s: float, window_s: float = 0.2) -> int:
    """Find the middle of the quietest ``window_s`` within the last ``last_s``, as a sample."""
    window, step = int(window_s * SPEECH_RATE_HZ), int(_FRAME_S * SPEECH_RATE_HZ)
    first = max(0, len(pcm) - int(last_s * SPEECH_RATE_HZ))
    energy = np.concatenate(([0.0], np.cumsum(pcm[first:].astype(np.float64) ** 2)))
    if len(energy) <= window:
        return len(pcm)
    sums = energy[window::step][: (len(energy) - window) // step + 1]
    sums = sums - energy[: len(energy) - window : step][: len(sums)]
    return first + int(np.argmin(sums)) * step + window // 2
