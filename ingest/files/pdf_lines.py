"""Words and lines of a PDF page from the places of its letters, not from the order of its stream."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Box
from ingest.files.pdf_letters import Letter, Letters

_BLANK = 0.17
"""Least gap between words, as a share of the size; a blank of Times is .25, kerning leaves .05."""
_OVERLAP = 0.25
"""Greatest overlap of two parts of one word, as a share of the height; more is text drawn over it."""
_APART = 2.2
"""Least gap between columns, as a share of the size; justified text leaves less."""
_CLOSE = 1.6
"""Line heights within which one line is directly above or below another."""
_BEYOND = 3.0
"""Letter heights by which a line of the same column may be longer at either end."""
_SAME_LINE = 0.5
"""Least height that two letters of one line share, as a share of the lower one."""
_LEVEL = 0.3
"""Greatest difference between the feet of two words of one line, as a share of the height."""
_SMALL = 0.8
"""Letters smaller than this share of their neighbour's may be superscript."""
_RAISED = 0.12
"""Least rise of a superscript letter's foot above the line's foot, as a share of the line's height."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed word: its letters, box (shares of the page), size in points and font.

    `raised`: True for a footnote mark or exponent; `drawn`: True if an annotation draws it over the page.
    """

    text: str
    box: Box
    size: float
    font: str = ""
    raised: bool = False
    drawn: bool = False

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one printed line without a gap as wide as between columns."""

    words: tuple[Printed, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def words_of(page: Letters) -> tuple[Printed, ...]:
    """Upright words of a page in drawing order; letters set aslant are left out."""
    shape = page.wide / page.high
    words: list[Printed] = []
    for run in _runs([letter for letter in page.letters if letter.turn == 0], shape):
        words += _words_in(run, shape)
    return tuple(words)


def slanted_words(page: Letters) -> str:
    """Text set aslant or sideways (watermarks, stamps drawn as text), in drawing order."""
    return "".join(letter.text for letter in page.letters if letter.turn != 0)


def _runs(letters: Sequence[Letter], shape: float) -> Iterator[list[Letter]]:
    """Letters of one baseline that were drawn one after another from left to right."""
    run: list[Letter] = []
    for letter in letters:
        if run and not _goes_on(run[-1], letter, shape):
            yield run
            run = []
        run.append(letter)
    if run:
        yield run


def _goes_on(before: Letter, letter: Letter, shape: float) -> bool:
    """True if a letter follows the one drawn before it on the same line."""
    high = min(before.bottom - before.top, letter.bottom - letter.top)
    shared = min(before.bottom, letter.bottom) - max(before.top, letter.top)
    if shared < 0.8 * high or abs(before.bottom - letter.bottom) > 0.15 * high or before.size != letter.size:
        return False
    gap = (letter.left - before.right) * shape
    return -0.5 * high < gap < _APART * high and letter.left > before.left - 0.1 * high / shape


def _words_in(run: Iterable[Letter], shape: float) -> Iterator[Printed]:
    """Words of a run, split at blanks and at gaps as wide as one."""
    word: list[Letter] = []
    for letter in run:
        high = letter.bottom - letter.top
        if letter.text.isspace() or (word and (letter.left - word[-1].right) * shape > _BLANK * high):
            if word:
                yield _word(word)
            word = []
        if not letter.text.isspace():
            word.append(letter)
    if word:
        yield _word(word)


def _word(letters: Sequence[Letter]) -> Printed:
    text = unicodedata.normalize("NFC", "".join(letter.text.strip() for letter in letters))
    box = Box(
        _on_page(min(letter.left for letter in letters)), _on_page(min(letter.top for letter in letters)),
        _on_page(max(letter.right for letter in letters)), _on_page(max(letter.bottom for letter in letters)),
    )  # fmt: skip
    return Printed(text, box, letters[0].size, letters[0].font)


def _on_page(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def segments_of(words: Sequence[Printed], shape: float) -> tuple[Segment, ...]:
    """Group words into segments of printed lines, from top to bottom and left to right.

    shape: the page's width over its height. Words that touch without a blank between them (another font, a field
    drawn into a gap) become one word; small letters above a line's foot are marked as raised.
    """
    found: list[Segment] = []
    lines = [[*_pieces(line, shape)] for line in _lines(words)]
    for at, pieces in enumerate(lines):
        around = [piece for near in (*lines[max(at - 3, 0) : at], *lines[at + 1 : at + 4]) for piece in near]
        for piece in _columns(pieces, around, shape):
            joined = tuple(_merge_touching(piece, shape))
            found.append(Segment(joined, _around(joined)))
    return tuple(found)


def _columns(
    pieces: Sequence[list[Printed]], around: Sequence[list[Printed]], shape: float
) -> Iterator[list[Printed]]:
    """Pieces of a line, joined across a gap that a neighbouring line of the same column spans.

    A form leaves such blanks for a number or a day (`Số:      /QĐ-UBND` under the centred name of the office).
    """
    current = pieces[0]
    for piece in pieces[1:]:
        if any(_bridges(current, piece, other, shape) for other in around):
            current = [*current, *piece]
            continue
        yield current
        current = piece
    yield current


def _bridges(left: Sequence[Printed], right: Sequence[Printed], other: Sequence[Printed], shape: float) -> bool:
    """True if a piece of a nearby line spans the gap between two pieces, and reaches little beyond both."""
    one, two, across = _around(left), _around(right), _around(other)
    high = one.bottom - one.top
    apart = max(across.top - one.bottom, one.top - across.bottom)
    beyond = _BEYOND * high / shape
    return (
        apart < _CLOSE * high
        and across.left < (one.right + two.left) / 2 < across.right
        and across.left > one.left - beyond
        and across.right < two.right + beyond
    )


def _lines(words: Sequence[Printed]) -> list[list[Printed]]:
    """Words by printed line, from top to bottom, each line from left to right.

    A word joins the line whose last word so far is level with it: columns half a line apart stay apart.
    """
    lines: list[list[Printed]] = []
    for word in sorted(words, key=lambda word: word.box.left):
        level = [line for line in lines if _level(line[-1], word)]
        if level:
            min(level, key=lambda line: _apart(line[-1], word)).append(word)
        else:
            lines.append([word])
    lines = _in_blanks(lines)
    return sorted(lines, key=lambda line: sum(word.box.top + word.box.bottom for word in line) / len(line))


def _in_blanks(lines: list[list[Printed]]) -> list[list[Printed]]:
    """Move figures that were written over a blank into the blank's line.

    Text stamped into a form later is somewhat above or below the form's line (`Số: ___/QĐ-UBND`).
    """
    whole = [line for line in lines if not all(word.text.isdigit() for word in line)]
    for word in (word for line in lines if line not in whole for word in line):
        home = max(whole, key=lambda line: _fits(word, line), default=None)
        if home is None or _fits(word, home) < _SAME_LINE / 2 * word.height:
            whole.append([word])
        else:
            home.append(word)
            home.sort(key=lambda word: word.box.left)
    return whole


def _fits(word: Printed, line: Sequence[Printed]) -> float:
    """Height that a word shares with the words around the blank of a line that it fills; 0 without one."""
    middle = word.box.left + word.box.right
    before = [one for one in line if one.box.left + one.box.right < middle]
    behind = [one for one in line if one.box.left + one.box.right >= middle]
    if (
        not before
        or not behind
        or behind[0].box.left - before[-1].box.right < (word.box.right - word.box.left) / 2
    ):
        return 0.0
    return min(one.box.shared_height(word.box) for one in (before[-1], behind[0]))


def _level(one: Printed, other: Printed) -> bool:
    """True if two words can be of one line: level feet for letters of one size, else enough common height."""
    low = min(one.height, other.height)
    shared = one.box.shared_height(other.box)
    if min(one.size, other.size) > _SMALL * max(one.size, other.size) and not (one.drawn or other.drawn):
        return abs(one.box.bottom - other.box.bottom) < _LEVEL * low
    return shared >= _SAME_LINE * low


def _apart(one: Printed, other: Printed) -> float:
    """Difference between the feet of two words, or between their middles, whichever is less."""
    middles = abs(one.box.top + one.box.bottom - other.box.top - other.box.bottom) / 2
    return min(abs(one.box.bottom - other.box.bottom), middles)


def _pieces(line: Sequence[Printed], shape: float) -> Iterator[list[Printed]]:
    """Split a line at gaps as wide as between columns."""
    piece = [line[0]]
    for word in line[1:]:
        gap = (word.box.left - max(other.box.right for other in piece)) * shape
        if gap > _APART * max(word.height, piece[-1].height):
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _merge_touching(piece: Sequence[Printed], shape: float) -> Iterator[Printed]:
    """Words of the piece, those that touch merged; superscript ones stay apart."""
    foot = max(piece, key=lambda word: word.size)
    current: Printed | None = None
    for word in piece:
        low = foot.box.bottom - word.box.bottom
        if word.size < _SMALL * foot.size and low > _RAISED * foot.height and word.text.strip("()[]*").isdigit():
            if current is not None:
                yield current
            current = None
            yield replace(word, raised=True)
            continue
        if current is not None and _touch(current, word, shape):
            current = replace(
                current,
                text=unicodedata.normalize("NFC", current.text + word.text),
                box=current.box.union(word.box),
            )
            continue
        if current is not None:
            yield current
        current = word
    if current is not None:
        yield current


def _touch(one: Printed, other: Printed, shape: float) -> bool:
    """True if there is no blank between two words; text of an annotation is always a word of its own."""
    gap = (other.box.left - one.box.right) * shape / min(one.height, other.height)
    return not (one.drawn or other.drawn) and -_OVERLAP < gap < 0.5 * _BLANK


def _around(words: Sequence[Printed]) -> Box:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box
