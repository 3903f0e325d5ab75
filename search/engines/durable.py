"""Files of an index written through to the disk, so that a power cut loses nothing that was acknowledged."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def flush(folder: Path) -> None:
    """Wait until the files of a folder, and their names in it, are on the disk."""
    for path in (*folder.iterdir(), folder):
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
