"""A second caption track in English: each utterance translated once its own captions are final.

A `Translation` overhears what the recogniser is fed. When an utterance has settled with words, its
audio waits for its turn: translating never runs before the captions of what is said, pauses while
they are behind, and is given up first. Speech that was given up is a `Gap` in this track alone, and
the main track's gaps are in it too. What is said in English is passed on as it was said, and what
somebody says by typing as it was typed, in its own language: a recogniser translates sound, and
words that few can read are more than a hole.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.audio import SPEECH_RATE_HZ, Pcm
from models.room import TRANSLATION
from models.transcript import Entry, Final, Gap, GapReason, Hypothesis, Source
from pipeline.captioning import Captioner
from pipeline.recognition import Recognition, RecognitionEvent
from pipeline.translator import Open, Translator

WAITING_S = 15.0
_SAMPLE_S = 1 / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationOptions:
    """``waiting_s`` of speech may wait; what comes when more would is given up."""

    waiting_s: float = WAITING_S
    look_again_s: float = 0.1


@dataclass(slots=True, kw_only=True)
class _Utterance:
    """What the recogniser was fed between a ``begin`` and its ``end``."""

    start_s: float
    parts: list[Pcm] = field(default_factory=list)
    ended: bool = False

    @property
    def end_s(self) -> float:
        return self.start_s + sum(map(len, self.parts)) / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """An utterance that waits for its translation, and its finals, which have words."""

    utterance: _Utterance
    said: tuple[Hypothesis, ...]

    @property
    def length_s(self) -> float:
        return self.utterance.end_s - self.utterance.start_s

    @property
    def language(self) -> str:
        return self.said[-1].language

    def gap(self, reason: GapReason) -> Gap:
        """Say that the utterance's words are not in the track."""
        start_s, end_s = self.said[0].words[0].start_s, self.said[-1].words[-1].end_s
        return Gap(start_s=start_s, end_s=end_s, reason=reason, track=TRANSLATION)


_Item = _Piece | Gap | Final


class Translation:
    """The English track of one room instance.

    ``open_stream`` gives a recognition that translates from a language, ``keep`` makes an entry
    durable, and ``busy`` says whether the captions of what is said need the recogniser more. What
    settles while it is not ``wanted`` is passed over.
    """

    def __init__(
        self,
        captioner: Captioner,
        *,
        open_stream: Open,
        keep: Callable[[Entry], Awaitable[None]],
        busy: Callable[[], bool],
        wanted: bool = True,
        options: TranslationOptions | None = None,
    ) -> None:
        self.wanted = wanted
        self._captioner = captioner
        self._translator = Translator(open_stream)
        self._keep = keep
        self._busy = busy
        self._options = options or TranslationOptions()
        self._fed: deque[_Utterance] = deque()
        self._said: list[Hypothesis] = []
        self._waiting: deque[_Item] = deque()
        self._now: _Item | None = None
        self._changed = asyncio.Event()
        self._finishing = False
        self._over = False
        self._segment = 0

    @property
    def waiting_s(self) -> float:
        """How much speech waits for its translation."""
        return sum(item.length_s for item in self._waiting if isinstance(item, _Piece))

    def overhear(self, recognition: Recognition) -> "Overheard":
        """Give a recognition that does what ``recognition`` does, and is listened in on."""
        return Overheard(recognition, self._fed)

    def said(self, hypothesis: Hypothesis) -> None:
        """Take a final of what is said."""
        if hypothesis.words:
            self._said.append(hypothesis)

    def settled(self, until_s: float) -> None:
        """Let the utterance that ended at ``until_s`` wait for its translation."""
        utterance = None
        while self._fed and self._fed[0].ended and self._fed[0].end_s <= until_s + _SAMPLE_S:
            utterance = self._fed.popleft()
        said, self._said = tuple(self._said), []
        if self.wanted and utterance is not None and said:
            self._offer(_Piece(utterance=utterance, said=said))

    def lost(self) -> None:
        """Forget what was not final when the recogniser was lost; captions of it stay a gap."""
        said, self._said = tuple(self._said), []
        if self.wanted and said and self._fed:
            piece = _Piece(utterance=self._fed[0], said=said)
            self._add(piece.gap(GapReason.ENGINE_RESTART))
        self._fed.clear()

    def gap(self, gap: Gap) -> None:
        """Take a gap of the main track, which is one in this track too."""
        if self.wanted:
            self._add(replace(gap, track=TRANSLATION))

    async def written(self, final: Final) -> None:
        """Take what a person typed into the room, behind what was said before it."""
        if not self.wanted or final.source is not Source.TYPED:
            return  # what a captioner writes was said, and is translated from its sound
        same = replace(final, id=f"{final.id}.{TRANSLATION}", track=TRANSLATION, seq=0)
        if self._over:
            await self._keep(same)
        else:
            self._add(same)

    def learn(self, terms: Sequence[str]) -> None:
        """Take these as the room's own words from now on."""
        self._translator.learn(terms)

    async def room(self) -> None:
        """Wait until no more waits than may: for what is read faster than it is said."""
        while self.waiting_s > WAITING_S:
            self._changed.clear()
            await self._changed.wait()

    def finish(self) -> None:
        """Say that nothing more will be said; `run` ends when all is translated."""
        self._finishing = True
        self._changed.set()

    async def run(self) -> None:
        """Translate what waits, in order, until `finish`."""
        self._over = False
        try:
            while (item := await self._next()) is not None:
                await self._do(item)
                self._now = None
        finally:
            self._over = True
            await self._translator.close()

    async def ends(self, running: "asyncio.Task[None]", *, within_s: float | None) -> bool:
        """Wait until `run` has translated all; False when it had to be stopped before that."""
        self.finish()
        done, _ = await asyncio.wait([running], timeout=within_s)
        if not done:
            running.cancel()
            await asyncio.wait([running])
        return bool(done)

    def abandon(self) -> list[Gap | Final]:
        """Give up on what waits; gives what is left: gaps, and what somebody typed."""
        left: list[_Item] = [*([self._now] if self._now else []), *self._waiting]
        self._waiting.clear()
        self._now = None
        return [
            item.gap(GapReason.ENGINE_RESTART) if isinstance(item, _Piece) else item
            for item in left
        ]

    def give_up(self) -> None:
        """Let gaps wait instead of translations, because the recogniser is gone for good."""
        self._waiting.extend(self.abandon())

    def _offer(self, piece: _Piece) -> None:
        if self._waiting and self.waiting_s + piece.length_s > self._options.waiting_s:
            self._add(piece.gap(GapReason.OVERLOAD))
        else:
            self._add(piece)

    def _add(self, item: _Item) -> None:
        """Let an item wait; gaps in a row become one, so a long overload takes no memory."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(item, Gap) and isinstance(last, Gap) and last.reason is item.reason:
            start_s, end_s = min(last.start_s, item.start_s), max(last.end_s, item.end_s)
            self._waiting[-1] = replace(last, start_s=start_s, end_s=end_s)
        else:
            self._waiting.append(item)
        self._changed.set()

    async def _next(self) -> _Item | None:
        while not self._waiting:
            if self._finishing:
                return None
            self._changed.clear()
            await self._changed.wait()
        while isinstance(self._waiting[0], _Piece) and self._busy() and not self._finishing:
            await asyncio.sleep(self._options.look_again_s)
        self._now = item = self._waiting.popleft()
        self._changed.set()
        return item

    async def _do(self, item: _Item) -> None:
        if not isinstance(item, _Piece):
            await self._keep(item)
        elif item.language == TRANSLATION:
            await self._show(item.said)
        else:
            heard = await self._translator.translate(
                item.utterance.start_s,
                np.concatenate(item.utterance.parts),
                language=item.language,
            )
            if heard is None:
                await self._keep(item.gap(GapReason.ENGINE_RESTART))
            elif not await self._show(heard):
                await self._keep(item.gap(GapReason.NOT_TRANSLATED))

    async def _show(self, hypotheses: Sequence[Hypothesis]) -> bool:
        """Keep captions; False when there were none."""
        shown = False
        for hypothesis in hypotheses:
            numbered = replace(hypothesis, segment=self._segment, language=TRANSLATION)
            self._segment += 1
            for caption in self._captioner.captions(numbered):
                if isinstance(caption, Final):
                    shown = True
                    await self._keep(replace(caption, track=TRANSLATION))
        return shown


class Overheard:
    """A `Recognition` whose utterances are written down in ``fed`` as well."""

    def __init__(self, recognition: Recognition, fed: deque[_Utterance]) -> None:
        self._recognition = recognition
        self._fed = fed

    def begin(self, start_s: float) -> None:
        self._fed.append(_Utterance(start_s=start_s))
        self._recognition.begin(start_s)

    def feed(self, pcm: Pcm) -> None:
        if self._fed:
            self._fed[-1].parts.append(pcm)
        self._recognition.feed(pcm)

    def end(self) -> None:
        if self._fed:
            self._fed[-1].ended = True
        self._recognition.end()

    def learn(self, terms: Sequence[str]) -> None:
        self._recognition.learn(terms)

    def lighten(self, on: bool) -> None:
        self._recognition.lighten(on)

    def finish(self) -> None:
        self._recognition.finish()

    def results(self) -> AsyncIterator[RecognitionEvent]:
        return self._recognition.results()

    async def close(self) -> None:
        await self._recognition.close()
