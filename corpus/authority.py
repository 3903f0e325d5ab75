"""Issuing bodies (cơ quan ban hành): from symbol and place to the full name, from a printed name to its identity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.casing import sentence_case
from corpus.fold import fold, words
from corpus.number import Number
from corpus.provinces import Province, bare, province_at_end, province_named
from corpus.tables import in_force, rows


@dataclass(frozen=True, slots=True)
class Body:
    """One row of the authority table; `name` without its place, `slot` says what place is put behind it."""

    code: str
    name: str
    level: str
    slot: str
    valid_from: str
    valid_to: str
    successor: str


@cache
def _bodies() -> tuple[Body, ...]:
    found = []
    for row in rows("bodies"):
        name, _, slot = row["name"].partition(" {")
        found.append(
            Body(
                row["code"],
                name,
                row["level"],
                slot.rstrip("}"),
                row["valid_from"],
                row["valid_to"],
                row["successor"],
            )
        )
    return tuple(found)


@cache
def _by_code() -> dict[str, tuple[Body, ...]]:
    found: dict[str, list[Body]] = {}
    for body, row in zip(_bodies(), rows("bodies"), strict=True):
        for code in (row["code"], *filter(None, row["also"].split(","))):
            found.setdefault(code, []).append(body)
    return {code: tuple(bodies) for code, bodies in found.items()}


@cache
def _by_words() -> dict[str, Body]:
    return {words(body.name): body for body in reversed(_bodies())}


@cache
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Longest first, each as a word of its own."""
    pairs = sorted(((row["short"], row["full"]) for row in rows("abbreviations")), key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile(rf"(?<![\w&]){re.escape(short)}(?![\w&])(?:\.\s?)?"), full + " ") for short, full in pairs
    )


_LOCAL = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
_LOCAL_FOLDED = tuple(words(kind) for kind in _LOCAL)
_PROVINCIAL = frozenset({"province", "any", "party"})
_PARTY_SEATS = {"Tỉnh ủy": "Thành ủy", "Tỉnh đoàn": "Thành đoàn"}


def issuer_of(number: Number, place: str | None, date: str | None = None, text: str = "") -> str | None:
    """The full name of the body whose symbol the number carries, with its place.

    (`31/KH-STTTT`, `Kiên Giang`) → `Sở Thông tin và Truyền thông tỉnh Kiên Giang`. `text` (header or first sentences)
    settles the level of `UBND` and the body behind `TW`, and may spell out a code no table has. Several issuers of a
    joint document are joined by `; `. None when the symbol says nothing.
    """
    return bodies_of(number.issuer_codes, place, date, text)


def bodies_of(codes: tuple[str, ...], place: str | None, date: str | None, text: str = "") -> str | None:
    """As `issuer_of`, from the issuer codes alone."""
    names = [_named_by(code, place, date, text) for code in codes]
    return "; ".join(name for name in names if name) or None


def _named_by(code: str, place: str | None, date: str | None, text: str) -> str | None:
    candidates = _by_code().get(code) or _by_code().get(code.rstrip("0123456789")) or ()
    body = next((body for body in candidates if in_force(_era(body), date)), candidates[0] if candidates else None)
    if body is None:
        return _spelled_out(code, text, place)
    if body.code == "TW":
        return next((name for name in ("Bộ Chính trị", "Ban Bí thư") if fold(name) in fold(text)), body.name)
    return _placed(body, place, text)


def _era(body: Body) -> dict[str, str]:
    return {"valid_from": body.valid_from, "valid_to": body.valid_to}


def _placed(body: Body, place: str | None, text: str) -> str:
    if not body.slot:
        return body.name
    if body.level in ("any", "district", "commune") and (local := _local_unit(body.name, place, text)):
        return f"{body.name} {local}"
    province = province_named(place)
    if province is not None:
        return _with_province(body, province)
    return f"{body.name} {_clean_place(place)}" if place and body.level != "province" else body.name


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
    """`huyện Mộ Đức` when the text names this body of a unit below the province; None otherwise."""
    short = {"Ủy ban nhân dân": "UBND", "Hội đồng nhân dân": "HĐND"}.get(name, name)
    for found in re.finditer(
        rf"(?:{re.escape(name)}|{re.escape(short)})\s+(huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\s+"
        r"((?:[^\W\d_]['’\w]*\s?){1,5})",
        text,
        re.IGNORECASE,
    ):
        unit = " ".join(_leading_capitals(found[2]))
        if unit and (not place or province_named(place) is None or len(place.split()) > 4 or text.isupper()):
            return f"{found[1].lower()} {sentence_case(unit)}"
    return None


def _leading_capitals(text: str) -> list[str]:
    kept: list[str] = []
    for word in text.split():
        if not word[0].isupper():
            break
        kept.append(word)
    return kept[:4]


def phrase_of_initials(code: str, text: str) -> str | None:
    """The words of `text` whose first letters spell `code` (`và` and signs skipped), the last such phrase.

    `TTCNTT` → `Trung tâm Công nghệ thông tin`; None when no run of words does.
    """
    wanted = fold(code.replace("&", ""))
    if len(wanted) < 2 or not wanted.isalpha():
        return None
    tokens = [match for match in re.finditer(r"[^\W\d_]+", text) if fold(match.group()) != "va"]
    initials = "".join(fold(token.group())[0] for token in tokens)
    at = initials.rfind(wanted)
    if at < 0:
        return None
    phrase = text[tokens[at].start() : tokens[at + len(wanted) - 1].end()]
    return None if any(sign in phrase for sign in ".;:()\n") else phrase


def _spelled_out(code: str, text: str, place: str | None) -> str | None:
    phrase = phrase_of_initials(code, text) if len(code) >= 3 else None
    return canonical_issuer(phrase, place) if phrase and phrase[0].isupper() else None


_HEADS = (
    "Phó Thủ tướng Chính phủ", "Thủ tướng Chính phủ", "Phó Chủ tịch", "Chủ tịch", "Phó Giám đốc", "Tổng Giám đốc",
    "Giám đốc", "Thứ trưởng", "Bộ trưởng", "Chánh Văn phòng", "Chánh Thanh tra", "Chánh án", "Viện trưởng",
    "Hiệu trưởng", "Tổng Cục trưởng", "Cục trưởng", "Chi cục trưởng", "Vụ trưởng", "Trưởng phòng", "Trưởng Ban",
    "Trưởng ban", "Tổng Thanh tra", "Tổng Kiểm toán", "Thống đốc", "Chủ nhiệm", "Bí thư", "Chỉ huy trưởng",
)  # fmt: skip
_HEAD = re.compile(
    rf"^(?:Q\.\s*|Quyền\s+)?(?P<head>{'|'.join(_HEADS)})(?:\s*,\s*Chủ nhiệm)?\s+(?=\S)", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def canonical_issuer(text: str, place: str | None = None) -> str:
    """A printed name of a body written out: abbreviations expanded, capitals set, OCR mended, place completed.

    (`UBND tỉnh`, `Kiên Giang`) → `Ủy ban nhân dân tỉnh Kiên Giang`; `SỞ Y TẾ` → `Sở Y tế tỉnh Kiên Giang`.
    A body no table knows keeps its printed words. `place` is the địa danh of the document that prints the name.
    """
    name = _expand(_tidy(text))
    if not name:
        return ""
    if (head := _HEAD.match(name)) and not words(name).startswith(("thu tuong", "pho thu tuong")):
        return f"{name[: head.end()]}{_complete_led(head['head'], name[head.end() :], place)}"
    return _complete(name, place)


def _tidy(text: str) -> str:
    text = re.sub(r"\((?:gọi tắt[^)]*|viết tắt[^)]*|sau đây[^)]*|[A-ZĐ&]{2,12})\)", " ", text)
    text = text.replace("–", "-").replace("\n", " ")
    text = re.sub(r"\s+", " ", text).strip(" .,;:*-")
    return sentence_case(text)


def _expand(name: str) -> str:
    """`Sở TTTT` → `Sở Thông tin và Truyền thông`, `UBND tỉnh` → `Ủy ban nhân dân tỉnh`, `Bộ GD&ĐT` → …"""
    for pattern, full in _abbreviations():
        name = pattern.sub(full, name)
    name = re.sub(r"\b(Bộ|Sở) ([A-ZĐ][A-ZĐ&]{1,9})\b", _expand_department, name)
    name = (
        name.replace("Uỷ", "Ủy")
        .replace("uỷ", "ủy")
        .replace("Thủ tướng Chính phủ Chính phủ", "Thủ tướng Chính phủ")
    )
    return re.sub(r"\s+", " ", name).strip()


def _expand_department(match: re.Match[str]) -> str:
    code = match[1][0] + match[2].replace("&", "")
    return next((body.name for body in _by_code().get(code, ())), match.group())


def _complete_led(head: str, rest: str, place: str | None) -> str:
    """The body a head leads, completed: `Trưởng Ban` leads `Ban Chỉ đạo 138`, the others what follows them."""
    if fold(head) != "truong ban":
        return _complete(rest, place)
    return _complete(f"Ban {rest}", place).removeprefix("Ban ")


def _complete(name: str, place: str | None) -> str:
    body, rest = _match(name)
    if body is None:
        return _complete_unknown(name, place)
    printed = body.name
    if not rest:
        if body.level in ("province", "party", "any") and body.slot and (province := province_named(place)):
            return _with_province(body, province)
        return (
            printed
            if not place or not body.slot or body.level == "province"
            else f"{printed} {_clean_place(place)}"
        )
    province = province_named(place)
    if fold(rest) in ("tinh", "thanh pho") and province is not None and body.slot:
        return _with_province(body, province)
    named = province_named(rest)
    if named is not None and body.slot and body.level in _PROVINCIAL and words(rest) != "thanh pho":
        return _with_province(body, named)
    return f"{printed} {_place_rest(rest)}"


def _place_rest(rest: str) -> str:
    """The kind of unit in small letters, the rest as printed: `Huyện Mộ Đức` → `huyện Mộ Đức`."""
    for kind in _LOCAL:
        if fold(rest).startswith(fold(kind) + " ") and bare(rest) != "ho chi minh":
            return kind + rest[len(kind) :]
    return rest


def _match(name: str) -> tuple[Body | None, str]:
    """The known body that `name` starts with and the rest of it; near misses of OCR are mended with a margin."""
    tokens = list(re.finditer(r"[^\W_]+", name))
    folded = [fold(token.group()) for token in tokens]
    for size in range(min(len(folded), 16), 0, -1):
        if (body := _by_words().get(" ".join(folded[:size]))) is not None:
            rest = name[tokens[size - 1].end() :].strip(" ,-")
            if body.slot or not rest or body.level == "central":
                return (body, rest) if not _other_body(body, rest) else (None, "")
    return _near(folded, name, tokens)


def _other_body(body: Body, rest: str) -> bool:
    """Whether `rest` makes it another body (`Trung tâm Y tế dự phòng`, `Bộ Y tế - Cục Quản lý Dược`), not a place."""
    folded = words(rest)
    if not folded or folded.split()[0] in (
        "tinh",
        "huyen",
        "quan",
        "xa",
        "phuong",
        "thanh",
        "thi",
        "tp",
        "dac",
        "khoa",
    ):
        return False
    return province_named(rest) is None and body.level not in ("any", "party-base", "party-district")


def _near(folded: list[str], name: str, tokens: list[re.Match[str]]) -> tuple[Body | None, str]:
    from rapidfuzz import fuzz, process

    head, place_at = folded, len(folded)
    for at, word in enumerate(folded[1:], 1):
        if word in ("tinh", "huyen", "quan", "xa", "phuong") or folded[at : at + 2] == ["thanh", "pho"]:
            head, place_at = folded[:at], at
            break
    if len(head) < 2:
        return None, ""
    best = process.extract(" ".join(head), list(_by_words()), scorer=fuzz.ratio, limit=2, score_cutoff=84)
    if not best or best[0][1] < 88 or (len(best) > 1 and best[0][1] - best[1][1] < 4):
        return None, ""
    rest = name[tokens[place_at - 1].end() :].strip(" ,-")
    return _by_words()[best[0][0]], rest


def _complete_unknown(name: str, place: str | None) -> str:
    """Printed words, with the province's name where the words end in a bare `tỉnh`."""
    province = province_named(place)
    if province is not None and re.search(r"\s(?:tỉnh|Tỉnh|thành phố)$", name):
        return f"{name[: name.rindex(' ')].removesuffix(' thành')} {province.full}"
    if province is not None and re.match(
        r"(?:Ban Thường vụ|Ban Chấp hành|Thường trực)\s(?:Tỉnh ủy|Thành ủy)$", name
    ):
        return f"{name} {province.name}"
    if province is not None and re.match(r"Ban [Cc]hỉ đạo \d{2,3}$", name):
        return f"{name} {province.full}"
    return name


_KEY_HEADS = tuple(words(head) for head in _HEADS if "Thủ tướng" not in head)
_CENTRAL_PARTY = ("bo chinh tri", "ban bi thu", "ban chap hanh trung uong", "hoi nghi lan thu")


def issuer_key(name: str | None) -> str | None:
    """The identity of a body: folded, its place kept, a head counted as the body led.

    `Giám đốc Sở Y tế tỉnh Kiên Giang` and `Sở Y tế Kiên Giang` share a key; Bộ Chính trị, Ban Bí thư and BCH Trung ương
    number in one series (`/TW`) and share one too. None for no name.
    """
    folded = words(_expand(_tidy(name))) if name else ""
    for head in _KEY_HEADS:
        rest = folded.removeprefix(head + " ")
        folded = f"ban {rest}" if head == "truong ban" and rest != folded else rest
    if not folded:
        return None
    if folded.startswith(_CENTRAL_PARTY) and "doan" not in folded.split():
        return "trung uong dang"
    for organ in ("ban thuong vu ", "ban chap hanh dang bo ", "thuong truc "):
        folded = folded.removeprefix(organ) if "uy" in folded.split() or "dang bo" in organ else folded
    return _without_kind(folded)


def _without_kind(folded: str) -> str:
    """`so y te tinh kien giang` → `so y te kien giang`: the province's kind says nothing its name does not."""
    found = province_at_end(folded)
    if found is None:
        return folded
    province, before = found
    before = before.removesuffix(" thanh pho").removesuffix(" tinh").removesuffix(" tp")
    if before in ("tinh", "thanh pho"):
        before = "tinh uy"
    return f"{before} {words(province.name)}".strip()


def superior_of(issuer: str | None) -> str | None:
    """The body a body answers to (cơ quan chủ quản): a Sở of a province → its Ủy ban nhân dân; None when not known."""
    if not issuer:
        return None
    body, rest = _match(_expand(_tidy(issuer)))
    if body is None or body.level != "province" or not rest:
        return None
    found = province_named(rest)
    return f"Ủy ban nhân dân {found.full}" if found else None


def body_names() -> dict[str, bool]:
    """Folded words of every name in the authority table and of the short forms that print it (`ubnd`, `bch trung uong`).

    The value says whether a place belongs behind the name. Names of units (`Ban Chỉ đạo`) are left out: they go on.
    """
    names = {name: bool(body.slot) for name, body in _by_words().items() if body.level != "unit"}
    for row in rows("abbreviations"):
        short, full = words(row["short"]), words(row["full"])
        more = {short + name.removeprefix(full): slot for name, slot in names.items() if name.startswith(full)}
        more |= {name.replace(f" {full}", f" {short}"): slot for name, slot in names.items() if f" {full}" in name}
        names = more | names
    return names
