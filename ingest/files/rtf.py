"""Text of a Rich Text Format file (RTF), without hidden and deleted text.

Body, tables, text boxes, notes, headers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.config import Settings
from corpus.document import Warning
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files.docx_shown import patches_from
from ingest.files.page import RawFile
from ingest.files.plain_text import text_file
from ingest.files.rtf_text import rtf_text
from ingest.files.scanned_pages import SCANS_BELOW, may_be_pages, with_scans
from ingest.sandbox.child import deadline

_SECONDS = 60.0
_MOST_BYTES = 209_715_200


def open_rtf(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text, split at its page breaks; pictures as pages when the document only wraps scans.

    Raises Problem("truncated"), Problem("unsafe_content"), Problem("no_pages").
    """
    if path.stat().st_size > _MOST_BYTES:
        raise Problem("unsafe_content", name=name, what="quá nhiều chữ")
    with deadline(_SECONDS):
        data = path.read_bytes()
        if not data.lstrip().startswith(b"{\\rtf"):
            raise Problem("truncated", name=name)
        read = rtf_text(data)
    cautions: tuple[Warning, ...] = ()
    cautions += (make_warning("text_repaired", 1, encoding=read.encoding),) if read.encoding else ()
    cautions += (make_warning("tracked_changes"),) if read.changed else ()
    cautions += (make_warning("hidden_text", 1),) if read.hidden else ()
    cautions += (make_warning("active_content", what="OLE"),) if read.embedded else ()
    cautions += (make_warning("damaged"),) if read.open_groups else ()
    patches = patches_from(read.pictures, settings.max_pixels)
    if sum(map(len, read.pages)) < SCANS_BELOW and (scans := may_be_pages(read.pictures)):
        file = with_scans(read.pages, scans, name, settings, cautions)
        patches = tuple(replace(patch, paged=True) for patch in patches)
    else:
        file = text_file(read.pages, name, cautions)
    noted = tuple(dict.fromkeys(read.noted))
    first = (replace(page, noted=noted, patches=patches) if page.number == 1 else page for page in file.pages)
    return replace(file, pages=first)
