"""Place and date of the head (`Kiên Giang, ngày 05 tháng 3 năm 2018`):
print from OCR, handwriting from the digit net.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from corpus.authority.provinces import province_named
from corpus.document import Candidate, Field
from corpus.numbering import dates
from corpus.vietnamese.fold import fold
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.decision import YEAR_CLEAR, Decision, FigureReadings, decide, decide_year
from ingest.handwriting.decision import parts as parts_of
from ingest.handwriting.reading import DigitReading, HandwrittenFields
from ingest.secondreader.grammar import DateLine
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at, line_box, trimmed
from ingest.text.rows import Row

_DAY = (re.compile(r"nga[yv]"), re.compile(r"\bnga\w?(?=\W)(?<!ngai)|\bgay\b|\bn[gqpe]ay"))
_MONTH = re.compile(r"t?ha[nm][gq]|\bthang|t[hn]ang")
_YEAR = re.compile(r"n[aă][mn]\b\D{0,3}|\bnam\D{0,3}")
_FIGURE = re.compile(r"[\dOoQlI|\]\[}!]{1,2}")
_TO_DIGIT = str.maketrans("OoQlI|][}!", "0001111111")
_EARLIEST = 1945
"""First year of a document."""
_ADOPTED_TYPES = frozenset({"Luật", "Bộ luật", "Hiến pháp", "Pháp lệnh", "Nghị quyết"})
"""Types whose date of adoption is printed at the end."""
_ADOPTED = re.compile(
    r"(?:luat|hien phap|phap lenh|nghi quyet) nay (?:da )?duoc [^.;]{4,160}?thong qua (?=ngay |vao ngay )"
)
_ADOPTED_SURE = 0.8
"""OCR's confidence (0 to 1) below which a person looks at a date of adoption."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """OCR's reading of the line: span of the place, day and month as figures, year;
    None for each it read no figure of.
    """

    place: tuple[int, int] | None
    day: str | None
    month: str | None
    year: int | None
    span: tuple[int, int]


def read_date(
    text: Text, row: Row | None, hand: HandwrittenFields, signed_at: Sequence[datetime.datetime] = ()
) -> Field | None:
    """The date of issue; None if the line has no year or no witness gives the day or month."""
    if row is None:
        return None
    parts = _parts(row)
    if hand.day is None and hand.month is None:
        return _from_text(text, row)
    year = _years(parts.year, hand, confidence_at(text, row.end - 5, row.end) > YEAR_CLEAR)
    day, month = _figures(parts, hand, text, row)
    found = sorted(_dates(year, month, day, signed_at), key=lambda c: -c.confidence)
    if not found:
        return None
    first = found[0]
    agrees = bool(day.candidates) and int(first.value[8:]) == int(day.candidates[0].value)
    review = not (day.sure and month.sure and year.sure and agrees)
    box = line_box(row, hand.day.box) if hand.day else ()
    rule = "date.printed" if hand.day is None or hand.day.printed else "date.handwritten"
    return Field(
        first.value,
        row.text.strip(),
        first.confidence,
        review,
        row.page,
        box,
        rule,
        tuple(found[:5]) if review else (),
    )


def read_adoption(text: Text, doc_type: str | None) -> Field | None:
    """The date of a law whose head has none: the day of adoption in its closing sentence (`thông qua ngày …`).

    Laws and resolutions of the National Assembly (Quốc hội) and its standing committee print it nowhere else
    (documents.md 1.2 and 9).
    """
    if doc_type not in _ADOPTED_TYPES:
        return None
    said = list(_ADOPTED.finditer(fold(text.value)))
    if not said:
        return None
    behind = text.value[said[-1].end() : said[-1].end() + 40]
    found = next((date for date in dates.find(behind) if date.iso and not date.flags and date.start < 3), None)
    if found is None or found.iso is None:
        return None
    start = said[-1].end() + found.start
    sure = confidence_at(text, start, start + found.end - found.start)
    return field_at(
        text, found.iso, (start, start + found.end - found.start), "date.adopted", review=sure < _ADOPTED_SURE
    )


def read_place(text: Text, row: Row | None) -> Field | None:
    """The place of issue (địa danh) before the date; a province's name as its table writes it. None for none."""
    span = _parts(row).place if row is not None else None
    if span is None:
        return None
    start, end = trimmed(text, *span)
    printed = " ".join(text.value[start:end].split())
    if sum(char.isalpha() for char in printed) < 3:
        return None
    known = province_named(printed)
    value = known.name if known and fold(known.name) == fold(printed) else printed
    sure = confidence_at(text, start, end)
    return field_at(text, value, (start, end), "place.head", review=known is None and sure < 0.6)


def _from_text(text: Text, row: Row) -> Field | None:
    found = next(
        (date for date in dates.find_behind_place(row.text) if date.iso and "lunar" not in date.flags), None
    )
    if found is None or found.iso is None:
        return None
    span = (row.start + found.start, row.start + found.end)
    return field_at(text, found.iso, span, "date.text", review=bool(found.flags))


def _parts(row: Row) -> _Parts:
    """The line cut at its three printed words."""
    folded = row.folded
    days = (m for pattern in _DAY for m in pattern.finditer(folded) if m.end() < len(folded) - 8)
    day = next(days, None)
    month = next((m for m in _MONTH.finditer(folded) if day is None or m.start() >= day.end()), None)
    year = next((m for m in _YEAR.finditer(folded) if month is None or m.start() >= month.end()), None)
    place_end = day.start() if day else folded.find(",") if "," in folded else None
    place = (row.start, row.start + place_end) if place_end else None
    between = row.text[day.end() : month.start()] if day and month else ""
    months = row.text[month.end() : year.start()] if month and year else ""
    return _Parts(
        place, _figure(between), _figure(months), _year(row.text, year.end() if year else 0), (row.start, row.end)
    )


def _figure(printed: str) -> str | None:
    """A lone figure between two words, with OCR's letters for ones and zeros replaced."""
    bare = printed.strip(" .,:;_'`-–—")
    if not _FIGURE.fullmatch(bare) or not any(char.isdigit() for char in bare):
        return None
    return str(int(bare.translate(_TO_DIGIT)))


def _year(printed: str, start: int) -> int | None:
    behind = printed[start:].replace(" ", "").translate(_TO_DIGIT)
    found = re.search(r"(?:19|20)\d\d", behind) or re.search(r"(?:19|20)\d\d(?!.*(?:19|20)\d\d)", printed)
    year = int(found.group()) if found else 0
    return year if _EARLIEST <= year <= datetime.date.today().year + 1 else None


def _figures(parts: _Parts, hand: HandwrittenFields, text: Text, row: Row) -> tuple[Decision, Decision]:
    """Day and month decided from all witnesses."""
    clear = confidence_at(text, row.start, row.end)
    both = None if hand.date_line is None else hand.date_line.candidates(DateLine())

    def decided(kind: Kind, digits: DigitReading | None, seen: str | None, at: int) -> Decision:
        if digits is not None and digits.given:
            return Decision(digits.candidates, True)
        second = None if both is None else parts_of(both, at)
        if digits is None:
            return decide(FigureReadings(kind, (), second, seen, clear, False, False))
        return decide(FigureReadings(kind, digits.candidates, second, seen, clear, digits.printed, digits.sure))

    return decided("day", hand.day, parts.day, 0), decided("month", hand.month, parts.month, 1)


def _years(printed: int | None, hand: HandwrittenFields, clear: bool) -> Decision:
    """The year decided from OCR and the second reader:
    it is printed, and a misread year was the commonest silent fault.
    """
    second = hand.date_line.year(datetime.date.today().year + 1) if hand.date_line else None
    return decide_year(None if printed is None else str(printed), clear, second)


def _dates(
    year: Decision, month: Decision, day: Decision, signed_at: Sequence[datetime.datetime]
) -> Iterator[Candidate]:
    """The possible days: they are in the calendar, and not later than the file was signed."""
    signed = min((moment.date() for moment in signed_at), default=None)
    for years, months, days in product(year.candidates[:2], month.candidates[:3], day.candidates):
        try:
            date = datetime.date(int(years.value), int(months.value), int(days.value))
        except ValueError:
            continue
        if signed is None or date <= signed:
            yield Candidate(date.isoformat(), round(years.confidence * months.confidence * days.confidence, 4))
