"""Full names of issuing bodies: from a number's symbol and the place, or from the words a paper prints."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.authority.bodies import (
    Body,
    bodies_by_code,
    bodies_named,
    expand,
    known_body,
    leader_pattern,
    leaders,
    phrase_of_initials,
    tidy,
)
from corpus.authority.communes import is_commune, province_of_place
from corpus.authority.provinces import (
    LOCAL_KINDS,
    Province,
    assumed_province,
    bare,
    local_unit_in,
    of_printed_kind,
    province_named,
)
from corpus.numbering.number import Number
from corpus.tables import in_force
from corpus.vietnamese.casing import sentence_case
from corpus.vietnamese.fold import fold, words

_PROVINCIAL = frozenset({"province", "any", "party"})
_PARTY_SEATS = {"Tỉnh ủy": "Thành ủy", "Tỉnh đoàn": "Thành đoàn"}


def issuer_of(number: Number, place: str | None, date: str | None = None, text: str = "") -> str | None:
    """The full name of the body whose symbol the number carries, with its place.

    (`31/KH-STTTT`, `Kiên Giang`) → `Sở Thông tin và Truyền thông tỉnh Kiên Giang`. `text` (header or first
    sentences) settles the level of `UBND` and the body behind `TW`, and may spell out a code no table has. Several
    issuers of a joint document are joined by `; `. None when the symbol says nothing.
    """
    return bodies_of(number.issuer_codes, place, date, text)


def bodies_of(codes: tuple[str, ...], place: str | None, date: str | None, text: str = "") -> str | None:
    """As `issuer_of`, from the issuer codes alone."""
    names = [_named_by(code, place, date, text) for code in codes]
    return "; ".join(name for name in names if name) or None


def _named_by(code: str, place: str | None, date: str | None, text: str) -> str | None:
    candidates = bodies_by_code().get(code) or bodies_by_code().get(code.rstrip("0123456789")) or ()
    body = next((body for body in candidates if in_force(body.era, date)), candidates[0] if candidates else None)
    if body is None:
        return _spelled_out(code, text, place)
    if body.code == "TW":
        return next((name for name in ("Bộ Chính trị", "Ban Bí thư") if fold(name) in fold(text)), body.name)
    return _name_with_place(body, place, text, date)


def _spelled_out(code: str, text: str, place: str | None) -> str | None:
    phrase = phrase_of_initials(code, text) if len(code) >= 3 else None
    return canonical_issuer(phrase, place) if phrase and phrase[0].isupper() else None


def _name_with_place(body: Body, place: str | None, text: str, date: str | None = None) -> str:
    if not body.slot:
        return body.name
    if body.level in ("any", "district", "commune") and (local := _local_unit(body.name, place, text)):
        return f"{body.name} {local}"
    if (province := _province(body, place, date)) is not None:
        return _with_province(body, province)
    return f"{body.name} {_clean_place(place)}" if place else body.name


def _province(body: Body, place: str | None, date: str | None = None) -> Province | None:
    """Province of the place; an unknown place counts as one if the body exists in provinces only.

    A commune of the two-tier government is no province: its own one is meant, if its name is unique.
    """
    known = province_named(place, date) or province_of_place(place, date)
    if known is not None or body.level not in ("province", "party") or is_commune(place, date):
        return known
    return assumed_province(place)


def _with_province(body: Body, province: Province) -> str:
    if body.slot == "place":
        return f"{body.name} {province.full}"
    name = body.name
    if province.kind == "thành phố":
        for party, city in _PARTY_SEATS.items():
            name = name.replace(party, city)
    return f"{name} {province.name}"


def _clean_place(place: str) -> str:
    return re.sub(r"^(?:TP\.?|Tp\.?)\s*", "thành phố ", place.strip(" ,.;"))


def _local_unit(name: str, place: str | None, text: str) -> str | None:
    """`huyện Mộ Đức` when the text names this body of a unit that is not the place's province; None otherwise."""
    short = {"Ủy ban nhân dân": "UBND", "Hội đồng nhân dân": "HĐND"}.get(name, name)
    for found in re.finditer(rf"(?:{re.escape(name)}|{re.escape(short)})\s+", text, re.IGNORECASE):
        unit = local_unit_in(text[found.end() : found.end() + 40].split("\n")[0])
        if unit is None or unit.startswith("thành phố") or (unit.startswith("tỉnh") and province_named(place)):
            continue
        if place and fold(unit).endswith(fold(place)):
            return unit
        if not place or province_named(place) is None or text.isupper():
            return unit
    return None


@lru_cache(maxsize=4096)
def canonical_issuer(
    text: str, place: str | None = None, superior: str | None = None, date: str | None = None
) -> str:
    """Write out a printed name of a body: abbreviations expanded, capitals set, OCR repaired, place completed.

    (`UBND tỉnh`, `Kiên Giang`) → `Ủy ban nhân dân tỉnh Kiên Giang`; `SỞ Y TẾ` → `Sở Y tế tỉnh Kiên Giang`.
    A body that no table has keeps its printed words. `place` is the địa danh of the document that prints the name,
    `superior` the line above it in a header (`UBND HUYỆN GÒ ĐƯỚC`), which gives the unit for certain. `date`: the
    day of the paper, which selects provinces, seats and bodies of its time. Printed places are kept; tables only
    complete them.
    """
    name = expand(tidy(text))
    if not name:
        return ""
    if superior and re.match(rf"(?:{'|'.join(LOCAL_KINDS)})\s", name, re.IGNORECASE):
        return canonical_issuer(f"{superior} {text}", place, None, date)
    unit = _unit_of(superior) if superior else None
    if superior and (organ := organ_of(words(name), superior)):
        return f"{organ} {canonical_issuer(superior, place, None, date)}"
    if superior and _is_board_of(name, superior):
        return f"{name} {canonical_issuer(superior, place, None, date)}"
    if superior and (branch := _BRANCH.match(name)) and not branch["owner"]:
        return f"{expand(tidy(superior))} {name}"
    if _is_central(name, superior, date):
        return name
    if (head := leader_pattern().match(name)) and not words(name).startswith(("thu tuong", "pho thu tuong")):
        spelled = name[: head.start("head")] + _heads()[fold(head["head"])] + name[head.end("head") : head.end()]
        return f"{spelled}{_complete_led(head['head'], name[head.end() :], place, unit, date)}"
    return _complete(name, place, unit, date)


_ORGANS = {"van phong": "Văn phòng", "ban thuong truc": "Ban Thường trực", "thuong truc": "Thường trực"}
_UNION_ORGANS = {
    "ban thuong vu": "Ban Thường vụ", "btv": "Ban Thường vụ", "ban chap hanh": "Ban Chấp hành",
    "bch": "Ban Chấp hành",
}  # fmt: skip
_UNIONS = (
    "doan", "hoi", "lien doan", "tong lien doan", "cong doan", "tinh doan", "thanh doan", "huyen doan", "xa doan",
    "trung uong doan", "trung uong hoi", "hiep hoi", "lien hiep", "lien minh",
)  # fmt: skip
_NO_UNIONS = ("hoi dong", "doan dai bieu", "doan kiem tra", "doan thanh tra")
"""Bodies whose names open as a union's do."""
_COMMITTEES = ("dang uy", "tinh uy", "thanh uy", "huyen uy", "quan uy", "thi uy", "hoi dong nhan dan", "hdnd")
_THEIR_BOARD = re.compile(r"ban (?!chi |quan ly|van dong|bien tap|to chuc (?:le|hoi|cuoc))\S|uy ban kiem tra")
"""Boards of a Party committee or a people's council, each of which has them by the same names."""
_COUNCILS = {
    "hoi dong thanh vien": "Hội đồng thành viên", "hoi dong quan tri": "Hội đồng quản trị",
    "hoi dong truong": "Hội đồng trường", "ban kiem soat": "Ban Kiểm soát", "ban giam doc": "Ban Giám đốc",
}  # fmt: skip
"""Organs of a firm or a school."""
_BRANCH = re.compile(
    rf"Chi nhánh(?: (?:{'|'.join(LOCAL_KINDS)}|số|khu vực))? \S+(?: \S+){{0,2}}?(?P<owner> (?:của|thuộc) .+)?$",
    re.IGNORECASE,
)
"""A branch named by its place alone, which is a body with its owner's name only."""


def organ_of(name: str, superior: str) -> str | None:
    """Name of an organ that alone names no body: `BAN THƯỜNG TRỰC` of a Front, `BAN CHẤP HÀNH` of a union.

    name: folded; superior: the line above it. None for a body of its own.
    """
    if name not in _UNION_ORGANS:
        return _ORGANS.get(name) or _COUNCILS.get(name)
    above = words(expand(tidy(superior)))
    return _UNION_ORGANS[name] if above.startswith(_UNIONS) and not above.startswith(_NO_UNIONS) else None


def _is_board_of(name: str, superior: str) -> bool:
    """True if a body is a board of the committee above it and says nothing of whose: `ỦY BAN KIỂM TRA` under
    `ĐẢNG ỦY PHƯỜNG RẠCH GIÁ`.
    """
    whole, above = words(name), words(expand(tidy(superior)))
    if not above.startswith(_COMMITTEES) or _THEIR_BOARD.match(whole) is None:
        return False
    return local_unit_in(name) is None and not any(part in whole for part in (*_COMMITTEES, "trung uong"))


def _is_central(name: str, superior: str | None, date: str | None) -> bool:
    """True if a name without a place is a central body's own: one with that name exists at the centre and locally.

    `CỤC THUẾ` under the ministry, or since 3/2025; `KHO BẠC NHÀ NƯỚC` at all times.
    """
    twins = [body for body in bodies_named(words(name)) if body.level == "central"]
    if not twins or len(bodies_named(words(name))) == 1:
        return False
    under = superior is not None and words(expand(tidy(superior))).startswith("bo ")
    return under or any(in_force(body.era, date or "") for body in twins)


def _unit_of(superior: str) -> str | None:
    """The unit of the body above: the one it names, or the province behind a known body's name (`SỞ Y TẾ LÂM
    ĐỒNG`).
    """
    body, rest = known_body(expand(tidy(superior)))
    found = province_named(rest) if body is not None and body.slot and rest else None
    return local_unit_in(sentence_case(superior)) or (found.full if found else None)


@cache
def _heads() -> dict[str, str]:
    """Folded title of a head of a body → its spelling: `BỘ TRƯỞNG` → `Bộ trưởng`."""
    return {fold(head): head for head in reversed(leaders("name"))}


def _complete_led(head: str, rest: str, place: str | None, unit: str | None, date: str | None) -> str:
    """The body a head leads, completed: `Trưởng Ban` leads `Ban Chỉ đạo 138`, the others what follows them."""
    if fold(head) != "truong ban":
        return _complete(rest, place, unit, date)
    return _complete(f"Ban {rest}", place, unit, date).removeprefix("Ban ")


def _complete(name: str, place: str | None, unit: str | None, date: str | None) -> str:
    body, rest = known_body(name)
    if body is None:
        return _complete_unknown(name, place, unit, date)
    if not body.slot:
        return f"{body.name} {rest}".strip()
    if not rest:
        return _without_rest(body, place, unit, date)
    if fold(rest) in ("tinh", "thanh pho") and (
        province := province_named(place, date) or assumed_province(place)
    ):
        return _with_province(body, of_printed_kind(province, rest))
    named = province_named(rest, date)
    if named is not None and body.level in _PROVINCIAL and words(rest) != "thanh pho" and _is_of(named, rest):
        return _with_province(body, of_printed_kind(named, name if body.slot == "name" else rest))
    return f"{body.name} {_place_rest(rest)}"


def _is_of(province: Province, printed: str) -> bool:
    """True if the printed place is the province itself: `thành phố Rạch Giá` is its seat, a unit with bodies of
    its own.
    """
    kind = next((kind for kind in LOCAL_KINDS if fold(printed).startswith(fold(kind) + " ")), province.kind)
    return kind == province.kind or bare(printed) == words(province.name)


def _without_rest(body: Body, place: str | None, unit: str | None, date: str | None) -> str:
    if unit is not None and body.slot == "place":
        return f"{body.name} {unit}"
    if body.level in _PROVINCIAL and (province := _province(body, place, date)) is not None:
        return _with_province(body, province)
    return f"{body.name} {_clean_place(place)}" if place else body.name


def _place_rest(rest: str) -> str:
    """The kind of unit in small letters, the rest as printed: `Huyện Mộ Đức` → `huyện Mộ Đức`."""
    for kind in LOCAL_KINDS:
        if fold(rest).startswith(fold(kind) + " ") and bare(rest) != "ho chi minh":
            return kind + rest[len(kind) :]
    return rest


_BARE_PROVINCE = re.compile(r"\s(?:tỉnh|Tỉnh|thành phố)$")
_UNPLACED = re.compile(r"(?:Ban [Cc]hỉ đạo \d{2,3}|Ban Thường vụ|Ban Chấp hành)$")


_OF_A_YEAR = re.compile(r"\s[Nn]ăm (?:học )?\d{4}(?:\s?[-–]\s?\d{4})?$")
"""A council for one occasion (`Hội đồng xét thăng hạng viên chức năm 2025`): its year ends the name,
no place follows."""


def _complete_unknown(name: str, place: str | None, unit: str | None, date: str | None) -> str:
    """Printed words, with the province's name where they end in a bare `tỉnh`,
    or with the unit of the line above.
    """
    province = province_named(place, date) or province_of_place(place, date) or assumed_province(place)
    if province is not None and (bare_kind := _BARE_PROVINCE.search(name)):
        return f"{name[: bare_kind.start()]} {province.full}"
    if _OF_A_YEAR.search(name):
        return name
    if unit is not None and fold(unit.split(" ", 1)[-1]) not in fold(name) and not name.startswith("Trường "):
        return f"{name} {unit}"
    if province is not None and _UNPLACED.match(name):
        return f"{name} {province.full}"
    if " (" in name and (known := known_body(name[: name.index(" (")]))[0] is not None:
        return (
            f"{_complete(name[: name.index(' (')], place, unit, date)}{name[name.index(' (') :]}"
            if known[0]
            else name
        )
    return name


def superior_of(issuer: str | None) -> str | None:
    """The body a body answers to (cơ quan chủ quản): a Sở of a province → its Ủy ban nhân dân;
    None when not known.
    """
    if not issuer:
        return None
    body, rest = known_body(expand(tidy(issuer)))
    if body is None or body.level not in ("province", "district", "commune") or not rest:
        return None
    found = province_named(rest)
    unit = found.full if found else local_unit_in(rest)
    return f"Ủy ban nhân dân {unit}" if unit else None
