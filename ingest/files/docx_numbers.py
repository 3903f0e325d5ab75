"""Automatic numbers of a Word document (numbering.xml): "Điều 1.", "a)", "I.", also those that a style carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.files.list_labels import Counter, ListLevel, bullet

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SYMBOLS = ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "Courier New")
"""Fonts of bullets; in Courier New it is the letter o."""
_MOST_BASES = 20
_DEPTH = 9


@dataclass(frozen=True, slots=True)
class _List:
    """One list (`w:num`): name of the definition it counts with, its levels, and start numbers that override
    theirs.
    """

    counted: str
    levels: dict[int, ListLevel]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbers:
    """The lists of a document and their counters; call `label` in the order of the text."""

    lists: dict[str, _List] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counters: dict[str, Counter] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: _Element) -> str:
        """Number or bullet that the list prints before a paragraph, with a trailing blank; "" outside any list."""
        found = self._place(paragraph)
        if found is None or (listed := self.lists.get(found[0])) is None:
            return ""
        number, depth = found
        begins = (number, depth) not in self._begun
        self._begun.add((number, depth))
        counter = self._counters.setdefault(listed.counted, Counter())
        label = counter.label(listed.levels, depth, listed.starts.get(depth) if begins else None)
        return f"{label.strip()} " if label.strip() else ""

    def _place(self, paragraph: _Element) -> tuple[str, int] | None:
        """The paragraph's list and level: its own, or those of its style."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return None
        style = properties.find(f"{_W}pStyle")
        inherited = self.styles.get(_value(style)) if style is not None else None
        own = properties.find(f"{_W}numPr")
        if own is None:
            return inherited
        number = _value(own.find(f"{_W}numId")) or (inherited[0] if inherited else "")
        level = _value(own.find(f"{_W}ilvl"))
        return (number, _depth(level)) if number else None


def numbers_of(numbering: _Element | None, styles: _Element | None) -> Numbers:
    """Lists that numbering.xml defines, and the list of each style that has one."""
    if numbering is None:
        return Numbers()
    abstract = {
        one.get(f"{_W}abstractNumId") or "": {
            _depth(level.get(f"{_W}ilvl")): level for level in one.iter(f"{_W}lvl")
        }
        for one in numbering.iter(f"{_W}abstractNum")
    }
    lists, by_style = {}, {}
    for number in numbering.iter(f"{_W}num"):
        name, counted = number.get(f"{_W}numId") or "", _value(number.find(f"{_W}abstractNumId"))
        levels = {depth: _level(level) for depth, level in abstract.get(counted, {}).items()}
        starts = {}
        for override in number.iter(f"{_W}lvlOverride"):
            depth = _depth(override.get(f"{_W}ilvl"))
            if (level := override.find(f"{_W}lvl")) is not None:
                levels[depth] = _level(level)
            if (start := override.find(f"{_W}startOverride")) is not None:
                starts[depth] = _number(_value(start), 1)
        lists[name] = _List(counted, levels, starts)
        for depth, level in abstract.get(counted, {}).items():
            if style := _value(level.find(f"{_W}pStyle")):
                by_style[name, style] = depth
    return Numbers(lists, _listed_styles(styles, by_style) if styles is not None else {})


def _listed_styles(root: _Element, by_style: dict[tuple[str, str], int]) -> dict[str, tuple[str, int]]:
    """List and level of each style that has one, by itself or through the style it is based on."""
    styles = {style.get(f"{_W}styleId") or "": style for style in root.iter(f"{_W}style")}
    found: dict[str, tuple[str, int]] = {}
    for name in styles:
        base: str | None = name
        for _ in range(_MOST_BASES):
            style = styles.get(base or "")
            if style is None:
                break
            own = style.find(f"{_W}pPr/{_W}numPr")
            if own is not None and (number := _value(own.find(f"{_W}numId"))):
                depth = own.find(f"{_W}ilvl")
                level = by_style.get((number, name), by_style.get((number, base or ""), 0))
                found[name] = number, _depth(_value(depth)) if depth is not None else level
                break
            base = _value(style.find(f"{_W}basedOn"))
    return found


def _level(level: _Element) -> ListLevel:
    form = _value(level.find(f"{_W}numFmt")) or "decimal"
    text = _value(level.find(f"{_W}lvlText"))
    if form == "bullet":
        fonts = level.find(f"{_W}rPr/{_W}rFonts")
        text = bullet(text, symbol_font=fonts is not None and fonts.get(f"{_W}ascii") in _SYMBOLS)
    legal = level.find(f"{_W}isLgl") is not None
    return ListLevel(form, text, _number(_value(level.find(f"{_W}start")), 1), legal)


def _value(element: _Element | None) -> str:
    return (element.get(f"{_W}val") or "") if element is not None else ""


def _depth(value: str | None) -> int:
    return min(max(_number(value or "0", 0), 0), _DEPTH - 1)


def _number(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 9 else otherwise
