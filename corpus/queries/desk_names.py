"""Names that the desk completes while they are typed: bodies, and signers with their capacity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from corpus.authority import bodies
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.vietnamese.fold import fold

EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""
_MOST = 2000
"""Most names, or papers with a signer, that are compared with the typed words."""
_LONGEST = 100
"""Characters of the typed text that count."""


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """A person who signed a paper on record, in that capacity (quyền hạn, chức vụ); "" for none."""

    name: str
    authority: str
    title: str


def body_names(store: Store, typed: str, seen: ColumnElement[bool] = EVERYTHING, limit: int = 12) -> list[str]:
    """Names of bodies that the typed words may mean: the most frequent on record, then known ones.

    Accents don't matter; a word may be an abbreviation (`ubnd`), the whole text the initials (`syt`).
    """
    matches = _matching(typed)
    if matches is None:
        return []
    return [name for name in every_body(store, seen) if matches(fold(name))][:limit]


def every_body(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[str]:
    """Names of bodies: the most frequent on record, then those of the authority list."""
    used = select(Document.issuer).where(Document.issuer.is_not(None), seen).group_by(Document.issuer)
    with store.db.reading() as session:
        on_record = list(session.scalars(used.order_by(func.count().desc()).limit(_MOST)))
    return list(dict.fromkeys([*(name for name in on_record if name), *bodies.body_names()]))


def every_signer(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[str]:
    """Names of people who signed a document on record, the most frequent first."""
    signed = select(Document.signer).where(Document.signer.is_not(None), Document.status == "accepted", seen)
    with store.db.reading() as session:
        found = session.scalars(signed.group_by(Document.signer).order_by(func.count().desc()).limit(_MOST))
        return [name for name in found if name]


def signers(
    store: Store, typed: str, seen: ColumnElement[bool] = EVERYTHING, limit: int = 12
) -> list[NamedSigner]:
    """People on record whose name the typed words may mean, each with every capacity, the most frequent first."""
    matches = _matching(typed)
    if matches is None:
        return []
    signed = select(Document.signer, Document.fields).where(Document.signer.is_not(None), seen)
    signed = signed.where(Document.status == "accepted").order_by(Document.id.desc()).limit(_MOST)
    with store.db.reading() as session:
        found = Counter(
            NamedSigner(name, _part(fields, "authority"), _part(fields, "title"))
            for name, fields in session.execute(signed)
            if name and matches(fold(name))
        )
    return [one for one, _ in found.most_common(limit)]


def _part(fields: dict[str, Any] | None, name: str) -> str:
    part = ((fields or {}).get("signer") or {}).get(name) or {}
    return str(part.get("value") or "")


def _matching(typed: str) -> Callable[[str], bool] | None:
    """Test of a folded name against the typed words; None without words."""
    words = fold(typed)[:_LONGEST].split()
    if not words:
        return None
    forms = [(word, bodies.written_out().get(word, word)) for word in words]
    initials = "".join(words)

    def matches(name: str) -> bool:
        if len(initials) > 1 and "".join(word[0] for word in name.split()).startswith(initials):
            return True
        return all(any(form in name for form in both) for both in forms)

    return matches
