"""Rows of the trail in words, as far as the reader may know: old → new values, nothing of hidden documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpus.database.read_only import StoredDeed
from corpus.database.store import Store
from corpus.errors import CATALOGUE, CAUTIONS, FIELD_LABELS, Language, caution_message
from corpus.field_labels import LABELS
from corpus.numbering.number import match_key
from corpus.queries import documents
from web.present.catalogue import DETAILS, ROLE_NAMES, STATUSES, translator
from web.present.desk_words import RULE_NAMES
from web.present.fields import said

LIMITED = "văn bản giới hạn người xem"
"""Text in place of details about a document that the reader may not know of."""
_UNTOLD = frozenset({"state_before", "salt", "sha256", "fingerprint", "record", "met", "wide", "papers"})
_TARGETS = frozenset({"was", "target"})
_OF_CITATIONS = frozenset(
    {"settle_citation", "add_citation", "confirm_citation", "remove_citation", "undo_citation"}
)
_STATES = {**STATUSES, **ROLE_NAMES, "missing": "không còn", "changed": "đã bị đổi", **RULE_NAMES} | {
    "recovery": "mã dự phòng",
    "code": "mã của ứng dụng",
}
_STATED = frozenset({"status", "was", "state", "role", "rule", "factor"})
_LONG = 80
"""Characters after which a value is cut in a list."""
_NAMED = re.compile(r" ?[«“]?\{\w+\}[»”]?| ?\([^)]*\{\w+\}[^)]*\)")

Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mask:
    """Hidden things for one reader of the trail: documents, and the keys of their numbers."""

    hidden: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()

    def detail(self, row: StoredDeed) -> Detail | None:
        """Detail of a row without hidden parts; None if all of it is hidden."""
        held: Detail = row.detail if isinstance(row.detail, dict) else {}
        if not self.hidden:
            return held
        if row.document_id in self.hidden or self.hidden.intersection(_numbers(held.get("met"))):
            return None
        if self._names_hidden(held.get("ref")):
            return None
        kept = {name: value for name, value in held.items() if name != "total" or not held.get("wide")}
        if row.action in _OF_CITATIONS:
            kept = {name: value for name, value in kept.items() if name != "state_before"}
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


def told(
    row: StoredDeed, mask: Mask = Mask(), cut: Callable[[str], str] = _short, language: Language = "vi"
) -> list[tuple[str, str]]:
    """Detail of a row in words: label and value of each part, long values cut; changes as old → new.

    Labels are keys of the catalogue; values are in the language.
    """
    detail = mask.detail(row)
    if detail is None:
        return [("", translator(language)(LIMITED))]
    before, after = detail.get("before"), detail.get("after")
    parts = _changes(before, after, cut)
    rest = {name: value for name, value in detail.items() if name not in _UNTOLD | {"before", "after"}}
    return parts + [(DETAILS.get(name, name), cut(_words(name, value, language))) for name, value in rest.items()]


def for_programs(row: StoredDeed, mask: Mask) -> Detail:
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
    """Changes as old → new, one part a field; groups (lists) give one part."""
    if isinstance(after, list):
        return [(DETAILS["group"], f"{cut(value_of(before)) or '–'} → {cut(value_of(after)) or '–'}")]
    if not isinstance(after, dict):
        return []
    old = before if isinstance(before, dict) else {}
    pairs = ((name, _shown_value(name, old.get(name)), _shown_value(name, new)) for name, new in after.items())
    return [
        (_label(str(name)), f"{cut(was) or '–'} → {cut(now) or '–'}") for name, was, now in pairs if was != now
    ]


def _label(name: str) -> str:
    """Label of a field of a record, or of a file."""
    return LABELS.get(name) or FIELD_LABELS.get(name, (name, name))[0]


def _shown_value(name: str, field: object) -> str:
    if name == "years":
        return "vĩnh viễn" if field is None else f"{field} năm"
    return said(name, value_of(field))


def _words(name: str, value: object, language: Language) -> str:
    if isinstance(value, dict):
        return ", ".join(translator(language)(LABELS.get(str(key), str(key))) for key in value)
    return ", ".join(_word(name, one, language) for one in (value if isinstance(value, list) else [value]))


def _word(name: str, one: object, language: Language) -> str:
    if one is True:
        return "✓"
    if one is None or one is False:
        return "–"
    if name == "code":
        return _of_catalogue(str(one), language)
    if name == "passed" and one in CAUTIONS:
        return caution_message(str(one), language, page="?").rstrip(".")
    return translator(language)(_STATES.get(str(one), str(one))) if name in _STATED else str(one)


def _of_catalogue(code: str, language: Language) -> str:
    """The first sentence of a failure without its facts: `Tệp có mật khẩu` for `encrypted`."""
    fault = CATALOGUE.get(code)
    if fault is None:
        return code
    sentence = fault.vi if language == "vi" else fault.en
    return _NAMED.sub("", sentence).split(". ")[0].split(": ")[0].rstrip(".")


def _numbers(value: object) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
