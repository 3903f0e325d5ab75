"""Arrival of documents: receipt, queue, refusal and purge; functions on a session, corpus.records commits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.audit import record_seals
from corpus.database.cataloguing_tables import DocumentTag, OwnValue
from corpus.database.connection import utc_now
from corpus.database.file_tables import CaseFilePaper, Copy
from corpus.database.models import (
    CitationRow,
    Compounds,
    Document,
    Enclosure,
    Job,
    PageText,
    Recipient,
    Settlement,
    StatementRow,
)
from corpus.database.origins import ArrivalOrigin
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.lifecycle import versions
from corpus.lifecycle.claims import Claim
from corpus.lifecycle.history import Withdrawal, withdrawal
from corpus.queue import jobs
from corpus.registers import entries

READ = "read"
"""The kind of job that reads a document."""

FAILED_CODES = frozenset(
    {
        "reader_crashed",
        "reader_timeout",
        "reader_memory",
        "original_missing",
        "internal",
        "converter_missing",
        "plugin_unusable",
    }
)
"""Problems of our own with a file: `failed`, and worth a retry; every other one is the file's: `refused`."""

PURGED_CODES = frozenset({"classified", "destroyed"})
"""Problems that remove all content of a document; its bytes are not taken again."""

_NO_ORIGINAL = "văn bản gốc không còn trong kho"
"""Reason noted for copies of a document that was purged."""
_AGAIN = frozenset({"failed", "refused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answer to one file. `existing`: these bytes had come in before, and this is their document."""

    document_id: int
    status: Literal["queued", "duplicate", "refused"]
    existing: bool
    code: str | None = None
    """Reason for an immediate refusal: bytes that proved to be classified are not taken again."""
    withdrawn: Withdrawal | None = None
    """Withdrawal of the document before, which the sender is informed of."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as it comes in."""

    sha256: str
    name: str
    media_type: str
    size: int
    actor: str
    auto_accept: bool = False
    sample: bool = False
    withheld: bool = False
    """Visible to administrators only until one of them sets its groups: its sender is unknown."""
    claims: tuple[Claim, ...] = ()
    """Values that came along with the file, canonical; compared with the paper when it has been read."""


def receive(session: Session, arrival: Arrival, by: Groups = None) -> Receipt:
    """Add the document and its job, or find the document with these bytes.

    by: groups of the sender. A document that the sender may not see stays unchanged, whatever its state; the
    answer says only that its bytes are on file.
    """
    document = session.scalars(select(Document).where(Document.sha256 == arrival.sha256)).first()
    if document is None:
        known = _receive_version(session, arrival)
        return known if known is not None else _receive_new(session, arrival)
    if is_purged(document):
        audit.append(
            session, arrival.actor, "receive_refused", document.id, {"sha256": arrival.sha256}, seals=False
        )
        return Receipt(document.id, "refused", existing=True, code=(document.fault or {})["code"])
    if document.status not in _AGAIN or not groups.may_see(session, document, by):
        detail = {"sha256": arrival.sha256, "status": document.status}
        audit.append(session, arrival.actor, "receive_duplicate", document.id, detail, seals=False)
        return Receipt(document.id, "duplicate", existing=True)
    record_seals.compare(session, document.id)
    was = document.status
    # What a person took back goes on record again by a person only.
    document.auto_accept = arrival.auto_accept and was != "withdrawn"
    keep_claims(document, arrival.claims)
    queue_reading(session, document)
    audit.append(session, arrival.actor, "receive_again", document.id, {"sha256": arrival.sha256, "was": was})
    back = withdrawal(session, document.id) if was == "withdrawn" else None
    return Receipt(document.id, "queued", existing=True, withdrawn=back)


def _receive_version(session: Session, arrival: Arrival) -> Receipt | None:
    """Answer for bytes that are a version of some document's file; None if no version has them."""
    row, code = versions.living(session, arrival.sha256), None
    if row is None:
        row, code = versions.refused(session, arrival.sha256), "classified"
    if row is None:
        return None
    action = "receive_refused" if code else "receive_duplicate"
    detail = {"sha256": arrival.sha256, "version": row.position}
    audit.append(session, arrival.actor, action, row.document_id, detail, seals=False)
    return Receipt(row.document_id, "refused" if code else "duplicate", existing=True, code=code)


def keep_claims(document: Document, claims: Sequence[Claim]) -> None:
    """Keep claims with the machine's values, in place of earlier ones of the same source and field."""
    new = [claim.to_json() for claim in claims]
    replaced = {(one["source"], one["field"]) for one in new}
    machine = document.machine or {}
    old = [one for one in machine.get("claims", []) if (one["source"], one["field"]) not in replaced]
    if new:
        document.machine = {**machine, "claims": [*old, *new]}


def claims_of(document: Document) -> tuple[Claim, ...]:
    """The claims that came along with a document."""
    return tuple(Claim.from_json(one) for one in (document.machine or {}).get("claims", []))


def _machine_of(claims: Sequence[Claim]) -> dict[str, Any] | None:
    return {"claims": [claim.to_json() for claim in claims]} if claims else None


def enclose(session: Session, cover_id: int, enclosed: Sequence[tuple[int, str]], actor: str) -> None:
    """Links a mail with the documents that came with it (ID and name there); what was linked before stays so."""
    known = set(session.scalars(select(Enclosure.document_id).where(Enclosure.cover_id == cover_id)))
    wanted = {document: name for document, name in enclosed if document not in known and document != cover_id}
    there = set(session.scalars(select(Document.id).where(Document.id.in_(wanted), Document.status != "refused")))
    new = [document for document in wanted if document in there]
    for position, document in enumerate(new, start=len(known)):
        session.add(
            Enclosure(
                cover_id=cover_id, document_id=document, position=position, name=clean_name(wanted[document])
            )
        )
    if new:
        audit.append(session, actor, "enclose", cover_id, {"documents": new}, seals=False)


def queue_reading(session: Session, document: Document) -> None:
    """Put a document (back) into the queue to be read."""
    document.status = "queued"
    document.fault = None
    document.revision += 1
    session.flush()
    jobs.enqueue(session, READ, document.id, dedupe_key=f"{READ}:{document.id}")


def overrule_mark(session: Session, document: Document, name: str, reason: str, actor: str) -> None:
    """Pass a document whose bytes were sent again through the secrecy gate on a clerk's word, and queue it.

    Raises Problem("wrong_state") if no mark was found on it.
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
    """Documents that wait to be read though no job will ever read them;
    [] unless the database was tampered with.
    """
    alive = select(Job.document_id).where(Job.document_id.is_not(None), Job.state.in_(("queued", "running")))
    waiting = select(Document.id).where(Document.status.in_(("queued", "reading")), Document.id.not_in(alive))
    return list(session.scalars(waiting.order_by(Document.id)))


def refuse(session: Session, document: Document, problem: Problem) -> str:
    """Record why a document was not taken or not read; return its status. Classified ones lose all content."""
    document.status = "failed" if problem.code in FAILED_CODES else "refused"
    document.revision += 1
    document.questions = []
    if problem.code in PURGED_CODES:
        _clear(session, document)
        told = "mark" if problem.code == "classified" else "list"
        facts: dict[str, Any] = {"name": document.name, told: str(problem.facts.get(told, "?"))}
    else:
        facts = {key: str(value) for key, value in problem.facts.items()} | {"name": document.name}
    document.fault = {"code": problem.code, "facts": facts}
    return document.status


def is_classified(document: StoredDocument) -> bool:
    return (
        document.status == "refused"
        and bool(document.fault)
        and (document.fault or {}).get("code") == "classified"
    )


def is_purged(document: StoredDocument) -> bool:
    """True if all content of a document was removed for good: classified, or destroyed with its file."""
    return document.status == "refused" and (document.fault or {}).get("code") in PURGED_CODES


def remove_reading(session: Session, document: Document) -> None:
    """Remove pages, recipients, citations, statements, compounds and signatures,
    as before the document was read.
    """
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
        machine=_machine_of(arrival.claims),
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


def _clear(session: Session, document: Document) -> None:
    """Remove all content of a document: only hash, size, kind and times remain."""
    remove_reading(session, document)
    for table in (Settlement, DocumentTag, OwnValue):
        session.execute(delete(table).where(table.document_id == document.id))
    session.execute(delete(ArrivalOrigin).where(ArrivalOrigin.document_id == document.id))
    session.execute(
        delete(Enclosure).where(or_(Enclosure.document_id == document.id, Enclosure.cover_id == document.id))
    )
    entries.forget(session, document.id)
    versions.forget(session, document.id)
    session.execute(delete(CaseFilePaper).where(CaseFilePaper.document_id == document.id))
    emptied = {"excerpt": "", "recipients": "", "signer": "", "title": "", "place": "", "cancelled": _NO_ORIGINAL}
    # Numbers of copies stay used.
    session.execute(update(Copy).where(Copy.document_id == document.id).values(**emptied))
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
