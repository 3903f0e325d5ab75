"""Provinces and cities under central rule: found in any spelling, followed through the mergers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from corpus.tables import rows
from corpus.vietnamese.casing import sentence_case
from corpus.vietnamese.fold import words


@dataclass(frozen=True, slots=True)
class Province:
    """One unit in one period: `Kiên Giang` was a `tỉnh` until 30/6/2025, when `An Giang` took it over."""

    name: str
    kind: str
    valid_from: str
    valid_to: str
    successor: str
    seat: str

    def stood_on(self, date: str) -> bool:
        """True if the unit existed, with this kind, on the day."""
        return self.valid_from <= date and (not self.valid_to or date <= self.valid_to)

    @property
    def full(self) -> str:
        """`tỉnh Kiên Giang`, `thành phố Hà Nội`; the biggest city's kind is part of its name."""
        kind = "Thành phố" if self.name == "Hồ Chí Minh" else self.kind
        return f"{kind} {self.name}"


@cache
def provinces() -> tuple[Province, ...]:
    """All units of the table, those of the past included."""
    return tuple(
        Province(row["name"], row["kind"], row["valid_from"], row["valid_to"], row["successor"], row["seat"])
        for row in rows("provinces")
    )


@cache
def _eras_by_words() -> dict[str, tuple[Province, ...]]:
    """Folded name or variant → the units of that name, the latest first as the table has them."""
    found: dict[str, list[Province]] = {}
    for province, row in zip(provinces(), rows("provinces"), strict=True):
        for name in (province.name, *filter(None, row["variants"].split(","))):
            found.setdefault(words(name), []).append(province)
    return {name: tuple(eras) for name, eras in found.items()}


@cache
def _by_words() -> dict[str, Province]:
    """Folded name or variant → unit; of several eras the latest."""
    return {name: eras[0] for name, eras in _eras_by_words().items()}


@cache
def place_words() -> frozenset[str]:
    """Every word of the names, their variants and the seats, in lower case: `đắk` is one, though no syllable."""
    names = [name for row in rows("provinces") for name in (row["name"], row["seat"], *row["variants"].split(","))]
    return frozenset(word.lower() for name in names for word in name.split())


@cache
def _by_seat() -> dict[str, Province]:
    return {words(province.seat): province for province in provinces() if province.seat}


_KINDS = ("tinh ", "thanh pho ", "tp ")


def bare(place: str) -> str:
    """The folded name without its kind: `Tỉnh Kiên Giang` → `kien giang`."""
    folded = words(place)
    for kind in _KINDS:
        folded = folded.removeprefix(kind)
    return folded


def province_named(place: str | None, date: str | None = None) -> Province | None:
    """The unit a place names, in any spelling or by its seat (`TP. Rạch Giá` → Kiên Giang); None for other places.

    With a date (ISO 8601) the era of that day (`Đồng Nai`: a province until 29/4/2026), and of a seat the unit
    that had its land then (`Rạch Giá` → An Giang since 1/7/2025).
    """
    if not place:
        return None
    name = bare(place)
    if eras := _eras_by_words().get(name):
        return next((one for one in eras if date and one.stood_on(date)), eras[0])
    seat = _by_seat().get(name)
    heir = province_successor(seat.name, date) if seat is not None and date else None
    return _by_words()[words(heir)] if heir else seat


def of_printed_kind(province: Province, printed: str) -> Province:
    """The unit with its printed kind (tỉnh, thành phố): a table completes the printed name and changes nothing in
    it.
    """
    folded = f"{words(printed)} "
    kind = (
        "tỉnh" if folded.startswith("tinh ") else "thành phố" if folded.startswith(_KINDS[1:]) else province.kind
    )
    return province if kind == province.kind else replace(province, kind=kind)


def province_at_end(text: str) -> tuple[Province, str] | None:
    """The unit named by the last words of `text` and the folded words before it; its kind is not taken off."""
    parts = words(text).split()
    for size in range(min(5, len(parts)), 0, -1):
        if found := _by_words().get(" ".join(parts[-size:])):
            return found, " ".join(parts[:-size])
    return None


def province_successor(name: str, date: str | None = None) -> str | None:
    """The unit that holds `name`'s land on `date` (ISO 8601, None: today's):
    `Kiên Giang` → `An Giang` from 2025-07-01.

    None when the unit still stood on that date or is unknown.
    """
    province = province_named(name)
    if province is None or not province.successor or (date is not None and date <= province.valid_to):
        return None
    return province_successor(province.successor, date) or province.successor


LOCAL_KINDS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
_UNIT = re.compile(
    r"""
    (?<!\w)(?P<kind>tỉnh|thành[ ]phố|tp\.?|huyện|quận|thị[ ]xã|thị[ ]trấn|xã|phường|đặc[ ]khu)\s+  # thành phố
    (?P<name>[^\W\d_][\w'’]*(?:\s?-\s?[^\W\d_][\w'’]*|\s[^\W\d_][\w'’]*){0,4}|\d{1,2})  # Phan Rang - Tháp Chàm, 12
    """,
    re.IGNORECASE | re.VERBOSE,
)


def local_unit_in(text: str) -> str | None:
    """The administrative unit a text names, its kind in small letters: `UBND HUYỆN GÒ ĐƯỚC` → `huyện Gò Đước`."""
    found = _UNIT.search(text)
    while found is not None and _is_society(found):
        found = _UNIT.search(text, found.end("kind"))
    if found is None:
        return None
    kind = "thành phố" if found["kind"].lower().startswith("tp") else found["kind"].lower()
    printed = found["name"]
    name = " ".join(_own_words(printed) if printed.isupper() else _capitals(sentence_case(printed).split()))
    known = province_named(f"{kind} {name}")
    if known is not None and kind in ("tỉnh", "thành phố") and words(known.name) == words(name):
        return replace(known, kind=kind).full
    return f"{kind} {name}" if name else None


def _is_society(unit: re.Match[str]) -> bool:
    """True if `xã hội` is a word of its own (`KHOA HỌC XÃ HỘI VIỆT NAM`) and not a commune whose name begins
    so.
    """
    if words(unit.group()).split()[:2] != ["xa", "hoi"]:
        return False
    return not words(unit.string[: unit.start()]).endswith(("nhan dan", "ubnd", "hdnd", "dang uy", "dang bo"))


def _own_words(printed: str) -> list[str]:
    """The words of a name in capitals, up to the kind of another unit (`DIỄN CHÂU TỈNH NGHỆ AN`)."""
    parts = printed.split()
    end = next(
        (at for at in range(1, len(parts)) if " ".join(parts[at:]).lower().startswith(LOCAL_KINDS)), len(parts)
    )
    return [part.capitalize() for part in parts[:end]]


def _capitals(parts: list[str]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if not (part[0].isupper() or part[0].isdigit() or part == "-"):
            break
        kept.append(part)
    return kept


def assumed_province(place: str | None) -> Province | None:
    """A place no table knows, taken for a province: of an invented or a coming one only its papers tell."""
    if not place or not place.strip(" ,."):
        return None
    name = place.strip(" ,.")
    kind = next((kind for kind in LOCAL_KINDS if name.lower().startswith(kind + " ")), "tỉnh")
    return Province(name[len(kind) + 1 :] if name.lower().startswith(kind + " ") else name, kind, "", "", "", "")
