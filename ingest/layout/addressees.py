"""The rows of `Kính gửi` (ô 9a): the addressees of a document, one line or a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from ingest.layout.opening_words import BODY, SENTENCE_END, TO, VV
from ingest.text.rows import Row

_BULLET = re.compile(r"^[\s._,'`“\"*•·:;]{0,4}[-–—~+»=]+\s?")
_CALLED = re.compile(r"^\W*\(?(?:sau day|duoi day)\s")
_SAYS = re.compile(r"[^\W_]")


def unlabelled(below: Sequence[Row], about: Row) -> tuple[Row | None, int, tuple[Row, ...]]:
    """A letter's addressees under a stamp that hid `Kính gửi`: a bulleted list in the middle, above the body."""
    for at, row in enumerate(below):
        if row.box is None or about.box is None or row.box.top < about.box.bottom or row.box.top > 0.4:
            continue
        if _BULLET.match(row.text) and 0.28 < row.box.left < 0.5:
            return row, row.start, (row, *_list_rows(row, below, at, False, True))
        if row.box.left < 0.24 and row.box.right > 0.8:
            break
    return None, 0, ()


def addressee_rows(below: Sequence[Row]) -> tuple[Row | None, int, tuple[Row, ...]]:
    """The row of `Kính gửi`, the end of its words,
    and the rows of the addressees (it may be the first of them).
    """
    for at, row in enumerate(below):
        found = TO.search(row.folded)
        if found is None or found.start() > 14 or (row.box and row.box.left > 0.56):
            continue
        to_start = row.start + found.end()
        rest = row.text[found.end() :].strip(" :;.,-–—_")
        own = (row,) if sum(char.isalpha() for char in rest) > 2 else ()
        return (
            row,
            to_start,
            (
                *own,
                *_list_rows(
                    row, below, at, bool(own), _BULLET.match(row.text[found.end() :].lstrip(" :;.")) is not None
                ),
            ),
        )
    return None, 0, ()


def _list_rows(to: Row, below: Sequence[Row], at: int, alone: bool, bulleted: bool) -> list[Row]:
    """The rows that continue the list: those with a bullet, and those that wrap."""
    taken: list[Row] = []
    before = to
    following = below[at + 1 :]
    if to.box is not None:
        following = [
            row
            for row in below
            if row is not to
            and _SAYS.search(row.text)
            and row.box
            and row.box.top > to.box.top - 0.4 * to.height
            and row.box.left > to.box.left - 0.02
        ]
        following.sort(key=lambda row: (row.box.top if row.box else 0.0, row.index))
    for row in following:
        bullet = _BULLET.match(row.text)
        if _CALLED.match(row.folded) or BODY.match(row.folded) or VV.match(row.folded):
            break
        if row.box is None:
            if not bullet and (row.loose or (not taken and not bulleted) or SENTENCE_END.search(before.text)):
                break
        elif not _goes_on(row, before, to, taken, bool(bullet), alone and not bulleted):
            break
        taken.append(row)
        before = row
    return taken


def _goes_on(row: Row, before: Row, to: Row, taken: list[Row], bullet: bool, single: bool) -> bool:
    assert row.box and before.box and to.box  # noqa: S101 - rows of a page with boxes only come here
    gap = row.box.top - before.box.bottom
    height = median([row.height, before.height, to.height])
    if gap > 1.9 * height:
        return False
    if bullet:
        return not single and row.box.left > to.box.left - 0.02
    if before.text.rstrip().endswith((".", "./")) and taken:
        return False
    indent = taken[-1].box.left if taken and taken[-1].box else to.box.left + 0.06
    return (
        row.box.left > to.box.left + 0.03
        and row.box.left >= indent - 0.02
        and (bool(taken) or not single or row.box.left > 0.3)
    )
