"""Digital signatures of a paper (chữ ký số): verified, given their roles, and heard as witnesses of its record."""

from __future__ import annotations

from pathlib import Path

from corpus.document import Fields, Signature, Warning
from ingest.cautions import caution
from ingest.fields.record import Layout
from ingest.signatures.roles import Paper, with_roles
from ingest.signatures.verify import verify
from ingest.signatures.witness import witnessed
from ingest.text.document_text import Text

__all__ = ["read_signatures", "verify"]


def read_signatures(
    path: Path, roots: str, text: Text, layout: Layout, fields: Fields
) -> tuple[tuple[Signature, ...], Fields, tuple[Warning, ...]]:
    """The signatures of a PDF in the order in which they were made, the record as they bear witness to it, and warnings.

    roots: file or folder of trusted root certificates (`VANBAN_SIGNATURE_ROOTS`), empty for none.
    """
    found = verify(path, roots)
    if not found:
        return (), fields, ()
    paper = Paper.of(text, layout.head.number, layout.head.date, layout.closing.signature, fields)
    signed = with_roles(found, paper)
    signatures = tuple(one.signature for one in signed)
    states = {one.state for one in signatures}
    codes = [code for state, code in _WARNED if state in states]
    return signatures, witnessed(fields, signed, paper.is_scan), tuple(caution(code) for code in codes)


_WARNED = (("broken", "signature_broken"), ("changed_after", "signature_changed"))
