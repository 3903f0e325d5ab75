"""Citations by hand (sửa viện dẫn): add, settle, confirm, remove, and take back step by step;
each leaves its audit row.

Functions on a session; corpus.records commits. A row that a person has touched outlives a new reading under its ID
(corpus.lifecycle.settled_citations), so that the rows of the trail go on meaning it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, CitationRow, Document
from corpus.document import Citation
from corpus.errors import Problem
from corpus.json_shapes import Json
from corpus.lifecycle.settled_citations import identity_of, is_touched
from corpus.typed_text import clean_text

ADD, SETTLE, CONFIRM, REMOVE, UNDO = (
    "add_citation", "settle_citation", "confirm_citation", "remove_citation", "undo_citation",
)  # fmt: skip
EDITS = (ADD, SETTLE, CONFIRM, REMOVE)
ACTIONS = (*EDITS, UNDO)
MOST = 2000
"""Citations that a document may have before no more are added by hand."""
_SHOWN = 300
_STATE = ("status", "target_id", "candidates", "wanted_key", "settled_by", "reviewed_by", "review")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change by hand to a document's citations."""

    row: int
    at: datetime
    """UTC."""
    actor: str
    action: str
    citation: int
    printed: str
    was: int | None
    """The document it meant before."""
    target: int | None
    reason: str
    undone: bool
    can_undo: bool


def add(session: Session, document: Document, citation: Citation, row: CitationRow, actor: str) -> CitationRow:
    """Add a citation that the reading lacks; `row`: the citation as a row of the document.

    Raises Problem("citation_exists") if the document cites the same one already, ("bad_value") for too many.
    """
    _demand(document)
    rows = session.scalars(select(CitationRow).where(CitationRow.document_id == document.id)).all()
    if len(rows) >= MOST:
        raise Problem("bad_value", field="citation", value=citation.printed[:50], why=f"đã có {MOST} viện dẫn")
    same = (one for one in rows if one.status != "removed" and identity_of(one) == identity_of(row))
    if (known := next((one for one in same if one.relation == row.relation), None)) is not None:
        raise Problem("citation_exists", value=known.printed[:100])
    row.position = max((one.position for one in rows), default=-1) + 1
    row.added_by, row.review = actor, False
    session.add(row)
    session.flush()
    resolution.settle(session, [row])
    _note(session, document, row, actor, ADD, None, relation=row.relation)
    return row


def settle(session: Session, citation: CitationRow, target_id: int | None, actor: str) -> None:
    """Record a person's decision of which document a citation means; None: one that is not on record.

    Raises Problem("not_found") for no document, ("bad_value") for the citing one itself.
    """
    _demand(citation.document)
    if target_id is not None and session.get(Document, target_id) is None:
        raise Problem("not_found", what=target_id)
    if target_id == citation.document_id:
        raise Problem("bad_value", field="target", value=target_id, why="là chính văn bản này")
    before = _state(citation)
    citation.target_id = target_id
    citation.status = "wanted" if target_id is None else "found"
    citation.candidates = []
    citation.wanted_key = resolution.wanted_key(citation) if target_id is None else None
    citation.settled_by, citation.settled_at = actor, utc_now()
    citation.review = False
    _note(session, citation.document, citation, actor, SETTLE, before)


def confirm(session: Session, citation: CitationRow, actor: str) -> None:
    """Confirm that a doubtful citation was read right; its resolution stays the program's.

    Raises Problem("not_found") if it is not doubtful or was removed.
    """
    _demand(citation.document)
    if not citation.review or citation.status == "removed":
        raise Problem("not_found", what=citation.id)
    before = _state(citation)
    citation.review, citation.reviewed_by = False, actor
    _note(session, citation.document, citation, actor, CONFIRM, before)


def remove(session: Session, citation: CitationRow, reason: str, actor: str) -> None:
    """Remove a false citation: it stays on file as removed, counts nowhere, and can be restored.

    Raises Problem("not_found") if it was removed already.
    """
    _demand(citation.document)
    if citation.status == "removed":
        raise Problem("not_found", what=citation.id)
    before = _state(citation)
    said = clean_text("reason", reason)
    citation.status, citation.target_id, citation.candidates = "removed", None, []
    citation.wanted_key = None
    citation.settled_by, citation.settled_at = actor, utc_now()
    _note(session, citation.document, citation, actor, REMOVE, before, **({"reason": said} if said else {}))


def undo(session: Session, document: Document, audit_row: int | None, actor: str) -> None:
    """Undo one change (None: the newest in force), as long as no later one of its citation is in force.

    Raises Problem("not_found") if there is none, ("stale") if a later one is in force.
    """
    _demand(document)
    every = list(_rows(session, document.id))
    gone = _undone(every)
    standing = [one for one in every if one.action in EDITS and one.id not in gone]
    chosen = standing[-1] if audit_row is None and standing else _row_of_trail(every, audit_row)
    if chosen is None:
        raise Problem("not_found", what=audit_row or "hoàn tác")
    citation = session.get(CitationRow, chosen.detail.get("citation"))
    if citation is None or citation.document_id != document.id or not _is_last(chosen, standing):
        raise Problem("stale", document=document.id)
    was, printed = citation.target_id, citation.printed
    if chosen.action == ADD:
        session.delete(citation)
        session.flush()
        session.expire(document, ["citations"])
    else:
        _restore(session, citation, chosen.detail.get("state_before") or {})
    now = None if chosen.action == ADD else citation.target_id
    _append(session, document, actor, UNDO, {
        "citation": chosen.detail["citation"], "printed": printed[:_SHOWN], "was": was, "target": now,
        "undone": chosen.id,
    })  # fmt: skip


def history(session: Session, document_id: int) -> list[Edit]:
    """The changes by hand to a document's citations, newest first."""
    every = list(_rows(session, document_id))
    gone = _undone(every)
    standing = [one for one in every if one.action in EDITS and one.id not in gone]
    edits = (
        Edit(
            one.id, one.at, one.actor, one.action, int(one.detail.get("citation") or 0),
            str(one.detail.get("printed") or ""), one.detail.get("was"), one.detail.get("target"),
            str(one.detail.get("reason") or ""), one.id in gone,
            one in standing and "state_before" in one.detail and _is_last(one, standing),
        )
        for one in reversed(every)
    )  # fmt: skip
    return [one for one in edits if one.citation]


def _rows(session: Session, document_id: int) -> Iterable[AuditRow]:
    """The rows of the trail about the document's citations, oldest first; purged ones say nothing any more."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action.in_(ACTIONS))
    return (row for row in session.scalars(rows.order_by(AuditRow.id)) if row.detail.get("citation"))


def _undone(rows: list[AuditRow]) -> frozenset[int]:
    return frozenset(int(row.detail["undone"]) for row in rows if row.action == UNDO)


def _row_of_trail(rows: list[AuditRow], audit_row: int | None) -> AuditRow | None:
    return next((one for one in rows if one.id == audit_row), None)


def _is_last(row: AuditRow, standing: list[AuditRow]) -> bool:
    """True if the change is in force and no later one of the same citation is."""
    same = [one for one in standing if one.detail.get("citation") == row.detail.get("citation")]
    return bool(same) and same[-1] is row


def _state(citation: CitationRow) -> Json:
    at = citation.settled_at
    return {**{name: getattr(citation, name) for name in _STATE}, "settled_at": at.isoformat() if at else None}


def _restore(session: Session, citation: CitationRow, was: Json) -> None:
    """Restore a citation to an earlier state; without a person's decision it is resolved again."""
    for name in ("settled_by", "reviewed_by", "review"):
        setattr(citation, name, was.get(name))
    citation.review = bool(was.get("review"))
    at = was.get("settled_at")
    citation.settled_at = datetime.fromisoformat(at) if at else None
    target = was.get("target_id")
    if citation.settled_by is not None:
        there = target is not None and session.get(Document, target) is not None
        citation.target_id, citation.candidates = (target if there else None), []
        citation.status = "removed" if was.get("status") == "removed" else "found" if there else "wanted"
        citation.wanted_key = resolution.wanted_key(citation) if citation.status == "wanted" else None
        return
    citation.status = "wanted"
    resolution.settle(session, [citation])


def _note(
    session: Session,
    document: Document,
    row: CitationRow,
    actor: str,
    action: str,
    before: Json | None,
    **more: Any,
) -> None:
    detail = {
        "citation": row.id, "printed": row.printed[:_SHOWN], "was": (before or {}).get("target_id"),
        "target": row.target_id, "state_before": before or {}, **more,
    }  # fmt: skip
    _append(session, document, actor, action, detail)


def _append(session: Session, document: Document, actor: str, action: str, detail: Json) -> None:
    document.revision += 1
    session.flush()
    audit.append(session, actor, action, document.id, audit.salted(detail))


def _demand(document: Document) -> None:
    if document.status not in resolution.LIVE:
        raise Problem("wrong_state", document=document.id, status=document.status)


def touched(session: Session, document_id: int) -> int:
    """Number of the document's citations that a person has touched."""
    rows = select(func.count()).where(CitationRow.document_id == document_id, is_touched())
    return session.scalar(rows) or 0
