"""Patterns of document numbers, one a family, OCR damage included.

Every repetition is bounded or possessive, and every pattern opens with a class of letters, so a search is linear
and quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from corpus.numbering.symbol import codes_with, party_types, standard_types
from corpus.vietnamese.alternation import any_of

_DIGIT = "0-9OoQlI|§"
_NEXT_WORD = "ngày|của|tháng"
"""Words that stand behind a number, whose blank may be lost (`88/QĐ-UBNDngày 02/02/2024`)."""
_GROUP = (
    rf"(?:[A-ZĐƯƠÂÊÔĂŒÆ]|0(?=[ĐD]))"
    rf"(?:(?!{_NEXT_WORD})[A-Za-zĐđƯưƠơÂâĂăÊêÔôŒÆ0-9&]|(?<=&)[ \n](?=[A-ZĐ]{{2}})|@&?){{0,24}}+"
)
"""One code of a symbol; `@` is what OCR makes of its `&` (`SVHTT@&DL`)."""
_UNIT = r"\((?P<unit>[A-ZĐ][A-ZĐ0-9]{1,7}|[A-ZĐ][0-9]{1,3})\)"
"""A unit in brackets right behind a symbol: `409/TTr-CAT(PC04)`."""
_HYPHEN = r"-(?:[ ]?[-'’`\"][ ]?)?"
_LEFT = r"[ ]{0,3}"
_RIGHT = r"[ ]{0,3}\n?[ ]{0,3}"


def _spellings(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes, also with `Đ` read as `D`."""
    return tuple(
        dict.fromkeys(
            spelled for code in sorted(codes) for spelled in (code, code.replace("Đ", "D").replace("đ", "d"))
        )
    )


def _as_read(codes: Iterable[str]) -> str:
    return any_of(_spellings(codes))


@cache
def standard_spellings() -> tuple[str, ...]:
    """Codes that open a standard's number, as a text may spell them."""
    return _spellings(standard_types())


@cache
def number_pattern() -> re.Pattern[str]:
    """A number with its symbol, for example `31/KH-STTTT`, `12/2020/NĐ-CP`, `33/2024/QH15`, `36-HD/VPTW`, `40-HĐBT`."""
    joined = codes_with("joined")
    code = rf"(?:[QO0][ĐD]{{1,2}}|{_as_read(joined)})"
    small = rf"{_as_read(joined_code.lower() for joined_code in joined)}-[a-zđ]{{2,10}}+"
    return re.compile(
        rf"""
        (?P<no> [{_DIGIT}] (?<![\w/\\].) (?<!\d[.,].)                 # 31
            (?: [0-9Oo§] | [lI|](?!{code}[ ]?-) | Q(?![ĐD]) ){{0,5}} )
        (?P<sfx> bis | ter | [abcdđeghABCDĐ] )?                         # 31a
        (?P<sub> \.[0-9]{{1,3}} )?                                      # 66.15
        (?:
            (?P<slash> {_LEFT}[/\\]{_RIGHT}(?:[17Il|](?={code}-))?      # 31/KH, 31/1KH, 31KH
                | [lI|]?(?={code}[ ]?-) )
            (?: (?P<year> [12lI][90OoQ][{_DIGIT}]{{2}} )                 # 12/2020/NĐ-CP, 12/2020NĐ-CP
                (?: {_LEFT}[/\\]{_RIGHT} | (?={code}-) ) )?
            (?P<sym> [QO0]H[ ]?[1I][0-9IlOo](?![\w-])                   # QH15, KH-STTTT, kh-stttt
                | {_GROUP}(?:{_LEFT}{_HYPHEN}{_RIGHT}{_GROUP})?+(?:[-.]\n?{_GROUP}|[ ]?-[ ]?{_GROUP}){{0,14}}+
                | {small} )
            (?: {_UNIT} | {_LEFT}/{_RIGHT}(?P<sym2> {_GROUP}(?:-[ ]?{_GROUP}){{0,9}}+ ) )?+   # (PC04)
        |   {_LEFT}-?{_RIGHT}(?P<ptype> {_as_read(party_types())} )     # 36-HD/VPTW
            {_LEFT}/{_RIGHT}(?P<porg> {_GROUP}(?:[ ]?-[ ]?{_GROUP}){{0,2}}+ )
        |   {_LEFT}-{_LEFT}(?P<old> {_GROUP}(?:[-/]{_GROUP}){{0,3}}+ )   # 40-HĐBT
        )(?!(?!{_NEXT_WORD})\w)
        """,
        re.VERBOSE,
    )


@cache
def standard_pattern() -> re.Pattern[str]:
    """A standard (quy chuẩn, tiêu chuẩn), for example `QCVN 102:2016/BTTTT`, `TCVN ISO 9001:2015`."""
    return re.compile(
        rf"""
        (?P<std> {any_of(standard_spellings())} ) [ ]{{0,2}}
        (?P<no> (?: ISO(?:/IEC)?[ ] | IEC[ ] | ISO/TS[ ] )? [0-9][0-9A-ZĐ.-]{{0,14}} ) [ ]{{0,2}} : [ ]{{0,2}}
        (?P<year> [12][0-9]{{3}} ) (?: [ ]?/[ ]?(?P<org> {_GROUP} ) )?
        """,
        re.VERBOSE,
    )


BLANK = re.compile(
    rf"""
    [Ss?] (?: (?<=\?) | (?<!\w.)[ốôồoó][ ]{{0,3}}:? ) (?P<gap> [.…_ ]{{0,40}} )
    (?P<sep> [/-] ) [ ]{{0,3}} (?: (?P<year> (?:19|20)[0-9]{{2}} )[ ]?/[ ]? )?
    (?P<sym> {_GROUP}(?:[ ]?[-/.][ ]?{_GROUP}){{1,4}}+ )(?!\w)
    """,
    re.VERBOSE,
)
"""A number whose ordinal is still to be written: `Số:      /KH-UBND`."""
LABEL = re.compile(
    r"^\W{0,5}(?:\w[\w ,]{0,60}?[ ])?[Ss][ốôồoó0]\W{0,3}?(?=[\s:.;]|\d)\s{0,3}[:;.]?\s{0,3}|^\W{0,5}(?=[\w?])"
)
"""Text before a number given alone: type words, `Số:`, opening marks."""
SAID = re.compile(r"(?:\b|(?<=oạch)|(?<=định)|(?<=văn))(?:[Ss][ốôồoóỗổ6]|SO|SỐ)\s{0,3}[:._]?\s{0,3}\Z")
"""`số` right before a number, in the shapes OCR gives it."""
SPLIT_DIGITS = re.compile(r"(?:\b[Ss][ốôồoó]|\bSỐ)\s{0,3}[:.]?\s{0,3}(?P<head>[\dIl|][\d\]lI|§]{0,2})[ ]\Z")
"""The first part of an ordinal that a blank cut in two: `số 4 7/2020`."""
DATED = re.compile(
    r"[ ]?,?[ \n]{1,2}[Nn]g[àaá]y[ \n]{1,2}"
    r"(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2}[ ]th[áa]ng[ ][0-9]{1,2}[ ]n[ăa]m[ ][0-9]{4})"
)
"""A whole day right behind a number: only a document has one, though `số` was lost before it."""
FORM = re.compile(
    r"(?:(?:[Mm]ẫu|MẪU|[Bb]iểu|[Bb]ảng|[Tt]ài khoản)(?: \w{1,8}){0,2}|(?<!đi )[Đđ]ường|[Nn]gõ|[Nn]hà|[Ll]ô) ?(?:số|sô)?:? ?\Z"
)
"""Numbers of forms, houses, accounts: no documents."""
