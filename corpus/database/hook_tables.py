"""Tables of hooks: acts to be delivered to other programs, and how far the trail has been gone through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class HookDelivery(Base):
    """One act to be delivered to one target; `at` is UTC."""

    __tablename__ = "hook_deliveries"
    __table_args__ = (
        UniqueConstraint("row", "target"),
        Index("ix_hook_deliveries_state_at", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int]
    """Row of the trail."""
    target: Mapped[str] = mapped_column(String(16))
    document_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """`waiting`, `done`, or `given_up`."""
    attempts: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    """Time from which it may be tried; while it is tried, the time at which another process may take it."""
    error: Mapped[str] = mapped_column(Text, default="")


class HookCursor(Base):
    """The last row of the trail that was gone through for a target."""

    __tablename__ = "hook_cursors"

    target: Mapped[str] = mapped_column(String(16), primary_key=True)
    row: Mapped[int]
