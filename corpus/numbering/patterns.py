"""The patterns of document numbers: what each family looks like on paper, damage by OCR included.

Every repetition is bounded or possessive, and every pattern opens with a class of letters, so a search is linear and quick.
"""

from __future__ import annotations

import re

_DIGIT = "0-9OoQlI|§"
_GROUP = r"(?:[A-ZĐƯƠÂÊÔĂ]|0(?=[ĐD]))[A-Za-zĐđƯưƠơÂâĂăÊêÔô0-9&]{0,24}+"
_TYPE = r"(?:[QO0][ĐD]{1,2}|NĐ|ND|NQ|KH|CT|TT|TB|BC|TTr|CV|GM|CTr|HD|VBHN|TTLT)"
_HYPHEN = r"-(?:[ ]?[-'’`\"][ ]?)?"
_LOWER = r"(?:tt|nđ|nd|qđ|qd|nq|ct|kh|tb|bc|ttr|hd|ttlt)-[a-zđ]{2,10}+"
_PARTY = r"(?:QĐi|QyĐ|CTHĐ|CTr|TTr|LKG|GGT|QTr|TBKL|NQ|QĐ|QD|CT|KL|QC|TT|HD|TB|TC|BC|KH|QH|ĐA|PA|DA|CV|BB|BS|GM|PC|PG|CL|ĐL|SL|L)"
_LEFT = r"[ ]{0,3}"
_RIGHT = r"[ ]{0,3}\n?[ ]{0,3}"
_SYMBOL = rf"(?:[QO0]H ?[1I][0-9IlOo](?![\w-])|{_GROUP}(?:{_LEFT}{_HYPHEN}{_RIGHT}{_GROUP})?+(?:[-.]\n?{_GROUP}|[ ]?-[ ]?{_GROUP}){{0,14}}+|{_LOWER})"
_ORDINAL = (
    rf"(?P<no>[{_DIGIT}](?<![\w/\\].)(?<!\d[.,].)(?:[0-9Oo§]|[lI|](?!{_TYPE}[ ]?-)|Q(?![ĐD])){{0,5}})"
    r"(?P<sfx>bis|ter|[abcdđeghABCDĐ])?(?P<sub>\.[0-9]{1,3})?"
)
NUMBER = re.compile(
    rf"{_ORDINAL}(?:(?P<slash>{_LEFT}[/\\]{_RIGHT}(?:[17Il|](?={_TYPE}-))?|[lI|]?(?={_TYPE}[ ]?-))(?:(?P<year>[12lI][90OoQ][{_DIGIT}]{{2}})(?:{_LEFT}[/\\]{_RIGHT}|(?=(?:NĐ|ND|QĐ|QD|TT|NQ)-)))?"
    rf"(?P<sym>{_SYMBOL})(?:{_LEFT}/{_RIGHT}(?P<sym2>{_GROUP}(?:-[ ]?{_GROUP}){{0,9}}+))?+"
    rf"|{_LEFT}-?{_RIGHT}(?P<ptype>{_PARTY}){_LEFT}/{_RIGHT}(?P<porg>{_GROUP}(?:[ ]?-[ ]?{_GROUP}){{0,2}}+)"
    rf"|{_LEFT}-{_LEFT}(?P<old>{_GROUP}(?:[-/]{_GROUP}){{0,3}}+))(?!\w)"
)
"""A number with its symbol: state, công văn, National Assembly (`sym`), Party (`ptype`, `porg`), before 2005 (`old`)."""
STANDARD = re.compile(
    r"(?P<std>QCVN|TCVN|TCCS|QCĐP|QCDP)[ ]{0,2}(?P<no>(?:ISO(?:/IEC)?[ ]|IEC[ ]|ISO/TS[ ])?[0-9][0-9A-ZĐ.-]{0,14})"
    rf"[ ]{{0,2}}:[ ]{{0,2}}(?P<year>[12][0-9]{{3}})(?:[ ]?/[ ]?(?P<org>{_GROUP}))?"
)
"""Standards (quy chuẩn, tiêu chuẩn): `QCVN 102:2016/BTTTT`."""
BLANK = re.compile(
    r"[Ss?](?:(?<=\?)|(?<!\w.)[ốôồoó][ ]{0,3}:?)(?P<gap>[.…_ ]{0,40})"
    rf"(?P<sep>[/-])[ ]{{0,3}}(?:(?P<year>(?:19|20)[0-9]{{2}})[ ]?/[ ]?)?(?P<sym>{_GROUP}(?:[ ]?[-/.][ ]?{_GROUP}){{1,4}}+)(?!\w)"
)
"""A number whose ordinal is still to be written: `Số:      /KH-UBND`."""
LABEL = re.compile(
    r"^\W{0,5}(?:\w[\w ,]{0,60}?[ ])?[Ss][ốôồoó0]\W{0,3}?(?=[\s:.;]|\d)\s{0,3}[:;.]?\s{0,3}|^\W{0,5}(?=[\w?])"
)
"""What stands before a number given alone: type words, `Số:`, opening marks."""
SAID = re.compile(r"(?:\b|(?<=oạch)|(?<=định)|(?<=văn))(?:[Ss][ốôồoóỗổ6]|SO|SỐ)\s{0,3}[:._]?\s{0,3}\Z")
"""`số` right before a number, in the shapes OCR gives it."""
SPLIT_DIGITS = re.compile(r"(?:\b[Ss][ốôồoó]|\bSỐ)\s{0,3}[:.]?\s{0,3}(?P<head>[\dIl|][\d\]lI|§]{0,2})[ ]\Z")
"""The first part of an ordinal that a blank cut in two: `số 4 7/2020`."""
DATED = re.compile(
    r"[ ]?,?[ \n]{1,2}[Nn]g[àaá]y[ \n]{1,2}(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2}[ ]th[áa]ng[ ][0-9]{1,2}[ ]n[ăa]m[ ][0-9]{4})"
)
"""A whole day right behind a number: only a document has one, though `số` was lost before it."""
FORM = re.compile(
    r"(?:(?:[Mm]ẫu|MẪU|[Bb]iểu|[Bb]ảng|[Tt]ài khoản)(?: \w{1,8}){0,2}|[Đđ]ường|[Nn]gõ|[Nn]hà|[Ll]ô) ?(?:số|sô)?:? ?\Z"
)
"""Numbers of forms, houses, accounts: no documents."""
