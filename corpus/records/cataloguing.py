"""Tags and fields of the office's own: each change is one transaction; a document's tags leave a row each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from corpus.cataloguing import own_fields, tags
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.records.transaction import editing, locked_document, transaction

_MOST_TAGGED = 1000
"""Documents tagged in one transaction."""


def add_tag(store: Store, name: str, colour: str, actor: str) -> int:
    """Add a tag to the office's list; return its ID. Raises Problem("bad_value")."""
    with transaction(store) as session:
        return tags.add(session, name, colour, actor).id


def change_tag(store: Store, tag_id: int, name: str, colour: str, actor: str) -> None:
    """Give a tag another name or colour; raises Problem("not_found"), ("bad_value")."""
    with transaction(store) as session:
        tags.change(session, tags.tag(session, tag_id), name, colour, actor)


def remove_tag(store: Store, tag_id: int, actor: str) -> int:
    """Remove a tag from the list and from its documents; return their number. Raises Problem("not_found")."""
    with transaction(store) as session:
        return tags.remove(session, tags.tag(session, tag_id), actor)


def set_tags(store: Store, ids: Collection[int], put: Sequence[str], take: Sequence[str], actor: str) -> int:
    """Put tags, by name, on documents and take others off, all or none; return the number of documents changed.

    Raises Problem("not_found"), ("wrong_state"), ("bad_value").
    """
    if len(ids) > _MOST_TAGGED:
        why = f"mỗi lần tối đa {_MOST_TAGGED} văn bản"
        raise Problem("bad_value", field="tag", value=str(len(ids)), why=why)
    with transaction(store) as session:
        on, off = ([tags.named(session, name) for name in names] for names in (put, take))
        count = 0
        for one in dict.fromkeys(ids):
            document = locked_document(session, one)
            done = [tags.take(session, row, document, actor) for row in off]
            done += [tags.put(session, row, document, actor) for row in on]
            count += any(done)
        return count


def add_own_field(store: Store, slug: str, label: str, kind: str, choices: Sequence[str], actor: str) -> int:
    """Add a field of the office's own; return its ID. Raises Problem("bad_value")."""
    with transaction(store) as session:
        return own_fields.add(session, slug, label, kind, choices, actor).id


def change_own_field(store: Store, field_id: int, label: str, choices: Sequence[str], actor: str) -> None:
    """Give a field another label or other choices; raises Problem("not_found"), ("bad_value")."""
    with transaction(store) as session:
        own_fields.change(session, own_fields.field(session, field_id), label, choices, actor)


def use_own_field(store: Store, field_id: int, used: bool, actor: str) -> None:
    """Take a field out of use, or into use again; raises Problem("not_found")."""
    with transaction(store) as session:
        own_fields.set_use(session, own_fields.field(session, field_id), used, actor)


def set_own_values(
    store: Store, document_id: int, values: Mapping[str, str], actor: str, revision: int | None = None
) -> bool:
    """Set values of the office's own fields by slug; False if nothing changes.

    Raises Problem("stale"), ("not_found"), ("wrong_state"), ("bad_value").
    """
    with editing(store, document_id, revision) as (session, document):
        return own_fields.put(session, document, values, actor)


def undo_own_values(
    store: Store, document_id: int, audit_row: int, actor: str, revision: int | None = None
) -> None:
    """Undo one change of such values; raises Problem("stale"), ("not_found"), ("wrong_state")."""
    with editing(store, document_id, revision) as (session, document):
        own_fields.undo(session, document, audit_row, actor)
