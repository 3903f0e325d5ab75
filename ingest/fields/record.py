"""The record of a document from its text and layout:
each field by its own module, in the order of their dependencies.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace

from corpus.authority.doc_types import doc_type_of
from corpus.authority.eras import existed
from corpus.document import Box, Field, Fields, Warning
from corpus.numbering.number import Number, parse
from corpus.vietnamese.lookalikes import plain_d
from ingest.cautions import make_warning
from ingest.fields.authority import SeenBlock
from ingest.fields.date import read_adoption, read_date, read_place
from ingest.fields.drawn import drawn_by, with_given
from ingest.fields.effect import read_effect
from ingest.fields.issuer import printed_issuer, read_issuer
from ingest.fields.marks import read_arrival, read_incoming, read_urgency
from ingest.fields.number import NumberRead, read_number
from ingest.fields.recipients import read_addressees, read_recipients
from ingest.fields.signer import read_signer
from ingest.fields.symbol import issuer_codes
from ingest.files.page import DrawnWord
from ingest.handwriting.reading import HandwrittenFields
from ingest.layout.closing import Closing, closing_of
from ingest.layout.heading import Heading, heading_of, is_lopsided
from ingest.layout.letterhead import Letterhead, letterhead_of
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at, is_disputed, trimmed
from ingest.text.rows import Row, rows_of
from ingest.text.spread import unfolded
from ingest.text.syllables import strange_words

_STRAY = re.compile(r"^\S{1,4}(?: \S{1,4})? (?=[Vv]ề ?việc )")
"""Specks of a stamp before the words that open a subject."""
_STAMPED = re.compile(r"^[^|]{1,40}\|\s*(?=[A-ZĐÀ-Ỹ])")
"""Words of a stamp up to the edge of its frame, which was read as a bar."""
_NO_SUBJECT = re.compile(r"\d{5}|[+=<>@©®]")
"""Figures and signs of a receiver's stamp (`10112024`)."""
_LETTER = re.compile("[^\\W_\u02b0-\u02ff]").search
"""A letter or digit, without the spacing marks (`ˆ`) that Unicode counts as letters."""
_SIGNS = frozenset(("-", "–", "—", "&", "/", "…", "..."))
"""Signs that are separate words in a subject; other signs without a letter are specks."""
_LIGATURES = {ord(one): letters for one, letters in zip("ﬁﬂﬀﬃﬄ", ("fi", "fl", "ff", "ffi", "ffl"), strict=True)}
"""Ligatures of PDFs → the letters that people type."""
_DOUBTFUL = 0.62
"""Confidence (0 to 1) below which a subject goes to review."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a document and its parts: head, heading and closing."""

    rows: tuple[Row, ...]
    head: Letterhead
    heading: Heading
    closing: Closing


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """Evidence other than text: pen and ink of page 1, frames read on it, PDF signing times,
    the file's name if allowed.

    `drawn` has each word that a form field draws (the clerk's number and day) with its page; `block` the lines of
    authority and title as the second reader read them.
    """

    hand: HandwrittenFields = field(default_factory=HandwrittenFields)
    stamped: tuple[str, ...] = ()
    signed_at: tuple[datetime.datetime, ...] = ()
    name: str | None = None
    drawn: tuple[tuple[int, DrawnWord], ...] = ()
    block: SeenBlock | None = None
    unlaid: tuple[tuple[int, Box], ...] = ()
    """Page and place of print that a page shows and its text lacks."""


def layout_of(text: Text) -> Layout:
    """Head, heading and closing of a document."""
    rows = rows_of(unfolded(text))
    head = letterhead_of(rows)
    heading = heading_of(rows, head)
    return Layout(rows, head, heading, closing_of(rows, heading.last + 1))


def read_fields(
    text: Text, layout: Layout, witnesses: FieldEvidence | None = None
) -> tuple[Fields, tuple[Warning, ...]]:
    """All fields and their warnings."""
    witnesses = witnesses or FieldEvidence()
    head, heading = layout.head, layout.heading
    hand = with_given(witnesses.hand, text, head, witnesses.drawn)
    place = read_place(text, head.date)
    date = read_date(text, head.date, hand, witnesses.signed_at) or read_adoption(text, heading.doc_type)
    type_word = heading.doc_type or ("Công văn" if heading.letter else None)
    number = read_number(text, head, type_word, printed_issuer(head), hand, witnesses.name)
    number = replace(number, field=drawn_by(number.field, witnesses.drawn, "number"))
    if number.caution == "number_blank" and _is_inked(head.number, witnesses.unlaid):
        number = replace(number, caution="number_missing")
    date = drawn_by(date, witnesses.drawn, "date")
    own = printed_issuer(head)
    doc_type = _doc_type(text, heading, number, own)
    bodies = read_issuer(text, head, _value(number.field), _value(place), _value(date))
    issuer, strange = _of_its_time(bodies.issuer, date)
    incoming = read_incoming(text, layout.rows)
    fields = Fields(
        number=_check_number(number.field, doc_type, date, own),
        date=date,
        place=place,
        issuer=issuer,
        superior=bodies.superior,
        doc_type=doc_type,
        subject=_subject(text, heading),
        addressees=read_addressees(text, heading),
        recipients=read_recipients(text, layout.closing),
        signer=read_signer(text, layout.closing.signature, witnesses.block),
        urgency=read_urgency(text, layout.rows, witnesses.stamped),
        incoming=incoming,
        effective=read_effect(text, date),
        direction=read_arrival(text, layout.rows, incoming),
    )
    return fields, (*_warnings(number), *strange)


def _is_inked(row: Row | None, unlaid: tuple[tuple[int, Box], ...]) -> bool:
    """True if a page shows print on the number's line that its text lacks: the number is unread, not blank."""
    if row is None or row.box is None:
        return False
    return any(page == row.page and row.box.overlaps(box) for page, box in unlaid)


def _of_its_time(issuer: Field | None, date: Field | None) -> tuple[Field | None, tuple[Warning, ...]]:
    """The issuer, for review if by the tables no such body existed on the paper's day:
    one of the two is misread.
    """
    if issuer is None or date is None or existed(issuer.value, date.value):
        return issuer, ()
    return replace(issuer, review=True), (make_warning("body_not_of_its_time", body=issuer.value),)


def _value(field: Field | None) -> str | None:
    return field.value if field else None


def _coded_type(number: Number | None, issuer: str) -> str | None:
    """The type that a number's first code means; None if it is the issuer's own (`9001/CT-CS` of CỤC THUẾ)."""
    if number is None or not number.type_code:
        return None
    own = issuer_codes(issuer)
    if number.type_code in own and not any(code in own for code in number.issuer_codes):
        return None
    return doc_type_of(number.type_code, number.family)


def _doc_type(text: Text, heading: Heading, number: NumberRead, issuer: str) -> Field | None:
    """The printed type; without one, the type of the symbol or of a `V/v`."""
    if heading.kind is not None and heading.doc_type is not None:
        end = (
            heading.subject_start
            if heading.kind.start < heading.subject_start <= heading.kind.end
            else heading.kind.end
        )
        span = trimmed(text, heading.kind.start, end)
        return field_at(text, heading.doc_type, span, "doc_type.title", review=not heading.sure)
    parsed = parse(number.field.value) if number.field else None
    coded = _coded_type(parsed, issuer)
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


def _check_number(number: Field | None, doc_type: Field | None, date: Field | None, issuer: str) -> Field | None:
    """The number, for review if its type's code or its year contradicts the paper."""
    parsed = parse(number.value, type_word=_value(doc_type)) if number else None
    if number is None or parsed is None or number.review:
        return number
    coded = _coded_type(parsed, issuer)
    contradicted = (
        coded is not None and doc_type is not None and not _same_kind(coded, doc_type.value, parsed.type_code)
    )
    misdated = parsed.year is not None and date is not None and not date.value.startswith(str(parsed.year))
    return replace(number, review=True) if contradicted or misdated else number


def _same_kind(coded: str, printed: str, code: str | None) -> bool:
    """True if the printed type may have the code: `QĐ` is Quyết định and, with the Party, Quy định."""
    return coded == printed or any(doc_type_of(code, family) == printed for family in ("state", "party", "old"))


def _subject(text: Text, heading: Heading) -> Field | None:
    """The subject (trích yếu), its lines joined, without `V/v`."""
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
    value = re.sub(
        r"^([Vv]ề)(?=việc\b)", r"\1 ", plain_d(value).translate(_LIGATURES).lstrip(" .:,;-–—_'\"/\\").strip()
    )
    value = re.sub(r"^[Vv]\s?/\s?[Vv]\b[\s:.]*", "", _without_strays(value))
    stamped = _STAMPED.match(value)
    if stamped is not None and (strange_words(stamped.group()) or _NO_SUBJECT.search(stamped.group())):
        value = value[stamped.end() :]
    sure = min(confidence_at(text, start, end) for start, end in spans)
    disputed = any(is_disputed(text, start, end) for start, end in spans)
    odd = bool(stamped) or bool(strange_words(value)) or is_lopsided(heading)
    doubtful = sure < _DOUBTFUL or disputed or odd
    return field_at(text, value, (spans[0][0], spans[-1][1]), "subject.heading", sure=sure, review=doubtful)


def _without_strays(value: str) -> str:
    """The subject without specks before `Về việc`, and with the blank that was lost there."""
    stray = _STRAY.match(value)
    if stray is not None and (strange_words(stray.group()) or value.startswith("Về việc", stray.end())):
        value = value[stray.end() :]
    return re.sub(r"^([Vv]ề)(?=việc\b)", r"\1 ", value)


def _warnings(number: NumberRead) -> tuple[Warning, ...]:
    return (make_warning(number.caution),) if number.caution else ()
