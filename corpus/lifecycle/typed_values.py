"""Values typed by a person, cleaned and made canonical, or refused if no record can hold them."""

from __future__ import annotations

import unicodedata

from corpus.authority.doc_types import doc_type_named, doc_types
from corpus.document import Field, Fields
from corpus.errors import Problem
from corpus.json_shapes import Json, field_to_json, fields_from_json
from corpus.lifecycle.flat_fields import DAYS, EDITABLE, MANY, flat, with_flat
from corpus.numbering import number
from corpus.numbering.dates import day_of
from corpus.record_fields import BY_NAME, Choice
from corpus.record_fields import EDITABLE as EDITABLE_FIELDS
from corpus.typed_text import clean_text
from corpus.vietnamese.fold import fold

_MOST = 500
_LONGEST = {field.name: field.longest for field in EDITABLE_FIELDS if field.longest and not field.is_day}
"""Most characters of a field; for the others the limit of any text holds. A day is typed in many ways."""
_EARLIEST = 1900
"""First year of a date that a person may type; older ones are slips of the keyboard."""


def applied(stored: Json | None, values: dict[str, object], *, looked_at: bool) -> tuple[Fields, Fields]:
    """Return the fields before and after; a changed field keeps its evidence and gets the rule `person`.

    looked_at: the person saw all fields, so that unchanged ones lose their review flag. Raises
    Problem("bad_request") for an unknown field, ("bad_value") for a value that no record can hold.
    """
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
            edited[name] = _with_value(
                name, current[name], values[name] if name in values else _same(current[name])
            )
    after = with_flat(before, edited)
    _in_order(after, values)
    return before, after


def _in_order(fields: Fields, values: dict[str, object]) -> None:
    """Raise Problem("bad_value") if a person's last day in force lies before the first."""
    since, until = fields.effective.since, fields.effective.until
    typed = values.get("effective_from") or values.get("effective_until")
    if typed and since is not None and until is not None and until.value < since.value:
        raise Problem("bad_value", field="effective_until", value=until.value, why="trước ngày có hiệu lực")


def looked_at_values(values: Json) -> Json:
    """The same values without review flags: a record has none."""
    done: Json = {name: {**value, "review": False} for name, value in values.items() if isinstance(value, dict)}
    lists = {name: [{**item, "review": False} for item in value] for name, value in values.items() if name in MANY}
    return {**values, **done, **lists}


def _same(current: Json | None) -> object:
    return current["value"] if current else ""


def _with_value(name: str, current: Json | None, value: object) -> Json | None:
    text = cleaned(name, value)
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
    edited = (_with_value(name, known.get(clean_text(name, value)), value) for value in values)
    return [item for item in edited if item is not None]


def cleaned(name: str, value: object) -> str:
    """Clean a person's value; raises Problem("bad_value") for one that no record can hold."""
    if isinstance(value, str) and any(unicodedata.category(one) == "Cc" and not one.isspace() for one in value):
        raise Problem("bad_value", field=name, value=clean_text(name, value)[:50], why="có ký tự điều khiển")
    text = "" if value is None else clean_text(name, value)
    if len(text) > _LONGEST.get(name, len(text)):
        raise Problem("bad_value", field=name, value=f"{text[:50]}…", why=f"dài quá {_LONGEST[name]} ký tự")
    if name in DAYS and text:
        return _checked_day(name, text)
    if text and (choices := BY_NAME[name].choices):
        return _chosen(name, text, choices)
    if name == "number" and text:
        text = unicodedata.normalize("NFKC", text)
        parsed = number.parse(text)
        return parsed.canonical if parsed else text
    if name == "doc_type" and text not in doc_types():
        return doc_type_named(text) or text
    return text


def _chosen(name: str, text: str, choices: tuple[Choice, ...]) -> str:
    """The code of one of a field's few values, given by code or by name."""
    said = fold(text)
    for one in choices:
        if said in (one.code, fold(one.name), fold(one.english)):
            return one.code
    names = ", ".join(one.name for one in choices)
    raise Problem("bad_value", field=name, value=text[:50], why=f"chỉ có: {names}")


def _checked_day(name: str, text: str) -> str:
    day = day_of(unicodedata.normalize("NFKC", text))
    if day is None or day.year < _EARLIEST:
        raise Problem(
            "bad_value",
            field=name,
            value=text[:50],
            why=f"cần một ngày có thật từ năm {_EARLIEST}, viết ngày/tháng/năm (27/04/2022)",
        )
    return day.isoformat()
