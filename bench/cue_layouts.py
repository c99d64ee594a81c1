"""How exported cues are laid out, beside the rules of two other writers, on the same timed words.

The rivals are their rules, written anew and measured here, not their code: Whisper's own writer
makes one cue of each segment (taken to be a sentence, which favours it) and breaks no lines; with
``max_line_width=42`` and ``max_line_count=2`` it fills lines word by word and begins a cue when two
are full or nobody spoke for three seconds (``whisper/utils.py``; faster-whisper's front ends do the
same). Ours are `transcripts.cues` over the captions of a room.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.engines import CONVERSATION
from bench.spoken import ours
from models.room import Speaker
from models.transcript import Final, Word
from pipeline.breaks import CLAUSE, break_cost, ends_sentence
from pipeline.lines import LINE_CHARS, LINES
from transcripts.cues import lay_out
from transcripts.pacing import CHARS_PER_S, COMFORTABLE_CHARS_PER_S, Cue

NAME = "cues"
HEAD = [
    "words of",
    "laid out by",
    "cues",
    f"lines of at most {LINE_CHARS}",
    "at most two lines",
    f"at most {COMFORTABLE_CHARS_PER_S} characters a second",
    f"at most {CHARS_PER_S}",
    "cues of one word",
    "last lines of one word",
    "end at a clause or sentence",
]
_LONG_PAUSE_S = 3.0
_HELD_OUT = Path(__file__).resolve().parent.parent / "tests/fixtures/held-out/texts.json"
_BETWEEN_S = 0.5
_ROUNDED = 0.05  # times are whole milliseconds

Talk = Sequence[Sequence[Word]]
"""The words of each speaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Counts over cues, over their lines, and over the ends of cues but a speaker's last."""

    cues: int
    lines: int
    short_lines: int
    two_lines: int
    comfortable: int
    readable: int
    single: int
    lonely: int
    ends: int
    good_ends: int


def demonstration() -> Talk:
    """The demonstration's words; those of a turn share its time by their length."""
    script = json.loads((CONVERSATION / "script.json").read_text(encoding="utf-8"))
    said: dict[str, list[Word]] = {name: [] for name in script["speakers"]}
    for turn in script["turns"]:
        tokens = turn["text"].split()
        step_s = (turn["end_s"] - turn["start_s"]) / sum(len(token) + 1 for token in tokens)
        at_s = turn["start_s"]
        for token in tokens:
            end_s = at_s + (len(token) + 1) * step_s
            said[turn["speaker"]].append(_word(token, at_s, end_s))
            at_s = end_s
    return list(said.values())


def held_out() -> Talk:
    """The held-out sentences, one after another, with the times that their voices gave."""
    words: list[Word] = []
    for clip in json.loads(_HELD_OUT.read_text(encoding="utf-8")):
        from_s = words[-1].end_s + _BETWEEN_S if words else 0.0
        times = zip(clip["text"].split(), clip["words"], strict=True)
        words += [_word(text, from_s + start_s, from_s + end_s) for text, (start_s, end_s) in times]
    return [words]


def exported(talk: Talk) -> list[list[Cue]]:
    """Lay a talk out as a room captions and exports it: the cues of each speaker."""
    finals = [
        _final(words, Speaker(id=f"s{number}", name=f"Speaker {number}"), f"c{number}-{at}")
        for number, said in enumerate(talk)
        for at, (words, _) in enumerate(ours(said))
    ]
    cues = lay_out(finals)
    return [
        [cue for cue in cues if cue.speaker and cue.speaker.id == f"s{number}"]
        for number in range(len(talk))
    ]


def by_segment(talk: Talk) -> list[list[Cue]]:
    """One cue a sentence, in one line, as Whisper's own writer makes of its segments."""
    return [[_cue(words, (_text(words),)) for words in _sentences(said)] for said in talk]


def word_by_word(talk: Talk) -> list[list[Cue]]:
    """Two lines filled word by word, however sentences and clauses lie."""
    return [list(_filled(said)) for said in talk]


def counted(tracks: Sequence[Sequence[Cue]]) -> Shares:
    """Count over all speakers' cues."""
    cues = [cue for track in tracks for cue in track]
    lines = [line for cue in cues for line in cue.lines]
    speeds = [cue.columns / max(cue.end_s - cue.start_s, 0.001) for cue in cues]
    ends = [
        break_cost(cue.lines[-1].split()[-1], following.lines[0].split()[0])
        for track in tracks
        for cue, following in pairwise(track)
    ]
    return Shares(
        cues=len(cues),
        lines=len(lines),
        short_lines=sum(len(line) <= LINE_CHARS for line in lines),
        two_lines=sum(len(cue.lines) <= LINES for cue in cues),
        comfortable=sum(speed <= COMFORTABLE_CHARS_PER_S + _ROUNDED for speed in speeds),
        readable=sum(speed <= CHARS_PER_S + _ROUNDED for speed in speeds),
        single=sum(len(" ".join(cue.lines).split()) == 1 for cue in cues),
        lonely=sum(len(cue.lines) > 1 and " " not in cue.lines[-1] for cue in cues),
        ends=len(ends),
        good_ends=sum(cost <= CLAUSE for cost in ends),
    )


def rows(talks: dict[str, Talk]) -> list[list[str]]:
    """Measure all talks in all layouts."""
    layouts: dict[str, Callable[[Talk], list[list[Cue]]]] = {
        "Roomscribe": exported,
        "one cue a segment": by_segment,
        "word by word, 42 x 2": word_by_word,
    }
    return [
        [name, how, *_cells(counted(laid_out(talk)))]
        for name, talk in talks.items()
        for how, laid_out in layouts.items()
    ]


def _cells(made: Shares) -> list[str]:
    return [
        str(made.cues),
        _share(made.short_lines, made.lines),
        *(_share(n, made.cues) for n in (made.two_lines, made.comfortable, made.readable)),
        str(made.single),
        str(made.lonely),
        _share(made.good_ends, made.ends),
    ]


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word.text):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _filled(words: Sequence[Word]) -> Iterator[Cue]:
    shown: list[Word] = []
    lines: list[str] = []
    for word in words:
        paused = bool(shown) and word.start_s - shown[-1].end_s > _LONG_PAUSE_S
        if lines and not paused and len(f"{lines[-1]} {word.text}") <= LINE_CHARS:
            lines[-1] = f"{lines[-1]} {word.text}"
        else:
            if lines and (paused or len(lines) == LINES):
                yield _cue(shown, tuple(lines))
                shown, lines = [], []
            lines.append(word.text)
        shown.append(word)
    if shown:
        yield _cue(shown, tuple(lines))


def _cue(words: Sequence[Word], lines: tuple[str, ...]) -> Cue:
    return Cue(start_s=words[0].start_s, end_s=words[-1].end_s, lines=lines)


def _final(words: Sequence[Word], speaker: Speaker, id: str) -> Final:
    return Final(
        id=id,
        rev=1,
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        speaker=speaker,
        text=_text(words),
        words=tuple(words),
    )


def _word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s, confidence=1.0)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} %" if of else "–"
