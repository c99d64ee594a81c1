"""Numbers below a hundred, as digits and as English words: a recogniser may write either."""

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _words(number: int) -> tuple[str, ...]:
    if number < len(_ONES):
        return (_ONES[number],)
    tens, ones = divmod(number, 10)
    return (_TENS[tens - 2], _ONES[ones]) if ones else (_TENS[tens - 2],)


_BY_DIGITS = {str(number): _words(number) for number in range(100)}
_BY_WORDS = {words: digits for digits, words in _BY_DIGITS.items()}


def otherwise(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give a number in the other way, from one folded word or from two; None for what is none."""
    if words in _BY_WORDS:
        return (_BY_WORDS[words],)
    return _BY_DIGITS.get(words[0]) if len(words) == 1 else None
