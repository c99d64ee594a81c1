"""From a recogniser's hypotheses to captions: ids, revisions, speakers.

Pure: a hypothesis in, captions out. One segment becomes one caption for each turn in it. The first
keeps the segment's id, so that the caption a reader follows is the one that becomes final; the
others add ``.1``, ``.2`` …. An interim with empty text takes a caption back.
"""

from dataclasses import replace

from models.caption import Interim
from models.room import Speaker
from models.transcript import Final, Hypothesis, Word
from models.writing import joined
from pipeline.attribution import SpeakerTimeline, turns


class Captioner:
    """Makes the captions of one room instance; ``prefix`` keeps ids apart between instances."""

    def __init__(self, prefix: str, timeline: SpeakerTimeline) -> None:
        self._prefix = prefix
        self._timeline = timeline
        self._revs: dict[str, int] = {}
        self._shown: dict[int, list[str]] = {}

    def captions(self, hypothesis: Hypothesis, *, stream: int = 0) -> list[Interim | Final]:
        """Turn one hypothesis into what listeners are told, in order."""
        base = f"{self._prefix}{stream}-{hypothesis.segment}"
        before = self._shown.pop(hypothesis.segment, [])
        made: list[Interim | Final] = []
        stable = self._settled(hypothesis.words[: hypothesis.stable])
        for number, (speaker, words) in enumerate(turns(hypothesis.words, self._timeline)):
            caption_id = f"{base}.{number}" if number else base
            if hypothesis.final:
                made.append(self._final(caption_id, speaker, words, hypothesis.language))
            else:
                interim = self._interim(caption_id, speaker, words, stable)
                made.append(replace(interim, language=hypothesis.language))
                stable = max(0, stable - len(words))
        now = [caption.id for caption in made]
        made += [self._withdrawal(caption_id) for caption_id in before if caption_id not in now]
        if hypothesis.final:
            self._forget(base)
        else:
            self._shown[hypothesis.segment] = now
        return made

    def withdraw_all(self) -> list[Interim]:
        """Take back every caption that is not final, because its engine is gone."""
        ids = [caption_id for shown in self._shown.values() for caption_id in shown]
        taken = [self._withdrawal(caption_id) for caption_id in ids]
        self._shown.clear()
        self._revs.clear()
        return taken

    def _forget(self, base: str) -> None:
        """Drop the revisions of a segment, those of turns that came and went included."""
        over = [key for key in self._revs if key == base or key.startswith(f"{base}.")]
        for caption_id in over:
            del self._revs[caption_id]

    def _settled(self, stable: tuple[Word, ...]) -> int:
        """Count the words that stay with their speaker, whatever is heard after them."""
        cut = turns(stable, self._timeline)
        # a turn of one word becomes part of the turn before it if the next word does
        alone = len(cut) > 1 and len(cut[-1][1]) == 1
        return len(stable) - alone

    def _interim(
        self, caption_id: str, speaker: Speaker | None, words: tuple[Word, ...], stable: int
    ) -> Interim:
        return Interim(
            id=caption_id,
            rev=self._rev(caption_id),
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            speaker=speaker,
            text=joined(words),
            stable=len(joined(words[:stable])),
        )

    def _final(
        self, caption_id: str, speaker: Speaker | None, words: tuple[Word, ...], language: str
    ) -> Final:
        return Final(
            id=caption_id,
            rev=self._rev(caption_id),
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            speaker=speaker,
            text=joined(words),
            words=words,
            language=language,
            overlap=self._timeline.together(speaker, words[0].start_s, words[-1].end_s),
        )

    def _withdrawal(self, caption_id: str) -> Interim:
        rev = self._rev(caption_id)
        return Interim(id=caption_id, rev=rev, start_s=0, end_s=0, speaker=None, text="")

    def _rev(self, caption_id: str) -> int:
        self._revs[caption_id] = self._revs.get(caption_id, 0) + 1
        return self._revs[caption_id]
