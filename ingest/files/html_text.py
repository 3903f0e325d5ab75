"""Text of a mail's HTML as lines; scripts, styles and hidden elements are left out, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINES = frozenset(
    {
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "blockquote",
        "pre",
        "hr",
        "td",
        "th",
        "ul",
        "ol",
    }
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_EMPTY = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "base", "area", "wbr", "source"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self.parts.append("\n")
        if tag == "li":
            self.parts.append("- ")
        if tag not in _EMPTY:
            style = next((value or "" for name, value in attrs if name == "style"), "")
            self.open.append((tag, tag in _UNSEEN or _HIDDEN.search(style) is not None))

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self.parts.append("\n")
        if any(name == tag for name, _ in self.open[-50:]):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not any(unseen for _, unseen in self.open[-50:]):
            self.parts.append(re.sub(r"\s+", " ", data))


def html_text(source: str) -> str:
    """Lines of an HTML text, with single blanks between words and no empty lines."""
    reader = _HtmlReader()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
