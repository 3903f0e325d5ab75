"""Document types (tên loại văn bản): names, codes, and the type words of running text."""

from __future__ import annotations

from functools import cache
from typing import Literal

from corpus.tables import rows
from corpus.vietnamese.fold import fold

Use = Literal["general", "kind", "self", "recalled", "promulgates", "attached"]
"""Uses of the words in corpus/data/reference_words.tsv."""


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
def types_with(trait: str) -> frozenset[str]:
    """Names of the types with the trait: `bare`, `headed` (corpus/data/doc_types.tsv says what each means)."""
    return frozenset(row["name"] for row in rows("doc_types") if trait in row["traits"].split(","))


@cache
def reference_words(use: Use) -> tuple[str, ...]:
    """The words by which a text refers to documents in that way: (`self`) → `này`."""
    return tuple(row["word"] for row in rows("reference_words") if row["use"] == use)


@cache
def type_words() -> tuple[str, ...]:
    """Names of all types, and the general words (`Văn bản`), as a text writes them with a capital."""
    return (*doc_types(), *reference_words("general"))


@cache
def _by_fold() -> dict[str, str]:
    return {fold(name): name for name in reversed(doc_types())}


def doc_type_named(word: str) -> str | None:
    """The type a printed word names, whatever its case and marks: `KẾ HOẠCH`, `Ke hoach` → `Kế hoạch`."""
    return _by_fold().get(" ".join(fold(word).split()))
