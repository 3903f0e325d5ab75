"""Media type of a file by its first bytes; the ending of its name must agree (OWASP ASVS 5.2.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from corpus.errors import Problem
from corpus.file_types import (
    DOC,
    DOCX,
    EDXML,
    EML,
    JPEG,
    MARKDOWN,
    MEDIA_TYPES,
    NAMES,
    ODT,
    PDF,
    PNG,
    RTF,
    TIFF,
    TXT,
    ZIP,
)
from ingest.files.added_kinds import FileReader

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DOC),
    (b"{\\rtf", RTF),
)
_FOREIGN = (
    b"MZ",
    b"\x7fELF",
    b"7z\xbc\xaf",
    b"Rar!",
    b"GIF8",
    b"BM",
    b"\x1f\x8b",
    b"%!PS",
)
"""First bytes of foreign files that may decode as text, or that deserve a refusal by name."""
_PDF_WINDOW = 1024
"""Readers accept `%PDF-` anywhere in the first KiB (ISO 32000-1, Annex H, note 13)."""
_MAIN_PART = re.compile(rb"word[/\\]document\d*\.xml")
_WORD = "WordDocument".encode("utf-16-le")
"""The stream of an OLE file that makes it a document of Word ([MS-DOC], 2.1.1)."""
_ALSO = {DOC: (RTF, DOCX)}
"""Types that programs write under another ending, and that Word opens all the same."""
_NAME_AT = 30
"""Offset of the name of a ZIP's first member (APPNOTE 4.3.7)."""
_OFFICE_STARTS = (b"[Content_Types].xml", b"_rels/", b"word/", b"word\\", b"docProps/", b"customXml/")
_ODT_START = b"mimetypeapplication/vnd.oasis.opendocument.text"
_HEADER_LINE = re.compile(
    rb"(?:From [^\r\n]*\r?\n)?(?:[!-9;-~]{1,76}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|$)){2}"
)
"""Two header fields, after the separator line of a mailbox if there is one (RFC 5322, 2.2)."""
_MAIL_FIELD = re.compile(
    rb"^(?:From|To|Date|Subject|Received|Message-ID|MIME-Version|Return-Path):", re.IGNORECASE | re.MULTILINE
)


def sniff(head: bytes, name: str, added: Sequence[FileReader] = ()) -> str:
    """Media type of a file, by its name and its first bytes (64 KiB, or all of a shorter file).

    added: readers of further kinds; the kinds of this program come first.
    Raises Problem("empty_file"), Problem("unknown_type") or Problem("type_mismatch").
    """
    if not head:
        raise Problem("empty_file", name=name)
    extension = PurePath(name).suffix.lower()
    claimed = MEDIA_TYPES.get(extension)
    if claimed is None:
        return _added_kind(head, name, extension, added)
    found = _type_of(head, claimed)
    if found is None:
        raise Problem("type_mismatch", name=name, extension=extension, found="loại khác")
    if found in _ALSO.get(claimed, ()):
        return found
    if found != claimed:
        raise Problem("type_mismatch", name=name, extension=extension, found=NAMES.get(found, found))
    return claimed


def _added_kind(head: bytes, name: str, extension: str, added: Sequence[FileReader]) -> str:
    """Media type by the first plugin that reads such files. Raises Problem."""
    readers = [one for one in added if extension in one.endings]
    if not readers:
        raise Problem("unknown_type", name=name)
    found = next((one.media_type for one in readers if one.claims(head)), None)
    if found is None:
        raise Problem("type_mismatch", name=name, extension=extension, found="loại khác")
    return found


def _type_of(head: bytes, claimed: str) -> str | None:
    """Media type by content; a DOCX is a ZIP and Markdown is text, so these follow the claimed type."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return _kind_of(media_type, head, claimed)
    if head.startswith(_FOREIGN):
        return None
    if b"%PDF-" in head[:_PDF_WINDOW]:
        return PDF
    if claimed == EML:
        return EML if _is_mail(head) else None
    if claimed == EDXML:
        return EDXML if _is_message(head) else None
    if claimed in (TXT, MARKDOWN):
        return claimed if looks_like_text(head) else None
    return None


def _kind_of(media_type: str, head: bytes, claimed: str) -> str | None:
    """Type of a container: a ZIP may be a Word or OpenDocument file, OLE may be of any program."""
    if media_type == ZIP:
        return _zip_kind(head, claimed)
    return media_type if media_type != DOC or claimed == DOC or _WORD in head else None


def _is_mail(head: bytes) -> bool:
    """True if it begins with header fields of a mail; the body may be any bytes."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return _HEADER_LINE.match(head) is not None and _MAIL_FIELD.search(fields) is not None


def _is_message(head: bytes) -> bool:
    """True if it is XML, in UTF-8 or UTF-16, that names edXML among its first elements."""
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\r\n\t ")
    return plain.startswith(b"<") and b"edxml" in plain.lower()


def _zip_kind(head: bytes, claimed: str) -> str:
    """Type of a ZIP: Word writes `word/` and the list of parts first; the reader checks the rest."""
    office = b"[Content_Types].xml" in head or b"word/" in head or b"_rels/.rels" in head
    # An archive may hold whole documents: the name of its own first member decides.
    first = head[_NAME_AT:]
    if first.startswith(_ODT_START) or (claimed == ODT and b"content.xml" in head):
        return ODT
    if claimed == DOCX:
        return DOCX if office else ZIP
    return DOCX if office and first.startswith(_OFFICE_STARTS) and _MAIN_PART.search(head) else ZIP


def looks_like_text(head: bytes) -> bool:
    """True if there are only the usual control bytes; UTF-16 needs its byte order mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 0x20 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
