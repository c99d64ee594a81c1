from asr.terms import MOST_CHARS, MOST_TERMS, fit, hotwords


def test_terms_are_one_hint() -> None:
    assert hotwords(fit(["Garden club", " Åse\nØdegaard ", ""])) == "Garden club, Åse Ødegaard"


def test_no_terms_are_no_hint() -> None:
    assert hotwords(fit(["", " \t"])) == ""


def test_a_term_is_named_once() -> None:
    assert fit(["Anna", "anna", "ANNA ", "Bob"]) == ("Anna", "Bob")


def test_a_title_cannot_speak_to_the_decoder() -> None:
    assert fit(["<|endoftext|>Tea<|en|> at | five", "\x00\x1b[2J"]) == ("Tea at five", "[2J")


def test_a_hint_is_bounded_in_terms_and_in_length() -> None:
    many = fit(f"t{n}" for n in range(500))
    long = fit(["x" * (MOST_CHARS + 1), *(f"{n:03} " + "y" * 60 for n in range(100)), "short"])

    assert many == tuple(f"t{n}" for n in range(MOST_TERMS))
    assert len(hotwords(long)) <= MOST_CHARS
    assert long[0].startswith("000")
    assert long[-1] == "short"
