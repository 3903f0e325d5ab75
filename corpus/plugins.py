"""Plugins: parts that other packages add by entry points; only those that a setting names are loaded."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from corpus.errors import Problem

READERS, FIELDS, OCR, SEARCH = "vanban.readers", "vanban.fields", "vanban.ocr", "vanban.search"
"""Groups of entry points: kinds of files, rules of fields, OCR engines, search engines."""
SELF_CHOSEN = (READERS, FIELDS)
"""Groups whose plugins `VANBAN_PLUGINS` chooses; an engine is named by its own setting."""


def names(group: str) -> tuple[str, ...]:
    """Names of the installed plugins of a group, in order."""
    return tuple(sorted(_entries(group)))


def chosen(group: str, wanted: str) -> tuple[Any, ...]:
    """The plugins of a group among those that a setting names, with commas between them.

    Raises Problem("plugin_unusable") if one of them can't be loaded.
    """
    there = _entries(group)
    return tuple(load(group, name) for name in split(wanted) if name in there)


def demand(wanted: str) -> None:
    """Load all that a setting names; raises Problem("plugin_unusable") for the first that is missing or fails."""
    for name in split(wanted):
        groups = [group for group in SELF_CHOSEN if name in _entries(group)]
        if not groups:
            raise Problem("plugin_unusable", name=name, why="chưa cài trong môi trường Python này")
        for group in groups:
            load(group, name)


@cache
def load(group: str, name: str) -> Any:
    """The object of one plugin. Raises Problem("plugin_unusable")."""
    entry = _entries(group).get(name)
    if entry is None:
        raise Problem("plugin_unusable", name=name, why="chưa cài trong môi trường Python này")
    try:
        found = entry.load()
        return found() if isinstance(found, type) else found
    except Exception as error:
        # A plugin is foreign code: whatever it raises is one sentence for the administrator.
        raise Problem("plugin_unusable", name=name, why=f"{type(error).__name__}: {error}"[:200]) from error


def split(wanted: str) -> tuple[str, ...]:
    """The names in a setting, each once."""
    return tuple(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}
