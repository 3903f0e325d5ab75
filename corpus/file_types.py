"""Kinds of files that are taken in: media type, name and endings;
every list of them that people read comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass

PDF = "application/pdf"
TIFF = "image/tiff"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
EML = "message/rfc822"
EDXML = "application/edxml+xml"
TXT = "text/plain"
MARKDOWN = "text/markdown"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind: its media type (IANA), the name that people know it by, and the endings of its files."""

    media_type: str
    name: str
    endings: tuple[str, ...]


FILE_TYPES = (
    FileType(PDF, "PDF", (".pdf",)),
    FileType(TIFF, "TIFF", (".tif", ".tiff")),
    FileType(PNG, "PNG", (".png",)),
    FileType(JPEG, "JPEG", (".jpg", ".jpeg")),
    FileType(DOCX, "DOCX", (".docx",)),
    FileType(DOC, "DOC", (".doc",)),
    FileType(RTF, "RTF", (".rtf",)),
    FileType(ODT, "ODT", (".odt",)),
    FileType(EML, "EML", (".eml",)),
    FileType(EDXML, "edXML", (".edxml", ".xml")),
    FileType(TXT, "TXT", (".txt",)),
    FileType(MARKDOWN, "MD", (".md",)),
    FileType(ZIP, "ZIP", (".zip",)),
)
READABLE = ", ".join(one.name for one in FILE_TYPES if one.media_type != ZIP)
"""Names of the kinds that are read, for a sentence."""
TAKEN = f"{READABLE}, ZIP"
"""Names of the kinds that are taken: an archive member by member."""
TAKEN_OR_VI, TAKEN_OR_EN = f"{READABLE} hay ZIP", f"{READABLE} or ZIP"
ACCEPTED = ",".join(ending for one in FILE_TYPES for ending in one.endings)
"""For the `accept` of a form's field."""
NAMES = {one.media_type: one.name for one in FILE_TYPES}
MEDIA_TYPES = {ending: one.media_type for one in FILE_TYPES for ending in one.endings}
"""Endings, in small letters, → media types."""
