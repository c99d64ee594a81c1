"""How well captions are laid out for readers, beside filling lines and captions to the brim.

``python -m bench.lines`` takes the demonstration's script, the tests' sentences and this project's
own documentation as if they were spoken at 150 words a minute, agreed on two words at a time with
three more in sight, and lays them out as a room does. ``unpunctuated`` is the same without marks
and capitals, as the embedded engine hears: only small words and breaths tell where to break. Every
end of a line inside a sentence is judged by what stands around it (`pipeline.breaks`). Cues
of files are measured by `bench.cue_layouts`. ``--write`` puts the tables into the documentation.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench import cue_layouts, page
from bench.engines import CONVERSATION
from bench.spoken import Caption, ours, spoken
from models.transcript import Word
from pipeline.breaks import BREATH, PHRASE, PLAIN, break_cost, ends_sentence
from pipeline.lines import LINE_CHARS, LINES

NAME = "lines"
_ROOT = Path(__file__).resolve().parent.parent
_GREEDY_CHARS = 80
_HEAD = [
    "text",
    "laid out",
    "captions",
    "at most two lines",
    "ends at a clause or pause",
    "before a phrase",
    "elsewhere",
    "on a word that waits, or in a name",
    "single short words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Counts; ends are those of lines inside sentences."""

    captions: int
    fitting: int
    ends: int
    good: int
    phrase: int
    hanging: int
    orphans: int

    @property
    def elsewhere(self) -> int:
        """Ends that are neither good nor bad."""
        return self.ends - self.good - self.phrase - self.hanging


def greedy(words: Sequence[Word]) -> Iterator[tuple[Caption, tuple[str, ...]]]:
    """Cut at the ends of sentences or where the next word does not fit, and fill the lines."""
    caption: list[Word] = []
    for word in words:
        if caption and len(" ".join(w.text for w in [*caption, word])) > _GREEDY_CHARS:
            yield caption, filled(caption)
            caption = []
        caption.append(word)
        if ends_sentence(word.text):
            yield caption, filled(caption)
            caption = []
    if caption:
        yield caption, filled(caption)


def filled(words: Caption) -> tuple[str, ...]:
    """Fill lines to the brim."""
    broken = [""]
    for word in words:
        longer = f"{broken[-1]} {word.text}".strip()
        if len(longer) <= LINE_CHARS or not broken[-1]:
            broken[-1] = longer
        else:
            broken.append(word.text)
    return tuple(broken)


def judged(made: Sequence[tuple[Caption, tuple[str, ...]]]) -> Layout:
    """Look at every end of a line that is no end of a sentence."""
    all_lines = [line for _, broken in made for line in broken]
    words = [word for caption, _ in made for word in caption]
    costs: list[float] = []
    at = 0
    for line, _ in pairwise(all_lines):
        at += len(line.split())
        if not ends_sentence(words[at - 1].text):
            pause_s = words[at].start_s - words[at - 1].end_s
            costs.append(break_cost(words[at - 1].text, words[at].text, pause_s=pause_s))
    return Layout(
        captions=len(made),
        fitting=sum(
            len(broken) <= LINES and all(len(line) <= LINE_CHARS for line in broken)
            for _, broken in made
        ),
        ends=len(costs),
        good=sum(cost <= BREATH for cost in costs),
        phrase=sum(cost == PHRASE for cost in costs),
        hanging=sum(cost > PLAIN for cost in costs),
        orphans=sum(len(broken) > 1 and " " not in broken[-1] for _, broken in made),
    )


def texts() -> dict[str, str]:
    """Give the texts that are laid out."""
    script = json.loads((CONVERSATION / "script.json").read_text(encoding="utf-8"))
    clips = json.loads((_ROOT / "tests/fixtures/speech/texts.json").read_text(encoding="utf-8"))
    pages = [_ROOT / "README.md", *sorted((_ROOT / "docs").glob("**/*.md"))]
    return {
        "demonstration and clips": " ".join(
            [*(turn["text"] for turn in script["turns"]), *(clip["text"] for clip in clips)]
        ),
        "documentation": " ".join(prose(file.read_text(encoding="utf-8")) for file in pages),
    }


def prose(markdown: str) -> str:
    """Keep a page's sentences; tables, headings and code are not spoken."""
    text = re.sub(r"```.*?```|<!--.*?-->", " ", markdown, flags=re.DOTALL)
    kept = [line for line in text.splitlines() if not re.match(r"\s*[|#]", line)]
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*_]", r"\1", "\n".join(kept))
    return re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", text, flags=re.MULTILINE)


def row(name: str, how: str, layout: Layout) -> list[str]:
    """Lay one line of the table out."""
    shares = [layout.good, layout.phrase, layout.elsewhere, layout.hanging]
    return [
        name,
        how,
        str(layout.captions),
        _share(layout.fitting, layout.captions),
        *(_share(count, layout.ends) for count in shares),
        _share(layout.orphans, layout.captions),
    ]


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args()
    rows: list[list[str]] = []
    for name, text in texts().items():
        for punctuated in (True, False):
            words = spoken(text, punctuated=punctuated)
            title = name if punctuated else f"{name}, unpunctuated"
            rows.append(row(title, "as in a room", judged(list(ours(words)))))
            rows.append(row(title, "filled to the brim", judged(list(greedy(words)))))
    for cells in [_HEAD, *rows]:
        print(*cells, sep="  ")
    talks = {
        "the demonstration": cue_layouts.demonstration(),
        "held-out sentences": cue_layouts.held_out(),
        "documentation, read out": [spoken(texts()["documentation"])],
    }
    cues = cue_layouts.rows(talks)
    for cells in [cue_layouts.HEAD, *cues]:
        print(*cells, sep="  ")
    if options.write:
        page.write(page.table(_HEAD, rows), NAME)
        page.write(page.table(cue_layouts.HEAD, cues), cue_layouts.NAME)
    return 0


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} %" if of else "–"


if __name__ == "__main__":
    sys.exit(main())
