"""Old Word documents (.doc): LibreOffice converts a copy to DOCX, which is read like any other."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files import docx, libreoffice
from ingest.files.page import RawFile

_FIB_MAGIC, _ENCRYPTED = b"\xec\xa5", 0x0100
"""Start of the file information block, and its bit fEncrypted ([MS-DOC], 2.5.2)."""
_SECTOR = 512


def open_doc(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text as `open_docx` returns them.

    Raises Problem("converter_missing") without LibreOffice, Problem("encrypted"), Problem("truncated"),
    Problem("reader_timeout"), and what `open_docx` raises.
    """
    with path.open("rb") as stream:
        head = stream.read(2 * _SECTOR)
    block = head[_SECTOR:]
    if block.startswith(_FIB_MAGIC) and struct.unpack_from("<H", block, 10)[0] & _ENCRYPTED:
        raise Problem("encrypted", name=name)
    with tempfile.TemporaryDirectory() as folder:
        made = libreoffice.as_docx(path, Path(folder), name)
        # open_docx reads all it needs into memory, so the folder may go.
        return docx.open_docx(made, name, settings, only)
