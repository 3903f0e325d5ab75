"""From the store to index entries: the record, its pages and its citations as tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import CitationRow, Document, Limit, PageText, Recipient
from corpus.numbering import number as numbers
from corpus.numbering.dates import day_of
from corpus.queue import compounds
from search.engines.base import EVERYONE, SIGNED, Entry
from search.index.visibility import token
from search.tokens import dates, number_candidates, syllables, unglued

INDEXED = ("review", "accepted")
"""The states in which a document can be found."""


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    """The entries of these documents; those that are not to be found are left out."""
    texts = _grouped(
        session, select(PageText.document_id, PageText.text), PageText.document_id, PageText.number, ids
    )
    recipients = _grouped(
        session, select(Recipient.document_id, Recipient.value), Recipient.document_id, Recipient.position, ids
    )
    cited = _grouped(
        session,
        select(CitationRow.document_id, CitationRow.number),
        CitationRow.document_id,
        CitationRow.position,
        ids,
    )
    limits = _limits(session, ids)
    words = compounds.words(session, ids)
    # Asked for their states too, SQLite would go through all documents in these states for each handful.
    chosen = session.scalars(select(Document).where(Document.id.in_(ids)))
    for document in (each for each in chosen if each.status in INDEXED):
        groups = limits.get(document.id, ()) if document.limited else (EVERYONE,)
        yield entry(
            document,
            texts.get(document.id, []),
            recipients.get(document.id, []),
            cited.get(document.id, []),
            groups,
            words.get(document.id, ()),
        )


def entry(
    document: Document,
    pages: list[str],
    recipients: list[str],
    cited: list[str],
    groups: tuple[str, ...] = (EVERYONE,),
    words: tuple[str, ...] = (),
) -> Entry:
    """One document as an index takes it."""
    record = (
        document.number,
        document.issuer,
        document.subject,
        document.signer,
        document.doc_type,
        document.name,
    )
    subject, issuer = syllables(document.subject or ""), syllables(document.issuer or "")
    parts = [syllables(text) for text in (*record, *recipients, *pages) if text]
    text = "\n".join(pages)
    own = match_key(document.number) if document.number else None
    day = document.date if day_of(document.date) else None
    return Entry(
        id=document.id,
        revision=document.revision,
        body=tuple(part for part in parts if part),
        subject=subject,
        issuer=issuer,
        recipient=syllables(" ".join(recipients)),
        signer=syllables(document.signer or ""),
        type=syllables(document.doc_type or ""),
        number=number_parts(document.number or ""),
        keys=(*((own,) if own else ()), *signature_keys(document.signatures)),
        mentions=_mentions(text, day),
        cites=tuple(dict.fromkeys(key for number in cited if (key := match_key(number)) is not None)),
        date=day,
        doc_type=document.doc_type,
        issuer_name=document.issuer,
        recipients=tuple(recipients),
        groups=groups,
        compounds=words,
    )


def signature_keys(signatures: list[Any] | None) -> tuple[str, ...]:
    """Tokens among the keys of a document for the states of its signatures; none for a document without a signature.

    No number's key has a colon, so the two never meet.
    """
    states = dict.fromkeys(one["state"] for one in signatures or ())
    return tuple(f"{SIGNED}{state}" for state in ("yes", *states)) if states else ()


@lru_cache(maxsize=50_000)
def match_key(number: str) -> str | None:
    """The key that all spellings of a number share."""
    return numbers.match_key(number)


def number_parts(number: str) -> tuple[str, ...]:
    """`31/KH-STTTT` → `31 kh stttt`, folded; `QH15` by itself and taken apart."""
    tokens = syllables(number).folded
    return tuple(dict.fromkeys(part for token in tokens for part in (token, *unglued(token))))


def _mentions(text: str, date: str | None) -> tuple[str, ...]:
    keys = [key for candidate in number_candidates(text) if (key := match_key(candidate)) is not None]
    return tuple(dict.fromkeys([*keys, *dates(text), *([date] if date else [])]))


def _limits(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The tokens of the groups that documents are limited to."""
    found: dict[int, tuple[str, ...]] = {}
    rows = select(Limit.document_id, Limit.group_id).where(Limit.document_id.in_(ids))
    for document_id, group_id in session.execute(rows.order_by(Limit.document_id, Limit.group_id)):
        found[document_id] = (*found.get(document_id, ()), token(group_id))
    return found


def _grouped(session: Session, query, owner, order, ids: Sequence[int]) -> dict[int, list[str]]:  # type: ignore[no-untyped-def]
    found: dict[int, list[str]] = {}
    for document_id, value in session.execute(query.where(owner.in_(ids)).order_by(owner, order)):
        if value:
            found.setdefault(document_id, []).append(value)
    return found
