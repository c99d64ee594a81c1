from pathlib import Path

import numpy as np
import pytest

from asr.scripted import ScriptedEngine, ScriptLine, load_script
from models.audio import SPEECH_RATE_HZ
from models.errors import Invalid
from models.transcript import Hypothesis

ENGINE = ScriptedEngine([ScriptLine(start_s=1.0, end_s=3.0, text="Good morning to you")])


def hear(start_s: float, end_s: float) -> list[Hypothesis]:
    stream = ENGINE.stream(language="en")
    stream.begin(start_s)
    said: list[Hypothesis] = []
    for _ in range(round((end_s - start_s) * 10)):
        said += stream.feed(np.zeros(SPEECH_RATE_HZ // 10, np.int16))
    return [*said, *stream.end()]


def test_words_appear_one_by_one_and_the_line_becomes_final() -> None:
    said = hear(0.0, 4.0)
    assert [len(h.words) for h in said] == [1, 2, 3, 4]
    assert [h.final for h in said] == [False, False, False, True]
    assert said[-1].words[-1].end_s == pytest.approx(3.0)


def test_an_utterance_that_ends_early_ends_the_line() -> None:
    said = hear(0.0, 2.1)
    assert [w.text for w in said[-1].words] == ["Good", "morning"]
    assert said[-1].final


def test_words_before_the_utterance_are_not_said() -> None:
    assert [w.text for w in hear(1.9, 4.0)[-1].words] == ["to", "you"]


def test_a_script_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('{"lines": [{"text": 1}]}')
    with pytest.raises(Invalid, match=r"script\.json"):
        load_script(path)


def test_translations_are_finals_that_come_when_the_utterance_has_ended() -> None:
    spoken = ScriptLine(start_s=1.0, end_s=3.0, text="Guten Tag", translation="Good day to you")
    engine = ScriptedEngine([spoken, ScriptLine(start_s=9.0, end_s=9.5, text="Später")])
    stream = engine.stream(language="de", translate=True)
    stream.begin(0.5)

    before = [h for _ in range(4) for h in stream.feed(np.zeros(SPEECH_RATE_HZ, np.int16))]
    said = list(stream.end())

    assert engine.info.translates
    assert before == []
    assert [" ".join(w.text for w in h.words) for h in said] == ["Good day to you"]
    assert (said[0].final, said[0].language) == (True, "en")
    assert not ENGINE.info.translates
