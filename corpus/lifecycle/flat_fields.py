"""The editable fields of a record by flat names, as forms and the API use them."""

from __future__ import annotations

from typing import Any

from corpus import record_fields
from corpus.document import Fields
from corpus.json_shapes import Json, field_from_json, field_to_json, with_values

EDITABLE = tuple(field.name for field in record_fields.EDITABLE)
"""By the names that forms and the API use, in the order of the form."""
MANY = tuple(field.name for field in record_fields.EDITABLE if field.kind == "many")
"""Those with a list of values."""
DAYS = tuple(field.name for field in record_fields.EDITABLE if field.is_day)
"""Those that hold a day."""


def flat(fields: Fields) -> Json:
    """The editable fields by name, each in the contract's shape (a list of them for addressees and recipients)."""
    return {field.name: _to_json(field.of(fields)) for field in record_fields.EDITABLE}


def _to_json(value: Any) -> Any:
    return [field_to_json(item) for item in value] if isinstance(value, tuple) else field_to_json(value)


def with_flat(fields: Fields, edited: Json) -> Fields:
    """The fields with the edited ones (in `flat`'s shape) put in."""
    return with_values(fields, {name: _from_json(edited[name]) for name in EDITABLE if name in edited})


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(field for item in value if (field := field_from_json(item)) is not None)
    return field_from_json(value)


def difference(before: Fields, after: Fields) -> tuple[Json, Json]:
    """The fields whose value, evidence or doubt differs, before and after."""
    old, new = flat(before), flat(after)
    changed = [name for name in EDITABLE if old[name] != new[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def bare_values(edited: Json) -> dict[str, object]:
    """The bare values of fields in `flat`'s shape, without evidence and doubt."""
    return {name: [item["value"] for item in one] if isinstance(one, list) else (one or {}).get("value")
            for name, one in edited.items()}  # fmt: skip
