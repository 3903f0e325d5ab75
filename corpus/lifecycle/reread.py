"""Second readings of a document: a person's decisions stay, the rest comes from the new reading.

Functions on a session; corpus.records commits. A document in review or on record keeps its status and can be found
while it is read again; a reading that loses a page which was read before is not taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import Document, Job, PageText
from corpus.database.read_only import StoredDocument
from corpus.document import Fields, Page, Reading, SourceFile, open_questions_of, unread_pages
from corpus.errors import Problem
from corpus.json_shapes import Json, fields_from_json, unpack_words, warnings_from_json
from corpus.lifecycle import history, intake
from corpus.lifecycle.flat_fields import flat, with_flat
from corpus.queue import jobs

AGAIN = "again"
"""Key of a job's arguments: its document has a reading already, and keeps it until the new one is whole."""
STANDING = ("review", "accepted")
"""States of a document whose reading stays in force while it is read again."""
_OPEN = ("queued", "running")
_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier reading of a document, and the pages to be read again.

    No page number in `only` means all of them.
    """

    reading: Reading
    only: frozenset[int]


def queue(session: Session, document: Document, page: int | None) -> None:
    """Queue a document in review or on record for another reading, of one page or all; its status stays.

    Raises Problem("not_found") for a page that it does not have.
    """
    if page is not None and not 1 <= page <= document.page_count:
        raise Problem("not_found", what=page)
    args: dict[str, Any] = {AGAIN: True} | ({"pages": [page]} if page is not None else {})
    job = jobs.enqueue(session, intake.READ, document.id, args=args, dedupe_key=f"{intake.READ}:{document.id}")
    if job.args != args and job.state == "queued":
        asked = {*job.args.get("pages", ()), *args.get("pages", ())}
        whole = "pages" not in job.args or "pages" not in args
        job.args = {AGAIN: True} if whole else {AGAIN: True, "pages": sorted(asked)}


def is_waiting(session: Session, document_id: int) -> bool:
    """True if a document waits to be read again or is being read again."""
    waiting = select(Job.id).where(Job.document_id == document_id, Job.kind == intake.READ, Job.state.in_(_OPEN))
    return session.scalar(waiting.limit(1)) is not None


def unread_before(document: StoredDocument) -> tuple[int, ...]:
    """Numbers of the pages that the document's reading could not read."""
    return unread_pages(warnings_from_json((document.machine or {}).get("warnings", [])))


def passed(document: Document, fields: Fields) -> frozenset[str]:
    """Open questions that the document went on record with: missing values and unread pages."""
    before = open_questions_of(fields_from_json(document.fields or {}))
    lacks = {name for name in before if getattr(fields, name, fields) is None}
    return frozenset(lacks | {f"page_{number}" for number in unread_before(document)})


def loses_pages(session: Session, document: Document, reading: Reading) -> bool:
    """True if the new reading has not read a page that the earlier one had."""
    unread = set(unread_pages(reading.warnings)) - set(unread_before(document))
    known = select(PageText.number).where(PageText.document_id == document.id, PageText.text != "")
    held = set(session.scalars(known))
    return bool(held & unread) or len(reading.pages) < len(held)


def earlier(session: Session, document: Document, only: frozenset[int]) -> Earlier:
    """The document's reading, of which the pages `only` are to be read again."""
    machine = document.machine or {}
    source = SourceFile(document.name, document.sha256, document.media_type, document.page_count, document.size)
    pages = pages_of(session, document.id)
    fields = fields_from_json(machine.get("fields") or {})
    return Earlier(Reading(source, pages, fields, warnings=warnings_from_json(machine.get("warnings", []))), only)


def pages_of(session: Session, document_id: int) -> tuple[Page, ...]:
    """The pages as they were read."""
    rows = session.scalars(select(PageText).where(PageText.document_id == document_id).order_by(PageText.number))
    return tuple(
        Page(
            row.number,
            "ocr" if row.origin == "ocr" else "text",
            row.text,
            unpack_words(row.words),
            row.rotation,
            row.confidence,
        )
        for row in rows
    )


def merged(session: Session, document: Document, fields: Fields) -> Fields:
    """The new reading's fields with a person's values in their place.

    A person's values are: corrected or deleted ones, confirmed ones, and everything on a document that a person
    accepted. Values that the record lacks there and the new reading has are left to a person.
    """
    if document.fields is None:
        return fields
    now, was = flat(fields_from_json(document.fields)), _machine(document)
    new = flat(fields)
    accepted = _was_accepted(session, document.id)
    kept: Json = {}
    for name, value in now.items():
        if (value and (accepted or _is_persons(value, was.get(name)))) or (not value and was.get(name)):
            kept[name] = value
        elif not value and accepted and new.get(name):
            kept[name] = _to_be_seen(new[name])
    return with_flat(fields, kept)


def _machine(document: Document) -> Json:
    machine = (document.machine or {}).get("fields")
    return flat(fields_from_json(machine)) if machine else {}


def _is_persons(value: Any, machine: Any) -> bool:
    """True if a person wrote a value, or looked at it: its doubt has gone though the machine had one."""
    if isinstance(value, list):
        was = machine or []
        pairs = zip(value, was, strict=False)
        return len(value) != len(was) or any(_is_persons(one, other) for one, other in pairs)
    return bool(value["rule"] == _PERSON or (machine and machine["review"] and not value["review"]))


def _to_be_seen(value: Any) -> Any:
    return [_to_be_seen(one) for one in value] if isinstance(value, list) else {**value, "review": True}


def _was_accepted(session: Session, document_id: int) -> bool:
    """True if a person, and not `--accept`, put the document on record, and nobody took that back."""
    rows = history.in_force(history.rows_of(session, document_id))
    return any(row.action == "accept" for row in rows)


def joined(earlier: Earlier, new: Reading) -> Reading:
    """Combine the new reading of some pages with the earlier one of the others; fields follow their evidence."""
    if not earlier.only:
        return new
    only = earlier.only
    old, now = flat(earlier.reading.fields), flat(new.fields)
    kept = {name: value for name, value in old.items() if value and not _is_on(value, only)}
    kept |= {name: value for name, value in old.items() if value and not now.get(name)}
    warnings = [one for one in earlier.reading.warnings if one.page not in only]
    warnings += [one for one in new.warnings if one.page in only]
    return replace(new, fields=with_flat(new.fields, kept), warnings=tuple(warnings))


def _is_on(value: Any, pages: frozenset[int]) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(item["page"] in pages for item in items)
