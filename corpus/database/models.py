"""Tables: documents with their readings, citations between them, jobs, the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names for every constraint: SQLite's batch migrations can't drop one that has none."""


class Base(DeclarativeBase):
    """All tables share one MetaData."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, bytes: LargeBinary}  # noqa: RUF012


URGENT = "urgency IS NOT NULL"
"""Documents with a mark of urgency."""


class Document(Base):
    """One original and its record. Dates of documents are ISO 8601 text; moments are UTC."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_identity", "number_key", "issuer_key", "year"),
        Index("ix_documents_status_received_at", "status", "received_at"),
        Index("ix_documents_issuer_key_year_symbol_date", "issuer_key", "year", "symbol", "date"),
        # The few that are urgent: asked for by the registers.
        Index("ix_documents_urgency", "urgency", sqlite_where=text(URGENT), postgresql_where=text(URGENT)),
        # The few that an index may hold as they are no more: asked for at every search (search.index.visibility).
        Index("ix_documents_change", "change"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="queued")
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """`{"code": …, "facts": {…}}` when refused or failed."""
    sample: Mapped[bool] = mapped_column(default=False)
    auto_accept: Mapped[bool] = mapped_column(default=False)
    """Goes on record without a person when it has no open questions."""

    released: Mapped[str | None] = mapped_column(Text)
    """Reason why a clerk declared the detected secrecy mark a false alarm; the gate then passes the document."""

    limited: Mapped[bool] = mapped_column(default=False)
    """Only the groups in `document_groups` may see it (corpus.access.groups)."""

    revision: Mapped[int] = mapped_column(default=1)
    change: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    """Number of the change that made this revision, growing over all documents in the order of commits
    (corpus.database.changes); 0 for one that no index has had to have yet.
    """

    number: Mapped[str | None] = mapped_column(String(100))
    number_key: Mapped[str | None] = mapped_column(String(100))
    """The number's `match_key` (corpus.numbering.number)."""
    symbol: Mapped[str | None] = mapped_column(String(100))
    date: Mapped[str | None] = mapped_column(String(10), index=True)
    year: Mapped[int | None]
    doc_type: Mapped[str | None] = mapped_column(String(100))
    issuer: Mapped[str | None] = mapped_column(Text)
    issuer_key: Mapped[str | None] = mapped_column(String(200))
    """The issuer's identity (corpus.authority.identity.issuer_key)."""
    superior: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(Text)
    signer: Mapped[str | None] = mapped_column(String(200))
    urgency: Mapped[str | None] = mapped_column(String(50))
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The record in force, in the contract's `fields` shape, evidence included."""
    machine: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Values read by the machine, unchanged by corrections: `{"fields": …, "warnings": …, "statements": …}`."""
    signatures: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Digital signatures in the contract's shape, as last verified; None before the first check, [] for none."""
    questions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Names of the fields a person must look at."""
    page_count: Mapped[int] = mapped_column(default=0)

    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(100))
    read_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(String(100))
    verified_at: Mapped[datetime | None] = mapped_column(index=True)
    """Time at which the original's bytes were last compared with their hash."""

    pages: Mapped[list[PageText]] = relationship(
        back_populates="document", order_by="PageText.number", cascade="all, delete-orphan"
    )
    recipients: Mapped[list[Recipient]] = relationship(
        back_populates="document", order_by="Recipient.position", cascade="all, delete-orphan"
    )
    citations: Mapped[list[CitationRow]] = relationship(
        back_populates="document",
        order_by="CitationRow.position",
        cascade="all, delete-orphan",
        foreign_keys="CitationRow.document_id",
    )


class Enclosure(Base):
    """A document that came as an attachment of a mail, which is kept as its cover (`cover_id`)."""

    __tablename__ = "enclosures"

    cover_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    """The attachment's name in that mail."""


class PageText(Base):
    """Text of one page; `words` is corpus.json_shapes.pack_words."""

    __tablename__ = "pages"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(8))
    rotation: Mapped[int] = mapped_column(default=0)
    confidence: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[bytes] = mapped_column(LargeBinary)

    document: Mapped[Document] = relationship(back_populates="pages")


class Compounds(Base):
    """The compounds of a document's text (`thi_đua`) for the index,
    once they have been segmented (corpus.queue.compounds).
    """

    __tablename__ = "compounds"
    __table_args__ = (Index("ix_compounds_state_document_id", "state", "document_id"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    reading: Mapped[int]
    """Revision of the document when this text was read; segments of another revision are discarded."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    words: Mapped[str] = mapped_column(Text, default="")
    """One after the other with blanks between."""


class Recipient(Base):
    """One addressee (kính gửi) or recipient (nơi nhận) of a document on file."""

    __tablename__ = "recipients"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    """`addressee` or `recipient`."""
    value: Mapped[str] = mapped_column(Text)

    document: Mapped[Document] = relationship(back_populates="recipients")


class CitationRow(Base):
    """One citation of one document, with its resolution (corpus.citations.resolution): found,
    ambiguous or wanted.
    """

    __tablename__ = "citations"
    __table_args__ = (
        Index("ix_citations_number_key_status", "number_key", "status"),
        Index("ix_citations_target_id_relation", "target_id", "relation"),
        Index("ix_citations_document_id_position", "document_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    position: Mapped[int]
    printed: Mapped[str] = mapped_column(Text)
    relation: Mapped[str] = mapped_column(String(16))
    doc_type: Mapped[str | None] = mapped_column(String(100))
    number: Mapped[str | None] = mapped_column(String(100))
    number_key: Mapped[str | None] = mapped_column(String(100))
    date: Mapped[str | None] = mapped_column(String(10))
    issuer: Mapped[str | None] = mapped_column(Text)
    issuer_key: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str | None] = mapped_column(Text)
    title_key: Mapped[str | None] = mapped_column(String(300), index=True)
    """Folded title of a document cited by name; the look-up key of laws and Party resolutions."""
    provision: Mapped[str | None] = mapped_column(Text)
    page: Mapped[int | None]
    boxes: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True), default=list)
    start: Mapped[int] = mapped_column(default=0)
    confidence: Mapped[float | None]
    """Confidence of the reading, 0 to 1; None for a reading of an earlier version."""
    review: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True while it is doubtful: no person has looked at it."""
    added_by: Mapped[str | None] = mapped_column(String(100))
    """The person who added it; None for one that was read."""
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    """The person who looked at a doubtful one and found it right."""
    status: Mapped[str] = mapped_column(String(10), default="wanted")
    """`found`, `ambiguous`, `wanted`, or `removed` by a person as no citation."""
    target_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
    candidates: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True), default=list)
    """IDs of the documents it may mean, while ambiguous."""
    wanted_key: Mapped[str | None] = mapped_column(String(400), index=True)
    """Key shared by citations of one document that is not on record."""
    settled_by: Mapped[str | None] = mapped_column(String(100))
    settled_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship(back_populates="citations", foreign_keys=[document_id])
    target: Mapped[Document | None] = relationship(foreign_keys=[target_id])


class StatementRow(Base):
    """A statement of a document about two others (`A amends B`), each given as a citation of that document."""

    __tablename__ = "statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("citations.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(16), index=True)
    object_id: Mapped[int] = mapped_column(ForeignKey("citations.id", ondelete="CASCADE"), index=True)


class OwnBody(Base):
    """A body whose papers the archive keeps as its own (cơ quan của kho):
    its runs of numbers ought to be whole.
    """

    __tablename__ = "own_bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    symbol: Mapped[str] = mapped_column(String(50), default="")
    """Code of it in the symbol of its papers (`STTTT`)."""
    issuer_key: Mapped[str] = mapped_column(String(200), unique=True)
    """Its identity (corpus.authority.identity.issuer_key)."""
    places: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Places that it writes on its papers (địa danh), apart by `;`."""
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    """Years between which its registers are kept here; None: no bound."""


class Settlement(Base):
    """A conflict that a person settled with a reason (`đã xem xét vì …`)."""

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("document_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class Job(Base):
    """One piece of background work under a lease (corpus.queue.jobs)."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_run_at", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    args: Mapped[dict[str, Any]] = mapped_column(JSON(none_as_null=True), default=dict)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    """`queued`, `running`, `done` or `failed`."""
    priority: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(default=0)
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """`{"stage": …, "page": 2, "pages": 5}`."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Hold(Base):
    """A document that somebody has open at the desk, so that a colleague takes another."""

    __tablename__ = "holds"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime]
    until: Mapped[datetime]


class Lesson(Base):
    """A lesson from a correction: this spelling, as read, means that name (corpus.lifecycle.lessons)."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("field", "read"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(20))
    read: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class AuditRow(Base):
    """One row of the trail; `hash` covers the row and the hash before it (corpus.audit).

    The chain covers `detail_hash` rather than `detail`, so that the content of a document that proved to be
    classified can be taken out of the trail without breaking it.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40), index=True)
    document_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON(none_as_null=True), default=dict)
    detail_hash: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
