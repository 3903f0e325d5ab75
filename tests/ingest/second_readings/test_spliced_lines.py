"""Lines of a second reading put among a page's: noise of seal and pen stays out, columns stay one after the
other.
"""

from __future__ import annotations

import pytest

from corpus.rectangle import Rect
from ingest.ocr.words import Line, Token
from ingest.second_readings.spliced_lines import is_print, merged, spliced

BLOCK = Rect(500, 90, 1000, 400)


def line(text: str, left: float, top: float, sure: float = 0.95, high: float = 20) -> Line:
    words = text.split()
    return Line(
        tuple(
            Token(left + 60 * at, top, left + 60 * at + 50, top + high, word, sure)
            for at, word in enumerate(words)
        ),
        3,
    )


def texts(lines: list[Line] | tuple[Line, ...]) -> list[str]:
    return [each.text for each in lines]


@pytest.mark.parametrize(
    ("text", "sure", "want", "why"),
    [
        ("- Chi cục Dân số;", 0.9, True, "words"),
        ("- VPCP;", 0.9, True, "a sure abbreviation"),
        ("Z4 XHCy", 0.3, False, "a seal's rim"),
        ("SỐ,", 0.7, False, "few letters that are not sure"),
        ("“{", 0.9, False, "signs"),
        ("hệmj& xfñz", 0.9, False, "no syllables"),
        ("Trung tâm Dân số", 0.4, False, "a guess"),
    ],
)
def test_what_is_print(text: str, sure: float, want: bool, why: str) -> None:
    assert is_print(line(text, 0, 0, sure)) is want, why


@pytest.mark.parametrize(
    ("first", "again", "want", "why"),
    [
        ([("Mới nhận:", 100, 0.9), ("- Như trên;", 130, 0.95), ("- Phòng NVY;", 160, 0.95), ("- Lưu: VT.", 190,
         0.95)],
         [("Nơi nhận:", 101, 0.8), ("- - Như trên; -", 131, 0.95), (", * Phòng NVY;", 161, 0.95), ("- Lưu: VT.",
          191, 0.9)],
         ["Nơi nhận:", "- Như trên;", "- Phòng NVY;", "- Lưu: VT."], "the label of one, the items of the other"),
        ([("- Như trên;", 130, 0.95), ("- Lưu: VT.", 190, 0.95)],
         [("- Như trên;", 130, 0.9), ("- Sở Y tế;", 160, 0.9), ("- Lưu: VT.", 190, 0.9)],
         ["- Như trên;", "- Sở Y tế;", "- Lưu: VT."], "a line that the first reading lost"),
        ([("- Như trên;", 130, 0.9), ("- Sở Y tế;", 160, 0.9), ("- Lưu: VT.", 190, 0.9)],
         [("- Như trên;", 130, 0.8), ("- Lưu: VT.", 190, 0.8)],
         ["- Như trên;", "- Sở Y tế;", "- Lưu: VT."], "a line that the second reading lost"),
        ([("- Như trên;", 130, 0.9)], [("- Như trên;", 130, 0.8), ("Z4 XHCy", 160, 0.3)], ["- Như trên;"],
         "noise"),
        ([("thực hệmj&", 70, 0.4), ("- Như trên;", 130, 0.9)], [("- Như trên;", 130, 0.95)],
         ["thực hệmj&", "- Như trên;"], "what is above the list is the body's, also badly read"),
        ([("- Nhự trẽn }~ ;", 130, 0.5)], [("- Như trên;", 130, 0.95)], ["- Như trên;"], "the better of two"),
    ],
)  # fmt: skip
def test_column_of_two_readings(
    first: list[tuple[str, float, float]], again: list[tuple[str, float, float]], want: list[str], why: str
) -> None:
    found = merged([line(t, 60, y, s) for t, y, s in first], [line(t, 60, y, s) for t, y, s in again])
    assert texts(found) == want, why


def test_block_follows_the_list_at_its_left() -> None:
    """Where the page's reading changes columns line by line, the list is not torn by the block."""
    page = [
        line("Nơi nhận:", 60, 100),
        line("KT GIAM", 600, 110, 0.5),
        line("- Như trên;", 60, 130),
        line("xHCw Đ", 600, 140, 0.3),
        line("- Lưu: VT.", 60, 160),
        line("Trang sau", 60, 900),
    ]
    block = [each for each in page if each.left > 500]
    new = [line("KT. GIÁM ĐỐC", 600, 110), line("PHÓ GIÁM ĐỐC", 600, 140)]
    found = spliced(page, block, new, BLOCK)
    assert texts(found) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trang sau"]
    assert all(each.block == 3 for each in found)


def test_list_stands_before_the_block_at_its_right() -> None:
    page = [line("Mới nhận:", 60, 100), line("GIÁM ĐỐC", 600, 110), line("- Lưu: VT.", 60, 130)]
    first = [page[0], page[2]]
    found = spliced(page, first, [line("Nơi nhận:", 60, 100), line("- Lưu: VT.", 60, 130)], Rect(40, 90, 500, 200))
    assert texts(found) == ["Nơi nhận:", "- Lưu: VT.", "GIÁM ĐỐC"]
