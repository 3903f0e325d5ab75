"""Tables of hand-over: papers given to people and units, notes on papers, delegations, notices by e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class Handover(Base):
    """One hand-over (chuyển xử lý) of a document, with the leader's note; its receivers are its parts."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_giver_id_state_day_id", "giver_id", "state", "day", "id"),
        Index("ix_handovers_state_day_id", "state", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    """The person in whose name it was given."""
    given_by: Mapped[str] = mapped_column(String(100))
    """Name of the account that gave it; another than the giver's: it acted for the giver."""
    given_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    """The leader's note (bút phê)."""
    deadline: Mapped[str | None] = mapped_column(String(10))
    """Last day, ISO 8601."""
    asks: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Somebody has to act on it; False if all receivers get it for information only."""
    state: Mapped[str] = mapped_column(String(10), default="open")
    """A state of corpus.handover.states."""
    day: Mapped[str] = mapped_column(String(10))
    """Order of lists: the deadline while it is open, the day of its closing afterwards."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(100))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"), index=True)
    """The paper that answers and so closed it."""
    answer_citation: Mapped[int | None]
    """ID of the citation in that paper by which it answers."""
    onward_of: Mapped[int | None] = mapped_column(index=True)
    """ID of the part that its receiver hands on by this one; None: it begins a chain."""
    why: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The reason for a deadline later than that of the part."""
    known: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True), default=list)
    """IDs of papers that answer the document and don't close it: there before it was given, or not enough."""


class HandoverPart(Base):
    """One receiver of a hand-over: an account or a unit (group)."""

    __tablename__ = "handover_parts"
    __table_args__ = (
        Index("ix_handover_parts_user_id_state_day_id", "user_id", "state", "day", "id"),
        Index("ix_handover_parts_group_id_state_day_id", "group_id", "state", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    """`lead` (chủ trì), `with` (phối hợp) or `know` (để biết)."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("user_groups.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(100))
    """Name of account or unit when it was given; a unit may be removed later."""
    state: Mapped[str] = mapped_column(String(10), default="open")
    day: Mapped[str] = mapped_column(String(10))
    """As in Handover."""
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(100))
    result: Mapped[str] = mapped_column(Text, default="")
    """Words of the receiver at the end."""


class DocumentNote(Base):
    """A person's note (ý kiến) on a document, with the name."""

    __tablename__ = "document_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    """The person in whose name it is."""
    written_by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    """Empty once it is removed."""
    removed_at: Mapped[datetime | None]


class Delegation(Base):
    """A person acts for another from day to day (uỷ quyền)."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    first: Mapped[str] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(String(10))
    """Days, ISO 8601, both of them included."""
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Mailbox(Base):
    """Address that a person's notices go to."""

    __tablename__ = "mailboxes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    notices: Mapped[bool] = mapped_column(default=True, server_default=true())
    """A mail for each hand-over."""
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A mail each working day with what is open."""


class Notice(Base):
    """One mail to a person that waits or is sent; its words are made when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notices_state_try_at", "state", "try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`given`, `deadline`, `recalled`, `answered`, `unanswered`, `reopened`, `done`, `closed_above`, `digest`."""
    key: Mapped[str] = mapped_column(String(100))
    """Nobody gets two notices of one key."""
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """`waiting`, `sent`, `left_out` (nothing that the receiver may see) or `failed`."""
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DigestDay(Base):
    """A day whose digests have been queued."""

    __tablename__ = "digest_days"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    made_at: Mapped[datetime]
