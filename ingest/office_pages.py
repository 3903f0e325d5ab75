"""Text of a Word document (DOCX), read from its XML: paragraphs, tables, text boxes, tracked changes as accepted."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import error as ZlibError

from corpus.config import Settings
from corpus.document import Page, Warning
from corpus.errors import Problem
from ingest.raw import RawFile, RawPage, caution
from ingest.text_pages import clean

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAIN = "word/document.xml"
_UNPACKED_LIMIT = 209_715_200
_RATIO_LIMIT = 200
_LETTERS_LIMIT = 20_000_000
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr"})
"""Deleted text, field codes, and the second copy that a text box keeps for old programs."""


def open_docx(path: Path, name: str, settings: Settings) -> RawFile:
    """One page of text. Raises Problem("truncated"), Problem("unsafe_content"), Problem("encrypted"), Problem("no_pages")."""
    try:
        with zipfile.ZipFile(path) as package:
            cautions = _check(package, name)
            data = package.read(_MAIN)
    except (zipfile.BadZipFile, KeyError, OSError, ZlibError, NotImplementedError, UnicodeDecodeError) as error:
        raise Problem("truncated", name=name) from error
    except RuntimeError as error:
        raise Problem("encrypted", name=name) from error
    text = clean("\n".join(_paragraphs(_parsed(data, name))))[:_LETTERS_LIMIT]
    if not text.strip():
        raise Problem("no_pages", name=name)
    return RawFile(1, iter((RawPage(1, text=Page(1, "text", text)),)), cautions)


def _check(package: zipfile.ZipFile, name: str) -> tuple[Warning, ...]:
    """Refuses what could harm; tells what is odd. Nothing that lies outside the file is ever fetched."""
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if names.count(_MAIN) != 1 or len(entries) > 5000:
        raise Problem("truncated", name=name)
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise Problem("unsafe_content", name=name, what="macro")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _UNPACKED_LIMIT or unpacked > _RATIO_LIMIT * max(packed, 10_000) * 10:
        raise Problem("unsafe_content", name=name, what="bom nén")
    cautions = []
    if any("/embeddings/" in part or "/activeX/" in part for part in names):
        cautions.append(caution("active_content", what="OLE"))
    relations = [part for part in names if part.endswith(".rels")]
    if any(b'TargetMode="External"' in package.read(part) for part in relations):
        cautions.append(caution("external_reference", what="liên kết ngoài"))
    return tuple(cautions)


def _parsed(data: bytes, name: str) -> _Element:
    from lxml import etree

    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise Problem("unsafe_content", name=name, what="DTD")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Problem("truncated", name=name) from error


def _paragraphs(root: _Element) -> Iterator[str]:
    """Each paragraph's text in the order of the document; cells of a table follow each other line by line."""
    for paragraph in root.iter(f"{_W}p"):
        if not any(ancestor.tag in _SKIPPED for ancestor in paragraph.iterancestors()):
            yield "".join(_runs(paragraph))


def _runs(element: _Element) -> Iterator[str]:
    """The letters of one paragraph; a text box inside it has paragraphs of its own."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == f"{_W}p" or child.tag == f"{_W}txbxContent":
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _runs(child)
