"""Text of a Word document's XML in reading order, with old fonts converted to Unicode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.files import legacy_encoding
from ingest.files.docx_numbers import Numbers
from ingest.files.legacy_encoding import FontEncoding

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr"})
"""Deleted text, field codes, and the second copy that a text box keeps for old programs."""
_INNER = frozenset({f"{_W}p", f"{_W}txbxContent"})
_CHANGES = (f"{_W}del", f"{_W}ins", f"{_W}moveFrom")
_PLAIN = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}lastRenderedPageBreak": "\f",
}
_OFF = ("0", "false", "off")
_RAISED = str.maketrans("0123456789()[]", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾")
"""Superscript figures are footnote marks or exponents: as Unicode superscripts they become part of no number."""


@dataclass(slots=True)
class DocxText:
    """Text read so far, page by page; `encoding` names the old encoding that was repaired."""

    pages: list[str] = field(default_factory=lambda: [""])
    encoding: str = ""
    numbers: Numbers = field(default_factory=Numbers)

    def add(self, text: str) -> None:
        """Append text; a form feed in it begins a page."""
        first, *others = text.split("\f")
        self.pages[-1] += first
        self.pages += others


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    font: FontEncoding | None


def read_part(root: _Element, read: DocxText) -> None:
    """Append the text of one part; a header or footer with only a page number is left out."""
    edge = root.tag in (f"{_W}hdr", f"{_W}ftr")
    for text in _paragraphs(root, read):
        if edge and not any(letter.isalpha() for letter in text):
            continue
        read.add(text)


def read_notes(main: _Element, parts: Iterable[_Element], read: DocxText) -> None:
    """Append footnotes and endnotes, one line each, after the number that refers to them in the text."""
    for root in parts:
        kind = root.tag.removesuffix("s")
        order = [one.get(f"{_W}id") for one in main.iter(f"{kind}Reference")]
        notes = [note for note in root.iter(kind) if note.get(f"{_W}type") in (None, "normal")]
        notes.sort(
            key=lambda note: order.index(note.get(f"{_W}id")) if note.get(f"{_W}id") in order else len(order)
        )
        for number, note in enumerate(notes, start=1):
            text = " ".join(" ".join(_paragraphs(note, read)).split())
            read.add(f"{number} {text}\n" if text else "")


def _paragraphs(root: _Element, read: DocxText) -> Iterator[str]:
    """Paragraphs in Unicode, each with a line end unless its paragraph mark is deleted."""
    paragraphs = [
        (paragraph, list(_runs(paragraph, None)))
        for paragraph in root.iter(f"{_W}p")
        if not _is_dropped(paragraph)
    ]
    encoding = legacy_encoding.encoding_of(
        "\n".join(run.text for _, runs in paragraphs for run in runs if run.font is None)
    )
    for paragraph, runs in paragraphs:
        text = "".join(_in_unicode(run, encoding, read) for run in runs)
        joined = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None
        label = "" if joined and not text.strip() else read.numbers.label(paragraph)
        yield f"{label}{text}" if joined else f"{label}{text}\n"


def _is_dropped(paragraph: _Element) -> bool:
    return any(ancestor.tag in _SKIPPED for ancestor in paragraph.iterancestors())


def _in_unicode(run: _Run, encoding: legacy_encoding.Encoding | None, read: DocxText) -> str:
    """A run's text in Unicode, by the encoding of its font, else by the one that all runs without such a font
    share.
    """
    if run.font is not None:
        read.encoding = read.encoding if run.text.isascii() else legacy_encoding.NAMES[run.font.encoding]
        return legacy_encoding.converted(run.text, run.font.encoding, capitals=run.font.capitals)
    if encoding is not None and not run.text.isascii():
        read.encoding = legacy_encoding.NAMES[encoding]
        return legacy_encoding.converted(run.text, encoding)
    return run.text


def _runs(element: _Element, font: FontEncoding | None) -> Iterator[_Run]:
    """Text runs of one paragraph; a text box inside it has its own paragraphs."""
    if element.tag == f"{_W}r":
        if _is_on(element, "vanish"):
            return
        font = _font(element)
    for child in element:
        if child.tag in _SKIPPED or child.tag in _INNER:
            continue
        if child.tag == f"{_W}t":
            yield _Run(_as_displayed(element, child.text or "", font), font)
        elif child.tag == f"{_W}br":
            yield _Run("\f" if child.get(f"{_W}type") == "page" else "\n", None)
        elif child.tag in _PLAIN:
            yield _Run(_PLAIN[child.tag], None)
        else:
            yield from _runs(child, font)


def _as_displayed(run: _Element, text: str, font: FontEncoding | None) -> str:
    """Text as the run's format displays it: in capitals, or superscript."""
    place = run.find(f"{_W}rPr/{_W}vertAlign")
    if place is not None and place.get(f"{_W}val") == "superscript" and text.strip(" ()[]").isdigit():
        return text.translate(_RAISED)
    return text.upper() if _is_on(run, "caps") and font is None else text


def _font(run: _Element) -> FontEncoding | None:
    """Old encoding that the run's own font means; inherited fonts are recognised by the text alone."""
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return None
    return legacy_encoding.of_font(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "")


def _is_on(run: _Element, name: str) -> bool:
    """True if a toggle property such as `caps` is on."""
    switch = run.find(f"{_W}rPr/{_W}{name}")
    return switch is not None and switch.get(f"{_W}val", "true") not in _OFF


def changed(root: _Element) -> bool:
    """True if changes are still tracked: the text isn't final."""
    return next(root.iter(*_CHANGES), None) is not None


def hidden(root: _Element) -> bool:
    """True if some text is formatted as hidden."""
    return any(_is_on(run, "vanish") and run.find(f"{_W}t") is not None for run in root.iter(f"{_W}r"))
