"""Versions of a document's file put in, read and refused; each act is one transaction and one audit row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.citations import resolution
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.database.version_tables import FileVersion
from corpus.errors import Problem, caution_message
from corpus.lifecycle import intake, reread, versions
from corpus.lifecycle.versions import NewVersion as NewVersion
from corpus.originals import content_store
from corpus.records.transaction import SYSTEM, editing
from corpus.typed_text import clean_text


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """The file of a version that waits to be read; `released`: a clerk answered for it at the secrecy gate."""

    sha256: str
    name: str
    released: bool


def put_version(
    store: Store, document_id: int, new: NewVersion, actor: str, revision: int | None = None, by: Groups = None
) -> int:
    """Put in a new version of a document's file, to be read; return its number.

    The document keeps its file, values and state until the new one has passed the gate and was read. Raises
    Problem("not_found"), ("stale"), ("bad_value") without a reason, ("store_busy"), and as `versions.begin` does.
    """
    if not content_store.has_original(store, new.sha256):
        raise Problem("store_busy")
    with editing(store, document_id, revision) as (session, document):
        if not groups.may_see(session, document, by):
            raise Problem("not_found", what=document_id)
        if reread.is_waiting(session, document_id):
            raise Problem("version_waiting", document=document_id)
        said = clean_text("reason", new.reason, required=True)
        released = clean_text("reason", new.released) if new.released else None
        row = versions.begin(
            session,
            document,
            replace(new, name=intake.clean_name(new.name), reason=said, released=released or None),
            actor,
        )
        reread.queue(session, document, None)
        # Name and reason stay out of the trail: they may tell of a file that proves to be classified.
        detail = {"version": row.position, "sha256": row.sha256, "keep_values": row.keep_values}
        detail |= {"overruled": True} if row.released else {}
        audit.append(session, actor, "put_version", document_id, detail, seals=False)
        return row.position


def version_to_read(store: Store, document_id: int) -> WaitingFile | None:
    """The version of a document that waits to be read; None: its own file is meant."""
    with store.db.reading() as session:
        row = versions.waiting(session, document_id)
        return WaitingFile(row.sha256, row.name, row.released is not None) if row is not None else None


def turn_down(session: Session, document: Document, row: FileVersion, problem: Problem) -> None:
    """Take a version for unreadable or classified; the document keeps its file.

    After a secrecy mark a person has to look at the document itself: it goes back to review and is asked about.
    """
    versions.fail(row, problem)
    detail = {"version": row.position, "sha256": row.sha256, "code": problem.code}
    if problem.code == "classified":
        _ask(document)
        session.flush()
        resolution.resolve(session, document)
    audit.append(session, SYSTEM, "version_refused", document.id, detail)


def _ask(document: Document) -> None:
    machine = document.machine or {}
    warnings = [one for one in machine.get("warnings", []) if one["code"] != versions.MARKED]
    told = {"code": versions.MARKED, "message": caution_message(versions.MARKED), "page": None}
    document.machine = {**machine, "warnings": [*warnings, told]}
    if document.status == "accepted":
        document.status, document.accepted_at, document.accepted_by = "review", None, None
    document.auto_accept = False
    document.revision += 1
