"""The document's number: digits and symbol of the number line, with every witness there is, and never silently wrong.

Witnesses: the digit net's reading of the crop, the second reader's and OCR's of the same place (weighed in
ingest.handwriting.decision), a printed second mention of the number
(`Kèm theo Quyết định số …`), and, when asked for, the file's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.document import Candidate, Field
from corpus.numbering.number import Number, match_key, parse
from corpus.numbering.number import find as find_numbers
from corpus.vietnamese.fold import fold
from ingest.fields.symbol import SymbolRead, read_symbol
from ingest.handwriting.decision import Decision, Witnesses, decide
from ingest.handwriting.reading import Digits, Hand, agreeing
from ingest.layout.letterhead import Letterhead
from ingest.secondreader.grammar import NumberLine
from ingest.secondreader.reader import LineLook
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at
from ingest.text.rows import Row

_LABEL = re.compile(r"^\W{0,3}(?:[a-z]+\s){0,2}s?[o06][:;.,\s]*|^\W{0,3}\w{1,3}\s?[:;.]\s*")
_OWN = re.compile(r"(?:kem theo|ban hanh theo|ban hanh kem theo)[^\n]{0,60}$")
_DOUBTED = 0.5
_TO_DIGIT = str.maketrans("OoQlI|", "000111")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """The field, and what is to be told about it: `number_missing`, `number_blank`, `number_handwritten` or nothing."""

    field: Field | None
    caution: str | None = None


def read_number(
    text: Text,
    head: Letterhead,
    type_word: str | None,
    issuer: str,
    hand: Hand,
    name: str | None = None,
) -> NumberRead:
    """The number of the document. `name` is the file's name when it may be used as a hint."""
    row = head.number
    if row is None:
        return NumberRead(None, "number_missing")
    whole, digits = _parsed(row.text, type_word), hand.number
    if digits is None:
        return _from_text(text, row, whole)
    symbol = read_symbol(row.text, type_word, issuer)
    if symbol is None:
        return _unsymbolled(text, row, digits)
    return _from_scan(text, row, symbol, digits, hand.number_line, name)


def _parsed(printed: str, type_word: str | None) -> Number | None:
    number = parse(printed, type_word=type_word)
    return number if number else next((found.number for found in find_numbers(printed)), None)


def _from_text(text: Text, row: Row, number: Number | None) -> NumberRead:
    """A page that was never recognised: its letters are what they are."""
    if number is None:
        return NumberRead(None, "number_missing")
    if number.ordinal is None:
        return NumberRead(None, "number_blank")
    span = _span_of(row, number.raw)
    mended = match_key(number.raw) is None or "".join(number.raw.split()) not in ("", number.canonical)
    doubtful = mended and fold("".join(number.raw.split())) != fold(number.canonical) and _lost(number)
    return NumberRead(field_at(text, number.canonical, span, "number.text", review=doubtful))


def _lost(number: Number) -> bool:
    """Whether reading the number took more than dropping its label and blanks."""
    raw = "".join(re.sub(r"^\W*(?:\w+\s+){0,2}[Ss]ố\s*:?", "", number.raw).split())
    return fold(raw).replace("–", "-") != fold(number.canonical)


def _span_of(row: Row, raw: str) -> tuple[int, int]:
    at = row.text.find(raw)
    start = row.start + at if at >= 0 else row.start
    return start, (start + len(raw) if at >= 0 else row.end)


def _from_scan(
    text: Text, row: Row, symbol: SymbolRead, digits: Digits, line: LineLook | None, name: str | None
) -> NumberRead:
    """Digits of the net, of the second reader and of OCR, joined to the symbol."""
    label = _LABEL.match(row.folded)
    between = row.text[label.end() if label else 0 : symbol.start]
    seen = _digits_in(between)
    decided = _weighed(text, row, digits, seen, symbol, line)
    found, settled = _with_mention(text, decided.candidates, decided.sure, symbol, row)
    if name is not None:
        found, settled = _with_name(found, settled, name, symbol)
    if not found:
        return NumberRead(None, "number_blank" if not between.strip(" .…_:") else "number_missing")
    candidates = tuple(Candidate(_written(c.value, symbol), c.confidence) for c in found)
    review = not (settled and symbol.sure)
    field = Field(
        candidates[0].value, row.text.strip(), candidates[0].confidence, review, row.page, (digits.box,),
        "number.printed" if digits.printed else "number.handwritten", candidates if review else (),
    )  # fmt: skip
    return NumberRead(field, "number_handwritten" if review else None)


def _written(digits: str, symbol: SymbolRead) -> str:
    if symbol.party:
        return f"{digits}-{symbol.symbol}"
    return f"{digits}/{symbol.year + '/' if symbol.year else ''}{symbol.symbol}"


def _digits_in(between: str) -> str | None:
    """What OCR read before the symbol, when it is digits and nothing else."""
    bare = (
        re.sub(r"[\s.,:;_\-/\\|'`“”\"]", "", between)
        if not re.search(r"\d\s+\S*\s*\d", between)
        else re.sub(r"[\s/]", "", between)
    )
    bare = bare.translate(_TO_DIGIT)
    return bare if bare.isdigit() and 1 <= len(bare) <= 5 else None


def _weighed(
    text: Text, row: Row, digits: Digits, seen: str | None, symbol: SymbolRead, line: LineLook | None
) -> Decision:
    """The candidates after all witnesses of the line itself."""
    second = None if line is None else _second(line, symbol)
    clear = confidence_at(text, row.start, row.end)
    return decide(Witnesses("number", digits.candidates, second, seen, clear, digits.printed, digits.sure))


def _second(line: LineLook, symbol: SymbolRead) -> tuple[Candidate, ...]:
    """What the second reader reads before the symbol; before its slash where it does not see the symbol that OCR read."""
    behind = _written("", symbol)
    return line.candidates(NumberLine(behind)) or line.candidates(NumberLine(behind[0]))


def _with_mention(
    text: Text, found: tuple[Candidate, ...], settled: bool, symbol: SymbolRead, row: Row
) -> tuple[tuple[Candidate, ...], bool]:
    """A printed second mention of the own number on an annex (`Kèm theo Quyết định số 87/QĐ-UBND`) settles the digits."""
    for mention in find_numbers(text.value[row.end :]):
        start = row.end + mention.start
        if mention.number.symbol != symbol.symbol or not _OWN.search(fold(text.value[max(0, start - 90) : start])):
            continue
        said = mention.number.ordinal_text
        for candidate in found:
            if candidate.value.lstrip("0") == said.lstrip("0"):
                return agreeing(found, candidate.value, 0.97), True
    return found, settled


def _with_name(
    found: tuple[Candidate, ...], settled: bool, name: str, symbol: SymbolRead
) -> tuple[tuple[Candidate, ...], bool]:
    """The file's name as a further witness: it may put a candidate first, and settles it only with digits and symbol.

    `31-KH-STTTT.pdf` says which document it is; `scan 5.pdf` may be a counter, a page or a day, so that what the other
    witnesses had settled otherwise stays as it is, and what it puts first is for a person to look at.
    """
    for candidate in found:
        if _names_whole(name, candidate.value, symbol):
            sound = candidate is found[0] if settled else candidate.confidence > _DOUBTED / 5
            return agreeing(found, candidate.value, 0.95), sound
    if settled:
        return found, settled
    said = {part.lstrip("0") for part in re.findall(r"\d{1,5}", name)}
    for candidate in found:
        if candidate.value.lstrip("0") in said:
            return (candidate, *(other for other in found if other is not candidate)), False
    return found, settled


def _names_whole(name: str, digits: str, symbol: SymbolRead) -> bool:
    """True if a file's name carries these digits and right behind them the whole symbol, parted in any way."""
    parts = [part for part in re.split(r"[^a-z0-9]+", fold(name)) if part]
    wanted = [part for part in re.split(r"[^a-z0-9]+", fold(f"{symbol.year or ''}/{symbol.symbol}")) if part]
    return len(wanted) > bool(symbol.year) and any(
        part.lstrip("0") == digits.lstrip("0") and parts[at + 1 : at + 1 + len(wanted)] == wanted
        for at, part in enumerate(parts)
    )


def _unsymbolled(text: Text, row: Row, digits: Digits) -> NumberRead:
    """A number line without a readable symbol: the digits are offered to a person."""
    if digits.best is None:
        return NumberRead(None, "number_missing")
    field = Field(
        digits.best.value, row.text.strip(), digits.best.confidence * 0.5, True, row.page, (digits.box,), "number.unsymbolled", digits.candidates
    )  # fmt: skip
    return NumberRead(field, "number_handwritten")
