"""Pages of plain text and Markdown: one page, its markup and a transcriber's notes left out."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from corpus.config import Settings
from corpus.document import Page
from corpus.errors import Problem
from ingest.raw import RawFile, RawPage

_NOTE = re.compile(r"^[ \t]*\[(?=[^\]\n]*[A-Za-z])[^\]\n]{3,120}\][ \t]*$", re.MULTILINE)
"""A line that is one bracketed remark, as in `[Handwritten signature in blue ink]`, says what a transcriber saw."""
_EMPHASIS = re.compile(r"\*\*|__|`|^#{1,6} +", re.MULTILINE)
_BLANKS = re.compile(r"\n{3,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200b-\u200d\u2060\ufeff]")


def open_text(path: Path, name: str, settings: Settings) -> RawFile:
    """One page of text. Raises Problem("truncated") for bytes that are no text, Problem("no_pages") for none at all."""
    text = clean(decoded(path.read_bytes(), name), markup=True)
    if not text.strip():
        raise Problem("no_pages", name=name)
    return RawFile(1, iter((RawPage(1, text=Page(1, "text", text)),)))


def decoded(data: bytes, name: str) -> str:
    """Text of its bytes: UTF-8, UTF-16 with its mark, else Windows-1258."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem("truncated", name=name)


def clean(text: str, *, markup: bool = False) -> str:
    """NFC, one kind of line end, no control characters; with markup, its marks and a transcriber's remarks go too."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", text)
    if markup:
        text = _EMPHASIS.sub("", _NOTE.sub("", text))
    lines = (line.rstrip().replace("\t", " ").replace("\u00a0", " ") for line in text.split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")
