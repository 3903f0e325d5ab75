"""Codes of an edXML message: identifiers of bodies, urgency, types, steering, states; all of them from tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from corpus.authority.identity import issuer_key
from corpus.tables import rows
from corpus.vietnamese.fold import fold

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
NEW, RECALL, UPDATE, REPLACE = "0", "1", "2", "3"
"""BussinessDocType: new document, recall (thu hồi), update, replacement."""


@dataclass(frozen=True, slots=True)
class TypeCodes:
    """`DocumentType.Type` and `SteeringType` of a type of document."""

    code: str
    steering: str


def organ_id_of(name: str | None) -> str | None:
    """Identifier (mã định danh) of a body; None for one that the table does not have."""
    key = issuer_key(name)
    return _by_key().get(key) if key else None


@cache
def _by_key() -> dict[str, str]:
    found = ((issuer_key(row["name"]), row["organ_id"]) for row in rows("organ_ids"))
    return {key: organ_id for key, organ_id in found if key}


def priority_of(mark: str | None) -> str:
    """Priority figure of a mark of urgency in any case; 0 for none (thường) and for unknown words."""
    folded = " ".join(fold(mark or "").split())
    return next((row["edxml"] for row in rows("urgency") if fold(row["mark"]) == folded), "0")


def mark_of(priority: str) -> str | None:
    """Mark of urgency of a Priority figure; None for 0 (thường) and for an unknown figure."""
    return next((row["mark"] for row in rows("urgency") if row["edxml"] == priority), None)


def codes_of(doc_type: str | None) -> TypeCodes | None:
    """Codes of a type by its name; None for one without a row."""
    folded = fold(doc_type or "")
    found = next((row for row in rows("edxml_types") if fold(row["name"]) == folded), None)
    return TypeCodes(found["code"], found["steering"]) if found else None


def status_words(code: str) -> tuple[str, str] | None:
    """Vietnamese and English words of a status code; None for an unknown one."""
    return next(((row["vi"], row["en"]) for row in rows("edxml_statuses") if row["code"] == code), None)


def document_id(organ_id: str | None, date: str | None, number: str | None) -> str | None:
    """`H01.151.02,2022/04/27,31/KH-STTTT`; None if a part is missing. date: ISO 8601."""
    if not (organ_id and date and number):
        return None
    return f"{organ_id},{date.replace('-', '/')},{number}"
