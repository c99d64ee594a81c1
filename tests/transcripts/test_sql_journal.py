import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import StorageFailed
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason, Source, Word
from transcripts.entries import from_json, kind_of, to_json
from transcripts.journal import SqlJournal

SPEAKERS = st.builds(Speaker, id=st.text(), name=st.text())
TIMES = st.floats(min_value=0, allow_infinity=False)
WORDS = st.builds(Word, text=st.text(), start_s=TIMES, end_s=TIMES, confidence=st.floats(0, 1))
FINALS = st.builds(
    Final,
    id=st.text(),
    rev=st.integers(),
    start_s=TIMES,
    end_s=TIMES,
    speaker=st.none() | SPEAKERS,
    text=st.text(),
    words=st.lists(WORDS, max_size=5).map(tuple),
    language=st.text(),
    source=st.sampled_from(Source),
    overlap=st.lists(SPEAKERS, max_size=3).map(tuple),
    seq=st.integers(1),
)
CORRECTIONS = st.builds(
    Correction,
    id=st.text(),
    rev=st.integers(),
    text=st.text(st.characters()),
    by=SPEAKERS,
    replaces=st.integers(),
    seq=st.integers(1),
)
GAPS = st.builds(
    Gap, start_s=TIMES, end_s=TIMES, reason=st.sampled_from(GapReason), seq=st.integers(1)
)

GAP = Gap(start_s=0, end_s=1, reason=GapReason.TAP_LOST)


@settings(deadline=None, max_examples=50)
@given(FINALS | CORRECTIONS | GAPS)
def test_an_entry_survives_its_payload_exactly(entry: Entry) -> None:
    assert from_json(kind_of(entry), to_json(entry), entry.seq) == entry


def test_a_caption_from_before_overlaps_were_kept_has_none() -> None:
    caption = Final(id="a", rev=1, start_s=0, end_s=1, speaker=None, text="hello")

    assert "overlap" not in to_json(caption)
    assert from_json("final", to_json(caption), 0) == caption


async def test_numbers_continue_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "below" / "journal.db"
    async with SqlJournal(path) as journal:
        await journal.append("r", 1, GAP)
    async with SqlJournal(path) as journal:
        entry = await journal.append("r", 1, GAP)

        assert entry.seq == 2
        assert await journal.latest("r") == 2


async def test_an_unpaired_surrogate_can_be_stored(tmp_path: Path) -> None:
    async with SqlJournal(tmp_path / "journal.db") as journal:
        odd = Correction(
            id="a", rev=1, text="\ud800", by=Speaker(id="a", name="A"), replaces=1, seq=1
        )
        await journal.append("r", 1, odd)

        assert list(await journal.after("r", 0, 1)) == [odd]


async def test_an_entry_that_cannot_be_stored_takes_no_other_with_it(tmp_path: Path) -> None:
    async with SqlJournal(tmp_path / "journal.db") as journal:
        outcomes = await asyncio.gather(
            journal.append("r", 1, GAP),
            journal.append("\ud800", 1, GAP),
            journal.append("r", 1, GAP),
            return_exceptions=True,
        )

        assert isinstance(outcomes[1], StorageFailed)
        assert [entry.seq for entry in await journal.transcript("r")] == [1, 2]


async def test_a_file_that_is_no_database_is_a_storage_failure(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is not a database, and it is long enough to be looked at" * 20)

    with pytest.raises(StorageFailed, match="cannot be opened"):
        await SqlJournal(path).start()


async def test_a_write_that_the_disk_refuses_is_a_storage_failure(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with SqlJournal(path) as journal:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("DROP TABLE entries")
        other.close()

        with pytest.raises(StorageFailed, match="could not be stored"):
            await journal.append("r", 1, GAP)
        with pytest.raises(StorageFailed, match="cannot be read"):
            await journal.latest("r")


async def test_a_closed_journal_refuses_to_work(tmp_path: Path) -> None:
    journal = SqlJournal(tmp_path / "journal.db")
    async with journal:
        pass

    with pytest.raises(StorageFailed, match="not open"):
        await journal.append("r", 1, GAP)
    with pytest.raises(StorageFailed, match="not open"):
        await journal.latest("r")


WRITES_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from models.transcript import Gap, GapReason
from transcripts.journal import SqlJournal

async def main():
    async with SqlJournal(Path(sys.argv[1])) as journal:
        while True:
            entry = Gap(start_s=0, end_s=1, reason=GapReason.TAP_LOST)
            print((await journal.append("r", 1, entry)).seq, flush=True)

asyncio.run(main())
"""


def test_nothing_that_was_acknowledged_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    command = [sys.executable, "-c", WRITES_UNTIL_KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(50):
            process.stdout.readline()
        process.kill()
        acknowledged = 50 + len(process.stdout.readlines())

    numbers = asyncio.run(numbers_in(path))

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= acknowledged


async def numbers_in(path: Path) -> list[int]:
    async with SqlJournal(path) as journal:
        return [entry.seq for entry in await journal.transcript("r")]
