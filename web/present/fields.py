"""Values of a document as pages show them: fields, evidence boxes, days and times in Vietnamese form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.authority import bodies
from corpus.database.read_only import StoredDocument
from corpus.database.store import Store
from corpus.field_labels import LABELS, named
from corpus.file_types import EDXML
from corpus.json_shapes import fields_from_json
from corpus.lifecycle import corrections, reread
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering import dates, number
from corpus.numbering.typed_days import HANOI, day_text
from corpus.queries import documents
from corpus.record_fields import BY_NAME
from corpus.vietnamese.fold import fold

day = day_text
"""The filter of templates: 27/04/2022 for 2022-04-27; other text is shown unchanged."""
PICTURES = ("application/pdf", "image/tiff", "image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One field as a page shows it; `boxes` are (page, left, top, width, height) in fractions of the page."""

    name: str
    label: str
    value: str
    printed: str
    review: bool
    many: bool
    page: int | None
    candidates: tuple[str, ...]

    @property
    def told_apart(self) -> bool:
        """True if the printed words add something to the value, so that both are shown."""
        if not self.printed or self.many or self.name in corrections.DAYS or BY_NAME[self.name].choices:
            return False
        value, printed = (" ".join(fold(text).split()) for text in (self.value, self.printed))
        return value not in printed and printed not in value

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of its possible values, where it has few."""
        return tuple(one.name for one in BY_NAME[self.name].choices)

    @property
    def shown(self) -> str:
        """The value in Vietnamese form, as in a form field."""
        return said(self.name, self.value)


@dataclass(frozen=True, slots=True)
class PageSheet:
    """One page: its number, text, whether it has a picture, and the marks on it (name, x, y, width, height)."""

    number: int
    text: str
    picture: bool
    marks: tuple[tuple[str, float, float, float, float], ...]


def entries(found: StoredDocument) -> list[FieldEntry]:
    """All fields of a document, in the order in which a paper prints them."""
    values = corrections.flat(fields_from_json(found.fields or {}))
    asked = set(found.questions or [])
    return [_entry(name, values[name], asked) for name in LABELS]


def unread(found: StoredDocument) -> tuple[int, ...]:
    """Numbers of the document's pages that could not be read: their text is neither shown nor found."""
    return reread.unread_before(found)


def has_pictures(found: StoredDocument) -> bool:
    """True if the file has pages that can be shown as pictures."""
    return found.media_type in PICTURES and found.page_count > 0


def _entry(name: str, value: Any, asked: set[str]) -> FieldEntry:
    items = value if isinstance(value, list) else [value] if value else []
    text = "\n".join(item["value"] for item in items)
    doubtful = name in asked or (name == "signer_name" and BY_NAME[name].question in asked)
    return FieldEntry(
        name,
        LABELS[name],
        text,
        "; ".join(item["printed"] for item in items),
        doubtful or any(item["review"] for item in items),
        isinstance(value, list),
        next((item["page"] for item in items if item["page"]), None),
        tuple(_candidate(name, c["value"]) for item in items for c in item.get("candidates", ())),
    )


def _candidate(name: str, value: str) -> str:
    return said(name, value)


def sheets(store: Store, found: StoredDocument, more: list[tuple[str, int, list[Any]]]) -> list[PageSheet]:
    """The pages with evidence of the fields and further marks (name, page, boxes) on them;
    none until it is cleared.
    """
    if not is_cleared(found):
        return []
    marks: dict[int, list[tuple[str, float, float, float, float]]] = {}
    for name, page, boxes in [*_evidence(found), *more]:
        for left, top, right, bottom in boxes:
            marks.setdefault(page, []).append((name, left, top, right - left, bottom - top))
    rows = documents.page_texts(store, found.id)
    picture = found.media_type in PICTURES or (
        found.media_type == EDXML and documents.is_pictured(store, found.id)
    )
    return [PageSheet(number, text, picture, tuple(marks.get(number, ()))) for number, text in rows]


def _evidence(found: StoredDocument) -> list[tuple[str, int, list[Any]]]:
    values = corrections.flat(fields_from_json(found.fields or {}))
    listed = [(name, value if isinstance(value, list) else [value]) for name, value in values.items()]
    return [
        (name, item["page"], item["boxes"]) for name, items in listed for item in items if item and item["page"]
    ]


def said(name: str, value: str) -> str:
    """A field's value as people read it: a day in Vietnamese form, the name of a choice."""
    return day(value) if name in corrections.DAYS else named(name, value)


def tidied(name: str, text: str) -> str:
    """Text read in a box of the page, in the form that the field wants."""
    line = " ".join(text.split())
    if name in corrections.DAYS:
        found = dates.parse(line)
        return day(found.iso) if found is not None and found.iso else line
    if name == "number":
        parsed = number.parse(re.sub(r"^[^\d]*?[Ss]ố\s*[:.]?", "", line))
        return parsed.canonical if parsed else line
    if BY_NAME[name].learned and name not in corrections.MANY:
        return bodies.tidy(line)
    return text.strip() if name in corrections.MANY else line


def moment(at: datetime | None) -> str:
    """Time on a clock in Việt Nam (UTC+7, no summer time)."""
    return (at + HANOI).strftime("%H:%M %d/%m/%Y") if at else ""


def to_the_second(at: datetime) -> str:
    """Time for a spreadsheet, in a form that sorts: 2022-04-27 09:30:00."""
    return (at + HANOI).strftime("%Y-%m-%d %H:%M:%S")


def slug(text: str | None) -> str:
    """A subject as the readable end of an address."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text or "")).strip("-")[:60].strip("-") or "van-ban"
