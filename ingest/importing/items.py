"""Items of an import: a file, the claims that another program's list makes of it, and notes on the unusable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from corpus.authority.doc_types import doc_types
from corpus.errors import Language, Problem
from corpus.lifecycle.claims import Claim, canonical
from corpus.tables import rows
from corpus.vietnamese.fold import fold

FILE, TYPE_AND_SUBJECT = "file", "type_and_subject"
"""Heads of columns that are no field of a record."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file to take in, and what came along with it."""

    path: Path
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The content of an import: files in the list's order, and a sentence for all that was left behind."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def field_of(heading: str) -> str | None:
    """Field that a column's head or a custom field's name means, `file` or `type_and_subject`; None: unknown."""
    return _by_heading().get(_key(heading))


@cache
def _by_heading() -> dict[str, str]:
    return {_key(row["heading"]): row["field"] for row in rows("import_headings")}


def _key(heading: str) -> str:
    return "".join(letter for letter in fold(heading) if letter.isalnum())


def claims_of(
    values: Mapping[str, str], source: str, where: str, lang: Language, *, independent: bool
) -> tuple[tuple[Claim, ...], list[str]]:
    """Claims of the values by field, and a note on each that no record can hold.

    where: the row, as notes name it. independent: people keep the list by themselves.
    """
    claims: list[Claim] = []
    notes: list[str] = []
    for field, value in _taken_apart(values).items():
        if not value.strip():
            continue
        try:
            claims.append(canonical(Claim(field, value, source, independent)))
        except Problem as problem:
            notes.append(f"{where}: {problem.message(lang)}")
    return tuple(claims), notes


def _taken_apart(values: Mapping[str, str]) -> dict[str, str]:
    """Type and subject of one cell as two values: `Kế hoạch Về thi đua`."""
    apart = {field: value for field, value in values.items() if field not in (FILE, TYPE_AND_SUBJECT)}
    text = " ".join(values.get(TYPE_AND_SUBJECT, "").split())
    if text:
        folded = fold(text)
        kinds = [kind for kind in doc_types() if folded.startswith(f"{fold(kind)} ")]
        kind = max(kinds, key=len, default="")
        apart.setdefault("doc_type", kind)
        apart.setdefault("subject", text[len(kind) :].strip(" :-–,."))
    return apart


def inside(folder: Path, name: str) -> Path | None:
    """The file that a list names, if it lies in the folder, else None. Both kinds of slashes separate."""
    parts = PurePosixPath(name.strip().replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        return None
    path = folder.joinpath(*parts)
    try:
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except OSError:
        return None


def missing(name: str, lang: Language) -> str:
    """The note on a file that a list names and that is not there."""
    return Problem("not_found", what=name[:200]).message(lang)


def names_in(cell: str) -> Iterable[str]:
    """The files of one cell, with `;` or new lines between."""
    return [name.strip() for name in cell.replace("\n", ";").split(";") if name.strip()]
