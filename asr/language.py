"""Which language is spoken in a room: decided on the first speech, then held. Pure.

A model that is asked about a second of speech is often right and sometimes absurd. So the first
speech is listened to until it is clear, and what was decided only changes when several utterances
in a row are clearly something else, and only before an utterance's first word: a caption never
changes its language. While nothing is suspicious one utterance in a few is looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asr.engine import Lightened, Stream
from models.audio import Pcm
from models.transcript import Hypothesis
from models.writing import is_unspaced

FALLBACK = "en"

LANGUAGES = (
    *("af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca"),
    *("cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fo", "fr"),
    *("gl", "gu", "ha", "haw", "he", "hi", "hr", "ht", "hu", "hy", "id", "is", "it"),
    *("ja", "jw", "ka", "kk", "km", "kn", "ko", "la", "lb", "ln", "lo", "lt", "lv"),
    *("mg", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn", "no"),
    *("oc", "pa", "pl", "ps", "pt", "ro", "ru", "sa", "sd", "si", "sk", "sl", "sn"),
    *("so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl", "tr"),
    *("tt", "uk", "ur", "uz", "vi", "yi", "yo", "zh"),
)
"""What multilingual Whisper weights know; the largest know Cantonese (``yue``) as well."""

_UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "yue", "zh"})


def is_glued(written: str, language: str) -> bool:
    """Whether a word as Whisper wrote it follows the one before it without a space.

    Whisper writes the space that stands before a word. In other languages one that lacks it is an
    oddity, and not to be glued, unless its letters are those of such a script.
    """
    return not written[:1].isspace() and (language in _UNSPACED or is_unspaced(written))


# Codes that people's tags have, and the ones that Whisper has for the same.
_OTHER_NAMES = {
    "cmn": "zh",
    "fil": "tl",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jv": "jw",
    "nb": "no",
}


def code(tag: str) -> str:
    """Give the engine's code for a language tag: ``nb-NO`` is ``no``; empty is English."""
    primary = tag.partition("-")[0].lower() or FALLBACK
    return _OTHER_NAMES.get(primary, primary)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOptions:
    """Lengths in seconds of speech, probabilities 0 to 1.

    A judgement needs ``enough_s`` of one utterance. The first of at least ``sure`` decides; without
    one the best is held after ``patience_s``. Another language wins an utterance with ``clear``
    that is ``factor`` times the held one's, and takes over with the ``agreeing``-th in a row. One
    utterance in ``every`` is looked at.
    """

    enough_s: float = 1.0
    sure: float = 0.7
    patience_s: float = 8.0
    clear: float = 0.7
    factor: float = 4.0
    agreeing: int = 2
    every: int = 5


class HeldLanguage:
    """The language of one room; ``language`` is empty until it is decided."""

    def __init__(self, options: HoldOptions | None = None) -> None:
        self.options = options or HoldOptions()
        self.language = ""
        self.listening = False
        self._is_sure = False
        self._past: Counter[str] = Counter()
        self._past_s = self._now_s = 0.0
        self._now: Mapping[str, float] = {}
        self._unseen = 0
        self._doubtful = False
        self._rival = ""
        self._wins = 0

    @property
    def best(self) -> str:
        """The language to decode with: the held one, else the best so far."""
        if self.language:
            return self.language
        total = self._total()
        return max(total, key=total.__getitem__) if total else FALLBACK

    def begin(self) -> None:
        """Note that an utterance starts; ``listening`` says whether `hear` wants to know it."""
        if not self.language:
            self._past.update({name: p * self._now_s for name, p in self._now.items()})
            self._past_s += self._now_s
            self._now, self._now_s = {}, 0.0
        self._unseen += 1
        due = self._doubtful or self._rival or self._unseen >= self.options.every
        self.listening = not self._is_sure or bool(due)

    def hear(self, probabilities: Mapping[str, float], *, speech_s: float) -> None:
        """Take what the present utterance's first ``speech_s`` seconds sound like.

        Before the decision it may be told again of the same utterance, of which it knows more then.
        """
        if not self.listening or not probabilities:
            return
        if not self.language:
            self._now, self._now_s = probabilities, speech_s
            self._decide()
        elif speech_s >= self.options.enough_s:
            self._compare(probabilities)

    def doubt(self) -> None:
        """Note that the decoder could make little of the present utterance."""
        self._doubtful = True

    def _total(self) -> dict[str, float]:
        """Add up the probabilities so far, each utterance's by its length."""
        total = Counter(self._past)
        total.update({name: p * self._now_s for name, p in self._now.items()})
        return dict(total)

    def _decide(self) -> None:
        speech_s = self._past_s + self._now_s
        best = self.best
        share = self._total()[best] / speech_s if speech_s else 0.0
        sure = self._now_s >= self.options.enough_s and share >= self.options.sure
        if sure or speech_s >= self.options.patience_s:
            self._hold(best, sure=sure)

    def _compare(self, probabilities: Mapping[str, float]) -> None:
        """Judge one utterance; that is done once for each."""
        self.listening = self._doubtful = False
        self._unseen = 0
        winner = max(probabilities, key=probabilities.__getitem__)
        held = probabilities.get(self.language, 0.0)
        clearly = probabilities[winner] >= max(self.options.clear, self.options.factor * held)
        if winner == self.language or not clearly:
            self._rival, self._wins = "", 0
            self._is_sure |= winner == self.language and held >= self.options.sure
            return
        self._wins = self._wins + 1 if winner == self._rival else 1
        self._rival = winner
        if self._wins >= self.options.agreeing or not self._is_sure:
            self._hold(winner, sure=True)

    def _hold(self, language: str, *, sure: bool) -> None:
        self.language, self._is_sure = language, sure
        self.listening = self._doubtful = False
        self._unseen = self._wins = 0
        self._rival = ""


class HeldLanguageStream:
    """A stream that tells a room's `HeldLanguage` where its utterances begin."""

    def __init__(self, stream: Stream, held: HeldLanguage) -> None:
        self._stream = stream
        self._held = held

    def begin(self, start_s: float) -> None:
        self._held.begin()
        self._stream.begin(start_s)

    def learn(self, terms: Sequence[str]) -> bool:
        return self._stream.learn(terms)

    def lighten(self, on: bool) -> None:
        if isinstance(self._stream, Lightened):
            self._stream.lighten(on)

    def feed(self, pcm: Pcm) -> Iterable[Hypothesis]:
        return self._stream.feed(pcm)

    def end(self, rest: Pcm | None = None) -> Iterable[Hypothesis]:
        return self._stream.end(rest)
