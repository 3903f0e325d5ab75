"""One door to the names of the archive: document types, issuing bodies, provinces, laws (authority data)."""

from __future__ import annotations

from corpus.doctypes import doc_type_named, doc_type_of, doc_types, type_code_of
from corpus.fold import fold
from corpus.identity import issuer_key
from corpus.issuers import canonical_issuer, issuer_of, superior_of
from corpus.laws import law_title_key, laws_named
from corpus.provinces import province_named, province_predecessors, province_successor

__all__ = [
    "canonical_issuer",
    "doc_type_named",
    "doc_type_of",
    "doc_types",
    "fold",
    "issuer_key",
    "issuer_of",
    "law_title_key",
    "laws_named",
    "province_named",
    "province_predecessors",
    "province_successor",
    "superior_of",
    "type_code_of",
]
