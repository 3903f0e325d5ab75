"""The record of a document from its text and layout: each field by its own module, in the order they need each other."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace

from corpus.authority.doc_types import doc_type_of
from corpus.authority.eras import existed
from corpus.document import Box, Field, Fields, Warning
from corpus.numbering.number import parse
from ingest.cautions import caution
from ingest.fields.date import read_adoption, read_date, read_place
from ingest.fields.effect import read_effect
from ingest.fields.issuer import printed_issuer, read_issuer
from ingest.fields.marks import read_incoming, read_urgency
from ingest.fields.number import NumberRead, read_number
from ingest.fields.recipients import read_addressees, read_recipients
from ingest.fields.signer import read_signer
from ingest.handwriting.reading import Hand
from ingest.layout.closing import Closing, closing_of
from ingest.layout.heading import Heading, heading_of, is_lopsided
from ingest.layout.letterhead import Letterhead, letterhead_of
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at, trimmed
from ingest.text.rows import Row, rows_of
from ingest.text.syllables import strange_words

_STRAY = re.compile(r"^\S{1,4}(?: \S{1,4})? (?=Về việc )")
"""Specks of a stamp before the words that open a subject."""
_LETTER = re.compile("[^\\W_\u02b0-\u02ff]").search
"""A letter or digit; of the spacing marks (`ˆ`) Unicode says that they are letters too."""
_SIGNS = frozenset(("-", "–", "—", "&", "/", "…", "..."))
"""What stands by itself between the words of a subject; other signs without a letter are specks."""
_DOUBTFUL = 0.62


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a document and what stands where on it."""

    rows: tuple[Row, ...]
    head: Letterhead
    heading: Heading
    closing: Closing


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What is known beside the text: pen and ink of page 1, frames read on it, signing times, the file's name if allowed.

    `drawn` holds page and box of each word that a form field draws (the clerk's number and day).
    """

    hand: Hand = field(default_factory=Hand)
    stamped: tuple[str, ...] = ()
    signed_at: tuple[datetime.datetime, ...] = ()
    name: str | None = None
    drawn: tuple[tuple[int, Box], ...] = ()


def layout_of(text: Text) -> Layout:
    """Head, heading and closing of a document."""
    rows = rows_of(text)
    head = letterhead_of(rows)
    heading = heading_of(rows, head)
    return Layout(rows, head, heading, closing_of(rows, heading.last + 1))


def read_fields(
    text: Text, layout: Layout, witnesses: Witnesses | None = None
) -> tuple[Fields, tuple[Warning, ...]]:
    """All fields and the warnings they give rise to."""
    witnesses = witnesses or Witnesses()
    head, heading = layout.head, layout.heading
    place = read_place(text, head.date)
    date = read_date(text, head.date, witnesses.hand, witnesses.signed_at) or read_adoption(text, heading.doc_type)
    type_word = heading.doc_type or ("Công văn" if heading.letter else None)
    number = read_number(text, head, type_word, printed_issuer(head), witnesses.hand, witnesses.name)
    number = replace(number, field=_signed(number.field, witnesses.drawn, "number.signed"))
    date = _signed(date, witnesses.drawn, "date.signed")
    doc_type = _doc_type(text, heading, number)
    bodies = read_issuer(text, head, _value(number.field), _value(place), _value(date))
    issuer, strange = _of_its_time(bodies.issuer, date)
    fields = Fields(
        number=_checked(number.field, doc_type, date),
        date=date,
        place=place,
        issuer=issuer,
        superior=bodies.superior,
        doc_type=doc_type,
        subject=_subject(text, heading),
        addressees=read_addressees(text, heading),
        recipients=read_recipients(text, layout.closing),
        signer=read_signer(text, layout.closing.signature),
        urgency=read_urgency(text, layout.rows, witnesses.stamped),
        incoming=read_incoming(text, layout.rows),
        effective=read_effect(text, date),
    )
    return fields, (*_warnings(number), *strange)


def _of_its_time(issuer: Field | None, date: Field | None) -> tuple[Field | None, tuple[Warning, ...]]:
    """The issuer, a question where by the tables no such body existed on the paper's day: one of the two is misread."""
    if issuer is None or date is None or existed(issuer.value, date.value):
        return issuer, ()
    return replace(issuer, review=True), (caution("body_not_of_its_time", body=issuer.value),)


def _signed(field: Field | None, drawn: tuple[tuple[int, Box], ...], rule: str) -> Field | None:
    """The field with the boxes that a clerk's signature fields draw of it as its evidence; unchanged without any."""
    if field is None or field.review:
        return field
    mine = tuple(box for page, box in drawn if page == field.page and any(_meet(box, own) for own in field.boxes))
    return replace(field, rule=rule, confidence=1.0, boxes=mine) if mine else field


def _meet(one: Box, other: Box) -> bool:
    """True if two boxes overlap."""
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > 0


def _value(field: Field | None) -> str | None:
    return field.value if field else None


def _doc_type(text: Text, heading: Heading, number: NumberRead) -> Field | None:
    """The printed type; without one, what the symbol or a `V/v` says."""
    if heading.kind is not None and heading.doc_type is not None:
        end = (
            heading.subject_start
            if heading.kind.start < heading.subject_start <= heading.kind.end
            else heading.kind.end
        )
        span = trimmed(text, heading.kind.start, end)
        return field_at(text, heading.doc_type, span, "doc_type.title", review=not heading.sure)
    parsed = parse(number.field.value) if number.field else None
    coded = doc_type_of(parsed.type_code, parsed.family) if parsed and parsed.type_code else None
    page = heading.to.page if heading.to else 1
    if heading.letter or (heading.to is not None and coded is None):
        return Field(
            "Công văn",
            "V/v" if heading.letter else "Kính gửi",
            0.95,
            coded is not None,
            page,
            (),
            "doc_type.letter",
        )
    if coded is not None and number.field is not None:
        return replace(
            number.field, value=coded, rule="doc_type.symbol", candidates=(), confidence=0.8, review=True
        )
    if parsed is not None and parsed.family == "cv":
        return Field("Công văn", parsed.symbol, 0.8, True, page, (), "doc_type.symbol")
    return None


def _checked(number: Field | None, doc_type: Field | None, date: Field | None) -> Field | None:
    """The number, for a person to see when its type's code or its year contradicts the paper."""
    parsed = parse(number.value, type_word=_value(doc_type)) if number else None
    if number is None or parsed is None or number.review:
        return number
    coded = doc_type_of(parsed.type_code, parsed.family) if parsed.type_code else None
    contradicted = (
        coded is not None and doc_type is not None and not _same_kind(coded, doc_type.value, parsed.type_code)
    )
    misdated = parsed.year is not None and date is not None and not date.value.startswith(str(parsed.year))
    return replace(number, review=True) if contradicted or misdated else number


def _same_kind(coded: str, printed: str, code: str | None) -> bool:
    """Whether the printed type may carry the code: `QĐ` is Quyết định and, with the Party, Quy định."""
    return coded == printed or any(doc_type_of(code, family) == printed for family in ("state", "party", "old"))


def _subject(text: Text, heading: Heading) -> Field | None:
    """Trích yếu, its lines joined, without `V/v`."""
    if not heading.subject:
        return None
    begin = heading.subject_start
    starts = [begin if row.start <= begin <= row.end else row.start for row in heading.subject]
    spans = [
        trimmed(text, start, row.end, " \t\n~|_`^¬°*") for start, row in zip(starts, heading.subject, strict=True)
    ]
    spans = [(start, end) for start, end in spans if _LETTER(text.value, start, end)]
    if not spans:
        return None
    words = (word for start, end in spans for word in text.value[start:end].split())
    value = " ".join(word for word in words if word in _SIGNS or _LETTER(word))
    value = re.sub(r"^([Vv]ề)(?=việc\b)", r"\1 ", value.lstrip(" .:,;-–—_'\"/\\").strip())
    value = _STRAY.sub("", value)
    sure = min(confidence_at(text, start, end) for start, end in spans)
    doubtful = sure < _DOUBTFUL or bool(strange_words(value)) or is_lopsided(heading)
    return field_at(text, value, (spans[0][0], spans[-1][1]), "subject.heading", sure=sure, review=doubtful)


def _warnings(number: NumberRead) -> tuple[Warning, ...]:
    return (caution(number.caution),) if number.caution else ()
