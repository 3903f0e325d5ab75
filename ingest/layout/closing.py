"""The parts below the body: `Nơi nhận` at the left (ô 9b) and the signer at the right (ô 7a, 7b).

The document's own closing is the first one; attachments or a copy's block after it have closings of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.text.rows import Row

_RECIPIENTS = re.compile(r"\bn[oaeu0][it1l]\s?nh[aâeo]n\b|^\W*n[oa]inhan\b|^\W{0,4}noi n\w{2,4}\s?[:;]")
_KEPT = re.compile(r"^\W*l[uư]u\b|^\W{0,6}l[uư]u[\s:.]|^\W{0,5}[li1]uu\s?[:v]")
BULLET = re.compile(r"^[\s._,'`“\"*•·:;^¬°]{0,5}[-–—~+»=]+[\s_.,'`]*|^\W{1,6}(?=Lưu)")
_ENDED = re.compile(r"\w{2,}\s?\)?\s?\.\W*$")
"""The end of the list: a line after `Lưu: VT.` is the drafter's mark, not a copy."""
_NOISE = re.compile(r"^[\W\d_]*$")
_ABOVE, _DOWN = 0.045, 0.34
"""Reach of the signature block above and below the words `Nơi nhận`, in shares of the page's height."""
_MOST_ROWS = 40
"""Rows of a list of recipients."""


@dataclass(frozen=True, slots=True)
class Closing:
    """`label` is the row of `Nơi nhận`; `recipients` the rows of the list;
    `signature` those of the right column.
    """

    label: Row | None = None
    recipients: tuple[Row, ...] = ()
    signature: tuple[Row, ...] = ()


def closing_of(rows: Sequence[Row], first: int = 0) -> Closing:
    """The first closing among the rows from index `first` on."""
    rows = [row for row in rows if row.index >= first]
    label = next((row for row in rows if is_label(row)), None)
    bare = _without_label(rows if label is None else [row for row in rows if row.page < label.page])
    if label is None or len(bare.recipients) > 2:
        return bare
    listed = _list_below(rows, label)
    return Closing(label, tuple(listed), tuple(_signature(rows, label, listed)))


def is_label(row: Row) -> bool:
    """True if the row has the label `Nơi nhận`."""
    found = _RECIPIENTS.search(row.folded)
    return (
        found is not None and found.start() < 6 and len(row.text) < 40 and (row.box is None or row.box.left < 0.4)
    )


def is_kept(row: Row) -> bool:
    """True if the row is the list's last item, the copy that is filed (`Lưu: VT`)."""
    return _KEPT.match(row.folded) is not None


def _without_label(rows: Sequence[Row]) -> Closing:
    """A closing whose `Nơi nhận` was not read, found by a bulleted list at the left that ends in `Lưu`."""
    kept = next(
        (
            row
            for row in rows
            if _KEPT.match(row.folded) and (row.box is None or row.box.left < 0.3) and len(row.text) < 60
        ),
        None,
    )
    if kept is None:
        return Closing()
    above = [row for row in rows if row.page == kept.page and row.index < kept.index and _in_column(row, kept)]
    listed, below = [kept], kept
    for row in reversed(above):
        if not BULLET.match(row.text) or _gap(row, below) > 0.03:
            break
        listed.insert(0, row)
        below = row
    return Closing(None, tuple(listed), tuple(_signature(rows, listed[0], listed)))


def _in_column(row: Row, label: Row) -> bool:
    if row.box is None or label.box is None:
        return row.box is None
    return row.box.left < label.box.left + 0.09 and row.box.right < 0.62


def _gap(upper: Row, lower: Row) -> float:
    return lower.box.top - upper.box.bottom if upper.box and lower.box else 0.0


def _list_below(rows: Sequence[Row], label: Row) -> list[Row]:
    """The rows of the list under its label, down to `Lưu` and its wrapped lines."""
    taken: list[Row] = []
    before, kept = label, False
    for row in _column(rows, label):
        if _NOISE.match(row.text) or len(taken) >= _MOST_ROWS:
            continue
        gap = _gap(before, row)
        if gap > (0.035 if before is label else 0.028) or (
            row.box is None and row.capitals > 0.9 and not BULLET.match(row.text)
        ):
            break
        if kept and (
            BULLET.match(row.text)
            or _ENDED.search(taken[-1].text)
            or row.loose
            or gap > 0.012
            or row.height > 1.5 * taken[-1].height + 0.002
            or row.confidence < 0.5
        ):
            break
        taken.append(row)
        kept = kept or bool(_KEPT.match(row.folded))
        before = row
    return taken


def _column(rows: Sequence[Row], label: Row) -> list[Row]:
    if label.box is None:
        return [row for row in rows if row.index > label.index][:_MOST_ROWS]
    same = [row for row in rows if row.page == label.page and row is not label and _in_column(row, label)]
    same = [row for row in same if row.box and row.box.top > label.box.top + 0.3 * label.height]
    return sorted(same, key=lambda row: row.box.top if row.box else 0.0)


def _signature(rows: Sequence[Row], label: Row, listed: Sequence[Row]) -> list[Row]:
    """The rows of the signature block, from top to bottom."""
    if label.box is None:
        last = listed[-1].index if listed else label.index
        after = [row for row in rows if last < row.index <= last + 8 and row.page - label.page <= 1]
        if any(row.capitals > 0.8 for row in after):
            return after
        return [row for row in rows if label.index - 7 <= row.index < label.index]
    height = median([row.height for row in listed] or [label.height])
    found = [
        row
        for row in rows
        if row.page == label.page
        and row.box
        and label.box.top - _ABOVE < row.box.top < label.box.top + _DOWN
        and row.middle > 0.5
        and row.box.left > 0.4
        and row.height > 0.4 * height
    ]
    return sorted(found, key=lambda row: row.box.top if row.box else 0.0)
