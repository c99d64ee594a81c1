"""What comes while people speak, and what each message looks like."""

import json
from dataclasses import replace

from models.caption import Health, RecordingState, RoomNews, Rung, Status
from models.room import Activity, RoomState
from models.transcript import Correction, Gap, GapReason
from tests.api.running import ADA, Running, final, interim
from tests.contracts.captions_v1.reader import letters, reading_along


async def test_every_kind_of_message_has_its_fields_in_order(server: Running, room: str) -> None:
    bus = server.app.lives.bus(room)
    said = replace(final("well then", start_s=1.23456), end_s=2.00049)
    speaker = {"id": "ada", "name": "Ada"}
    async with reading_along(server, room) as reader:
        bus.publish(replace(interim("i1", 3, "well"), end_s=0.12345, stable=2, language="fr"))
        first = await reader.next()
        await server.show(room, said)
        second = await reader.next()
        await server.show(room, Correction(id="well then", rev=10, text="Oh", by=ADA, replaces=1))
        third = await reader.next()
        await server.show(room, Gap(start_s=3, end_s=4.5, reason=GapReason.OVERLOAD))
        fourth = await reader.next()
        bus.publish(Activity(speaker=ADA, on=True, t_s=1.0004))
        fifth = await reader.next()
        bus.publish(Status(delay_s=1.5, state=Health.BEHIND, note="busy", rung=Rung.SMALLER_MODEL))
        sixth = await reader.next()
        news = RoomNews(
            state=RoomState.LIVE,
            participants=3,
            recording=RecordingState.OFF_RECORD,
            note="hush",
            language="fr",
            tracks=("en",),
        )
        bus.publish(news)
        seventh = await reader.next()

    assert json.dumps(first) == json.dumps(
        {
            "type": "interim",
            "id": "i1",
            "rev": 3,
            "start": 0.0,
            "end": 0.123,
            "speaker": speaker,
            "text": "well",
            "stable": 2,
            "language": "fr",
            "source": "asr",
        }
    )
    assert json.dumps(second) == json.dumps(
        {
            "type": "final",
            "seq": 1,
            "instance": 1,
            "id": "well then",
            "rev": 9,
            "start": 1.235,
            "end": 2.0,
            "speaker": speaker,
            "text": "well then",
            "lines": ["well then"],
            "words": [["well", 1.235, 1.735, 0.9], ["then", 1.235, 1.735, 0.9]],
            "language": "en",
            "source": "asr",
        }
    )
    assert json.dumps(third) == json.dumps(
        {
            "type": "correction",
            "seq": 2,
            "id": "well then",
            "rev": 10,
            "text": "Oh",
            "lines": ["Oh"],
            "by": speaker,
            "replaces": 1,
            "at": None,
        }
    )
    assert json.dumps(fourth) == json.dumps(
        {"type": "gap", "seq": 3, "instance": 1, "start": 3.0, "end": 4.5, "reason": "overload"}
    )
    assert json.dumps(fifth) == json.dumps(
        {"type": "speaking", "speaker": speaker, "on": True, "t": 1.0}
    )
    assert json.dumps(sixth) == json.dumps(
        {
            "type": "status",
            "delay": 1.5,
            "state": "behind",
            "note": "busy",
            "rung": "smaller-model",
            "captioner": None,
        }
    )
    assert json.dumps(seventh) == json.dumps(
        {
            "type": "room",
            "state": "live",
            "participants": 3,
            "recording": "off-record",
            "note": "hush",
            "language": "fr",
            "tracks": ["en"],
            "speaker_tracks": False,
        }
    )


async def test_a_caption_without_a_known_speaker_says_null(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.show(room, replace(final("who"), speaker=None))

        assert (await reader.take("final"))["speaker"] is None


async def test_all_scripts_of_the_world_come_through(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.say(room, "Grüße 你好 שלום 👩🏽‍🚀")

        assert (await reader.take("final"))["text"] == "Grüße 你好 שלום 👩🏽‍🚀"


async def test_an_interim_without_text_takes_its_caption_back(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        server.murmur(room, "i1", 1, "never mind")
        await reader.take("interim")
        server.murmur(room, "i1", 2, "")

        taken_back = await reader.take("interim")

    assert (taken_back["id"], taken_back["text"]) == ("i1", "")


async def test_two_readers_get_the_same_words(server: Running, room: str) -> None:
    async with reading_along(server, room) as one, reading_along(server, room) as other:
        await server.say(room, *letters(20))
        await one.up_to(20)
        await other.up_to(20)

    assert one.texts() == other.texts() == letters(20)


async def test_who_comes_in_the_middle_of_a_sentence_sees_it(server: Running, room: str) -> None:
    server.murmur(room, "i1", 4, "in the middle of")

    async with reading_along(server, room) as reader:
        assert (await reader.take("interim"))["text"] == "in the middle of"
