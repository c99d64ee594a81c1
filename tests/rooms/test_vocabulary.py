from datetime import UTC, datetime

from models.room import Participant, Role, Room, RoomState, User
from rooms.vocabulary import MOST, own_words

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def room(*terms: str) -> Room:
    return Room(
        id="r",
        title="Tea",
        language="en",
        host_id="hanna",
        state=RoomState.LIVE,
        created_at=NOW,
        terms=terms,
    )


def person(name: str, role: Role = Role.LISTENER) -> Participant:
    return Participant(user=User(id=name.lower(), name=name, created_at=NOW), role=role)


HANNA = person("Hanna", Role.HOST)


def crowd(count: int, role: Role = Role.LISTENER) -> list[Participant]:
    return [person(f"{role} {number}", role) for number in range(count)]


def test_the_title_the_hosts_terms_and_everybodys_name_are_words_of_the_room() -> None:
    present = [HANNA, person("Lena"), person("Sam", Role.SPEAKER), person("Cleo", Role.COHOST)]

    assert own_words(room("Kestrel", "Tollund"), present) == (
        *("Tea", "Kestrel", "Sam", "Tollund", "Hanna", "Cleo", "Lena"),
    )


def test_who_came_last_comes_first_among_listeners() -> None:
    assert own_words(room(), [HANNA, *crowd(3)])[2:] == ("listener 2", "listener 1", "listener 0")


def test_a_crowd_of_listeners_leaves_room_for_terms_and_speakers() -> None:
    terms = [f"term {number}" for number in range(60)]
    speakers = crowd(20, Role.SPEAKER)

    words = own_words(room(*terms), [HANNA, *crowd(10_000), *speakers])

    assert len(words) == MOST
    assert {"Tea", "Hanna", *terms, *(one.user.name for one in speakers)} < set(words)
    assert words[-1] == "listener 9982"


def test_neither_many_speakers_nor_many_terms_crowd_out_the_other() -> None:
    terms = [f"term {number}" for number in range(100)]
    few = own_words(room(*terms), [HANNA, *crowd(10, Role.SPEAKER)])
    many = own_words(room(*terms[:10]), [HANNA, *crowd(10_000, Role.SPEAKER)])

    assert {"Hanna", "speaker 0", *terms[:88]} <= set(few)
    assert {*terms[:10], "speaker 9999"} <= set(many)
    assert len(few) == len(many) == MOST


def test_a_word_is_there_once_however_it_is_written() -> None:
    assert own_words(room("hanna", "TEA"), [HANNA, person("Hanna")]) == ("Tea", "hanna")
