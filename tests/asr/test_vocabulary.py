import pytest

from asr.pronunciation import by_rules, continental, plain_letters, spelled
from asr.vocabulary import LARGEST, Dictionary, Entry, Likelihoods, entries, pronunciations

SAID = {
    "ada": "EY D AH",
    "lovelace": "L AH V L EY S",
    "room": "R UW M",
    "scribe": "S K R AY B",
    "the": "DH AH",
    "the(2)": "DH IY",
    "evening": "IY V N IH NG",
    "lantern": "L AE N T ER N",
    "fox": "F AA K S",
}
LIKELY = {"the": 0.04, "evening": 2e-4, "lantern": 2e-6, "ada": 1e-6}
PHONES = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH"
)


@pytest.fixture
def dictionary() -> Dictionary:
    return Dictionary(SAID.get, lambda word: LIKELY.get(word, 0.0))


def shown(found: tuple[Entry, ...]) -> list[str]:
    return [" ".join(entry.words) for entry in found]


def test_a_name_is_expected_whole_and_by_each_of_its_words(dictionary: Dictionary) -> None:
    found = entries(["Ada Lovelace"], dictionary)
    assert shown(found) == ["Ada Lovelace", "Ada", "Lovelace"]
    assert found[0].ways == ((("EY", "D", "AH"), ("L", "AH", "V", "L", "EY", "S")),)


def test_words_that_are_common_anyway_get_no_help(dictionary: Dictionary) -> None:
    assert shown(entries(["the evening"], dictionary)) == ["the evening"]


def test_a_title_gives_its_words_without_the_capital_of_its_start(dictionary: Dictionary) -> None:
    assert shown(entries(["The evening"], dictionary)) == ["the evening"]
    assert shown(entries(["Lantern evening fox"], dictionary))[1] == "lantern"
    assert shown(entries(["Lantern Evening"], dictionary)) == ["Lantern Evening", "Lantern"]


def test_short_words_are_expected_less_than_long_ones(dictionary: Dictionary) -> None:
    short, long = entries(["Bo", "Wilhelmina"], dictionary)
    assert short.likelihood < long.likelihood / 4
    assert long.likelihood == Likelihoods().most


def test_no_more_than_a_hundred_terms_are_taken(dictionary: Dictionary) -> None:
    letters = "abcdefghij"
    many = [f"zo{a}{b}ena" for a in letters for b in letters] + ["Onemore"]
    assert len(entries(many, dictionary)) == LARGEST


def test_the_same_word_is_taken_once(dictionary: Dictionary) -> None:
    assert shown(entries(["Quixel", "quixel", "Quixel!"], dictionary)) == ["Quixel"]


def test_what_has_no_letters_to_say_is_left_out(dictionary: Dictionary) -> None:
    assert entries(["", "—", "李伟", "?!", "x" * 500], dictionary) == ()


def test_the_dictionary_says_a_word_in_all_its_ways(dictionary: Dictionary) -> None:
    assert pronunciations("The", dictionary) == (("DH", "AH"), ("DH", "IY"))


@pytest.mark.parametrize("word", ["Roomscribe", "RoomScribe", "room-scribe"])
def test_a_word_made_of_two_is_said_like_them(word: str, dictionary: Dictionary) -> None:
    assert " ".join(pronunciations(word, dictionary)[0]) == "R UW M S K R AY B"


def test_possessives_and_plurals_are_said_by_what_they_are_made_of(dictionary: Dictionary) -> None:
    assert pronunciations("Ada's", dictionary)[0] == ("EY", "D", "AH", "Z")
    assert pronunciations("foxs", dictionary)[0] == ("F", "AA", "K", "S", "IH", "Z")


def test_capitals_and_digits_are_spelled(dictionary: Dictionary) -> None:
    assert pronunciations("XQL2", dictionary)[0] == (*spelled("xql"), "T", "UW")


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("kestrel", "K EH S T R AH L"),
        ("vandermeer", "V AE N D ER M IH R"),
        ("zephyrine", "Z EH F IH R IY N"),
        ("washington", "W AA SH IH NG T AH N"),
        ("philips", "F IH L IH P S"),
        ("knight", "N AY T"),
    ],
)
def test_names_are_said_by_their_letters(word: str, phones: str) -> None:
    assert " ".join(by_rules(word)) == phones


def test_a_name_is_also_said_as_other_languages_would() -> None:
    assert " ".join(continental("nakamura")) == "N AA K AA M UH R AH"
    assert " ".join(continental("emre")) == "EY M R EY"


def test_every_rule_gives_phones_of_the_model() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + c + d for a in letters for b in letters for c in "aeinrst" for d in "eos"]
    heard = {phone for word in words for phone in (*by_rules(word), *continental(word))}
    assert heard <= set(PHONES.split())


def test_accents_do_not_matter() -> None:
    assert plain_letters("Søren Kovačević’s") == "sorenkovacevic's"
