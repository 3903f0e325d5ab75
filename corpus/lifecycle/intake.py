"""How a document comes in, waits, is refused or taken out again; functions on a session, corpus.records commits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.audit import record_seals
from corpus.database.connection import utc_now
from corpus.database.models import (
    CitationRow,
    Compounds,
    Document,
    Job,
    PageText,
    Recipient,
    Settlement,
    StatementRow,
)
from corpus.errors import Problem
from corpus.lifecycle.history import Withdrawal, withdrawal
from corpus.queue import jobs

READ = "read"
"""The kind of job that reads a document."""

FAILED_CODES = frozenset({"reader_crashed", "reader_timeout", "reader_memory", "original_missing", "internal"})
"""Problems of our own with a file: `failed`, and worth a retry; every other one is the file's: `refused`."""

_AGAIN = frozenset({"failed", "refused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one file. `existing`: these bytes had come in before, and this is their document."""

    document_id: int
    status: Literal["queued", "duplicate", "refused"]
    existing: bool
    code: str | None = None
    """Why it was refused at once: bytes that have proved to be classified are not taken again."""
    withdrawn: Withdrawal | None = None
    """The document had been withdrawn: the sender is to know when, by whom and why."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a file when it comes in."""

    sha256: str
    name: str
    media_type: str
    size: int
    actor: str
    auto_accept: bool = False
    sample: bool = False
    withheld: bool = False
    """Nobody but administrators may see it until one of them says who may: nobody is known to have sent it."""


def receive(session: Session, arrival: Arrival, by: Groups = None) -> Receipt:
    """Adds the document and its job, or finds the document that has these bytes already.

    by: the groups of who sends it. A document that the sender may not know of stays as it is, whatever its state; that
    its bytes are held is all that the sender hears of it.
    """
    document = session.scalars(select(Document).where(Document.sha256 == arrival.sha256)).first()
    if document is None:
        return _receive_new(session, arrival)
    if is_classified(document):
        audit.append(
            session, arrival.actor, "receive_refused", document.id, {"sha256": arrival.sha256}, seals=False
        )
        return Receipt(document.id, "refused", existing=True, code="classified")
    if document.status not in _AGAIN or not groups.may_see(session, document, by):
        detail = {"sha256": arrival.sha256, "status": document.status}
        audit.append(session, arrival.actor, "receive_duplicate", document.id, detail, seals=False)
        return Receipt(document.id, "duplicate", existing=True)
    record_seals.compare(session, document.id)
    was = document.status
    # What a person took back goes on record again by a person only.
    document.auto_accept = arrival.auto_accept and was != "withdrawn"
    queue_reading(session, document)
    audit.append(session, arrival.actor, "receive_again", document.id, {"sha256": arrival.sha256, "was": was})
    back = withdrawal(session, document.id) if was == "withdrawn" else None
    return Receipt(document.id, "queued", existing=True, withdrawn=back)


def queue_reading(session: Session, document: Document) -> None:
    """Puts a document (back) into the queue to be read."""
    document.status = "queued"
    document.fault = None
    document.revision += 1
    session.flush()
    jobs.enqueue(session, READ, document.id, dedupe_key=f"{READ}:{document.id}")


def overrule_mark(session: Session, document: Document, name: str, reason: str, actor: str) -> None:
    """Lets a document whose bytes are here again pass the secrecy gate on a clerk's word; it is read anew.

    Raises Problem("wrong_state") when no mark had been seen on it.
    """
    if not is_classified(document):
        raise Problem("wrong_state", document=document.id, status=document.status)
    document.released = reason
    mark = (document.fault or {})["facts"]["mark"]
    document.name = clean_name(name)
    queue_reading(session, document)
    detail = {"reason": document.released, "mark": mark, "sha256": document.sha256}
    audit.append(session, actor, "overrule_mark", document.id, audit.salted(detail))


def stranded(session: Session) -> list[int]:
    """Documents that wait to be read though no job will ever read them; [] unless the database was tampered with."""
    alive = select(Job.document_id).where(Job.document_id.is_not(None), Job.state.in_(("queued", "running")))
    waiting = select(Document.id).where(Document.status.in_(("queued", "reading")), Document.id.not_in(alive))
    return list(session.scalars(waiting.order_by(Document.id)))


def refuse(session: Session, document: Document, problem: Problem) -> str:
    """Notes why a document was not taken or not read; returns its status. Classified ones lose all content."""
    document.status = "failed" if problem.code in FAILED_CODES else "refused"
    document.revision += 1
    document.questions = []
    if problem.code == "classified":
        _empty(session, document)
        facts: dict[str, Any] = {"name": document.name, "mark": str(problem.facts.get("mark", "?"))}
    else:
        facts = {key: str(value) for key, value in problem.facts.items()} | {"name": document.name}
    document.fault = {"code": problem.code, "facts": facts}
    return document.status


def is_classified(document: Document) -> bool:
    return (
        document.status == "refused"
        and bool(document.fault)
        and (document.fault or {}).get("code") == "classified"
    )


def remove_reading(session: Session, document: Document) -> None:
    """Removes pages, recipients, citations, statements, compounds and signatures, as before the document was read."""
    for table in (StatementRow, CitationRow, Recipient, PageText, Compounds):
        session.execute(delete(table).where(table.document_id == document.id))
    document.signatures = None
    session.flush()
    session.expire(document, ["pages", "recipients", "citations"])


def clean_name(name: str) -> str:
    """A sender's file name fit to be shown: NFC, no folder, no control, direction or surrogate characters.

    The name is never used as a path; at most 255 characters are kept, the extension among them.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = unicodedata.normalize("NFC", kept).strip() or "?"
    return kept if len(kept) <= 255 else f"{kept[:200]}…{kept[-54:]}"


def _receive_new(session: Session, arrival: Arrival) -> Receipt:
    document = Document(
        sha256=arrival.sha256,
        name=clean_name(arrival.name),
        media_type=arrival.media_type,
        size=arrival.size,
        status="queued",
        sample=arrival.sample,
        auto_accept=arrival.auto_accept,
        limited=arrival.withheld,
        revision=1,
        received_at=utc_now(),
        received_by=arrival.actor,
    )
    session.add(document)
    session.flush()
    jobs.enqueue(session, READ, document.id, dedupe_key=f"{READ}:{document.id}")
    # The name stays out of the trail: it may tell of the content of a file that proves to be classified.
    detail = {"sha256": arrival.sha256, "size": arrival.size, "media_type": arrival.media_type}
    audit.append(session, arrival.actor, "receive", document.id, detail)
    return Receipt(document.id, "queued", existing=False)


def _empty(session: Session, document: Document) -> None:
    """Takes out everything that tells of the content: only hash, size, kind and moments remain."""
    remove_reading(session, document)
    session.execute(delete(Settlement).where(Settlement.document_id == document.id))
    for job in session.scalars(select(Job).where(Job.document_id == document.id)):
        job.error, job.progress = None, None
    document.name = document.sha256[:12]
    document.fields = document.machine = None
    document.page_count = 0
    document.number = document.number_key = document.symbol = document.date = document.doc_type = None
    document.issuer = document.issuer_key = document.superior = document.place = document.subject = None
    document.signer = document.urgency = document.released = None
    document.year = None
    document.read_at = document.accepted_at = document.accepted_by = None
