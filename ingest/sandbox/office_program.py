"""Location of LibreOffice, if installed: the library that a confined child may load, and the data it reads."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

_LIBRARIES = ("libsofficeapp.so", "libmergedlo.so")
_PLACES = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice/program")
_DATA = ("/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice")
"""Folders of Debian's package outside its own folder, to which its links lead."""


@cache
def library() -> Path | None:
    """LibreOffice's library: of the program in PATH, or where packages install it; None without."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    places = [Path(program).resolve().parent] if program else []
    places += [Path(place) for place in _PLACES]
    return next((place / name for place in places for name in _LIBRARIES if (place / name).is_file()), None)


def places() -> tuple[Path, ...]:
    """Folders that a confined child must be able to read for it; () without LibreOffice."""
    found = library()
    return () if found is None else (found.parent.parent, *map(Path, _DATA))
