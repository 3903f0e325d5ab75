"""Vietnamese syllables: onset, rime and tone checked by the rules of the writing;
shares of syllables in a text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from corpus.authority.provinces import place_words
from corpus.vietnamese.tones import TONES

_ONSETS = (
    "ngh", "ng", "nh", "th", "tr", "ch", "kh", "ph", "gh", "gi", "qu",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_WRITTEN_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc ui um un ung up ut uê uêch uênh uên uôc uôi uôm uôn uông uôt uơ
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu
    ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu yêng ynh yt
"""
_RIMES = frozenset(_WRITTEN_RIMES.split())
_STOPPED = ("p", "t", "c", "ch")
_STOP_TONES = frozenset("\u0301\u0323")
_WORD = re.compile(r"[^\W\d_]+")
_EDGES = " .,;:!?()[]{}\"'“”‘’«»…–—-_/*"
_JOINTS = re.compile("[-–/&+’]")
_HAS_DIGIT = re.compile(r"\d").search
_D_WITH_STROKE = str.maketrans("Đđ", "Dd")
_FOREIGN = 4
"""Letters of a word without marks from which on it may be foreign (`online`);
shorter ones are syllables or torn.
"""
_FOLDED_RIMES = frozenset(
    "".join(letter for letter in unicodedata.normalize("NFD", rime) if not unicodedata.combining(letter))
    for rime in _RIMES
)


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """True if one word is a syllable as Vietnamese writes it:
    at most one tone, and the right ones before p, t, c, ch.

    The old and the new place of the tone (`hoà`, `hòa`) are both right.
    """
    tones: list[str] = []
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        (tones if letter in TONES else letters).append(letter)
    bare = unicodedata.normalize("NFC", "".join(letters))
    if len(tones) > 1 or len(bare) > 7 or not _splits(bare, _RIMES):
        return False
    return not bare.endswith(_STOPPED) or (bool(tones) and tones[0] in _STOP_TONES)


def _splits(bare: str, rimes: frozenset[str]) -> bool:
    return any(
        bare.startswith(onset) and bare[len(onset) :] in rimes and _may_open(onset, bare[len(onset)])
        for onset in _ONSETS
    )


def _may_open(onset: str, vowel: str) -> bool:
    """True if an onset is written before a vowel:
    `gh` and `ngh` before i, e, ê alone, `g` and `ng` not before e and ê.
    """
    if onset in ("gh", "ngh"):
        return vowel in "ieê"
    return onset not in ("g", "ng") or vowel not in "eê"


@lru_cache(maxsize=65_536)
def _is_unmarked(word: str) -> bool:
    return word.isascii() and _splits(word.lower(), _FOLDED_RIMES)


def syllable_share(text: str) -> float:
    """Share of the words that are Vietnamese syllables, 1.0 without words.

    Short words in capitals are left out: abbreviations and Roman numerals fill the heads of documents.
    """
    words = [word for word in _WORD.findall(text) if not (word.isupper() and len(word) <= 5)]
    if not words:
        return 1.0
    return sum(1 for word in words if is_syllable(word)) / len(words)


def strange_words(text: str) -> tuple[str, ...]:
    """The words that a Vietnamese sentence lacks: neither syllable, abbreviation, foreign word nor number.

    Remnants of a line under a stamp or a fold look so (`cNế`, `r:a`); of 4,053 subjects of laws 1 in 100 has such
    a word, most of them misspelt. Words of a name (two capitalised ones, or a place of the table) may be of any
    language.
    """
    words = [word.strip(_EDGES) for word in unicodedata.normalize("NFC", text).split()]
    named = {at for at in range(1, len(words)) if words[at - 1].istitle() and words[at].istitle()}
    named |= {at - 1 for at in named}
    tried = (word for at, word in enumerate(words) if at not in named and not _HAS_DIGIT(word))
    parts = (part for word in tried for part in _JOINTS.split(word))
    return tuple(part for part in parts if part and not _is_sound(part))


def _is_sound(part: str) -> bool:
    if part.lower() in place_words():
        return True
    bare = part.translate(_D_WITH_STROKE)
    abbreviated = bare[0].isupper() and not bare[1:].islower()
    if bare.isascii() and bare.isalpha() and (abbreviated or len(bare) >= _FOREIGN):
        return True
    return (part.islower() or part.istitle() or part.isupper()) and part.isalpha() and is_syllable(part)


def unmarked_share(text: str) -> float:
    """Share of the words that could be syllables but lost their marks (`hanh chinh`): a sound text has few.

    Words such as `an` or `trong` are right without a mark, so ordinary prose gives about 0.3.
    """
    words = _WORD.findall(text)
    return sum(1 for word in words if _is_unmarked(word)) / len(words) if words else 0.0
