"""Letters of a PDF page with place, size, direction and font, as pdfplumber finds them in the content stream."""

from __future__ import annotations

import logging
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

logging.getLogger("pdfminer").setLevel(logging.ERROR)
# Its warnings are about fonts that draw well all the same; they would mix with a command's output.

_MOST_LETTERS = 300_000
"""Letters; a page has a few thousand, a layer of millions was made to harm."""
_UNMAPPED = "(cid:"
"""pdfminer's text for a glyph whose font has no map to Unicode."""
_BROKEN = ("Cn", "Co", "Cs")
_DROPPED = ("Cc", "Cf")
_SOFT_HYPHEN = "\u00ad"
_TURNS = (0, 90, 180, 270)
_SLANT = 8.0
"""Degrees; letters further from a right angle are a watermark across the page."""
_SAME_PLACE = 0.15
"""Share of the size within which the same letter drawn twice is one letter with a shadow."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: edges as shares of the page as displayed, size in points, direction.

    `turn` is the clockwise angle of its baseline (0, 90, 180 or 270), None for letters set aslant.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    font: str
    turn: int | None = 0


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of a page in drawing order.

    `wide` and `high` are the page's sides in points as displayed; `broken` counts glyphs without meaning.
    """

    letters: tuple[Letter, ...]
    wide: float
    high: float
    broken: int = 0

    @property
    def turn(self) -> int:
        """Direction of most letters, in clockwise degrees."""
        turns = Counter(
            letter.turn for letter in self.letters if letter.turn is not None and not letter.text.isspace()
        )
        return turns.most_common(1)[0][0] if turns else 0


def letters_of(page: Any) -> Letters:
    """Letters of a pdfplumber page without shadows. Raises ValueError for a page with absurdly many."""
    chars = page.chars
    if len(chars) > _MOST_LETTERS:
        raise ValueError("a text layer of absurd length")
    left, top, right, bottom = (float(edge) for edge in page.cropbox)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)
    broken = 0
    found: list[Letter] = []
    for char in chars:
        text, lost = _clean(char["text"])
        broken += lost
        if not text:
            continue
        edges = (
            (char["x0"] - left) / wide,
            (char["top"] - top) / high,
            (char["x1"] - left) / wide,
            (char["bottom"] - top) / high,
        )
        turn = _turn(char["matrix"])
        size = char["x1"] - char["x0"] if turn in (90, 270) else char["bottom"] - char["top"]
        found.append(Letter(text, *edges, float(size), _font(char), turn))
    return Letters(tuple(_without_shadows(found, wide, high)), wide, high, broken)


def _clean(text: str) -> tuple[str, int]:
    """The letter without control characters, and the number of glyphs in it that have no meaning."""
    if text.startswith(_UNMAPPED):
        return "", 1
    lost, kept = 0, ""
    for letter in text:
        if letter.isspace():
            kept += " "
            continue
        kind = unicodedata.category(letter)
        lost += kind in _BROKEN or letter == "\ufffd"
        if kind not in _BROKEN and (kind not in _DROPPED or letter == _SOFT_HYPHEN):
            kept += letter
    return kept, lost


def _font(char: Any) -> str:
    """Font name without the tag of a subset (`ABCDEF+`)."""
    return str(char["fontname"]).rpartition("+")[2]


def _turn(matrix: Any) -> int | None:
    """Clockwise angle of a text matrix's baseline; None between the right angles."""
    angle = -math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    near = next((turn for turn in (*_TURNS, 360) if abs(angle - turn) <= _SLANT), None)
    return near % 360 if near is not None else None


def _without_shadows(letters: Iterable[Letter], wide: float, high: float) -> Iterator[Letter]:
    """Each letter once: shadows and copied layers draw the same letter again at nearly the same place."""
    seen: dict[tuple[str, int, int], list[Letter]] = {}
    for letter in letters:
        if letter.text == " ":
            yield letter
            continue
        reach = max(letter.size * _SAME_PLACE, 0.5)
        across, down = letter.left * wide, letter.top * high
        column, row = int(across // reach), int(down // reach)
        near = (
            other
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in seen.get((letter.text, x, y), ())
        )
        if any(abs(o.left * wide - across) < reach and abs(o.top * high - down) < reach for o in near):
            continue
        seen.setdefault((letter.text, column, row), []).append(letter)
        yield letter


def upright(letters: Letters) -> Letters:
    """Turn the page so that most of its letters are upright; such a page is returned unchanged."""
    turn = letters.turn
    if turn == 0:
        return letters
    swapped = turn in (90, 270)
    wide, high = (letters.high, letters.wide) if swapped else (letters.wide, letters.high)
    turned = tuple(_turn_letter(letter, turn) for letter in letters.letters)
    return Letters(turned, wide, high, letters.broken)


def _turn_letter(letter: Letter, turn: int) -> Letter:
    left, top, right, bottom = turned_edges((letter.left, letter.top, letter.right, letter.bottom), turn)
    mine = None if letter.turn is None else (letter.turn - turn) % 360
    return replace(letter, left=left, top=top, right=right, bottom=bottom, turn=mine)


def turned_edges(edges: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """Edges (shares of the page: left, top, right, bottom) after the page is turned back by `turn` clockwise
    degrees.
    """
    left, top, right, bottom = edges
    if turn == 90:
        return top, 1 - right, bottom, 1 - left
    if turn == 180:
        return 1 - right, 1 - bottom, 1 - left, 1 - top
    if turn == 270:
        return 1 - bottom, left, 1 - top, right
    return edges
