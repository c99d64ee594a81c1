"""How long cues are shown."""

from collections.abc import Sequence

from models.room import Speaker
from models.transcript import Final
from tests.transcripts.test_exports import BEN, final
from transcripts.cues import lay_out
from transcripts.pacing import CHARS_PER_S, COMFORTABLE_CHARS_PER_S

LINE = "That was a rather long sentence to read."


def said(text: str, start_s: float, length_s: float, id: str, speaker: Speaker = BEN) -> Final:
    return Final(
        id=id, rev=1, start_s=start_s, end_s=start_s + length_s, speaker=speaker, text=text
    )


def shown(captions: Sequence[Final]) -> list[tuple[float, float, str]]:
    return [(cue.start_s, cue.end_s, " ".join(cue.lines)) for cue in lay_out(captions)]


def test_where_nobody_speaks_a_cue_stays_until_it_can_be_read_in_comfort() -> None:
    ((start_s, end_s, _),) = shown([said(LINE, 1, 0.5, "a")])

    assert end_s - start_s == round(len(LINE) / COMFORTABLE_CHARS_PER_S, 3)


def test_beside_others_it_stays_no_longer_than_it_must() -> None:
    ada = final("Now I speak, and go on.", 1.5, id="b")

    first, _ = shown([said(LINE, 0, 0.5, "a"), ada])

    assert first[1] == len(LINE) / CHARS_PER_S


def test_what_would_be_gone_before_it_is_read_is_put_together_with_what_follows() -> None:
    quick = [said("Yes.", 0, 0.3, "a"), said("I do think so.", 0.6, 1, "b")]
    slow = [said("Yes.", 0, 0.3, "a"), said("I do think so.", 1.2, 1, "b")]

    assert [text for *_, text in shown(quick)] == ["Yes. I do think so."]
    assert [text for *_, text in shown(slow)] == ["Yes.", "I do think so."]


def test_what_does_not_fit_together_or_is_of_another_speaker_stays_apart() -> None:
    long = [said(LINE, 0, 0.3, "a"), said(f"{LINE} {LINE}", 0.6, 3, "b")]
    other = [said("Yes.", 0, 0.3, "a"), final("No.", 0.5, id="b")]

    assert len(shown(long)) == 2
    assert [text for *_, text in shown(other)] == ["Yes.", "No."]
