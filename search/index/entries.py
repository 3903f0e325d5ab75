"""From the store to index entries: the record, its pages and its citations as tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from corpus.cataloguing import own_values
from corpus.citations.effect import EffectDays, days_of
from corpus.database.account_tables import Limit
from corpus.database.cataloguing_tables import DocumentTag, OwnField, OwnValue, Tag
from corpus.database.file_tables import CaseFile, CaseFilePaper
from corpus.database.models import CitationRow, Document, PageText, Recipient
from corpus.files import codes
from corpus.numbering import number as numbers
from corpus.numbering.dates import day_of
from corpus.queue import compounds
from corpus.record_fields import DIRECTIONS
from search.engines.base import EVERYONE, POSSIBLE, SIGNED, YEAR, IndexEntry
from search.engines.fields import FILED, LAST_DAY, TAGGED
from search.index.visibility import token
from search.tokens import dates, number_candidates, syllables, unglued

INDEXED = ("review", "accepted")
"""States in which a document can be found."""
_UNKNOWN = EffectDays()


_UNLIMITED = func.coalesce(Document.limited, true()).is_(False)
"""Documents for everyone; not by the index of `limited`, which has nearly all of a store."""


def entries(session: Session, ids: Sequence[int]) -> Iterator[IndexEntry]:
    """The entries of these documents; those that may not be found are left out."""
    texts = _values_by_document(
        session, select(PageText.document_id, PageText.text), PageText.document_id, PageText.number, ids
    )
    recipients = _values_by_document(
        session, select(Recipient.document_id, Recipient.value), Recipient.document_id, Recipient.position, ids
    )
    cited = _values_by_document(
        session,
        select(CitationRow.document_id, CitationRow.number).where(CitationRow.status != "removed"),
        CitationRow.document_id,
        CitationRow.position,
        ids,
    )
    limits = _limits(session, ids)
    words = compounds.words(session, ids)
    filed = _files(session, ids)
    tagged, own = _tags(session, ids), _own(session, ids)
    # With a condition on states SQLite would go through all documents in these states for each batch.
    chosen = session.scalars(select(Document).where(Document.id.in_(ids)))
    shown = [each for each in chosen if each.status in INDEXED]
    # A document that only some may see ends nothing here: the index shows everyone the same state.
    days = days_of(session, shown, _UNLIMITED)
    for document in shown:
        groups = limits.get(document.id, ()) if document.limited else (EVERYONE,)
        yield entry(
            document,
            texts.get(document.id, []),
            recipients.get(document.id, []),
            cited.get(document.id, []),
            groups,
            words.get(document.id, ()),
            days[document.id],
            filed.get(document.id, ()),
            tagged.get(document.id, ()),
            own.get(document.id, ()),
        )


def entry(
    document: Document,
    pages: list[str],
    recipients: list[str],
    cited: list[str],
    groups: tuple[str, ...] = (EVERYONE,),
    words: tuple[str, ...] = (),
    days: EffectDays = _UNKNOWN,
    filed: tuple[str, ...] = (),
    tagged: tuple[tuple[str, str], ...] = (),
    valued: tuple[str, ...] = (),
) -> IndexEntry:
    """One document as an index takes it. tagged: key and name of tags; valued: tokens of the office's fields."""
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
    return IndexEntry(
        id=document.id,
        revision=document.revision,
        body=tuple(part for part in parts if part),
        subject=subject,
        issuer=issuer,
        recipient=syllables(" ".join(recipients)),
        signer=syllables(document.signer or ""),
        type=syllables(document.doc_type or ""),
        number=number_parts(document.number or ""),
        keys=(
            *((own,) if own else ()),
            *signature_keys(document.signatures),
            *((f"{YEAR}{day[:4]}",) if day else ()),
        ),
        mentions=_mentions(text, day),
        maybe=_possible(document),
        cites=tuple(dict.fromkeys(key for number in cited if (key := match_key(number)) is not None)),
        date=day,
        doc_type=document.doc_type,
        issuer_name=document.issuer,
        recipients=tuple(recipients),
        groups=groups,
        compounds=words,
        direction=direction_words(document.fields),
        file=filed,
        tags=(*(key for key, _ in tagged), TAGGED) if tagged else (),
        tag_names=tuple(name for _, name in tagged),
        own=valued,
        **_effect(days),
    )


def direction_words(record: dict[str, Any] | None) -> str:
    """The direction on record as words to search for: name and code, folded; empty for none."""
    code = ((record or {}).get("direction") or {}).get("value")
    named = next((one for one in DIRECTIONS if one.code == code), None)
    return f"{syllables(named.name).bare} {named.code}" if named is not None else ""


def _files(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Keys of the files that documents are in, by document."""
    rows = (
        select(CaseFilePaper.document_id, CaseFile.year, CaseFile.code_key)
        .join(CaseFile, CaseFile.id == CaseFilePaper.file_id)
        .where(CaseFilePaper.document_id.in_(ids))
    )
    return {row[0]: (*codes.search_keys(row[1], row[2]), FILED) for row in session.execute(rows)}


def _tags(session: Session, ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Key and name of the tags of documents, by document."""
    rows = select(DocumentTag.document_id, Tag.key, Tag.name).join(Tag, Tag.id == DocumentTag.tag_id)
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for document_id, key, name in session.execute(rows.where(DocumentTag.document_id.in_(ids)).order_by(Tag.key)):
        found[document_id] = (*found.get(document_id, ()), (key, name))
    return found


def _own(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Tokens of the values of the office's own fields in use, by document."""
    rows = (
        select(OwnValue.document_id, OwnField.slug, OwnField.kind, OwnValue.value)
        .join(OwnField, OwnField.id == OwnValue.field_id)
        .where(OwnValue.document_id.in_(ids), OwnField.ended_at.is_(None))
    )
    found: dict[int, tuple[str, ...]] = {}
    for document_id, slug, kind, value in session.execute(rows.order_by(OwnField.id)):
        found[document_id] = (*found.get(document_id, ()), *own_values.tokens(slug, kind, value))
    return found


def _effect(days: EffectDays) -> dict[str, Any]:
    """Days of effect of an entry, so that a state on any day is a few ranges (query.planning);
    empty if nothing is known.
    """
    since, over, partly = (
        day if day is not None and day_of(day) else None for day in (days.since, days.over, days.partly)
    )
    if since is over is partly is None:
        return {}
    # A document that is ended in part before its first day in force is `coming` until that day.
    parted = max(partly, since or partly) if partly is not None else LAST_DAY
    return {"since": since, "over": over or LAST_DAY, "partly": parted, "enders": tuple(map(str, days.enders))}


def signature_keys(signatures: list[Any] | None) -> tuple[str, ...]:
    """Tokens among the keys of a document for the states of its signatures;
    empty for a document without a signature.

    No number's key has a colon, so the two never collide.
    """
    states = dict.fromkeys(one["state"] for one in signatures or ())
    return tuple(f"{SIGNED}{state}" for state in ("yes", *states)) if states else ()


@lru_cache(maxsize=50_000)
def match_key(number: str) -> str | None:
    """The key that all spellings of a number share; None if the text is no number."""
    return numbers.match_key(number)


def number_parts(number: str) -> tuple[str, ...]:
    """`31/KH-STTTT` → `31 kh stttt`, folded; `QH15` whole and in its parts."""
    tokens = syllables(number).folded
    return tuple(dict.fromkeys(part for token in tokens for part in (token, *unglued(token))))


def _mentions(text: str, date: str | None) -> tuple[str, ...]:
    keys = [key for candidate in number_candidates(text) if (key := match_key(candidate)) is not None]
    return tuple(dict.fromkeys([*keys, *dates(text), *([date] if date else [])]))


def _possible(document: Document) -> tuple[str, ...]:
    """Tokens of what the machine thought possible for number and date, until a person has looked at them."""
    if document.status != "review" or not document.fields:
        return ()
    found: dict[str, None] = {}
    for candidate in _candidates(document.fields.get("number")):
        if (key := match_key(candidate)) is not None:
            found[key] = None
        found.update(dict.fromkeys(f"{POSSIBLE}{part}" for part in number_parts(candidate) if part.isdigit()))
    for candidate in _candidates(document.fields.get("date")):
        if day_of(candidate):
            found[candidate] = None
    return tuple(found)


def _candidates(field: Any) -> list[str]:
    """The other values that a field may have, as far as they are text."""
    held = field.get("candidates", ()) if isinstance(field, dict) else ()
    return [one["value"] for one in held if isinstance(one, dict) and isinstance(one.get("value"), str)]


def _limits(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Tokens of the groups that documents are limited to, by document."""
    found: dict[int, tuple[str, ...]] = {}
    rows = select(Limit.document_id, Limit.group_id).where(Limit.document_id.in_(ids))
    for document_id, group_id in session.execute(rows.order_by(Limit.document_id, Limit.group_id)):
        found[document_id] = (*found.get(document_id, ()), token(group_id))
    return found


def _values_by_document(session: Session, query, owner, order, ids: Sequence[int]) -> dict[int, list[str]]:  # type: ignore[no-untyped-def]
    found: dict[int, list[str]] = {}
    for document_id, value in session.execute(query.where(owner.in_(ids)).order_by(owner, order)):
        if value:
            found.setdefault(document_id, []).append(value)
    return found
