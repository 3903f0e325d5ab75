"""Conversion of an old document to DOCX by LibreOffice, if installed, in a process of its own.

Runs within the reading child: without network, under its limits, and with a profile that is removed with the
child. `soffice` communicates with itself through a socket, which the child may not open; the library
LibreOfficeKit needs none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from corpus.errors import Problem
from ingest.sandbox.office_program import library

_SECONDS = 180
_SCRIPT = Path(__file__).with_name("libreoffice_kit.py")


def as_docx(path: Path, folder: Path, name: str) -> Path:
    """Convert a copy of the document to DOCX in `folder`; nothing is written where the original is.

    Raises Problem("converter_missing"), Problem("truncated") if it can't be opened, Problem("reader_timeout").
    """
    program = library()
    if program is None:
        raise Problem("converter_missing", name=name)
    copy, made = folder / "a.doc", folder / "a.docx"
    shutil.copyfile(path, copy)
    command = [sys.executable, "-I", str(_SCRIPT), str(program), str(copy), str(made), str(folder / "profile")]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Problem("reader_timeout", name=name) from error
    if done.returncode != 0 or not made.is_file():
        raise Problem("truncated", name=name)
    return made
