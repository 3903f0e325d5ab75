"""Facts from a PDF's objects: locks, active content, damage, signing times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from corpus.document import Warning
from corpus.errors import Problem
from ingest.cautions import make_warning

_MOST_FIELDS = 200
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-])(\d\d)'?(\d\d)?)?")


_HARMLESS = ("dictionary has duplicated key", "reported number of objects")
"""qpdf's warnings about healthy files: a trailer key written twice by signing software, a wrong /Size."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Facts from the objects; `pages` is None if they can't be read at all, though a renderer may manage."""

    pages: int | None
    cautions: tuple[Warning, ...] = ()
    signed_at: tuple[datetime, ...] = ()


def look(path: Path, name: str) -> Structure:
    """Inspect a PDF's objects. Raises Problem("encrypted") if it needs a password."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            cautions = [make_warning("owner_password")] if pdf.is_encrypted else []
            what = ", ".join(_active(pdf.Root))
            cautions += [make_warning("active_content", what=what)] if what else []
            signed_at = tuple(_signing_times(pdf.Root))
            cautions += [make_warning("signature_text")] if signed_at else []
            pages = len(pdf.pages)
            cautions += [make_warning("damaged")] if any(_costs(warning) for warning in pdf.get_warnings()) else []
            return Structure(pages, tuple(cautions), signed_at)
    except pikepdf.PasswordError as error:
        raise Problem("encrypted", name=name) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, RuntimeError):
        return Structure(None, (make_warning("damaged"),))


def _costs(warning: Any) -> bool:
    """True if a warning of qpdf may mean lost content; sloppy writing costs nothing."""
    return not any(harmless in str(warning) for harmless in _HARMLESS)


def _active(root: Any) -> Iterator[str]:
    """Active content that a viewer might run (PDF 32000-1, 12.6); none of it is run here."""
    names, action = root.get("/Names", {}), root.get("/OpenAction", {})
    kind = str(action.get("/S", "")) if hasattr(action, "keys") else ""
    if kind == "/JavaScript" or "/JavaScript" in names:
        yield "JavaScript"
    if "/AA" in root or kind in ("/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/URI"):
        yield "lệnh tự chạy"
    if "/EmbeddedFiles" in names or "/Collection" in root:
        yield "tệp đính kèm"
    if "/XFA" in root.get("/AcroForm", {}):
        yield "XFA"


def _signing_times(root: Any) -> Iterator[datetime]:
    """Times that signature fields state (`/M`, PDF 32000-1, 12.8.1)."""
    for field in list(root.get("/AcroForm", {}).get("/Fields", []))[:_MOST_FIELDS]:
        value = field.get("/V") if field.get("/FT") == "/Sig" else None
        match = _DATE.match(str(value.get("/M", ""))) if value is not None else None
        moment = _moment(match) if match else None
        if moment is not None:
            yield moment


def _moment(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    sign, hours, minutes = match.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None
