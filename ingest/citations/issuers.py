"""The issuer named in a citation: its printed words, their end,
and its full name seen from the citing document.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from corpus.authority.bodies import bodies_by_code, heads_with, leaders, names_in_text
from corpus.authority.communes import with_province
from corpus.authority.issuers import bodies_of, canonical_issuer
from corpus.authority.provinces import province_named
from corpus.numbering.number import Number
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import beginnings, fold
from ingest.citations.citing import CitingDocument
from ingest.citations.scope import CitationText

_OF = re.compile(r"[\s,]*(?:cua|do|giua)\s+")


@cache
def _leader() -> re.Pattern[str]:
    """A body's representative before its name:
    `Giám đốc `, `Trưởng ` (of `Trưởng Ban Tổ chức`), `Hội nghị lần thứ 8 `; folded.
    """
    return re.compile(
        rf"""
        (?:dong[ ]chi[ ]|ong[ ]|ba[ ])?
        (?:pho[ ]|quyen[ ])?
        (?: {any_of(map(fold, leaders("cited")))}
          | truong(?=[ ]ban[ ])
          | hoi[ ]nghi(?:[ ]lan[ ]thu[ ]\w{{1,5}}(?:[ ]\w{{1,5}})?)? )
        (?:\s*,\s*chu[ ]nhiem)?\s+
        """,
        re.VERBOSE,
    )


_TOKEN = re.compile(r"[^\W_][\w&]*(?:[-/.](?=[A-ZĐ0-9])[\w&]+)*|[^\w\s]")
_UNITS = frozenset(
    {
        "tỉnh",
        "tính",
        "huyện",
        "xã",
        "phường",
        "quận",
        "thị",
        "trấn",
        "thành",
        "phố",
        "phó",
        "đặc",
        "khu",
        "tp",
        "tx",
        "tt",
    }
)
_GLUE = frozenset(
    {"va", "nhan", "dan", "quan", "su", "chi", "dao", "bieu", "truc", "trung", "uong", "khoa", "doan", "lan",
     "thu", "hanh", "vu", "ly", "te", "cong", "nuoc", "nha", "du", "an", "cua", "phong", "chong", "dau",
     "tu", "xay", "dung", "vien", "hoc", "truong", "giao", "duc", "tao", "duoc", "kham", "chua", "benh",
     "nhat", "hai", "ba", "nam", "sau", "bay", "tam", "chin", "muoi", "chinh", "tri", "bao", "hiem", "xa",
     "hoi", "chuyen", "doi", "so", "quoc", "gia", "toi", "pham", "nan", "trao", "toan", "thien", "tai",
     "ban", "chuc", "cuc", "to", "ung", "pho", "co", "tich", "hang", "bat", "dong"}
)  # fmt: skip
_PAIRS = frozenset(
    {"bao ve", "trung uong", "chi dao", "quan ly", "to chuc", "tuyen giao", "noi chinh", "dan van",
     "kiem tra", "ngan hang", "tap doan", "thuong vu", "chap hanh", "thuong truc", "thanh tra", "bao hiem",
     "dai hoc", "cao dang", "benh vien", "chu tich"}
)  # fmt: skip
"""Two words that belong together though only the first is written with a capital."""
_STOP_PAIRS = frozenset(
    {"phe duyet", "quy dinh", "chi dao", "cong bo", "cong nhan", "xay dung", "chuyen giao", "dau tu", "thu hoi"}
)


@cache
def _names() -> dict[str, bool]:
    return names_in_text()


@cache
def _name_beginnings() -> frozenset[str]:
    return beginnings(_names())


_NEXT_ISSUER = re.compile(r"\s*(?:,|\bva\b|-)(?:\s*\bva\b)?\s+")
_MOST_ISSUERS = 6


def printed_issuer(scope: CitationText, offset: int, *, joint: bool = False) -> tuple[str | None, int]:
    """The issuer named at `offset` after `của`, `do` or `giữa`, and the offset behind it; (None, offset) for none.

    joint: of a joint document (văn bản liên tịch), whose issuers are a list: `của Bộ A, Bộ B và Bộ C` → `A; B; C`.
    """
    of = _OF.match(scope.folded, offset, offset + 24)
    if of is None or "\n" in scope.flat[offset : of.end()]:
        return None, offset
    start = of.end()
    end = _end_of_body(scope, start)
    if end is None:
        return None, offset
    if joint:
        return _list_of_bodies(scope, start, end)
    joined = re.compile(r"\s+va\s+").match(scope.folded, end, end + 8)
    if joined and (_known_end(scope, joined.end()) or of.group().strip() == "giua"):
        second = _end_of_body(scope, joined.end())
        if second is not None:
            return f"{scope.flat[start:end]}; {scope.flat[joined.end() : second]}", second
    return scope.flat[start:end], end


def _list_of_bodies(scope: CitationText, start: int, end: int) -> tuple[str, int]:
    """The bodies of a list whose first one lies between `start` and `end`, and the offset behind the last."""
    names = [scope.flat[start:end]]
    while len(names) < _MOST_ISSUERS and (between := _NEXT_ISSUER.match(scope.folded, end, end + 12)):
        behind = _end_of_body(scope, between.end())
        if behind is None:
            break
        names.append(scope.flat[between.end() : behind])
        end = behind
    return "; ".join(names), end


@cache
def _firm() -> re.Pattern[str]:
    """A firm's name, which lower-case words don't end (`Tập đoàn Điện lực Việt Nam`), but the next clause does."""
    heads = any_of(word for head in heads_with("firm") for word in (head, head.replace("công ty", "Công ty")))
    return re.compile(
        rf"{heads}(?:\s[^\W\d_]+){{1,12}}?"
        r"(?=\s(?:về|tại|ngày|và|đề nghị|phê duyệt|ban hành|quy định)\s|[,;.()\n])"
    )


def _end_of_body(scope: CitationText, start: int) -> int | None:
    head = _leader().match(scope.folded, start, start + 60)
    begin = head.end() if head else start
    if (firm := _firm().match(scope.flat, begin, begin + 130)) is not None:
        return firm.end()
    known = _known_end(scope, begin)
    if known is not None:
        return _with_place(scope, *known)
    end = _capitalised_end(scope, begin)
    return end if end is not None else (head.end() - 1 if head else None)


def body_at(scope: CitationText, offset: int) -> tuple[str | None, int]:
    """The body named at `offset` after nothing but blanks, and the offset behind it; (None, offset) for none."""
    start = offset + len(scope.flat[offset : offset + 4]) - len(scope.flat[offset : offset + 4].lstrip(" ,"))
    end = _end_of_body(scope, start)
    return (scope.flat[start:end], end) if end is not None else (None, offset)


def issuer_before(scope: CitationText, lead: int) -> str | None:
    """The body that speaks in the document:
    `đề nghị của UBND thị trấn Mộ Đức tại Tờ trình số …`; None for none.
    """
    window = max(0, lead - 120)
    left = scope.folded[window:lead].rstrip()
    if not left.endswith(" tai"):
        return None
    for of in reversed(list(_OF_WORD.finditer(left))):
        named, end = body_at(scope, window + of.end())
        if named is not None and scope.folded[end:lead].strip() == "tai":
            return named
    return None


_OF_WORD = re.compile(r"\bcua ")


@cache
def _parent() -> re.Pattern[str]:
    """The body that a part belongs to, printed behind the part's name, for example ` - Bộ Y tế`; folded."""
    return re.compile(rf"\s?(?:-\s)?(?={any_of(map(fold, heads_with('parent')))}(?!\w))")


_NAME_TOKEN = re.compile(r"[^\W_]+|[;:.()“”\"\n]")


def _known_end(scope: CitationText, start: int) -> tuple[int, bool] | None:
    """The end of the longest name of the authority table that begins at `start`, including its parent's behind it.

    Also True if a place belongs behind the name. None for no name.
    """
    name = ""
    end = None
    placed = False
    for token in _NAME_TOKEN.finditer(scope.folded, start, start + 110):
        name = f"{name} {token.group()}".lstrip()
        if (found := _names().get(name)) is not None:
            end, placed = token.end(), found
        elif name not in _name_beginnings():
            break
    if end is None:
        return None
    if _is_part(name) and (parent := _parent().match(scope.folded, end)):
        return _known_end(scope, parent.end()) or (end, placed)
    return end, placed


@cache
def _part_heads() -> tuple[str, ...]:
    return tuple(f"{fold(head)} " for head in heads_with("part"))


def _is_part(name: str) -> bool:
    """True if the body that a folded name belongs to may be printed behind it."""
    return name.startswith(_part_heads())


def _with_place(scope: CitationText, end: int, placed: bool) -> int:
    """The end of a known body with what follows:
    `(UBND)`, then the unit and its name (`huyện Giồng Riềng`), or the name.
    """
    if bracket := _BRACKET.match(scope.flat, end, end + 18):
        end = bracket.end()
    if not placed:
        return end
    piece = scope.flat[end : end + 70]
    taken = 0
    seen_name = False
    for token in _PLACE_TOKEN.finditer(piece):
        word = token[1]
        if word is None:
            if token.group() == "." and piece[:taken].endswith(("TP", "Tp", "TX")):
                continue
            break
        lower = fold(word)
        if "\n" in token.group() or lower in ("ve", "va") or not _in_place(word, lower, seen_name, taken > 0):
            break
        seen_name = seen_name or (word[0].isupper() and word.lower() not in _UNITS)
        taken = token.end()
    end += len(piece[:taken].rstrip(" ,-"))
    behind = _PROVINCE_BEHIND.match(scope.flat, end, end + 40) if _COMMUNE_SAID.search(piece[:taken]) else None
    return behind.end() if behind else end


_COMMUNE_SAID = re.compile(r"(?<!\w)(?:xã|phường|đặc khu|thị trấn|huyện) ", re.IGNORECASE)
_PROVINCE_BEHIND = re.compile(r",\s(?:tỉnh|thành phố)(?:\s[A-ZĐÀ-Ỹ]\w*(?:\s-(?=\s))?){1,4}")
"""The province behind a commune's name: `UBND xã Định Mỹ, tỉnh An Giang`."""


_BRACKET = re.compile(r"\s*\([A-ZĐ&]{2,12}\)")
_PLACE_TOKEN = re.compile(r"\s*(?:-\s*)?([^\W_]+)|[^\w\s-]")


def _in_place(word: str, lower: str, seen_name: bool, begun: bool) -> bool:
    """True if a word may belong to the place behind a body's name."""
    if word[0].isupper() or word == "phố" or (word.isdigit() and len(word) < 4 and not begun):
        return True
    return (word.lower() in _UNITS and not seen_name) or (lower == "khoa" and begun)


def _capitalised_end(scope: CitationText, start: int) -> int | None:
    """The end of a run of capitalised words, with the small words that names have between them."""
    piece = scope.flat[start : start + 130]
    end, previous, comma = 0, "", False
    for token in _TOKEN.finditer(piece):
        word = token.group()
        if not word[0].isalnum():
            comma = word == ","
            if not end or word not in "-–,":
                break
            continue
        gap, lower = piece[end : token.start()], fold(word)
        if "\n" in gap or f"{previous} {lower}" in _STOP_PAIRS or (comma and _begins_anew(word, lower)):
            break
        if word[0].isupper() and (known := _known_end(scope, start + token.start())) is not None:
            return _with_place(scope, *known)
        role = _role(word, lower, piece[:end], gap)
        if role == "stop":
            break
        end = token.end() if role == "name" else end
        previous, comma = lower if word[0].islower() else "", False
    return start + end if piece[:end].strip() else None


def _begins_anew(word: str, lower: str) -> bool:
    """True if a word behind a comma belongs to the text after the name."""
    return word[0].isupper() or lower in ("ve", "va")


def _role(word: str, lower: str, begun: str, gap: str) -> Literal["name", "glue", "stop"]:
    """Part of a word in the name `begun` before it (`gap`: the text between):
    name, glue inside it, or the stop behind it.
    """
    if word[0].isupper():
        return "name"
    if not begun:
        return "stop"
    if word.lower() in _UNITS:
        return "name"
    if lower not in _GLUE and word != "vệ":
        return "stop"
    paired = f"{fold(begun).rsplit(' ', 1)[-1]} {lower}" in _PAIRS and not gap.strip()
    return "name" if paired else "glue"


def is_joint(number: Number) -> bool:
    """True if the symbol is of a joint document (liên tịch): `TTLT-BNV-BTC`, `NQLT-CP-UBTWMTTQVN`."""
    return (number.type_code or "").endswith("LT") and len(number.issuer_codes) > 1


def full_name(printed: str | None, number: Number | None, citing: CitingDocument) -> str | None:
    """The issuer's full name; without printed words the body of the number's symbol.

    `UBND tỉnh` in a document of Kiên Giang → `Ủy ban nhân dân tỉnh Kiên Giang`; `Bộ`, `Sở`, `huyện` alone are the
    citing document's own.
    """
    if printed is None:
        return _by_symbol(number, citing) if number else None
    if number is not None and is_joint(number) and "; " not in printed:
        several, alone = _by_symbol(number, citing) or "", _written_out(printed, citing)
        if alone is not None and any(alone.endswith(name) for name in several.split("; ")):
            return several
    if number is not None and _is_remnant(printed) and (known := _by_symbol(number, citing)):
        return known
    return _written_out(printed, citing)


def _is_remnant(printed: str) -> bool:
    """True if OCR left one lone word of a body's name (`Thi tướng` for Thủ tướng):
    then the symbol is more reliable.
    """
    return printed.isalpha() and not printed.isupper() and fold(printed) not in ("bo", "so")


def _written_out(printed: str, citing: CitingDocument) -> str | None:
    parts = re.sub(r"^Hội nghị [^;]{0,40}?(?=Ban Chấp hành|BCH)", "", printed).split("; ")
    names = [canonical_issuer(_own(part, citing), _place(citing), None, citing.date) for part in parts]
    names = [with_province(name, citing.date, None)[0] for name in names]
    return "; ".join(name for name in names if name) or None


def _place(citing: CitingDocument) -> str | None:
    """The province with its kind if no table knows it; None if only a district is known."""
    province = citing.province
    if province is None:
        return None
    return province.name if province_named(province.name) else province.full


def _own(printed: str, citing: CitingDocument) -> str:
    """The printed name with relative words (`Bộ`, `huyện`) replaced by the citing document's own."""
    words = fold(printed).split()
    own = citing.issuer or ""
    if words and words[-1] in ("bo", "so") and own.startswith(("Bộ ", "Sở ")) and fold(own).startswith(words[-1]):
        return f"{printed[: -len(words[-1])]}{own}"
    if len(words) > 1 and words[-1] in ("huyen", "xa", "phuong", "quan"):
        unit = re.search(rf"\b{words[-1]} ", fold(own))
        if unit:
            return f"{printed.rsplit(' ', 1)[0]} {own[unit.start() :]}"
    return printed


def _by_symbol(number: Number, citing: CitingDocument) -> str | None:
    """The body of the number's symbol; a local one only if the citing document identifies it."""
    own = citing.issuer or ""
    if citing.is_central and citing.province is None and _needs_place(number.issuer_codes):
        return None
    if number.issuer_codes[:1] in (("UBND",), ("HĐND",)) and (local := _LOCAL.search(own)):
        body = "Ủy ban nhân dân" if number.issuer_codes[0] == "UBND" else "Hội đồng nhân dân"
        return f"{body} {local.group()}"
    return _bodies_of(number.issuer_codes, _place(citing), citing.date, own)


def _needs_place(codes: tuple[str, ...]) -> bool:
    bodies = [body for code in codes for body in bodies_by_code().get(code, ())]
    return bool(bodies) and all(body.slot for body in bodies)


_LOCAL = re.compile(r"\b(?:huyện|quận|thị xã|xã|phường|thị trấn) .+")


@lru_cache(maxsize=4096)
def _bodies_of(codes: tuple[str, ...], place: str | None, date: str | None, text: str) -> str | None:
    return bodies_of(codes, place, date, text)
