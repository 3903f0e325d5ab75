"""The editable fields of a record by flat names, as forms and the API use them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from corpus.document import Fields
from corpus.json_shapes import Json, field_from_json, field_to_json

ONE = ("number", "date", "place", "issuer", "superior", "doc_type", "subject", "urgency")
"""Fields with one value, by the names that forms and the API use."""
SIGNER = ("signer_name", "signer_title", "signer_authority")
MANY = ("addressees", "recipients")
EDITABLE = (*ONE, *SIGNER, *MANY)


def flat(fields: Fields) -> Json:
    """The editable fields by name, each in the contract's shape (a list of them for addressees and recipients)."""
    signer = fields.signer
    return {
        **{name: field_to_json(getattr(fields, name)) for name in ONE},
        "signer_name": field_to_json(signer.name),
        "signer_title": field_to_json(signer.title),
        "signer_authority": field_to_json(signer.authority),
        **{name: [field_to_json(field) for field in getattr(fields, name)] for name in MANY},
    }


def with_flat(fields: Fields, edited: Json) -> Fields:
    """The fields with the edited ones (in `flat`'s shape) put in."""
    one: dict[str, Any] = {name: field_from_json(edited[name]) for name in ONE if name in edited}
    many: dict[str, Any] = {
        name: tuple(field for item in edited[name] if (field := field_from_json(item)) is not None)
        for name in MANY
        if name in edited
    }
    parts = {
        name: field_from_json(edited[f"signer_{name}"])
        for name in ("name", "title", "authority")
        if f"signer_{name}" in edited
    }
    return replace(fields, **one, **many, signer=replace(fields.signer, **parts))


def difference(before: Fields, after: Fields) -> tuple[Json, Json]:
    """The fields whose value, evidence or doubt differs, before and after."""
    old, new = flat(before), flat(after)
    changed = [name for name in EDITABLE if old[name] != new[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def bare_values(edited: Json) -> dict[str, object]:
    """The bare values of fields in `flat`'s shape, without evidence and doubt."""
    return {name: [item["value"] for item in one] if isinstance(one, list) else (one or {}).get("value")
            for name, one in edited.items()}  # fmt: skip
