"""Words that form fields draw over a scan, put into its recognised text at their places.

A clerk's software draws number and day over the blanks of a scanned paper too; the picture that is recognised has
none of them, and their letters are exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Box, Page, Word
from ingest.files.page import DrawnWord
from ingest.text.document_text import words_in

_Piece = tuple[str, Box, float]
"""A word: its text, box and confidence."""
_LEADERS = re.compile(r"[._…·\s-]{2,}|…")
"""Dots or dashes that a form prints for what is to be filled in."""
_BARE = re.compile(r"[\W\d_]*")
"""A word of figures and signs only: specks, dots, or figures beneath the field."""
_LEVEL = 0.35
"""Share of the lower height that a drawn word has in common with its line."""
_NEAR = 0.06
"""Share of the width between a drawn word and the nearest word of its line, at most."""
_BENEATH = 0.3
"""Share of its width from which on a word of figures and signs lies beneath a drawn one."""


def with_drawn(page: Page, drawn: Sequence[DrawnWord]) -> tuple[Page, tuple[DrawnWord, ...]]:
    """The page's text with the drawn words, and these, marked where other figures were read beneath them."""
    if not drawn:
        return page, ()
    lines = _lines_of(page)
    marked: list[DrawnWord] = []
    for one in sorted(drawn, key=lambda one: one.box.left):
        line = _line_for(lines, one.box)
        if line is None:
            lines.insert(_below(lines, one.box), [_piece(one)])
            marked.append(one)
            continue
        line[:], beneath = _fill(line, one, {id(other.box) for other in drawn})
        contested = any(_figures(text) not in ("", _figures(one.text)) for text in beneath)
        marked.append(replace(one, contested=contested))
    return _page_of(page, lines), tuple(marked)


def _lines_of(page: Page) -> list[list[_Piece]]:
    lines: list[list[_Piece]] = []
    at = 0
    for text in page.text.split("\n"):
        words = words_in(page, at, at + len(text)) if text else ()
        lines.append([(page.text[word.start : word.end], word.box, word.confidence) for word in words])
        at += len(text) + 1
    return lines


def _piece(drawn: DrawnWord) -> _Piece:
    return drawn.text, drawn.box, 1.0


def _line_for(lines: Sequence[list[_Piece]], box: Box) -> list[_Piece] | None:
    """The line whose words are level with a box and nearest to it; None if none is near."""
    near = [(gap, at) for at, line in enumerate(lines) if (gap := _gap(line, box)) is not None and gap < _NEAR]
    return lines[min(near)[1]] if near else None


def _gap(line: Sequence[_Piece], box: Box) -> float | None:
    """Distance across between a box and the line's level words; None without one, 0 between two of them."""
    level = [
        word
        for _, word, _ in line
        if word.shared_height(box) >= _LEVEL * min(word.bottom - word.top, box.bottom - box.top)
    ]
    if not level:
        return None
    if min(word.left for word in level) <= box.middle[0] <= max(word.right for word in level):
        return 0.0
    return min(max(word.left - box.right, box.left - word.right, 0.0) for word in level)


def _below(lines: Sequence[list[_Piece]], box: Box) -> int:
    """Index of the first line that lies below a box in its column; the end without one."""
    for at, line in enumerate(lines):
        if any(
            word.top > box.middle[1] and word.left < box.right and word.right > box.left for _, word, _ in line
        ):
            return at
    return len(lines)


def _fill(line: Sequence[_Piece], drawn: DrawnWord, others: set[int]) -> tuple[list[_Piece], list[str]]:
    """The line with a drawn word in its place, and the texts of bare words that lay beneath it.

    others: identities of the boxes of all drawn words, which cover none of each other.
    """
    before: list[_Piece] = []
    behind: list[_Piece] = []
    beneath: list[str] = []
    middle = drawn.box.middle[0]
    for word in line:
        text, box, _ = word
        if id(box) not in others and _BARE.fullmatch(text) and _share_under(box, drawn.box) > _BENEATH:
            beneath.append(text)
        elif id(box) not in others and box.left < middle < box.right:
            first, last = _split(word, drawn.box)
            before += [first] if first[0] else []
            behind += [last] if last[0] else []
        elif box.middle[0] < middle:
            before.append(word)
        else:
            behind.append(word)
    return [*before, _piece(drawn), *behind], beneath


def _share_under(box: Box, by: Box) -> float:
    """Share of a box's width that lies under another."""
    shared = min(box.right, by.right) - max(box.left, by.left)
    return shared / max(box.right - box.left, 1e-6)


def _split(word: _Piece, box: Box) -> tuple[_Piece, _Piece]:
    """A word that was read across a blank (`Số:……/QĐ-UBND`) as what is before and behind it."""
    text, own, sure = word
    leaders = _LEADERS.search(text)
    if leaders is not None:
        first, last = text[: leaders.start()], text[leaders.end() :]
    else:
        at = next((at for at, letter in enumerate(text) if letter in "/-" and at), None)
        at = at if at is not None else text.find(":") + 1 or (len(text) if own.middle[0] < box.middle[0] else 0)
        first, last = text[:at], text[at:]
    left = replace(own, right=max(min(box.left, own.right), own.left))
    right = replace(own, left=min(max(box.right, own.left), own.right))
    return (first, left, sure), (last, right, sure)


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text).lstrip("0")


def _page_of(page: Page, lines: Sequence[Sequence[_Piece]]) -> Page:
    """The page with these words: one space between words, one break between lines."""
    words: list[Word] = []
    texts: list[str] = []
    at = 0
    for line in lines:
        for text, box, sure in line:
            words.append(Word(at, at + len(text), box, sure))
            at += len(text) + 1
        at += 0 if line else 1
        texts.append(" ".join(text for text, _, _ in line))
    return replace(page, text="\n".join(texts), words=tuple(words))
