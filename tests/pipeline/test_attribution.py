from models.room import Activity, Speaker
from models.transcript import Word
from pipeline.attribution import SpeakerTimeline, turns
from tests.pipeline.fakes import ADA, BEN, word

CLEO = Speaker(id="cleo", name="Cleo")


def _timeline(*spans: tuple[Speaker, float, float | None]) -> SpeakerTimeline:
    timeline = SpeakerTimeline()
    news = [Activity(speaker=who, on=True, t_s=start_s) for who, start_s, _ in spans]
    news += [
        Activity(speaker=who, on=False, t_s=end_s) for who, _, end_s in spans if end_s is not None
    ]
    for activity in sorted(news, key=lambda a: a.t_s):
        timeline.add(activity)
    return timeline


def _words(*times: tuple[float, float]) -> list[Word]:
    return [word(f"w{n}", start_s, end_s) for n, (start_s, end_s) in enumerate(times)]


def test_a_word_belongs_to_whoever_was_active_most_of_it() -> None:
    timeline = _timeline((ADA, 0.0, 5.3), (BEN, 5.2, 9.0))

    assert timeline.speaker(4.0, 5.0) == ADA
    assert timeline.speaker(5.0, 6.0) == BEN
    assert timeline.speaker(5.0, 5.25) == ADA


def test_several_spans_of_one_speaker_add_up() -> None:
    timeline = _timeline((ADA, 1.0, 1.3), (ADA, 1.7, 2.0), (BEN, 1.3, 1.8))

    assert timeline.speaker(1.0, 2.0) == ADA


def test_somebody_who_still_speaks_is_active_until_now() -> None:
    assert _timeline((ADA, 1.0, None)).speaker(400.0, 401.0) == ADA


def test_a_word_just_beside_an_activity_belongs_to_the_nearest() -> None:
    timeline = _timeline((ADA, 0.0, 1.0), (BEN, 2.0, 3.0))

    assert timeline.speaker(1.1, 1.5) == ADA
    assert timeline.speaker(1.5, 1.9) == BEN
    assert timeline.speaker(3.3, 3.5) == BEN


def test_a_word_far_from_everybody_belongs_to_nobody() -> None:
    timeline = _timeline((ADA, 0.0, 1.0), (BEN, 4.0, None))

    assert timeline.speaker(2.0, 2.5) is None
    assert SpeakerTimeline().speaker(0.0, 1.0) is None


def test_a_word_without_length_belongs_to_who_is_active_then() -> None:
    assert _timeline((ADA, 0.0, 5.0), (BEN, 6.0, 9.0)).speaker(3.0, 3.0) == ADA


def test_an_end_before_the_beginning_makes_an_empty_span() -> None:
    timeline = SpeakerTimeline()
    timeline.add(Activity(speaker=ADA, on=True, t_s=5.0))
    timeline.add(Activity(speaker=ADA, on=False, t_s=4.0))

    assert timeline.speaker(6.0, 7.0) is None


def test_an_end_without_a_beginning_is_ignored() -> None:
    timeline = _timeline((BEN, 0.0, None))
    timeline.add(Activity(speaker=ADA, on=False, t_s=1.0))

    assert timeline.speaker(0.5, 0.9) == BEN


def test_somebody_who_begins_twice_stops_once() -> None:
    timeline = SpeakerTimeline()
    for t_s in (1.0, 2.0):
        timeline.add(Activity(speaker=ADA, on=True, t_s=t_s))
    timeline.add(Activity(speaker=ADA, on=False, t_s=3.0))

    assert timeline.speaker(1.2, 1.8) == ADA
    assert timeline.speaker(50.0, 51.0) is None


def test_old_spans_are_forgotten_even_behind_one_that_is_open() -> None:
    timeline = _timeline((ADA, 0.0, None))
    for n in range(1000):
        timeline.add(Activity(speaker=BEN, on=True, t_s=float(n)))
        timeline.add(Activity(speaker=BEN, on=False, t_s=n + 0.5))

    assert len(timeline._spans) < 200
    assert timeline.speaker(1.0, 1.5) == ADA
    assert timeline.speaker(999.0, 999.5) is not None


def test_words_are_cut_where_the_speaker_changes() -> None:
    timeline = _timeline((ADA, 0.0, 2.0), (BEN, 2.0, 4.0))
    words = _words((0, 1), (1, 2), (2, 3), (3, 4))

    assert turns(words, timeline) == [(ADA, tuple(words[:2])), (BEN, tuple(words[2:]))]


def test_one_word_between_two_of_another_speaker_is_theirs() -> None:
    timeline = _timeline((ADA, 0.0, 1.0), (BEN, 1.0, 2.0), (ADA, 2.0, 3.0))
    words = _words((0, 1), (1, 2), (2, 3))

    assert turns(words, timeline) == [(ADA, tuple(words))]


def test_one_word_between_two_speakers_stays_its_own() -> None:
    timeline = _timeline((ADA, 0.0, 1.0), (BEN, 1.0, 2.0), (CLEO, 2.0, 3.0))

    assert [who for who, _ in turns(_words((0, 1), (1, 2), (2, 3)), timeline)] == [ADA, BEN, CLEO]


def test_no_words_make_no_turns() -> None:
    assert turns([], SpeakerTimeline()) == []


def test_who_speaks_at_the_same_time_is_named() -> None:
    timeline = _timeline((ADA, 0.0, 6.0), (BEN, 4.0, 9.0), (CLEO, 5.0, None))

    assert timeline.together(ADA, 0.0, 6.0) == (BEN, CLEO)
    assert timeline.together(BEN, 6.0, 9.0) == (CLEO,)
    assert timeline.together(ADA, 0.0, 4.0) == ()


def test_taking_over_is_not_speaking_at_the_same_time() -> None:
    timeline = _timeline((ADA, 0.0, 5.0), (BEN, 4.6, 9.0))

    assert timeline.together(ADA, 0.0, 5.0) == ()
    assert timeline.together(BEN, 4.6, 9.0) == ()


def test_who_speaks_while_the_speaker_pauses_is_not_at_the_same_time() -> None:
    timeline = _timeline((ADA, 0.0, 2.0), (BEN, 2.1, 3.9), (ADA, 4.0, 6.0))

    assert timeline.together(ADA, 0.0, 6.0) == ()


def test_clicks_and_breaths_are_not_speaking_however_many_they_are() -> None:
    clicks = [(BEN, n / 2, n / 2 + 0.3) for n in range(12)]
    timeline = _timeline((ADA, 0.0, 6.0), *clicks)

    assert timeline.together(ADA, 0.0, 6.0) == ()


def test_a_short_caption_within_the_speech_of_another_is_at_the_same_time() -> None:
    timeline = _timeline((ADA, 0.0, 20.0), (BEN, 8.0, 8.5))

    assert timeline.together(BEN, 8.0, 8.5) == (ADA,)
    assert timeline.together(ADA, 0.0, 20.0) == ()


def test_a_long_caption_needs_a_considerable_overlap() -> None:
    timeline = _timeline((ADA, 0.0, 20.0), (BEN, 8.0, 9.0), (CLEO, 12.0, 15.0))

    assert timeline.together(ADA, 0.0, 20.0) == (CLEO,)
    assert timeline.together(ADA, 6.0, 10.0) == (BEN,)


def test_nobody_speaks_at_the_same_time_as_an_unknown_speaker() -> None:
    assert _timeline((ADA, 0.0, 5.0)).together(None, 0.0, 5.0) == ()
    assert _timeline((ADA, 0.0, 5.0)).together(BEN, 3.0, 3.0) == ()
