"""The issuer named in a citation: its printed words, where they end, and its full name seen from the citing document."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.authority.bodies import bodies_by_code, names_in_text
from corpus.authority.communes import with_province
from corpus.authority.issuers import bodies_of, canonical_issuer
from corpus.authority.provinces import province_named
from corpus.numbering.number import Number
from corpus.vietnamese.fold import beginnings, fold
from ingest.citations.citing import Citing
from ingest.citations.scope import Scope

_OF = re.compile(r"[\s,]*(?:cua|do|giua)\s+")
_HEAD = re.compile(
    r"(?:dong chi |ong |ba )?(?:(?:pho |quyen )?(?:chu tich|giam doc|tong giam doc|bo truong|thu truong|chanh van phong|truong(?= ban )|truong phong"
    r"|chanh thanh tra|chanh an|vien truong|hieu truong|tong cuc truong|cuc truong|chi cuc truong|tong thanh tra|thong doc|chu nhiem"
    r"|bi thu|tong kiem toan nha nuoc|truong doan|hoi nghi(?: lan thu \w{1,5}(?: \w{1,5})?)?))(?:\s*,\s*chu nhiem)?\s+"
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
    {"va", "nhan", "dan", "quan", "su", "chi", "dao", "bieu", "truc", "trung", "uong", "khoa", "doan", "lan", "thu", "hanh", "vu",
     "ly", "te", "cong", "nuoc", "nha", "du", "an", "cua", "phong", "chong", "dau", "tu", "xay", "dung", "vien", "hoc",
     "truong", "giao", "duc", "tao", "duoc", "kham", "chua", "benh", "nhat", "hai", "ba", "nam", "sau", "bay", "tam",
     "chin", "muoi", "chinh", "tri", "bao", "hiem", "xa", "hoi", "chuyen", "doi", "so", "quoc", "gia", "toi", "pham",
     "nan", "trao", "toan", "thien", "tai", "ban", "chuc", "cuc", "to", "ung", "pho", "co", "tich", "hang", "bat", "dong"}
)  # fmt: skip
_PAIRS = frozenset(
    {"bao ve", "trung uong", "chi dao", "quan ly", "to chuc", "tuyen giao", "noi chinh", "dan van", "kiem tra", "ngan hang", "tap doan",
     "thuong vu", "chap hanh", "thuong truc", "thanh tra", "bao hiem", "dai hoc", "cao dang", "benh vien", "chu tich"}
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


def printed_issuer(scope: Scope, offset: int) -> tuple[str | None, int]:
    """The issuer named at `offset` after `của`, `do` or `giữa`, and the offset behind it; (None, offset) for none."""
    of = _OF.match(scope.folded, offset, offset + 24)
    if of is None or "\n" in scope.flat[offset : of.end()]:
        return None, offset
    start = of.end()
    end = _end_of_body(scope, start)
    if end is None:
        return None, offset
    joined = re.compile(r"\s+va\s+").match(scope.folded, end, end + 8)
    if joined and (_known_end(scope, joined.end()) or of.group().strip() == "giua"):
        second = _end_of_body(scope, joined.end())
        if second is not None:
            return f"{scope.flat[start:end]}; {scope.flat[joined.end() : second]}", second
    return scope.flat[start:end], end


_FIRM = re.compile(
    r"(?:Tập đoàn|Tổng công ty|Tổng Công ty|Công ty)(?:\s[^\W\d_]+){1,12}?(?=\s(?:về|tại|ngày|và|đề nghị|phê duyệt|ban hành|quy định)\s|[,;.()\n])"
)
"""A firm's name: small letters in it don't end it (`Tập đoàn Điện lực Việt Nam`), the next clause does."""


def _end_of_body(scope: Scope, start: int) -> int | None:
    head = _HEAD.match(scope.folded, start, start + 60)
    begin = head.end() if head else start
    if (firm := _FIRM.match(scope.flat, begin, begin + 130)) is not None:
        return firm.end()
    known = _known_end(scope, begin)
    if known is not None:
        return _with_place(scope, *known)
    end = _capitalised_end(scope, begin)
    return end if end is not None else (head.end() - 1 if head else None)


def body_at(scope: Scope, offset: int) -> tuple[str | None, int]:
    """The body named at `offset` with no word before it but blanks, and the offset behind it."""
    start = offset + len(scope.flat[offset : offset + 4]) - len(scope.flat[offset : offset + 4].lstrip(" ,"))
    end = _end_of_body(scope, start)
    return (scope.flat[start:end], end) if end is not None else (None, offset)


def issuer_before(scope: Scope, lead: int) -> str | None:
    """The body that speaks in the document: `đề nghị của UBND thị trấn Mộ Đức tại Tờ trình số …`; None for none."""
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
_PARENT = re.compile(r"\s?(?:-\s)?(?=bo |uy ban nhan dan|ubnd|tinh uy|so )")


_NAME_TOKEN = re.compile(r"[^\W_]+|[;:.()“”\"\n]")


def _known_end(scope: Scope, start: int) -> tuple[int, bool] | None:
    """The end of the longest name of the authority table that begins at `start`, its parent's behind it included.

    Also whether a place belongs behind it.
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
    if name.startswith(("cuc ", "tong ", "vu ", "ban ")) and (parent := _PARENT.match(scope.folded, end)):
        return _known_end(scope, parent.end()) or (end, placed)
    return end, placed


def _with_place(scope: Scope, end: int, placed: bool) -> int:
    """Behind a known body: `(UBND)`, then the unit and its name (`huyện Giồng Riềng`), or the name alone."""
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
    """Whether a word may belong to the place behind a body's name."""
    if word[0].isupper() or word == "phố" or (word.isdigit() and len(word) < 4 and not begun):
        return True
    return (word.lower() in _UNITS and not seen_name) or (lower == "khoa" and begun)


def _capitalised_end(scope: Scope, start: int) -> int | None:
    """The end of a run of capitalised words, with the small words that names hold between them."""
    piece = scope.flat[start : start + 130]
    end = None
    previous = ""
    comma = False
    for token in _TOKEN.finditer(piece):
        word = token.group()
        lower = fold(word)
        if not word[0].isalnum():
            comma = word == ","
            if word in "-–," and end is not None:
                continue
            break
        if "\n" in piece[end or 0 : token.start()] or f"{previous} {lower}" in _STOP_PAIRS:
            break
        if comma and (word[0].isupper() or lower in ("ve", "va")):
            break
        comma = False
        if word[0].isupper() and (known := _known_end(scope, start + token.start())) is not None:
            return _with_place(scope, *known)
        if word[0].isupper() or (word.lower() in _UNITS and end is not None):
            end = token.end()
        elif (lower not in _GLUE and word != "vệ") or end is None:
            break
        elif (
            f"{fold(piece[:end]).rsplit(' ', 1)[-1]} {lower}" in _PAIRS and not piece[end : token.start()].strip()
        ):
            end = token.end()
        previous = lower if word[0].islower() else ""
    return start + end if end is not None and piece[:end].strip() else None


def full_name(printed: str | None, number: Number | None, citing: Citing) -> str | None:
    """The issuer's full name; without printed words the number's symbol names it.

    `UBND tỉnh` in a document of Kiên Giang → `Ủy ban nhân dân tỉnh Kiên Giang`; `Bộ`, `Sở`, `huyện` alone are the
    citing document's own.
    """
    if printed is None:
        return _by_symbol(number, citing) if number else None
    if number is not None and _is_remnant(printed) and (known := _by_symbol(number, citing)):
        return known
    return _written_out(printed, citing)


def _is_remnant(printed: str) -> bool:
    """Whether OCR left one lone word of a body's name (`Thi tướng` for Thủ tướng): the symbol knows better."""
    return printed.isalpha() and not printed.isupper() and fold(printed) not in ("bo", "so")


def _written_out(printed: str, citing: Citing) -> str | None:
    parts = re.sub(r"^Hội nghị [^;]{0,40}?(?=Ban Chấp hành|BCH)", "", printed).split("; ")
    names = [canonical_issuer(_own(part, citing), _place(citing), None, citing.date) for part in parts]
    names = [with_province(name, citing.date, None)[0] for name in names]
    return "; ".join(name for name in names if name) or None


def _place(citing: Citing) -> str | None:
    """The province with its kind when no table knows it; nothing when only a district is known."""
    province = citing.province
    if province is None:
        return None
    return province.name if province_named(province.name) else province.full


def _own(printed: str, citing: Citing) -> str:
    """Relative words set to what they mean in the citing document."""
    words = fold(printed).split()
    own = citing.issuer or ""
    if words and words[-1] in ("bo", "so") and own.startswith(("Bộ ", "Sở ")) and fold(own).startswith(words[-1]):
        return f"{printed[: -len(words[-1])]}{own}"
    if len(words) > 1 and words[-1] in ("huyen", "xa", "phuong", "quan"):
        unit = re.search(rf"\b{words[-1]} ", fold(own))
        if unit:
            return f"{printed.rsplit(' ', 1)[0]} {own[unit.start() :]}"
    return printed


def _by_symbol(number: Number, citing: Citing) -> str | None:
    """The body of the number's symbol; of a local one only where the citing document tells which."""
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
