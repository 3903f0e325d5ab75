"""Lists of bodies: `Kính gửi` (ô 9a) and `Nơi nhận` (ô 9b), one field an item as printed, `Lưu: …` last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.document import Field
from ingest.layout.closing import BULLET, Closing
from ingest.layout.heading import Heading
from ingest.text.document_text import Text
from ingest.text.evidence import SURE, confidence_at, field_at
from ingest.text.rows import Row

_ENDS = re.compile(r"[\s;.,:/_`'\"“”*|~^¬°-]+$")
_BEGINS = re.compile(r"^[\s;.,:/_`'\"*|~^¬°•·«»+=–—-]+")
_SEPARATED = re.compile(r";\s*[-–—]\s")
_DOUBTFUL = 0.55
_HOLDS_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")


def read_addressees(text: Text, heading: Heading) -> tuple[Field, ...]:
    """Who must act (Kính gửi)."""
    rows = heading.addressees
    spans = [(heading.to_start if row is heading.to else row.start, row.end) for row in rows]
    return tuple(_fields(text, _items(text, rows, spans), "addressees.list"))


def read_recipients(text: Text, closing: Closing) -> tuple[Field, ...]:
    """Who gets a copy (Nơi nhận)."""
    rows = closing.recipients
    spans = [(row.start, row.end) for row in rows]
    return tuple(_fields(text, _items(text, rows, spans), "recipients.list"))


Item = list[tuple[int, int]]


def _items(text: Text, rows: Sequence[Row], spans: Sequence[tuple[int, int]]) -> list[Item]:
    """The rows' spans grouped into items: a bullet begins one; without bullets at all, every row is one."""
    printed = [text.value[start:end] for start, end in spans]
    marked = [bool(BULLET.match(line)) for line in printed]
    items: list[Item] = []
    for at, span in enumerate(spans):
        begins = marked[at] or not items or (not any(marked) and _ended(printed[at - 1])) or _kept(printed[at])
        if begins:
            items.append([span])
        else:
            items[-1].append(span)
    return [part for item in items for part in _parted(text, item)]


def _ended(line: str) -> bool:
    return line.rstrip().endswith((";", ".", ":"))


def _kept(line: str) -> bool:
    return re.match(r"^\W*L[ưu]u\b", line) is not None


def _parted(text: Text, item: Item) -> Iterator[Item]:
    """An item of one line that holds several, each with its own hyphen (`A; - B`)."""
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
        yield field_at(text, value, span, rule, sure=sure, review=sure < _DOUBTFUL)


def _value(text: Text, item: Item) -> str:
    joined = " ".join(" ".join(text.value[start:end].split()) for start, end in item)
    value = _ENDS.sub("", _BEGINS.sub("", joined))
    if value.count("(") > value.count(")"):
        value += ")"
    return value
