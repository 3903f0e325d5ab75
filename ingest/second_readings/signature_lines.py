"""Lines of authority, title and name (ô 7a, 7b) by the second reader, under seal, pen and a stamped `PHÓ …`.

Each line is compared, with all its ink, with the texts that such a line may have (`GIÁM ĐỐC`, `KT. GIÁM ĐỐC`, `PHÓ
GIÁM ĐỐC`): the letters `KT.` are often written by pen and the deputy's title stamped in red, which a reading of
print alone leaves out. The name's line is compared with the name that was read, with each surname before it:
surnames are often under the rim of a seal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Box, Page
from ingest.fields.authority import SeenBlock, SeenLine, line_texts
from ingest.fields.signer_name import SeenName, likeliest, name_in, with_surnames
from ingest.imaging.pixels import darkest
from ingest.second_readings.signature_block import region_of
from ingest.text.rows import Row

if TYPE_CHECKING:
    from corpus.rectangle import Rect
    from ingest.imaging.pixels import Image
    from ingest.ocr.words import Line, Recognised
    from ingest.secondreader.lexicon import Match
    from ingest.secondreader.reader import SecondReader

_UP, _DOWN = 0.015, 0.09
"""Shares of the page's height: authority and title are this near to the block's top."""
_LINE_MM, _STEP_MM = 4.8, 0.5
"""Height of the picture of one line, and step of the search for its place."""
_CORE, _RIM = (0.2, 0.8), 0.12
"""Parts of a line's height: the range of its letters, and the rims above and below that should be empty."""
_APART = 0.45
"""Least distance of two lines' pictures, in heights: a stamped title may touch the line above it."""
_MOST = 4
"""Number of lines examined."""
_SURNAME, _COLOURED, _KEPT = 3.2, 3, 4
"""Room for a surname before the name that was read, in heights of a line; array dimensions of a colour picture;
readings kept.
"""
_INK = 140
_GAP, _ASIDE, _LEAST_WIDE = 1.6, 0.25, 1.5
"""In heights: gap between columns, paper at the ends, and narrowest line."""
_ONE_LINE, _TWO_LINES, _PITCH = 1.5, 2.6, 0.9
"""In heights: greatest distance of the next line and of the one after it, and assumed distance of an invisible
next line.
"""
_WHOLE = 0.0
"""A line with a better fit needs no second look."""
_CLEAR = -2.0
"""A line whose best text fits better than this is a line of authority or title."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """Place of one line in the block, px of it."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Picture of the block and its reader.

    `ink` has all ink, `without_red` none of the red (None on a grey scan); `line` is the height of a line, px.
    """

    ink: Image
    without_red: Image | None
    line: float
    second: SecondReader

    def look(self, strip: _Strip) -> tuple[Match, ...]:
        """Possible texts of a line, with all its ink or without the red of a seal, whichever fits better."""
        read = self._look(self.ink, strip)
        if self.without_red is None or (read and read[0].fit > _WHOLE):
            return read
        other = self._look(self.without_red, strip)
        return max(read, other, key=lambda each: each[0].fit if each else -math.inf)

    def _look(self, picture: Image, strip: _Strip) -> tuple[Match, ...]:
        return self.second.among(picture[strip.top : strip.bottom, strip.left : strip.right], line_texts())


_Seen = tuple[_Strip, "tuple[Match, ...]"]


def title_lines(found: Recognised, region: Rect, second: SecondReader) -> tuple[SeenLine, ...]:
    """Lines of the block that look like authority or title, from the top, each with its possible texts, best
    first.
    """
    import numpy as np

    height, _ = found.page.size
    line = _LINE_MM * found.dpi / 25.4
    left, begin, right, end = region.whole()
    top, bottom = max(0, begin - round(_UP * height)), min(end, begin + round(_DOWN * height))
    if bottom - top < 2 * line:
        return ()
    picture = found.page.cut(left, top, right, bottom)
    red = np.ascontiguousarray(picture[..., 0]) if picture.ndim == 3 else None
    block = _Block(darkest(picture), red, line, second)
    tops = _tops(block)
    head = next((seen for at in tops for seen in _clear(block, at)), None)
    if head is None:
        return ()
    return tuple(
        SeenLine(read, _box(strip, left, top, found.page.size))
        for strip, read in sorted([head, *_near(block, head, tops)], key=lambda pair: pair[0].top)
    )


def _clear(block: _Block, top: int) -> Iterator[_Seen]:
    """The line at this height, if it fits one of the texts."""
    strip = _strip(block, top)
    if strip is not None:
        read = block.look(strip)
        if read and read[0].fit > _CLEAR:
            yield strip, read


def _near(block: _Block, head: _Seen, tops: Sequence[int]) -> Iterator[_Seen]:
    """Lines above and below a clear one, assumed as wide as it, since the seal's rim is at the left of those
    below.

    If no line is visible right below it, the place is examined all the same: a seal may hide a deputy's title.
    """
    strip, line = head[0], block.line
    left = max(0, strip.left - round(line / 2))
    right = min(block.ink.shape[1], strip.right + round(line / 2))
    above, below = _reach(head[1][0].text)
    near = [top for top in tops if -above * line < top - strip.top < -_APART * line]
    near += [top for top in tops if _APART * line < top - strip.top < below * line]
    if not any(top > strip.top for top in near):
        near.append(strip.top + round(_PITCH * line))
    for top in near:
        other = _Strip(top, top + round(line), left, right)
        if other.bottom <= block.ink.shape[0]:
            read = block.look(other)
            if read:
                yield other, read


def _reach(text: str) -> tuple[float, float]:
    """Reach above and below a line of those that belong to it, in heights: `TM. …` opens a block, a deputy's
    title ends it.
    """
    if text.startswith("TM. "):
        return 0.0, _TWO_LINES
    return (_TWO_LINES, _ONE_LINE) if text.startswith(("PHÓ ", "THỨ ")) else (_ONE_LINE, _ONE_LINE)


def _tops(block: _Block) -> list[int]:
    """Tops of lines: heights with many strokes in a line's middle and few at its rims, the clearest first."""
    import numpy as np

    dark, line = block.ink < _INK, block.line
    strokes = (dark[:, 1:] & ~dark[:, :-1]).sum(axis=1).astype(float)
    sums = np.concatenate([[0.0], np.cumsum(strokes)])
    core, rim, high = [round(part * line) for part in _CORE], round(_RIM * line), round(line)
    found: list[tuple[float, int]] = []
    for top in range(0, len(dark) - high, max(2, round(_STEP_MM * line / _LINE_MM))):
        middle = (sums[top + core[1]] - sums[top + core[0]]) / (core[1] - core[0])
        edges = (sums[top + rim] - sums[top] + sums[top + high] - sums[top + high - rim]) / (2 * rim)
        if middle > edges:
            found.append((float(middle - edges), top))
    picked: list[int] = []
    for _, top in sorted(found, reverse=True):
        if len(picked) < _MOST and all(abs(top - other) > _APART * line for other in picked):
            picked.append(top)
    return picked


def _strip(block: _Block, top: int) -> _Strip | None:
    """Widest run of ink at this height that doesn't reach in from the left, as the body or the list does."""
    import numpy as np

    line, (_, width) = block.line, block.ink.shape
    core = block.ink[top + round(_CORE[0] * line) : top + round(_CORE[1] * line)] < _INK
    columns = np.flatnonzero(core.sum(axis=0) > 1)
    if not len(columns):
        return None
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > _GAP * line) + 1)
    runs = [run for run in runs if run[0] > _ASIDE * line and run[-1] - run[0] > _LEAST_WIDE * line]
    if not runs:
        return None
    run, aside = max(runs, key=lambda run: int(run[-1] - run[0])), round(_ASIDE * line)
    return _Strip(top, top + round(line), max(0, int(run[0]) - aside), min(width, int(run[-1]) + aside))


def _box(strip: _Strip, left: int, top: int, size: tuple[int, int]) -> Box:
    height, width = size
    return Box(
        (left + strip.left) / width,
        (top + strip.top) / height,
        (left + strip.right) / width,
        (top + strip.bottom) / height,
    )


def name_line(lines: Sequence[Line], found: Recognised, region: Rect, second: SecondReader) -> SeenName | None:
    """The line most like a name, with its possible texts; None if no line of the block is like one."""
    import numpy as np

    inside = [line for line in lines if region.left < (line.left + line.right) / 2 < region.right]
    inside = [line for line in inside if region.top < (line.top + line.bottom) / 2 < region.bottom]
    reads = [(read, line) for line in inside if (read := name_in(_row(line))) is not None]
    if not reads:
        return None
    read, line = max(reads, key=lambda pair: pair[0].score)
    height, (down, across) = _LINE_MM * found.dpi / 25.4, found.page.size
    left, right = max(0, round(line.left - _SURNAME * height)), min(across, round(line.right + height / 2))
    top, bottom = max(0, round(line.top - height / 8)), min(down, round(line.bottom + height / 8))
    picture = found.page.cut(left, top, right, bottom)
    pictures = [darkest(picture)]
    if picture.ndim == _COLOURED:
        pictures.append(np.ascontiguousarray(picture[..., 0]))
    texts = with_surnames(read.value)
    seen = [match for each in pictures if (match := second.among(each, texts, _own_name))]
    best = max(seen, key=lambda match: match[0].fit, default=())
    box = Box(left / across, top / down, right / across, bottom / down)
    first = read.value.split()[0]
    sure = max((word.confidence for word in line.words if word.text == first), default=0.0)
    kept = likeliest(read.value, best)[:_KEPT]
    return SeenName(read.value, kept, box, sure) if kept else None


def _own_name(text: str) -> tuple[str, ...]:
    """The name in the second reader's own reading: it may have another given name than OCR's."""
    read = name_in(Row(text, 0, len(text), 1, 0))
    return (read.value,) if read is not None else ()


def _row(line: Line) -> Row:
    return Row(line.text, 0, len(line.text), 1, 0)


def block_lines(
    found: Recognised, better: Recognised, page: Page, second: SecondReader | None
) -> SeenBlock | None:
    """Block of a page's closing by the second reader; None without one, or on a page without a closing.

    found: the page as first recognised, matching `page`; better: with its block read again.
    """
    region = region_of(page, found.page.size)
    if second is None or region is None:
        return None
    name = name_line(better.lines, found, region, second)
    return SeenBlock(page.number, title_lines(found, region, second), name)
