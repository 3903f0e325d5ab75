"""Pages of plain text and Markdown: encoding detected, markup and a transcriber's notes removed."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from corpus.config import Settings
from corpus.document import Page, Warning
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files import legacy_encoding
from ingest.files.markup import without_markup
from ingest.files.page import RawFile, RawPage
from ingest.sandbox.child import deadline
from ingest.text.syllables import syllable_share

MOST_LETTERS = 8_000_000
"""Letters of a file: 2,000 full pages have fewer."""
MOST_IN_WORD = 20_000
_SECONDS = 30.0
"""CPU time to turn one file into text; the longest accepted file needs a few."""
_REPLACED = 0.02
"""Share of its letters beyond ASCII that a UTF-8 text may have lost to bad bytes and still count as UTF-8."""
_BLANKS = re.compile(r"\n{3,}")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Control characters, lone surrogates, non-characters, and marks that change the direction of writing."""
_TAB = "    "
"""A tab separates the cells of a header; four spaces still do."""


def open_text(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text, split at form feeds.

    Raises Problem("truncated") for bytes that are no text, Problem("no_pages") for none,
    Problem("unsafe_content").
    """
    with deadline(_SECONDS):
        text, cautions = decoded(path.read_bytes(), name)
        return text_file([without_markup(page) for page in text.split("\f")], name, cautions)


def text_file(texts: list[str], name: str, cautions: tuple[Warning, ...] = ()) -> RawFile:
    """A file of these pages of text, cleaned and without empty ones. Raises Problem("no_pages"),
    Problem("unsafe_content").
    """
    pages = [page for text in texts if (page := clean(text)).strip()]
    if not pages:
        raise Problem("no_pages", name=name)
    if sum(map(len, pages)) > MOST_LETTERS:
        raise Problem("unsafe_content", name=name, what="quá nhiều chữ")
    if any(len(word) > MOST_IN_WORD for page in pages for word in page.split()):
        raise Problem("unsafe_content", name=name, what="một chuỗi ký tự dài bất thường")
    raws = (RawPage(number, text=Page(number, "text", page)) for number, page in enumerate(pages, start=1))
    return RawFile(len(pages), raws, cautions)


def decoded(data: bytes, name: str) -> tuple[str, tuple[Warning, ...]]:
    """Decode a text, and warn about repairs.

    UTF-8 (also with a few bad bytes), UTF-16 with its mark, else the old encoding that makes it most Vietnamese.
    Raises Problem("truncated") for broken UTF-16.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise Problem("truncated", name=name) from error
    try:
        return _in_unicode(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0:
            return data[: error.start].decode("utf-8-sig"), (make_warning("damaged"),)
    if _is_utf8_with_faults(data):
        return data.decode("utf-8-sig", errors="replace"), (make_warning("damaged"),)
    latin, cautions = _in_unicode(data.decode("latin-1"))
    windows = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    if cautions and syllable_share(latin) >= syllable_share(windows):
        return latin, cautions
    return windows, (make_warning("text_repaired", 1, encoding="Windows-1258"),)


def _is_utf8_with_faults(data: bytes) -> bool:
    """True if nearly all letters beyond ASCII are whole UTF-8: a bad byte costs its letter, not the whole text."""
    text = data.decode("utf-8", errors="replace")
    beyond = sum(not letter.isascii() for letter in text)
    lost = text.count("\ufffd") - data.count("\ufffd".encode())
    return lost <= max(_REPLACED * beyond, 1) and beyond > 4 * lost


def _in_unicode(text: str) -> tuple[str, tuple[Warning, ...]]:
    # Old encodings have no combining marks: those are decomposed Unicode, composed first.
    repaired, encoding = legacy_encoding.repaired(unicodedata.normalize("NFC", text))
    cautions = (make_warning("text_repaired", 1, encoding=legacy_encoding.NAMES[encoding]),) if encoding else ()
    return repaired, cautions


def clean(text: str) -> str:
    """Normalise to NFC, one kind of line end, no control characters, no two empty lines in a row."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = _CONTROL.sub("", text.replace("\t", _TAB).replace("\u00a0", " ").replace("\x85", "\n"))
    lines = (line.rstrip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")
