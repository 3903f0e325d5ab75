"""Tone and vowel marks that OCR confused, set right by the neighbours: `Kê hoạch` → `Kế hoạch`, `sự cô` → `sự cố`.

Most wrong forms are good syllables, so only their neighbours tell. Letters and digits are never changed, nor words in
capitals, nor names; a mended word is as long as it was, so offsets and boxes hold. The table is made by script/learn_tones.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corpus.fold import fold

TABLE = "weights/tones.txt.gz"
_COMMON = 12
"""Pairs that make a form a common word: one neighbour alone doesn't overrule it."""
_ROOF = "\u0302"
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_PLACES = (
    ("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("oè", "òe"), ("oé", "óe"), ("oẻ", "ỏe"),
    ("oẽ", "õe"), ("oẹ", "ọe"), ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"), ("uỵ", "ụy"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    key: str


def even(text: str) -> str:
    """NFC with one place of the tone, as the table is written."""
    text = unicodedata.normalize("NFC", text)
    for old, new in _PLACES:
        text = text.replace(old, new)
    return text


@cache
def _pairs() -> dict[str, str]:
    """Folded pair → the pair with its marks."""
    data = resources.files("ingest").joinpath(TABLE).read_bytes()
    return {fold(line): line for line in gzip.decompress(data).decode().split("\n")}


def mended(text: str) -> str:
    """`text` (NFC) with marks set right where both or the only known neighbour say so; as long as before."""
    words = [_Word(m.start(), m.end(), m.group(), fold(m.group())) for m in _WORD.finditer(text)]
    letters = list(text)
    for at, word in enumerate(words):
        wanted = _wanted(text, words, at)
        if wanted is not None:
            letters[word.start : word.end] = _cased(wanted, word.text)
    return "".join(letters)


def _wanted(text: str, words: Sequence[_Word], at: int) -> str | None:
    """The form that the neighbours ask for, when it is not the one that was read."""
    word = words[at]
    read = even(word.text.lower())
    if not word.text[1:].islower() or len(word.text) < 2 or _in_a_name(words, at):
        return None
    said = [form for first in (at - 1, at) if (form := _said(text, words, first, at)) is not None]
    if len(set(said)) != 1 or read in said or (len(said) == 1 and _forms()[read] >= _COMMON):
        return None
    form = said[0]
    confused = read not in _forms() or _tone_of_a_roof(read, form)
    return form if confused and len(form) == len(word.text) else None


@cache
def _forms() -> Counter[str]:
    """Every form that some pair has, with the number of its pairs."""
    return Counter(form for pair in _pairs().values() for form in pair.split())


def _tone_of_a_roof(read: str, form: str) -> bool:
    """Whether two forms differ in the tone of â, ê or ô alone: there two marks stand on one letter, and OCR loses one."""
    one, two = (unicodedata.normalize("NFD", word) for word in (read, form))
    return _ROOF in one and _TONES.sub("", one) == _TONES.sub("", two)


def _said(text: str, words: Sequence[_Word], first: int, at: int) -> str | None:
    """What the pair that begins at `first` says of the word at `at`.

    None when the table does not know the pair, or the other word of it was read otherwise: then nothing is certain.
    """
    if first < 0 or first + 1 >= len(words):
        return None
    one, two = words[first], words[first + 1]
    if text[one.end : two.start].strip():
        return None
    pair = _pairs().get(f"{one.key} {two.key}")
    if pair is None:
        return None
    forms = pair.split()
    other = words[2 * first + 1 - at]
    return forms[at - first] if forms[first + 1 - at] == even(other.text.lower()) else None


def _in_a_name(words: Sequence[_Word], at: int) -> bool:
    """Whether a capitalised word stands beside another: a person, a place, a body."""
    if not words[at].text[0].isupper():
        return False
    beside = [words[other] for other in (at - 1, at + 1) if 0 <= other < len(words)]
    return any(other.text[0].isupper() and not other.text.isupper() for other in beside)


def _cased(form: str, like: str) -> str:
    return form[:1].upper() + form[1:] if like[0].isupper() else form
