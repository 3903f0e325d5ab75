"""`vanban export --format sip`: packages of files for the archive."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import files
from corpus.queries.citations import EVERYTHING
from web.commands import context
from web.services import file_packages

MOST_FILES = 200


def write(refs: tuple[str, ...], output: Path | None) -> None:
    """Write the package of one file, or a ZIP with the packages of several, to a file that is replaced as a whole.

    Raises Problem("bad_request") without files or an output, and what the package raises.
    """
    if not refs or output is None or len(refs) > MOST_FILES:
        raise Problem("bad_request", why=f"sip cần mã hồ sơ (từ 1 đến {MOST_FILES}) và --output")
    context.writable(output, replace=True)
    store = context.store()
    chosen = list(dict.fromkeys(files.named(store, ref) for ref in refs))
    # In the folder of the output, so that the finished package takes its place at once.
    with tempfile.NamedTemporaryFile(dir=output.absolute().parent, prefix=".vanban-", delete=False) as out:
        made = Path(out.name)
        try:
            if len(chosen) == 1:
                _package(store, chosen[0], out)
            else:
                _all(store, chosen, out)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    made.replace(output)


def _all(store: Store, chosen: list[int], out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file_id in context.progress(chosen, len(chosen), "sip"):
            name = file_packages.file_name(files.one(store, file_id, EVERYTHING))
            with archive.open(f"{file_id:06d}-{name}", "w", force_zip64=True) as member, _whole() as whole:
                _package(store, file_id, whole)
                whole.seek(0)
                while piece := whole.read(1 << 20):
                    member.write(piece)


def _whole() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _package(store: Store, file_id: int, out: IO[bytes]) -> None:
    objid = file_packages.write(store, file_id, out, context.actor(), EVERYTHING)
    found = files.one(store, file_id, EVERYTHING)
    detail = {"what": "sip", "file": found.full, "label": objid}
    records.note(store, context.actor(), "export", None, detail)
