"""Doubts about a record (điểm đáng ngờ) before it goes on record:
a pure check of its fields against what surrounds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.authority.bodies import bodies_by_code, known_body
from corpus.authority.doc_types import doc_type_named
from corpus.authority.identity import issuer_key
from corpus.document import Fields, is_unnumbered
from corpus.errors import Language, caution_message
from corpus.lifecycle.number_neighbours import Neighbours
from corpus.numbering.dates import day_of
from corpus.numbering.number import Number, parse
from corpus.numbering.symbol import bodies, codes_of, state_types
from corpus.record_fields import BY_NAME, REQUIRED
from corpus.tables import rows
from corpus.vietnamese.fold import fold

ASKED = frozenset(
    {"number_missing", "number_blank", "number_ill_formed", "number_type_differs", "number_issuer_differs",
     "number_out_of_run", "number_twin", "date_missing", "date_implausible", "doc_type_missing",
     "doc_type_unknown",
     "issuer_missing", "subject_missing", "signer_missing", "urgency_unknown", "page_unreadable", "version_marked"}
)  # fmt: skip
"""Codes of all doubts."""
FIRST_DAY = date(1945, 9, 2)
"""Independence (Quốc khánh): no document of the State is older."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to ask; `fields` are those it may be cured in, the first the one to look at."""

    code: str
    fields: tuple[str, ...]
    page: int | None = None

    def message(self, language: Language = "vi") -> str:
        return caution_message(self.code, language, page=self.page)


@dataclass(frozen=True, slots=True)
class Context:
    """Context of a record in the store. `unread`: its pages that could not be read."""

    today: date
    neighbours: Neighbours | None = None
    has_twin: bool = False
    unread: tuple[int, ...] = ()
    marked: bool = False
    """True if a secrecy mark was seen on a new version of its file."""


def doubts(record: Fields, context: Context) -> tuple[Doubt, ...]:
    """Every doubt about the record, in the order of its fields; () when it may go on record by itself."""
    kind = record.doc_type.value if record.doc_type else None
    number = _number(record, kind)
    found = [
        *_blank(record),
        *_number_itself(record, number),
        *_symbol(number, kind, record),
        *_day(record, context),
    ]
    if kind and doc_type_named(kind) is None:
        found.append(Doubt("doc_type_unknown", ("doc_type",)))
    if record.urgency and record.urgency.value and fold(record.urgency.value) not in _marks():
        found.append(Doubt("urgency_unknown", ("urgency",)))
    if number is not None and number.ordinal is not None:
        if context.neighbours is not None and not context.neighbours.fit(number.ordinal):
            found.append(Doubt("number_out_of_run", ("number", "date", "issuer")))
        if context.has_twin:
            found.append(Doubt("number_twin", ("number", "issuer", "date")))
    if context.marked:
        found.append(Doubt("version_marked", ()))
    return (*found, *(Doubt("page_unreadable", (), page) for page in context.unread))


def asked(found: tuple[Doubt, ...]) -> list[str]:
    """Names of doubts as open questions of a document (corpus.document.open_questions)."""
    return [BY_NAME[doubt.fields[0]].question for doubt in found if doubt.fields]


def _blank(record: Fields) -> Iterator[Doubt]:
    unnumbered = is_unnumbered(record)
    for field in REQUIRED:
        if unnumbered and field.name == "number":
            continue
        value = field.of(record)
        if value is None or not value.value:
            yield Doubt(f"{field.name}_missing", (field.name,))
    if unnumbered:
        return
    if record.signer.name is None or not record.signer.name.value:
        yield Doubt("signer_missing", ("signer_name",))


def _number(record: Fields, kind: str | None) -> Number | None:
    """The number by the grammar of its family, in the light of the document's type."""
    if record.number is None or not record.number.value:
        return None
    return parse(record.number.value, type_word=kind) or parse(record.number.value)


def _number_itself(record: Fields, number: Number | None) -> Iterator[Doubt]:
    if record.number is None or not record.number.value:
        return
    if number is not None and number.family == "blank":
        yield Doubt("number_blank", ("number",))
    elif number is None or not number.ordinal:
        yield Doubt("number_ill_formed", ("number",))


def _symbol(number: Number | None, kind: str | None, record: Fields) -> Iterator[Doubt]:
    """The symbol (ký hiệu) against the type and the issuer (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3)."""
    if number is None:
        return
    if kind and not _fits_type(number, kind):
        yield Doubt("number_type_differs", ("number", "doc_type"))
    if record.issuer and not _fits_issuer(number, record.issuer.value):
        yield Doubt("number_issuer_differs", ("number", "issuer"))


def _fits_type(number: Number, kind: str) -> bool:
    """True if the symbol may open so in a document of this type; numbers of the National Assembly name no type."""
    if number.family in ("qh", "standard") or doc_type_named(kind) is None:
        return True
    first = re.split("[-/]", number.symbol)[0]
    codes = codes_of(kind)
    if fold(kind) == "cong van":
        return first in codes or first not in state_types() or first in bodies()
    return not codes or fold(first) in {fold(code) for code in codes}


def _fits_issuer(number: Number, issuer: str) -> bool:
    """True if the issuer fits the symbol: False only if all its codes and the issuer are known bodies,
    and differ.
    """
    meant = [body for code in number.issuer_codes for body in bodies_by_code().get(code, ())]
    if not meant or any(code not in bodies() for code in number.issuer_codes):
        return True
    key = issuer_key(issuer)
    body, _ = known_body(key) if key else (None, "")
    return body is None or any(_same(body.name, other.name) for other in meant)


def _same(one: str, other: str) -> bool:
    """True if two names of the authority table are of one body or its organ (`Văn phòng Ủy ban nhân dân`)."""
    first, second = issuer_key(one) or "", issuer_key(other) or ""
    return first == second or first in second or second in first


def _day(record: Fields, context: Context) -> Iterator[Doubt]:
    if record.date is None or not record.date.value:
        return
    day = day_of(record.date.value)
    if day is None or not FIRST_DAY <= day <= context.today + timedelta(days=1):
        yield Doubt("date_implausible", ("date",))


def _marks() -> frozenset[str]:
    return frozenset(fold(row["mark"]) for row in rows("urgency"))
