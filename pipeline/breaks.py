"""Where a reader would pause: how much a break between two words costs.

The order is that of subtitling practice: the end of a sentence, of a clause, a breath, before a
word that begins a phrase; never between an article or a preposition and what it belongs to, nor
inside a name. Sources: BBC Subtitle Guidelines, "Line breaks"; Karamitroglou, "A Proposed Set of
Subtitling Standards in Europe" (1998), on segmentation at the highest syntactic nodes.
"""

from collections.abc import Sequence

from models.transcript import Word
from models.writing import may_part, parts_words

SENTENCE, CLAUSE, BREATH, PHRASE, PLAIN, NAME, HANGING = 0.0, 0.15, 0.25, 0.4, 0.8, 1.2, 1.5
INSIDE, NEVER = 3.0, 50.0  # maybe inside a word; inside what must not be torn apart
BREATH_S = 0.35

# Those of Arabic, Urdu, Hindi, Armenian, Amharic, Khmer, Chinese and Japanese are among them.
_SENTENCE_ENDS = ".!?…؟۔।॥։።៕。｡．！？"
_CLAUSE_ENDS = ",;:–—)،؛፣、，；："
_CLOSING = "\"'”’»)]」』）】》"
_ABBREVIATIONS = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "vs.", "e.g.", "i.e.", "etc."})

# Words that begin a phrase: the line before them is complete. Most of them must not end a line.
_BEGINNING = {
    "en": "and or but nor so because that which who whom whose where when while if unless until "
    "although though as than then to of in on at for with without from by into onto about over "
    "under between through during before after against towards since like",
    "de": "und oder aber denn sondern weil dass daß ob wenn als während obwohl damit bevor nachdem "
    "der die das den dem des ein eine einen einem einer in im an am auf aus bei mit nach seit von "
    "vom zu zum zur für durch gegen ohne um über unter vor hinter neben zwischen",
    "fr": "et ou mais donc car ni que qui dont où si quand lorsque puisque parce comme de des du à "
    "au aux en dans sur sous avec sans pour par vers chez entre avant après depuis pendant",
    "es": "y e o u pero sino porque que quien donde cuando si aunque como mientras de del a al en "
    "con sin por para sobre entre hasta desde hacia según durante",
}
# Words that wait for the next one, beside those that begin a phrase.
_WAITING = {
    "en": "a an the my your his her its our their this these those every each no very too not "
    "don't is are was were be been am will would can could should must may might has have had "
    "i i'm i'll i've i'd we we're he she they it's there's what how mr. mrs. ms. dr. st.",
    "de": "mein meine dein deine sein seine ihr ihre unser unsere kein keine diese dieser dieses "
    "sehr nicht ist sind war ich du er sie es wir dr.",
    "fr": "le la les un une l' mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce "
    "cet cette ces très ne pas je tu il elle on nous vous ils elles est sont m. mme",
    "es": "el la los las un una unos unas mi mis tu tus su sus nuestro nuestra este esta ese esa "
    "muy no es son yo sr. sra.",
}
# Of the words that begin a phrase, those that may end one too, as in "what are you waiting for".
_MAY_END = {"en": "so then though over"}

BEGINNING = {language: frozenset(words.split()) for language, words in _BEGINNING.items()}
WAITING = {
    language: (frozenset(words.split()) | BEGINNING[language])
    - frozenset(_MAY_END.get(language, "").split())
    for language, words in _WAITING.items()
}
_NONE: frozenset[str] = frozenset()


def ends_sentence(text: str) -> bool:
    """Whether a word with its punctuation ends a sentence."""
    bare = text.rstrip(_CLOSING)
    return bare.endswith(tuple(_SENTENCE_ENDS)) and bare.casefold() not in _ABBREVIATIONS


def break_cost(
    before: str, after: str, *, pause_s: float = 0.0, language: str = "en", glued: bool = False
) -> float:
    """Say what it costs to break between two words, from `SENTENCE` to `HANGING`, and `NEVER`.

    ``pause_s`` is the silence between them; they are ``glued`` where no space is. A language
    without word lists goes by punctuation and pauses alone.
    """
    if glued and not may_part(before, after):
        return NEVER
    if ends_sentence(before):
        return SENTENCE
    if (before.rstrip(_CLOSING)[-1:] or before[-1:]) in _CLAUSE_ENDS:
        return CLAUSE
    code = language.partition("-")[0].casefold()
    if before.casefold() in WAITING.get(code, _NONE):
        return HANGING
    if pause_s >= BREATH_S:
        return BREATH
    if glued:
        return INSIDE if parts_words(before, after) else PLAIN
    if code != "de" and before[:1].isupper() and after[:1].isupper() and after != "I":
        return NAME
    return PHRASE if after.casefold() in BEGINNING.get(code, _NONE) else PLAIN


def break_costs(words: Sequence[Word], language: str) -> list[float]:
    """Give the cost of a break before each word; the first has none."""
    return [
        break_cost(
            words[at - 1].text,
            words[at].text,
            pause_s=words[at].start_s - words[at - 1].end_s,
            language=language,
            glued=words[at].glued,
        )
        if at
        else SENTENCE
        for at in range(len(words))
    ]
