"""Files within a file, such as attachments of a mail, written to the child's own folder so that they can be
opened.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.config import Settings
from ingest.files import zip_archive

_HEAD = 65_536
_BLOCK = 1 << 20


def enclosed_files(name: str, data: bytes, settings: Settings) -> Iterator[tuple[Path, str]]:
    """The file, or each member of a ZIP, with its name; the path is valid until the next item is requested.

    Raises Problem as `zip_archive.members` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enclosed"
        path.write_bytes(data)
        if not name.lower().endswith(".zip"):
            yield path, name
            return
        inner = Path(folder) / "member"
        for member, stream in zip_archive.members(path, settings, name):
            with inner.open("wb") as target:
                while block := stream.read(_BLOCK):
                    target.write(block)
            yield inner, member


def data_head(path: Path) -> bytes:
    """First bytes of a file, as many as `sniff` needs."""
    with path.open("rb") as stream:
        return stream.read(_HEAD)
