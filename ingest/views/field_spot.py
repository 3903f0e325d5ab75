"""A box drawn on a page, read for one field by that field's own reader; several values where it is unsure.

A number goes to the digit net and the second reader, with the symbol next to it; a date to the reader of dates; a
body or a signer is looked for among known names; all else is plain print.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from corpus.authority.issuers import canonical_issuer
from corpus.config import Settings
from corpus.document import Box, Field
from corpus.errors import Problem
from corpus.record_fields import BoxReader
from corpus.vietnamese.fold import fold
from ingest.fields.date import read_date
from ingest.fields.number import read_number
from ingest.fields.signer import title_in
from ingest.fields.signer_name import name_in
from ingest.fields.symbol import read_symbol
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.locate import Crop, Places, place
from ingest.handwriting.reading import read_hand
from ingest.imaging.page_view import PageFrame, PageView
from ingest.imaging.pixels import grey_of
from ingest.layout.letterhead import Letterhead
from ingest.ocr.engines import BLOCK, engine_of
from ingest.ocr.page_text import page_of
from ingest.ocr.words import Line, Recognised, Token, moved
from ingest.sandbox.child import Limits, run_in_child
from ingest.second_readings.deciding_lines import with_second_reader
from ingest.secondreader.reader import SecondReader, second_reader
from ingest.text.document_text import Text
from ingest.text.rows import Row, rows_of
from ingest.views.recorded_page import raw_page, view_of

_LIMITS = Limits(memory_mb=2048, cpu_seconds=40, wall_seconds=60)
_MARGIN = 12
"""White pixels round the box: Tesseract loses letters that touch the edge."""
_ASIDE: dict[BoxReader, tuple[tuple[float, float], ...]] = {
    "number": ((0.01, 0.01), (0.1, 0.2)),
    "date": ((0.01, 0.01), (0.3, 0.3)),
}
"""Shares of the page's width by which a box is extended to the left and right, tried in this order: the printed
words that the readers of number and date need may lie outside it."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_UP_DOWN = 0.25
"""Share of the box's height by which it is extended up and down."""
_ALIKE, _MOST = 62.0, 5
"""Similarity (0 to 100) from which a known name may be meant, and most values that are offered."""
_BEGINS, _UNKNOWN, _SHORT = 0.95, 0.9, 5
"""Weights of a name that only begins like the print, and of one that is on no list; characters up to which print
is too short to begin a name."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A box on a page (from 1), in the frame of the picture that it was drawn on."""

    page: int
    frame: PageFrame
    box: Box


@dataclass(frozen=True, slots=True)
class SpotWish:
    """The reader asked for, and what is known of the document: type word, issuer, place, possible names."""

    reader: BoxReader
    doc_type: str | None = None
    issuer: str = ""
    place: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpotRead:
    """Print in a box, and the values that the field's reader sees there, best first; () where it sees none."""

    text: str
    values: tuple[str, ...]


def read_for_field(
    path: Path, name: str, media_type: str, settings: Settings, spot: Spot, wish: SpotWish
) -> SpotRead:
    """Read a box of a page for a field; in a child, since the file is foreign input.

    Raises Problem("not_found") for a page without a picture, and as `run_in_child` does.
    """
    return run_in_child(_read, path, name, media_type, settings, spot, wish, limits=_LIMITS, name=name)


def _read(
    path: Path, name: str, media_type: str, settings: Settings, spot: Spot, wish: SpotWish, **_: Any
) -> SpotRead:
    raw = raw_page(path, name, media_type, settings, spot.page)
    view = view_of(raw, spot.frame) if raw is not None else None
    if view is None:
        raise Problem("not_found", what=spot.page)
    box = spot.box
    lines = _lines(view, box, settings)
    text = "\n".join(line.text for line in lines)
    if wish.reader in ("number", "date"):
        return SpotRead(text, _figures(view, box, wish, settings))
    found = Recognised(tuple(lines), view)
    second = second_reader(settings)
    if wish.reader == "issuer":
        # The print is the one way to a body that nobody has named before.
        whole = canonical_issuer(" ".join(text.split()), wish.place, None, None) if text.strip() else ""
        return SpotRead(text, _among(text, wish.names, (whole,) if whole else ()))
    rows = rows_of(Text.of_pages((page_of(found, spot.page),)))
    if wish.reader == "signer":
        own = tuple(read.value for row in rows if (read := name_in(row)) is not None)
        named = _among(own[0] if own else text, wish.names, own)
        return SpotRead(text, _by_picture(view, box, named, second if len(lines) == 1 else None))
    if wish.reader == "title":
        return SpotRead(text, tuple(dict.fromkeys(one for row in rows if (one := title_in(row.text)) is not None)))
    return SpotRead(text, ())


def _lines(view: PageView, box: Box, settings: Settings) -> list[Line]:
    """Print inside a box, in px of the page."""
    height, width = view.page.size
    left, top = int(box.left * width), int(box.top * height)
    right, bottom = min(int(box.right * width) + 1, width), min(int(box.bottom * height) + 1, height)
    framed = np.pad(grey_of(view.page.cut(left, top, right, bottom)), _MARGIN, constant_values=255)
    found = engine_of(settings).recognise(framed, dpi=view.dpi, psm=BLOCK, timeout=20)
    return [moved(line, left - _MARGIN, top - _MARGIN) for line in found]


def _figures(view: PageView, box: Box, wish: SpotWish, settings: Settings) -> tuple[str, ...]:
    """Values of a number or date in a box, by the readers of the pipeline on the line that it lies on."""
    found = [one for aside in _ASIDE[wish.reader] if (one := _line_at(view, box, aside, settings)) is not None]
    if not found:
        return ()
    # The first line whose words suffice: a box may be drawn round the figures alone.
    text, row, words = next((one for one in found if _suffices(one.row, wish)), found[0])
    places = place(view.page, words, view.dpi)
    if wish.reader == "number" and places.number is None:
        places = Places(number=_as_drawn(view, box))
    hand = read_hand(places, DigitReader.of_office(settings.home))
    hand = with_second_reader(hand, places, second_reader(settings))
    if wish.reader == "date":
        return _values(read_date(text, row, hand))
    return _values(read_number(text, Letterhead(number=row), wish.doc_type, wish.issuer, hand).field)


class SpotLine(NamedTuple):
    """A printed line at a box: its text, its row, and its words in px of the page."""

    text: Text
    row: Row
    words: list[Token]


def _line_at(view: PageView, box: Box, aside: tuple[float, float], settings: Settings) -> SpotLine | None:
    """The printed line at a box that is extended to both sides by shares of the page's width."""
    more = box.height * _UP_DOWN
    strip = Box(
        max(0.0, box.left - aside[0]), max(0.0, box.top - more),
        min(1.0, box.right + aside[1]), min(1.0, box.bottom + more),
    )  # fmt: skip
    lines = _lines(view, strip, settings)
    text = Text.of_pages((page_of(Recognised(tuple(lines), view), 1),))
    row = _row_at(rows_of(text), box)
    if row is None or row.box is None:
        return None
    height, width = view.page.size
    words = [
        word
        for line in lines
        for word in line.words
        if row.box.left * width - 1 <= (word.left + word.right) / 2 <= row.box.right * width + 1
        and row.box.top * height - 1 <= (word.top + word.bottom) / 2 <= row.box.bottom * height + 1
    ]
    return SpotLine(text, row, words)


def _suffices(row: Row, wish: SpotWish) -> bool:
    """True if a line has a sure symbol behind the number, or a year behind the date."""
    if wish.reader == "date":
        return _YEAR.search(row.text) is not None
    symbol = read_symbol(row.text, wish.doc_type, wish.issuer)
    return symbol is not None and symbol.sure


def _values(field: Field | None) -> tuple[str, ...]:
    if field is None:
        return ()
    return tuple(dict.fromkeys([field.value, *(one.value for one in field.candidates)]))[:_MOST]


def _row_at(rows: Sequence[Row], box: Box) -> Row | None:
    """The row that shares most with a box; None if none touches it."""

    def shared(row: Row) -> float:
        if row.box is None:
            return 0.0
        across = min(row.box.right, box.right) - max(row.box.left, box.left)
        down = min(row.box.bottom, box.bottom) - max(row.box.top, box.top)
        return max(across, 0.0) * max(down, 0.0)

    best = max(rows, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None


def _as_drawn(view: PageView, box: Box) -> Crop:
    """The box itself as the line of a number, where no printed word shows how far it goes."""
    height, width = view.page.size
    edges = (
        int(box.left * width), int(box.top * height),
        min(int(box.right * width) + 1, width), min(int(box.bottom * height) + 1, height),
    )  # fmt: skip
    return Crop(grey_of(view.page.cut(*edges)).copy(), box, False)


def _among(text: str, names: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """Known names that the print may be, best first, with what was read itself in its place.

    A name counts also if the print is how it begins: heads leave out the province (`SỞ Y TẾ`).
    """
    from rapidfuzz import fuzz

    wanted = " ".join(fold(text).split())
    if not wanted:
        return ()
    ranked: dict[str, float] = {}
    for name in dict.fromkeys((*own, *names)):
        key = " ".join(fold(name).split())
        begins = fuzz.ratio(wanted, key[: len(wanted)]) * _BEGINS if len(key) > len(wanted) > _SHORT else 0.0
        ranked[name] = max(fuzz.ratio(wanted, key), begins) * (1.0 if name in names else _UNKNOWN)
    near = sorted((name for name, share in ranked.items() if share >= _ALIKE), key=lambda name: -ranked[name])
    return tuple(dict.fromkeys((*near[:_MOST], *own)))[:_MOST]


def _by_picture(view: PageView, box: Box, names: tuple[str, ...], second: SecondReader | None) -> tuple[str, ...]:
    """Names in the order in which the second reader finds them on the line; as they are without one."""
    if second is None or len(names) < 2:
        return names
    height, width = view.page.size
    picture = view.page.cut(
        int(box.left * width), int(box.top * height),
        min(int(box.right * width) + 1, width), min(int(box.bottom * height) + 1, height),
    )  # fmt: skip
    seen = [match.text for match in second.among(np.asarray(picture), names) if match.text in names]
    return tuple(dict.fromkeys((*seen, *names)))
