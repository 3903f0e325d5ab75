"""Names that accounts and groups may be given, by the table of signs `name_signs.tsv`."""

from __future__ import annotations

import unicodedata
from typing import Literal

from corpus.errors import Problem
from corpus.tables import rows
from corpus.typed_text import clean_text

_LONGEST = 100
"""Most characters of a name, the width of its column."""
_RESERVED = frozenset({"vanban", "system", "cli", "sso"})
"""Names that stand for the program itself in the trail."""


def checked(kind: Literal["account", "group"], name: object) -> str:
    """A new name, cleaned; raises Problem("bad_value") for one that could be mistaken for another or break an
    address.

    Latin letters with their marks, ASCII digits, blanks and the table's signs; a letter or digit first, so that no
    name is `.`, and no letter of another script that looks like ours.
    """
    field = "name" if kind == "account" else "group"
    kept = clean_text(field, name, required=True)
    signs = "".join(row["sign"] for row in rows("name_signs") if row["kind"] == kind)
    if len(kept) > _LONGEST:
        raise Problem("bad_value", field=field, value=kept[:50] + "…", why=f"dài quá {_LONGEST} ký tự")
    if not all(_is_plain(letter) or letter in signs or letter == " " for letter in kept) or not _is_plain(kept[0]):
        why = f"chỉ dùng chữ, số, dấu cách và {' '.join(signs)}; ký tự đầu là chữ hoặc số"
        raise Problem("bad_value", field=field, value=kept, why=why)
    return kept


def is_reserved(name: str) -> bool:
    """True if the trail uses this name for the program itself."""
    return name.strip().casefold() in _RESERVED


def _is_plain(letter: str) -> bool:
    return letter in "0123456789" or (letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN "))
