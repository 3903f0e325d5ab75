"""Vietnamese labels of a record's fields, in the order of the form."""

from __future__ import annotations

from corpus.record_fields import BY_NAME, EDITABLE

LABELS = {field.name: field.label for field in EDITABLE}


def named(name: str, value: str) -> str:
    """The value of a field as people read it: the name of a choice for its code, any other value unchanged."""
    choices = BY_NAME[name].choices if name in BY_NAME else ()
    return next((one.name for one in choices if one.code == value), value)
