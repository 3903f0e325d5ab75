"""Authority and title from two readings: what a block's lines say together, and when a person is asked."""

from __future__ import annotations

import pytest

from corpus.document import Box, Field, Signer
from ingest.fields.authority import SeenBlock, SeenLine, capacity_of, line_texts, settled
from ingest.secondreader.lexicon import Match

HIGH = 0.016


def line(at: float, **fits: float) -> SeenLine:
    """A line `at` heights below the first; texts by their fit, `_` for a blank and `KT_` for `KT. `, the rest
    fits nowhere.
    """
    texts = {
        key.replace("KT_", "KT._").replace("TL_", "TL._").replace("TM_", "TM._"): fit for key, fit in fits.items()
    }
    named = {key.replace("_", " "): fit for key, fit in texts.items()}
    read = [Match(text, named.get(text, -9.0)) for text in (*named, *(t for t in line_texts() if t not in named))]
    read.sort(key=lambda each: -each.cost)
    top = 0.5 + at * HIGH
    return SeenLine(tuple(read), Box(0.6, top, 0.8, top + HIGH))


CHIEF = line(0, GIÁM_ĐỐC=0.2)
BY_PEN = line(0, KT_GIÁM_ĐỐC=-0.4, GIÁM_ĐỐC=-1.2)
DEPUTY = line(0.9, PHÓ_GIÁM_ĐỐC=-0.2, GIÁM_ĐỐC=-1.0)
COVERED = line(0.9, GIÁM_ĐỐC=-0.6, PHÓ_GIÁM_ĐỐC=-3.0)
SIGNATURE = line(0.9, TỔ_PHÓ=-6.0)


@pytest.mark.parametrize(
    ("lines", "authority", "title", "sure", "why"),
    [
        ([CHIEF], None, "GIÁM ĐỐC", True, "one line and no other ink: a chief"),
        ([CHIEF, SIGNATURE], None, "GIÁM ĐỐC", True, "what is under a chief's title is no title"),
        ([line(0, GIÁM_ĐỐC=-0.5, KT_GIÁM_ĐỐC=-1.0)], None, "GIÁM ĐỐC", False, "other ink at its left may be KT."),
        ([line(0, GIÁM_ĐỐC=0.2, KT_GIÁM_ĐỐC=-0.7)], None, "GIÁM ĐỐC", True,
         "not one letter of other ink beside it"),
        ([line(0, GIÁM_ĐỐC=-0.3, KT_GIÁM_ĐỐC=-1.2)], None, "GIÁM ĐỐC", False, "one letter of other ink beside it"),
        ([CHIEF, line(0.9, CHỦ_TỌA=-3.2, GIÁM_ĐỐC=-2.9, PHÓ_GIÁM_ĐỐC=-3.6)], None, "GIÁM ĐỐC", True,
         "strokes of a seal fit another office as soon as his deputy's"),
        ([CHIEF, line(0.9, PHÓ_GIÁM_ĐỐC=-2.2, GIÁM_ĐỐC=-2.8)], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", False,
         "a line that is nearly his deputy's is for a person, with that title"),
        ([CHIEF, line(0.9, PHÓ_GIÁM_ĐỐC=-3.0)], None, "GIÁM ĐỐC", False, "what is under it may be a deputy's"),
        ([BY_PEN, DEPUTY], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", True, "both lines say it"),
        ([CHIEF, DEPUTY], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", True,
         "a deputy's line is enough: KT. is written by pen"),
        ([line(0, KT_GIÁM_ĐỐC=0.3, GIÁM_ĐỐC=-1.2), COVERED], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", True,
         "PHÓ lies under the seal, KT. does not"),
        ([CHIEF, COVERED], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", False,
         "a chief has one line; neither KT. nor PHÓ shows"),
        ([BY_PEN, line(0.9, PHÓ_GIÁM_ĐỐC=-0.72, GIÁM_ĐỐC=-1.3)], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", True,
         "the office in two lines, PHÓ likelier though not sure by itself"),
        ([line(0, TL_GIÁM_ĐỐC=-0.4, GIÁM_ĐỐC=-0.7), line(0.9, PHÓ_GIÁM_ĐỐC=-0.72, GIÁM_ĐỐC=-1.3)],
         "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", False, "but by whose authority?"),
        ([BY_PEN], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", False, "the deputy's line is lost"),
        ([line(0, PHÓ_GIÁM_ĐỐC=0.1)], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", False, "the line above him is lost"),
        ([line(0, KT_BỘ_TRƯỞNG=0.1), line(1, THỨ_TRƯỞNG=0.1)], "KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", True, "no PHÓ"),
        ([line(0, TM_ỦY_BAN_NHÂN_DÂN=0.2), line(1, KT_CHỦ_TỊCH=0.1), line(2, PHÓ_CHỦ_TỊCH=0.1)],
         "TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", True, "three lines"),
        ([line(0, TM_ỦY_BAN_NHÂN_DÂN=0.2), line(1, CHỦ_TỊCH=0.2)], "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", True,
         "its chief"),
        ([line(0, TL_CHỦ_TỊCH=0.1), line(1, CHÁNH_VĂN_PHÒNG=-0.1)], "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", True,
         "by order"),
        ([CHIEF, line(0.45, GIÁM_ĐỐC=-0.6)], None, "GIÁM ĐỐC", False, "one line looked at twice is no pair"),
        ([CHIEF, line(0.45, PHÓ_GIÁM_ĐỐC=-0.3, GIÁM_ĐỐC=-1.2)], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", True,
         "a title stamped over the foot of the line above"),
    ],
)  # fmt: skip
def test_what_the_lines_say_together(
    lines: list[SeenLine], authority: str | None, title: str, sure: bool, why: str
) -> None:
    found = capacity_of(lines)
    assert found is not None
    assert (found.authority, found.title, found.sure) == (authority, title, sure), why


@pytest.mark.parametrize("lines", [[], [SIGNATURE], [line(0, TM_ỦY_BAN_NHÂN_DÂN=0.2)]])
def test_no_title_no_capacity(lines: list[SeenLine]) -> None:
    assert capacity_of(lines) is None


def field(value: str | None) -> Field | None:
    return Field(value, value, 0.9) if value else None


@pytest.mark.parametrize(
    ("printed", "lines", "want", "review", "why"),
    [
        ((None, "GIÁM ĐỐC"), [CHIEF], (None, "GIÁM ĐỐC"), False, "both the same"),
        ((None, "GIÁM ĐỐC"), [CHIEF, DEPUTY], ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), False,
         "a deputy whose stamped title recognition lost never passes for his chief"),
        ((None, "GIÁM ĐỐC"), [BY_PEN], ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), True,
         "KT. by pen, the deputy's line lost"),
        ((None, "GIÁM ĐỐC"), [], (None, "GIÁM ĐỐC"), True, "nobody else saw it"),
        ((None, "GIÁM ĐỐC"), [line(0, PHÓ_GIÁM_ĐỐC=0.1, GIÁM_ĐỐC=-0.9)], ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), False,
         "a deputy's title is certain, though the line above it is lost"),
        ((None, "HIỆU TRƯỞNG"), [line(0, GIÁM_ĐỐC=-1.0)], (None, "HIỆU TRƯỞNG"), True, "two different titles"),
        ((None, None), [BY_PEN, DEPUTY], ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), False, "recognition lost both"),
        (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), [line(0, KT_GIÁM_ĐỐC=-0.4, GIÁM_ĐỐC=-0.6), COVERED],
         ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), False, "recognition saw what the second reader guessed"),
        (("TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), [line(0, KT_CHỦ_TỊCH=0.1), line(1,
         PHÓ_CHỦ_TỊCH=0.1)],
         ("TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), False, "the longer authority stays"),
        ((None, None), [], (None, None), None, "nothing to ask about"),
    ],
)  # fmt: skip
def test_title_after_both_readings(
    printed: tuple[str | None, str | None],
    lines: list[SeenLine],
    want: tuple[str | None, str | None],
    review: bool | None,
    why: str,
) -> None:
    signer = settled(Signer(field(printed[0]), field(printed[1])), SeenBlock(1, tuple(lines)))
    got = tuple(part and part.value for part in (signer.authority, signer.title))
    assert got == want, why
    assert (signer.title and signer.title.review) == review, why


def test_an_open_title_shows_both() -> None:
    signer = settled(Signer(None, field("HIỆU TRƯỞNG")), SeenBlock(1, (line(0, GIÁM_ĐỐC=-1.0),)))
    assert signer.title is not None
    assert [each.value for each in signer.title.candidates] == ["HIỆU TRƯỞNG", "GIÁM ĐỐC"]
