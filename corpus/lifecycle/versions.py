"""Versions of a document's file: put in, shown once the gate and the reader have passed them, kept, refused.

Functions on a session; corpus.records commits. A new file waits in its row until it has been read; the document
keeps its file meanwhile. Then the two change places: the bytes shown before stay in the store.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.version_tables import FileVersion
from corpus.errors import Problem

TAKEN = ("review", "accepted")
"""States of a document that takes a new version of its file."""
ALIVE = ("waiting", "shown", "kept", "failed")
"""States of a version whose bytes are in the store."""
LOOKED_AT = ("shown", "kept")
"""States of a version that has passed the gate: it may be looked at and downloaded."""
MARKED = "version_marked"
"""Warning of a document of which a new version bears a secrecy mark."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file to be put in: its bytes as stored (`content_store.put_original`), and the clerk's word about it."""

    sha256: str
    name: str
    media_type: str
    size: int
    reason: str
    keep_values: bool
    released: str | None = None
    """Reason why a secrecy mark on it is a false alarm; None: the gate decides."""


def begin(session: Session, document: Document, new: NewVersion, actor: str) -> FileVersion:
    """Note a version that waits to be read.

    Raises Problem("wrong_state") for a document that takes none, ("version_waiting"), ("version_shown") for the
    very bytes that are shown, ("version_known") for those of another document, ("classified") for bytes that bore
    a mark.
    """
    if document.status not in TAKEN:
        raise Problem("wrong_state", document=document.id, status=document.status)
    if waiting(session, document.id) is not None:
        raise Problem("version_waiting", document=document.id)
    if new.sha256 == document.sha256:
        raise Problem("version_shown", document=document.id)
    _demand_free(session, document.id, new)
    rows = of_document(session, document.id) or [_first(session, document)]
    row = FileVersion(
        document_id=document.id, position=rows[-1].position + 1, sha256=new.sha256, name=new.name,
        media_type=new.media_type, size=new.size, page_count=0, state="waiting", keep_values=new.keep_values,
        reason=new.reason, released=new.released, by=actor[:100], at=utc_now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def of_document(session: Session, document_id: int) -> list[FileVersion]:
    """All versions of a document in the order of their acts; [] if it has had one file only."""
    rows = select(FileVersion).where(FileVersion.document_id == document_id)
    return list(session.scalars(rows.order_by(FileVersion.position, FileVersion.id)))


def waiting(session: Session, document_id: int) -> FileVersion | None:
    """The version of a document that waits to be read."""
    rows = select(FileVersion).where(FileVersion.document_id == document_id, FileVersion.state == "waiting")
    return session.scalars(rows.limit(1)).first()


def show(session: Session, document: Document, row: FileVersion, pages: int) -> str:
    """Put a version that was read in the place of the file shown before; return the hash of that one."""
    before = document.sha256
    for one in of_document(session, document.id):
        if one.state == "shown":
            one.state, one.page_count = "kept", one.page_count or document.page_count
    row.state, row.page_count, row.shown_at, row.fault = "shown", pages, utc_now(), None
    document.sha256, document.name, document.media_type, document.size = (
        row.sha256, row.name, row.media_type, row.size,
    )  # fmt: skip
    # A mark that was overruled on one file says nothing of another.
    document.released = row.released
    return before


def fail(row: FileVersion, problem: Problem) -> None:
    """Note why a version was not taken; of one with a secrecy mark only the hash remains."""
    if problem.code == "classified":
        _empty(row)
        row.state, row.fault = "refused", {"code": problem.code, "facts": {}}
    else:
        facts = {key: str(value) for key, value in problem.facts.items()} | {"name": row.name}
        row.state, row.fault = "failed", {"code": problem.code, "facts": facts}


def call_off(session: Session, document: Document) -> None:
    """Take no version any more for a document that leaves the archive: what waits has failed."""
    row = waiting(session, document.id)
    if row is not None:
        fail(row, Problem("wrong_state", document=document.id, status="withdrawn"))


def forget(session: Session, document_id: int) -> None:
    """Empty the versions of a document that is purged: only hashes, sizes and times remain."""
    for row in of_document(session, document_id):
        _empty(row)
        row.state = "refused"


def refused_hashes(session: Session) -> dict[str, int]:
    """Hash of each version that bears a secrecy mark and is no living file → its document."""
    rows = select(FileVersion.sha256, FileVersion.document_id).where(FileVersion.state == "refused")
    found = {row[0]: row[1] for row in session.execute(rows)}
    return {sha256: owner for sha256, owner in found.items() if not is_alive(session, sha256)}


def is_alive(session: Session, sha256: str) -> bool:
    """True if a version has these bytes, or a document that is not refused."""
    owner = select(Document.id).where(Document.sha256 == sha256, Document.status != "refused")
    return living(session, sha256) is not None or session.scalar(owner) is not None


def living(session: Session, sha256: str) -> FileVersion | None:
    """A version whose bytes these are, kept or waiting."""
    rows = select(FileVersion).where(FileVersion.sha256 == sha256, FileVersion.state.in_(ALIVE))
    return session.scalars(rows.order_by(FileVersion.id.desc()).limit(1)).first()


def refused(session: Session, sha256: str) -> FileVersion | None:
    """A version with these bytes that bore a secrecy mark."""
    rows = select(FileVersion).where(FileVersion.sha256 == sha256, FileVersion.state == "refused")
    return session.scalars(rows.limit(1)).first()


def _demand_free(session: Session, document_id: int, new: NewVersion) -> None:
    other = session.scalar(select(Document.id).where(Document.sha256 == new.sha256))
    held = living(session, new.sha256)
    if other is not None or (held is not None and held.document_id != document_id):
        raise Problem("version_known", name=new.name)
    if held is None and new.released is None and refused(session, new.sha256) is not None:
        raise Problem("classified", name=new.name, mark="?")


def _first(session: Session, document: Document) -> FileVersion:
    """The row of the file that a document came in with."""
    row = FileVersion(
        document_id=document.id, position=1, sha256=document.sha256, name=document.name,
        media_type=document.media_type, size=document.size, page_count=document.page_count, state="shown",
        keep_values=False, reason="", released=document.released, by=document.received_by, at=document.received_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _empty(row: FileVersion) -> None:
    row.name, row.reason, row.released, row.fault = row.sha256[:12], "", None, None
