"""One file to one Reading, for programs that use vanban as a library; nothing is stored."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from ingest import pipeline


def read(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    use_name: bool = False,
    settings: Settings | None = None,
) -> Reading:
    """Read one file as `vanban read` does: in a confined child process, with limits on memory and time.

    Args:
        path: a PDF, TIFF, PNG, JPEG, DOCX, DOC, RTF, ODT, EML, TXT or MD file.
        name: name of the file if its path does not end in it; its ending must fit the content.
        use_name: take the name as evidence for the number.
        settings: limits and engines; None: those of the environment (`VANBAN_…`).

    Returns:
        The record with evidence: each value with its confidence (0 to 1), its boxes (shares of the page) and
        `review`, True if a person must look at it.

    Raises:
        Problem: the file can't be read; `code` and `message("en")` say why.
    """
    file = Path(path)
    if not file.is_file():
        raise Problem("not_found", what=str(file))
    return pipeline.read_safely(file, name or file.name, settings or Settings(), use_name=use_name)
