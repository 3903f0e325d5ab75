"""Second look at the signature block (ô 7a, 7b) on the page's image: seal and pen cover its print.

Coloured ink is removed if the scan has colour; the block is then read by itself, without the list at its left, and
its lines replace those of the first reading if they say more about the signer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Page
from corpus.rectangle import Rect
from ingest.fields.signer import title_in
from ingest.fields.signer_name import name_in
from ingest.imaging.deskew import LevelledPage
from ingest.imaging.pixels import darkest, lightest
from ingest.layout.closing import Closing, closing_of
from ingest.ocr.engines import ONE_LINE, SPARSE
from ingest.ocr.tone_marks import is_unseen
from ingest.ocr.words import Line, moved, parted
from ingest.second_readings.spliced_lines import is_print, spliced
from ingest.text.document_text import Text
from ingest.text.rows import Row, rows_of

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image
    from ingest.ocr.engines import OcrEngine
    from ingest.ocr.words import Recognised

_LEFT, _ABOVE, _DOWN = 0.45, 0.03, 0.26
_LIST_EDGE = 0.012
_ENOUGH = 2.9
_WHOLE_NAME = 0.93
_UNSEEN = 0.88
"""Factor on the score of a name with a syllable that is in no text: another crop may give `Hồng` for `Hễng`."""
_RISING = -4.5
"""Degrees."""
_BANDS, _FIRST_BAND, _BAND_STEP = 14, 0.045, 0.008
_BAND_HEIGHT, _BAND_HALF = 0.026, 0.13
"""Shares of the page: names are 12 to 40 mm below the position, centred on it."""
_LEAST_HEIGHT = 12
_REACHES = (0.3, 1.3, 2.0, 3.0, 4.5)
_BOLD, _STROKES = (6,), (1, 5, 9)
"""Widths in px of strokes, on a strip of twice the size."""
_READ_DPI = 300.0


def look_again(found: Recognised, page: Page, engine: OcrEngine, settings: Settings) -> Recognised | None:
    """The page with a better reading of its signature block; None if the page has no closing."""
    region = region_of(page, found.page.size)
    if region is None:
        return None
    found = replace(found, lines=split_at(found.lines, region, region.left))
    first = [line for line in found.lines if is_inside(line, region)]
    best = _best_of(first, found, region, engine, settings)
    return replace(found, lines=spliced(found.lines, first, [line for line in best if _is_content(line)], region))


def region_of(page: Page, size: tuple[int, int]) -> Rect | None:
    """Region of the closing's block on the page's image (size: height, width in px); None without a closing."""
    return _region(closing_of(rows_of(Text.of_pages((page,)))), size)


def _best_of(
    first: list[Line], found: Recognised, region: Rect, engine: OcrEngine, settings: Settings
) -> list[Line]:
    """Best lines of the block: read whole by kind of ink, then the name's own strip by thickness of stroke."""
    best, told = first, _signer_score(first)
    block = _cut(found.page, region)
    for crop in (*_inks(block), *_strokes(block, _BOLD), _turn(block)):
        if told >= _ENOUGH:
            return best
        lines = _read(crop, region, found.dpi, engine, settings)
        if _signer_score(lines) > told:
            best, told = lines, _signer_score(lines)
    named = [line for line in best if _name_score(line) > 0] or _sweep(best, found, engine, settings)
    if told >= _ENOUGH or not named:
        return best
    best = [*best, *(line for line in named if line not in best)]
    return _name_read_again(best, max(named, key=_name_score), found, engine, settings)


def _sweep(lines: Sequence[Line], found: Recognised, engine: OcrEngine, settings: Settings) -> list[Line]:
    """Possible name lines, from bands below the position, for a name so covered that no line is detected."""
    titled = [line for line in lines if title_in(line.text) is not None]
    if not titled:
        return []
    title = max(titled, key=lambda line: line.bottom)
    (height, width), middle = found.page.size, (title.left + title.right) / 2
    bands: list[Rect] = []
    for step in range(_BANDS):
        top = title.bottom + (_FIRST_BAND + step * _BAND_STEP) * height
        band = Rect(
            max(0, int(middle - _BAND_HALF * width)),
            int(top),
            int(middle + _BAND_HALF * width),
            min(height, int(top + _BAND_HEIGHT * height)),
        )
        if band.bottom - band.top < _LEAST_HEIGHT:
            break
        bands.append(band)
    crops = [crop for band in bands for crop in _strokes(_cut(found.page, band), _BOLD)]
    read = _read_each(crops, bands, found.dpi, engine, settings)
    best = max(read, key=_name_score, default=None)
    return [best] if best is not None and _name_score(best) > 0 else []


def _name_read_again(
    best: list[Line], line: Line, found: Recognised, engine: OcrEngine, settings: Settings
) -> list[Line]:
    """Read the name's line again from strips that reach further and further left, under the seal, until it is
    whole.
    """
    others = [other for other in best if other is not line]
    score = _name_score(line)
    for reach in _REACHES:
        strip = _strip_of(line, reach, found.page.size)
        crops = list(_strokes(_cut(found.page, strip), _STROKES))
        for again in _read_each(crops, [strip] * len(crops), found.dpi, engine, settings):
            if _name_score(again) > score:
                best, score = [*others, again], _name_score(again)
        if score >= _WHOLE_NAME:
            return best
    return best


def _strip_of(line: Line, reach: float, size: tuple[int, int]) -> Rect:
    """Strip of a name's line, extended at the left by `reach` heights of the line."""
    height = line.bottom - line.top
    left, right = line.left - reach * height, line.right + 0.8 * height
    top, bottom = line.top - 0.15 * height, line.bottom + 0.2 * height
    return Rect(max(0, int(left)), max(0, int(top)), min(size[1], int(right)), min(size[0], int(bottom)))


def _region(closing: Closing, size: tuple[int, int]) -> Rect | None:
    """Region of the block: right of the list of recipients, from a little above it."""
    rows = [row for row in (closing.label, *closing.recipients) if row is not None and row.box is not None]
    if not rows:
        return None
    height, width = size
    top = min(row.box.top for row in rows if row.box) - _ABOVE
    right = max((row.box.right for row in rows if row.box and row.box.right < 0.55), default=0.4)
    left = max(_LEFT, right + _LIST_EDGE) if right < 0.5 else 0.5
    bottom = min(1.0, top + _DOWN)
    return Rect(int(left * width), max(0, int(top * height)), int(0.97 * width), int(bottom * height))


def split_at(lines: Sequence[Line], region: Rect, edge: float) -> tuple[Line, ...]:
    """Split the lines at the region's height at its edge: a line across both columns loses neither part."""
    return tuple(
        part
        for line in lines
        for part in (parted(line, edge) if region.top < (line.top + line.bottom) / 2 < region.bottom else (line,))
    )


def is_inside(line: Line, region: Rect) -> bool:
    """True if the middle of the line lies in the region."""
    across, down = line.rect.middle
    return region.left < across < region.right and region.top < down < region.bottom


def _is_content(line: Line) -> bool:
    """True if a line is a position, a name, or print; the rest of a block is seal and pen."""
    return title_in(line.text) is not None or _name_score(line) > 0 or is_print(line)


def _signer_score(lines: Sequence[Line]) -> float:
    """Score of lines about the signer: a name counts 2 at best, a position 1."""
    titled = any(title_in(line.text) is not None for line in lines)
    return 2.1 * max((_name_score(line) for line in lines), default=0.0) + titled


def _name_score(line: Line) -> float:
    """Confidence that a line is a person's name (0 to 1)."""
    sure = sum(word.confidence for word in line.words) / len(line.words)
    read = name_in(Row(line.text, 0, len(line.text), 1, 0, None, sure))
    if read is None:
        return 0.0
    rare = any(is_unseen(word) for word in read.value.split())
    return read.score * (0.85 + 0.15 * sure) * (_UNSEEN if rare else 1.0)


def _cut(page: LevelledPage, region: Rect) -> Image:
    return page.cut(*region.whole())


def _inks(crop: Image) -> list[Image]:
    """Versions of the block to read: without coloured ink; red ink alone, for stamped names; all ink."""
    import numpy as np

    if crop.ndim == 2:
        return [crop]
    high, low = lightest(crop), darkest(crop)
    red = crop[..., 0].astype(np.int16) - np.minimum(crop[..., 1], crop[..., 2])
    return [
        high,
        np.asarray(255 - np.clip(red * 2, 0, 255), np.uint8),
        low,
    ]


def _turn(block: Image) -> Image:
    """Bold strokes of the block turned by a few degrees: names are stamped by hand, mostly rising to the right."""
    import cv2
    import numpy as np

    bold = next(_strokes(block, _BOLD))
    height, width = bold.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), _RISING, 1.0)
    return np.asarray(cv2.warpAffine(bold, turn, (width, height), borderValue=255), np.uint8)


def _strokes(strip: Image, sizes: Sequence[int]) -> Iterator[Image]:
    """The strip without strokes thinner than a stamped or bold name's: pen lines and a seal's rings disappear."""
    import cv2
    import numpy as np

    grey = darkest(strip)
    large = np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    for size in sizes:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        kept = np.asarray(cv2.morphologyEx(large, cv2.MORPH_CLOSE, disc), np.uint8)
        yield np.asarray(cv2.resize(kept, grey.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _read(crop: Image, region: Rect, dpi: float, engine: OcrEngine, settings: Settings) -> list[Line]:
    """Words anywhere in a block, in the page's pixels."""
    scale = _READ_DPI / dpi
    lines = engine.recognise(resize(crop, scale), dpi=_READ_DPI, psm=SPARSE, timeout=settings.page_seconds)
    return [moved(line, region.left * scale, region.top * scale, scale) for line in lines if line.words]


def _read_each(
    crops: Sequence[Image], regions: Sequence[Rect], dpi: float, engine: OcrEngine, settings: Settings
) -> list[Line]:
    """Lines of crops with one line each, in the page's pixels."""
    if not crops:
        return []
    scale = _READ_DPI / dpi
    large = [resize(crop, scale) for crop in crops]
    read = engine.recognise_each(large, dpi=_READ_DPI, psm=ONE_LINE, timeout=settings.page_seconds)
    pairs = zip(regions, read, strict=True)
    return [
        moved(line, region.left * scale, region.top * scale, scale)
        for region, lines in pairs
        for line in lines
        if line.words
    ]


def resize(crop: Image, scale: float) -> Image:
    """Scale a crop, so that its letters have the height that recognition reads best."""
    import cv2
    import numpy as np

    if scale == 1:
        return crop
    return np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
