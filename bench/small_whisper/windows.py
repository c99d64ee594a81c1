"""Windows to learn from: utterances laid out in time, with noise, prompts and what is to be said.

A window is cut as real ones are: anywhere, so that sentences begin and end outside. Whisper's own
convention holds at the end of the thirty seconds: of a sentence that goes on there, only the time
at which it begins is told, so that the next window starts with it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.small_whisper import grammar
from bench.small_whisper.features import MELS, POSITIONS, normalised
from bench.small_whisper.prompts import prompt
from bench.small_whisper.speech import TimedWord, Utterance
from bench.small_whisper.tokenizer import Tokens

STEP_S = 0.02
FIRST_TIMESTAMP_MAX_S = 1.0
IGNORED = -100

_NO_SPEECH = 0.12
_CUT_AT_END = 0.25
_CUT_AT_START = 0.35
# Of a word whose first sounds are lost, this much may be missing.
_LOST_S, _LOST_SHARE = 0.06, 0.2
_NOISY = 0.8
_SILENT = 0.12
# Decimal logarithms of the power of noise alone: from hardly audible to as loud as can be.
_ALONE = (-7.0, 0.7)
_MASKED = 0.2
_WITHOUT_TIMESTAMPS = 0.3

Power = NDArray[np.float32]
Sentences = list[list[TimedWord]]

WORD_IDS = {word.lower(): at for at, word in enumerate(grammar.words(), 1)}
FRAME_CLASSES = len(WORD_IDS) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the windows of one batch have in common.

    ``frames`` is even. A window that is ``placed`` anywhere within the thirty seconds has its times
    moved alike. ``prompt_tokens`` is zero where there is no text before the text.
    """

    frames: int
    windows: int
    placed: bool
    shortest: float
    prompt_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window: features, shape (80, frames), and what is to be learnt of it.

    ``labels`` names the word that is said in each step of 20 ms, zero for none. ``spans`` are
    (position in ``inputs``, first step, end step) of what the aligned heads look at.
    """

    mel: NDArray[np.float32]
    labels: NDArray[np.int64]
    offset: int
    inputs: list[int]
    targets: list[int]
    spans: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Speech before noise, of mean power ``level``, and what is heard of its sentences.

    ``goes_on_s`` is when a sentence begins that goes on after the end of the thirty seconds.
    """

    power: Power
    level: float
    sentences: Sentences
    goes_on_s: float | None = None


class Windows:
    """Makes windows of utterances and noises."""

    def __init__(
        self, utterances: Sequence[Utterance], noises: Sequence[Power], tokens: Tokens
    ) -> None:
        self._utterances = utterances
        self._noises = noises
        self._tokens = tokens

    def example(self, plan: Plan, chance: random.Random) -> Example:
        """Make one window."""
        ends = chance.random() < (0.12 if plan.placed else 0.5)
        scene = self._scene(plan, chance, ends=ends)
        offset = 0
        if plan.placed:
            last = POSITIONS - plan.frames // 2
            offset = last if scene.goes_on_s is not None else chance.randint(0, last)
        mel = normalised(self._noisy(scene, chance))
        labels = np.zeros((mel.shape[1] + 1) // 2, np.int64)
        for sentence in scene.sentences:
            for word in sentence:
                labels[_steps(word)] = WORD_IDS[word.text.strip(".,?").lower()]
        inputs, targets, spans = self._text(scene, offset, plan, chance)
        return Example(
            mel=mel, labels=labels, offset=offset, inputs=inputs, targets=targets, spans=spans
        )

    def _scene(self, plan: Plan, chance: random.Random, *, ends: bool) -> _Scene:
        if chance.random() < _NO_SPEECH:
            frames = plan.frames if chance.random() < 0.5 else chance.randint(30, plan.frames)
            level = 10 ** chance.uniform(*_ALONE)
            return _Scene(power=np.zeros((MELS, frames), np.float32), level=level, sentences=[])
        longest_s = plan.frames / 100
        target_s = longest_s * chance.uniform(plan.shortest, 1.0)
        laid = self._laid_out(longest_s, target_s, chance, over=ends)
        after_s = chance.uniform(0, 0.8) if chance.random() < 0.85 else chance.uniform(0.8, 6)
        end_s = min(longest_s, laid[-1][0] + laid[-1][1].frames / 100 + after_s)
        scene = self._mixed(laid, round(end_s * 100), chance)
        last = scene.sentences[-1]
        if end_s == longest_s and not _heard(last[-1], longest_s):
            known = plan.frames == 2 * POSITIONS or (plan.placed and len(scene.sentences) > 1)
            scene = _cut_at_end(scene, longest_s)
            return replace(scene, goes_on_s=last[0].start_s) if known else scene
        if chance.random() < _CUT_AT_END:
            scene = _cut_at_end(scene, chance.uniform(last[0].start_s + 0.1, last[-1].end_s))
        if chance.random() < _CUT_AT_START:
            scene = _cut_at_start(scene, chance)
        return scene

    def _laid_out(
        self, longest_s: float, target_s: float, chance: random.Random, *, over: bool
    ) -> list[tuple[float, Utterance]]:
        """Choose utterances and when each begins; with ``over``, the last may end too late."""
        at_s = chance.uniform(0, 0.5) if chance.random() < 0.85 else chance.uniform(0.5, 3)
        laid: list[tuple[float, Utterance]] = []
        while True:
            utterance = chance.choice(self._utterances)
            length_s = utterance.frames / 100
            if at_s + length_s > longest_s:
                if laid:
                    if over and at_s < longest_s - 0.3:
                        laid.append((at_s, utterance))
                    return laid
                at_s = min(at_s, max(0.0, longest_s - length_s))
            laid.append((at_s, utterance))
            at_s += length_s
            if at_s > target_s and not over:
                return laid
            at_s += chance.uniform(0, 0.9) if chance.random() < 0.85 else chance.uniform(0.9, 3)
            if at_s > longest_s - 0.3:
                return laid

    @staticmethod
    def _mixed(
        laid: Sequence[tuple[float, Utterance]], frames: int, chance: random.Random
    ) -> _Scene:
        power = np.zeros((MELS, frames), np.float32)
        near, steady = chance.random() < 0.5, chance.random() < 0.5
        gain, total, heard = chance.uniform(-0.6, 0.6), 0.0, 0
        sentences: Sentences = []
        for start_s, utterance in laid:
            first = round(start_s * 100)
            level = utterance.near if near and chance.random() < 0.8 else utterance.far
            part = level[:, : frames - first].astype(np.float32)
            own = gain if steady else gain + chance.uniform(-0.5, 0.5)
            said = np.power(np.float32(10), part + np.float32(own))
            power[:, first : first + said.shape[1]] += said
            total, heard = total + float(said.sum()), heard + said.size
            sentences.append([word.later(first / 100) for word in utterance.words])
        return _Scene(power=power, level=total / max(1, heard), sentences=sentences)

    def _noisy(self, scene: _Scene, chance: random.Random) -> Power:
        """Lay noise under what is said, or make noise alone of silence."""
        power = scene.power
        frames = power.shape[1]
        lot = chance.random()
        if scene.sentences and lot < _NOISY:
            part = scene.level * 10 ** (-chance.uniform(6, 50) / 10)
            power = power + self._noise(frames, chance) * np.float32(part)
        if not scene.sentences and lot >= _SILENT:
            power = self._noise(frames, chance) * np.float32(scene.level)
        if scene.sentences and chance.random() < _MASKED:
            first = chance.randint(0, 70)
            power[first : first + chance.randint(1, 9)] *= np.float32(1e-3)
        return power

    def _noise(self, frames: int, chance: random.Random) -> Power:
        """Give a noise from anywhere on, coloured by chance so that none is known by heart."""
        noise = chance.choice(self._noises)
        first = chance.randrange(noise.shape[1])
        part = np.take(noise, range(first, first + frames), axis=1, mode="wrap")
        bands = np.linspace(-1, 1, MELS, dtype=np.float32)[:, None]
        tilt = chance.uniform(-0.7, 0.7) * bands + chance.uniform(-0.4, 0.4) * (1 - 2 * bands**2)
        return np.asarray(part * np.power(np.float32(10), tilt), np.float32)

    def _text(
        self, scene: _Scene, offset: int, plan: Plan, chance: random.Random
    ) -> tuple[list[int], list[int], list[tuple[int, int, int]]]:
        """Write the decoder's inputs, what it is to say after each, and where that is heard."""
        tokens = self._tokens
        timed = chance.random() >= _WITHOUT_TIMESTAMPS
        inputs: list[int] = []
        if plan.prompt_tokens and chance.random() < 0.8:
            said = " ".join(word.text for sentence in scene.sentences for word in sentence)
            inputs = prompt(tokens, chance, text=said, most=plan.prompt_tokens)
        targets = [IGNORED] * len(inputs)
        inputs.append(tokens.start)
        if not scene.sentences:
            first = tokens.timestamp(offset * STEP_S + chance.choice((0.0, chance.uniform(0, 1))))
            inputs.append(first if timed else tokens.no_timestamps)
            return inputs, [*targets, tokens.no_speech, tokens.end], []
        if not timed:
            inputs.append(tokens.no_timestamps)
            targets.append(IGNORED)
        spans: list[tuple[int, int, int]] = []
        for token, span in self._said(scene, offset * STEP_S, timed=timed):
            if span is not None:
                spans.append((len(inputs) - 1, span.start, span.stop))
            targets.append(token)
            inputs.append(token)
        return inputs[:-1], targets, spans

    def _said(
        self, scene: _Scene, offset_s: float, *, timed: bool
    ) -> list[tuple[int, slice | None]]:
        """Give the tokens to be said, to the end, with the steps in which each is heard."""
        tokens, said = self._tokens, list[tuple[int, slice | None]]()
        for at, sentence in enumerate(scene.sentences):
            start_s = sentence[0].start_s
            if timed and start_s == scene.goes_on_s:
                break
            if timed:
                start_s = start_s if at else min(start_s, FIRST_TIMESTAMP_MAX_S)
                said.append((tokens.timestamp(offset_s + start_s), None))
            for word in sentence:
                bare = word.text.rstrip(".,?")
                said += [(token, _steps(word)) for token in tokens.text(" " + bare)]
                if bare != word.text:
                    near = replace(word, start_s=word.end_s - 0.06, end_s=word.end_s + 0.08)
                    said += [(token, _steps(near)) for token in tokens.text(word.text[len(bare) :])]
            if timed:
                said.append((tokens.timestamp(offset_s + sentence[-1].end_s), None))
        if timed and scene.goes_on_s is not None:
            said.append((tokens.timestamp(offset_s + scene.goes_on_s), None))
        return [*said, (tokens.end, None)]


def _steps(word: TimedWord) -> slice:
    first = max(0, round(word.start_s / STEP_S))
    return slice(first, max(first + 1, round(word.end_s / STEP_S)))


def _heard(word: TimedWord, until_s: float) -> bool:
    """Whether enough of a word is heard by then to know it."""
    most_s = word.start_s + 0.8 * (word.end_s - word.start_s)
    return until_s >= word.end_s - 0.04 or until_s > most_s


def _cut_at_end(scene: _Scene, until_s: float) -> _Scene:
    last = [word for word in scene.sentences[-1] if _heard(word, until_s)]
    frames = max(20, min(scene.power.shape[1], int(until_s * 100)))
    kept = [*scene.sentences[:-1], *([last] if last else [])]
    return replace(scene, power=scene.power[:, :frames], sentences=kept)


def _cut_at_start(scene: _Scene, chance: random.Random) -> _Scene:
    """Begin at a word of the first sentence, often at its very first, or a little within it."""
    first = scene.sentences[0] if scene.sentences else []
    if not first:
        return scene
    word = chance.randint(1, len(first) - 1) if len(first) > 2 and chance.random() < 0.5 else 0
    lost_s = min(_LOST_S, _LOST_SHARE * (first[word].end_s - first[word].start_s))
    frame = max(0, int(100 * (first[word].start_s + chance.uniform(-0.08, lost_s))))
    if frame > scene.power.shape[1] - 20:
        return scene
    kept = [first[word:], *scene.sentences[1:]]
    moved = [[said.later(-frame / 100) for said in sentence] for sentence in kept]
    moved[0][0] = replace(moved[0][0], start_s=max(0.0, moved[0][0].start_s))
    return replace(scene, power=scene.power[:, frame:], sentences=moved)
