"""Removal of Markdown's marks and a transcriber's remarks, in linear time.

The sender of a file chooses its brackets: each pair is found from its closing one, so that no unclosed bracket
makes the rest of the line be searched again (CWE-1333).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NOTED = re.compile(
    r"""
    signature|signed|handwrit|stamp|seal|illegible|unreadable|logo|blank|page[ ]break|watermark|  # [seal]
    chữ[ ]ký|con[ ]dấu|đóng[ ]dấu|viết[ ]tay|không[ ]đọc[ ]được|đã[ ]ký|trang[ ]trống  # [chữ ký]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MARK = re.compile(r"\bMẬT\b", re.IGNORECASE)
_AROUND = 120
"""Letters of a remark before and after the word that makes it one."""
_LONGEST = 2 * _AROUND + 20
_BRACKET = re.compile(r"[\[\]\n]")
_LINK = re.compile(r"\]\((?:https?:|mailto:|#|/)")
_LINK_END = re.compile(r"[)\s]")
_HEADING = re.compile(r"^ {0,3}#{1,6} +(.*)$", re.MULTILINE)
_PATTERNS = (
    (re.compile(r"^ {0,3}> ?", re.MULTILINE), ""),
    (re.compile(r"^( *)[*+] +(?=\S)", re.MULTILINE), r"\1- "),
)
_BLOCKS = (
    (re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"<br ?/?>", re.IGNORECASE), "\n"),
    (re.compile(r"^ {0,3}(?:[-*_] ?){3,}$", re.MULTILINE), ""),
)
_INLINE = (
    (re.compile(r"\*\*|`|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)"), ""),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"\\([*_#\[\]()\-+.!`>])"), r"\1"),
)


def without_markup(text: str) -> str:
    """A text without Markdown's marks and without a transcriber's remarks in brackets."""
    text = text.replace("\r\n", "\n")
    text = _without_comments(_without(text, _remarks(text)))
    text = _HEADING.sub(_heading, _substitute(text, _BLOCKS))
    return _substitute(_without_links(_substitute(text, _PATTERNS)), _INLINE)


def _substitute(text: str, patterns: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, instead in patterns:
        text = pattern.sub(instead, text)
    return text


def _heading(found: re.Match[str]) -> str:
    """A heading's words, without the closing signs after a blank."""
    words = found[1]
    open_end = words.rstrip("#")
    return open_end.rstrip(" ") if open_end != words and open_end.endswith(" ") else words


def _without(text: str, spans: Iterator[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]])


def _remarks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of a transcriber's remarks, such as `[Handwritten signature in blue ink]`.

    A remark that names a secrecy stamp stays in the text.
    """
    opened: list[int] = []
    for bracket in _BRACKET.finditer(text):
        at = bracket.start()
        if bracket[0] == "[":
            opened.append(at)
            continue
        if bracket[0] == "]":
            begin = _remark_before(text, [start for start in opened[-_LONGEST:] if start >= at - _LONGEST], at)
            if begin is not None:
                yield begin, at + 1
        opened = []


def _remark_before(text: str, opened: list[int], end: int) -> int | None:
    """Leftmost of these brackets from which a remark reaches `end`; None without one."""
    if not opened:
        return None
    marked = max((found.start() for found in _MARK.finditer(text, opened[0], end)), default=0)
    opened = [at for at in opened if at > marked] if marked else opened
    if not opened:
        return None
    words = [(found.start(), found.end()) for found in _NOTED.finditer(text, opened[0] + 1, end)]
    words = [(first, last) for first, last in words if end - last <= _AROUND]
    return next((at for at in opened if any(at < first <= at + 1 + _AROUND for first, _ in words)), None)


def _without_comments(text: str) -> str:
    """The text without `<!-- … -->`; an unclosed one stays."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


def _without_links(text: str) -> str:
    """Replace each `[words](https://…)`, and each picture, by its words."""
    parts, at, floor, stop = [], 0, 0, -1
    for middle in _LINK.finditer(text):
        close = middle.start()
        # Brackets behind the last one that was closed, and in this line.
        floor = max(floor, text.rfind("\n", floor, close) + 1, text.rfind("]", floor, close) + 1)
        start = text.find("[", floor, close)
        if stop < middle.end():
            found = _LINK_END.search(text, middle.end())
            stop = found.start() if found else len(text)
        floor = close + 1
        if start < 0 or start + 1 == close or stop >= len(text) or text[stop] != ")":
            continue
        bang = start > at and text[start - 1] == "!"
        parts += [text[at : start - bang], text[start + 1 : close]]
        at = floor = stop + 1
    return "".join([*parts, text[at:]])
