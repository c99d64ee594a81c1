"""Messages of captions.v1, without a connection."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import protocol
from api.protocol import Pause, Ping, Resume, Scrollback, SetStyle
from models.errors import Invalid
from models.room import Speaker
from tests.api.running import final, interim

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TYPES = st.sampled_from(["pause", "resume", "scrollback", "style", "ping", "other"])
FIELDS = st.sampled_from(["mode", "wpm", "before", "limit", "size_percent"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "pause"}', Pause()),
        ('{"type": "ping", "more": 1}', Ping()),
        ('{"type": "resume"}', Resume("live", 240)),
        ('{"type": "resume", "mode": "catch-up", "wpm": 300}', Resume("catch-up", 300)),
        ('{"type": "scrollback", "before": 7, "limit": 500}', Scrollback(7, 500)),
        ('{"type": "style", "font": "serif"}', SetStyle({"font": "serif"})),
    ],
)
def test_a_client_message_is_read(text: str, message: protocol.ClientMessage) -> None:
    assert protocol.parse(text) == message


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("nonsense", "message"),
        ("[]", "message"),
        ("{}", "type"),
        ('{"type": "sing"}', "type"),
        ('{"type": "resume", "mode": "now"}', "mode"),
        ('{"type": "resume", "wpm": 39}', "wpm"),
        ('{"type": "resume", "wpm": 1201}', "wpm"),
        ('{"type": "scrollback", "limit": 501}', "limit"),
        ('{"type": "scrollback", "before": "x"}', "before"),
    ],
)
def test_a_message_that_cannot_be_read_names_what_is_wrong(text: str, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        protocol.parse(text)

    assert raised.value.field == field


def test_a_message_may_have_16_kib_and_not_a_byte_more() -> None:
    text = json.dumps({"type": "ping", "padding": ""})
    fits = text[:-2] + "x" * (16 * 1024 - len(text)) + text[-2:]

    assert protocol.parse(fits) == Ping()
    with pytest.raises(Invalid):
        protocol.parse(fits.replace("x", "xx", 1))


def test_what_is_wrong_is_said_without_repeating_all_of_it() -> None:
    with pytest.raises(Invalid) as raised:
        protocol.parse(json.dumps({"type": "x" * 10_000}))

    assert len(str(raised.value)) < 100


@given(st.one_of(st.text(), JSON.map(json.dumps)))
def test_any_text_is_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


@given(TYPES, st.dictionaries(FIELDS, JSON, max_size=3))
def test_any_fields_are_read_or_refused(kind: str, fields: dict[str, Any]) -> None:
    _read_or_refuse(json.dumps(fields | {"type": kind}))


def _read_or_refuse(text: str) -> None:
    """Anything but `Invalid` would end the connection, and so would an answer that is no text."""
    with suppress(Invalid):
        protocol.parse(text)
        return
    with pytest.raises(Invalid) as raised:
        protocol.parse(text)
    refused = raised.value
    assert refused.field
    protocol.dumps(protocol.error("bad-message", str(refused), field=refused.field)).encode()


@given(st.floats(0, 1e6))
def test_times_have_three_decimals(time_s: float) -> None:
    start = protocol.message(final("hello", start_s=time_s))["start"]

    assert start == round(start, 3)
    assert abs(start - time_s) <= 0.0006


def test_the_type_comes_first_and_characters_are_not_escaped() -> None:
    text = protocol.encode(interim("i1", 1, "größer"))

    assert text.startswith('{"type":"interim",')
    assert "größer" in text


def test_a_page_says_where_the_next_older_one_ends() -> None:
    page = protocol.history([], before=7)

    assert (page["before"], page["more"]) == (7, False)


def test_only_a_fatal_error_says_so() -> None:
    assert "fatal" not in protocol.error("bad-message", "no")
    assert protocol.error("bad-message", "no", fatal=True)["fatal"] is True


def test_a_final_names_who_spoke_at_the_same_time_only_where_anybody_did() -> None:
    ben = Speaker(id="ben", name="Ben")
    both = replace(final("no wait"), overlap=(ben,))

    assert "overlap" not in protocol.message(final("hello"))
    assert protocol.message(both)["overlap"] == [{"id": "ben", "name": "Ben"}]
