"""Text of an RTF file in the order on paper: headers, body, notes, footers, each collected from its groups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.files import legacy_encoding
from ingest.files.rtf_tokens import CODE_PAGES, RtfToken, code_page, tokens

_MOST_DEPTH = 500
_MOST_PICTURES, _MOST_PICTURE_BYTES = 60, 64 << 20
_BODY, _SKIP, _FONTS, _PICTURE, _SHAPE = "body", "skip", "fonts", "picture", "shape"
_PLACES = {
    "header": "head", "headerl": "head", "headerr": "head", "headerf": "head", "footer": "foot", "footerl": "foot",
    "footerr": "foot", "footerf": "foot", "footnote": "note", "annotation": "comment", "fonttbl": _FONTS,
    "pict": _PICTURE, "sv": _SHAPE,
}  # fmt: skip
_SKIPPED = frozenset(
    {"colortbl", "stylesheet", "info", "fldinst", "object", "themedata", "colorschememapping", "datastore",
     "xmlnstbl", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "latentstyles", "filetbl",
     "nonshppict", "objdata", "atnid", "atnauthor", "atndate", "atnref", "atntime", "atrfstart", "atrfend",
     "bkmkstart", "bkmkend", "pntxta", "pntxtb", "wgrffmtfilter", "mmathPr", "blipuid", "picprop", "sn", "shprslt",
     "upr", "docvar", "userprops", "template", "pgptbl", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "tc", "xe",
     "passwordhash", "formfield", "listname", "fchars", "lchars"}
)  # fmt: skip
_OPENED = frozenset({"shppict", "shpinst", "shptxt", "result", "pntext", "listtext", "dptxbxtext", "ud"})
r"""Destinations that belong to the document's text, though older programs skip them (`\*`)."""
_SIGNS = {
    "tab": "\t", "line": "\n", "par": "\n", "cell": "\n", "nestcell": "\n",
    "page": "\f", "softpage": "\f", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "~": " ", "_": "-", "\n": "\n", "\r": "\n",
    "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
_RAISED = str.maketrans("0123456789()[]", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_PNG, _JPEG = b"\x89PNG", b"\xff\xd8\xff"


@dataclass(slots=True)
class RtfText:
    """Text and findings of an RTF file; `open_groups` is True if it ends within a group."""

    pages: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    encoding: str = ""
    changed: bool = False
    hidden: bool = False
    embedded: bool = False
    open_groups: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """Formatting state within a group."""

    place: str = _BODY
    page: str = "cp1252"
    font: int = -1
    unicode_skip: int = 1
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    capitals: bool = False
    label: bool = False
    """True within a list's own number."""


@dataclass(slots=True)
class _Reader:
    said: RtfText = field(default_factory=RtfText)
    stack: list[_State] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    ansi: str = "cp1252"
    texts: dict[str, list[str]] = field(default_factory=dict)
    notes: int = 0
    pages_of_fonts: dict[int, str] = field(default_factory=dict)
    names_of_fonts: dict[int, str] = field(default_factory=dict)
    default_font: int = 0
    skip: int = 0
    starred: bool = False
    raw: bytearray = field(default_factory=bytearray)
    """Bytes not decoded yet: a letter of some code pages is two bytes, and marks follow their letter."""
    picture: bytearray = field(default_factory=bytearray)

    def take(self, token: RtfToken) -> None:
        if token.kind == "bytes":
            self._take_bytes(token.data)
            return
        self.flush()
        if token.kind == "open":
            if len(self.stack) < _MOST_DEPTH:
                self.stack.append(self.state)
            self.skip = 0
        elif token.kind == "close":
            self._close()
        else:
            self._take_word(token.word, token.number)

    def _take_bytes(self, data: bytes) -> None:
        self.starred = False
        if self.skip:
            taken = min(self.skip, len(data))
            self.skip -= taken
            data = data[taken:]
        if self.state.place == _PICTURE:
            self.picture += data[: max(_MOST_PICTURE_BYTES - len(self.picture), 0)]
        elif self.state.place == _FONTS:
            name = self.names_of_fonts.get(self.state.font, "") + data.decode("latin-1")
            self.names_of_fonts[self.state.font] = name[:100]
        elif self.state.place != _SKIP:
            self.raw += data

    def flush(self) -> None:
        """Decode the waiting bytes by the font that they are printed in."""
        if not self.raw:
            return
        font = self.state.font if self.state.font >= 0 else self.default_font
        data = bytes(self.raw)
        self.raw.clear()
        old = legacy_encoding.of_font(self.names_of_fonts.get(font, "").strip(" ;"))
        if old is not None:
            text = legacy_encoding.converted(data.decode("latin-1"), old.encoding, capitals=old.capitals)
            self.said.encoding = self.said.encoding if data.isascii() else legacy_encoding.NAMES[old.encoding]
            self.put(text)
        else:
            self.put(data.decode(self.pages_of_fonts.get(font, self.ansi), errors="replace"))

    def put(self, text: str) -> None:
        """Append text to the part that the group belongs to, unless it is hidden."""
        state = self.state
        if state.place in (_SKIP, _FONTS, _PICTURE):
            return
        if state.hidden or state.deleted:
            self.said.hidden = self.said.hidden or (state.hidden and bool(text.strip()))
            return
        if state.raised and text.strip(" ()[]").isdigit():
            text = text.translate(_RAISED)
        self.texts.setdefault(state.place, []).append(text.upper() if state.capitals else text)

    def _close(self) -> None:
        if self.state.place == _PICTURE and (not self.stack or self.stack[-1].place != _PICTURE):
            self._keep_picture()
        if self.state.place.startswith("note") and self.stack and self.stack[-1].place != self.state.place:
            self.put("\n")
        if self.stack:
            self.state = self.stack.pop()
        self.skip, self.starred = 0, False

    def _keep_picture(self) -> None:
        """Store the group's picture, which is written in hexadecimal."""
        digits = bytes(self.picture).translate(None, b" \t")
        self.picture.clear()
        try:
            data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        except ValueError:
            return
        if data.startswith((_PNG, _JPEG)) and len(self.said.pictures) < _MOST_PICTURES:
            self.said.pictures.append(data)

    def _take_word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, word == "*"
        if word == "*" or (self.state.place == _SKIP and word not in _OPENED):
            return
        if word == "u":
            self._unicode(number or 0)
        elif word in _SIGNS:
            self.put(" " if self.state.label and word == "tab" else _SIGNS[word])
        elif word in _PLACES:
            self._enter(_PLACES[word])
        elif word in _SKIPPED or (starred and word not in _OPENED):
            self.said.embedded = self.said.embedded or word == "object"
            self.state = replace(self.state, place=_SKIP)
        elif word in _OPENED:
            place = self._around() if self.state.place in (_SKIP, _SHAPE) else self.state.place
            self.state = replace(self.state, place=place, label=word in ("listtext", "pntext"))
            before = self.texts.get(place, ["\n"])[-1]
            if word in ("shptxt", "dptxbxtext") and not before.endswith("\n"):
                self.put("\n")
        else:
            self._format(word, number)

    def _enter(self, place: str) -> None:
        if place == "note":
            self.notes += 1
            self.texts.setdefault(place, []).append(f"{self.notes} ")
        elif place in ("comment", _SHAPE):
            self.texts.setdefault(place, []).append("\n")
        self.state = replace(self.state, place=place, hidden=False, raised=False)

    def _around(self) -> str:
        """The document part that encloses a group without a place of its own."""
        places = (state.place for state in reversed(self.stack))
        return next((place for place in places if place not in (_SKIP, _SHAPE, _PICTURE)), _BODY)

    def _unicode(self, number: int) -> None:
        """Append a letter by its number, and skip its fallback for programs without Unicode."""
        self.flush()
        self.put(chr(number % 65536))
        self.skip = self.state.unicode_skip

    def _format(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "f" and number is not None:
            self.state = replace(self.state, font=number)
        elif word == "fcharset" and number is not None and self.state.place == _FONTS:
            if number in CODE_PAGES:
                self.pages_of_fonts[self.state.font] = CODE_PAGES[number]
        elif word == "ansicpg" and number is not None:
            self.ansi = code_page(number)
        elif word == "deff" and number is not None:
            self.default_font = number
        elif word == "uc" and number is not None:
            self.state = replace(self.state, unicode_skip=min(max(number, 0), 10))
        elif word == "v":
            self.state = replace(self.state, hidden=on)
        elif word == "deleted":
            self.said.changed = self.said.changed or on
            self.state = replace(self.state, deleted=on)
        elif word == "revised":
            self.said.changed = self.said.changed or on
        elif word in ("super", "nosupersub"):
            self.state = replace(self.state, raised=word == "super" and on)
        elif word == "caps":
            self.state = replace(self.state, capitals=on)
        elif word == "plain":
            self.state = replace(self.state, hidden=False, deleted=False, raised=False, capitals=False, font=-1)


def rtf_text(data: bytes) -> RtfText:
    """Parse an RTF file to Unicode; damage costs only what it hits."""
    reader = _Reader()
    for token in tokens(data):
        reader.take(token)
    reader.flush()
    said = reader.said
    said.open_groups = bool(reader.stack)
    parts = {place: _join(texts) for place, texts in reader.texts.items()}
    head, body, notes, foot = (parts.get(place, "") for place in ("head", _BODY, "note", "foot"))
    notes = "\n".join(" ".join(line.split()) for line in notes.split("\n"))
    whole = "\n".join(part for part in (_edge(head), body, notes, _edge(foot)) if part)
    encoding = legacy_encoding.encoding_of(whole)
    if encoding is not None and not said.encoding:
        said.encoding, whole = legacy_encoding.NAMES[encoding], legacy_encoding.converted(whole, encoding)
    # Leading blanks only indent: tabs in front of a list's number.
    said.pages = [_INDENT.sub("", page) for page in whole.split("\f")]
    beside = "\n".join(parts.get(place, "") for place in ("note", "comment", _SHAPE))
    said.noted = [line for text in beside.split("\n") if (line := text.strip(" 0123456789")) and len(line) < 200]
    return said


def _join(texts: list[str]) -> str:
    """Join the pieces; letters beyond the first plane were written as surrogate pairs."""
    return "".join(texts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _edge(text: str) -> str:
    """A header or footer without its page-number lines; repetitions by section are dropped."""
    return "\n".join(dict.fromkeys(line for line in text.split("\n") if any(map(str.isalpha, line))))
