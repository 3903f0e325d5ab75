"""Text of an OpenDocument text's XML in reading order; comments and notes are collected apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.files.list_labels import Counter, ListLevel, bullet

if TYPE_CHECKING:
    from lxml.etree import _Element

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE, _OFFICE, _DRAW = (f"{{{_NS}{name}:1.0}}" for name in ("text", "style", "office", "drawing"))
_FO = f"{{{_NS}xsl-fo-compatible:1.0}}"
_LINES = (f"{_TEXT}p", f"{_TEXT}h")
_NOTE = f"{_TEXT}note"
_SKIPPED = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}sequence-decls", f"{_TEXT}page-number",
     f"{_TEXT}page-count", f"{_OFFICE}forms", f"{_TEXT}ruby-text", f"{_TEXT}user-field-decls",
     f"{_TEXT}variable-decls", f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"}
)  # fmt: skip
_MOST_BLANKS = 1000
_MOST_DEPTH = 200
_RAISED = str.maketrans("0123456789()[]", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾")
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none"}
"""Number formats (`style:num-format`) by Word's names."""


@dataclass(slots=True)
class Styles:
    """Styles that matter to the text.

    Levels of lists by name, and names of styles that break a page, hide, raise, capitalise, or belong to a list.
    """

    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    breaking: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    listed: dict[str, str] = field(default_factory=dict)


def styles_of(roots: Iterable[_Element]) -> Styles:
    """Styles of content.xml and styles.xml; the first root wins if both define a name."""
    styles = Styles()
    for root in roots:
        for one in root.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
            name = one.get(f"{_STYLE}name") or ""
            styles.lists.setdefault(
                name, {int(level.get(f"{_TEXT}level") or 1) - 1: _level(level) for level in one}
            )
        for style in root.iter(f"{_STYLE}style"):
            _note_style(style, styles)
    return styles


def _note_style(style: _Element, styles: Styles) -> None:
    name = style.get(f"{_STYLE}name") or ""
    if listed := style.get(f"{_STYLE}list-style-name"):
        styles.listed.setdefault(name, listed)
    for properties in style.iter(f"{_STYLE}paragraph-properties", f"{_STYLE}text-properties"):
        if properties.get(f"{_FO}break-before") == "page":
            styles.breaking.add(name)
        if properties.get(f"{_TEXT}display") == "none":
            styles.hidden.add(name)
        if (properties.get(f"{_STYLE}text-position") or "").startswith("super"):
            styles.raised.add(name)
        if properties.get(f"{_FO}text-transform") == "uppercase":
            styles.capitals.add(name)


def _level(level: _Element) -> ListLevel:
    depth = int(level.get(f"{_TEXT}level") or 1)
    if level.tag == f"{_TEXT}list-level-style-bullet":
        return ListLevel("bullet", bullet(level.get(f"{_TEXT}bullet-char") or ""))
    form = _FORMS.get(level.get(f"{_STYLE}num-format") or "", "decimal")
    shown = min(int(level.get(f"{_TEXT}display-levels") or 1), depth)
    places = ".".join(f"%{n}" for n in range(depth - shown + 1, depth + 1)) if form != "none" else ""
    before, after = level.get(f"{_STYLE}num-prefix") or "", level.get(f"{_STYLE}num-suffix") or ""
    return ListLevel(form, f"{before}{places}{after}", int(level.get(f"{_TEXT}start-value") or 1))


@dataclass(slots=True)
class OdtText:
    """Text read so far, page by page, and the comments and notes (`noted`)."""

    styles: Styles
    pages: list[str] = field(default_factory=lambda: [""])
    noted: list[str] = field(default_factory=list)
    changed: bool = False
    hidden: bool = False
    _notes: list[_Element] = field(default_factory=list)
    _counters: dict[str, Counter] = field(default_factory=dict)
    _label: str = ""
    _boxes: list[_Element] = field(default_factory=list)

    def add(self, element: _Element, lists: tuple[str, int] | None = None, depth: int = 0) -> None:
        """Append the paragraphs below an element; `lists` is its list and level."""
        if depth > _MOST_DEPTH:
            return
        for child in element:
            if child.tag == f"{_TEXT}tracked-changes":
                self.changed = self.changed or len(child) > 0
            elif child.tag in _LINES:
                self._add_line(child, lists)
            elif child.tag == f"{_TEXT}list":
                style = child.get(f"{_TEXT}style-name") or (lists[0] if lists else self._list_of_lines(child))
                inner = (style, lists[1] + 1 if lists else 0)
                if (
                    lists is None
                    and child.get(f"{_TEXT}continue-numbering") != "true"
                    and not self._goes_on(child)
                ):
                    self._counters.pop(style, None)
                self.add(child, inner, depth + 1)
            elif child.tag in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
                numbered = child.tag == f"{_TEXT}list-item" and child.find(_LINES[0]) is not None
                self._label = (
                    self._next(lists, child) if lists and (numbered or child.find(_LINES[1]) is not None) else ""
                )
                self.add(child, lists, depth + 1)
                self._label = ""
            elif child.tag == f"{_TEXT}section" and child.get(f"{_TEXT}display") == "none":
                self.hidden = True
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                self.add(child, lists, depth + 1)

    def _list_of_lines(self, listed: _Element) -> str:
        """List style that the style of the first paragraph names."""
        line = next(listed.iter(*_LINES), None)
        return "" if line is None else self.styles.listed.get(line.get(f"{_TEXT}style-name") or "", "")

    def _goes_on(self, listed: _Element) -> bool:
        """True if a list continues an earlier one by name (`text:continue-list`)."""
        return listed.get(f"{_TEXT}continue-list") is not None

    def _next(self, lists: tuple[str, int], item: _Element) -> str:
        levels = self.styles.lists.get(lists[0])
        if levels is None:
            return ""
        start = item.get(f"{_TEXT}start-value")
        counter = self._counters.setdefault(lists[0], Counter())
        label = counter.label(levels, lists[1], int(start) if start and start.isdecimal() else None).strip()
        return f"{label} " if label else ""

    def _add_line(self, line: _Element, lists: tuple[str, int] | None) -> None:
        style = line.get(f"{_TEXT}style-name") or ""
        text = "" if self._is_hidden(style) else self._inline(line, style)
        label, self._label = self._label, ""
        if line.tag == _LINES[1] and not lists and line.get(f"{_TEXT}is-list-header") != "true":
            level = line.get(f"{_TEXT}outline-level") or "1"
            label = self._next(("Outline", int(level) - 1), line)
        broken = "\f" if style in self.styles.breaking and self.pages[-1].strip() else ""
        self._put(f"{broken}{label}{text}\n")
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.add(box)

    def _is_hidden(self, style: str) -> bool:
        self.hidden = self.hidden or style in self.styles.hidden
        return style in self.styles.hidden

    def _put(self, text: str) -> None:
        first, *others = text.split("\f")
        self.pages[-1] += first
        self.pages += others

    def _inline(self, element: _Element, style: str, depth: int = 0) -> str:
        """Text of one paragraph or span; notes, comments and text boxes in it are collected apart."""
        parts = [self._as_displayed(element.text or "", style)]
        for child in element:
            if depth < _MOST_DEPTH:
                parts.append(self._piece(child, style, depth))
            parts.append(self._as_displayed(child.tail or "", style))
        return "".join(parts)

    def _piece(self, child: _Element, style: str, depth: int) -> str:
        tag = child.tag
        if tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c") or "1"
            return " " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS)
        if tag in (f"{_TEXT}tab", f"{_TEXT}line-break", f"{_TEXT}soft-page-break"):
            return {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(tag, "\f")
        if tag == _NOTE:
            self._notes.append(child)
        elif tag == f"{_OFFICE}annotation":
            self.noted += ["".join(line.itertext()) for line in child.iter(*_LINES)]
        elif tag in (f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"):
            self.hidden = True
        elif isinstance(tag, str) and tag.startswith(_DRAW):
            self._boxes.append(child)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            own = child.get(f"{_TEXT}style-name") or style
            return "" if self._is_hidden(own) else self._inline(child, own, depth + 1)
        return ""

    def _as_displayed(self, text: str, style: str) -> str:
        """A piece of text as its style displays it, with runs of white space as one blank (ODF 1.3, 6.1.2)."""
        if not text:
            return ""
        blank = " " if text[0].isspace() else ""
        said = blank + " ".join(text.split()) + (" " if text[-1].isspace() and text.strip() else "")
        if style in self.styles.raised and said.strip(" ()[]").isdigit():
            return said.translate(_RAISED)
        return said.upper() if style in self.styles.capitals else said

    def add_notes(self) -> None:
        """Append footnotes and endnotes, one line each, after the mark that refers to them in the text."""
        notes, self._notes = self._notes, []
        for number, note in enumerate(notes, start=1):
            mark = (
                "".join(note.find(f"{_TEXT}note-citation").itertext())
                if note.find(f"{_TEXT}note-citation") is not None
                else ""
            )
            lines = ["".join(self._inline(line, "")).strip() for line in note.iter(*_LINES)]
            self.noted += lines
            self._put(f"{mark.strip() or number} {' '.join(filter(None, lines))}\n")

    def add_edge(self, edge: _Element) -> None:
        """Append a header or footer, unless it has only a page number."""
        part = OdtText(self.styles)
        part.add(edge)
        text = "\n".join(page.strip("\n") for page in part.pages)
        self.noted += part.noted
        if any(letter.isalpha() for letter in text):
            self._put(f"{text}\n")
