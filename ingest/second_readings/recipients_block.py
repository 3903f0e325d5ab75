"""Second look at the list of recipients (Nơi nhận, ô 9b), of which a seal or pen nearby may hide lines.

Recognition of a whole page takes a list near a seal for part of a drawing and drops lines; read by itself, without
coloured ink, the column is plain. Of each line the better reading is used, if the two contain more of a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Box, Page
from corpus.rectangle import Rect
from ingest.fields.signer import title_in
from ingest.imaging.pixels import lightest
from ingest.layout.closing import BULLET, Closing, closing_of, is_kept
from ingest.ocr.engines import BLOCK
from ingest.ocr.page_text import page_of
from ingest.ocr.words import Line, moved
from ingest.second_readings.signature_block import is_inside, resize, split_at
from ingest.second_readings.spliced_lines import merged, spliced
from ingest.text.document_text import Text
from ingest.text.rows import Row, rows_of

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image
    from ingest.ocr.engines import OcrEngine
    from ingest.ocr.words import Recognised

_LEFT, _RIGHT_LEAST, _RIGHT_MOST = 0.04, 0.42, 0.58
_EDGE = 0.012
"""Shares of the width: left edge of the column, range of its right edge, and blank before the text to its
right.
"""
_UP, _DOWN, _LAST = 0.24, 0.3, 0.03
"""Shares of the height: reach of the list above its `Lưu`, below its label, and room for lines wrapped below
`Lưu`.
"""
_CLEAR = 0.8
"""Least confidence of a line that needs no second look."""
_HOLE = 1.75
"""Distance of two lines, in usual line steps, above which one is missing between them."""
_READ_DPI = 300.0


def look_again(found: Recognised, page: Page, engine: OcrEngine, settings: Settings) -> Recognised | None:
    """The page with a better reading of its list; None without a list, or if it was read completely and
    clearly.
    """
    rows = rows_of(Text.of_pages((page,)))
    closing = closing_of(rows)
    if _is_whole(closing):
        return None
    region = _region(rows, closing, found.page.size)
    if region is None:
        return None
    found = replace(found, lines=split_at(found.lines, region, region.right))
    first = [line for line in found.lines if is_inside(line, region)]
    again = _read(found.page.cut(*region.whole()), region, found, engine, settings)
    better = replace(found, lines=spliced(found.lines, first, merged(first, again), region))
    listed = closing_of(rows_of(Text.of_pages((page_of(better, page.number),))))
    return better if _list_score(listed) > _list_score(closing) else None


def _is_whole(closing: Closing) -> bool:
    """True if the list has its label and its `Lưu`, no missing line, and every line was clear."""
    listed = closing.recipients
    if closing.label is None or not listed or not any(is_kept(row) for row in listed):
        return False
    return not _holes((closing.label, *listed)) and all(row.confidence >= _CLEAR for row in listed)


def _holes(rows: Sequence[Row]) -> int:
    """Number of lines missing in a list, judged by the usual step from line to line."""
    tops = [row.box.top for row in rows if row.box]
    steps = [lower - upper for upper, lower in pairwise(tops)]
    usual = min((step for step in steps if step > 0), default=0.0)
    return sum(step > _HOLE * usual for step in steps) if usual else 0


def _list_score(closing: Closing) -> float:
    """Score of a list: its items, `Lưu` and label by their confidence, less the missing lines."""
    listed = [row for row in closing.recipients if BULLET.match(row.text)]
    kept = any(is_kept(row) for row in closing.recipients)
    clear = sum(row.confidence for row in listed)
    return clear + 0.3 * kept + 0.3 * (closing.label is not None) - 0.5 * _holes(closing.recipients)


def _region(rows: Sequence[Row], closing: Closing, size: tuple[int, int]) -> Rect | None:
    """Region of the list in px: from its label, or the body's last line, down to the lines wrapped from `Lưu`."""
    kept = next((row.box for row in closing.recipients if is_kept(row) and row.box), None)
    top = _top(rows, closing, kept)
    if top is None:
        return None
    bottom = kept.bottom + _LAST if kept is not None else top + _DOWN
    beside = [
        row.box.left
        for row in rows
        if row.box and row.box.left > _RIGHT_LEAST and row.confidence > _CLEAR and top < row.box.top < bottom
    ]
    right = min(min(beside, default=0.5) - _EDGE, _RIGHT_MOST)
    height, width = size
    return Rect(int(_LEFT * width), int(top * height), int(right * width), int(min(bottom, 1.0) * height))


def _top(rows: Sequence[Row], closing: Closing, kept: Box | None) -> float | None:
    """Top of the list: at its label; without one, level with the signing title, but below the body."""
    if closing.label is not None and closing.label.box is not None:
        return max(closing.label.box.top - _EDGE, 0.0)
    signs = [
        row.box.top
        for row in rows
        if row.box and row.box.left > _RIGHT_LEAST and row.capitals > 0.8 and title_in(row.text) is not None
    ]
    body = max((row.box.bottom for row in rows if _is_across(row) and row.box), default=0.0)
    if kept is not None:
        signs = [top for top in signs if kept.top - _UP < top <= kept.top]
        return max(min(signs, default=kept.top - _UP) - _EDGE, body if body < kept.top else 0.0)
    below = [top for top in signs if top > body - _EDGE and body > 0]
    return min(below) - _EDGE if below else None


def _is_across(row: Row) -> bool:
    """True if it is a line of the body: it begins at the left and reaches over the list's column."""
    return row.box is not None and row.box.left < 0.3 and row.box.right > _RIGHT_MOST


def _read(crop: Image, region: Rect, found: Recognised, engine: OcrEngine, settings: Settings) -> list[Line]:
    """Lines of the column from top to bottom, in the page's pixels."""
    scale = _READ_DPI / found.dpi
    grey = lightest(crop) if crop.ndim == 3 else crop
    lines = engine.recognise(resize(grey, scale), dpi=_READ_DPI, psm=BLOCK, timeout=settings.page_seconds)
    read = [moved(line, region.left * scale, region.top * scale, scale) for line in lines if line.words]
    return _of_print(read)


def _of_print(lines: Sequence[Line]) -> list[Line]:
    """Remove specks: lines much taller than the rest, or without a confident word."""
    usual = median([line.bottom - line.top for line in lines]) if lines else 0.0
    return [
        line
        for line in lines
        if max(word.confidence for word in line.words) > 0.5 and line.bottom - line.top < 2.2 * usual
    ]
