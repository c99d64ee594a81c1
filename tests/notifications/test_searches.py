"""Saved searches change and go, and what was still to be sent of them with them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import NotFound
from models.notification import Kind, Means, Notice, SavedSearch
from notifications.database import Database
from notifications.inbox import Inbox
from notifications.outbox import Outbox
from notifications.searches import SavedSearches

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
BOTH = Means(email="ada@example.org", webhook="https://example.org/")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "notifications.db")


@pytest.fixture
def search(database: Database) -> SavedSearch:
    return SavedSearches(database).add("ada", name="Tea", query="tea", on=True, means=BOTH)


def to_be_sent(database: Database, search: SavedSearch) -> list[str]:
    """Tell of a search as it was, after which it is kept as it is: where is that sent to?"""
    notice = Notice(user_id="ada", kind=Kind.MENTION, about={}, means=BOTH, subject=search.id)
    Inbox(database, lambda: NOW).take([notice])
    SavedSearches(database).keep(search)
    due = Outbox(database).due(NOW.timestamp(), 10, besides=())
    return sorted(parcel.target for parcel in due)


def test_what_waits_is_sent_where_a_search_still_tells(
    database: Database, search: SavedSearch
) -> None:
    assert to_be_sent(database, search) == [BOTH.email, BOTH.webhook]


def test_what_waits_is_not_sent_to_an_address_that_was_taken_out(
    database: Database, search: SavedSearch
) -> None:
    without = replace(search, means=replace(BOTH, email=""))

    assert to_be_sent(database, without) == [BOTH.webhook]


def test_what_waits_is_not_sent_of_a_search_that_is_off(
    database: Database, search: SavedSearch
) -> None:
    assert to_be_sent(database, replace(search, on=False)) == []


def test_a_search_that_was_deleted_does_not_come_back_with_a_late_change(
    database: Database, search: SavedSearch
) -> None:
    searches = SavedSearches(database)
    searches.delete("ada", search.id)

    with pytest.raises(NotFound):
        searches.keep(replace(search, name="Tea time"))

    assert searches.of("ada") == []
