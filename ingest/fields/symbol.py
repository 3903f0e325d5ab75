"""The symbol (ký hiệu) of the number line, corrected as far as the type word and the issuer allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.authority.bodies import bodies_by_code, expand, known_body, phrase_of_initials, tidy
from corpus.numbering.symbol import codes_of, known, mend, party_types, repair_symbol
from corpus.vietnamese.fold import fold
from corpus.vietnamese.lookalikes import plain_d

_STATE = re.compile(
    r"(?P<slash>(?:[/⁄\\]\s*|[|I1lTJ](?=[A-ZĐÐ]))?)(?P<sym>[A-ZĐÐƯ][A-Za-zĐÐđưƯ0-9&]{0,14}(?:\s?[-–—.]\s?[A-ZĐÐƯ][A-Za-zĐÐđưƯ0-9&]{0,14}){0,4})[^\w]*$"
)
_PARTY = re.compile(
    r"\s*[-–—]?\s*(?P<sym>[A-ZĐÐ][A-Za-zĐÐđi]{0,4}\s?/\s?[A-ZĐÐ][A-Za-zĐÐđ0-9]{1,14}(?:-[A-ZĐÐ]\w*)?)[^\w]*$"
)
_SPLIT_CODE = re.compile(r"(?<=-)([A-ZĐ]{1,4}) (?=[A-ZĐ]{1,4}$)")
_LEAST_SPELLED = 3
"""Letters from which on a code that the issuer's initials spell is no coincidence."""
_YEAR = re.compile(r"[/⁄]\s?((?:19|20)\d\d)\s?$")


@dataclass(frozen=True, slots=True)
class SymbolRead:
    """The symbol, its start in the row, and its certainty; with `party` it follows a `-`."""

    symbol: str
    start: int
    sure: bool
    party: bool = False
    year: str = ""


def read_symbol(row: str, type_word: str | None, issuer: str) -> SymbolRead | None:
    """The symbol that ends a number row;
    `issuer` is the body of the head, as printed or canonical. None for none.
    """
    clean = _SPLIT_CODE.sub(r"\1", row.rstrip(" ._-–—,:;~'`\"“”*"))
    if (found := _PARTY.search(clean)) and mend(found["sym"].split("/")[0].strip()) in party_types():
        return SymbolRead(_tidy(found["sym"]), found.start(), True, party=True)
    found = _STATE.search(clean)
    if found is None:
        return None
    read = _tidy(found["sym"])
    start = found.start()
    mended, sure = _correct(found["slash"] + found["sym"], read, type_word, issuer)
    year = _YEAR.search(clean[:start])
    return SymbolRead(mended, year.start() if year else start, sure, year=year[1] if year else "")


def _tidy(symbol: str) -> str:
    return repair_symbol(plain_d(symbol.replace(" ", "")))


def expected(type_word: str | None, issuer: str) -> tuple[str, ...]:
    """The symbols of a type word and an issuer:
    `QĐ-SYT`; for a công văn the issuer's code with its hyphen: `SYT-`.
    """
    issuers = issuer_codes(issuer)
    types = codes_of(type_word) if type_word and type_word != "Công văn" else ()
    if types:
        return tuple(f"{kind}-{body}" for kind in types for body in issuers)
    return tuple(f"{body}-" for body in issuers) if type_word in (None, "Công văn") else ()


def issuer_codes(issuer: str) -> tuple[str, ...]:
    """The codes of a body's name in the authority list."""
    body, _ = known_body(expand(tidy(issuer))) if issuer else (None, "")
    if body is None:
        return ()
    return tuple(code for code, bodies in bodies_by_code().items() if any(one.name == body.name for one in bodies))


def _correct(printed: str, read: str, type_word: str | None, issuer: str) -> tuple[str, bool]:
    """The symbol and its certainty: as read if its codes are known, else the nearest one of type and issuer."""
    wanted = expected(type_word, issuer)
    codes = [code for code in re.split(r"[-./]", read) if code]
    if read in wanted or any(want.endswith("-") and read.startswith(want) for want in wanted):
        return read, True
    fits = not codes_of(type_word) or codes[0] in codes_of(type_word)
    if len(codes) > 1 and fits and _spelled_by(issuer, codes[1] if codes_of(type_word) else codes[0]):
        return read, True
    near = _nearest(printed, read, wanted)
    if near is not None:
        return near, True
    whole = _with_whole_type(codes, read, type_word)
    if whole is not None:
        return whole, False
    return read, len(codes) > 1 and fits and all(known(code) for code in codes)


def _with_whole_type(codes: Sequence[str], read: str, type_word: str | None) -> str | None:
    """The symbol whose type's code lost a letter to the pen, with that code: `B-HV` of a Thông báo → `TB-HV`."""
    from rapidfuzz.distance import Levenshtein

    kinds = [kind for kind in codes_of(type_word) if len(kind) > 1] if type_word else []
    if len(codes) < 2 or known(codes[0]) or codes[0] in kinds:
        return None
    near = [kind for kind in kinds if Levenshtein.distance(kind, codes[0]) == 1]
    return near[0] + read[len(codes[0]) :] if len(near) == 1 else None


def _spelled_by(issuer: str, code: str) -> bool:
    """True if a code's letters are the initials of the issuer's words: `KSBT` for `TRUNG TÂM KIỂM SOÁT BỆNH TẬT`.

    Offices make their own codes so (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II, điểm 3), and no table has them all.
    """
    return (
        len(code) >= _LEAST_SPELLED
        and code.isupper()
        and phrase_of_initials(code, expand(tidy(issuer))) is not None
    )


def _nearest(printed: str, read: str, wanted: Iterable[str]) -> str | None:
    """The expected symbol that differs in one or two letters, the slash counted as a letter too; None for none.

    A symbol with more or fewer letters is another one: offices shorten their codes as they like.
    """
    from rapidfuzz.distance import Hamming

    best: tuple[int, str] | None = None
    for want in wanted:
        if want.endswith("-"):
            mended = _nearest_head(read, want)
            if mended is not None:
                return mended
            continue
        bare = _letters(want)
        read_as = [_letters(text) for text in (read, printed, printed.lstrip("/TIl1|J"))]
        distance = min((Hamming.distance(text, bare) for text in read_as if len(text) == len(bare)), default=9)
        if distance <= (1 if len(bare) <= 5 else 2) and (best is None or distance < best[0]):
            best = (distance, want)
    return best[1] if best else None


def _nearest_head(read: str, want: str) -> str | None:
    """A công văn's symbol whose issuer was read one letter off, or without its hyphen:
    `SVT-NVY`, `SYTNVY` → `SYT-NVY`.
    """
    from rapidfuzz.distance import Hamming

    issuer = want.rstrip("-")
    head, hyphen, unit = read.partition("-")
    if not hyphen and len(read) > len(issuer) + 1 and fold(read).startswith(fold(issuer)):
        return f"{issuer}-{read[len(issuer) :]}"
    if hyphen and len(head) == len(issuer) > 2 and Hamming.distance(fold(head), fold(issuer)) <= 1:
        return f"{issuer}-{unit}"
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))
