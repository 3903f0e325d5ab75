"""Tags and the office's own fields for pages and API: lists, tags put on and off, values and their undoing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from corpus import records
from corpus.errors import Problem
from corpus.queries import cataloguing
from search.engines.fields import PREFIXES
from web import access

MOST = 1000
"""Documents tagged at once."""


def put_tags(ids: Iterable[int], put: Sequence[str], take: Sequence[str]) -> int:
    """Put tags on documents that the present user sees and take others off; return the number changed.

    Raises Problem("not_found") for a document that is not seen, and as its record does.
    """
    chosen = list(dict.fromkeys(ids))[: MOST + 1]
    shown = [access.document(one).id for one in chosen]
    return records.set_tags(access.store(), shown, put, take, access.user().name)


def retag(document_id: int, wanted: Collection[str], known: Collection[str]) -> None:
    """Give a document the wanted ones among the tags that its form showed; others on it stay."""
    held = {one.name for one in cataloguing.tags_of(access.store(), [document_id]).get(document_id, ())}
    put = [name for name in wanted if name in known and name not in held]
    take = [name for name in known if name not in wanted and name in held]
    if put or take:
        put_tags([document_id], put, take)


def alter_tag(tag_id: int, act: str, name: str, colour: str) -> int:
    """Change a tag or remove it: the number of documents that lose it, else 0.

    Raises Problem("bad_request") for another act than `change` and `remove`, and as its record does.
    """
    store, actor = access.store(), access.user().name
    if act == "change":
        records.change_tag(store, tag_id, name, colour, actor)
        return 0
    if act == "remove":
        return records.remove_tag(store, tag_id, actor)
    raise Problem("bad_request", why=act[:50])


def tag(tag_id: int) -> cataloguing.TagShown:
    """A tag of the list with the number of documents that the present user sees; raises Problem("not_found")."""
    found = next((one for one in cataloguing.all_tags(access.store(), access.seen()) if one.id == tag_id), None)
    if found is None:
        raise Problem("not_found", what=tag_id)
    return found


def add_field(slug: str, label: str, kind: str, choices: Sequence[str]) -> int:
    """Add a field; return its ID. Raises Problem("bad_value"), also for the name of a prefix of the search box."""
    if slug.strip().lower() in PREFIXES:
        raise Problem("bad_value", field="slug", value=slug[:50], why="ô tìm đã dùng tên này")
    return records.add_own_field(access.store(), slug, label, kind, choices, access.user().name)


def alter_field(field_id: int, act: str, label: str, choices: Sequence[str]) -> None:
    """Change a field, take it out of use (`end`), or into use again (`resume`).

    Raises Problem("bad_request") for another act, and as its record does.
    """
    store, actor = access.store(), access.user().name
    if act == "change":
        records.change_own_field(store, field_id, label, choices, actor)
    elif act in ("end", "resume"):
        records.use_own_field(store, field_id, act == "resume", actor)
    else:
        raise Problem("bad_request", why=act[:50])


def set_values(document_id: int, values: Mapping[str, str], revision: int | None) -> bool:
    """Set values of a document that the present user sees; False if nothing changes."""
    found = access.document(document_id)
    return records.set_own_values(access.store(), found.id, values, access.user().name, revision)


def undo_values(document_id: int, row: int, revision: int | None) -> None:
    """Undo one change of values of a document that the present user sees."""
    found = access.document(document_id)
    records.undo_own_values(access.store(), found.id, row, access.user().name, revision)
