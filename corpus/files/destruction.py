"""Destruction of files whose retention is over: proposed as a list, agreed by two people, then done.

Functions on a session; corpus.records commits. Nothing is destroyed without the consent of two different accounts,
one of them an administrator's, who sees every document; the papers must be those of the proposal.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.file_tables import (
    CaseFile,
    CaseFilePaper,
    DestructionConsent,
    DestructionItem,
    DestructionList,
)
from corpus.errors import Problem
from corpus.files import keeping
from corpus.numbering.typed_days import today
from corpus.typed_text import clean_text

MOST_FILES = 200
"""Files of one list."""
NEEDED = 2
"""People whose consent a list needs."""
_MAY_CONSENT = ("clerk", "auditor", "leader", "admin")


def propose(session: Session, file_ids: Sequence[int], reason: str, actor: str) -> DestructionList:
    """A list of files for destruction.

    Raises Problem("not_due"), ("file_on_list"), ("bad_value"), ("not_found").
    """
    said = clean_text("reason", reason, required=True)
    chosen = sorted(set(file_ids))
    if not 0 < len(chosen) <= MOST_FILES:
        why = f"cần chọn từ 1 đến {MOST_FILES} hồ sơ"
        raise Problem("bad_value", field="files", value=str(len(chosen)), why=why)
    made = DestructionList(state="proposed", reason=said, made_at=utc_now(), made_by=actor)
    session.add(made)
    session.flush()
    files = [keeping.file(session, one) for one in chosen]
    for found in files:
        demand_due(found)
        keeping.demand_unlisted(session, found)
        digest = keeping.digest(session, found.id)
        session.add(DestructionItem(list_id=made.id, file_id=found.id, digest=digest))
    session.flush()
    detail = {"list": made.id, "files": [keeping.full(one) for one in files], "reason": said}
    audit.append(session, actor, "propose_destruction", None, audit.salted(detail))
    return made


def consent(session: Session, list_id: int, name: str) -> None:
    """Note the consent of the account `name`.

    Raises Problem("not_found"), ("list_settled"), ("consented_already"), Problem("forbidden") for a role that may
    not, or an account that is closed.
    """
    found = _open_list(session, list_id)
    user = accounts.user_named(session, name)
    if not user.active or user.role not in _MAY_CONSENT:
        raise Problem("forbidden")
    if session.get(DestructionConsent, (found.id, user.name)) is not None:
        raise Problem("consented_already", list=found.id, name=user.name)
    _demand_unchanged(session, found)
    session.add(DestructionConsent(list_id=found.id, name=user.name, sees_all=user.role == "admin", at=utc_now()))
    session.flush()
    audit.append(session, user.name, "consent_destruction", None, {"list": found.id})


def drop(session: Session, list_id: int, reason: str, actor: str) -> None:
    """Drop a proposal, with the reason; its files stay. Raises Problem("not_found"), ("list_settled")."""
    found = _open_list(session, list_id)
    said = clean_text("reason", reason, required=True)
    found.state, found.done_at, found.done_by = "dropped", utc_now(), actor[:100]
    session.flush()
    audit.append(session, actor, "drop_destruction", None, audit.salted({"list": found.id, "reason": said}))


def next_file(session: Session, list_id: int) -> CaseFile | None:
    """The next file of a list that is agreed and not destroyed yet; None when all are.

    Raises Problem("consent_missing"), ("list_changed"), ("list_settled"), ("not_due"), ("not_found").
    """
    found = _open_list(session, list_id)
    valid = consents(session, found.id)
    if len(valid) < NEEDED or not any(one.sees_all for one in valid):
        raise Problem("consent_missing", list=found.id, count=len(valid), needed=NEEDED)
    _demand_unchanged(session, found)
    rows = (
        select(CaseFile)
        .join(DestructionItem, DestructionItem.file_id == CaseFile.id)
        .where(DestructionItem.list_id == found.id, CaseFile.state != "destroyed")
        .order_by(CaseFile.id)
        .limit(1)
    )
    due = session.scalars(rows).first()
    if due is not None:
        demand_due(due)
    return due


def consents(session: Session, list_id: int) -> list[DestructionConsent]:
    """The consents to a list that count: of accounts that are still open."""
    rows = (
        select(DestructionConsent)
        .join(User, User.name == DestructionConsent.name)
        .where(DestructionConsent.list_id == list_id, User.active)
        .order_by(DestructionConsent.at)
    )
    return list(session.scalars(rows))


def papers_of(session: Session, file_id: int) -> list[int]:
    """IDs of the documents of a file, in order."""
    rows = select(CaseFilePaper.document_id).where(CaseFilePaper.file_id == file_id)
    return list(session.scalars(rows.order_by(CaseFilePaper.position)))


def destroyed(session: Session, found: CaseFile, list_id: int, count: int, actor: str) -> None:
    """Note that the papers of a file are gone; its line in the year's list stays."""
    found.state = "destroyed"
    found.revision += 1
    session.flush()
    detail = {"file": keeping.full(found), "list": list_id, "met": [], "wide": True, "total": count}
    audit.append(session, actor, "destroy_file", None, detail)


def done(session: Session, list_id: int, actor: str) -> None:
    """Note that all files of a list are destroyed."""
    found = _open_list(session, list_id)
    found.state, found.done_at, found.done_by = "done", utc_now(), actor[:100]
    session.flush()
    audit.append(session, actor, "destroy_list", None, {"list": found.id})


def demand_due(found: CaseFile) -> None:
    """Raise Problem("not_due") unless a closed file's retention is over."""
    over = found.kept_until is not None and found.kept_until < today()
    if found.state not in ("closed", "submitted") or not over:
        raise Problem("not_due", file=keeping.full(found), until=found.kept_until or "vĩnh viễn")


def _open_list(session: Session, list_id: int) -> DestructionList:
    found = session.get(DestructionList, list_id, with_for_update=True)
    if found is None:
        raise Problem("not_found", what=list_id)
    if found.state != "proposed":
        raise Problem("list_settled", list=list_id)
    return found


def _demand_unchanged(session: Session, found: DestructionList) -> None:
    """Raise Problem("list_changed") if a file has other papers than it was proposed with."""
    rows = select(DestructionItem).where(DestructionItem.list_id == found.id)
    for item in session.scalars(rows.order_by(DestructionItem.file_id)):
        of = session.get_one(CaseFile, item.file_id)
        if of.state != "destroyed" and keeping.digest(session, of.id) != item.digest:
            raise Problem("list_changed", list=found.id, file=keeping.full(of))
