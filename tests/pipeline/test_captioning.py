from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from models.caption import Interim
from models.room import Activity, Speaker
from models.transcript import Final, Hypothesis
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from tests.pipeline.fakes import ADA, BEN, word

CLEO = Speaker(id="cleo", name="Cleo")


def _captioner(*changes: tuple[Speaker, float]) -> tuple[Captioner, SpeakerTimeline]:
    """Let one speaker after another take over at the given times."""
    timeline = SpeakerTimeline()
    before: Speaker | None = None
    for speaker, t_s in changes:
        if before:
            timeline.add(Activity(speaker=before, on=False, t_s=t_s))
        timeline.add(Activity(speaker=speaker, on=True, t_s=t_s))
        before = speaker
    return Captioner("i1s", timeline), timeline


def _heard(text: str, *, segment: int = 0, stable: int = 0, final: bool = False) -> Hypothesis:
    """Give each word one second."""
    words = tuple(word(w, float(n), n + 1.0) for n, w in enumerate(text.split()))
    return Hypothesis(segment=segment, words=words, stable=stable, final=final)


def test_a_caption_keeps_its_id_from_interim_to_final() -> None:
    captioner, _ = _captioner((ADA, 0.0))

    (first,) = captioner.captions(_heard("good"))
    (second,) = captioner.captions(_heard("good morning"))
    (final,) = captioner.captions(_heard("good morning all", final=True))

    assert first.id == second.id == final.id
    assert [first.rev, second.rev, final.rev] == [1, 2, 3]
    assert isinstance(first, Interim)
    assert isinstance(final, Final)
    assert (final.text, final.speaker) == ("good morning all", ADA)
    assert (final.start_s, final.end_s) == (0.0, 3.0)
    assert [w.text for w in final.words] == ["good", "morning", "all"]


def test_segments_streams_and_instances_have_ids_of_their_own() -> None:
    captioner, timeline = _captioner()
    other = Captioner("i2s", timeline)

    ids = [
        captioner.captions(_heard("a", segment=0))[0].id,
        captioner.captions(_heard("a", segment=1))[0].id,
        captioner.captions(_heard("a", segment=0), stream=1)[0].id,
        other.captions(_heard("a", segment=0))[0].id,
    ]

    assert len(set(ids)) == 4


def test_two_speakers_in_one_segment_are_two_captions() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))

    first, second = captioner.captions(_heard("how are you fine", final=True))

    assert (first.speaker, first.text) == (ADA, "how are")
    assert (second.speaker, second.text) == (BEN, "you fine")
    assert second.id == f"{first.id}.1"


def test_a_turn_that_is_no_longer_heard_is_taken_back() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))
    _, second = captioner.captions(_heard("how are you"))

    kept, taken = captioner.captions(_heard("how are"))

    assert kept.text == "how are"
    assert isinstance(taken, Interim)
    assert (taken.id, taken.text, taken.rev) == (second.id, "", second.rev + 1)


def test_a_turn_that_comes_back_is_newer_than_its_withdrawal() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))
    captioner.captions(_heard("how are you"))
    _, taken = captioner.captions(_heard("how are"))

    _, again = captioner.captions(_heard("how are you"))

    assert again.id == taken.id
    assert again.rev > taken.rev


def test_a_final_takes_back_the_turns_that_it_does_not_have() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))
    _, second = captioner.captions(_heard("how are you"))

    final, taken = captioner.captions(_heard("how are", final=True))

    assert isinstance(final, Final)
    assert (taken.id, taken.text) == (second.id, "")


def test_a_final_without_words_takes_the_segment_back() -> None:
    captioner, _ = _captioner((ADA, 0.0))
    (shown,) = captioner.captions(_heard("hm"))

    (taken,) = captioner.captions(_heard("", final=True))

    assert isinstance(taken, Interim)
    assert (taken.id, taken.text, taken.rev) == (shown.id, "", shown.rev + 1)


def test_a_final_without_words_that_was_never_shown_says_nothing() -> None:
    captioner, _ = _captioner()

    assert captioner.captions(_heard("", final=True)) == []


def test_stable_counts_the_characters_of_the_stable_words() -> None:
    captioner, _ = _captioner((ADA, 0.0))

    (caption,) = captioner.captions(_heard("good morning all", stable=2))

    assert isinstance(caption, Interim)
    assert caption.text[: caption.stable] == "good morning"


def test_stable_words_are_counted_in_the_turn_where_they_stand() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))

    shown = captioner.captions(_heard("how are you fine then", stable=4))

    assert [c.text[: c.stable] for c in shown if isinstance(c, Interim)] == ["how are", "you fine"]


def test_a_stable_word_that_may_still_change_its_speaker_is_not_promised() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0), (ADA, 3.0))

    _, alone = captioner.captions(_heard("how are hm", stable=3))
    merged, _ = captioner.captions(_heard("how are hm you", stable=3))

    assert isinstance(alone, Interim)
    assert (alone.text, alone.stable) == ("hm", 0)
    assert merged.text == "how are hm you"


def test_everything_that_is_not_final_can_be_taken_back() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))
    shown = captioner.captions(_heard("how are you"))
    shown += captioner.captions(_heard("next", segment=1))
    captioner.captions(_heard("done", segment=2, final=True))

    taken = captioner.withdraw_all()

    assert {c.id for c in taken} == {c.id for c in shown}
    assert all(c.text == "" and c.rev == 2 for c in taken)
    assert captioner.withdraw_all() == []


def test_nothing_is_remembered_of_a_segment_that_is_final() -> None:
    captioner, _ = _captioner((ADA, 0.0), (BEN, 2.0))
    for segment in range(100):
        captioner.captions(_heard("how are you", segment=segment))
        captioner.captions(_heard("how are", segment=segment))
        captioner.captions(_heard("how are", segment=segment, final=True))

    assert not captioner._revs
    assert not captioner._shown


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([ADA, BEN, CLEO]), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=8),
)
def test_what_was_called_stable_never_changes(
    who: list[Speaker], growth: list[tuple[int, int]]
) -> None:
    captioner, _ = _captioner(*((speaker, float(n)) for n, speaker in enumerate(who)))
    promised: dict[str, str] = {}
    revs: dict[str, int] = {}
    agreed = 0
    for length, stable in [*growth, (len(who), len(who))]:
        length = min(max(length, agreed), len(who))
        agreed = max(agreed, min(stable, length))
        heard = " ".join(f"w{n}" for n in range(length))

        for caption in captioner.captions(_heard(heard, stable=agreed)):
            assert isinstance(caption, Interim)
            assert caption.rev > revs.get(caption.id, 0)
            assert caption.text.startswith(promised.get(caption.id, ""))
            revs[caption.id] = caption.rev
            promised[caption.id] = caption.text[: caption.stable]


def test_what_is_written_without_spaces_is_captioned_without_them() -> None:
    captioner, _ = _captioner((ADA, 0.0))
    heard = enumerate(["今天", "好", "。"])
    words = tuple(replace(word(text, float(n), n + 1.0), glued=True) for n, text in heard)

    (interim,) = captioner.captions(Hypothesis(segment=0, words=words, stable=2))
    (final,) = captioner.captions(Hypothesis(segment=0, words=words, final=True))

    assert isinstance(interim, Interim)
    assert (interim.text, interim.stable) == ("今天好。", 3)
    assert final.text == "今天好。"
