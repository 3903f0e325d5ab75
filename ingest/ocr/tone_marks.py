"""Tone and vowel marks that OCR confused, set right by the neighbours: `Kê hoạch` → `Kế hoạch`, `kết quá` → `kết quả`.

Most wrong forms are good syllables, so only their neighbours tell: every form with the same letters is weighed by how
often it stands beside them (a table made by script/learn_tones), and must win by more, the less likely the confusion is.
Letters and digits are never changed, nor names whose words have one capital each (of 549 signers' names in capitals none
was); a mended word is as long as it was, so offsets and boxes hold.
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

from corpus.vietnamese.fold import fold

TABLE = "weights/tones.txt.gz"
LEVELS = "0123456789abcdefghijklmnopqrstuvwxyz"
STEP = 1.4
"""A count is kept as one digit, its logarithm to this base: a fifth more or less decides nothing."""
NUMBER, COMMA = "#", ","
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[./]\d+)*|[^\w\s]|\n{2,}")
"""Words, numbers, signs, and the gap between paragraphs."""

_UNSEEN = 0.3
"""What a pair counts that the table does not have."""
_RARE, _WEIGHT = 60, 0.5
"""A form that is frequent everywhere stands beside much by chance: it is held against it by this power, but for the
first so many times that it occurs."""
_NO_WORD = 5
"""A form that occurs less often is no word."""
_TONE_OF_A_ROOF, _TONE, _VOWEL, _NONE = 3.0, 5.0, 7.0, 1.5
"""Least odds (log) for a form that differs in the tone of â, ê or ô, where two marks stand on one letter and OCR loses
one; in another tone; in a vowel; and for any, when what was read is no word. `script/bench marks` tells what they do."""
_ROOF = "\u0302"
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_PLACES = (
    ("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("oè", "òe"), ("oé", "óe"), ("oẻ", "ỏe"),
    ("oẽ", "õe"), ("oẹ", "ọe"), ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"), ("uỵ", "ụy"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    said: str
    """As the table writes it: lower case, one place of the tone, NUMBER for digits, the sign itself."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each form occurs, and each pair of neighbours."""

    forms: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    alike: Mapping[str, tuple[str, ...]]
    """Letters without marks → the words that have them."""


@lru_cache(maxsize=16_384)
def even(text: str) -> str:
    """NFC with one place of the tone, as the table is written."""
    text = unicodedata.normalize("NFC", text)
    for old, new in _PLACES:
        text = text.replace(old, new)
    return text


def said(token: str) -> str:
    """A token of TOKEN as the table writes it."""
    return NUMBER if token[0].isdigit() else even(token.lower())


@cache
def counts() -> Counts:
    """The table. A line is a form and its count, then each form that follows it with the count of the pair."""
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


def mended(text: str) -> str:
    """`text` (NFC) with marks set right where the neighbours say so; as long as before."""
    words = [_Word(m.start(), m.end(), m.group(), said(m.group())) for m in TOKEN.finditer(text)]
    letters = list(text)
    for at, word in enumerate(words):
        wanted = _wanted(words, at)
        if wanted is not None:
            letters[word.start : word.end] = _cased(wanted, word.text)
    return "".join(letters)


def _wanted(words: Sequence[_Word], at: int) -> str | None:
    """The form that the neighbours ask for, when it is not the one that was read."""
    word = words[at]
    if len(word.text) < 2 or not (word.text[1:].islower() or word.text.isupper()) or _in_a_name(words, at):
        return None
    alike = counts().alike.get(fold(word.said), ())
    others = [one for one in alike if len(one) == len(word.text) and one != word.said]
    if not others:
        return None
    left, right = _beside(words, at, -1), _beside(words, at, 1)
    read = _weight(word.said, left, right)
    margin, best = max((_weight(one, left, right) - read - _demanded(word.said, one), one) for one in others)
    return best if margin > 0 else None


def _beside(words: Sequence[_Word], at: int, step: int) -> str | None:
    """The neighbour within the clause; a comma parts no words that are always said together (`phòng, chống`)."""
    at += step
    while 0 <= at < len(words) and words[at].said == COMMA:
        at += step
    if not 0 <= at < len(words) or not words[at].text[0].isalnum():
        return None
    return words[at].said


def _weight(form: str, left: str | None, right: str | None) -> float:
    """How likely (log) a form is between these neighbours, beside other forms there."""
    table = counts()
    weight = -_WEIGHT * math.log(table.forms.get(form, 0.0) + _RARE)
    if left is not None:
        weight += math.log(table.pairs.get((left, form), 0.0) + _UNSEEN)
    if right is not None:
        weight += math.log(table.pairs.get((form, right), 0.0) + _UNSEEN)
    return weight


@lru_cache(maxsize=16_384)
def _demanded(read: str, form: str) -> float:
    """The least odds for taking `form` for what was read."""
    if counts().forms.get(read, 0.0) < _NO_WORD:
        return _NONE
    one, two = (unicodedata.normalize("NFD", word) for word in (read, form))
    if _TONES.sub("", one) != _TONES.sub("", two):
        return _VOWEL
    return _TONE_OF_A_ROOF if _ROOF in one else _TONE


def _in_a_name(words: Sequence[_Word], at: int) -> bool:
    """Whether a word with one capital stands beside another: a person, a place, a body."""
    if not words[at].text[0].isupper() or words[at].text.isupper():
        return False
    beside = [words[other].text for other in (at - 1, at + 1) if 0 <= other < len(words)]
    return any(other[0].isupper() and not other.isupper() for other in beside)


def _cased(form: str, like: str) -> str:
    if like.isupper():
        return form.upper()
    return form[:1].upper() + form[1:] if like[0].isupper() else form
