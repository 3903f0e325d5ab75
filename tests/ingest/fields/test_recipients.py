"""Items of `Nơi nhận` and their doubt: what a seal or a pen left of a line is asked, print is believed."""

from __future__ import annotations

import pytest

from corpus.document import Box, Page, Word
from ingest.fields.recipients import read_recipients
from ingest.fields.record import layout_of
from ingest.text.document_text import Text


def closing(item: str, sure: float) -> Text:
    """A recognised page whose list holds this item, its words read with this confidence."""
    lines = ["Nơi nhận:", f"- {item};", "- Lưu: VT."]
    words: list[Word] = []
    at = 0
    for number, line in enumerate(lines):
        top, left = 0.7 + 0.02 * number, 0.1
        for word in line.split(" "):
            box = Box(left, top, left + 0.012 * len(word), top + 0.012)
            words.append(Word(at, at + len(word), box, sure if number == 1 else 0.95))
            at, left = at + len(word) + 1, box.right + 0.008
    return Text.of_pages((Page(1, "ocr", "\n".join(lines), tuple(words)),))


@pytest.mark.parametrize(
    ("item", "sure", "review", "why"),
    [
        ("Sở Nội vụ", 0.95, False, "clear"),
        ("Sở Nội vụ (để b/c)", 0.95, False, "an abbreviation is no strange word"),
        ("Bộ KH&CN, VP.UBND tỉnh", 0.9, False, "signs that such lists print"),
        ("Lưu: VT,NVY", 0.9, False, "a clerk's initials"),
        ("Sở Nội vụ", 0.65, True, "read badly: half of such items are wrong"),
        ("INhHư 171 vụ", 0.75, True, "letters that no word has"),
        ("Cục KSTT (để đ⁄<)", 0.9, True, "signs that no list prints"),
        ("Phòng TCŒB", 0.9, True, "a letter that Vietnamese has not"),
        ('Phòng "HT', 0.9, True, "a pen's stroke read as a quotation mark"),
        ("TF. UBND phường", 0.8, True, "a short form with a letter that Vietnamese lacks"),
        ("Tập đoàn FPT, Quỹ ADB", 0.9, False, "a firm's name may have one"),
        ("INhHư 171 vụ", 1.0, False, "print of a text layer says what it says"),
    ],
)
def test_doubt_of_an_item(item: str, sure: float, review: bool, why: str) -> None:
    text = closing(item, sure)
    first = read_recipients(text, layout_of(text).closing)[0]
    assert first.value == item, why
    assert first.review is review, why


@pytest.mark.parametrize(
    ("item", "sure", "value", "why"),
    [
        ("Các chỉ bộ trực thuộc", 0.92, "Các chi bộ trực thuộc", "a Party cell"),
        ("Chỉ nhánh Ngân hàng", 0.9, "Chi nhánh Ngân hàng", "a branch"),
        ("CHỈ CỤC THUẾ", 0.9, "CHI CỤC THUẾ", "in capitals"),
        ("HĐTV (b/©)", 0.9, "HĐTV (b/c)", "báo cáo"),
        ("Sở Nội vụ (để b/e)", 0.9, "Sở Nội vụ (để b/c)", "with its preposition"),
        ("Sở Nội vụ (dễ b/c)", 0.9, "Sở Nội vụ (để b/c)", "marks of để"),
        ("Ban Chỉ đạo tỉnh", 0.9, "Ban Chỉ đạo tỉnh", "what does begin with chỉ"),
        ("Bộ Chỉ huy quân sự", 0.9, "Bộ Chỉ huy quân sự", "a command"),
        ("Lưu: VI, VX", 0.79, "Lưu: VT, VX", "every paper is filed by its clerk's office"),
        ("Lưu: VÍ, vmthang (2b)", 0.8, "Lưu: VT, vmthang (2b)", "with a mark that is a speck"),
        ("Lưu: VP", 0.9, "Lưu: VP", "an office"),
        ("Lưu: VIII", 0.9, "Lưu: VIII", "a file"),
        ("Các chỉ bộ", 1.0, "Các chỉ bộ", "print of a text layer says what it says"),
    ],
)
def test_what_no_list_prints_is_set_right(item: str, sure: float, value: str, why: str) -> None:
    text = closing(item, sure)
    assert read_recipients(text, layout_of(text).closing)[0].value == value, why
