"""Table of the ways by which documents arrived from outside, with what is known of their senders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class ArrivalOrigin(Base):
    """The sender of a document that came by mail, and what the office's rules say of that sender."""

    __tablename__ = "origins"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    way: Mapped[str] = mapped_column(String(10))
    """`mail`."""
    sender: Mapped[str] = mapped_column(String(320))
    """Address as the mail gives it; no proof of who sent it."""
    issuer: Mapped[str | None] = mapped_column(Text)
    """Body whose papers this sender sends; None if no rule names one."""
    direction: Mapped[str | None] = mapped_column(String(10))
    """`incoming`, `outgoing` or `internal`; None if no rule says so."""
    at: Mapped[datetime]
