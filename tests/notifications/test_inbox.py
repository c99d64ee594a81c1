"""What people were told is kept, numbered, and not told again and again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import NotFound
from models.notification import Kind, Means, Notice
from notifications import inbox as inbox_module
from notifications.database import Database
from notifications.inbox import Inbox
from notifications.outbox import DELAYS_S, Outbox

BEGAN = datetime(2026, 11, 5, 12, tzinfo=UTC)


class Kept:
    """An inbox and an outbox in one file, and a clock that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.now = BEGAN
        self.database = Database(folder / "notifications.db")
        self.inbox = Inbox(self.database, lambda: self.now)
        self.outbox = Outbox(self.database)

    def tell(self, user: str = "ada", **fields: object) -> None:
        values: dict[str, object] = {
            "subject": "s1",
            "theme": "r1/1",
            "span_s": 600,
            "about": {"room": "r1"},
            "means": Means(email="ada@example.org"),
        }
        notice = Notice(user_id=user, kind=Kind.MENTION, **(values | fields))  # type: ignore[arg-type]
        with self.database.at_once():
            self.inbox.take([notice])

    def due(self) -> list[bool]:
        """Whether each parcel that is due now sums up."""
        parcels = self.outbox.due(self.now.timestamp(), 100, besides=())
        return [parcel.sums_up for parcel in parcels]

    def send_due(self) -> list[bool]:
        sent = []
        while parcels := self.outbox.due(self.now.timestamp(), 100, besides=()):
            for parcel in parcels:
                sent.append(parcel.sums_up)
                self.outbox.done(parcel)
        return sent


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_the_same_within_a_span_is_told_once_and_then_counted(kept: Kept) -> None:
    kept.tell()
    assert kept.send_due() == [False]
    for _ in range(3):
        kept.now += timedelta(minutes=1)
        kept.tell()

    (told,) = kept.inbox.of("ada")
    assert (told.more, told.seq, told.read) == (3, 1, False)
    assert kept.send_due() == []
    kept.now = BEGAN + timedelta(minutes=10)
    assert kept.send_due() == [True]
    kept.tell()
    assert [one.more for one in kept.inbox.of("ada")] == [0, 3]
    assert kept.send_due() == [False]


def test_another_search_room_or_person_is_told_at_once(kept: Kept) -> None:
    kept.tell()
    kept.tell(subject="s2")
    kept.tell(theme="r1/2")
    kept.tell("ben")

    assert [one.seq for one in kept.inbox.of("ada")] == [3, 2, 1]
    assert [one.seq for one in kept.inbox.of("ben")] == [1]


def test_numbers_are_never_used_again(kept: Kept) -> None:
    kept.tell()
    kept.inbox.delete("ada", 1)
    kept.tell()

    assert [one.seq for one in kept.inbox.of("ada")] == [2]
    assert kept.inbox.latest("ada") == 2
    assert kept.inbox.latest("ben") == 0


def test_what_is_deleted_is_not_sent_any_more(kept: Kept) -> None:
    kept.tell()
    kept.inbox.delete("ada", 1)

    assert kept.due() == []
    with pytest.raises(NotFound):
        kept.inbox.delete("ada", 1)


def test_reading_is_kept_for_each_person(kept: Kept) -> None:
    for theme in ("1", "2", "3"):
        kept.tell(theme=theme)
        kept.tell("ben", theme=theme)
    kept.inbox.mark("ada", 2, read=True)
    kept.inbox.mark_all("ben", 2)

    assert [one.seq for one in kept.inbox.unread("ada")] == [1, 3]
    assert [one.seq for one in kept.inbox.unread("ada", after=1)] == [3]
    assert (kept.inbox.count_unread("ada"), kept.inbox.count_unread("ben")) == (2, 1)


def test_what_is_not_for_the_page_is_only_sent(kept: Kept) -> None:
    kept.tell(means=Means(page=False, email="ada@example.org"))

    assert kept.inbox.of("ada") == kept.inbox.unread("ada") == []
    assert kept.due() == [False]


def test_nobody_is_flooded_with_e_mails_and_what_is_not_mailed_is_on_the_page(kept: Kept) -> None:
    only_mail = Means(page=False, email="ada@example.org")
    for room in range(25):
        kept.tell(theme=f"r{room}/1", means=only_mail)

    assert len(kept.send_due()) == 20
    assert len(kept.inbox.of("ada")) == 5
    kept.now += timedelta(hours=1)
    kept.tell(theme="later", means=only_mail)
    assert len(kept.send_due()) == 1


def test_the_oldest_go_where_there_are_too_many(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "KEPT", 3)
    for number in range(5):
        kept.tell(theme=str(number))

    assert [one.seq for one in kept.inbox.of("ada")] == [5, 4, 3]


def test_a_parcel_is_tried_again_later_and_later_for_days(kept: Kept) -> None:
    kept.tell()
    waits = []
    while True:
        (parcel,) = kept.outbox.due(kept.now.timestamp(), 1, besides=())
        if not kept.outbox.again(parcel, kept.now.timestamp()):
            break
        assert kept.due() == []
        due_s = kept.outbox.next_due_s(kept.now.timestamp())
        assert due_s
        waits.append(due_s - kept.now.timestamp())
        kept.now = datetime.fromtimestamp(due_s, UTC)

    assert waits == list(DELAYS_S)
    assert sum(waits) > 3 * 24 * 3600


def test_one_parcel_of_each_target_is_given_and_none_of_busy_ones(kept: Kept) -> None:
    for number in range(4):
        kept.tell(theme=str(number), means=Means(email="a@example.org"))
    kept.tell(theme="5", means=Means(email="b@example.org", webhook="https://example.org/"))
    parcels = kept.outbox.due(kept.now.timestamp(), 100, besides=())
    busy = [(parcels[0].way, parcels[0].target)]

    assert len({(one.way, one.target) for one in parcels}) == len(parcels) == 3
    others = kept.outbox.due(kept.now.timestamp(), 100, besides=busy)
    assert parcels[0].target not in [one.target for one in others]


def test_everything_is_there_again_when_the_file_is_opened_again(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    first.tell()
    first.database.close()

    again = Kept(tmp_path)

    assert [one.about for one in again.inbox.of("ada")] == [{"room": "r1"}]
    assert again.due() == [False]
    again.tell()
    assert [one.more for one in again.inbox.of("ada")] == [1]
