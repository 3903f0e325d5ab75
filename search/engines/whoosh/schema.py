"""Whoosh's schema for the search fields, an entry as its document, and the choice of segments to merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from whoosh import fields, formats

from search.engines.fields import FIELD, IndexEntry, SearchField, day_number, of_kind, schema_version

SCHEMA_VERSION = schema_version(8)
"""Name of the index inside its folder: an index of another schema is not found, and rebuilt."""
_PART_BREAK = "\x1f"
"""A separate token between the parts of a text, so that no phrase crosses from one part to the next."""
_INVERTED = of_kind("text", "words", "names", "keyword")
"""Fields with posting lists. The others, and the groups, are kept by document in `record`, read on opening."""
_TIER, _LARGE = 4, 1000
"""Segments of a like size that are merged to one; documents of a segment that is merged no more."""


def schema() -> Any:
    """Whoosh's fields of an index."""
    kinds = {"text": formats.Positions, "words": formats.Frequency}
    made = {field.name: kinds.get(field.kind, formats.Existence)() for field in _INVERTED}
    inverted = {name: fields.FieldType(kept, None, scorable=FIELD[name].is_weighed) for name, kept in made.items()}
    return fields.Schema(record=fields.STORED(), **inverted)


def document(entry: IndexEntry) -> dict[str, Any]:
    """An entry as Whoosh's document; lists of tokens need no analyzer."""
    made = {field.name: tokens for field in _INVERTED if (tokens := _tokens(field, entry))}
    days = {field.name: day_number(next(iter(field.of(entry)), None)) for field in of_kind("day")}
    values = {field.name: field.of(entry) for field in of_kind("facet")}
    return {**made, "record": (entry.id, entry.revision, days, {**values, "groups": list(entry.groups)})}


def _tokens(field: SearchField, entry: IndexEntry) -> list[str]:
    if not field.is_tokens:
        return field.of(entry)
    between = f" {_PART_BREAK} " if field.kind == "text" else " "
    return [token for token in between.join(field.of(entry)).split(" ") if token]


def alike(segments: Sequence[Any]) -> list[Any]:
    """The segments to merge: of a like size, so that a document is rewritten only now and then."""
    tier = {segment: segment.doc_count_all().bit_length() // 2 for segment in segments}
    like = Counter(tier.values())
    return [one for one in segments if one.doc_count_all() < _LARGE and like[tier[one]] >= _TIER]
