"""Read-only faces of stored rows, for pages, API and presenters: mypy refuses an assignment there.

A face names the columns that readers need, typed as in corpus.database.models; the table's class fits it by shape.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class StoredDocument(Protocol):
    """One original and its record."""

    @property
    def id(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def status(self) -> str: ...

    @property
    def fault(self) -> dict[str, Any] | None: ...

    @property
    def sample(self) -> bool: ...

    @property
    def released(self) -> str | None: ...

    @property
    def limited(self) -> bool: ...

    @property
    def revision(self) -> int: ...

    @property
    def number(self) -> str | None: ...

    @property
    def number_key(self) -> str | None: ...

    @property
    def symbol(self) -> str | None: ...

    @property
    def year(self) -> int | None: ...

    @property
    def issuer_key(self) -> str | None: ...

    @property
    def date(self) -> str | None: ...

    @property
    def doc_type(self) -> str | None: ...

    @property
    def issuer(self) -> str | None: ...

    @property
    def superior(self) -> str | None: ...

    @property
    def place(self) -> str | None: ...

    @property
    def subject(self) -> str | None: ...

    @property
    def signer(self) -> str | None: ...

    @property
    def urgency(self) -> str | None: ...

    @property
    def fields(self) -> dict[str, Any] | None: ...

    @property
    def machine(self) -> dict[str, Any] | None: ...

    @property
    def signatures(self) -> list[Any] | None: ...

    @property
    def questions(self) -> list[Any] | None: ...

    @property
    def page_count(self) -> int: ...

    @property
    def received_at(self) -> datetime: ...

    @property
    def received_by(self) -> str: ...

    @property
    def read_at(self) -> datetime | None: ...

    @property
    def accepted_at(self) -> datetime | None: ...

    @property
    def accepted_by(self) -> str | None: ...

    @property
    def verified_at(self) -> datetime | None: ...


class StoredSearch(Protocol):
    """A search that somebody follows."""

    @property
    def id(self) -> int: ...

    @property
    def user_id(self) -> int: ...

    @property
    def address(self) -> str: ...

    @property
    def words(self) -> str: ...

    @property
    def known(self) -> int: ...


class StoredDeed(Protocol):
    """One row of the audit trail."""

    @property
    def id(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def actor(self) -> str: ...

    @property
    def action(self) -> str: ...

    @property
    def document_id(self) -> int | None: ...

    @property
    def detail(self) -> dict[str, Any]: ...

    @property
    def hash(self) -> str: ...


class StoredAccount(Protocol):
    """An account, as far as the address of its feeds needs it."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def password_hash(self) -> str: ...

    @property
    def feed_generation(self) -> int: ...
