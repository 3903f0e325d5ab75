"""Kinds of files that plugins read: their pages as text, cleaned and bounded as any other text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Protocol, runtime_checkable

from corpus import plugins
from corpus.config import Settings
from corpus.errors import Problem
from corpus.file_types import MEDIA_TYPES, NAMES
from ingest.files.page import RawFile
from ingest.files.plain_text import text_file


@runtime_checkable
class FileReader(Protocol):
    """A reader of one kind of files; runs in the confined child, without network or other files."""

    media_type: str
    """IANA media type; none of this program's own."""
    endings: tuple[str, ...]
    """Endings of names in small letters: `(".wpd",)`."""

    def claims(self, head: bytes) -> bool:
        """True if a file with these first bytes (64 KiB at most) is of this kind."""

    def pages(self, path: Path) -> Iterable[str]:
        """Text of each page, in order. Raises ValueError for a file that is damaged."""


def added_kinds(settings: Settings) -> tuple[FileReader, ...]:
    """The readers that the settings choose. Raises Problem("plugin_unusable") for one of a kind read already."""
    found: tuple[FileReader, ...] = plugins.chosen(plugins.READERS, settings.plugins)
    for reader in found:
        taken = [ending for ending in reader.endings if ending in MEDIA_TYPES]
        if taken or reader.media_type in NAMES:
            what = ", ".join(taken) or reader.media_type
            raise Problem("plugin_unusable", name=type(reader).__name__, why=f"{what} đã được đọc sẵn")
    return found


def open_added(path: Path, name: str, reader: FileReader, most_pages: int) -> RawFile:
    """A file opened by a plugin's reader. Raises Problem: truncated, no_pages, too_many_pages, unsafe_content."""
    try:
        texts = list(islice(reader.pages(path), most_pages + 1))
    except ValueError as error:
        raise Problem("truncated", name=name) from error
    if len(texts) > most_pages:
        raise Problem("too_many_pages", name=name, pages=f"> {most_pages}", limit=most_pages)
    return text_file(texts, name)
