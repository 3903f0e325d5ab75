"""What pages show of a document: values, evidence boxes, days and moments in the form people here write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.authority import bodies
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.field_labels import LABELS
from corpus.json_shapes import fields_from_json
from corpus.lifecycle import corrections, reread
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering import dates, number
from corpus.numbering.typed_days import HANOI
from corpus.queries import documents
from corpus.vietnamese.fold import fold

_PICTURES = ("application/pdf", "image/tiff", "image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Entry:
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
        """Whether what is printed says something that the value doesn't show: the scan beside it tells the rest."""
        if not self.printed or self.many or self.name == "date":
            return False
        value, printed = (" ".join(fold(text).split()) for text in (self.value, self.printed))
        return value not in printed and printed not in value

    @property
    def shown(self) -> str:
        """The value as people here write it, and as it stands in a form."""
        return day(self.value) if self.name == "date" else self.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its number, text, whether it has a picture, and the marks on it (name, x, y, width, height)."""

    number: int
    text: str
    picture: bool
    marks: tuple[tuple[str, float, float, float, float], ...]


def entries(found: Document) -> list[Entry]:
    """All fields of a document, in the order in which a paper prints them."""
    values = corrections.flat(fields_from_json(found.fields or {}))
    asked = set(found.questions or [])
    return [_entry(name, values[name], asked) for name in LABELS]


def unread(found: Document) -> tuple[int, ...]:
    """Numbers of the document's pages that could not be read: what is printed there is neither shown nor found."""
    return reread.unread_before(found)


def _entry(name: str, value: Any, asked: set[str]) -> Entry:
    items = value if isinstance(value, list) else [value] if value else []
    text = "\n".join(item["value"] for item in items)
    doubtful = name in asked or (name == "signer_name" and "signer" in asked)
    return Entry(
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
    return day(value) if name == "date" else value


def sheets(store: Store, found: Document, more: list[tuple[str, int, list[Any]]]) -> list[Sheet]:
    """The pages with evidence of the fields and further marks (name, page, boxes) on them; none until it is cleared."""
    if not is_cleared(found):
        return []
    marks: dict[int, list[tuple[str, float, float, float, float]]] = {}
    for name, page, boxes in [*_evidence(found), *more]:
        for left, top, right, bottom in boxes:
            marks.setdefault(page, []).append((name, left, top, right - left, bottom - top))
    rows = documents.page_texts(store, found.id)
    picture = found.media_type in _PICTURES
    return [Sheet(number, text, picture, tuple(marks.get(number, ()))) for number, text in rows]


def _evidence(found: Document) -> list[tuple[str, int, list[Any]]]:
    values = corrections.flat(fields_from_json(found.fields or {}))
    listed = [(name, value if isinstance(value, list) else [value]) for name, value in values.items()]
    return [
        (name, item["page"], item["boxes"]) for name, items in listed for item in items if item and item["page"]
    ]


def day(iso: str | None) -> str:
    """27/4/2022 for 2022-04-27; what is no such day is shown as it is."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", iso or "")
    return f"{int(found[3])}/{int(found[2])}/{found[1]}" if found else iso or ""


def tidied(name: str, text: str) -> str:
    """What was read on a spot of the page, in the form that the field wants."""
    line = " ".join(text.split())
    if name == "date":
        found = dates.parse(line)
        return day(found.iso) if found is not None and found.iso else line
    if name == "number":
        parsed = number.parse(re.sub(r"^[^\d]*?[Ss]ố\s*[:.]?", "", line))
        return parsed.canonical if parsed else line
    if name in ("issuer", "superior"):
        return bodies.tidy(line)
    return text.strip() if name in corrections.MANY else line


def moment(at: datetime | None) -> str:
    """The time on a clock in Việt Nam (UTC+7, no summer time)."""
    return (at + HANOI).strftime("%H:%M %d/%m/%Y") if at else ""


def to_the_second(at: datetime) -> str:
    """The same for a spreadsheet, which puts it in order as it stands."""
    return (at + HANOI).strftime("%Y-%m-%d %H:%M:%S")


def slug(text: str | None) -> str:
    """A subject as the readable end of an address."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text or "")).strip("-")[:60].strip("-") or "van-ban"
