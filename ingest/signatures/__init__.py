"""Digital signatures of a paper (chữ ký số): verification, roles, and their evidence about the record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.document import Fields, Signature, Warning
from ingest.cautions import make_warning
from ingest.fields.record import Layout
from ingest.imaging.page_view import PageMap
from ingest.signatures.roles import Paper, with_roles
from ingest.signatures.verify import verify
from ingest.signatures.witness import witnessed
from ingest.text.document_text import Text

__all__ = ["read_signatures", "verify"]


def read_signatures(
    path: Path, roots: str, text: Text, layout: Layout, fields: Fields, places: Mapping[int, PageMap] | None = None
) -> tuple[tuple[Signature, ...], Fields, tuple[Warning, ...]]:
    """Read the signatures of a PDF: signatures in order of time, the record after their evidence, and warnings.

    roots: file or folder of trusted root certificates (`VANBAN_SIGNATURE_ROOTS`), empty for none. places: pages
    (from 1) that were cropped or levelled, and their place on the file's page.
    """
    found = verify(path, roots)
    if not found:
        return (), fields, ()
    paper = Paper.of(text, layout.head.number, layout.head.date, layout.closing.signature, fields, places or {})
    signed = with_roles(found, paper)
    signatures = tuple(one.signature for one in signed)
    states = {one.state for one in signatures}
    codes = [code for state, code in _WARNED if state in states]
    return signatures, witnessed(fields, signed, paper.is_scan), tuple(make_warning(code) for code in codes)


_WARNED = (("broken", "signature_broken"), ("changed_after", "signature_changed"))
