"""Confidence and doubt of citations:
OCR of the number, symbols one letter off a known one, Roman terms against the day.

A citation of recognised text links documents, so a doubtful one goes to review; text that came with its file is
taken as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from corpus.authority.bodies import bodies_by_code, known_body
from corpus.authority.identity import party_term
from corpus.document import Citation
from corpus.numbering import symbol
from corpus.numbering.number import parse
from corpus.tables import rows
from corpus.vietnamese.fold import fold
from ingest.text.document_text import Text, words_in
from ingest.text.evidence import SURE, confidence_at

_UNSURE = 0.55
"""Confidence of the weakest word of a number (0 to 1) below which a person looks."""
_SHORTEST = 3
"""Letters below which every symbol is one letter off many others."""
_DOUBT = 0.6
"""Highest confidence of a citation that goes to review."""
_FOREIGN = re.compile("[ŒÆ]")
"""Letters of no Vietnamese symbol, which engines make of a letter that they can't read."""
_TERM = re.compile(r"(?:lần thứ|khóa|khoá|Khóa)\s+(?P<term>[IVXL]+)\b")
_SYMBOL = re.compile(r"[/-][A-ZĐ]").search
"""A number with at least the first letter of its symbol, without which it begins many others (`12/2020`)."""
_BARE_TYPE = re.compile(r"\d+/\d{4}/(?:TT|QĐ|NĐ|NQ|CT|TTLT)").fullmatch
_SPLIT = re.compile(r"\d/[A-ZĐ][\w&-]*(?<=\w) [A-ZĐ]{1,4} ngày\b")
_BEHIND = 12
"""Letters behind a citation that may have the rest of its number."""
_CENTRAL = ("toan quoc", "trung uong")


def weighed(citations: Iterable[Citation], text: Text, date: str | None) -> tuple[Citation, ...]:
    """The citations with confidence and doubt; `date`: the citing document's own day."""
    found = tuple(_with_doubt(one, text, date) for one in citations)
    whole = [one.number for one in found if one.number is not None]
    return tuple(_for_review(one) if _is_cut(one, text, whole) else one for one in found)


def _for_review(said: Citation) -> Citation:
    return replace(said, review=True, confidence=min(said.confidence, _DOUBT))


def _is_cut(said: Citation, text: Text, numbers: Iterable[str]) -> bool:
    """True if recognition lost the end of a number's symbol: letters behind a blank before its day
    (`04/GA VI ngày`), a year and a type without a body (`35/2011/TT`), or another citation's number goes on.
    """
    if said.number is None or not _is_recognised(text, said.page):
        return False
    longer = any(one != said.number and one.startswith(said.number) and _SYMBOL(said.number) for one in numbers)
    printed = text.value[said.start : said.start + len(said.printed) + _BEHIND]
    return longer or _BARE_TYPE(said.number) is not None or _SPLIT.search(printed) is not None


def _with_doubt(said: Citation, text: Text, date: str | None) -> Citation:
    recognised = _is_recognised(text, said.page)
    review = said.review or _is_term_doubtful(said, date, recognised=recognised)
    review = review or (said.number is not None and _FOREIGN.search(said.number) is not None)
    sure = SURE
    if recognised:
        end = said.start + len(said.printed)
        sure = confidence_at(text, said.start, end)
        review = review or (said.number is not None and _weakest(text, said.start, end) < _UNSURE)
        if said.number and (near := _near_codes(said.number)):
            mended = _with_code_corrected(said, near)
            review = review or mended is None
            said = mended or said
    return replace(said, review=review, confidence=min(sure, _DOUBT) if review else sure)


def _is_recognised(text: Text, page: int | None) -> bool:
    return any(one.number == page and one.origin == "ocr" for one in text.pages)


def _weakest(text: Text, start: int, end: int) -> float:
    """The least confidence among the span's words with a figure: those of number and day."""
    for page, base in zip(text.pages, text.starts, strict=True):
        if base <= start <= base + len(page.text):
            found = words_in(page, start - base, end - base)
            figures = [one.confidence for one in found if re.search(r"\d", page.text[one.start : one.end])]
            return min(figures, default=SURE)
    return SURE


def _near_codes(number: str) -> dict[str, tuple[str, ...]]:
    """Code of the number that no table knows → known codes one letter off; codes without any are left out."""
    parsed = parse(number)
    if parsed is None or parsed.family not in ("state", "party"):
        return {}
    # With an ampersand (`BVHTT&DL`) a code is another spelling of the body's, not a misread one: print wins.
    unknown = [
        code
        for code in parsed.issuer_codes
        if len(code) >= _SHORTEST and "&" not in code and not symbol.known(code)
    ]
    near = {
        code: tuple(
            one for one in sorted(symbol.bodies())
            if len(one) >= _SHORTEST and Levenshtein.distance(code, one, score_cutoff=1) == 1
        )
        for code in unknown
    }  # fmt: skip
    return {code: found for code, found in near.items() if found}


def _with_code_corrected(said: Citation, near: dict[str, tuple[str, ...]]) -> Citation | None:
    """The citation with its symbol corrected to the one near code of the printed body;
    None if it is not certain.
    """
    body, _ = known_body(said.issuer) if said.issuer else (None, "")
    if body is None or said.number is None:
        return None
    number = said.number
    for code, possible in near.items():
        meant = [
            one for one in possible if any(known.name == body.name for known in bodies_by_code().get(one, ()))
        ]
        if len(meant) != 1:
            return None
        number = re.sub(rf"(?<=[-/]){re.escape(code)}(?!\w)", meant[0], number)
    return replace(said, number=number) if number != said.number else None


def _is_term_doubtful(said: Citation, date: str | None, *, recognised: bool) -> bool:
    """True if a central Party term lies after the day, does not exist,
    or was recognised a stroke or two off the day's.
    """
    words = said.title or said.printed
    match = _TERM.search(words)
    if match is None or date is None or not any(sign in fold(words) for sign in _CENTRAL):
        return False
    terms = [row["term"] for row in rows("party_terms")]
    now, term = party_term(date, central=True), match["term"]
    if term not in terms:
        return recognised
    if now is None:
        return False
    if terms.index(term) > terms.index(now) + 1:
        return True
    return recognised and term != now and Levenshtein.distance(term, now) <= 2 and set(term) == set(now)
