"""Tags and fields of the office's own, as people read them: lists, those of documents, changes of values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from corpus.cataloguing import own_fields, own_values
from corpus.database.cataloguing_tables import DocumentTag, OwnField, OwnValue, Tag
from corpus.database.models import Document
from corpus.database.store import Store

_AT_ONCE = 500
"""IDs of one query: within the limit of every database."""


@dataclass(frozen=True, slots=True)
class TagShown:
    """A tag; `count`: documents with it that the reader may see, where that is asked for."""

    id: int
    name: str
    key: str
    colour: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class OwnFieldShown:
    """A field of the office's own; `used`: False for one that is shown and set no more."""

    id: int
    slug: str
    label: str
    kind: str
    choices: tuple[str, ...]
    used: bool


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """A field with its value on a document, stored and for people."""

    field: OwnFieldShown
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One change of such values: label, old and new value of each field."""

    row: int
    at: datetime
    actor: str
    undoes: int | None
    lines: tuple[tuple[str, str, str], ...]
    can_undo: bool


def all_tags(store: Store, seen: ColumnElement[bool] | None = None) -> list[TagShown]:
    """The office's list, by name; with `seen` each with the number of documents that it lets through."""
    with store.db.reading() as session:
        rows = session.scalars(select(Tag).order_by(Tag.key)).all()
        counts: dict[int, int] = {}
        if seen is not None:
            counted = select(DocumentTag.tag_id, func.count()).join(
                Document, Document.id == DocumentTag.document_id
            )
            counted = counted.where(seen, Document.status.in_(("review", "accepted"))).group_by(DocumentTag.tag_id)
            counts = {row[0]: row[1] for row in session.execute(counted)}
        return [_tag(row, counts.get(row.id, 0)) for row in rows]


def tags_of(store: Store, ids: Collection[int]) -> dict[int, tuple[TagShown, ...]]:
    """The tags of documents that the reader has been shown, by document."""
    found: dict[int, tuple[TagShown, ...]] = {}
    with store.db.reading() as session:
        for some in _batches(ids):
            rows = select(DocumentTag.document_id, Tag).join(Tag, Tag.id == DocumentTag.tag_id)
            for document_id, row in session.execute(
                rows.where(DocumentTag.document_id.in_(some)).order_by(Tag.key)
            ):
                found[document_id] = (*found.get(document_id, ()), _tag(row))
    return found


def fields(store: Store, *, all_of_them: bool = False) -> list[OwnFieldShown]:
    """The fields in use; all_of_them: those out of use as well."""
    with store.db.reading() as session:
        rows = session.scalars(select(OwnField).order_by(OwnField.id)).all()
        return [_field(row) for row in rows if all_of_them or row.ended_at is None]


def entries(store: Store, document_id: int) -> list[OwnEntry]:
    """The fields in use with their values on a document; empty where it has none."""
    values = values_of(store, [document_id]).get(document_id, {})
    return [
        OwnEntry(one, values.get(one.slug, ""), own_values.shown(one.kind, values.get(one.slug, "")))
        for one in fields(store)
    ]


def values_of(store: Store, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Slug → stored value of the fields in use, by document."""
    found: dict[int, dict[str, str]] = {}
    with store.db.reading() as session:
        for some in _batches(ids):
            rows = (
                select(OwnValue.document_id, OwnField.slug, OwnValue.value)
                .join(OwnField, OwnField.id == OwnValue.field_id)
                .where(OwnValue.document_id.in_(some), OwnField.ended_at.is_(None))
            )
            for document_id, slug, value in session.execute(rows):
                found.setdefault(document_id, {})[slug] = value
    return found


def changes(store: Store, document_id: int) -> list[OwnChange]:
    """Changes of such values of a document, newest first."""
    with store.db.reading() as session:
        known = {row.slug: row for row in session.scalars(select(OwnField))}

        def label(slug: str) -> str:
            return known[slug].label if slug in known else slug

        def said(slug: str, value: str) -> str:
            return own_values.shown(known[slug].kind, value) if slug in known else value

        found = [
            OwnChange(
                row.id,
                row.at,
                row.actor,
                row.detail.get("undone"),
                tuple(
                    (label(slug), said(slug, row.detail["before"][slug]), said(slug, new))
                    for slug, new in row.detail["after"].items()
                ),
                own_fields.can_undo(session, document_id, row),
            )
            for row in own_fields.changes(session, document_id)
        ]
    return found[::-1]


def exported(store: Store, ids: Sequence[int]) -> tuple[tuple[str, ...], dict[int, tuple[str, ...]]]:
    """Columns that lists of documents have besides: tags and fields in use; heads, and cells by document.

    A day and a number are as they are stored, so that a spreadsheet sorts them.
    """
    used, tagged, values = fields(store), tags_of(store, ids), values_of(store, ids)
    cells = {
        one: (
            "; ".join(tag.name for tag in tagged.get(one, ())),
            *(values.get(one, {}).get(field.slug, "") for field in used),
        )
        for one in ids
    }
    return ("tags", *(field.slug for field in used)), cells


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    for at in range(0, len(every), _AT_ONCE):
        yield every[at : at + _AT_ONCE]


def _tag(row: Tag, count: int = 0) -> TagShown:
    return TagShown(row.id, row.name, row.key, row.colour, count)


def _field(row: OwnField) -> OwnFieldShown:
    return OwnFieldShown(row.id, row.slug, row.label, row.kind, tuple(row.choices), row.ended_at is None)
