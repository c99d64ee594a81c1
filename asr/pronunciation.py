"""How a word that no dictionary holds may be said, as ARPAbet phones of the CMU dictionary.

Letters become phones by an ordered table of rules in their contexts, the method of Elovitz et al.,
"Automatic Translation of English Text to Phonetics by Means of Letter-to-Sound Rules" (NRL Report
7948, 1976). The rules are our own, fewer than the report's, and lean towards names. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

Phones = tuple[str, ...]

_CONTEXT = {
    "#": "[aeiouy]",
    ":": "[^aeiouy]*",
    "^": "[bcdfghjklmnpqrstvwxz]",
    "+": "[eiy]",
    "%": "(?:e|er|ers|es|ed|ing|ly)$",
    "<": "^",
    "*": "[bdglmnrvw]",
}

# left [letters] right = phones; the first rule that fits is taken. In a context # is a vowel,
# : any consonants, ^ one, * a voiced one, + a front vowel, % an ending, < the start, $ the end.
_RULES = """
[aa] = AA | [ae] = EY | [aigh] = EY | [air] = EH R | [ai] = EY | [augh] = AO | [au] = AO
[aw] = AO | [ayer] = EY ER | [ay] = EY | #:[ay]$ = EY | #:[able]$ = AH B AH L | #:[age]$ = IH JH
#:[al]$ = AH L | #:[als]$ = AH L Z | [al]k = AO | [alm] = AA M | [all]$ = AO L | [al][dt] = AO L
[ah]^ = AA | [ah]$ = AH | #:[an]$ = AH N | #:[ans]$ = AH N Z | #:[ance]$ = AH N S
#:[ant]$ = AH N T
[are]$ = EH R | w[ar] = AO R | #:[ard]$ = ER D | [arr] = EH R | [ar]# = AE R | [ar] = AA R
w[a][nst] = AA | [a]$ = AH | <[a]^^?[aou] = AE | [a]^[ao] = AA | <:[a]^% = EY | [ate]$ = EY T
[a]^e$ = EY
[a]^i[aou] = EY | [a]tion = EY | [ars]$ = ER Z | #:[ar]$ = ER | #^[a]^^?# = AH | [a] = AE
[bb] = B | m[b]$ = | [b] = B
<[cae] = S IY | [cch] = K | [cci]$ = CH IY | [cci][aou] = CH | [cc]+ = K S | [ck] = K | [cz] = CH
s[ch] = K | [chr] = K R | [ch]$ = CH | [cqu] = K W
[ch] = CH | [cia] = SH AH | [cio] = SH | [c]+ = S | [cc] = K | [c] = K
[dd] = D | [dge] = JH | [dg]+ = JH | [dj] = JH | [dt] = T | [d] = D
[eau] = OW | [ear]^ = ER | [ear] = IH R | [ead] = EH D | [eigh] = EY | [ea] = IY | [eer] = IH R
[ee] = IY | [eir] = EH R | ^[ei]$ = AY | [eist] = AY S T | [ein] = AY N | [ei] = IY | <[eu] = Y UW
[eus]$ = IY AH S | [eux]$ = OW | [eu] = OY | [ew] = UW
<:[ey] = EY | [ey] = IY | [ery]$ = ER IY | #:[er]$ = ER | #:[ers]$ = ER Z | [er]# = EH R
[er] = ER
#:[ed]$ = D | [els]$ = AH L Z | #:[el]$ = AH L | #:[ell]$ = EH L | #:[en]$ = AH N
#:[ens]$ = AH N Z | #:[ent]$ = AH N T
#:[eth]$ = IH TH | #:[ess]$ = AH S | (s|x|z|ch|sh|c|g)[es]$ = IH Z | #:[et]$ = IH T | [e]^le = EH
[e]^[aiou] = EH
#:[e]$ = | #:[e]ment$ = | #:[e]ly$ = | #:^[e]s$ = | <:[e]$ = IY | #^[e]^^?# = AH | [e] = EH
[ff] = F | [f] = F
<[gn] = N | [gn]$ = N | [ggi] = JH IY | [gg] = G | [ghe] = G EH | <[gh] = G | [gh]# = G | [gh] =
<[gia] = JH | <[g]ee = G | <g[e]o = IY | [gu]+ = G | [ge]$ = JH | d[g] = JH | [gi]$ = JH IY
[gi][ao] = JH | n[g]e[rl] = G
[g]e = JH | [g]y = JH | <[g]i = G | [g]in = JH | [g] = G
<[h] = HH | #[h]# = HH | ^[h]# = HH | [h] =
[ia]$ = IY AH | [ian]$ = IY AH N | [iou]s = IY AH | <:[ie]$ = AY | [ie]$ = IY | [ield] = IY L D
[ier]$ = IY ER | [ies]$ = IY Z
[ied]$ = IY D | [iew] = Y UW | [ie] = IY | [io]$ = IY OW | [igh] = AY | [ign]$ = AY N
[ild]$ = AY L D
[ind]$ = IH N D | [ique]$ = IY K | [ire]$ = AY R | [irr] = IH R | [ir]# = IH R | [ir] = ER
#:[ice]$ = IH S | #:[ine]$ = IY N
#:[ite]$ = AY T | #:[ive]$ = IH V | #:[ing]$ = IH NG | #:[ings]$ = IH NG Z | <:[ize] = AY Z
<:[i]$ = AY | [i]$ = IY | <:[i]^% = AY | [i]^e$ = AY
[i]sm$ = IH Z AH | <:[i]^[aou] = IY | [i]o = IY | [i][aou] = IY | #:[i]n[ao] = IY | [i] = IH
ij[j] = | [j] = JH
<[kn] = N | [kh] = K | [kk] = K | [k] = K
^[le]$ = AH L | ^[les]$ = AH L Z | [lle]$ = L | [ll] = L | [l] = L
<[mc]# = M AH K | <[mc]$ = M AH K | <[mac]^ = M AH K | [mm] = M | [m] = M
[ng]$ = NG | [ng]s$ = NG | [ng][dfmt] = NG
[ngh] = NG | [n]g[eiy] = N | [n]g = NG | [nk] = NG K | [nq] = NG K
[nx] = NG K S | [nn] = N | [n] = N
[oa] = OW | [oar] = AO R | [oeu] = UW | [oe]$ = OW | [oe] = OW | [oh] = OW | [oi] = OY
[oo]k = UH | [oor] = AO R | [oo] = UW
[ough] = AO | [ould] = UH D | [our] = AO R | #:[ous]$ = AH S | [oux]$ = UW | [oup] = UW P
[ou] = AW | <:[ow]$ = OW | [ow]$ = OW | [ow] = AW
[oy] = OY | #:[or]$ = ER | #:[ors]$ = ER Z | w[or] = ER | [orr] = AO R | [or] = AO R
[oll] = OW L | [ol]^ = OW L
#:[on]$ = AH N | #:[ons]$ = AH N Z | #:[om]$ = AH M | [o]$ = OW | [os]$ = OW S | [o]^% = OW
[o]^e$ = OW
<:[o]^[aiou] = OW | [o]^ia = OW | #^[o]^# = AH | [o] = AA
[pf] = F | [ph] = F | <[ps] = S | [pp] = P | [p] = P
[que]$ = K | [qu]e = K | [qu] = K W | [q] = K
[rh] = R | [rr] = R | [r] = R
<[sch]^ = SH | <[sch] = SH | [sch]$ = SH | [sci] = S AY | [sc]+ = S | [sh] = SH | [sion] = ZH AH N
[ssion] = SH AH N | [ss] = S | [stle] = S AH L
[scz] = SH | [sz] = SH | #[se]$ = Z | [sm]$ = Z AH M | *[s]$ = Z | e[s]$ = Z | #[s]m = Z | [s] = S
[tch] = CH | [tia]l = SH AH | [tie]n = SH AH | [ture]$ = CH ER | [tion] = SH AH N
[tious] = SH AH S | [tz] = T S | [th] = TH | [tsch] = CH
[tt] = T | #[tu]r = CH | [t] = T
[ua]$ = UW AH | g[ua] = W AA | [ue]$ = UW | [ui] = UW IH | [uy] = AY | [uo] = UW OW | [urr] = ER
[ure]$ = Y UH R | [ur]# = UH R | [ur] = ER | <[uni] = Y UW N AH | <:[u]^[aeiou] = UW
<[u]# = Y UW | #:[us]$ = AH S | #:[um]$ = AH M | [u]$ = UW | [u]^e$ = UW | [ul][aeiou] = Y UW L
[u]^[aeiou] = UW | [u]sh = UH | [u]ll = UH | [u] = AH
[vv] = V | [v] = V
<[wr] = R | [wh] = W | [wn] = N | [w]# = W | #[w]$ = | [w]$ = V | [w] = W
<[x] = Z | [x] = K S
[yr]^ = ER | <[y]# = Y | #[y]# = Y | <:[y]$ = AY | [y]$ = IY | <:[y]^% = AY | [y] = IH
[zz] = Z | <[zh] = ZH | [z]$ = Z | [z] = Z
"""

# As most languages but English say the vowels.
_CONTINENTAL = {"a": ("AA",), "e": ("EY",), "i": ("IY",), "o": ("OW",), "u": ("UW",), "y": ("IY",)}
_VOWEL_PAIRS = {"ai": "AY", "ei": "EY", "au": "AW", "ou": "UW", "oo": "UW", "ee": "IY", "ie": "IY"}
_CONSONANTS = re.compile(r"[^aeiouy]+")

_LETTERS = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY",
    "h": "EY CH", "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N",
    "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW",
    "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
    "0": "Z IY R OW", "1": "W AH N", "2": "T UW", "3": "TH R IY", "4": "F AO R", "5": "F AY V",
    "6": "S IH K S", "7": "S EH V AH N", "8": "EY T", "9": "N AY N",
}  # fmt: skip
_UNMARKED = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


class _Rule(NamedTuple):
    left: re.Pattern[str]
    letters: str
    right: re.Pattern[str]
    phones: Phones


def plain_letters(word: str) -> str:
    """Give a word in lower case, with letters a to z, digits and apostrophes only."""
    parts = unicodedata.normalize("NFKD", word.lower().translate(_UNMARKED).replace("’", "'"))
    return re.sub(r"[^a-z0-9']", "", parts)


def spelled(word: str) -> Phones:
    """Say the names of the letters and digits."""
    return tuple(p for letter in plain_letters(word) for p in _LETTERS.get(letter, "").split())


def by_rules(word: str) -> Phones:
    """Say a word of the letters a to z as English would."""
    return tuple(phone for _, phones in _steps(word) for phone in phones)


def continental(word: str) -> Phones:
    """Say a word with the vowels of most other languages and the consonants of English."""
    said: list[str] = []
    at = 0
    for letters, phones in _steps(word):
        vowels = "".join(c for c in letters if c in _CONTINENTAL)
        if letters in _VOWEL_PAIRS:
            said.append(_VOWEL_PAIRS[letters])
        elif letters in _CONTINENTAL and not (letters == "y" and phones == ("Y",)):
            final = at + 1 == len(word)
            said += ("AH",) if final and letters == "a" else _CONTINENTAL[letters]
        else:
            said += phones if phones or not vowels else _CONTINENTAL[vowels[0]]
        at += len(letters)
    return tuple(said)


def _steps(word: str) -> Iterator[tuple[str, Phones]]:
    at = 0
    while at < len(word):
        for rule in _rules().get(word[at], ()):
            end = at + len(rule.letters)
            fits = word.startswith(rule.letters, at) and rule.right.match(word, end)
            if fits and rule.left.search(word[:at]):
                yield rule.letters, rule.phones
                at = end
                break
        else:
            at += 1


@cache
def _rules() -> dict[str, list[_Rule]]:
    """Read the table, by first letter."""
    rules: dict[str, list[_Rule]] = {}
    for line in re.split(r" \| |\n", _RULES.strip()):
        pattern, _, phones = line.partition("=")
        left, letters, right = re.split(r"\[([a-z]+)\]", pattern.strip(), maxsplit=1)
        rule = _Rule(_context(left + "\\Z"), letters, _context(right), tuple(phones.split()))
        rules.setdefault(letters[0], []).append(rule)
    return rules


def _context(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_CONTEXT.get(c, c) for c in pattern.replace(" ", "")))
