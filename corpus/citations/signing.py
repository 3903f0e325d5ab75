"""Facts of who issued and who signed: a body that did not exist on the day,
a signer beyond his authority (ký vượt thẩm quyền).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.authority.eras import existed
from corpus.authority.signing_rules import broken_rule
from corpus.database.read_only import StoredDocument
from corpus.vietnamese.fold import fold


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the paper itself says, against a rule or a table; `field` is its evidence."""

    code: str
    field: str
    cited: str
    held: str


def facts(document: StoredDocument) -> list[Fact]:
    """Violations of rules in issuer and signature, by values without a doubt."""
    record = document.fields or {}
    found = []
    sure = not _doubtful(record, "issuer", "date")
    if document.issuer and document.date and sure and not existed(document.issuer, document.date):
        found.append(Fact("body_not_there", "issuer", document.issuer, document.date))
    signer = record.get("signer") or {}
    if (
        fact := _signer(signer, document.doc_type, None if _doubtful(record, "date") else document.date)
    ) is not None:
        found.append(fact)
    return found


def _doubtful(record: dict[str, Any], *names: str) -> bool:
    return any((record.get(name) or {}).get("review", False) for name in names)


def _signer(signer: dict[str, Any], doc_type: str | None, day: str | None) -> Fact | None:
    """The first rule of the document's day that its signature breaks; None for none.

    `KT.` without a head's title says nothing, nor does a signature whose lines are doubtful or not read, nor a
    paper without a day: no rule is known to count for it.
    """
    title, authority = signer.get("title"), signer.get("authority")
    if title is None or title["review"] or (authority is not None and authority["review"]) or day is None:
        return None
    said = fold(authority["value"]) if authority is not None else ""
    role, kind = fold(title["value"]).strip(), fold(doc_type or "")
    broken = broken_rule(day, kind, said, role)
    if broken is None:
        return None
    if broken.name == "by_order" and authority is not None:
        return Fact("signer_beyond_authority", "signer_authority", authority["value"], broken.name)
    return Fact("signer_beyond_authority", "signer_title", title["value"], broken.name)
