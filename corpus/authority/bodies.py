"""The authority list of issuing bodies (cơ quan ban hành): rows, symbols, short forms,
and the row a printed name means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from corpus.authority.provinces import province_named
from corpus.tables import rows
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.casing import sentence_case
from corpus.vietnamese.fold import fold, words


@dataclass(frozen=True, slots=True)
class Body:
    """One row of the authority table; `name` is without a place, `slot` is the kind of place that follows it."""

    code: str
    name: str
    level: str
    slot: str
    valid_from: str
    valid_to: str
    successor: str

    @property
    def successors(self) -> tuple[str, ...]:
        """The codes of the bodies that took it over."""
        return tuple(code.strip() for code in self.successor.split(",") if code.strip())

    @property
    def era(self) -> dict[str, str]:
        """Period in which the body existed, in the form of `tables.in_force`."""
        return {"valid_from": self.valid_from, "valid_to": self.valid_to}


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


def body_names() -> tuple[str, ...]:
    """The names of all known bodies, without places, in the order of the table."""
    return tuple(dict.fromkeys(body.name for body in _bodies()))


@cache
def bodies_by_code() -> dict[str, tuple[Body, ...]]:
    """Symbol → the bodies it may mean, their other symbols included."""
    found: dict[str, list[Body]] = {}
    for body, row in zip(_bodies(), rows("bodies"), strict=True):
        for code in (row["code"], *filter(None, row["also"].split(","))):
            found.setdefault(code, []).append(body)
    return {code: tuple(bodies) for code, bodies in found.items()}


@cache
def _all_by_words() -> dict[str, tuple[Body, ...]]:
    found: dict[str, list[Body]] = {}
    for body in _bodies():
        found.setdefault(words(body.name), []).append(body)
    return {name: tuple(same) for name, same in found.items()}


def bodies_named(folded: str) -> tuple[Body, ...]:
    """All bodies and eras with this folded name (without its place)."""
    return _all_by_words().get(folded, ())


@cache
def bodies_by_words() -> dict[str, Body]:
    """Folded name without its place → body; of two with one name the first of the table."""
    return {words(body.name): body for body in reversed(_bodies())}


@cache
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Longest first, each as a word of its own."""
    pairs = sorted(((row["short"], row["full"]) for row in rows("abbreviations")), key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile(rf"(?<![\w&]){re.escape(short)}(?![\w&])(?:\.\s?)?"), full + " ") for short, full in pairs
    )


@cache
def written_out() -> dict[str, str]:
    """Abbreviation inside a body's name → the words that it is short for, both folded."""
    return {fold(row["short"]): fold(row["full"]) for row in rows("abbreviations")}


@cache
def leaders(use: str) -> tuple[str, ...]:
    """Titles of those who lead a body and speak for it in that use: (`name`) → `Chủ tịch`, `Giám đốc`, …"""
    return tuple(row["title"] for row in rows("body_leaders") if use in row["use"].split(","))


@cache
def heads_with(trait: str) -> tuple[str, ...]:
    """First words of bodies' names with the trait: (`firm`) → `Công ty`, … (corpus/data/body_heads.tsv)."""
    return tuple(row["head"] for row in rows("body_heads") if trait in row["traits"].split(","))


@cache
def leader_pattern() -> re.Pattern[str]:
    """A leader's title, with its `Quyền`, at the beginning of a body's name; `head` is the title alone."""
    return re.compile(
        rf"^(?:Q\.\s*|Quyền\s+)?(?P<head>{any_of(leaders('name'))})(?:\s*,\s*Chủ nhiệm)?\s+(?=\S)", re.IGNORECASE
    )


_ORDINAL = re.compile(r"\d+|[IVX]+")
"""The ordinal that ends the name of a body of a district court, treasury or execution office."""
_PLACE_OPENS = frozenset({"tinh", "huyen", "quan", "xa", "phuong", "thanh", "thi", "tp", "dac", "khoa"})


def tidy(text: str) -> str:
    """A printed name on one line, without bracketed short forms and end marks, in running-text capitals."""
    text = re.sub(r"\((?:gọi tắt[^)]*|viết tắt[^)]*|sau đây[^)]*|[A-ZĐ&]{2,12})\)", " ", text)
    text = text.replace("–", "-").replace("\n", " ")
    text = re.sub(r"\s+", " ", text).strip(" .,;:*-")
    return sentence_case(text)


def expand(name: str) -> str:
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
    return next((body.name for body in bodies_by_code().get(code, ())), match.group())


def known_body(name: str) -> tuple[Body | None, str]:
    """The known body that `name` starts with and the rest of it; near misses of OCR are mended with a margin."""
    tokens = list(re.finditer(r"[^\W_]+", name))
    folded = [fold(token.group()) for token in tokens]
    for size in range(min(len(folded), 16), 0, -1):
        if (body := bodies_by_words().get(" ".join(folded[:size]))) is not None:
            rest = name[tokens[size - 1].end() :].strip(" ,-")
            if body.slot or not rest or body.level == "central":
                return (body, rest) if not _other_body(body, rest) else (None, "")
    return _near(folded, name, tokens)


def _other_body(body: Body, rest: str) -> bool:
    """True if `rest` makes it another body (`Trung tâm Y tế dự phòng`, `Bộ Y tế - Cục Quản lý Dược`),
    not a place.
    """
    folded = words(rest)
    if not folded or folded.split()[0] in _PLACE_OPENS:
        return False
    return province_named(rest) is None and body.level not in ("any", "party-base", "party-district")


def _near(folded: list[str], name: str, tokens: list[re.Match[str]]) -> tuple[Body | None, str]:
    head, place_at = folded, len(folded)
    for at, word in enumerate(folded[1:], 1):
        if word in ("tinh", "huyen", "quan", "xa", "phuong") or folded[at : at + 2] == ["thanh", "pho"]:
            head, place_at = folded[:at], at
            break
    while place_at == len(head) > 2 and _ORDINAL.fullmatch(tokens[place_at - 1].group()):
        # `Phòng Thi hành án dân sự khu vực 2`: another body than that of `khu vực 3`.
        head, place_at = head[:-1], place_at - 1
    if len(head) < 2:
        return None, ""
    best = process.extract(" ".join(head), list(bodies_by_words()), scorer=fuzz.ratio, limit=2, score_cutoff=84)
    if not best or best[0][1] < 88 or (len(best) > 1 and best[0][1] - best[1][1] < 4):
        return None, ""
    rest = name[tokens[place_at - 1].end() :].strip(" ,-")
    return bodies_by_words()[best[0][0]], rest


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


def names_in_text() -> dict[str, bool]:
    """Folded words of every name in the authority table and of the short forms that print it (`ubnd`, `bch trung
    uong`).

    The value says whether a place belongs behind the name. Names of units (`Ban Chỉ đạo`) are left out: they go
    on.
    """
    names = {name: bool(body.slot) for name, body in bodies_by_words().items() if body.level != "unit"}
    for row in rows("abbreviations"):
        short, full = words(row["short"]), words(row["full"])
        more = {short + name.removeprefix(full): slot for name, slot in names.items() if name.startswith(full)}
        more |= {name.replace(f" {full}", f" {short}"): slot for name, slot in names.items() if f" {full}" in name}
        names = more | names
    return names
