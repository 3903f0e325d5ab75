"""Text layer of a PDF page as people see it: words in reading order, each with its box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.document import Box, Page, Word
from ingest.files import legacy_encoding
from ingest.files.page import DrawnWord, Pen
from ingest.files.pdf_appearances import Appearance
from ingest.files.pdf_letters import letters_of, turned_edges, upright
from ingest.files.pdf_lines import Printed, segments_of, slanted_words, words_of
from ingest.files.pdf_tables import Ruled, ruled_tables
from ingest.text.reading_order import in_reading_order

_RAISED = str.maketrans("0123456789()[]*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾*")
"""Superscript figures are footnote marks: as Unicode superscripts they become part of no number."""
_SOFT_HYPHEN = "\u00ad"
_INVISIBLE = 3
"""FPDF_TEXTRENDERMODE_INVISIBLE: recognition programs lay text under a scan in it."""
_MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Layer:
    """Text of a page and its oddities.

    `broken`: share of glyphs without meaning; `drawn`: words that annotations draw; `aslant`: text of watermarks
    across the page, which is no part of its text.
    """

    page: Page
    broken: float
    fonts: tuple[str, ...]
    """Name of the font of each word's first letter."""
    drawn: tuple[DrawnWord, ...] = ()
    aslant: str = ""


def read_layer(page: Any, number: int, drawn: Sequence[Appearance] = ()) -> Layer | None:
    """Text of a pdfplumber page in reading order (NFC), old encodings unconverted; None without text.

    drawn: appearances of annotations on this page; each is one word at its place. Raises ValueError for a layer of
    absurd length.
    """
    letters = letters_of(page)
    turn = letters.turn
    letters = upright(letters)
    words = [*words_of(letters), *(_print_of(appearance, turn) for appearance in drawn)]
    if not words:
        return None
    shape = letters.wide / letters.high
    lines = [line for block in _blocks(words, page, turn, shape) for line in block]
    count = sum(len(word.text) for word in words)
    fonts = tuple(word.font for line in lines for word in line)
    joined = _join(lines, number, (360 - turn) % 360)
    share = letters.broken / max(count + letters.broken, 1)
    return Layer(joined, share, fonts, drawn_words(drawn, turn), slanted_words(letters))


def _print_of(appearance: Appearance, turn: int) -> Printed:
    """An appearance as one word at the place of its ink."""
    box = Box(*turned_edges(appearance.edges, turn))
    return Printed(appearance.text, box, appearance.size, drawn=True)


def drawn_words(appearances: Sequence[Appearance], turn: int = 0) -> tuple[DrawnWord, ...]:
    """Appearances with their boxes on the page turned back by `turn` clockwise degrees."""
    return tuple(DrawnWord(one.text, Box(*turned_edges(one.edges, turn)), _pen(one)) for one in appearances)


def _pen(appearance: Appearance) -> Pen:
    if appearance.kind in ("note", "stamp"):
        return "annotation"
    return "signed" if appearance.signed else "form_field"


def _blocks(words: Sequence[Printed], page: Any, turn: int, shape: float) -> Iterator[list[tuple[Printed, ...]]]:
    """Lines of the page, block by block in reading order: running text, and each ruled table cell by cell."""
    tables = ruled_tables(page, turn)
    inside = [[word for word in words if table.holds(word.box)] for table in tables]
    loose = [word for word in words if not any(table.holds(word.box) for table in tables)]
    segments = segments_of(loose, shape)
    boxes = [*(segment.box for segment in segments), *(table.box for table in tables)]
    texts = [*(segment.text for segment in segments), *("" for _ in tables)]
    lines: list[tuple[Printed, ...]] = []
    last: Box | None = None
    for at in in_reading_order(boxes, texts):
        if at >= len(segments):
            yield lines
            lines, last = [], None
            yield list(_cell_lines(tables[at - len(segments)], inside[at - len(segments)], shape))
            continue
        segment = segments[at]
        if last is not None and _on_one_line(last, segment.box):
            lines[-1] += segment.words
        else:
            lines.append(segment.words)
        last = segment.box
    yield lines


def _on_one_line(one: Box, other: Box) -> bool:
    return other.left >= one.right and one.same_line(other, 0.5)


def _cell_lines(table: Ruled, words: Sequence[Printed], shape: float) -> Iterator[tuple[Printed, ...]]:
    """Lines of a ruled table: row by row, cells from left to right, each cell's lines together."""
    left = list(words)
    for cell in table.cells:
        mine = [word for word in left if cell.holds(word.box)]
        left = [word for word in left if not cell.holds(word.box)]
        if mine:
            segments = segments_of(mine, shape)
            order = in_reading_order([s.box for s in segments], [s.text for s in segments])
            yield from (segments[at].words for at in order)
    if left:
        yield from (segment.words for segment in segments_of(left, shape))


def _join(lines: Sequence[Sequence[Printed]], number: int, rotation: int) -> Page:
    """Join words by one space and lines by one break, so that every offset is known."""
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    for line in lines:
        for position, printed in enumerate(line):
            between = " " if position else "\n" if words else ""
            value = printed.text.translate(_RAISED) if printed.raised else printed.text
            start = length + len(between)
            length = start + len(value)
            parts += [between, value]
            words.append(Word(start, length, printed.box))
    return Page(number, "text", "".join(parts), tuple(words), rotation)


def in_unicode(layer: Layer) -> tuple[Page, legacy_encoding.Encoding | None]:
    """The layer's page with an old encoding repaired and soft hyphens left out; and that encoding, or None."""
    repaired, encoding = legacy_encoding.repaired_page(layer.page, layer.fonts)
    if encoding is None and _SOFT_HYPHEN in repaired.text:
        return legacy_encoding.rewritten(repaired, lambda word, _: word.replace(_SOFT_HYPHEN, "")), None
    return repaired, encoding


def is_hidden(page: Any) -> bool:
    """True if most text of the page is drawn invisibly: a layer that a recognition program put under a scan."""
    import pypdfium2.raw as pdfium

    visible = invisible = 0
    for seen, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        if seen >= _MOST_OBJECTS:
            break
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
        visible, invisible = visible + (mode != _INVISIBLE), invisible + (mode == _INVISIBLE)
    return invisible > visible


def without(page: Page, hidden: frozenset[int]) -> Page:
    """The page without the words at these positions."""
    keep = iter(range(len(page.words)))
    return legacy_encoding.rewritten(page, lambda word, _: "" if next(keep) in hidden else word)
