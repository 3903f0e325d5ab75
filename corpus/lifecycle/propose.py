"""Storage of a Reading as rows: pages, the record, recipients, citations and statements;
corpus.records commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from corpus.authority import identity, laws
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import CitationRow, Document, PageText, Recipient, StatementRow
from corpus.database.version_tables import FileVersion
from corpus.document import Citation, Fields, Page, Reading, Statement, Warning, open_questions
from corpus.errors import caution_message
from corpus.json_shapes import (
    Json,
    boxes_to_json,
    fields_from_json,
    fields_to_json,
    pack_words,
    signature_to_json,
    statements_to_json,
)
from corpus.lifecycle import (
    acceptance,
    directions,
    history,
    intake,
    known_signers,
    lessons,
    number_neighbours,
    origins,
    reread,
    settled_citations,
    version_values,
    versions,
)
from corpus.lifecycle.claims import weigh
from corpus.lifecycle.doubt_context import doubts_of
from corpus.lifecycle.doubts import Doubt, asked
from corpus.lifecycle.flat_fields import MANY, flat, with_flat
from corpus.numbering import number
from corpus.numbering.dates import day_of
from corpus.queue import compounds
from corpus.record_fields import BY_NAME, RECORD_FIELDS

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def propose(session: Session, document: Document, reading: Reading, version: FileVersion | None = None) -> str:
    """Store a Reading as the document's proposed record; return the status: `accepted` or `review`.

    A document goes on record without a person only if it was sent in so (`auto_accept`) or the office's rule says
    so, has no open question and no doubt, and was never edited by a person: a person's earlier corrections stay,
    with the new reading as candidates.
    version: the new file that was read, which takes the place of the one before; no rule accepts it.
    """
    rule = None if document.auto_accept or version else acceptance.rule_for(session, document, reading)
    reading_fields = fields_from_json(storable(fields_to_json(reading.fields)))
    touched = settled_citations.touched_rows(session, document.id)
    claims = intake.claims_of(document)
    learned, unconfirmed = weigh(lessons.apply(session, reading_fields), claims, reading.warnings)
    fields, cautions = number_neighbours.weighed(session, document.id, learned)
    fields = known_signers.weighed(session, document.id, fields)
    fields = origins.directed(session, document.id, directions.told(session, fields))
    fields, unexpected = origins.weighed(session, document.id, fields)
    cautions += unexpected
    standing, on_record = document.status in reread.STANDING, document.status == "accepted"
    answered = () if standing else history.answered_for(session, document.id)
    if version is not None:
        fields, told = _of_version(document, reading, fields, ask=not version.keep_values)
        cautions += told
    elif standing:
        fields = reread.merged(session, document, fields)
    else:
        fields = _with_answers(fields, fields_from_json(document.fields or {}), answered)
    passed = reread.passed(document, fields) if on_record else frozenset()
    if version is not None:
        versions.show(session, document, version, len(reading.pages))
    intake.remove_reading(session, document)
    marked = [] if on_record or (version and version.released) else _mark_notes(document)
    document.machine = {
        "fields": fields_to_json(reading_fields),
        "warnings": [*marked, *_warnings_to_json((*reading.warnings, *unconfirmed, *cautions))],
        "statements": statements_to_json(reading.statements),
    }
    intake.keep_claims(document, claims)
    document.signatures = storable([signature_to_json(one) for one in reading.signatures])
    # What is on record has answered its doubts, or a person has passed them.
    found = () if on_record else doubts_of(session, document, fields)
    known: list[Json] = document.machine["warnings"]
    document.machine = {**document.machine, "warnings": [*known, *_warnings_to_json(_to_warnings(found, known))]}
    questions = [one for one in open_questions(replace(reading, fields=fields)) if one not in passed]
    document.questions = list(dict.fromkeys([*questions, *asked(found)]))
    document.page_count = len(reading.pages)
    document.read_at = utc_now()
    document.fault = None
    document.revision += 1
    session.add_all(_page_row(document.id, page) for page in reading.pages)
    compounds.expect(session, document.id, document.revision)
    write_fields(session, document, fields)
    _write_citations(session, document, reading.citations, reading.statements, touched)
    by_itself = (document.auto_accept or rule) and version is None
    ready = on_record or (by_itself and not found and not answered)
    accepted = bool(ready and not document.questions)
    document.status = "accepted" if accepted else "review"
    if not (accepted and on_record):
        document.accepted_at = utc_now() if accepted else None
        document.accepted_by = (acceptance.BY_RULE if rule else document.received_by) if accepted else None
    if accepted and rule:
        # Nobody has looked at its values: nothing is learned from them.
        document.auto_accept = True
    session.flush()
    session.expire(document, ["pages", "recipients", "citations"])
    resolution.resolve(session, document)
    return document.status


def _of_version(
    document: Document, reading: Reading, fields: Fields, *, ask: bool
) -> tuple[Fields, tuple[Warning, ...]]:
    """The record under a new file, and notes of what the file has otherwise."""
    was = fields_from_json((document.machine or {}).get("fields") or {})
    now = fields_from_json(document.fields or {})
    told: list[Warning] = []
    differing = version_values.changed(now, was, fields)
    # Values of one paper are not kept for another: a file with its own number is asked about.
    ask = ask or "number" in differing
    if differing and ask:
        names = ", ".join(BY_NAME[name].label for name in differing)
        told.append(Warning("version_differs", caution_message("version_differs", fields=names)))
    if len(reading.pages) != document.page_count:
        pages = caution_message("version_pages", now=len(reading.pages), was=document.page_count)
        told.append(Warning("version_pages", pages))
    return version_values.carried(now, was, fields, ask=ask), tuple(told)


def _mark_notes(document: Document) -> list[Json]:
    """The note of a secrecy mark on a version, which no other reading answers."""
    return [one for one in (document.machine or {}).get("warnings", []) if one["code"] == versions.MARKED]


def _with_answers(read: Fields, before: Fields, answered: tuple[str, ...]) -> Fields:
    """The new reading with a person's values in place; where it differs from one, it is that field's candidate."""
    old, new = flat(before), flat(read)
    return with_flat(read, {name: _answer(name, old[name], new[name]) for name in answered})


def _answer(name: str, old: Any, new: Any) -> Any:
    if name in MANY or old is None or new is None or new["value"] == old["value"]:
        return old
    return {**old, "review": True, "candidates": [{"value": new["value"], "confidence": new["confidence"]}]}


def _to_warnings(found: tuple[Doubt, ...], known: list[Json]) -> list[Warning]:
    """Doubts as notes of the queue, but for blank fields and twins, which the queue shows by itself."""
    codes = {one["code"] for one in known}
    return [
        Warning(doubt.code, doubt.message())
        for doubt in found
        if doubt.code not in codes and not doubt.code.endswith("_missing") and doubt.code != "number_twin"
    ]


def _warnings_to_json(warnings: Iterable[Warning]) -> list[Json]:
    return [{"code": one.code, "message": storable_text(one.message), "page": one.page} for one in warnings]


def write_fields(session: Session, document: Document, fields: Fields) -> None:
    """Make these fields the record in force: the JSON with its evidence, and the columns that are searched by."""
    document.fields = fields_to_json(fields)
    for field in RECORD_FIELDS:
        if field.column and field.kind == "one":
            setattr(document, field.column, _value(field.of(fields), field.longest))
    parsed = number.parse(document.number) if document.number else None
    document.number_key = parsed.match_key[:100] if parsed else None
    document.symbol = parsed.symbol[:100] if parsed else None
    day = day_of(document.date)
    document.year = day.year if day else (parsed.year if parsed else None)
    key = identity.issuer_key(document.issuer)
    document.issuer_key = key[:200] if key else None
    session.execute(delete(Recipient).where(Recipient.document_id == document.id))
    session.add_all(_recipients(document.id, fields))
    session.flush()
    session.expire(document, ["recipients"])


def storable_text(text: str) -> str:
    """Return the text without the characters that a database refuses (NUL, lone surrogates), same length."""
    return _UNSTORABLE.sub("\ufffd", text)


def _page_row(document_id: int, page: Page) -> PageText:
    return PageText(
        document_id=document_id,
        number=page.number,
        origin=page.origin,
        rotation=page.rotation,
        confidence=page.confidence,
        text=storable_text(page.text),
        words=pack_words(page.words),
    )


def _recipients(document_id: int, fields: Fields) -> list[Recipient]:
    kinds = [(many.column, field) for many in RECORD_FIELDS if many.kind == "many" for field in many.of(fields)]
    return [
        Recipient(document_id=document_id, position=position, kind=kind, value=field.value)
        for position, (kind, field) in enumerate(kinds)
    ]


def _write_citations(
    session: Session,
    document: Document,
    citations: tuple[Citation, ...],
    statements: tuple[Statement, ...],
    touched: list[CitationRow],
) -> None:
    read = [citation_row(document.id, position, citation) for position, citation in enumerate(citations)]
    rows = settled_citations.joined(read, touched)
    # Those with an ID of their own first: none of the others may be given it.
    session.add_all(row for row in rows if row.id is not None)
    session.flush()
    session.add_all(rows)
    session.flush()
    session.add_all(
        StatementRow(
            document_id=document.id,
            subject_id=rows[statement.subject].id,
            relation=statement.relation,
            object_id=rows[statement.object].id,
        )
        for statement in statements
        if statement.subject < len(rows) and statement.object < len(rows)
    )


def citation_row(document_id: int, position: int, citation: Citation) -> CitationRow:
    """A citation as a row of its document, with the keys that it is found by."""
    issuer_key = identity.issuer_key(citation.issuer)
    title_key = laws.law_title_key(citation.title) if citation.title else None
    number_key = number.match_key(citation.number) if citation.number else None
    return CitationRow(
        document_id=document_id,
        position=position,
        printed=storable_text(citation.printed),
        relation=citation.relation,
        doc_type=_short(citation.doc_type, 100),
        number=_short(citation.number, 100),
        number_key=_short(number_key, 100),
        date=_short(citation.date, 10),
        issuer=_short(citation.issuer, 1000),
        issuer_key=_short(issuer_key, 200),
        title=_short(citation.title, 2000),
        title_key=_short(title_key, 300),
        provision=_short(citation.provision, 500),
        page=citation.page,
        boxes=boxes_to_json(citation.boxes),
        start=citation.start,
        confidence=citation.confidence,
        review=citation.review,
    )


def _value(field: Any, limit: int | None = None) -> str | None:
    """A field's value as a column takes it; an empty one is none."""
    return _short(field.value, limit) if field is not None and field.value else None


def _short(text: str | None, limit: int | None) -> str | None:
    return None if text is None else storable_text(text)[:limit]


def storable(data: Any) -> Any:
    """JSON without the characters that a database refuses."""
    if isinstance(data, str):
        return storable_text(data)
    if isinstance(data, dict):
        return {key: storable(value) for key, value in data.items()}
    return [storable(item) for item in data] if isinstance(data, list) else data
