"""What a file is, by its first bytes; its name's ending must agree (OWASP ASVS 5.2.2)."""

from __future__ import annotations

from pathlib import PurePath

from corpus.errors import Problem

PDF = "application/pdf"
TIFF = "image/tiff"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TXT = "text/plain"
MARKDOWN = "text/markdown"
ZIP = "application/zip"

EXTENSIONS = {
    ".pdf": PDF,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".docx": DOCX,
    ".txt": TXT,
    ".md": MARKDOWN,
    ".zip": ZIP,
}

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
)
_FOREIGN = (
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"GIF8",
    b"BM",
    b"\x1f\x8b",
    b"%!PS",
)
"""Starts of files that may decode as text, or are refused by a clear name rather than as rubbish."""
_PDF_WINDOW = 1024
"""Readers accept `%PDF-` anywhere in the first KiB (ISO 32000-1, Annex H, note 13)."""
_NAMES = {PDF: "PDF", TIFF: "TIFF", PNG: "PNG", JPEG: "JPEG", DOCX: "DOCX", TXT: "văn bản thường", ZIP: "ZIP"}


def sniff(head: bytes, name: str) -> str:
    """The media type of a file whose first bytes (64 KiB, or all of a shorter file) and name are given.

    Raises Problem("empty_file"), Problem("unknown_type") or Problem("type_mismatch").
    """
    if not head:
        raise Problem("empty_file", name=name)
    extension = PurePath(name).suffix.lower()
    claimed = EXTENSIONS.get(extension)
    if claimed is None:
        raise Problem("unknown_type", name=name)
    found = _found(head, claimed)
    if found is None:
        raise Problem("type_mismatch", name=name, extension=extension, found="loại khác")
    if found != claimed:
        raise Problem("type_mismatch", name=name, extension=extension, found=_NAMES.get(found, found))
    return claimed


def _found(head: bytes, claimed: str) -> str | None:
    """What the bytes are; a DOCX is a ZIP, and Markdown is text, so these follow the claim."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return _zip_kind(head, claimed) if media_type == ZIP else media_type
    if head.startswith(_FOREIGN):
        return None
    if b"%PDF-" in head[:_PDF_WINDOW]:
        return PDF
    if claimed in (TXT, MARKDOWN):
        return claimed if looks_like_text(head) else None
    return None


def _zip_kind(head: bytes, claimed: str) -> str:
    """Word writes its parts under `word/` and the list of parts first; deeper checks are the reader's."""
    office = b"[Content_Types].xml" in head or b"word/" in head or b"_rels/.rels" in head
    if claimed == DOCX:
        return DOCX if office else ZIP
    return DOCX if office and b"word/document.xml" in head else ZIP


def looks_like_text(head: bytes) -> bool:
    """No control bytes but the usual ones; UTF-16 needs its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 0x20 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
