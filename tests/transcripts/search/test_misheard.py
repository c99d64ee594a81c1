"""A query, widened by what its words may have been heard as."""

import pytest

from transcripts.search.misheard import Widened, widen
from transcripts.search.numbers import otherwise
from transcripts.search.parsing import parse
from transcripts.search.query import Not, Phrase, leaves
from transcripts.search.vocabulary import Vocabulary

SAID = ["harbor", "boat", "web", "socket", "websocket", "twenty", "one", "21", "waits", "weights"]


def widened(text: str) -> Widened | None:
    return widen(parse(text).query, Vocabulary((word, 3) for word in SAID))


def looked_for(text: str) -> set[str]:
    found = widened(text)
    return set(map(str, leaves(found.query.what))) if found else set()


def test_a_word_is_looked_for_with_what_it_may_have_been_heard_as() -> None:
    assert looked_for("harbour") == {"harbour", "harbor"}


@pytest.mark.parametrize("text", ['"harbour boat"', "harbo*", "-harbour", "speaker:harbour", ""])
def test_phrases_prefixes_filters_and_what_is_left_out_stay_as_they_are(text: str) -> None:
    assert widened(text) is None


def test_what_is_left_out_stays_left_out() -> None:
    found = widened("harbour -boat speaker:ada")
    assert found
    assert str(found.query).endswith("-boat speaker:ada")
    assert not any(str(leaf) == "boat" for leaf in leaves(found.query.what))


def test_two_words_may_have_been_heard_as_one_and_one_as_two() -> None:
    assert "websocket" in looked_for("web socket")
    assert '"web socket"' in looked_for("websocket")


def test_a_number_is_looked_for_in_digits_and_in_words() -> None:
    assert '"twenty one"' in looked_for("21")
    assert "21" in looked_for("twenty one")
    assert otherwise(("7",)) == ("seven",)
    assert otherwise(("ninety", "nine")) == ("99",)
    assert otherwise(("boat",)) is None


def test_only_what_was_found_is_named() -> None:
    found = widened("harbour weights")
    assert found
    assert found.heard_as([["the", "harbor"]]) == {"harbour": ("harbor",)}
    assert found.heard_as([["nothing"]]) == {}


def test_a_widened_query_stays_short_however_many_words_are_typed() -> None:
    vocabulary = Vocabulary((f"word{letter}", 3) for letter in "abcdefghijklmnopqrstuvwxyz")
    found = widen(parse(" ".join(f"word{n}x" for n in range(30))).query, vocabulary)
    assert found
    assert sum(map(len, found.alternatives.values())) <= 72


def test_alternatives_of_a_user_are_widened_one_by_one() -> None:
    assert looked_for("harbour OR boats") >= {"harbour", "harbor", "boats", "boat"}


def test_nothing_but_words_is_excluded() -> None:
    found = widened('harbour -"web socket"')
    assert found
    assert Not(Phrase(("web", "socket"))) in getattr(found.query.what, "parts", ())
