"""A row of the trail in words, as far as who reads it may know: old → new values, and nothing of documents hidden from him."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import CATALOGUE, CAUTIONS, caution_message
from corpus.field_labels import LABELS
from corpus.numbering.number import match_key
from corpus.queries import documents
from web.present.catalogue import DETAILS, ROLE_NAMES, STATUSES
from web.present.fields import day

LIMITED = "văn bản giới hạn người xem"
"""What is told instead of what concerns a document that the reader may not know of."""
_UNTOLD = frozenset({"state_before", "salt", "sha256", "fingerprint", "record", "met", "wide"})
_TARGETS = frozenset({"was", "target"})
_STATES = {**STATUSES, **ROLE_NAMES, "missing": "không còn", "changed": "đã bị đổi"}
_STATED = frozenset({"status", "was", "state", "role"})
_LONG = 80
_NAMED = re.compile(r" ?«?\{\w+\}»?| ?\([^)]*\{\w+\}[^)]*\)")

Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mask:
    """What one reader of the trail may not know: documents, and the keys of the numbers that they bear."""

    hidden: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()

    def detail(self, row: AuditRow) -> Detail | None:
        """The detail of a row without what is hidden; None when the whole of it is."""
        held: Detail = row.detail if isinstance(row.detail, dict) else {}
        if not self.hidden:
            return held
        if row.document_id in self.hidden or self.hidden.intersection(_numbers(held.get("met"))):
            return None
        if self._names_hidden(held.get("ref")):
            return None
        kept = {name: value for name, value in held.items() if name != "total" or not held.get("wide")}
        if row.action == "settle_citation":
            kept |= {name: LIMITED for name in _TARGETS if kept.get(name) in self.hidden}
        return kept

    def _names_hidden(self, ref: object) -> bool:
        if not isinstance(ref, str):
            return False
        return match_key(ref) in self.keys or (ref.isascii() and ref.isdigit() and int(ref[:18]) in self.hidden)


def mask_of(store: Store, hidden: frozenset[int]) -> Mask:
    """The mask of a reader from whom these documents are hidden."""
    return Mask(hidden, documents.number_keys(store, hidden))


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def told(row: AuditRow, mask: Mask = Mask(), cut: Callable[[str], str] = _short) -> list[tuple[str, str]]:
    """The detail of a row in words: what each part is called and its value, cut where it is long; changes as old → new."""
    detail = mask.detail(row)
    if detail is None:
        return [("", LIMITED)]
    before, after = detail.get("before"), detail.get("after")
    parts = _changes(before, after, cut)
    rest = {name: value for name, value in detail.items() if name not in _UNTOLD | {"before", "after"}}
    return parts + [(DETAILS.get(name, name), cut(_words(name, value))) for name, value in rest.items()]


def for_programs(row: AuditRow, mask: Mask) -> Detail:
    """The detail of a row for the API; empty where it is hidden."""
    detail = mask.detail(row)
    if detail is None:
        return {}
    return {
        name: None if value == LIMITED else value for name, value in detail.items() if name not in ("met", "wide")
    }


def value_of(field: object) -> str:
    """A field's value, or those of a list of fields, as a page shows it."""
    items = field if isinstance(field, list) else [field] if field else []
    return "; ".join(
        str(item["value"]) if isinstance(item, dict) and "value" in item else str(item) for item in items
    )


def _changes(before: object, after: object, cut: Callable[[str], str]) -> list[tuple[str, str]]:
    """Old → new, a part for each field; of groups (lists) one part."""
    if isinstance(after, list):
        return [(DETAILS["group"], f"{cut(value_of(before)) or '–'} → {cut(value_of(after)) or '–'}")]
    if not isinstance(after, dict):
        return []
    old = before if isinstance(before, dict) else {}
    pairs = ((name, _shown(name, old.get(name)), _shown(name, new)) for name, new in after.items())
    return [
        (LABELS.get(str(name), str(name)), f"{cut(was) or '–'} → {cut(now) or '–'}")
        for name, was, now in pairs
        if was != now
    ]


def _shown(name: str, field: object) -> str:
    return day(value_of(field)) if name == "date" else value_of(field)


def _words(name: str, value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(LABELS.get(str(key), str(key)) for key in value)
    return ", ".join(_word(name, one) for one in (value if isinstance(value, list) else [value]))


def _word(name: str, one: object) -> str:
    if one is True:
        return "✓"
    if one is None or one is False:
        return "–"
    if name == "code":
        return _of_catalogue(str(one))
    if name == "passed" and one in CAUTIONS:
        return caution_message(str(one), page="?").rstrip(".")
    return _STATES.get(str(one), str(one)) if name in _STATED else str(one)


def _of_catalogue(code: str) -> str:
    """The first sentence of a failure without its facts: `Tệp có mật khẩu` for `encrypted`."""
    fault = CATALOGUE.get(code)
    return _NAMED.sub("", fault.vi).split(". ")[0].split(": ")[0].rstrip(".") if fault else code


def _numbers(value: object) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
