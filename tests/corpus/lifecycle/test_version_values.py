"""Values of a record under a new file: none is changed, evidence moves, and what differs is asked if wanted."""

from __future__ import annotations

import pytest

from corpus.document import Box, Candidate, Field, Fields
from corpus.lifecycle.flat_fields import flat
from corpus.lifecycle.version_values import carried, changed

OLD, NEW = Box(0.1, 0.1, 0.2, 0.2), Box(0.5, 0.5, 0.6, 0.6)


def read(value: str | None, box: Box = OLD, page: int = 1, **more: object) -> Field | None:
    return Field(value, value, 0.9, page=page, boxes=(box,), rule="test", **more) if value else None  # type: ignore[arg-type]


def fields(subject: Field | None, recipients: tuple[str, ...] = ()) -> Fields:
    return Fields(subject=subject, recipients=tuple(one for name in recipients if (one := read(name))))


# In force, as the file before was read, as the new one is read → value, asked, candidates, whether it has a place.
ROWS: list[tuple[str, str | None, str | None, str | None, str | None, bool, list[str], bool]] = [
    ("alike", "A", "A", "A", "A", False, [], True),
    ("read otherwise", "A", "A", "B", "A", True, ["B"], True),
    ("corrected, and both files read alike", "A", "B", "B", "A", False, [], True),
    ("corrected, and the new file agrees", "A", "B", "A", "A", False, [], True),
    ("no longer read", "A", "A", None, "A", True, [], False),
    ("typed, never read", "A", None, None, "A", False, [], False),
    ("typed, now read otherwise", "A", None, "B", "A", True, ["B"], True),
    ("missing, now read", None, None, "B", "B", True, [], True),
    ("deleted by a person, read again", None, "B", "B", None, False, [], False),
    ("nowhere", None, None, None, None, False, [], False),
]


@pytest.mark.parametrize(
    ("why", "now", "was", "new", "value", "asked", "candidates", "placed"), ROWS, ids=[row[0] for row in ROWS]
)
def test_one_value(
    why: str, now: str | None, was: str | None, new: str | None, value: str | None, asked: bool,
    candidates: list[str], placed: bool,
) -> None:  # fmt: skip
    parts = fields(read(now)), fields(read(was)), fields(read(new, NEW, 2))
    found = carried(*parts, ask=True).subject
    assert (found.value if found else None, found.review if found else False) == (value, asked), why
    assert ([one.value for one in found.candidates] if found else []) == candidates
    if found is not None:
        assert (found.page, found.boxes) == ((2, (NEW,)) if placed else (None, ())), (
            "never a place of the old file"
        )
    assert changed(*parts) == (("subject",) if asked else ()), why
    kept = carried(*parts, ask=False).subject
    assert (kept.value if kept else None, kept.review if kept else False) == (now, False), "kept: nothing is asked"


def test_an_open_question_stays_open() -> None:
    doubted = read("A", review=True, candidates=(Candidate("C", 0.4),))
    found = carried(fields(doubted), fields(doubted), fields(read("A", NEW)), ask=False).subject
    assert found is not None and found.review and [one.value for one in found.candidates] == ["C"]


LISTS = [
    ("alike", ("A", "B"), ("A", "B"), ("A", "B"), ("A", "B"), False),
    ("one more is read", ("A",), ("A",), ("A", "B"), ("A",), True),
    ("corrected, read alike", ("A", "C"), ("A", "B"), ("A", "B"), ("A", "C"), False),
    ("was empty", (), (), ("A",), ("A",), True),
    ("none is read any more", ("A",), ("A",), (), ("A",), True),
]


@pytest.mark.parametrize(("why", "now", "was", "new", "value", "asked"), LISTS, ids=[row[0] for row in LISTS])
def test_lists(
    why: str, now: tuple[str, ...], was: tuple[str, ...], new: tuple[str, ...], value: tuple[str, ...], asked: bool
) -> None:
    found = carried(fields(None, now), fields(None, was), fields(None, new), ask=True).recipients
    assert tuple(one.value for one in found) == value and any(one.review for one in found) == asked, why
    assert set(flat(Fields(recipients=found))) == set(flat(Fields()))
