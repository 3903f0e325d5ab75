"""The head's lines at the left, grouped into the bodies they name:
each line opens a name or continues the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.authority.bodies import body_names, names_in_text
from corpus.authority.issuers import organ_of
from corpus.tables import rows as table
from corpus.vietnamese.fold import fold, words
from ingest.text.rows import Row

_GOES_ON = re.compile(r"(?:\b(?:VÀ|CỦA|CÁC|VỀ|CHO|VỚI|THUỘC)|[-–,(])\s*$")
"""Ends of a line that no name ends with."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """First words of names: `phong`, but not before `chong`; `unfinished` if they alone name no body (`BAN QUẢN
    LÝ`).
    """

    not_before: frozenset[str]
    unfinished: bool


def bodies_of(lines: Sequence[Row]) -> list[list[Row]]:
    """The lines of each body, from the highest down; the last one issued the document."""
    groups: list[list[Row]] = []
    for row in lines:
        above = printed(groups[-1]) if groups else ""
        if groups and (
            _ends_open(above) or not _opens(words(above), words(cleaned(row.text)), last=row is lines[-1])
        ):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def printed(lines: Sequence[Row]) -> str:
    """Join the lines of a body."""
    return " ".join(cleaned(line.text) for line in lines)


def cleaned(line: str) -> str:
    """The line without specks at its ends; a known body whose blanks were lost gets them back."""
    bare = re.sub(r"^[^\w(]*\b(?:[A-Z] |\d\W* )?(?=\w)|[^\w)]+$", "", line).strip()
    spaced = _names_without_blanks().get(words(bare).replace(" ", ""))
    return spaced.upper() if spaced and fold(spaced) != fold(bare) else bare


@cache
def _names_without_blanks() -> dict[str, str]:
    """Folded names of known bodies without blanks, with the names: `soyte` → `Sở Y tế`."""
    return {words(name).replace(" ", ""): name for name in body_names() if len(words(name)) > 5}


def _ends_open(above: str) -> bool:
    """True if a name can't end here: with a joining word, or with nothing but words that open one."""
    opening = _openings().get(words(above))
    return _GOES_ON.search(above.upper()) is not None or (opening is not None and opening.unfinished)


def _opens(above: str, said: str, *, last: bool) -> bool:
    """True if a line opens another name than the one above it:
    its first words do, and no known name spans both.
    """
    head = opening_of(said)
    if head is None or _spans(above, said):
        return False
    opening, rest = _openings()[head], said.removeprefix(head).split()
    if not rest:
        return not (opening.unfinished and last) or organ_of(said, above) is not None
    return rest[0] not in opening.not_before


def _heads_of(said: Sequence[str]) -> Iterable[Sequence[str]]:
    """The first words of a line, the longest stretch first."""
    return (said[:size] for size in range(min(len(said), 5), 0, -1))


def _spans(above: str, said: str) -> bool:
    """True if a known name begins with all of `above` and ends within `said`: `SỞ NÔNG NGHIỆP VÀ MÔI`
    / `TRƯỜNG`.
    """
    parts = said.split()
    return bool(above) and any(
        f"{above} {' '.join(parts[:size])}" in names_of_bodies() for size in range(1, len(parts) + 1)
    )


@cache
def names_of_bodies() -> frozenset[str]:
    """Folded words of every known name, in full and by its short forms."""
    return frozenset(names_in_text())


@cache
def _openings() -> dict[str, _Opening]:
    return {
        words(row["head"]): _Opening(
            frozenset(words(word) for word in row["not_before"].split(",") if word), row["unfinished"] == "yes"
        )
        for row in table("body_heads")
    }


def opening_of(name: str) -> str | None:
    """The folded words that open a name; None for a name with another opening."""
    return next(
        (" ".join(parts) for parts in _heads_of(words(name).split()) if " ".join(parts) in _openings()), None
    )
