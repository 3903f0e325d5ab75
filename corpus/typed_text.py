"""Cleaning of typed text before it is stored."""

from __future__ import annotations

import unicodedata

from corpus.errors import Problem

_LONGEST = 4000
"""Most characters of a typed text."""


def clean_text(name: str, value: object, *, required: bool = False) -> str:
    """A person's input fit to be kept: NFC, single blanks, no control characters.

    Raises Problem("bad_value") for what is no text, too long, or empty though required.
    """
    if not isinstance(value, str):
        raise Problem("bad_value", field=name, value=str(value)[:50], why="cần là chữ")
    kept = "".join(" " if letter.isspace() else letter for letter in value)
    kept = "".join(letter for letter in kept if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = " ".join(unicodedata.normalize("NFC", kept).split())
    if len(kept) > _LONGEST:
        raise Problem("bad_value", field=name, value=kept[:50] + "…", why=f"dài quá {_LONGEST} ký tự")
    if required and not kept:
        raise Problem("bad_value", field=name, value="", why="không được để trống")
    return kept
