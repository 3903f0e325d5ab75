"""Pages of a PDF: its own text where that is sound, else the page's image, decided page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.config import Settings
from corpus.document import Warning
from corpus.errors import Problem
from ingest import pdf_text
from ingest.raw import RawFile, RawPage, caution

if TYPE_CHECKING:
    from ingest.raw import Image

RENDER_DPI = 300
_LEAST_DPI = 36
_SCAN_COVER = 0.6
"""Share of the page that pictures cover when it is a scan."""
_SCAN_LETTERS = 400
"""A scan with more visible text than this carries it itself: a letterhead as a background, not a page of paper."""
_PASSWORD_ERROR = 4
"""FPDF_ERR_PASSWORD."""
_SIGNED = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-])(\d\d)'?(\d\d)?)?")


def open_pdf(path: Path, name: str, settings: Settings) -> RawFile:
    """A PDF's pages. Raises Problem: encrypted, truncated, no_pages, too_many_pages."""
    import pypdfium2

    structure = _look(path, name)
    try:
        document = pypdfium2.PdfDocument(path)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = "encrypted" if getattr(error, "err_code", None) == _PASSWORD_ERROR else "truncated"
        raise Problem(code, name=name) from error
    if count == 0:
        raise Problem("no_pages", name=name)
    if count > settings.max_pages:
        raise Problem("too_many_pages", name=name, pages=count, limit=settings.max_pages)
    cautions = structure.cautions
    if structure.pages not in (None, count):
        cautions += (caution("damaged"),)
    return RawFile(count, _pages(document, name, settings), cautions, structure.signed_at)


@dataclass(frozen=True, slots=True)
class _Structure:
    """What the PDF's objects tell besides its pages; `pages` is None when they can't be read at all."""

    pages: int | None
    cautions: tuple[Warning, ...] = ()
    signed_at: tuple[datetime, ...] = ()


def _look(path: Path, name: str) -> _Structure:
    """Looks at encryption, active content, damage and signatures; the renderer decides whether it can be read."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            cautions = [caution("owner_password")] if pdf.is_encrypted else []
            what = _active(pdf)
            cautions += [caution("active_content", what=what)] if what else []
            signed_at = tuple(_signing_times(pdf))
            cautions += [caution("signature_text")] if signed_at else []
            if pdf.get_warnings():
                cautions.append(caution("damaged"))
            return _Structure(len(pdf.pages), tuple(cautions), signed_at)
    except pikepdf.PasswordError as error:
        raise Problem("encrypted", name=name) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, RuntimeError):
        return _Structure(None, (caution("damaged"),))


def _active(pdf: Any) -> str:
    """What would run in a viewer that allows it: JavaScript, launching, forms of XFA, attached files."""
    root = pdf.Root
    found = []
    names = root.get("/Names", {})
    if ("/OpenAction" in root and "/JS" in repr(root.get("/OpenAction"))) or "/JavaScript" in names:
        found.append("JavaScript")
    if "/AA" in root or "/Launch" in repr(root.get("/OpenAction", "")):
        found.append("Launch")
    if "/EmbeddedFiles" in names:
        found.append("tệp đính kèm")
    if "/XFA" in root.get("/AcroForm", {}):
        found.append("XFA")
    return ", ".join(found)


def _signing_times(pdf: Any) -> Iterator[datetime]:
    """The times that signature fields state (`/M`, PDF 32000-1, 12.8.1), in the order of the fields."""
    for field in list(pdf.Root.get("/AcroForm", {}).get("/Fields", []))[:200]:
        value = field.get("/V") if field.get("/FT") == "/Sig" else None
        match = _SIGNED.match(str(value.get("/M", ""))) if value is not None else None
        if match:
            *parts, sign, hours, minutes = match.groups()
            zone = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
            try:
                yield datetime(*(int(part) for part in parts), tzinfo=timezone(zone))  # type: ignore[arg-type, misc]
            except ValueError:
                continue


def _pages(document: Any, name: str, settings: Settings) -> Iterator[RawPage]:
    import pypdfium2

    for index in range(len(document)):
        number = index + 1
        try:
            page = document[index]
            yield _page(page, number, settings)
            page.close()
        except (pypdfium2.PdfiumError, ValueError) as error:
            if len(document) == 1:
                raise Problem("truncated", name=name) from error
            yield RawPage(number, cautions=(caution("page_unreadable", number),))


def _page(page: Any, number: int, settings: Settings) -> RawPage:
    """The page's own text when it is sound and visible, else its image."""
    pictures, hidden = pdf_text.pictures_and_hidden_text(page)
    layer = pdf_text.read_layer(page, number)
    letters = sum(1 for letter in layer.text if letter.isalpha()) if layer is not None else 0
    scan = pictures >= _SCAN_COVER and (hidden or letters < _SCAN_LETTERS)
    cautions: tuple[Warning, ...] = ()
    if layer is not None and letters and not scan:
        if pdf_text.is_sound(layer.text):
            return RawPage(number, text=layer)
        cautions = (caution("text_layer_ignored", number),)
    image, dpi = _rendered(page, settings)
    return RawPage(number, image, dpi, cautions=cautions)


def _rendered(page: Any, settings: Settings) -> tuple[Image, float]:
    """The page's pixels at 300 dpi, or as many as the limit allows; grey when nothing on it has colour."""
    import numpy as np

    width, height = page.get_size()
    dpi = float(RENDER_DPI)
    pixels = (width / 72 * dpi) * (height / 72 * dpi)
    limit = min(settings.max_pixels, 60_000_000)
    if pixels > limit:
        dpi = max(dpi * (limit / pixels) ** 0.5, _LEAST_DPI)
    if (width / 72 * dpi) * (height / 72 * dpi) > settings.max_pixels:
        raise ValueError("a page of this size can't be rendered")
    bitmap = page.render(scale=dpi / 72, may_draw_forms=False, rev_byteorder=True)
    image: Image = np.ascontiguousarray(bitmap.to_numpy()[..., :3])
    return image, dpi
