"""More speech than one decoder can bear, from many rooms, in virtual time."""

from dataclasses import replace

import pytest

from tests.asr.shared_engine import SharedEngine, SharedRoom, play_together
from tests.asr.test_slow_decoders import hearing, talk

APART_S = 0.38
LENGTH_S = 60.0


def rooms(
    count: int, cost_s: float, talk_s: float, pause_s: float
) -> list[tuple[SharedRoom, set[str], set[str]]]:
    """Hold rooms; give each with the words that were said, and those in gaps or misheard."""
    pcm, said = talk(talk_s, pause_s, until_s=LENGTH_S)
    own = [
        [replace(w, start_s=w.start_s + shift_s, end_s=w.end_s + shift_s) for w in said]
        for shift_s in (APART_S * number for number in range(count))
    ]
    held = play_together(
        pcm, [hearing(words) for words in own], SharedEngine(cost_s), apart_s=APART_S
    )
    return [
        (
            room,
            {w.text for w in words},
            {
                w.text
                for w in words
                for start_s, end_s in room.not_told_s
                if start_s < w.end_s and w.start_s < end_s
            },
        )
        for room, words in zip(held, own, strict=True)
    ]


@pytest.mark.parametrize(
    ("count", "cost_s", "talk_s", "pause_s"),
    [
        (16, 0.3, 4, 1),
        (10, 0.6, 4, 1),
        (16, 0.3, 1.5, 0.8),
        (6, 1.5, 4, 1),
        (16, 0.6, 12, 1),
    ],
)
def test_rooms_that_overload_their_engine_share_what_it_can_do(
    count: int, cost_s: float, talk_s: float, pause_s: float
) -> None:
    held = rooms(count, cost_s, talk_s, pause_s)

    told = [len(said & set(room.texts)) for room, said, _ in held]
    assert max(delay for room, _, _ in held for delay in room.delays_s) <= 10.0
    for room, said, excused in held:
        assert said - set(room.texts) <= excused
    assert min(told) >= 0.5 * sum(told) / len(told)


def test_an_engine_that_suffices_gives_nothing_up() -> None:
    held = rooms(8, 0.05, 4, 1)

    assert all(room.gaps == [] for room, _, _ in held)
    assert all(said <= set(room.texts) for room, said, _ in held)
