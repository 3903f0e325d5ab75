"""Tables of the second factor: the sealed secret of each account, and the hashes of its recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class SecondFactor(Base):
    """The secret that an account shares with its owner's phone, sealed by the site's key."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """Time of the first right code; None: begun, and not asked for yet."""
    last_step: Mapped[int] = mapped_column(default=0)
    """Step of 30 seconds of the last code taken; no code of it or an earlier one is taken again."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong codes since the last right one."""
    failed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One recovery code, by its hash."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
