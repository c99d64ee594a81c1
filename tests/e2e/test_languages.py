"""Sound in, two languages out: detection and translation through a whole server."""

import json
from pathlib import Path

from rooms.embedded.client import WhipClient, frames_of
from tests.api.running import Running, running
from tests.contracts.captions_v1.reader import Reader, reading
from tests.e2e.speech import speech

_LINES = [
    {
        "start_s": float(n),
        "end_s": n + 0.4,
        "text": f"Wort {n}.",
        "translation": f"Word {n}.",
        "language": "de",
    }
    for n in range(60)
]


async def _speak(server: Running, room: str, token: str) -> None:
    spoken = speech(2)
    client = WhipClient(f"{server.url}/v1/rooms/{room}/whip", token, ice_addresses=("127.0.0.1",))
    async with client:
        await client.play(frames_of(spoken.pcm))


async def _captions(reader: Reader) -> dict[int, str]:
    """Everything that the reader was given, by number."""
    await reader.answered()
    entries = [m for m in reader.all if m["type"] == "final"]
    for page in (m for m in reader.all if m["type"] == "history"):
        entries += [item for item in page["items"] if item["type"] == "final"]
    return {entry["seq"]: entry["text"] for entry in entries}


async def test_what_is_said_in_a_room_is_detected_translated_and_read_in_either_language(
    tmp_path: Path,
) -> None:
    (tmp_path / "script.json").write_text(json.dumps({"lines": _LINES}))
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room = await server.live_room(host, language="auto", translate=True)
        async with (
            reading(server, room) as spoken,
            reading(server, room, "track=en") as english,
        ):
            await _speak(server, room, host.token)
            await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
            await server.app.lives.finished(room)
            said, translated = await _captions(spoken), await _captions(english)
            news = [m for m in spoken.all if m["type"] == "room"]
        files = {
            track: (
                await server.http.get(
                    f"/v1/rooms/{room}/transcript", params={"track": track, "format": "txt"}
                )
            ).text
            for track in ("", "en")
        }

    assert english.all[0]["track"] == "en"
    assert spoken.all[0]["language"] == ""
    assert news[-1]["language"] == "de"
    assert len(said) >= 3
    assert sorted(said) == list(range(1, len(said) + 1))
    assert sorted(translated) == list(range(1, len(translated) + 1))
    whole = [text.removeprefix("Wort ") for text in said.values() if text.startswith("Wort ")]
    assert whole
    for number in whole:
        assert f"Word {number}" in translated.values()
        assert f"Wort {number}" in files[""]
        assert f"Word {number}" in files["en"]
    assert "Wort" not in files["en"]
