"""Tables of files (hồ sơ), of lists for destruction, and of copies (bản sao) of documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class CaseFile(Base):
    """A file (hồ sơ) of the year's list; days are ISO 8601 text, moments UTC."""

    __tablename__ = "case_files"
    __table_args__ = (
        UniqueConstraint("year", "code_key"),
        Index("ix_case_files_year_symbol_ordinal_id", "year", "symbol", "ordinal", "id"),
        Index("ix_case_files_state_kept_until", "state", "kept_until"),
        Index("ix_case_files_state_ended_on", "state", "ended_on"),
        Index("ix_case_files_code_key", "code_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    code: Mapped[str] = mapped_column(String(50))
    """Number and symbol as typed: `01.TCCB`."""
    code_key: Mapped[str] = mapped_column(String(50))
    """The code as corpus.files.codes.code_key spells it."""
    symbol: Mapped[str] = mapped_column(String(50))
    ordinal: Mapped[int]
    """Order of the list, by heading, symbol and number (corpus.files.codes.list_rank)."""
    heading: Mapped[str] = mapped_column(String(200), default="")
    """The heading of the list (đề mục) that it is under."""
    title: Mapped[str] = mapped_column(String(500))
    keeper: Mapped[str] = mapped_column(String(200), default="")
    organ_id: Mapped[str] = mapped_column(String(35), default="")
    retention: Mapped[str] = mapped_column(String(20), default="")
    """Code of the row of retention.tsv that the years were taken from; empty where a person set them."""
    years: Mapped[int | None]
    """Years that it is kept from the end of the year in which it ended; None: for ever (vĩnh viễn)."""
    rights: Mapped[str] = mapped_column(String(30), default="")
    language: Mapped[str] = mapped_column(String(50), default="")
    description: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    """`open`, `closed`, `submitted` (nộp lưu) or `destroyed`."""
    ended_on: Mapped[str | None] = mapped_column(String(10))
    """Day on which the work ended (kết thúc)."""
    kept_until: Mapped[str | None] = mapped_column(String(10))
    """Last day of its retention; None while open, and for one that is kept for ever."""
    submitted_on: Mapped[str | None] = mapped_column(String(10))
    submitted_to: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))


class CaseFilePaper(Base):
    """A document in its file; a document is in one file at most."""

    __tablename__ = "case_file_papers"
    __table_args__ = (Index("ix_case_file_papers_file_id_position", "file_id", "position"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("case_files.id", ondelete="RESTRICT"))
    position: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(100))


class CaseFileRule(Base):
    """A rule that puts documents into a file: type, issuer and words of the subject, each empty for any."""

    __tablename__ = "case_file_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("case_files.id", ondelete="CASCADE"), index=True)
    doc_type: Mapped[str] = mapped_column(String(100), default="")
    issuer: Mapped[str] = mapped_column(String(300), default="")
    issuer_key: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(100))


class DestructionList(Base):
    """Files proposed for destruction (danh mục tài liệu hết giá trị), and how far the proposal is."""

    __tablename__ = "destruction_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="proposed", index=True)
    """`proposed`, `dropped` or `done`."""
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(100))


class DestructionItem(Base):
    """A file on a list for destruction; `digest` covers its papers as they were when it was proposed."""

    __tablename__ = "destruction_items"

    list_id: Mapped[int] = mapped_column(ForeignKey("destruction_lists.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[int] = mapped_column(
        ForeignKey("case_files.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    digest: Mapped[str] = mapped_column(String(64))


class DestructionConsent(Base):
    """The consent of one person to a list for destruction."""

    __tablename__ = "destruction_consents"

    list_id: Mapped[int] = mapped_column(ForeignKey("destruction_lists.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    sees_all: Mapped[bool]
    """True if the person saw every document of the list, limited ones included: an administrator."""
    at: Mapped[datetime]


class Copy(Base):
    """A copy of a document (sao y, sao lục, trích sao) with a number of its own."""

    __tablename__ = "copies"
    __table_args__ = (
        UniqueConstraint("body_key", "year", "ordinal"),
        Index("ix_copies_year_id", "year", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`SY`, `SL` or `TrS`, as the number has it."""
    of_copy_id: Mapped[int | None] = mapped_column(ForeignKey("copies.id", ondelete="SET NULL"))
    """The copy (sao y) that a sao lục was made of."""
    medium: Mapped[str] = mapped_column(String(10), default="")
    """`giay-giay`, `giay-dt`, `dt-giay` or `dt-dt`: from paper or electronic to which."""
    body: Mapped[str] = mapped_column(String(300))
    body_key: Mapped[str] = mapped_column(String(200))
    symbol: Mapped[str] = mapped_column(String(50))
    year: Mapped[int]
    ordinal: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    made_on: Mapped[str] = mapped_column(String(10))
    signer: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    """Title and authority over the signature, one line each: `TL. GIÁM ĐỐC`, `CHÁNH VĂN PHÒNG`."""
    recipients: Mapped[str] = mapped_column(Text, default="")
    """One a line."""
    amount: Mapped[int] = mapped_column(default=1)
    excerpt: Mapped[str] = mapped_column(Text, default="")
    """The text of a trích sao."""
    cancelled: Mapped[str | None] = mapped_column(Text)
    """The reason why it was cancelled; its number is not given again."""
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
