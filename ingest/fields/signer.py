"""Signer (ô 7a, 7b) from the rows of the block:
authority (`KT. GIÁM ĐỐC`, quyền hạn), title (chức vụ) and name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from corpus.authority.provinces import province_named
from corpus.document import Field, Signer
from corpus.tables import rows as table
from corpus.vietnamese.fold import fold
from ingest.fields.authority import SeenBlock, settled
from ingest.fields.signer_name import name_in, settled_name
from ingest.text.document_text import Text
from ingest.text.evidence import field_at, trimmed
from ingest.text.rows import Row

_AUTHORITY = re.compile(r"^[\W_]{0,6}(?:(?:t/?m|k/?t|t/?l|tuq|q|t\.m|k\.t)\s?[.,:]|(?:t/m|k/t|t/l)\s)")
_IN_OFFICE = re.compile(r"^[\W_]{0,6}q\s?[.,:]\s?")
"""`Q.` (quyền) before a title: the head of a body for as long as it has none."""
_BARE_NAME = 0.6
"""Confidence (0 to 1) of a row below which a name goes to review."""
_CERTAIN_NAME = 0.95
"""Likelihood (0 to 1) of a name in capitals, which other words of the block are printed in too."""
_DEPUTIES = ("PHÓ", "TỔ PHÓ", "THỨ")
_CLOSE = 0.8
"""Share of a line's height between two lines of one title; above a name there is room to sign."""
_MOST_TITLE_LINES = 4
_GOES_ON = re.compile(r"(?:\b(?:VÀ|CỦA|CÁC|VỀ|THUỘC)|[-–,])\s*$")
"""Ends of a line that no title ends with."""
_SIGNED = re.compile(r"\bda ky\b|\bky boi\b")
_TITLE_LIKE = 80.0
"""Similarity (0 to 100) of a misread title."""


def read_signer(text: Text, rows: Sequence[Row], seen: SeenBlock | None = None) -> Signer:
    """The signer of a block's rows, from top to bottom; parts that are not recognised are None.

    seen: the lines of authority and title by the second reader, which decide. A recognised chief's title that
    nobody else saw goes to review: a seal may cover the `KT.` above it and the deputy's title below it.
    """
    read = _printed_signer(text, rows)
    page = rows[0].page if rows else 0
    if seen is not None and seen.page == page:
        return replace(settled(read, seen), name=_seen_name(read.name, seen))
    recognised = any(each.number == page and each.origin == "ocr" for each in text.pages)
    if not recognised or read.title is None or read.title.value.startswith(_DEPUTIES):
        return read
    return replace(read, title=replace(read.title, review=True))


def _seen_name(printed: Field | None, seen: SeenBlock) -> Field | None:
    """The name after both readings; one that only the second reader gave has the place of its line."""
    name = settled_name(printed, seen.name) if seen.name is not None else printed
    if name is None or seen.name is None or printed is not None:
        return name
    return replace(name, page=seen.page, boxes=(seen.name.box,))


def _printed_signer(text: Text, rows: Sequence[Row]) -> Signer:
    titled = [(row, found) for row in rows if (found := title_in(row.text)) is not None]
    authorities = [row for row in rows if _AUTHORITY.match(row.folded) and row.capitals > 0.6]
    name = _name(text, [row for row in rows if row not in authorities and row not in [r for r, _ in titled]])
    titled = [(row, found) for row, found in titled if row not in authorities]
    title = _title(text, titled, [row for row in rows if row not in authorities]) or _acting(text, authorities)
    authority = _authority(text, authorities) or _for_the_head(text, titled, title)
    return Signer(authority, title, name)


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    return tuple((fold(row["title"]), row["title"]) for row in table("positions"))


def title_in(printed: str) -> str | None:
    """The position that a line of capitals is, also with a letter or two misread;
    a deputy before his head. None for none.
    """
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
        line = _standard_spelling(" ".join(text.value[start:end].split()))
        lines.setdefault(fold(line), (line, (start, end)))
    kept = list(lines.values())[:2]
    value, spans = "; ".join(line for line, _ in kept), [span for _, span in kept]
    return field_at(text, value, (spans[0][0], spans[-1][1]), "signer.authority")


def _acting(text: Text, authorities: Sequence[Row]) -> Field | None:
    """The title of who acts in a vacant office, whose one line is authority and title: `Q. GIÁM ĐỐC`."""
    for row in authorities:
        found = _IN_OFFICE.match(row.folded)
        title = title_in(row.text[found.end() :]) if found is not None else None
        if found is not None and title is not None:
            return field_at(text, title, trimmed(text, row.start + found.end(), row.end), "signer.title")
    return None


def _for_the_head(text: Text, titled: Sequence[tuple[Row, str]], title: Field | None) -> Field | None:
    """The authority `KT.` of a deputy's title under his head's, for review: a handwritten `KT.` is seldom read."""
    if title is None or not title.value.startswith(_DEPUTIES):
        return None
    head = next(((row, said) for row, said in titled if title.value.endswith(said) and said != title.value), None)
    if head is None:
        return None
    row, said = head
    return field_at(text, f"KT. {said}", trimmed(text, row.start, row.end), "signer.deputy", review=True)


def _standard_spelling(line: str) -> str:
    """`KT.GIÁM ĐÓC` → `KT. GIÁM ĐỐC`, if what follows is a position; behind `TM.` it is a body."""
    found = re.match(r"^([A-Za-z/.]{1,4}?)\s?[.,:]\s?(.+)$", line)
    if found is None:
        return line
    word = found[1].upper()
    title = None if re.sub(r"[^A-Z]", "", word) == "TM" else title_in(found[2])
    return f"{word}. {title or found[2]}"


def _title(text: Text, titled: Sequence[tuple[Row, str]], rows: Sequence[Row]) -> Field | None:
    """The signer's own position: the last one above the name, a deputy's before his head's.

    rows: the block's rows, in which the position may go on (`CHỦ TỊCH` / `GIÁM ĐỐC SỞ GIÁO DỤC VÀ` / `ĐÀO TẠO`).
    """
    if not titled:
        return None
    deputies = [(row, title) for row, title in titled if title.startswith(_DEPUTIES)]
    row, title = (deputies or titled)[-1] if deputies else titled[0]
    if deputies and titled[0][0] is not row and not title.endswith(titled[0][1]):
        # `TRƯỞNG BAN` / `PHÓ CHỦ TỊCH`: the head of a committee with his position elsewhere.
        first = titled[0][0]
        row = first if row in _lines_of_title(first, rows) else row
    lines = _lines_of_title(row, rows) if _has_own_text(text, row.page) else [row]
    if _has_own_text(text, row.page):
        lines += _lines_above_name([found for found, _ in titled], lines[-1], rows)
    if len(lines) > 1:
        title = " ".join(line.text.strip(" .,;:*") for line in lines)
    return field_at(text, title, trimmed(text, row.start, lines[-1].end), "signer.title")


def _has_own_text(text: Text, page: int) -> bool:
    """True if a page was not recognised: print that a seal covers is never taken for a line of the title."""
    return any(each.number == page and each.origin == "text" for each in text.pages)


def _lines_above_name(titled: Sequence[Row], last: Row, rows: Sequence[Row]) -> list[Row]:
    """The rows of a second position right above the name, below the room to sign: a council's head is more.

    titled: rows of positions; last: the last row of the first one.
    """
    order = list(rows)
    second = next((row for row in titled if order.index(row) > order.index(last)), None)
    if second is None:
        return []
    lines = _lines_of_title(second, rows)
    behind = order[order.index(lines[-1]) + 1 :][:1]
    return lines if behind and name_in(behind[0]) is not None and _is_close(lines[-1], behind[0]) else []


def _is_close(above: Row, row: Row) -> bool:
    """True if a row is the next line of one paragraph."""
    if row.box is not None and above.box is not None:
        return row.box.top - above.box.bottom < _CLOSE * above.height
    return not row.loose and row.index == above.index + 1


def _lines_of_title(first: Row, rows: Sequence[Row]) -> list[Row]:
    """The rows of a position: capitals right under it that are no name, as close as lines of one paragraph."""
    lines = [first]
    for row in rows[list(rows).index(first) + 1 :]:
        above = lines[-1]
        goes_on = _GOES_ON.search(above.text.upper()) is not None
        if (
            not _is_close(above, row)
            or row.capitals < 1.0
            or _SIGNED.search(row.folded)
            or len(lines) >= _MOST_TITLE_LINES
        ):
            break
        if not goes_on and (name_in(row) is not None or title_in(row.text) is None):
            break
        lines.append(row)
    return lines


def _name(text: Text, rows: Sequence[Row]) -> Field | None:
    reads = [(read, row) for row in rows if (read := name_in(row)) is not None]
    if not reads:
        return _name_in_capitals(text, rows)
    read, row = max(reads, key=lambda pair: (pair[0].score, pair[1].index))
    sure = min(row.confidence, read.score)
    found = field_at(text, read.value, (read.start, read.end), "signer.name", sure=sure)
    return replace(found, review=read.score < 0.9 or row.confidence < _BARE_NAME)


def _name_in_capitals(text: Text, rows: Sequence[Row]) -> Field | None:
    """A name printed in capitals on a page with text of its own: three words or more, the first a surname."""
    for row in reversed(rows):
        if row.capitals < 1.0 or not _has_own_text(text, row.page) or province_named(row.text) is not None:
            continue
        spelled = replace(row, text=" ".join(word[:1] + word[1:].lower() for word in row.text.split(" ")))
        read = name_in(spelled)
        if read is not None and read.score >= _CERTAIN_NAME and read.value.count(" ") > 1:
            return field_at(text, read.value, (read.start, read.end), "signer.name", sure=read.score)
    return None
