"""Lists of bodies: `Kính gửi` (ô 9a) and `Nơi nhận` (ô 9b), one field for each item as printed, `Lưu: …` last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from corpus.document import Field
from corpus.tables import rows as table
from corpus.vietnamese.alternation import any_of
from ingest.layout.closing import BULLET, Closing
from ingest.layout.heading import Heading
from ingest.text.document_text import Text
from ingest.text.evidence import SURE, confidence_at, field_at
from ingest.text.rows import Row
from ingest.text.syllables import strange_words

_ENDS = re.compile(r"(?:[;.]\s+\S)?[\s;.,:/_`'\"“”*|~^ˆ¬°-]+$|[;.]\s+[^\s\d]$")
_BEGINS = re.compile(r"^[\s;.,:/_`'\"*|~^¬°•·«»+=–—-]+")
_SEPARATED = re.compile(r";\s*[-–—]\s")
_HEADING = re.compile(r"[^\W\d_][^:;]{3,40}:")
_REPORTED = re.compile(r"(?<=\(để )(?:b|h)/[eco0€©](?=\))|(?<=\()b/[eo0€©](?=\))")
"""`để b/c`, `b/c` (báo cáo), whose c is often read as e or a round sign."""
_JUNK = re.compile(r"[⁄<>{}|~^¬°#@*\\]|[a-zà-ỹ][A-ZĐ][a-zà-ỹ]")
"""Signs that no name of a body has: remains of seal, pen or small print."""
_DOUBTFUL, _STRANGE = 0.7, 0.8
"""Confidence (0 to 1) below which an item goes to review, and the same for an item with a word that Vietnamese
lacks; by 278 items of scans.
"""
_ODD = re.compile(r"[^\w\s.,;:/()&+'’“”\"–-]|[ŒœßøØæÆþÞ]")
"""Signs and letters that no list of bodies prints: what pen and seal leave of others (`đ⁄<`, `TCŒB`)."""
_FOREIGN = re.compile(r"\b[A-ZĐ]{0,2}[FJWZ][A-ZĐ]{0,2}\.")
"""A short form with a letter that Vietnamese lacks: `TF. UBND` for `TT. UBND`."""
_CLERK = re.compile(r"(?<=^Lưu: )V[IÍÌỊFÏ1l](?=$|[,;. ])")
"""`VT` (văn thư), which every paper is filed by (NĐ 30/2020, Phụ lục I), as recognition misreads it."""
_FOR = re.compile(r"(?<=\()[dđ][eêếềểễệ](?= [bpkt]/)")
"""`để` before `b/c`, `p/h`, `k/t`, `t/h`, with other marks."""
_HOLDS_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")


def read_addressees(text: Text, heading: Heading) -> tuple[Field, ...]:
    """Addressees, who must act (Kính gửi)."""
    rows = heading.addressees
    spans = [(heading.to_start if row is heading.to else row.start, row.end) for row in rows]
    return tuple(_fields(text, _items(text, rows, spans), "addressees.list"))


def read_recipients(text: Text, closing: Closing) -> tuple[Field, ...]:
    """Recipients, who get a copy (Nơi nhận)."""
    rows = closing.recipients
    spans = [(row.start, row.end) for row in rows]
    return tuple(_fields(text, _items(text, rows, spans), "recipients.list"))


Item = list[tuple[int, int]]


def _items(text: Text, rows: Sequence[Row], spans: Sequence[tuple[int, int]]) -> list[Item]:
    """The rows' spans grouped into items: a bullet begins one; without bullets at all, every row is one."""
    printed = [text.value[start:end] for start, end in spans]
    marked = [bool(BULLET.match(line)) for line in printed]
    if any(marked):
        kept = [at for at in range(len(spans)) if marked[at] or not _heads(printed, at)]
        spans, printed = [spans[at] for at in kept], [printed[at] for at in kept]
        marked = [marked[at] for at in kept]
    items: list[Item] = []
    for at, span in enumerate(spans):
        begins = (
            marked[at]
            or not items
            or (not any(marked) and _ends_item(printed[at - 1]))
            or _is_file_copy(printed[at])
        )
        if begins:
            items.append([span])
        else:
            items[-1].append(span)
    return [part for item in items for part in _split_at_hyphens(text, item)]


def _heads(printed: Sequence[str], at: int) -> bool:
    """True if a line heads the items that follow (`Gửi bản điện tử:`): it is no item and continues none."""
    return _HEADING.fullmatch(printed[at].strip()) is not None and (at == 0 or _ends_item(printed[at - 1]))


def _ends_item(line: str) -> bool:
    return line.rstrip().endswith((";", ".", ":"))


def _is_file_copy(line: str) -> bool:
    return re.match(r"^\W*L[ưu]u\b", line) is not None


def _split_at_hyphens(text: Text, item: Item) -> Iterator[Item]:
    """The items of a line that lists several, each with its own hyphen (`A; - B`)."""
    start, end = item[0]
    cuts = list(_SEPARATED.finditer(text.value, start, end)) if len(item) == 1 else []
    for cut in cuts:
        yield [(start, cut.start() + 1)]
        start = cut.end()
    yield [(start, end), *item[1:]]


def _fields(text: Text, items: Sequence[Item], rule: str) -> Iterator[Field]:
    for item in items:
        value = _value(text, item)
        if not _HOLDS_LETTERS.search(value):
            continue
        span = (item[0][0], item[-1][1])
        sure = min((confidence_at(text, start, end) for start, end in item), default=SURE)
        value = _set_right(value) if sure < SURE else value
        yield field_at(text, value, span, rule, sure=sure, review=_is_doubtful(value, sure))


def _set_right(value: str) -> str:
    """A recognised item with what no list of bodies prints set right: the clerk's office after `Lưu` and `chi`."""
    value = _FOR.sub("để", _CLERK.sub("VT", value))
    return _branch().sub(lambda found: found[0][:-1] + ("I" if found[0].isupper() else "i"), value)


@cache
def _branch() -> re.Pattern[str]:
    """`chỉ` before what only `chi` is printed before in a body's name: `chỉ bộ`, `Chỉ nhánh`."""
    heads = (row["head"].split()[1] for row in table("body_heads") if row["head"].startswith("Chi "))
    return re.compile(rf"\b[Cc]hỉ(?= {any_of(heads)}\b)", re.IGNORECASE)


def _is_doubtful(value: str, sure: float) -> bool:
    """True if a person must see an item:
    read badly, with letters that no word has, or with an odd sign; print is accepted.
    """
    if sure >= SURE:
        return False
    odd = any(sign.search(value) for sign in (_JUNK, _ODD, _FOREIGN)) or value.count('"') % 2 == 1
    return sure < _DOUBTFUL or odd or (sure < _STRANGE and bool(strange_words(value)))


def _value(text: Text, item: Item) -> str:
    joined = " ".join(" ".join(text.value[start:end].split()) for start, end in item)
    value = _ENDS.sub("", _BEGINS.sub("", joined))
    value = _REPORTED.sub("b/c", value)
    if value.count("(") > value.count(")"):
        value += ")"
    return value
