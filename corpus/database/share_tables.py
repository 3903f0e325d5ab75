"""Tables of share links: addresses that open one document without an account, by the hash of their token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class ShareLink(Base):
    """A link (đường dẫn chia sẻ) to one document on record, open to whoever has it until its end."""

    __tablename__ = "share_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token in hexadecimal digits; the token itself is nowhere in the store."""
    purpose: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Time from which it opens nothing: a person ended it, or its document was withdrawn, limited or purged."""
    ended_by: Mapped[str | None] = mapped_column(String(100))
    openings: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    """Time of the last opening."""


class WrongShare(Base):
    """A token that no link has, by the source that tried it; kept for the throttle alone."""

    __tablename__ = "wrong_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    """As corpus.access.attempts.source_of gives it."""
    at: Mapped[datetime]
