"""Laws, decrees and circulars with their time: which one a number is, and which one a name meant on a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from corpus.numbering.number import match_key
from corpus.tables import rows
from corpus.vietnamese.fold import words

Sure = Literal["V", "L", "M"]
"""Reliability of a row: V read in a text, L likely, M partly from memory (its `memory` names the days)."""

_SUBORDINATE = ("nghi dinh", "thong tu lien tich", "thong tu")
LAW_TYPES = frozenset({"Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh"})


@dataclass(frozen=True, slots=True)
class Law:
    """One document of the table of laws (văn bản quy phạm pháp luật); days are ISO 8601, empty when not known.

    `effective` is the first day in force, `ended` the first day no longer in force, `ended_by` the numbers that
    ended it.
    """

    type: str
    number: str
    title: str
    passed: str
    effective: str
    ended: str
    ended_by: tuple[str, ...]
    amends: tuple[str, ...]
    sure: Sure
    memory: frozenset[str]
    note: str
    source: str

    @property
    def begins(self) -> str:
        """The first day it may count from: in force, else passed, else the last day of the year in the number."""
        return self.effective or self._known_from

    @property
    def _known_from(self) -> str:
        year = re.search(r"/(\d{4})/", self.number)
        return self.passed or self.effective or (f"{year[1]}-12-31" if year else "")

    @property
    def year(self) -> str:
        """The year people name it by: `Luật Lưu trữ năm 2024`."""
        return self._known_from[:4]

    def was_passed(self, day: str) -> bool:
        """True if it had been passed by the day."""
        return self._known_from <= day

    def in_force(self, day: str) -> bool:
        """True if it was in force on the day."""
        return self.begins <= day and not self.had_ended(day)

    def had_ended(self, day: str) -> bool:
        """True if it was no longer in force on the day."""
        return bool(self.ended) and self.ended <= day

    @property
    def name(self) -> str:
        """Its name and number: `Luật Lưu trữ (01/2011/QH13)`."""
        if not self.title or self.number in self.title or self.type == "Hiến pháp":
            return self.title or f"{self.type} {self.number}"
        return f"{self.title} ({self.number})" if self.type in LAW_TYPES else f"{self.type} {self.number}"

    @property
    def end_in_words(self) -> str:
        """Day and cause of its end: `2025-07-01 (33/2024/QH15)`."""
        return f"{self.ended} ({', '.join(self.ended_by)})" if self.ended_by else self.ended

    @property
    def end_is_from_memory(self) -> bool:
        """True if the day it ended was read in no text."""
        return "ended" in self.memory


@dataclass(frozen=True, slots=True)
class Meaning:
    """The laws that a name may mean on a day, likeliest first; `certain`: the first is the one meant."""

    laws: tuple[Law, ...]
    certain: bool

    @property
    def law(self) -> Law | None:
        """The law meant; None while it is not certain."""
        return self.laws[0] if self.certain and self.laws else None


_NOTHING = Meaning((), False)


def law_title_key(title: str) -> str:
    """The key of a law's name: `Luật Thi đua, khen thưởng` and `Luật thi đua khen thưởng` → `luat thi dua khen
    thuong`.

    The ways a decree's or circular's name is printed share one: `Nghị định quy định chi tiết thi hành một số điều
    của Luật X` and `… quy định chi tiết Luật X`; `Nghị định về công tác văn thư` and `Nghị định công tác văn thư`.
    """
    key = words(title)
    for kind in _SUBORDINATE:
        if key.startswith(f"{kind} "):
            return _subordinate_key(kind, key[len(kind) + 1 :])
    return key


@cache
def laws() -> tuple[Law, ...]:
    """Every row of the table."""
    return tuple(
        Law(
            row["type"], row["number"], row["title"], row["passed"], row["effective"], row["ended"],
            _parts(row["ended_by"]), _parts(row["amends"]), _sure(row["sure"]),
            frozenset(filter(None, row["memory"].split(","))), row["note"], row["source"],
        )
        for row in rows("laws")
    )  # fmt: skip


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _sure(cell: str) -> Sure:
    """Of an office's own row that says nothing of it: read in a text."""
    return "M" if cell == "M" else "L" if cell == "L" else "V"


_DETAIL = re.compile(
    r"""
    ^(?:quy[ ]dinh[ ](?:chi[ ]tiet|cu[ ]the)(?:[ ]va[ ](?:huong[ ]dan|bien[ ]phap))?|huong[ ]dan)  # quy dinh chi tiet va huong dan
    (?:[ ]thi[ ]hanh)?(?:[ ]mot[ ]so[ ](?:dieu|dieu[ ]khoan))?  # thi hanh mot so dieu
    (?:[ ]va[ ](?:bien[ ]phap|huong[ ]dan)(?:[ ]de)?(?:[ ]thi[ ]hanh)?)?(?:[ ]cua)?  # va bien phap thi hanh cua
    [ ](?=(?:bo[ ]luat|luat|phap[ ]lenh)[ ])  # luat …
    """,
    re.VERBOSE,
)


def _subordinate_key(kind: str, rest: str) -> str:
    rest = re.sub(r"^(?:ve viec|ve) ", "", rest)
    detail = _DETAIL.match(rest)
    return f"{kind} chi tiet {rest[detail.end() :]}" if detail else f"{kind} {rest}"


def _keys_of(law: Law, also: str) -> Iterator[str]:
    if not law.title:
        return
    if law.type in LAW_TYPES or law.type == "Nghị quyết":
        yield from (law_title_key(title) for title in (law.title, *_parts(also)))
    elif words(law.type) in _SUBORDINATE:
        yield _subordinate_key(words(law.type), words(law.title))


@cache
def _versions() -> dict[str, tuple[Law, ...]]:
    found: dict[str, list[Law]] = {}
    for law, row in zip(laws(), rows("laws"), strict=True):
        for key in _keys_of(law, row["also"]):
            found.setdefault(key, []).append(law)
    return {key: tuple(sorted(versions, key=lambda law: law.begins)) for key, versions in found.items()}


@cache
def law_keys() -> frozenset[str]:
    """The keys of every known law, code, ordinance and constitution."""
    return frozenset(key for key, versions in _versions().items() if versions[0].type in LAW_TYPES)


@cache
def subordinate_keys() -> frozenset[str]:
    """The keys of every known decree and circular."""
    return frozenset(key for key in _versions() if key.startswith(_SUBORDINATE))


_YEAR = re.compile(r" nam (\d{4})\Z")


def law_meant(title_key: str, citing_day: str | None, printed_day: str | None = None, *,
carried_out: bool = False) -> Meaning:  # fmt: skip
    """The law that a name meant to a paper of `citing_day` (ISO 8601).

    A printed day or year of the law decides. Else the law in force on the day; where none was, the one that had
    ended last or, of a new name, the one passed by then. Two in force, two that may be meant, or no day: not
    certain. `carried_out`: the paper carries the law out, so that a successor passed but not yet in force may be
    meant too.
    """
    versions = _versions().get(title_key)
    year = _YEAR.search(title_key) if versions is None else None
    if versions is None:
        versions = _versions().get(title_key[: year.start()], ()) if year else ()
    if printed_day is not None:
        return _one(
            [law for law in versions if (law.passed or law.year) in (printed_day, printed_day[:4])], versions
        )
    if year is not None:
        return _one([law for law in versions if law.year == year[1]], versions)
    if citing_day is None:
        return _one(list(versions), versions)
    return _on_day(versions, citing_day, carried_out)


def _on_day(versions: tuple[Law, ...], day: str, carried_out: bool) -> Meaning:
    passed = [law for law in versions if law.was_passed(day)]
    in_force = [law for law in passed if law.in_force(day)]
    coming = [law for law in passed if law.begins > day]
    ended = [law for law in passed if law.had_ended(day)]
    if in_force:
        unsure = [law for law in coming if carried_out]
        return Meaning((*reversed(in_force), *unsure), len(in_force) == 1 and not unsure)
    if coming:
        return Meaning((*coming, *reversed(ended)), len(coming) == 1 and not ended)
    last = [law for law in ended if law.ended == max(one.ended for one in ended)]
    return Meaning(tuple(reversed(ended)), len(last) == 1) if ended else _NOTHING


def _one(fitting: list[Law], versions: tuple[Law, ...]) -> Meaning:
    """The law that fits; a printed day that fits none is a question, not another law."""
    if not fitting:
        return Meaning(tuple(reversed(versions)), False)
    return Meaning(tuple(reversed(fitting)), len(fitting) == 1)


def laws_named(title_key: str, as_of_date: str | None) -> list[tuple[str, str]]:
    """(number, date of passing) of the laws a name may mean on a date, likeliest first; see `law_meant`."""
    return [(law.number, law.passed) for law in law_meant(title_key, as_of_date).laws]


def law_name(title_key: str) -> str | None:
    """A law's name as its table writes it; None for a key no table knows."""
    versions = _versions().get(title_key)
    return versions[-1].title if versions else None


@cache
def _by_number() -> dict[str, tuple[Law, ...]]:
    found: dict[str, list[Law]] = {}
    for law in laws():
        found.setdefault(law.number, []).append(law)
    return {number: tuple(same) for number, same in found.items()}


@cache
def _by_number_key() -> dict[str, tuple[Law, ...]]:
    found: dict[str, list[Law]] = {}
    for law in laws():
        found.setdefault(match_key(law.number) or law_title_key(law.title), []).append(law)
    return {key: tuple(same) for key, same in found.items()}


def laws_with_key(number_key: str) -> tuple[Law, ...]:
    """The rows whose number has this key, as `corpus.numbering.number.match_key` makes it; of what has no number,
    its name's.
    """
    return _by_number_key().get(number_key, ())


def law_numbered(number: str, doc_type: str | None = None) -> Law | None:
    """The row of a number; where a law and a resolution share it, that of the type;
    None when unknown or unclear.
    """
    same = _by_number().get(number, ())
    if doc_type is not None:
        same = tuple(law for law in same if is_resolution(law.type) == is_resolution(doc_type))
    return same[0] if len(same) == 1 else None


def is_resolution(doc_type: str | None) -> bool:
    """True if the type is a resolution: the National Assembly numbers its laws and its resolutions in two runs of
    one form.
    """
    return (doc_type or "").startswith("Nghị quyết")


def law_title(number: str) -> str | None:
    """The name of the law with this number: `15/2003/QH11` → `Luật Thi đua, khen thưởng`."""
    law = law_numbered(number, "Luật")
    return law.title or None if law is not None and law.type in LAW_TYPES else None


def law_numbers_keys(number: str) -> tuple[str, ...]:
    """The keys of all names that a law with this number goes by, with its year too;
    none for what is no known law.
    """
    same = {law.number for law in _by_number().get(number, ())}
    named = [
        (key, law)
        for key, versions in (_versions().items() if same else ())
        for law in versions
        if law.number in same
    ]
    return tuple(dict.fromkeys(one for key, law in named for one in (key, f"{key} nam {law.year}")))
