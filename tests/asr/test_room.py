from asr.process import WorkerProcess
from asr.room import RoomStream
from asr.wire import Begin, Learn, Lighten, Message, Open


class FakeProcess(WorkerProcess):
    """Keeps what it was sent."""

    def __init__(self) -> None:  # no process is started
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


async def _leave(_: RoomStream) -> None:
    pass


def room() -> RoomStream:
    return RoomStream(language="en", terms=("Tea",), leave=_leave)


async def test_a_process_is_told_new_words() -> None:
    stream, process = room(), FakeProcess()
    stream.attach(process, 3)

    stream.learn(["Tea", "Ada"])

    assert process.sent[1:] == [Learn(stream=3, terms=("Tea", "Ada"))]


async def test_words_that_did_not_change_are_not_sent() -> None:
    stream, process = room(), FakeProcess()
    stream.attach(process, 1)

    for _ in range(100):
        stream.learn(["Tea"])

    assert [type(message) for message in process.sent] == [Open]


async def test_a_process_that_takes_over_is_told_the_newest_words() -> None:
    stream, first, second = room(), FakeProcess(), FakeProcess()
    stream.attach(first, 1)
    stream.learn(["Tea", "Ada"])
    stream.lost("it died")

    stream.learn(["Tea", "Ada", "Ben"])
    stream.attach(second, 2)
    stream.begin(4.0)

    assert second.sent == [
        Open(stream=2, language="en", terms=("Tea", "Ada", "Ben")),
        Begin(stream=2, start_s=4.0),
    ]


async def test_a_process_that_takes_over_is_told_which_model_listens() -> None:
    stream, first, second, third = room(), FakeProcess(), FakeProcess(), FakeProcess()
    stream.attach(first, 1)
    stream.lighten(True)
    stream.lost("it died")
    stream.attach(second, 2)
    stream.lost("it died")
    stream.lighten(False)
    stream.attach(third, 3)

    assert first.sent[1:] == [Lighten(stream=1, on=True)]
    assert second.sent[1:] == [Lighten(stream=2, on=True)]
    assert third.sent[1:] == []


async def test_words_are_not_part_of_what_is_written_about_a_command() -> None:
    assert "Ada" not in repr(Learn(stream=1, terms=("Ada",)))
    assert "Ada" not in repr(Open(stream=1, language="en", terms=("Ada",)))
