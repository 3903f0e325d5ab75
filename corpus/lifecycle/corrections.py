"""Changes by a person: corrections with their history, acceptance, settled conflicts.

Functions on a session; corpus.records commits. A person always names the revision that was looked at: changes by
others since then are never overwritten.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import groups, share_links
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, Document, Settlement
from corpus.document import Fields, open_questions_of
from corpus.errors import Problem
from corpus.json_shapes import Json, fields_from_json
from corpus.lifecycle import directions, intake, lessons, propose, versions
from corpus.lifecycle.doubt_context import demand_passed, doubts_of
from corpus.lifecycle.doubts import Doubt, asked
from corpus.lifecycle.flat_fields import DAYS, EDITABLE, MANY, bare_values, difference, flat, with_flat
from corpus.lifecycle.history import Change, in_force, rows_of, to_change, undone
from corpus.lifecycle.typed_values import applied, looked_at_values
from corpus.queue import jobs
from corpus.record_fields import BY_NAME
from corpus.typed_text import clean_text

__all__ = ["DAYS", "EDITABLE", "MANY", "Change", "flat"]


def accept(
    session: Session,
    document: Document,
    values: dict[str, object],
    actor: str,
    confirm: Collection[str] = (),
    by: groups.Groups = None,
) -> None:
    """Put a document on record with a person's values; values left unchanged count as looked at.

    confirm: codes of the doubts that the person passes. Raises Problem("doubtful") if another doubt is open.
    """
    _demand(document, "review", "failed")
    before, after = applied(document.fields, values, looked_at=True)
    after = directions.followed(session, before, after, looked_at=True)
    passed = demand_passed(document, doubts_of(session, document, after, by), confirm)
    was = {"status": document.status, "questions": document.questions or [], "fault": document.fault}
    propose.write_fields(session, document, after)
    lessons.learn(session, before, after, actor)
    document.status, document.questions, document.fault = "accepted", [], None
    document.accepted_at, document.accepted_by = utc_now(), actor
    _record_change(session, document, actor, "accept", before, after, state_before=was, **_passed_detail(passed))


def correct(
    session: Session,
    document: Document,
    values: dict[str, object],
    actor: str,
    confirm: Collection[str] = (),
    by: groups.Groups = None,
) -> None:
    """Change fields of a record; its status stays. On record the doubts that the change causes must be answered.

    Nothing is written if nothing changes. Raises as `accept` does.
    """
    _demand(document, "review", "accepted")
    before, after = applied(document.fields, values, looked_at=False)
    after = directions.followed(session, before, after, looked_at=False)
    changed = set(difference(before, after)[0])
    if not changed:
        return
    found = _brought_up(session, document, before, after, by)
    passed = demand_passed(document, found, confirm) if document.status == "accepted" else []
    was = {"status": document.status, "questions": document.questions or [], "fault": document.fault}
    propose.write_fields(session, document, after)
    lessons.learn(session, before, after, actor)
    if document.status == "review":
        document.questions = _still_asked(document.questions or [], changed, found)
    _record_change(session, document, actor, "correct", before, after, state_before=was, **_passed_detail(passed))


def undo(
    session: Session,
    document: Document,
    audit_row: int | None,
    actor: str,
    confirm: Collection[str] = (),
    by: groups.Groups = None,
) -> None:
    """Undo one change with its evidence; undoing an acceptance brings the document back to review.

    audit_row: the change; None: the newest in force, so that repeated calls lead back to the first state. Raises
    Problem("stale") if one of its fields was changed again since, ("doubtful") on record.
    """
    _demand(document, "review", "accepted")
    rows = rows_of(session, document.id)
    open_rows = in_force(rows)
    row = (
        open_rows[-1]
        if audit_row is None and open_rows
        else next((one for one in rows if one.id == audit_row), None)
    )
    if row is None:
        raise Problem("not_found", what=audit_row or "hoàn tác")
    before = fields_from_json(document.fields or {})
    if row not in open_rows or not _can_undo(row, open_rows, before):
        raise Problem("stale", document=document.id)
    was: Json = row.detail["before"]
    back = row.action == "accept"
    on_record = document.status == "accepted" and not back
    after = with_flat(before, looked_at_values(was) if on_record else was)
    passed = (
        demand_passed(document, _brought_up(session, document, before, after, by), confirm) if on_record else []
    )
    propose.write_fields(session, document, after)
    _restore(document, row, after, exactly=row is open_rows[-1])
    _record_change(session, document, actor, "undo", before, after, undone=row.id, **_passed_detail(passed))


def history(session: Session, document_id: int) -> list[Change]:
    """The changes to a record's fields, oldest first, each with whether it is undone and whether it can be."""
    rows = rows_of(session, document_id)
    document = session.get(Document, document_id)
    gone, possible = undone(rows), frozenset[int]()
    if document is not None and document.status in ("review", "accepted"):
        open_rows, now = in_force(rows), fields_from_json(document.fields or {})
        possible = frozenset(row.id for row in open_rows if _can_undo(row, open_rows, now))
    return [to_change(row, gone, possible) for row in rows]


def _can_undo(row: AuditRow, open_rows: list[AuditRow], fields: Fields) -> bool:
    """True if nothing that the change set was changed again;
    an acceptance is taken back only while it is the last one.
    """
    if row.action == "accept" and any(one.id > row.id and one.action == "accept" for one in open_rows):
        return False
    now, then = bare_values(flat(fields)), bare_values(row.detail["after"])
    later = {name for one in open_rows if one.id > row.id for name in one.detail["after"]}
    return later.isdisjoint(then) and all(now.get(name) == value for name, value in then.items())


def _restore(document: Document, row: AuditRow, fields: Fields, *, exactly: bool) -> None:
    """Restore status and open questions from before a change; questions raised later stay."""
    was = row.detail.get("state_before") or {}
    if row.action == "accept":
        document.status = was.get("status", "review")
        document.fault = was.get("fault")
        document.accepted_at = document.accepted_by = None
        document.auto_accept = False
    if document.status != "accepted":
        again = was.get("questions", open_questions_of(fields))
        document.questions = list(dict.fromkeys([*again, *([] if exactly else document.questions or [])]))


def _brought_up(
    session: Session, document: Document, before: Fields, after: Fields, by: groups.Groups
) -> tuple[Doubt, ...]:
    """Doubts that lie in the changed fields; older ones were passed at acceptance."""
    changed = set(difference(before, after)[0])
    known = {doubt.code for doubt in doubts_of(session, document, before, by)}
    found = doubts_of(session, document, after, by)
    return tuple(doubt for doubt in found if doubt.code not in known or not changed.isdisjoint(doubt.fields))


def _still_asked(questions: list[str], changed: set[str], found: tuple[Doubt, ...]) -> list[str]:
    """The open questions after a change: those of other fields, and of a changed one while it is doubtful."""
    answered = {BY_NAME[name].question for name in changed}
    open_still = [name for name in questions if name not in answered]
    return list(dict.fromkeys([*open_still, *asked(found)]))


def withdraw(session: Session, document: Document, reason: str, actor: str) -> None:
    """Withdraw a document (thu hồi): it stays in the store, but no search finds it and nothing links to it.

    Raises Problem("wrong_state") if it is withdrawn already or purged.
    """
    # What is left of a classified document is the order to purge it: nothing may take its place.
    if document.status == "withdrawn" or intake.is_purged(document):
        raise Problem("wrong_state", document=document.id, status=document.status)
    jobs.cancel(session, document.id, "withdrawn")
    share_links.end_all(session, document.id, actor)
    versions.call_off(session, document)
    was, document.status = document.status, "withdrawn"
    document.revision += 1
    session.flush()
    resolution.resolve(session, document)
    detail = audit.salted({"reason": clean_text("reason", reason, required=True), "was": was})
    audit.append(session, actor, "withdraw", document.id, detail)


def reinstate(session: Session, document: Document, actor: str) -> None:
    """Bring a withdrawn document back to review.

    Raises Problem("wrong_state") if it is not withdrawn, or was never read.
    """
    _demand(document, "withdrawn")
    if not (document.machine or {}).get("fields") and document.fields is None:
        raise Problem("wrong_state", document=document.id, status=document.status)
    # What a person took back goes on record again by a person only.
    document.status, document.auto_accept = "review", False
    found = doubts_of(session, document, fields_from_json(document.fields or {}))
    document.questions = list(dict.fromkeys([*(document.questions or []), *asked(found)]))
    document.revision += 1
    session.flush()
    resolution.resolve(session, document)
    audit.append(session, actor, "reinstate", document.id)


def settle_conflict(session: Session, document: Document, fingerprint: str, reason: str, actor: str) -> None:
    """Note a person's reason why a conflict may remain."""
    reason = clean_text("reason", reason, required=True)
    found = session.scalars(
        select(Settlement).where(Settlement.document_id == document.id, Settlement.fingerprint == fingerprint)
    ).first()
    settlement = found or Settlement(document_id=document.id, fingerprint=fingerprint[:64])
    was = settlement.reason if found else None
    settlement.reason, settlement.by, settlement.at = reason, actor, utc_now()
    session.add(settlement)
    detail = {"fingerprint": fingerprint[:64], "reason": reason} | ({"was": was} if was else {})
    audit.append(session, actor, "settle_conflict", document.id, audit.salted(detail))


def reopen_conflict(session: Session, document: Document, fingerprint: str, actor: str) -> None:
    """Reopen a settled conflict; raises Problem("not_found") if nobody settled it."""
    found = session.scalars(
        select(Settlement).where(Settlement.document_id == document.id, Settlement.fingerprint == fingerprint)
    ).first()
    if found is None:
        raise Problem("not_found", what=fingerprint[:12])
    detail = {"fingerprint": found.fingerprint, "was": found.reason}
    session.delete(found)
    session.flush()
    audit.append(session, actor, "reopen_conflict", document.id, audit.salted(detail))


def check_revision(document: Document, revision: int | None) -> None:
    """Raise Problem("stale") if the document has changed since the person saw it; None skips the check."""
    if revision is not None and document.revision != revision:
        raise Problem("stale", document=document.id)


def _demand(document: Document, *statuses: str) -> None:
    if document.status not in statuses:
        raise Problem("wrong_state", document=document.id, status=document.status)


def _passed_detail(codes: list[str]) -> dict[str, list[str]]:
    """Detail of an audit row with the doubts that the person passed; empty if there was none."""
    return {"passed": codes} if codes else {}


def _record_change(
    session: Session, document: Document, actor: str, action: str, before: Fields, after: Fields, **more: Any
) -> None:
    document.revision += 1
    session.flush()
    resolution.resolve(session, document, was=before.number.value if before.number else None)
    old, new = difference(before, after)
    detail = {"before": old, "after": new, "revision": document.revision, **more}
    audit.append(session, actor, action, document.id, audit.salted(detail))
