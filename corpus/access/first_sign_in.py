"""The note with the first administrator's password: written for the owner of the store alone,
gone once it is changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from corpus.database.store import Store

_NAME = "Tài khoản: "


def _note(store: Store) -> Path:
    return store.settings.home / "first-sign-in.txt"


def write(store: Store, name: str, password: str) -> None:
    """Write name and password to the store's folder, readable by its owner only."""
    descriptor = os.open(_note(store), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{_NAME}{name}\nMật khẩu: {password}\n")


def read(store: Store) -> str:
    """The note's text; empty when there is none (any more)."""
    try:
        return _note(store).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def remove(store: Store, name: str) -> None:
    """Remove the note if it is of this account, whose password has been changed."""
    if f"{_NAME}{name}\n" in read(store) + "\n":
        _note(store).unlink(missing_ok=True)
