"""Tables of accounts: people, groups and what they limit, sessions, tokens, followed searches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class User(Base):
    """An account and its role."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    full_name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    must_change: Mapped[bool] = mapped_column(default=False)
    """Its password was made by somebody else: nothing can be done before its owner has chosen another."""
    feed_generation: Mapped[int] = mapped_column(default=0)
    """Part of the signature of its feeds' addresses; raising it ends all of them (corpus.access.grants)."""
    vouched_at: Mapped[datetime | None]
    """Time at which an identity provider last vouched for the owner; None for an account with a password."""


class Group(Base):
    """A group of accounts, by which documents are limited."""

    __tablename__ = "user_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class Member(Base):
    """An account in a group."""

    __tablename__ = "group_members"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("user_groups.id", ondelete="CASCADE"), primary_key=True)


class Limit(Base):
    """A group that may see a limited document."""

    __tablename__ = "document_groups"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("user_groups.id", ondelete="RESTRICT"), primary_key=True)


class SignIn(Base):
    """One session: the cookie holds its token, so that it can be ended from the server."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """Time at which the person last proved his identity, by password or at the provider; None if the provider did
    not say."""
    agent: Mapped[str] = mapped_column(String(200), default="")
    """The browser, as it names itself."""


class SignInAttempt(Base):
    """One try to sign in, kept for the throttle and the administrator."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_name_at", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class AccessToken(Base):
    """A key by which a program acts for an account; `writes` says whether it may change anything."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    writes: Mapped[bool]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """Last use, to some minutes."""


class SavedSearch(Base):
    """A search that somebody follows; `known` is the number of documents it found when last looked at."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("user_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    known: Mapped[int]
