"""What a person changes on a record: corrections with their history, acceptance, settled citations and conflicts.

Functions on a session; corpus.records commits. A person always names the revision that was looked at: a record that
somebody else has changed since is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date as Date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit, graph, intake, jobs, lessons, number, propose
from corpus.db import utc_now
from corpus.document import Field, Fields
from corpus.errors import Problem
from corpus.input_text import clean_text
from corpus.models import AuditRow, CitationRow, Document, Settlement
from corpus.wire import Json, field_from_json, field_to_json, fields_from_json

ONE = ("number", "date", "place", "issuer", "superior", "doc_type", "subject", "urgency")
"""Fields with one value, by the names that forms and the API use."""
SIGNER = ("signer_name", "signer_title", "signer_authority")
MANY = ("addressees", "recipients")
EDITABLE = (*ONE, *SIGNER, *MANY)

CHANGES = ("accept", "correct", "undo")
"""Actions of the trail that change fields; other rows with a `before` (a limit's, say) are none of them."""

_MOST = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a document's history: who put which fields from what to what, and when."""

    row: int
    at: str
    """UTC, ISO 8601."""
    actor: str
    action: str
    before: Json
    after: Json


def accept(session: Session, document: Document, values: dict[str, object], actor: str) -> None:
    """Puts a document on record with a person's values; what that person left as it was counts as looked at."""
    _demand(document, "review", "failed")
    before, after = _apply(document, values, looked_at=True)
    propose.write_fields(session, document, after)
    lessons.learn(session, before, after, actor)
    document.status, document.questions, document.fault = "accepted", [], None
    document.accepted_at, document.accepted_by = utc_now(), actor
    _changed(session, document, actor, "accept", before, after)


def correct(session: Session, document: Document, values: dict[str, object], actor: str) -> None:
    """Changes fields of a record; its status stays. What changes nothing leaves no row and raises no revision."""
    _demand(document, "review", "accepted")
    before, after = _apply(document, values, looked_at=False)
    if _difference(before, after) == ({}, {}):
        return
    propose.write_fields(session, document, after)
    lessons.learn(session, before, after, actor)
    changed = _difference(before, after)[0]
    document.questions = [name for name in document.questions or [] if name not in changed and not (
        name == "signer" and any(key in changed for key in SIGNER)
    )]  # fmt: skip
    _changed(session, document, actor, "correct", before, after)


def undo(session: Session, document: Document, audit_row: int, actor: str) -> None:
    """Takes one correction back, evidence and all, unless one of its fields was changed again since."""
    _demand(document, "review", "accepted")
    row = session.get(AuditRow, audit_row)
    if row is None or row.document_id != document.id or row.action not in CHANGES or "before" not in row.detail:
        raise Problem("not_found", what=audit_row)
    before = fields_from_json(document.fields or {})
    now, was = flat(before), row.detail["before"]
    if any(now.get(name) != value for name, value in row.detail["after"].items()):
        raise Problem("stale", document=document.id)
    after = unflat(before, _looked_at(was) if document.status == "accepted" else was)
    propose.write_fields(session, document, after)
    _changed(session, document, actor, "undo", before, after, undone=audit_row)


def history(session: Session, document_id: int) -> list[Change]:
    """The changes to a record's fields, oldest first."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action.in_(CHANGES))
    return [
        Change(row.id, row.at.isoformat(), row.actor, row.action, row.detail["before"], row.detail["after"])
        for row in session.scalars(rows.order_by(AuditRow.id))
        if isinstance(row.detail.get("before"), dict)
    ]


def withdraw(session: Session, document: Document, reason: str, actor: str) -> None:
    """Takes a document back (thu hồi): it stays in the store but is found by nobody, and nothing links to it."""
    # What is left of a classified document is the order to purge it: nothing may take its place.
    if document.status == "withdrawn" or intake.is_classified(document):
        raise Problem("wrong_state", document=document.id, status=document.status)
    jobs.cancel(session, document.id, "withdrawn")
    was, document.status = document.status, "withdrawn"
    document.revision += 1
    session.flush()
    graph.resolve(session, document)
    detail = audit.salted({"reason": clean_text("reason", reason, required=True), "was": was})
    audit.append(session, actor, "withdraw", document.id, detail)


def reinstate(session: Session, document: Document, actor: str) -> None:
    """Brings a withdrawn document back to where a person looks at it."""
    _demand(document, "withdrawn")
    if document.machine is None and document.fields is None:
        raise Problem("wrong_state", document=document.id, status=document.status)
    document.status = "review"
    document.revision += 1
    session.flush()
    graph.resolve(session, document)
    audit.append(session, actor, "reinstate", document.id)


def settle_citation(session: Session, citation: CitationRow, target_id: int | None, actor: str) -> None:
    """Fixes by a person which document a citation means; None: one that is not held."""
    if target_id is not None and session.get(Document, target_id) is None:
        raise Problem("not_found", what=target_id)
    detail = {"citation": citation.id, "was": citation.target_id, "target": target_id}
    citation.target_id = target_id
    citation.status = "wanted" if target_id is None else "found"
    citation.candidates = []
    citation.wanted_key = graph.wanted_key(citation) if target_id is None else None
    citation.settled_by, citation.settled_at = actor, utc_now()
    citation.document.revision += 1
    session.flush()
    audit.append(session, actor, "settle_citation", citation.document_id, detail)


def settle_conflict(session: Session, document: Document, fingerprint: str, reason: str, actor: str) -> None:
    """Notes that a person has looked into a conflict, and why it may stand."""
    reason = clean_text("reason", reason, required=True)
    found = session.scalars(
        select(Settlement).where(Settlement.document_id == document.id, Settlement.fingerprint == fingerprint)
    ).first()
    settlement = found or Settlement(document_id=document.id, fingerprint=fingerprint[:64])
    settlement.reason, settlement.by, settlement.at = reason, actor, utc_now()
    session.add(settlement)
    detail = audit.salted({"fingerprint": fingerprint[:64], "reason": reason})
    audit.append(session, actor, "settle_conflict", document.id, detail)


def check_revision(document: Document, revision: int | None) -> None:
    """Raises Problem("stale") when the document isn't any more what the person saw; None asks for no check."""
    if revision is not None and document.revision != revision:
        raise Problem("stale", document=document.id)


def flat(fields: Fields) -> Json:
    """The editable fields by name, each in the contract's shape (a list of them for addressees and recipients)."""
    signer = fields.signer
    return {
        **{name: field_to_json(getattr(fields, name)) for name in ONE},
        "signer_name": field_to_json(signer.name),
        "signer_title": field_to_json(signer.title),
        "signer_authority": field_to_json(signer.authority),
        **{name: [field_to_json(field) for field in getattr(fields, name)] for name in MANY},
    }


def _demand(document: Document, *statuses: str) -> None:
    if document.status not in statuses:
        raise Problem("wrong_state", document=document.id, status=document.status)


def _apply(document: Document, values: dict[str, object], *, looked_at: bool) -> tuple[Fields, Fields]:
    """The fields before and after; a changed field keeps its evidence and gets the rule `person`."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Problem("bad_request", why=f"không có trường «{min(unknown)[:50]}»")
    before = fields_from_json(document.fields or {})
    current = flat(before)
    names = EDITABLE if looked_at else tuple(values)
    edited: Json = {}
    for name in names:
        if name in MANY:
            edited[name] = _edited_list(name, current[name], values.get(name))
        else:
            edited[name] = _edited(name, current[name], values[name] if name in values else _same(current[name]))
    return before, unflat(before, edited)


def _looked_at(values: Json) -> Json:
    """The same values without open questions: on a record there are none."""
    done: Json = {name: {**value, "review": False} for name, value in values.items() if isinstance(value, dict)}
    lists = {name: [{**item, "review": False} for item in value] for name, value in values.items() if name in MANY}
    return {**values, **done, **lists}


def _same(current: Json | None) -> object:
    return current["value"] if current else ""


def _edited(name: str, current: Json | None, value: object) -> Json | None:
    text = _checked(name, value)
    if not text:
        return None
    if current is None:
        return field_to_json(Field(text, "", 1.0, rule="person"))
    if current["value"] == text:
        return {**current, "review": False}
    return {**current, "value": text, "review": False, "confidence": 1.0, "rule": "person"}


def _edited_list(name: str, current: list[Json], values: object) -> list[Json]:
    """Items keep their evidence as long as their text is the same."""
    if values is None:
        return [{**item, "review": False} for item in current]
    if not isinstance(values, list | tuple) or len(values) > _MOST:
        raise Problem("bad_value", field=name, value=str(values)[:50], why="cần là danh sách")
    known = {item["value"]: item for item in current}
    edited = (_edited(name, known.get(clean_text(name, value)), value) for value in values)
    return [item for item in edited if item is not None]


def _checked(name: str, value: object) -> str:
    text = "" if value is None else clean_text(name, value)
    if name == "date" and text:
        _check_date(text)
    if name == "number" and text:
        parsed = number.parse(text)
        return parsed.canonical if parsed else "".join(text.split())
    return text


def _check_date(text: str) -> None:
    try:
        year = Date.fromisoformat(text).year
    except ValueError as error:
        raise Problem("bad_value", field="date", value=text[:50], why="cần dạng 2022-04-27") from error
    if len(text) != 10 or year < 1900:
        raise Problem("bad_value", field="date", value=text[:50], why="cần dạng 2022-04-27, từ năm 1900")


def unflat(fields: Fields, edited: Json) -> Fields:
    """The fields with the edited ones (in `flat`'s shape) put in; those that are not named stay."""
    one: dict[str, Any] = {name: field_from_json(edited[name]) for name in ONE if name in edited}
    many: dict[str, Any] = {
        name: tuple(field for item in edited[name] if (field := field_from_json(item)) is not None)
        for name in MANY
        if name in edited
    }
    parts = {name: field_from_json(edited[f"signer_{name}"]) for name in ("name", "title", "authority") if f"signer_{name}" in edited}  # fmt: skip
    return replace(fields, **one, **many, signer=replace(fields.signer, **parts))


def _difference(before: Fields, after: Fields) -> tuple[Json, Json]:
    """The fields whose value, evidence or doubt changed, before and after."""
    old, new = flat(before), flat(after)
    changed = [name for name in EDITABLE if old[name] != new[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def _changed(
    session: Session, document: Document, actor: str, action: str, before: Fields, after: Fields, **more: Any
) -> None:
    document.revision += 1
    session.flush()
    graph.resolve(session, document, was=before.number.value if before.number else None)
    old, new = _difference(before, after)
    detail = {"before": old, "after": new, "revision": document.revision, **more}
    audit.append(session, actor, action, document.id, audit.salted(detail))
