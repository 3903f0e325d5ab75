"""Citations and the table of laws: the law that a citation means,
and the key of a document given one number in the country.
"""

from __future__ import annotations

from corpus.authority.laws import Law, is_resolution, law_meant, law_numbered, laws_with_key
from corpus.database.models import CitationRow

CARRIED_OUT = frozenset({"implements", "guides", "promulgates"})
"""Relations of a paper that carries a law out: it may mean one that is passed but not yet in force."""


def law_of(row: CitationRow, citing_date: str | None) -> Law | None:
    """The row of the table of laws that a citation means, by its number or by its name on the citing day."""
    if row.number:
        return law_numbered(row.number, row.doc_type)
    if not row.title_key:
        return None
    carried_out = row.relation in CARRIED_OUT
    return law_meant(row.title_key, citing_date, row.date, carried_out=carried_out).law


def national_key(number_key: str, doc_type: str | None) -> str:
    return f"{'resolution' if is_resolution(doc_type) else 'law'}|{number_key}"[:400]


def wanted_law(key: str) -> Law | None:
    """The row of the table of laws for the key of a wanted document; None for any other document."""
    kind, _, number_key = key.partition("|")
    same = [law for law in laws_with_key(number_key) if is_resolution(law.type) == (kind == "resolution")]
    return same[0] if kind in ("law", "resolution") and len(same) == 1 else None
