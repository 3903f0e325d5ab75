"""Correction of tone and vowel marks that OCR confused, by neighbouring words: `Kê hoạch` → `Kế hoạch`, `kết quá`
→ `kết quả`.

Most wrong forms are valid syllables, so only their neighbours reveal them: every form with the same letters is
scored by how often it occurs next to them (a table made by script/learn_tones), and must win by a margin that
grows as the confusion becomes less likely. Letters and digits are never changed, nor names whose words have one
capital each (of 549 signers' names in capitals none was). A corrected word keeps its length, so offsets and boxes
stay valid.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from corpus.vietnamese import tones
from corpus.vietnamese.fold import fold

TABLE = "weights/tones.txt.gz"
LEVELS = "0123456789abcdefghijklmnopqrstuvwxyz"
STEP = 1.4
"""Base of the logarithm by which a count is stored as one digit: a fifth more or less makes no difference."""
NUMBER, COMMA = "#", ","
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[./]\d+)*|[^\w\s]|\n{2,}")
"""Words, numbers, signs, and the gap between paragraphs."""

_UNSEEN = 0.3
"""Count assumed for a pair that is not in the table."""
_RARE, _WEIGHT = 60, 0.5
"""Penalty for common forms: the score is divided by `(count + _RARE) ** _WEIGHT`, since a frequent word occurs
next to anything by chance.
"""
_NO_WORD = 5
"""A form that occurs less often is no word."""
_TONE_OF_A_ROOF, _TONE, _VOWEL, _NONE = 3.0, 5.0, 7.0, 1.5
"""Minimum log-odds to replace a word, by kind of difference (measured by `script/bench marks`).

Tone on â, ê or ô, where OCR often drops one of the two marks; another tone; a vowel; and any difference if the
word read is not in the table.
"""
_ROOF = "\u0302"
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    table_form: str
    """As written in the table: lower case, normalised tone placement, NUMBER for digits, signs unchanged."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of each form, and of each pair of neighbours."""

    forms: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    alike: Mapping[str, tuple[str, ...]]
    """Letters without marks → the words that have them."""


@lru_cache(maxsize=16_384)
def normalise_tone_placement(text: str) -> str:
    """Normalise to NFC and to the tone placement of the table."""
    text = unicodedata.normalize("NFC", text)
    for old, new in tones.places():
        text = text.replace(old, new)
    return text


def table_form(token: str) -> str:
    """Form in the table of a token of TOKEN."""
    return NUMBER if token[0].isdigit() else normalise_tone_placement(token.lower())


@cache
def counts() -> Counts:
    """Read the table: each line is a form and its count, then each following form with the count of the pair."""
    lines = gzip.decompress(resources.files("ingest").joinpath(TABLE).read_bytes()).decode().split("\n")
    forms: dict[str, float] = {}
    pairs: dict[tuple[str, str], float] = {}
    alike: dict[str, list[str]] = {}
    for form, level, *following in (line.split(" ") for line in lines):
        forms[form] = STEP ** LEVELS.index(level)
        pairs |= {(form, one[:-1]): STEP ** LEVELS.index(one[-1]) for one in following}
        if form != NUMBER and forms[form] >= _NO_WORD:
            alike.setdefault(fold(form), []).append(form)
    return Counts(forms, pairs, {letters: tuple(found) for letters, found in alike.items()})


def is_unseen(word: str) -> bool:
    """True if a syllable is missing from the table's texts: a rare name, or a misread mark."""
    return normalise_tone_placement(word.lower()) not in counts().forms


def lead(word: str, other: str, left: str | None, right: str | None) -> float:
    """Lead (log odds) of a word over another one between these neighbours, all in small letters or not."""
    sides = [normalise_tone_placement(side.lower()) if side else None for side in (left, right)]
    mine, its = (_weight(normalise_tone_placement(each.lower()), sides[0], sides[1]) for each in (word, other))
    return mine - its


def correct_tone_marks(text: str) -> str:
    """Correct the marks in `text` (NFC) by the neighbouring words; the length stays the same."""
    words = [_Word(m.start(), m.end(), m.group(), table_form(m.group())) for m in TOKEN.finditer(text)]
    letters = list(text)
    for at, word in enumerate(words):
        wanted = _best_form(words, at)
        if wanted is not None:
            letters[word.start : word.end] = _match_case(wanted, word.text)
    return "".join(letters)


def _best_form(words: Sequence[_Word], at: int) -> str | None:
    """Form that the neighbours suggest; None if it is the one that was read."""
    word = words[at]
    if len(word.text) < 2 or not (word.text[1:].islower() or word.text.isupper()) or _in_a_name(words, at):
        return None
    alike = counts().alike.get(fold(word.table_form), ())
    others = [one for one in alike if len(one) == len(word.text) and one != word.table_form]
    if not others:
        return None
    left, right = _neighbour(words, at, -1), _neighbour(words, at, 1)
    read = _weight(word.table_form, left, right)
    margin, best = max(
        (_weight(one, left, right) - read - _least_odds(word.table_form, one), one) for one in others
    )
    return best if margin > 0 else None


def _neighbour(words: Sequence[_Word], at: int, step: int) -> str | None:
    """Neighbour within the clause; commas are skipped, since fixed phrases contain them (`phòng, chống`)."""
    at += step
    while 0 <= at < len(words) and words[at].table_form == COMMA:
        at += step
    if not 0 <= at < len(words) or not words[at].text[0].isalnum():
        return None
    return words[at].table_form


def _weight(form: str, left: str | None, right: str | None) -> float:
    """Log-likelihood of a form between these neighbours, relative to other forms there."""
    table = counts()
    weight = -_WEIGHT * math.log(table.forms.get(form, 0.0) + _RARE)
    if left is not None:
        weight += math.log(table.pairs.get((left, form), 0.0) + _UNSEEN)
    if right is not None:
        weight += math.log(table.pairs.get((form, right), 0.0) + _UNSEEN)
    return weight


@lru_cache(maxsize=16_384)
def _least_odds(read: str, form: str) -> float:
    """Minimum log-odds for replacing `read` by `form`."""
    if counts().forms.get(read, 0.0) < _NO_WORD:
        return _NONE
    one, two = (unicodedata.normalize("NFD", word) for word in (read, form))
    if _TONES.sub("", one) != _TONES.sub("", two):
        return _VOWEL
    return _TONE_OF_A_ROOF if _ROOF in one else _TONE


def _in_a_name(words: Sequence[_Word], at: int) -> bool:
    """True if a capitalised word is next to another one: a person, a place, a body."""
    if not words[at].text[0].isupper() or words[at].text.isupper():
        return False
    beside = [words[other].text for other in (at - 1, at + 1) if 0 <= other < len(words)]
    return any(other[0].isupper() and not other.isupper() for other in beside)


def _match_case(form: str, like: str) -> str:
    if like.isupper():
        return form.upper()
    return form[:1].upper() + form[1:] if like[0].isupper() else form
