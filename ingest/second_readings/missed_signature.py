"""Second look at a signature block without a name: a seal or signature over print makes it pass for a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.rectangle import Rect
from ingest.ocr.column_sheet import ColumnSheet
from ingest.ocr.engines import BLOCK, OcrEngine
from ingest.ocr.words import Line, Token, moved

_INK = 140
_EDGE = 20
"""Px of paper around the crop."""
_COVERED = 0.4
"""Least overlap of two lines that are the same print, as a share of the lower one's height."""
_SURE, _LEAST = 0.6, 0.4
"""Least mean confidence of a line, and least confidence of each of its words."""


def with_missed(
    found: Sequence[Line], sheet: ColumnSheet, engine: OcrEngine, *, dpi: float, timeout: float
) -> tuple[Line, ...]:
    """Add the lines of the signature block that are found only when it is read by itself."""
    foot = sheet.placed[-1]
    if foot.piece.left is None or foot.piece.cell != "page":
        return tuple(found)
    others = [line for line in found if line.bottom <= foot.at]
    own = [line for line in found if line.bottom > foot.at]
    if any(is_name(line) for line in own):
        return tuple(found)
    seen = _read_again(sheet, foot.at, engine, dpi, timeout)
    extra = [
        line for line in map(_sound, seen) if line is not None and not any(_covers(o.rect, line.rect) for o in own)
    ]
    if not extra:
        return tuple(found)
    block = max((line.block for line in found), default=0) + 1
    merged = sorted((*own, *extra), key=lambda line: line.top)
    return (*others, *(replace(line, block=block) for line in merged))


def is_name(line: Line) -> bool:
    """True if a line reads like a person's name: two to five words, each with one capital at its beginning."""
    words = [word for word in line.words if word.text.isalpha()]
    return 2 <= len(words) == len(line.words) <= 5 and all(
        w.text.istitle() and w.confidence > _LEAST for w in words
    )


def _read_again(sheet: ColumnSheet, top: int, engine: OcrEngine, dpi: float, timeout: float) -> list[Line]:
    import numpy as np

    strip = sheet.image[top:]
    dark = strip < _INK
    columns, rows = np.flatnonzero(dark.sum(axis=0) > 1), np.flatnonzero(dark.sum(axis=1) > 1)
    if not len(columns) or not len(rows):
        return []
    left, up = max(int(columns[0]) - _EDGE, 0), max(int(rows[0]) - _EDGE, 0)
    crop = np.ascontiguousarray(strip[up : int(rows[-1]) + _EDGE, left : int(columns[-1]) + _EDGE])
    return [moved(line, left, top + up) for line in engine.recognise(crop, dpi=dpi, psm=BLOCK, timeout=timeout)]


def _sound(line: Line) -> Line | None:
    """Words of a line that are print; None if the line is only seal and strokes."""
    words = [word for word in line.words if _is_word(word)]
    letters = sum(len(word.text) for word in words)
    sure = sum(len(word.text) * word.confidence for word in words) / max(letters, 1)
    return replace(line, words=tuple(words)) if len(words) >= 2 and sure >= _SURE else None


def _is_word(word: Token) -> bool:
    bare = word.text.strip(".,:;'\"“”*-_|")
    return len(bare) >= 2 and bare.isalpha() and (bare.istitle() or bare.isupper()) and word.confidence >= _LEAST


def _covers(one: Rect, other: Rect) -> bool:
    """True if two lines overlap."""
    return one.shared_width(other) > 0 and one.same_line(other, _COVERED)
