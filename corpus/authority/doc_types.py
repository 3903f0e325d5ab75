"""Document types (tên loại văn bản): names, codes, and the type words of running text."""

from __future__ import annotations

from functools import cache

from corpus.numbering.symbol import codes_of
from corpus.tables import rows
from corpus.vietnamese.fold import fold


def doc_type_of(code: str | None, family: str) -> str | None:
    """The type a code names in a family: (`KH`, `state`) → `Kế hoạch`, (`TT`, `party`) → `Thông tri`.

    `cv` is always `Công văn`; a National Assembly number names no type by itself (law or resolution): None.
    """
    if family == "cv":
        return "Công văn"
    order = {"party": ("party", "state", "old"), "standard": ("standard",)}.get(family, ("state", "old", "party"))
    for wanted in order:
        for row in rows("doc_types"):
            if code and row["code"] == code and row["family"] == wanted:
                return row["name"]
    return None


@cache
def doc_types() -> tuple[str, ...]:
    """Every type's name once, in the order of the table."""
    return tuple(dict.fromkeys(row["name"] for row in rows("doc_types")))


@cache
def _by_fold() -> dict[str, str]:
    return {fold(name): name for name in reversed(doc_types())}


def doc_type_named(word: str) -> str | None:
    """The type a printed word names, whatever its case and marks: `KẾ HOẠCH`, `Ke hoach` → `Kế hoạch`."""
    return _by_fold().get(" ".join(fold(word).split()))


def type_code_of(word: str | None) -> str | None:
    """The code of a type word in state numbers: `Kế hoạch` → `KH`; None for `Công văn`, `Luật` and unknown words."""
    if not word or fold(word) == "cong van":
        return None
    return next(iter(codes_of(word)), None)
