"""A person's name (họ và tên) on a row of print, compared with the second reader's reading of the same line."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.document import Box, Candidate, Field
from corpus.tables import rows as table
from corpus.vietnamese.fold import fold
from ingest.secondreader.lexicon import Match
from ingest.text.rows import Row
from ingest.text.syllables import is_syllable

_DEGREES = re.compile(r"^(?:(?:PGS|GS|TS|ThS|BS|BSCKI{1,2}|CKI{1,2}|DS|KS|CN|LS|Th\.s|Ts|Bs)[.,]?\s?){1,4}")
_WORD = re.compile(r"[^\s.,;:_~|*'\"“”‘’`^/\\()\[\]{}<>«»!?=+#&%$¬°⁄—–-]+")
_NO_NAME = re.compile(r"n[oơ]i n|:|;|\bdong\b.*\bdong\b|kinh gui")
_NAME_EDGE = " .,;:_-–—~|*'\"“”‘’`^/\\()[]{}<>«»!?=+#&%$¬°"
_SAYS, _DOUBTS = -1.3, -1.6
"""Fit for each letter (log) from which a line is a name, and below which it is not the name that was read."""
_LEAD, _LEANS = 3.0, 1.5
"""Least log odds between two names of which the better is taken, and offered to a person."""
_SURE_SURNAME, _NEAR = 0.9, 1.0
"""Confidence of a surname that recognition read by itself;
distance (fit for each letter) of the two best names below which the second reader can't tell surnames apart.
"""
_RARE_SHARE = 1.0
"""People of a thousand who have a surname outside the table's shares."""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SWAPPED = str.maketrans("\u0303\u0309", "\u0309\u0303")
"""Ngã and hỏi: a pen's stroke through one makes it the other."""
_SHORTEST, _LONGEST = 2, 5
"""Words of a name."""
_SHORT = 4
"""Letters: words with fewer differ from others by their marks alone."""


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name on a row: its words, their likelihood of being a name (0 to 1), and their span in the text."""

    value: str
    start: int
    end: int
    score: float


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in table("surnames"))


@cache
def _shares() -> dict[str, float]:
    """Common surnames → people of a thousand who have it."""
    return {row["surname"]: float(row["share"]) for row in table("surnames") if row["share"]}


@cache
def _given() -> frozenset[str]:
    """Syllables of middle and given names."""
    return frozenset(row["name"] for row in table("given_names"))


@cache
def _rare() -> frozenset[str]:
    """Surnames that are common words too, or that others become by damage."""
    return frozenset(row["surname"] for row in table("surnames") if row["note"] == "rare")


def name_in(row: Row) -> NameRead | None:
    """A person's name on a row: two to five capitalised syllables, the first a surname;
    specks before it are skipped.
    """
    if _NO_NAME.search(row.folded) or row.capitals > 0.75:
        return None
    words = list(_WORD.finditer(row.text))
    if degree := _DEGREES.match(row.text.lstrip(_NAME_EDGE)):
        at = len(row.text) - len(row.text.lstrip(_NAME_EDGE)) + degree.end()
        words = [word for word in words if word.start() >= at]
    reads = [
        read for first in range(min(len(words), 6)) if (read := _name_of(row, words[first:], first)) is not None
    ]
    return max(reads, key=lambda read: read.score, default=None)


def _name_of(row: Row, words: Sequence[re.Match[str]], passed: int) -> NameRead | None:
    """These words as a name; `passed` words before them cost a little each."""
    if not 2 <= len(words) <= 5 or any(char.isdigit() for word in words for char in word.group()):
        return None
    mended = [_syllable(word.group().strip(_NAME_EDGE)) for word in words]
    good = [
        word
        for word in mended
        if word and word[0].isupper() and word[1:] == word[1:].lower() and is_syllable(word)
    ]
    surname, sure = _surname(mended[0])
    share = (len(good) + (surname is not None and mended[0] not in good)) / len(words)
    if share < 0.6 or (surname is None and mended[0] not in good):
        return None
    score = share * sure * (0.8 if len(words) == 2 else 1.0) * 0.97**passed
    value = " ".join([surname or mended[0], *mended[1:]])
    return NameRead(value, row.start + words[0].start(), row.start + words[-1].end(), score)


def _syllable(word: str) -> str:
    """A word of a name with the letters that OCR confuses in names corrected: `Glang` → `Giang`."""
    if is_syllable(word):
        return word
    tries = (word[:1] + word[1:].replace("l", "i"), word.replace("ll", "h"), word[:1] + word[1:].lower())
    return next((mended for mended in tries if is_syllable(mended)), word)


def _surname(word: str) -> tuple[str | None, float]:
    """The surname of a word and its certainty: whole, without its marks, without its first letter (`rần`), or
    behind up to three more letters (`ZHà`).
    """
    if word in _surnames():
        return word, 0.89 if word in _rare() else 1.0
    folded, first = fold(word), word[:1].upper() + word[1:].lower()
    if len(word) < _SHORT and word.isupper() and first in _surnames() - _rare():
        return first, 0.9
    # A short word in small letters (`là`) is none of a name, or what is left of another.
    same = sorted(
        name for name in _surnames() if fold(name) == folded and not (len(word) < _SHORT and word.islower())
    )
    if len(same) == 1 or (same and len(folded) > 3):
        return same[0], 0.92
    lost = [name for name in _surnames() if len(name) > 3 and fold(name)[1:] == folded]
    if len(lost) == 1:
        return lost[0], 0.9
    behind = [name for name in _surnames() if len(name) > 1 and word.endswith(name) and len(word) - len(name) <= 3]
    return (max(behind, key=len), 0.88) if behind else (None, 0.6)


@dataclass(frozen=True, slots=True)
class SeenName:
    """A name's line: the name that recognition made of it, the second reader's readings,
    best first, and its place.
    """

    value: str
    read: tuple[Match, ...]
    box: Box
    surname: float = 0.0
    """Confidence of recognition in the name's first word (0 to 1)."""


def with_surnames(name: str) -> tuple[str, ...]:
    """A name as read, with its variants: another surname, or one before it if it lacks one."""
    words = name.split()
    rests = [words[1:]]
    if len(words) == _SHORTEST or words[0] not in _surnames():
        rests += [words, [_toneless(words[0]), *words[1:]]]
    known = (" ".join([surname, *rest]) for surname in sorted(_surnames()) for rest in rests if rest)
    longest = max(_LONGEST, len(words))
    found = [name, *(each for each in known if _SHORTEST <= len(each.split()) <= longest)]
    return tuple(dict.fromkeys([*found, *map(_with_other_tone, found)]))


def _with_other_tone(name: str) -> str:
    """The name with the tone of its last word as recognition confuses it: `Hãi` and `Hải`."""
    *others, last = name.split()
    return " ".join(
        [*others, unicodedata.normalize("NFC", unicodedata.normalize("NFD", last).translate(_SWAPPED))]
    )


def _toneless(word: str) -> str:
    kept = (letter for letter in unicodedata.normalize("NFD", word) if letter not in _TONES)
    return unicodedata.normalize("NFC", "".join(kept))


def settled_name(printed: Field | None, seen: SeenName) -> Field | None:
    """The signer's name after both readings: agreement needs no person;
    a surname that one of them lost goes to review.
    """
    reads = likeliest(seen.value, seen.read)
    if not reads:
        return printed
    best = reads[0]
    lead = odds(best) - odds(reads[1]) if len(reads) > 1 else _LEAD
    seen_lead = best.cost - reads[1].cost if len(reads) > 1 else _LEAD
    # That a surname is common settles nothing alone: the line itself must lean there.
    clear = best.fit > _SAYS and lead >= _LEAD and seen_lead >= _LEANS
    leans = best.fit > _SAYS and lead >= _LEANS
    if printed is None:
        return Field(best.text, seen.value, 0.5, True, None, (), "signer.name.seen") if clear else None
    if printed.value == best.text:
        return replace(printed, review=(printed.review and not clear) or best.fit < _DOUBTS)
    value = next(
        (each for each in (best.text if leans else "", seen.value) if _completes(each, printed.value)), None
    )
    if value is not None and printed.review:
        alike = clear and value == best.text == seen.value
        return replace(printed, value=value, review=not alike, rule="signer.name.seen")
    if not printed.review and _is_surname_sure(printed.value, seen.value, seen.surname, reads):
        return printed
    first = best.text if clear and _has_commoner_surname(best.text, printed.value) else printed.value
    candidates = (Candidate(first, 0.5), Candidate(best.text if first != best.text else printed.value, 0.4))
    return replace(printed, value=first, review=True, candidates=candidates)


def likeliest(recognised: str, read: Sequence[Match]) -> tuple[Match, ...]:
    """The second reader's readings that may be names, likeliest first.

    A word of its own that no Vietnamese name has (`Trớc`, `Hoồng`) is no evidence against one that names have.
    """
    own = recognised.split()
    sound = (each for each in read if each.text == recognised or not _has_odd_word(each.text.split(), own))
    return tuple(sorted(sound, key=odds, reverse=True))


def _has_odd_word(words: Sequence[str], own: Sequence[str]) -> bool:
    """True if a given name differs from recognition's at its place and is none, where recognition's is one."""
    pairs = zip(reversed(words[1:]), reversed(own[1:]), strict=False)
    return any(
        word != other and (not is_syllable(word) or (word not in _given() and other in _given()))
        for word, other in pairs
    )


def odds(read: Match) -> float:
    """Log odds of a name: its fit on the line, and how common its surname is."""
    return read.cost + math.log(_shares().get(read.text.split()[0], _RARE_SHARE) / 1000)


def _has_commoner_surname(one: str, other: str) -> bool:
    """True if two names differ in their surnames alone, and the first one's is common, the second one's is not."""
    (first, *given), (second, *others) = one.split(), other.split()
    return given == others and first in _shares() and second not in _shares()


def _is_surname_sure(printed: str, recognised: str, sure: float, reads: Sequence[Match]) -> bool:
    """True if both read the given names alike and recognition was sure (0 to 1) of the surname, a common one.

    The second reader's picture of a line has the rim of the seal, which may hide the surname from it, or look like
    one more (`Tạ Hà Văn Phúc`). Where it is sure of another surname, a person is asked.
    """
    (surname, *given), best = printed.split(), reads[0]
    undecided = len(reads) > 1 and best.fit - reads[1].fit < _NEAR
    if recognised != printed or sure < _SURE_SURNAME or surname not in _surnames() - _rare() or best.fit <= _SAYS:
        return False
    if best.text.endswith(f" {printed}"):
        return len(given) >= _SHORTEST and best.text.split()[0] not in _shares()
    return (undecided or best.text == printed) and best.text.split()[1:] == given


def _completes(whole: str, part: str) -> bool:
    """True if a name is another with its surname, or its surname corrected: `Trần Quang Anh` for `Quàng Anh`."""
    words, rest = whole.split(), part.split()
    return len(words) > len(rest) and words[1 - len(rest) :] == rest[1:]
