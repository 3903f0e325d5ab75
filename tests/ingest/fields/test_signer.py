"""Who signed, from the rows of a block: a recognised chief whom nobody else saw is asked, print is believed."""

from __future__ import annotations

import pytest

from corpus.document import Box, Origin, Page, Word
from ingest.fields.authority import SeenBlock
from ingest.fields.record import layout_of
from ingest.fields.signer import read_signer
from ingest.text.document_text import Text


def page(lines: tuple[str, ...], origin: Origin) -> Text:
    """A page with a list of recipients at its left and these lines of a signature block at its right."""
    words: list[Word] = []
    printed = ["Nơi nhận:", "- Như trên;", "- Lưu: VT.", *lines]
    at = 0
    for number, line in enumerate(printed):
        own = number >= 3
        top, left = (0.7 + 0.025 * (number - 3), 0.6) if own else (0.7 + 0.02 * number, 0.1)
        for word in line.split(" "):
            box = Box(left, top, left + 0.011 * len(word), top + 0.014)
            words.append(Word(at, at + len(word), box, 0.95))
            at, left = at + len(word) + 1, box.right + 0.006
    return Text.of_pages((Page(1, origin, "\n".join(printed), tuple(words)),))


CHIEF = ("GIÁM ĐỐC", "Nguyễn Văn An")
DEPUTY = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn An")


COUNCIL = ("TM. HỘI ĐỒNG", "CHỦ TỊCH", "GIÁM ĐỐC SỞ GIÁO DỤC VÀ", "ĐÀO TẠO")


@pytest.mark.parametrize(
    ("lines", "origin", "title", "name", "why"),
    [
        ((*COUNCIL, "", "Lê Quang Trí"), "text", "CHỦ TỊCH GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Lê Quang Trí",
         "two positions"),
        ((*COUNCIL[:2], "", "", *COUNCIL[2:], "Lê Quang Trí"), "text", "CHỦ TỊCH GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO",
         "Lê Quang Trí", "the second above the name"),
        (("GIÁM ĐỐC", "", "KẾ TOÁN TRƯỞNG", "", "Lê Văn Trí"), "text", "GIÁM ĐỐC", "Lê Văn Trí",
         "another's position has room to sign"),
        ((*COUNCIL, "", "Lê Quang Trí"), "ocr", "CHỦ TỊCH", "Lê Quang Trí",
         "under a seal only what is read alone"),
        (("TRƯỞNG BAN", "PHÓ CHỦ TỊCH", "", "Lê Văn Trí"), "text", "TRƯỞNG BAN PHÓ CHỦ TỊCH", "Lê Văn Trí",
         "head of a committee"),
        (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "", "Lê Văn Trí"), "text", "PHÓ GIÁM ĐỐC", "Lê Văn Trí",
         "a deputy signs for the head"),
        (("GIÁM ĐỐC", "ĐÃ KÝ", "Lê Văn Trí"), "text", "GIÁM ĐỐC", "Lê Văn Trí", "a note that it was signed"),
        (("GIÁM ĐỐC", "", "", "LÊ VĂN TRÍ"), "text", "GIÁM ĐỐC", "Lê Văn Trí", "a name in capitals"),
        (("GIÁM ĐỐC", "LÊ VĂN TRÍ"), "text", "GIÁM ĐỐC", "Lê Văn Trí", "right under the title"),
        (("GIÁM ĐỐC SỞ", "HỒ CHÍ MINH"), "text", "GIÁM ĐỐC", None, "a province is no name"),
        (("Q. GIÁM ĐỐC", "", "Lê Văn Trí"), "text", "GIÁM ĐỐC", "Lê Văn Trí", "acting in a vacant office"),
        (("KT. TRƯỞNG THUẾ TỈNH", "PHÓ TRƯỞNG THUẾ TỈNH", "", "Lê Văn Trí"), "text", "PHÓ TRƯỞNG THUẾ TỈNH",
         "Lê Văn Trí", "a province's tax office since 2025"),
        (("THẨM PHÁN", "", "Lê Văn Trí"), "text", "THẨM PHÁN", "Lê Văn Trí", "a judge"),
        (("TRƯỞNG CÔNG AN XÃ", "", "Mã Văn Trí"), "text", "TRƯỞNG CÔNG AN XÃ", "Mã Văn Trí", "a commune's police"),
    ],
)  # fmt: skip
def test_titles_of_several_lines_and_names_in_capitals(
    lines: tuple[str, ...], origin: Origin, title: str, name: str | None, why: str
) -> None:
    text = page(lines, origin)
    signer = read_signer(text, layout_of(text).closing.signature)
    assert (signer.title and signer.title.value, signer.name and signer.name.value) == (title, name), why


@pytest.mark.parametrize(
    ("lines", "authority", "why"),
    [
        (("TM. CHÍNH PHỦ", "THỦ TƯỚNG", "", "Lê Văn Trí"), "TM. CHÍNH PHỦ", "near CHÍNH ỦY, a position"),
        (("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG", "", "Trí"), "TM. CHÍNH PHỦ; KT. THỦ TƯỚNG", "both"),
        (("TM. BAN BÍ THƯ", "THƯỜNG TRỰC BAN BÍ THƯ", "", "Lê Văn Trí"), "TM. BAN BÍ THƯ", "within a body"),
        (("T/M.CHÍNH PHỦ", "THỦ TƯỚNG", "", "Lê Văn Trí"), "T/M. CHÍNH PHỦ", "the other short form, no blank"),
        (("KT.GIÁM ĐÓC", "PHÓ GIÁM ĐỐC", "", "Lê Văn Trí"), "KT. GIÁM ĐỐC", "a misread position of one person"),
    ],
)  # fmt: skip
def test_on_behalf_of_a_body_and_for_a_person(lines: tuple[str, ...], authority: str, why: str) -> None:
    text = page(lines, "text")
    read = read_signer(text, layout_of(text).closing.signature).authority
    assert read is not None, why
    assert (read.value, read.review) == (authority, False), why


@pytest.mark.parametrize(
    ("lines", "origin", "block", "title", "review", "why"),
    [
        (CHIEF, "ocr", None, "GIÁM ĐỐC", True, "without a second reader a covered deputy can't be excluded"),
        (CHIEF, "text", None, "GIÁM ĐỐC", False, "a text layer says what it says"),
        (DEPUTY, "ocr", None, "PHÓ GIÁM ĐỐC", False, "a deputy's title hides nobody"),
        (CHIEF, "ocr", SeenBlock(1, ()), "GIÁM ĐỐC", True, "the second reader saw no title"),
        (CHIEF, "ocr", SeenBlock(2, ()), "GIÁM ĐỐC", True, "the block of another page is no witness"),
    ],
)  # fmt: skip
def test_doubt_of_a_title(
    lines: tuple[str, ...], origin: Origin, block: SeenBlock | None, title: str, review: bool, why: str
) -> None:
    text = page(lines, origin)
    signer = read_signer(text, layout_of(text).closing.signature, block)
    assert signer.title is not None and signer.name is not None, why
    assert (signer.title.value, signer.title.review, signer.name.value) == (title, review, "Nguyễn Văn An"), why
