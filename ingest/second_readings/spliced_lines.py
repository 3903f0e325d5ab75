"""Lines read a second time put among a page's: only those that are print, columns one after the other.

A seal's rim and a pen's strokes are read as lines too (`Z4 XHCy`, `“{`), which would be noise in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.rectangle import Rect
from ingest.layout.closing import is_kept, is_label
from ingest.ocr.words import Line
from ingest.text.rows import Row
from ingest.text.syllables import syllable_share

_SURE, _SYLLABLES, _LETTERS = 0.6, 0.5, 3
"""Of a line of print: least confidence, least share of words that are syllables, fewest letters and digits."""
_SHORT, _SHORT_SURE = 6, 0.8
"""A line with fewer letters and digits must be surer: a rim's letters make a syllable now and then."""
_MARK, _LABEL = 0.1, 0.5
"""Off for each sign by itself beyond a bullet; on for a line that says what its list is."""


def is_print(line: Line) -> bool:
    """True if a line has words that Vietnamese has and the engine was sure of them."""
    count = sum(map(_letters, line.text.split()))
    least = _SURE if count >= _SHORT else _SHORT_SURE
    return count >= _LETTERS and sureness(line) >= least and syllable_share(line.text) >= _SYLLABLES


def sureness(line: Line) -> float:
    """Mean confidence over a line's letters and digits (0 to 1)."""
    counts = [(_letters(word.text), word.confidence) for word in line.words]
    return sum(count * sure for count, sure in counts) / max(sum(count for count, _ in counts), 1)


def merged(first: Sequence[Line], again: Sequence[Line]) -> list[Line]:
    """One column's lines of two readings from top to bottom: the better at each height, of others print only."""
    kept = list(first)
    for line in again:
        same = [other for other in kept if _at_one_height(line, other)]
        if not same and is_print(line):
            kept.append(line)
        if same and _worth(line) > max(map(_worth, same)):
            kept = [*(other for other in kept if other not in same), line]
    top = min((line.top for line in again), default=0.0)
    found = [
        line
        for line in kept
        if is_print(line) or line.bottom < top or any(_at_one_height(line, other) for other in again)
    ]
    return sorted(found, key=lambda line: line.top + line.bottom)


def spliced(lines: Sequence[Line], old: Sequence[Line], new: Sequence[Line], column: Rect) -> tuple[Line, ...]:
    """The page's lines with a column's old ones replaced: at the first one's place, after those at their left."""
    at = next((at for at, line in enumerate(lines) if line in old), len(lines))
    kept = [line for line in lines if line not in old]
    before = sum(1 for line in lines[:at] if line not in old)
    left = [at + 1 for at, line in enumerate(kept) if _is_left_of(line, column)]
    before = max(before, *left) if left else before
    block = kept[before - 1].block if before else 0
    return (*kept[:before], *(replace(line, block=block) for line in new), *kept[before:])


def _is_left_of(line: Line, column: Rect) -> bool:
    across, down = line.rect.middle
    return across < column.left and column.top < down < column.bottom


def _at_one_height(one: Line, other: Line) -> bool:
    return one.top < (other.top + other.bottom) / 2 < one.bottom or (
        other.top < (one.top + one.bottom) / 2 < other.bottom
    )


def _worth(line: Line) -> float:
    """Worth of one reading of a line: its confidence, less odd signs, more for a list's own words."""
    signs = sum(not _letters(word.text) for word in line.words)
    row = Row(line.text, 0, len(line.text), 1, 0)
    told = _LABEL * (is_label(row) or is_kept(row))
    return sureness(line) * (0.5 + 0.5 * syllable_share(line.text)) - _MARK * max(signs - 1, 0) + told


def _letters(word: str) -> int:
    return sum(map(str.isalnum, word))
