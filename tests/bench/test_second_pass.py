"""The second pass on real speech: fewer wrong words, and none that was right is lost."""

from asr.whisper import WhisperEngine, WhisperOptions
from bench.second_pass import captioned_live, compare, second_pass, spoken
from tests.fixtures.clips import TINY_MODEL, clips


async def test_a_second_pass_hears_what_was_not_understood_live_and_spoils_nothing() -> None:
    engine = WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=2, short_context=True))
    said = clips()[:4]
    clear = spoken(said)
    misheard = await captioned_live(spoken(said, noise=6000.0), engine)
    understood = await captioned_live(clear, engine)

    found = compare(said, misheard, await second_pass(clear, engine, misheard))
    again = compare(said, understood, await second_pass(clear, engine, understood))
    engine.close()

    assert found.errors_live > found.errors_after
    assert again.spoilt == 0
    assert again.errors_after <= again.errors_live
