"""What one reader is given, whatever happens to it; no sockets and no clocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.delivery import Delivery, Pending
from api.protocol import ResumeMode
from models.caption import Health, Interim, LiveItem, Status
from models.style import Pace
from models.transcript import Correction, Entry, Final, Gap, GapReason
from pipeline.captions import Mailbox
from tests.api.running import ADA, final, interim, numbered

STATUS = Status(delay_s=1.0, state=Health.OK)


def live_reader(latest: int = 0) -> Delivery:
    return Delivery(sent=latest, latest=latest)


def test_a_final_that_follows_is_passed_at_once() -> None:
    reader = live_reader()

    assert reader.live(numbered(1, 3)) == numbered(1, 3)
    assert not reader.behind


def test_a_final_after_a_hole_waits_until_the_hole_is_read() -> None:
    reader = live_reader()

    assert reader.live(numbered(3, 3)) == []
    assert reader.behind
    assert reader.read(numbered(1, 3)) == numbered(1, 3)
    assert not reader.behind


def test_what_was_read_from_the_journal_does_not_come_again_live() -> None:
    reader = Delivery(sent=0, latest=2)

    reader.read(numbered(1, 2))

    assert reader.live(numbered(1, 3)) == numbered(3, 3)


def test_a_paused_reader_is_given_news_but_no_captions() -> None:
    reader = live_reader()
    reader.pause()

    assert reader.live([*numbered(1, 1), interim("a", 1, "well"), STATUS]) == [STATUS]


def test_pausing_counts_what_waits_and_says_each_count_once() -> None:
    reader = live_reader(latest=4)

    reader.pause()
    assert reader.pending() == Pending(count=0, latest_seq=4)
    assert reader.pending() is None
    reader.live(numbered(5, 6))
    assert reader.pending() == Pending(count=2, latest_seq=6)
    assert reader.pending() is None


def test_pausing_again_does_not_forget_what_waits() -> None:
    reader = live_reader()
    reader.pause()
    reader.live(numbered(1, 2))

    reader.pause()
    assert reader.pending() == Pending(count=2, latest_seq=2)


def correction(seq: int, replaces: int) -> Correction:
    return Correction(
        id=f"said {replaces}", rev=10, text="better", by=ADA, replaces=replaces, seq=seq
    )


def test_only_captions_are_counted_but_what_else_waits_is_told_too() -> None:
    reader = live_reader(latest=1)
    reader.pause()
    reader.pending()

    reader.live([correction(2, replaces=1)])
    assert reader.pending() == Pending(count=0, latest_seq=2)
    reader.live([Gap(start_s=0, end_s=9, reason=GapReason.OVERLOAD, seq=3), *numbered(4, 5)])
    assert reader.pending() == Pending(count=2, latest_seq=5)


def test_what_the_bus_forgot_is_counted_in_the_journal() -> None:
    reader = live_reader(latest=1)
    reader.pause()
    reader.live([*numbered(2, 3), *numbered(9, 9)])

    assert reader.uncounted == range(4, 10)
    reader.count(reader.uncounted, 4)
    assert not reader.uncounted
    assert reader.pending() == Pending(count=6, latest_seq=9)


def test_a_jump_names_what_is_skipped() -> None:
    reader = live_reader(latest=2)
    reader.pause()
    reader.live([*numbered(3, 4), correction(5, replaces=2)])

    assert reader.resume("live", wpm=240, now_s=0) == range(3, 6)
    assert not reader.resume("live", wpm=240, now_s=0)


def test_resuming_live_jumps_to_the_newest() -> None:
    reader = live_reader()
    reader.pause()
    reader.live(numbered(1, 5))

    reader.resume("live", wpm=240, now_s=0)

    assert not reader.behind
    assert reader.live(numbered(6, 6)) == numbered(6, 6)


def test_resuming_with_replay_reads_everything_missed() -> None:
    reader = live_reader()
    reader.pause()
    reader.live(numbered(1, 5))

    reader.resume("replay", wpm=240, now_s=0)

    assert reader.behind
    assert reader.read(numbered(1, 5)) == numbered(1, 5)


def test_an_interim_that_came_in_a_pause_is_shown_afterwards() -> None:
    reader = live_reader()
    reader.pause()
    reader.live([interim("a", 1, "so"), interim("a", 2, "so then")])

    reader.resume("replay", wpm=240, now_s=0)

    assert reader.interims() == [interim("a", 2, "so then")]
    assert reader.interims() == []


def test_an_interim_behind_a_hole_is_shown_after_the_hole() -> None:
    reader = live_reader()

    assert reader.live([*numbered(2, 2), interim("a", 1, "so")]) == []
    reader.read(numbered(1, 2))

    assert reader.interims() == [interim("a", 1, "so")]


def test_an_interim_whose_final_came_meanwhile_is_not_shown() -> None:
    reader = live_reader()
    reader.pause()
    reader.live([interim("said 1", 1, "said"), *numbered(1, 1)])

    reader.resume("replay", wpm=240, now_s=0)

    assert reader.read(numbered(1, 1)) == numbered(1, 1)
    assert reader.interims() == []


def test_a_caption_taken_back_in_a_pause_is_taken_back_after_it() -> None:
    reader = live_reader()
    reader.live([interim("a", 1, "so")])
    reader.pause()
    reader.live([interim("a", 2, "")])

    reader.resume("replay", wpm=240, now_s=0)

    assert reader.interims() == [interim("a", 2, "")]


def test_a_caption_that_came_and_went_in_a_pause_is_never_mentioned() -> None:
    reader = live_reader()
    reader.pause()
    reader.live([interim("a", 1, "so"), interim("a", 2, "")])

    reader.resume("live", wpm=240, now_s=0)

    assert reader.interims() == []


def test_a_jump_takes_back_the_interim_whose_final_is_skipped() -> None:
    reader = live_reader()
    reader.live([interim("said 1", 4, "said")])
    reader.pause()
    reader.live(numbered(1, 1))

    reader.resume("live", wpm=240, now_s=0)

    assert reader.interims() == [interim("said 1", 5, "")]


@pytest.mark.parametrize("mode", get_args(ResumeMode))
def test_resuming_without_a_pause_changes_nothing(mode: ResumeMode) -> None:
    reader = live_reader(latest=2)

    reader.resume(mode, wpm=240, now_s=0)
    reader.caught_up([], now_s=0)

    assert reader.live(numbered(3, 3)) == numbered(3, 3)


@dataclass
class World:
    """A room's journal, and a reader that is served as the websocket serves it."""

    limit: int
    now_s: float = 0.0
    journal: list[Entry] = field(default_factory=list)
    got: list[int] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    shown: dict[str, Interim] = field(default_factory=dict)
    mailbox: Mailbox = field(init=False)
    reader: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        self.mailbox = Mailbox(self.limit)
        after = max(self.got, default=0)
        self.skipped = {seq for seq in self.skipped if seq <= after}
        self.reader = Delivery(sent=after, latest=len(self.journal))
        self.shown.clear()
        self.serve()

    def say(self, count: int) -> None:
        for seq in range(len(self.journal) + 1, len(self.journal) + count + 1):
            self.mailbox.put(interim(f"said {seq}", 1, f"said {seq}"))
            self.journal += numbered(seq, seq)
            self.mailbox.put(self.journal[-1])
        self.mailbox.put(interim(f"said {len(self.journal) + 1}", 1, "said"))

    def correct(self, back: int) -> None:
        if replaces := max(0, len(self.journal) - back):
            self.mailbox.put(interim(f"said {len(self.journal) + 1}", 2, ""))
            self.journal.append(correction(len(self.journal) + 1, replaces))
            self.mailbox.put(self.journal[-1])
            self.mailbox.put(interim(f"said {len(self.journal) + 1}", 1, "said"))

    def pause(self) -> None:
        self.reader.pause()
        self._tell()

    def resume(self, mode: ResumeMode) -> None:
        jumped = self.reader.resume(mode, wpm=1200, now_s=self.now_s)
        entries = [self.journal[seq - 1] for seq in jumped]
        corrections = [entry for entry in entries if isinstance(entry, Correction)]
        self.skipped |= set(jumped) - {entry.seq for entry in corrections}
        self._receive(corrections)

    def serve(self) -> None:
        self._receive(self.reader.interims())
        if len(self.mailbox):
            items, _ = self.mailbox.take()
            self._receive(self.reader.live(items))
        self._read_on()
        while self.reader.wait_s(self.now_s) == 0:
            self._receive(self.reader.caught_up(self._after(1), self.now_s))
            self.now_s += 0.03
        self._read_on()
        self._receive(self.reader.interims())
        self._tell()

    def _tell(self) -> None:
        if numbers := self.reader.uncounted:
            among = self.journal[numbers[0] - 1 : numbers[-1]]
            self.reader.count(numbers, sum(isinstance(entry, Final) for entry in among))
        if pending := self.reader.pending():
            waiting = self.journal[self.reader.sent : pending.latest_seq]
            assert pending.count == sum(isinstance(entry, Final) for entry in waiting)

    def _read_on(self) -> None:
        while self.reader.behind:
            self._receive(self.reader.read(self._after(2)))

    def _after(self, limit: int) -> list[Entry]:
        return self.journal[self.reader.sent : self.reader.sent + limit]

    def _receive(self, items: Sequence[LiveItem]) -> None:
        for item in items:
            if isinstance(item, Final | Correction):
                self.got.append(item.seq)
            if isinstance(item, Final):
                self.shown.pop(item.id, None)
            elif isinstance(item, Interim):
                self.shown.pop(item.id, None)
                self.shown |= {item.id: item} if item.text else {}


ACTIONS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 7)),
    st.tuples(st.just("correct"), st.integers(0, 9)),
    st.tuples(st.just("resume"), st.sampled_from(get_args(ResumeMode))),
    st.tuples(st.sampled_from(["pause", "serve", "connect"]), st.none()),
)


@given(st.lists(ACTIONS, max_size=40), st.integers(1, 5))
def test_whatever_happens_every_caption_comes_once_and_in_order(
    actions: list[tuple[str, object]], limit: int
) -> None:
    world = World(limit=limit)
    for name, value in actions:
        getattr(world, name)(*([] if value is None else [value]))
    world.resume("replay")
    world.serve()

    expected = [seq for seq in range(1, len(world.journal) + 1) if seq not in world.skipped]
    assert world.got == expected


@given(st.lists(ACTIONS, max_size=40), st.integers(1, 5))
def test_whatever_happens_only_open_captions_stay_on_the_page_as_interims(
    actions: list[tuple[str, object]], limit: int
) -> None:
    world = World(limit=limit)
    for name, value in actions:
        getattr(world, name)(*([] if value is None else [value]))
        if name != "serve":
            world.serve()
    world.resume("replay")
    world.serve()

    assert set(world.shown) <= {f"said {len(world.journal) + 1}"}


@given(st.lists(ACTIONS.filter(lambda a: a != ("resume", "live")), max_size=40), st.integers(1, 5))
def test_a_reader_that_never_jumps_has_everything(
    actions: list[tuple[str, object]], limit: int
) -> None:
    world = World(limit=limit)
    for name, value in actions:
        getattr(world, name)(*([] if value is None else [value]))
    world.resume("replay")
    world.serve()

    assert world.got == list(range(1, len(world.journal) + 1))


def test_no_interim_follows_a_final_that_was_read_before_the_bus_brought_it() -> None:
    reader = Delivery(sent=0, latest=1)
    over = replace(final("all of it"), seq=2)
    reader.read([*numbered(1, 1), over])

    late = reader.live([interim(over.id, 8, "all of")])
    again = reader.live([over])

    assert (late, again) == ([], [])
    assert reader.live([interim("next", 1, "and")]) == [interim("next", 1, "and")]
    assert not reader.behind


def passed(number: int) -> Interim:
    """A caption that was said off the record."""
    said = interim(f"p{number}", 1, f"between us {number}")
    return replace(said, stable=len(said.text), kept=False, done=True)


@pytest.mark.parametrize("pace", ["fast", "balanced", "steady"])
def test_what_is_off_the_record_is_shown_whole_at_any_pace(pace: Pace) -> None:
    reader = Delivery(sent=0, latest=0, pace=pace)
    reader.live([replace(interim("p1", 1, "between us 1 and more"), kept=False)])

    assert reader.live([passed(1)]) == [replace(passed(1))]
    assert reader.interims() == []


@pytest.mark.parametrize("mode", get_args(ResumeMode))
def test_what_is_off_the_record_waits_for_who_has_paused(mode: ResumeMode) -> None:
    reader = live_reader()
    reader.pause()
    for number in range(300):
        assert reader.live([passed(number)]) == []

    reader.resume(mode, wpm=240, now_s=0.0)

    assert reader.interims() == [passed(number) for number in range(300 - 256, 300)]


def test_a_slow_reader_keeps_the_newest_of_what_is_off_the_record() -> None:
    mailbox = Mailbox(limit=3)
    for number in range(5):
        mailbox.put(passed(number))
    mailbox.put(numbered(1, 1)[0])

    assert mailbox.take() == ([passed(2), passed(3), passed(4), numbered(1, 1)[0]], False)
