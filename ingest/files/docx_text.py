"""The letters of a Word document's XML in the order they are read on paper, old fonts turned into Unicode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.files import legacy_encoding
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


@dataclass(slots=True)
class PageText:
    """What has been read so far, page by page; `encoding` names the old encoding that was repaired."""

    pages: list[str] = field(default_factory=lambda: [""])
    encoding: str = ""

    def add(self, text: str) -> None:
        """Adds text; a form feed in it begins a page."""
        first, *others = text.split("\f")
        self.pages[-1] += first
        self.pages += others


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    font: FontEncoding | None


def read_part(root: _Element, read: PageText) -> None:
    """Adds the text of one part. A header or footer that only counts pages is left out."""
    paragraphs = [list(_runs(paragraph, None)) for paragraph in root.iter(f"{_W}p") if not _is_dropped(paragraph)]
    edge = root.tag in (f"{_W}hdr", f"{_W}ftr")
    encoding = legacy_encoding.encoding_of(
        "\n".join(run.text for runs in paragraphs for run in runs if run.font is None)
    )
    for runs in paragraphs:
        text = "".join(_in_unicode(run, encoding, read) for run in runs)
        if edge and not any(letter.isalpha() for letter in text):
            continue
        read.add(text + "\n")


def _is_dropped(paragraph: _Element) -> bool:
    return any(ancestor.tag in _SKIPPED for ancestor in paragraph.iterancestors())


def _in_unicode(run: _Run, encoding: legacy_encoding.Encoding | None, read: PageText) -> str:
    """A run's text; its font says how it is written, or else the text of all runs without such a font does."""
    if run.font is not None:
        read.encoding = legacy_encoding.NAMES[run.font.encoding]
        return legacy_encoding.converted(run.text, run.font.encoding, capitals=run.font.capitals)
    if encoding is not None and not run.text.isascii():
        read.encoding = legacy_encoding.NAMES[encoding]
        return legacy_encoding.converted(run.text, encoding)
    return run.text


def _runs(element: _Element, font: FontEncoding | None) -> Iterator[_Run]:
    """The runs of one paragraph; a text box inside it has paragraphs of its own."""
    if element.tag == f"{_W}r":
        if _is_on(element, "vanish"):
            return
        font = _font(element)
    for child in element:
        if child.tag in _SKIPPED or child.tag in _INNER:
            continue
        if child.tag == f"{_W}t":
            text = child.text or ""
            yield _Run(text.upper() if _is_on(element, "caps") and font is None else text, font)
        elif child.tag == f"{_W}br":
            yield _Run("\f" if child.get(f"{_W}type") == "page" else "\n", None)
        elif child.tag in _PLAIN:
            yield _Run(_PLAIN[child.tag], None)
        else:
            yield from _runs(child, font)


def _font(run: _Element) -> FontEncoding | None:
    """The old encoding that the run's own font stands for; an inherited font shows by its text alone."""
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return None
    return legacy_encoding.of_font(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "")


def _is_on(run: _Element, name: str) -> bool:
    """Whether a run has a switch such as `caps` on."""
    switch = run.find(f"{_W}rPr/{_W}{name}")
    return switch is not None and switch.get(f"{_W}val", "true") not in _OFF


def changed(root: _Element) -> bool:
    """Whether changes are still tracked: the text isn't final."""
    return next(root.iter(*_CHANGES), None) is not None


def hidden(root: _Element) -> bool:
    """Whether some text is formatted as hidden."""
    return any(_is_on(run, "vanish") and run.find(f"{_W}t") is not None for run in root.iter(f"{_W}r"))
