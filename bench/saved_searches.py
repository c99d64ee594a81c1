"""How cheaply thousands of saved searches are compared with what is said in many rooms.

``python -m bench.saved_searches`` saves searches (10,000 unless told) of one to three words, a
third of them with a word that is very common, and lets 50 rooms say captions of ten words, which
are as unevenly common as those of a language (Zipf). It says what comparing a caption costs, kept
under rare words and by asking each search; how long an append takes at the pace of speech (a
caption in three seconds in each room) while no search watches and while all do; and how fast
captions are looked through when they come all at once.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate, count
from pathlib import Path

from api import bootstrap
from api.bootstrap import Roomscribe
from api.settings import Settings
from models.notification import Means
from models.room import Room, Speaker
from models.transcript import Final
from transcripts.search.looking import said
from transcripts.search.matching import About, matches
from transcripts.search.parsing import parse
from transcripts.search.standing import StandingQueries

_WORDS = 30_000
_CAPTION_WORDS = 10
_COMMON = 50
_ASKED_EACH = 20
_SPOKEN = 150
_CAPTION_S = 3.0


class Language:
    """Words as unevenly common as those of a language; the same every time."""

    def __init__(self) -> None:
        self._chance = random.Random(41)
        self._words = [f"w{number:x}" for number in range(_WORDS)]
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(_WORDS)))

    def caption(self) -> str:
        """Say something."""
        some = self._chance.choices(self._words, cum_weights=self._weights, k=_CAPTION_WORDS)
        return " ".join(some)

    def query(self) -> str:
        """Look for something that is seldom said, perhaps beside something common."""
        rare = self._chance.sample(self._words[_COMMON:], self._chance.choice((1, 1, 2)))
        common = self._chance.sample(self._words[:_COMMON], self._chance.choice((0, 0, 1)))
        return " ".join([*common, *rare])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--rooms", type=int, default=50)
    parser.add_argument("--captions", type=int, default=2_000)
    options = parser.parse_args(arguments)
    language = Language()
    queries = [language.query() for _ in range(options.searches)]
    captions = [language.caption() for _ in range(options.captions)]
    _compare(queries, captions)
    asyncio.run(_in_rooms(queries, captions, options.rooms))
    return 0


def _final(text: str, number: int) -> Final:
    speaker = Speaker(id="ada", name="Ada")
    return Final(
        id=f"c{number}", rev=1, start_s=number, end_s=number + 1, speaker=speaker, text=text
    )


def _compare(queries: Sequence[str], captions: Sequence[str]) -> None:
    began_at = datetime(2026, 11, 5, tzinfo=UTC)
    about = About(room_id="r", title="T", host_id="h", host_name="H", began_at=began_at)
    parsed = [parse(query).query for query in queries]
    began_s = time.perf_counter()
    standing = StandingQueries()
    for number, query in enumerate(parsed):
        standing.put(str(number), query)
    kept_s = time.perf_counter() - began_s
    looked = [said(_final(text, number), ()) for number, text in enumerate(captions)]
    each_s = []
    found = 0
    for one in looked:
        began_s = time.perf_counter()
        found += len(standing.finding(one, about))
        each_s.append(time.perf_counter() - began_s)
    began_s = time.perf_counter()
    for one in looked[:_ASKED_EACH]:
        for query in parsed:
            matches(query, one, about)
    asked_ms = (time.perf_counter() - began_s) / _ASKED_EACH * 1000
    each_s.sort()
    print(f"{len(queries)} searches kept in {kept_s * 1000:.0f} ms")
    print(
        f"a caption: {statistics.median(each_s) * 1e6:.0f} µs (median),"
        f" {each_s[int(len(each_s) * 0.99)] * 1e6:.0f} µs (p99);"
        f" {standing.compared / len(looked):.1f} searches compared,"
        f" {found / len(looked):.1f} found; {asked_ms:.1f} ms when each is asked"
    )


async def _in_rooms(queries: Sequence[str], captions: Sequence[str], rooms_count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.json"
        script.write_text(json.dumps({"lines": []}), encoding="utf-8")
        settings = Settings(
            data_dir=Path(folder), engine="scripted", model=str(script), voice="off"
        )
        app = await bootstrap.start(settings)
        try:
            host = await app.registry.sign_up("Hanna")
            rooms = [await app.registry.create(host, f"Room {n}") for n in range(rooms_count)]
            pace_s = _CAPTION_S / rooms_count
            alone_ms = await _say(app, rooms, captions[:_SPOKEN], pace_s)
            for number, query in enumerate(queries):
                search = app.notifying.searches.add(
                    f"person{number // 40}", name=query, query=query, on=True, means=Means()
                )
                app.mentions.watch(search)
            watched_ms = await _say(app, rooms, captions[:_SPOKEN], pace_s)
            began_s = time.perf_counter()
            await _say(app, rooms, captions, 0)
            await app.mentions.idle()
            told_s = time.perf_counter() - began_s
        finally:
            await app.close()
    print(f"an append: {alone_ms:.1f} ms with none, {watched_ms:.1f} ms with all (medians)")
    print(
        f"{len(captions)} captions at once in {rooms_count} rooms, kept and told in {told_s:.1f} s:"
        f" {len(captions) / told_s:.0f} a second"
    )


_ids = count()


async def _say(
    app: Roomscribe, rooms: Sequence[Room], captions: Sequence[str], pace_s: float
) -> float:
    """Say captions, in one room after the other; gives what an append took (ms, median)."""
    took_ms = []
    for text in captions:
        number = next(_ids)
        began_s = time.perf_counter()
        await app.lives.add(rooms[number % len(rooms)], 1, _final(text, number))
        took_ms.append((time.perf_counter() - began_s) * 1000)
        await asyncio.sleep(pace_s)
    return statistics.median(took_ms)


if __name__ == "__main__":
    sys.exit(main())
