"""A person's values made fit for a record: cleaned, in canonical form, refused where no record can hold them."""

from __future__ import annotations

import unicodedata

from corpus.authority.doc_types import doc_type_named, doc_types
from corpus.document import Field, Fields
from corpus.errors import Problem
from corpus.json_shapes import Json, field_to_json, fields_from_json
from corpus.lifecycle.flat_fields import EDITABLE, MANY, SIGNER, flat, with_flat
from corpus.numbering import number
from corpus.numbering.dates import day_of
from corpus.typed_text import clean_text

_MOST = 500
_LONGEST = {"number": 100, "doc_type": 100, "place": 200, "urgency": 50, **dict.fromkeys(SIGNER, 200)}
"""Characters that a record can hold of a field; of the others as many as any text may have."""
_EARLIEST = 1900


def applied(stored: Json | None, values: dict[str, object], *, looked_at: bool) -> tuple[Fields, Fields]:
    """The fields before and after; a changed field keeps its evidence and gets the rule `person`."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Problem("bad_request", why=f"không có trường «{min(unknown)[:50]}»")
    before = fields_from_json(stored or {})
    current = flat(before)
    names = EDITABLE if looked_at else tuple(values)
    edited: Json = {}
    for name in names:
        if name in MANY:
            edited[name] = _edited_list(name, current[name], values.get(name))
        else:
            edited[name] = _edited(name, current[name], values[name] if name in values else _same(current[name]))
    return before, with_flat(before, edited)


def looked_at_values(values: Json) -> Json:
    """The same values without open questions: on a record there are none."""
    done: Json = {name: {**value, "review": False} for name, value in values.items() if isinstance(value, dict)}
    lists = {name: [{**item, "review": False} for item in value] for name, value in values.items() if name in MANY}
    return {**values, **done, **lists}


def _same(current: Json | None) -> object:
    return current["value"] if current else ""


def _edited(name: str, current: Json | None, value: object) -> Json | None:
    text = _checked(name, value)
    if not text:
        return None
    if current is None:
        return field_to_json(Field(text, "", 1.0, rule="person"))
    if current["value"] == text:
        return {**current, "review": False}
    return {**current, "value": text, "review": False, "confidence": 1.0, "rule": "person"}


def _edited_list(name: str, current: list[Json], values: object) -> list[Json]:
    """Items keep their evidence as long as their text is the same."""
    if values is None:
        return [{**item, "review": False} for item in current]
    if not isinstance(values, list | tuple) or len(values) > _MOST:
        raise Problem("bad_value", field=name, value=str(values)[:50], why="cần là danh sách")
    known = {item["value"]: item for item in current}
    edited = (_edited(name, known.get(clean_text(name, value)), value) for value in values)
    return [item for item in edited if item is not None]


def _checked(name: str, value: object) -> str:
    """A person's value fit to be kept; raises Problem("bad_value") for what no record can hold."""
    if isinstance(value, str) and any(unicodedata.category(one) == "Cc" and not one.isspace() for one in value):
        raise Problem("bad_value", field=name, value=clean_text(name, value)[:50], why="có ký tự điều khiển")
    text = "" if value is None else clean_text(name, value)
    if len(text) > _LONGEST.get(name, len(text)):
        raise Problem("bad_value", field=name, value=f"{text[:50]}…", why=f"dài quá {_LONGEST[name]} ký tự")
    if name == "date" and text:
        return _checked_day(text)
    if name == "number" and text:
        text = unicodedata.normalize("NFKC", text)
        parsed = number.parse(text)
        return parsed.canonical if parsed else text
    if name == "doc_type" and text not in doc_types():
        return doc_type_named(text) or text
    return text


def _checked_day(text: str) -> str:
    day = day_of(unicodedata.normalize("NFKC", text))
    if day is None or day.year < _EARLIEST:
        raise Problem(
            "bad_value",
            field="date",
            value=text[:50],
            why=f"cần một ngày có thật từ năm {_EARLIEST}, viết ngày/tháng/năm (27/04/2022)",
        )
    return day.isoformat()
