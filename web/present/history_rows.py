"""Changes to one document as a table: person, field, old and new value, time; changes of its limit as well."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.database.read_only import StoredDeed
from corpus.database.store import Store
from corpus.field_labels import LABELS
from corpus.queries import audit_log
from web.present.audit_words import value_of
from web.present.catalogue import ACTIONS, DETAILS
from web.present.fields import said, to_the_second

COLUMNS = ("Dòng", "Lúc", "Ai", "Việc", "Trường", "Trước", "Sau", "Mã băm")

Row = tuple[object, ...]


def listed(store: Store, document_id: int) -> list[Row]:
    """Every change in the order of COLUMNS, newest first, one row a field."""
    return [
        (row.id, to_the_second(row.at), row.actor, ACTIONS.get(row.action, row.action), *change, row.hash)
        for row in audit_log.of_document(store, document_id)
        for change in _changes(row)
    ]


def _changes(row: StoredDeed) -> Iterator[tuple[str, str, str]]:
    before, after = row.detail.get("before"), row.detail.get("after")
    if isinstance(after, list):
        yield DETAILS["group"], value_of(before), value_of(after)
    elif isinstance(after, dict):
        old = before if isinstance(before, dict) else {}
        for name, new in after.items():
            was, now = (said(str(name), value_of(one)) for one in (old.get(name), new))
            if was != now:
                yield LABELS.get(str(name), str(name)), was, now
