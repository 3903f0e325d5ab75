"""Who signed (ô 7a, 7b): authority (`KT. GIÁM ĐỐC`, quyền hạn), title (chức vụ) and name, from the rows of the block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.document import Field, Signer
from corpus.tables import rows as table
from corpus.vietnamese.fold import fold
from ingest.text.document_text import Text
from ingest.text.evidence import field_at, trimmed
from ingest.text.rows import Row
from ingest.text.syllables import is_syllable

_AUTHORITY = re.compile(r"^[\W_]{0,6}(?:(?:t/?m|k/?t|t/?l|tuq|q|t\.m|k\.t)\s?[.,:]|(?:t/m|k/t|t/l)\s)")
_BARE_NAME = 0.6
_DEPUTIES = ("PHÓ", "TỔ PHÓ", "THỨ")
_TITLE_LIKE = 80.0
_DEGREES = re.compile(r"^(?:(?:PGS|GS|TS|ThS|BS|BSCKI{1,2}|CKI{1,2}|DS|KS|CN|LS|Th\.s|Ts|Bs)[.,]?\s?){1,4}")
_WORD = re.compile(r"[^\s.,;:_~|*'\"“”‘’`^/\\()\[\]{}<>«»!?=+#&%$¬°⁄—–-]+")
_NO_NAME = re.compile(r"n[oơ]i n|:|;|\bdong\b.*\bdong\b|kinh gui")
_NAME_EDGE = " .,;:_-–—~|*'\"“”‘’`^/\\()[]{}<>«»!?=+#&%$¬°"


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name on a row: the words that make it, how likely they are one (0 to 1), and whether it starts with a surname."""

    value: str
    start: int
    end: int
    score: float


def read_signer(text: Text, rows: Sequence[Row]) -> Signer:
    """The signer of a block's rows, from top to bottom; parts that can't be told are None."""
    titled = [(row, found) for row in rows if (found := title_in(row.text)) is not None]
    authorities = [row for row in rows if _AUTHORITY.match(row.folded) and row.capitals > 0.6]
    name = _name(text, [row for row in rows if row not in authorities and row not in [r for r, _ in titled]])
    titled = [(row, found) for row, found in titled if row not in authorities]
    title = _title(text, titled)
    authority = _authority(text, authorities) or _for_the_head(text, titled, title)
    return Signer(authority, title, name)


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    return tuple((fold(row["title"]), row["title"]) for row in table("positions"))


def title_in(printed: str) -> str | None:
    """The position that a line of capitals is, also with a letter or two misread; a deputy before his head."""
    from rapidfuzz import fuzz

    bare = re.sub(r"[^a-z ,]", "", fold(printed)).strip()
    if (
        len(bare) < 6
        or len(bare) > 60
        or sum(char.isupper() for char in printed) < 0.5 * len(bare.replace(" ", ""))
    ):
        return None
    best = max(_titles(), key=lambda pair: (fuzz.ratio(bare, pair[0]), len(pair[0])))
    if fuzz.ratio(bare, best[0]) >= _TITLE_LIKE:
        return best[1]
    within = [title for key, title in _titles() if re.search(rf"\b{key}\b", bare)]
    return (
        printed.strip()
        if within and len(bare) > len(fold(max(within, key=len))) + 3 and printed.isupper()
        else max(within, key=len, default=None)
    )


def _authority(text: Text, rows: Sequence[Row]) -> Field | None:
    """The lines of authority joined by `; `: `TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH`.

    A block that was looked at twice has its lines twice; each of them counts once.
    """
    if not rows:
        return None
    lines: dict[str, tuple[str, tuple[int, int]]] = {}
    for row in rows:
        start, end = trimmed(text, row.start, row.end)
        line = _spelled(" ".join(text.value[start:end].split()))
        lines.setdefault(fold(line), (line, (start, end)))
    kept = list(lines.values())[:2]
    value, spans = "; ".join(line for line, _ in kept), [span for _, span in kept]
    return field_at(text, value, (spans[0][0], spans[-1][1]), "signer.authority")


def _for_the_head(text: Text, titled: Sequence[tuple[Row, str]], title: Field | None) -> Field | None:
    """`KT.` written by hand is seldom read: a deputy's title under his head's says it all the same, for a person to see."""
    if title is None or not title.value.startswith(_DEPUTIES):
        return None
    head = next(((row, said) for row, said in titled if title.value.endswith(said) and said != title.value), None)
    if head is None:
        return None
    row, said = head
    return field_at(text, f"KT. {said}", trimmed(text, row.start, row.end), "signer.deputy", review=True)


def _spelled(line: str) -> str:
    """`KT.GIÁM ĐÓC` → `KT. GIÁM ĐỐC`, when what follows is a position."""
    found = re.match(r"^([A-Za-z/.]{1,4}?)\s?[.,:]\s?(.+)$", line)
    if found is None:
        return line
    title = title_in(found[2])
    return f"{found[1].upper()}. {title or found[2]}"


def _title(text: Text, titled: Sequence[tuple[Row, str]]) -> Field | None:
    """The signer's own position: the last one above the name, a deputy's before his head's."""
    if not titled:
        return None
    deputies = [(row, title) for row, title in titled if title.startswith(_DEPUTIES)]
    row, title = (deputies or titled)[-1] if deputies else titled[0]
    return field_at(text, title, trimmed(text, row.start, row.end), "signer.title")


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in table("surnames"))


@cache
def _rare() -> frozenset[str]:
    """Surnames that are common words too, or what damage makes of others."""
    return frozenset(row["surname"] for row in table("surnames") if row["note"] == "rare")


def _name(text: Text, rows: Sequence[Row]) -> Field | None:
    reads = [(read, row) for row in rows if (read := name_in(row)) is not None]
    if not reads:
        return None
    read, row = max(reads, key=lambda pair: (pair[0].score, pair[1].index))
    sure = min(row.confidence, read.score)
    found = field_at(text, read.value, (read.start, read.end), "signer.name", sure=sure)
    return replace(found, review=read.score < 0.9 or row.confidence < _BARE_NAME)


def name_in(row: Row) -> NameRead | None:
    """A person's name on a row: two to five capitalised syllables, the first a surname; specks before it are passed over."""
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
    """A word of a name with the letters that OCR swaps in names set right: `Glang` → `Giang`."""
    if is_syllable(word):
        return word
    tries = (word[:1] + word[1:].replace("l", "i"), word.replace("ll", "h"), word[:1] + word[1:].lower())
    return next((mended for mended in tries if is_syllable(mended)), word)


def _surname(word: str) -> tuple[str | None, float]:
    """The surname that a word is and how sure: whole, without its marks, or behind or without a letter (`rần`, `ZHà`)."""
    if word in _surnames():
        return word, 0.89 if word in _rare() else 1.0
    folded = fold(word)
    same = sorted(name for name in _surnames() if fold(name) == folded)
    if len(same) == 1 or (same and len(folded) > 3):
        return same[0], 0.92
    lost = [name for name in _surnames() if len(name) > 3 and fold(name)[1:] == folded]
    if len(lost) == 1:
        return lost[0], 0.9
    behind = [name for name in _surnames() if len(name) > 1 and word.endswith(name) and len(word) - len(name) <= 3]
    return (max(behind, key=len), 0.88) if behind else (None, 0.6)
