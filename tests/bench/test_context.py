import pytest

from bench.context import Figures, Run, proven


def figures(*, whole: float, streamed: float, cpu: float) -> Figures:
    return Figures(whole=Run(wer=whole, cpu=cpu), streamed=Run(wer=streamed, cpu=cpu))


FULL = figures(whole=0.10, streamed=0.12, cpu=0.4)


def test_as_accurate_and_faster_is_proven() -> None:
    assert proven(FULL, figures(whole=0.10, streamed=0.124, cpu=0.1))


@pytest.mark.parametrize(
    "short",
    [
        figures(whole=0.12, streamed=0.12, cpu=0.1),
        figures(whole=0.10, streamed=0.13, cpu=0.1),
        figures(whole=0.10, streamed=0.12, cpu=0.38),
    ],
    ids=["worse in one window", "worse streamed", "no faster"],
)
def test_words_lost_or_nothing_gained_is_not_proven(short: Figures) -> None:
    assert not proven(FULL, short)
