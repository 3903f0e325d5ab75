"""Annotations and form fields of a PDF page: their words as stored, and the page with them drawn in."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

_HIDDEN = 0x01 | 0x02 | 0x20
"""Flags of an annotation that no viewer shows: invisible, hidden, no view (ISO 32000-1, 12.5.3)."""
_MOST, _MOST_LETTERS = 500, 2000


@dataclass(frozen=True, slots=True)
class Marks:
    """Visible annotations of a page: `count` without links, `fields` of them form fields, `words` their text."""

    count: int
    fields: int
    words: tuple[str, ...]


def marks_of(page: Any, form: Any) -> Marks:
    """Annotations of the page; `form`: the document's form environment, None without one."""
    import pypdfium2.raw as pdfium

    wordy = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_WIDGET)
    count = fields = 0
    words: list[str] = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind != pdfium.FPDF_ANNOT_LINK and not pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            count, fields = count + 1, fields + (kind == pdfium.FPDF_ANNOT_WIDGET)
            if kind in wordy:
                words += _words(annotation, form, kind == pdfium.FPDF_ANNOT_WIDGET)
        pdfium.FPDFPage_CloseAnnot(annotation)
    return Marks(count, fields, tuple(dict.fromkeys(words)))


def _words(annotation: Any, form: Any, is_field: bool) -> list[str]:
    import pypdfium2.raw as pdfium

    if is_field:
        if form is None:
            return []
        text = _string(lambda *room: pdfium.FPDFAnnot_GetFormFieldValue(form.raw, annotation, *room))
    else:
        text = _string(lambda *room: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", *room))
    return [line for line in text.splitlines() if line.strip()]


def _string(call: Any) -> str:
    """A string from PDFium in UTF-16, after a first call for its length in bytes."""
    import pypdfium2.raw as pdfium

    length = min(call(None, 0), 2 * _MOST_LETTERS)
    if length <= 2:
        return ""
    room = (ctypes.c_ushort * (length // 2 + 1))()
    call(ctypes.cast(room, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return bytes(room)[: length - 2].decode("utf-16-le", errors="replace").replace("\r", "\n")


def form_of(document: Any) -> Any:
    """Form environment that makes a document's fields readable; None without a form.

    Call it before loading pages.
    """
    import pypdfium2.raw as pdfium

    if document.get_formtype() == pdfium.FORMTYPE_NONE:
        return None
    document.init_forms()
    return document.formenv


def with_fields(document: Any, index: int) -> Any:
    """The page with its fields and annotations drawn in, as a viewer displays it; the file is unchanged."""
    import pypdfium2.raw as pdfium

    page = document[index]
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]
