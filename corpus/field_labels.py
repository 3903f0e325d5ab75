"""Vietnamese labels of a record's fields, in the order of the form."""

from __future__ import annotations

from corpus.errors import FIELD_LABELS
from corpus.lifecycle import corrections

LABELS = {name: vi for name, (vi, _) in FIELD_LABELS.items() if name in corrections.EDITABLE}
