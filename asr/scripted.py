"""An engine that knows what will be said: for tests, and for demonstrations without speech."""

import json
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asr.engine import Stream
from asr.language import FALLBACK
from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.errors import Invalid
from models.room import AUTO_LANGUAGE, TRANSLATION
from models.transcript import Hypothesis, Word
from models.writing import pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A sentence and when it is said, in seconds in the room clock.

    ``language`` is what is detected in a room whose language is `AUTO_LANGUAGE`; ``translation`` is
    what a stream that translates makes of it.
    """

    start_s: float
    end_s: float
    text: str
    language: str = FALLBACK
    translation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said, and when the engine dies or hangs (once audio passes that time)."""

    lines: tuple[ScriptLine, ...]
    crash_at_s: float | None = None
    hang_at_s: float | None = None


def load_script(path: Path) -> Script:
    """Read ``{"lines": [ScriptLine, ...], "crash_at_s"?, "hang_at_s"?}``."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        lines = tuple(
            ScriptLine(
                start_s=float(line["start_s"]),
                end_s=float(line["end_s"]),
                text=str(line["text"]),
                language=str(line.get("language", FALLBACK)),
                translation=str(line.get("translation", "")),
            )
            for line in fields["lines"]
        )
        crash, hang = fields.get("crash_at_s"), fields.get("hang_at_s")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(f"The script {path.name} cannot be read.", field="script") from error
    return Script(lines=lines, crash_at_s=crash, hang_at_s=hang)


class ScriptedEngine:
    """Replays a script in the time of the audio that is fed; what the audio holds is ignored."""

    def __init__(self, lines: Sequence[ScriptLine] | Script) -> None:
        self._script = lines if isinstance(lines, Script) else Script(lines=tuple(lines))

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        translates = any(line.translation for line in self._script.lines)
        return EngineInfo(name="scripted", model="", quality="good", translates=translates)

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        """Open a stream; each replays the whole script."""
        if translate:
            return _TranslatedStream(self._script)
        return _ScriptedStream(self._script, language)


def _words(line: ScriptLine) -> tuple[Word, ...]:
    parts = pieces(line.text)
    each_s = (line.end_s - line.start_s) / max(1, len(parts))
    return tuple(
        Word(
            text=part.text,
            start_s=line.start_s + place * each_s,
            end_s=line.start_s + (place + 1) * each_s,
            confidence=1.0,
            glued=part.glued,
        )
        for place, part in enumerate(parts)
    )


class _ScriptedStream:
    """Says a word once all of it lies inside what was fed of one utterance."""

    def __init__(self, script: Script, language: str) -> None:
        self._script = script
        self._lines = [_words(line) for line in script.lines]
        self._language = language
        self._segments: dict[int, int] = {}
        self._shown: dict[int, tuple[Word, ...]] = {}
        self._next_segment = 0
        self._start_s = 0.0
        self._now_s = 0.0

    def begin(self, start_s: float) -> None:
        self._start_s = self._now_s = start_s
        self._segments = {}
        self._shown = {}

    def learn(self, terms: Sequence[str]) -> bool:
        return True  # what will be said is known

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        before_s, self._now_s = self._now_s, self._now_s + len(pcm) / SPEECH_RATE_HZ
        self._misbehave(before_s)
        yield from self._say(ended=False)

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        if rest is not None:
            yield from self.feed(rest)
        yield from self._say(ended=True)

    def _say(self, *, ended: bool) -> Iterator[Hypothesis]:
        for number, line in enumerate(self._lines):
            words = tuple(
                w
                for w in line
                if w.start_s >= self._start_s - 1e-6 and w.end_s <= self._now_s + 1e-6
            )
            done = self._shown.get(number)
            if not words or done == line:
                continue
            final = ended or words[-1] == line[-1]
            if done == words and not final:
                continue
            if number not in self._segments:
                self._segments[number] = self._next_segment
                self._next_segment += 1
            self._shown[number] = line if final else words
            yield Hypothesis(
                segment=self._segments[number],
                words=words,
                stable=len(words),
                final=final,
                language=self._spoken(number),
            )

    def _spoken(self, number: int) -> str:
        is_known = self._language != AUTO_LANGUAGE
        return self._language if is_known else self._script.lines[number].language

    def _misbehave(self, before_s: float) -> None:
        crash, hang = self._script.crash_at_s, self._script.hang_at_s
        if crash is not None and before_s < crash <= self._now_s:
            os.kill(os.getpid(), signal.SIGKILL)
        if hang is not None and before_s < hang <= self._now_s:
            threading.Event().wait()


class _TranslatedStream:
    """Says the translations of the lines that were said in an utterance, once it has ended."""

    def __init__(self, script: Script) -> None:
        self._lines = [
            replace(line, text=line.translation) for line in script.lines if line.translation
        ]
        self._start_s = self._now_s = 0.0
        self._segment = 0

    def begin(self, start_s: float) -> None:
        self._start_s = self._now_s = start_s

    def learn(self, terms: Sequence[str]) -> bool:
        return True

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        self._now_s += len(pcm) / SPEECH_RATE_HZ
        return iter(())

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        if rest is not None:
            yield from self.feed(rest)
        for line in self._lines:
            if self._start_s <= (line.start_s + line.end_s) / 2 < self._now_s:
                words = _words(line)
                yield Hypothesis(
                    segment=self._segment,
                    words=words,
                    stable=len(words),
                    final=True,
                    language=TRANSLATION,
                )
                self._segment += 1
