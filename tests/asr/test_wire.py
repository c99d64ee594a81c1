import numpy as np
import pytest

from asr.wire import (
    BadFrame,
    Begin,
    Close,
    End,
    Failed,
    Feed,
    Finish,
    Finished,
    Heard,
    Learn,
    Lighten,
    Message,
    Open,
    Ready,
    Worked,
    frame_length,
    pack,
    unpack,
)
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word

WORD = Word(text="héllo", start_s=1.25, end_s=1.5, confidence=0.5, glued=True)
MESSAGES: list[Message] = [
    Open(stream=1, language="en", terms=("Ada", "Ben")),
    Open(stream=2, language="de", translate=True),
    Learn(stream=1, terms=("Ada", "Zoë")),
    Lighten(stream=1, on=True),
    Begin(stream=1, start_s=2.5),
    End(stream=1),
    Finish(stream=1),
    Close(stream=1),
    Ready(info=EngineInfo(name="scripted", model="", quality="good", translates=True)),
    Ready(info=EngineInfo(name="whisper", model="base", quality="good", smaller="tiny")),
    Failed(message="No weights."),
    Heard(
        stream=3,
        hypothesis=Hypothesis(segment=4, words=(WORD, WORD), stable=1, final=True, language="de"),
    ),
    Heard(stream=1, hypothesis=Hypothesis(segment=5, words=(), final=True, unheard=(2.5, 4.0))),
    Worked(stream=1, until_s=3.0, samples=16000, commands=7, settled=True),
    Finished(stream=1),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    frame = pack(message)
    assert frame_length(frame[:4]) == len(frame) - 4
    assert unpack(frame[4:]) == message


def test_a_hundred_terms_of_any_characters_fit_into_a_frame() -> None:
    terms = tuple(f"{number}".ljust(64, "\U0001f98a") for number in range(99))
    message = Learn(stream=1, terms=(*terms, "half a character \ud83e"))

    assert unpack(pack(message)[4:]) == message


def test_audio_arrives_sample_by_sample() -> None:
    pcm = np.array([-32768, -1, 0, 1, 32767], np.int16)
    message = unpack(pack(Feed(stream=2, pcm=pcm))[4:])
    assert isinstance(message, Feed)
    assert message.stream == 2
    assert message.pcm.dtype == np.int16
    assert message.pcm.tolist() == pcm.tolist()


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\x00\x02{]", b"\x00\x02{}", b'\x00\x0e{"type":"Nope"}', b"\xff\xff{}"]
)
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(BadFrame):
        unpack(body)


@pytest.mark.parametrize("prefix", [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"])
def test_a_length_out_of_range_is_refused(prefix: bytes) -> None:
    with pytest.raises(BadFrame):
        frame_length(prefix)


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(BadFrame):
        pack(Feed(stream=1, pcm=np.zeros(5_000_000, np.int16)))
