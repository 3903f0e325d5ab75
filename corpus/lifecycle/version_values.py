"""Values of a record under a new version of its file: kept, with evidence on the new pages, or asked about."""

from __future__ import annotations

from typing import Any

from corpus.document import Fields
from corpus.json_shapes import Json
from corpus.lifecycle.flat_fields import flat, with_flat

_EVIDENCE = ("printed", "page", "boxes")
"""Parts of a field that say where on the paper it was read."""


def carried(now: Fields, was: Fields, new: Fields, *, ask: bool) -> Fields:
    """The record of a document after its new file was read.

    now: values in force; was: the machine's reading of the file before; new: that of the new file. No value is
    changed: the evidence moves to the new pages, and with `ask` what the new file reads otherwise is asked, the
    new value as the candidate. A correction of what both files read alike is left alone.
    """
    old, held, read = flat(was), flat(now), flat(new)
    return with_flat(new, {name: _one(held[name], old.get(name), read[name], ask) for name in held})


def changed(now: Fields, was: Fields, new: Fields) -> tuple[str, ...]:
    """Names of the fields that the new file reads otherwise than the record and the file before have them."""
    old, held, read = flat(was), flat(now), flat(new)
    return tuple(name for name in held if _differs(held[name], old.get(name), read[name]))


def _one(now: Any, was: Any, new: Any, ask: bool) -> Any:
    if isinstance(now, list):
        return _list(now, was or [], new or [], ask)
    if now is None:
        return {**new, "review": True} if ask and _differs(now, was, new) else None
    kept = _place(now, new)
    if not (ask and _differs(now, was, new)):
        return kept
    candidates = [{"value": new["value"], "confidence": new["confidence"]}] if new else now.get("candidates", [])
    return {**kept, "review": True, "candidates": candidates}


def _list(now: list[Json], was: list[Json], new: list[Json], ask: bool) -> list[Json]:
    """A list of values: each is placed where the new file has it; the whole is asked if the lists differ."""
    places = {_bare(one): one for one in new}
    kept = [_place(one, places.get(_bare(one))) for one in now]
    return [{**one, "review": True} for one in kept or new] if ask and _differs(now, was, new) else kept


def _place(value: Json, read: Json | None) -> Json:
    """A value with its evidence as the new file was read; without any where it was not read there."""
    nowhere: Json = {"printed": value["value"], "page": None, "boxes": []}
    return {**value, **({name: read[name] for name in _EVIDENCE} if read else nowhere)}


def _differs(now: Any, was: Any, new: Any) -> bool:
    """True if the new file reads something else than the record has, and the file before did not read the same."""
    return _bare(new) not in (_bare(now), _bare(was))


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_bare(one) for one in value)
    return (value or {}).get("value") or None
