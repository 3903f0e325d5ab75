"""The receiver's stamp (dấu công văn đến): text that is no part of the document."""

from __future__ import annotations

import re

from ingest.text.rows import Row

_ARRIVED = re.compile(r"\b(?:cong van |cv |van ban )?[dđ][eê][n]\b")


def is_stamp(row: Row) -> bool:
    """True if a row is the head of a receiver's stamp: `CÔNG VĂN ĐẾN`."""
    found = _ARRIVED.search(row.folded)
    return found is not None and row.text[found.end() - 3 : found.end()].isupper() and len(row.text) < 40
