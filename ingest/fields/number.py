"""The document's number: digits and symbol of the number line from all witnesses, never silently wrong.

Witnesses: the readings of the same place by the digit net, the second reader and OCR (weighed in
ingest.handwriting.decision), a printed second mention of the number (`Kèm theo Quyết định số …`), and, if asked
for, the file's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.authority.doc_types import reference_words
from corpus.document import Candidate, Field
from corpus.numbering.number import Number, match_key, parse
from corpus.numbering.number import find as find_numbers
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from corpus.vietnamese.lookalikes import plain
from ingest.fields.symbol import SymbolRead, read_symbol
from ingest.handwriting.decision import CANDIDATES, Decision, FigureReadings, decide, with_mention, with_name
from ingest.handwriting.reading import DigitReading, HandwrittenFields
from ingest.layout.letterhead import Letterhead
from ingest.secondreader.grammar import NumberLine
from ingest.secondreader.reader import LineLook
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at, line_box
from ingest.text.rows import Row

_LABEL = re.compile(r"^\W{0,3}(?:[a-z]+\s){0,2}s?[o06][:;.,\s]*|^\W{0,3}\w{1,3}\s?[:;.]\s*")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}/)")
"""The dot of a number from a thousand on (`1.247/KH-SNV`): a way of writing, not a correction."""
_BEHIND_BLANK = re.compile(r"\s[A-ZĐ]{2,8}(?:[-–][A-ZĐ][\w&]{0,9})+(?=\s*$)")
"""The rest of a symbol behind a blank, as some firms print theirs (`3456/EVN SPC-KT`)."""
_TO_DIGIT = str.maketrans("OoQlI|", "000111")


@cache
def _own() -> re.Pattern[str]:
    """Words before the document's own number in its text: `Kèm theo Quyết định số …`."""
    return re.compile(rf"{any_of(map(fold, reference_words('attached')))}[^\n]{{0,60}}$")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """The field, and its warning: `number_missing`, `number_blank`, `number_handwritten` or None."""

    field: Field | None
    caution: str | None = None


def read_number(
    text: Text,
    head: Letterhead,
    type_word: str | None,
    issuer: str,
    hand: HandwrittenFields,
    name: str | None = None,
) -> NumberRead:
    """The number of the document. `name` is the file's name if it may be used as a hint."""
    row = head.number
    if row is None:
        return NumberRead(None, "number_missing")
    whole, digits = _parse(row.text, type_word), hand.number
    if digits is None:
        return _from_text(text, row, whole)
    symbol = read_symbol(row.text, type_word, issuer)
    if symbol is None:
        return _without_symbol(text, row, digits)
    return _from_scan(text, row, symbol, digits, hand.number_line, name)


def _parse(printed: str, type_word: str | None) -> Number | None:
    number = parse(printed, type_word=type_word)
    return number if number else next((found.number for found in find_numbers(printed)), None)


def _from_text(text: Text, row: Row, number: Number | None) -> NumberRead:
    """The number of a page with text of its own, whose letters are taken as they are."""
    if number is None:
        return NumberRead(None, "number_missing")
    if number.ordinal is None:
        return NumberRead(None, "number_blank")
    span = _span_of(row, number.raw)
    if (rest := _BEHIND_BLANK.match(row.text, span[1] - row.start)) is not None:
        whole = parse("".join(f"{number.raw}{rest.group()}".split()))
        if whole is not None and whole.canonical.startswith(number.canonical):
            behind = (span[0], row.start + rest.end())
            return NumberRead(field_at(text, whole.canonical, behind, "number.text", review=True))
    mended = match_key(number.raw) is None or "".join(number.raw.split()) not in ("", number.canonical)
    doubtful = mended and fold("".join(number.raw.split())) != fold(number.canonical) and _was_altered(number)
    return NumberRead(field_at(text, number.canonical, span, "number.text", review=doubtful))


def _was_altered(number: Number) -> bool:
    """True if reading the number took more than dropping its label and blanks."""
    raw = "".join(re.sub(r"^\W*(?:\w+\s+){0,2}[Ss]ố\s*:?", "", plain(number.raw).text).split())
    return fold(_THOUSANDS.sub("", raw)) != fold(number.canonical)


def _span_of(row: Row, raw: str) -> tuple[int, int]:
    at = row.text.find(raw)
    start = row.start + at if at >= 0 else row.start
    return start, (start + len(raw) if at >= 0 else row.end)


def _from_scan(
    text: Text, row: Row, symbol: SymbolRead, digits: DigitReading, line: LineLook | None, name: str | None
) -> NumberRead:
    """The number from the digits of the net, of the second reader and of OCR, joined to the symbol."""
    label = _LABEL.match(row.folded)
    between = row.text[label.end() if label else 0 : symbol.start]
    seen = _digits_in(between)
    decided = _decide(text, row, digits, seen, symbol, line)
    if digits.given and re.sub(r"\D", "", between).lstrip("0") not in ("", *_bare(digits)):
        # The paper has figures of its own at the blank that the field fills.
        decided = Decision(decided.candidates, False)
    decided = _with_mention(text, decided, symbol, row)
    if name is not None:
        decided = _with_name(decided, name, symbol)
    found = decided.candidates
    if not found:
        return NumberRead(None, "number_blank" if not between.strip(" .…_:") else "number_missing")
    candidates = tuple(Candidate(_whole_number(c.value, symbol), c.confidence) for c in found)
    review = not (decided.sure and symbol.sure)
    field = Field(
        candidates[0].value, row.text.strip(), candidates[0].confidence, review, row.page,
        line_box(row, digits.box),
        "number.printed" if digits.printed else "number.handwritten", candidates if review else (),
    )  # fmt: skip
    return NumberRead(field, "number_handwritten" if review and not digits.given else None)


def _bare(digits: DigitReading) -> list[str]:
    return [candidate.value.lstrip("0") for candidate in digits.candidates]


def _whole_number(digits: str, symbol: SymbolRead) -> str:
    if symbol.party:
        return f"{digits}-{symbol.symbol}"
    return f"{digits}/{symbol.year + '/' if symbol.year else ''}{symbol.symbol}"


def _digits_in(between: str) -> str | None:
    """OCR's reading before the symbol, if it is digits and nothing else."""
    bare = (
        re.sub(r"[\s.,:;_\-/\\|'`“”\"]", "", between)
        if not re.search(r"\d\s+\S*\s*\d", between)
        else re.sub(r"[\s/]", "", between)
    )
    bare = bare.translate(_TO_DIGIT)
    return bare if bare.isdigit() and 1 <= len(bare) <= 5 else None


def _decide(
    text: Text, row: Row, digits: DigitReading, seen: str | None, symbol: SymbolRead, line: LineLook | None
) -> Decision:
    """The candidates after all witnesses of the line itself."""
    if digits.given:
        return Decision(digits.candidates, True)
    second = None if line is None else _second(line, symbol)
    clear = confidence_at(text, row.start, row.end)
    return decide(FigureReadings("number", digits.candidates, second, seen, clear, digits.printed, digits.sure))


def _second(line: LineLook, symbol: SymbolRead) -> tuple[Candidate, ...]:
    """The second reader's reading before the symbol;
    before its slash if it does not see the symbol that OCR read.
    """
    behind = _whole_number("", symbol)
    return line.candidates(NumberLine(behind)) or line.candidates(NumberLine(behind[0]))


def _with_mention(text: Text, decided: Decision, symbol: SymbolRead, row: Row) -> Decision:
    """The decision after a printed second mention of the own number on an annex (`Kèm theo Quyết định số
    87/QĐ-UBND`).
    """
    for mention in find_numbers(text.value[row.end :]):
        start = row.end + mention.start
        if mention.number.symbol != symbol.symbol or not _own().search(
            fold(text.value[max(0, start - 90) : start])
        ):
            continue
        said = mention.number.ordinal_text
        for candidate in decided.candidates:
            if candidate.value.lstrip("0") == said.lstrip("0"):
                return with_mention(decided, candidate.value)
    return decided


def _with_name(decided: Decision, name: str, symbol: SymbolRead) -> Decision:
    """The decision after the file's name as a further witness."""
    for candidate in decided.candidates:
        if _names_whole(name, candidate.value, symbol):
            return with_name(decided, candidate, whole=True)
    said = {part.lstrip("0") for part in re.findall(r"\d{1,5}", name)}
    for candidate in decided.candidates:
        if candidate.value.lstrip("0") in said:
            return with_name(decided, candidate, whole=False)
    return decided


def _names_whole(name: str, digits: str, symbol: SymbolRead) -> bool:
    """True if a file's name has these digits and right behind them the whole symbol, with any separators."""
    parts = [part for part in re.split(r"[^a-z0-9]+", fold(name)) if part]
    wanted = [part for part in re.split(r"[^a-z0-9]+", fold(f"{symbol.year or ''}/{symbol.symbol}")) if part]
    return len(wanted) > bool(symbol.year) and any(
        part.lstrip("0") == digits.lstrip("0") and parts[at + 1 : at + 1 + len(wanted)] == wanted
        for at, part in enumerate(parts)
    )


def _without_symbol(text: Text, row: Row, digits: DigitReading) -> NumberRead:
    """A number line without a readable symbol: its digits go to review."""
    if digits.best is None:
        return NumberRead(None, "number_missing")
    field = Field(
        digits.best.value, row.text.strip(), digits.best.confidence * 0.5, True, row.page,
        line_box(row, digits.box),
        "number.unsymbolled", digits.candidates[:CANDIDATES],
    )  # fmt: skip
    return NumberRead(field, "number_handwritten")
