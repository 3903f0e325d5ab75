"""Fields from where rows stand and what they say: papers laid out as offices lay them out, with what OCR does to
them.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Box, Candidate, Field, Fields, Page, Word
from ingest.fields.record import FieldEvidence, layout_of, read_fields
from ingest.handwriting.reading import DigitReading, HandwrittenFields
from ingest.text.document_text import Text

WIDE, HIGH = 0.0098, 0.013
"""A letter's width and a line's height as shares of an A4 page at 13 points."""

Printed = tuple[float, float, str]
"""Left edge, top edge, text."""


def page(*lines: Printed, number: int = 1, sure: float = 0.95) -> Page:
    """A recognised page whose lines stand where they are put, in the order given."""
    words: list[Word] = []
    at = 0
    for left, top, text in lines:
        x = left
        for part in text.split(" "):
            right = x + len(part) * WIDE
            words.append(Word(at, at + len(part), Box(x, top, min(right, 1.0), top + HIGH), sure))
            at += len(part) + 1
            x = right + WIDE
    return Page(number, "ocr", "\n".join(text for _, _, text in lines), tuple(words))


def digits(kind: str, *shares: tuple[str, float], printed: bool = False) -> DigitReading:
    """What the net read."""
    return DigitReading(
        kind, tuple(Candidate(*share) for share in shares), Box(0.2, 0.1, 0.3, 0.12), printed, True
    )  # type: ignore[arg-type]


HEAD: tuple[Printed, ...] = (
    (0.15, 0.07, "UBND TỈNH KIÊN GIANG"),
    (0.22, 0.09, "SỞ Y TẾ"),
    (0.18, 0.12, "Số: 31 /KH-SYT"),
    (0.5, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (0.56, 0.09, "Độc lập - Tự do - Hạnh phúc"),
    (0.5, 0.12, "Kiên Giang, ngày 05 tháng 3 năm 2018"),
)
TITLE: tuple[Printed, ...] = (
    (0.45, 0.17, "KẾ HOẠCH"),
    (0.3, 0.19, "Theo dõi tình hình thi hành pháp luật"),
    (0.4, 0.21, "về y tế năm 2018"),
)
BODY: tuple[Printed, ...] = (
    (0.2, 0.26, "Căn cứ Kế hoạch số 17/KH-UBND ngày 29/01/2018 của Ủy ban nhân dân tỉnh;"),
    (0.15, 0.28, "Sở Y tế xây dựng kế hoạch như sau:"),
)
CLOSING: tuple[Printed, ...] = (
    (0.15, 0.7, "Nơi nhận:"),
    (0.15, 0.717, "- UBND tỉnh (b/c);"),
    (0.15, 0.734, "- Các bệnh viện, trung tâm y tế huyện,"),
    (0.16, 0.751, "thị xã, thành phố;"),
    (0.15, 0.768, "- Lưu: VT, NVY."),
    (0.6, 0.7, "KT. GIÁM ĐỐC"),
    (0.58, 0.72, "PHÓ GIÁM ĐỐC"),
    (0.6, 0.82, "Trần Văn Bình"),
)


def fields(*lines: Printed, witnesses: FieldEvidence | None = None) -> Fields:
    text = Text.of_pages((page(*lines),))
    return read_fields(text, layout_of(text), witnesses)[0]


def value(field: Field | None) -> str | None:
    return field.value if field else None


def test_a_plan_as_an_office_prints_it() -> None:
    found = fields(*HEAD, *TITLE, *BODY, *CLOSING, witnesses=FieldEvidence(_printed_hand()))
    assert value(found.number) == "31/KH-SYT" and found.number and not found.number.review
    assert (value(found.date), value(found.place)) == ("2018-03-05", "Kiên Giang")
    assert value(found.issuer) == "Sở Y tế tỉnh Kiên Giang"
    assert value(found.superior) == "Ủy ban nhân dân tỉnh Kiên Giang"
    assert value(found.doc_type) == "Kế hoạch"
    assert value(found.subject) == "Theo dõi tình hình thi hành pháp luật về y tế năm 2018"
    assert [value(item) for item in found.recipients] == [
        "UBND tỉnh (b/c)",
        "Các bệnh viện, trung tâm y tế huyện, thị xã, thành phố",
        "Lưu: VT, NVY",
    ]
    signer = found.signer
    assert [value(part) for part in (signer.authority, signer.title, signer.name)] == [
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Trần Văn Bình",
    ]
    assert found.addressees == ()


def _printed_hand() -> HandwrittenFields:
    """The net and OCR agree, as on a printed line."""
    return HandwrittenFields(
        digits("number", ("31", 0.9), printed=True),
        digits("day", ("5", 0.97), printed=True),
        digits("month", ("3", 0.9), printed=True),
    )


@dataclass(frozen=True)
class NumberCase:
    """A number line, what the net read on it, the value that must come of it, whether a person must look, and
    why.
    """

    line: str
    read: DigitReading
    wanted: str | None
    review: bool
    why: str


NUMBERS = (
    NumberCase(
        "Số: 31 /KH-SYT", digits("number", ("31", 0.9), printed=True), "31/KH-SYT", False, "two witnesses agree"
    ),
    NumberCase(
        "Số: 3Ï /KH-SYT", digits("number", ("31", 0.95)), "31/KH-SYT", False, "OCR read no figure, the net is sure"
    ),
    NumberCase(
        "Số: 3Ï /KH-SYT", digits("number", ("31", 0.7), ("37", 0.2)), "31/KH-SYT", True, "the net is not sure"
    ),
    NumberCase(
        "Số: 37 /KH-SYT", digits("number", ("31", 0.93), ("37", 0.05)), "31/KH-SYT", True, "the witnesses differ"
    ),
    NumberCase("Số: /KH-SYT", digits("number"), None, False, "left blank: no number is made up"),
    NumberCase(
        "Số: 31 /KH-SVT", digits("number", ("31", 0.9)), "31/KH-SYT", False, "the issuer tells the code's letter"
    ),
    NumberCase("Số: 31 KHSYT", digits("number", ("31", 0.97)), "31/KH-SYT", False, "slash and hyphen lost"),
    NumberCase("Số: 31 /QĐ-SYT", digits("number", ("31", 0.9)), "31/QĐ-SYT", True, "the type word says Kế hoạch"),
    NumberCase("Số: 31 /KH-XQZ", digits("number", ("31", 0.95)), "31/KH-XQZ", True, "a code that no table knows"),
    NumberCase("Số: 31-KH/TU", digits("number", ("31", 0.95)), "31-KH/TU", False, "the Party's form"),
)


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case.why)
def test_numbers_are_right_or_flagged(case: NumberCase) -> None:
    head = [(x, y, case.line if text.startswith("Số") else text) for x, y, text in HEAD]
    found = fields(*head, *TITLE, *BODY, witnesses=FieldEvidence(HandwrittenFields(number=case.read))).number
    assert value(found) == case.wanted
    if found is not None:
        assert found.review is case.review
        assert found.boxes[0].union(case.read.box) == found.boxes[0], "the pen's ink is in it"
        assert bool(found.candidates) is case.review


def test_a_number_s_candidates_are_whole_numbers() -> None:
    read = digits("number", ("31", 0.5), ("37", 0.3), ("81", 0.1))
    found = fields(*HEAD, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read))).number
    assert found is not None and {c.value for c in found.candidates} >= {"31/KH-SYT", "37/KH-SYT"}


def test_the_file_s_name_counts_only_when_it_may() -> None:
    head = [(x, y, "Số: 3Ï /KH-SYT" if text.startswith("Số") else text) for x, y, text in HEAD]
    read = digits("number", ("37", 0.6), ("31", 0.3))
    unnamed = fields(*head, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read))).number
    named = fields(
        *head, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read), name="31 kh syt.pdf")
    ).number
    assert value(unnamed) == "37/KH-SYT" and value(named) == "31/KH-SYT"
    assert named is not None and not named.review, "digits and symbol of the name agree with a candidate"


@pytest.mark.parametrize(
    ("name", "first", "review", "why"),
    [
        ("scan 31.pdf", "31/KH-SYT", True, "a counter, a page or a day: it may put a candidate first and no more"),
        ("31.pdf", "31/KH-SYT", True, "digits alone"),
        ("31-QĐ-SYT.pdf", "31/KH-SYT", True, "another symbol"),
        ("KH-SYT 31.pdf", "31/KH-SYT", True, "the symbol is not that of these digits"),
        ("131-KH-SYT.pdf", "37/KH-SYT", True, "other digits"),
        ("31-KH-SYT-2.pdf", "31/KH-SYT", False, "a copy's counter behind the whole number"),
        ("2022_031_KH_SYT_ký.pdf", "31/KH-SYT", False, "parted in any way, zeros in front"),
    ],
)
def test_a_file_s_name_clears_a_doubt_only_with_digits_and_symbol(
    name: str, first: str, review: bool, why: str
) -> None:
    head = [(x, y, "Số: 3Ï /KH-SYT" if text.startswith("Số") else text) for x, y, text in HEAD]
    read = digits("number", ("37", 0.6), ("31", 0.3))
    found = fields(*head, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read), name=name)).number
    assert (value(found), found is not None and found.review) == (first, review), why


def test_a_name_that_contradicts_a_sure_number_is_a_question() -> None:
    head = [(x, y, "Số: 37 /KH-SYT" if text.startswith("Số") else text) for x, y, text in HEAD]
    read = digits("number", ("37", 0.97), ("31", 0.02))
    found = fields(
        *head, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read), name="31-KH-SYT.pdf")
    ).number
    assert found is not None and found.review


@settings(max_examples=150, deadline=None)
@given(
    name=st.text("0137-_ .KHSYTkhsyt/ĐQscan", max_size=16),
    shares=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)),
    printed=st.sampled_from(["3Ï", "31", "37", "", "3 1"]),
)
def test_evidence_of_a_name_never_turns_review_off_otherwise(
    name: str, shares: tuple[float, float], printed: str
) -> None:
    head = [(x, y, f"Số: {printed} /KH-SYT" if text.startswith("Số") else text) for x, y, text in HEAD]
    hand = HandwrittenFields(number=digits("number", ("37", shares[0]), ("31", shares[1])))
    plain = fields(*head, *TITLE, witnesses=FieldEvidence(hand)).number
    named = fields(*head, *TITLE, witnesses=FieldEvidence(hand, name=name)).number
    whole = re.search(r"(?<![0-9a-zđ])0*(31|37)[^0-9a-zđ]+kh[^0-9a-zđ]+syt(?![0-9a-zđ])", name.lower())
    if plain is not None and named is not None and plain.review and not named.review:
        assert whole is not None and named.value == f"{whole[1]}/KH-SYT"
    if plain is not None and named is not None and not plain.review and not named.review:
        assert named.value == plain.value, "what was sure is not changed without a question"


@pytest.mark.parametrize(
    ("line", "day", "month", "wanted", "review", "why"),
    [
        ("ngày 05 tháng 3 năm 2018", ("5", 0.9), ("3", 0.8), "2018-03-05", False, "all agree"),
        ("ngày Ö tháng 3 năm 2018", ("5", 0.98), ("3", 0.8), "2018-03-05", False,
         "a written day, the net is sure"),
        ("ngày Ö tháng 3 năm 2018", ("5", 0.6), ("3", 0.8), "2018-03-05", True,
         "a written day, the net is not sure"),
        ("ngày 05 tháng 3 năm 2018", ("6", 0.9), ("3", 0.8), "2018-03-06", True, "print and net differ"),
        ("ngày 05 tháng I2 năm 2017", ("5", 0.9), ("12", 0.8), "2017-12-05", False, "a one read as an I"),
        ("ngày 05 tháng 2 năm 2018", ("5", 0.9), ("3", 0.98), "2018-03-05", True,
         "a written month misread by OCR"),
        ("ngày 31 tháng 2 năm 2018", ("31", 0.9), ("2", 0.9), None, False, "no such day"),
        ("ngày 05 tháng 3 năm 2o18", ("5", 0.9), ("3", 0.8), "2018-03-05", False, "a letter in the year"),
    ],
)  # fmt: skip
def test_dates(
    line: str, day: tuple[str, float], month: tuple[str, float], wanted: str | None, review: bool, why: str
) -> None:
    head = [(x, y, f"Kiên Giang, {line}" if "ngày" in text else text) for x, y, text in HEAD]
    hand = HandwrittenFields(digits("number", ("31", 0.9)), digits("day", day), digits("month", month))
    found = fields(*head, *TITLE, witnesses=FieldEvidence(hand)).date
    assert value(found) == wanted, why
    if found is not None:
        assert found.review is review, why


@pytest.mark.parametrize(
    ("lines", "day", "why"),
    [
        (("Kiên Giang, 2024-05-09",), "2024-05-09", "figures as programs write them"),
        (("Kiên Giang, 09 tháng 5 năm 2024",), "2024-05-09", "without its first word"),
        (("Kiên Giang, ngày mồng 9 tháng 5 năm 2024",), "2024-05-09", "the first ten days by their word"),
        (("Kiên Giang, ngày 09 tháng 5", "năm 2024"), "2024-05-09", "over two lines of a narrow cell"),
        (
            ("Kiên Giang, ngày 09 tháng 5", "Năm học 2024"),
            None,
            "a line that begins with a year's word is another",
        ),
        (("Kiên Giang, 2024-15-09",), None, "no such day"),
    ],
)
def test_forms_of_place_and_date(lines: tuple[str, ...], day: str | None, why: str) -> None:
    printed = [(0.55, 0.12 + 0.018 * at, line) for at, line in enumerate(lines)]
    assert value(fields(*HEAD[:5], *printed, *TITLE, *BODY).date) == day, why


def test_a_document_is_not_dated_after_it_was_signed() -> None:
    """The signing time inside the file is an upper bound: the net's second value is taken, and shown to a
    person.
    """
    head = [(x, y, "Kiên Giang, ngày Ö tháng 3 năm 2018" if "ngày" in text else text) for x, y, text in HEAD]
    hand = HandwrittenFields(None, digits("day", ("25", 0.96), ("5", 0.04)), digits("month", ("3", 0.9)))
    signed = datetime.datetime(2018, 3, 9, tzinfo=datetime.UTC)
    found = fields(*head, *TITLE, witnesses=FieldEvidence(hand, signed_at=(signed,))).date
    assert value(found) == "2018-03-05" and found and found.review


LETTER: tuple[Printed, ...] = (
    *((x, y, "Số: 455 /SYT-NVY" if text.startswith("Số") else text) for x, y, text in HEAD),
    (0.15, 0.145, "V/v báo cáo công tác chăm sóc"),
    (0.16, 0.163, "sức khỏe người cao tuổi"),
    (0.28, 0.21, "Kính gửi:"),
    (0.35, 0.228, "- Giám đốc các bệnh viện;"),
    (0.35, 0.246, "- Giám đốc trung tâm y tế huyện,"),
    (0.36, 0.264, "thị xã, thành phố."),
    (0.2, 0.3, "Thực hiện Công văn số 1719/KCB-BVSK ngày 23 tháng 11 năm 2017 của Cục"),
    (0.15, 0.32, "Quản lý Khám, chữa bệnh, Sở Y tế yêu cầu các đơn vị báo cáo."),
)


def test_a_subject_with_words_of_no_language_is_shown_to_a_person() -> None:
    torn = [(x, y, text.replace("sức khỏe", "sNức khỏe")) for x, y, text in LETTER]
    found = fields(*torn, *CLOSING)
    assert found.subject and found.subject.review and "sNức" in found.subject.value
    clean = fields(*LETTER, *CLOSING).subject
    assert clean and not clean.review


def test_specks_between_the_words_of_a_subject_are_left_out() -> None:
    specked = [(x, y, text.replace("công tác", "-_ công – tác ˆ")) for x, y, text in LETTER]
    assert value(fields(*specked, *CLOSING).subject) == "báo cáo công – tác chăm sóc sức khỏe người cao tuổi"


def test_a_subject_of_specks_alone_is_none() -> None:
    bare = [
        (x, y, "ˆ" if "sức khỏe" in text else "V/v ˆ" if text.startswith("V/v") else text) for x, y, text in LETTER
    ]
    assert fields(*bare, *CLOSING).subject is None


def test_a_letter_has_no_type_line() -> None:
    found = fields(*LETTER, *CLOSING, witnesses=FieldEvidence(HandwrittenFields(digits("number", ("455", 0.99)))))
    assert (value(found.doc_type), value(found.number)) == ("Công văn", "455/SYT-NVY")
    assert value(found.subject) == "báo cáo công tác chăm sóc sức khỏe người cao tuổi"
    assert [value(item) for item in found.addressees] == [
        "Giám đốc các bệnh viện",
        "Giám đốc trung tâm y tế huyện, thị xã, thành phố",
    ]


def test_one_addressee_stands_on_the_line_of_kinh_gui() -> None:
    lines = [line for line in LETTER if not line[2].startswith("-") and line[2] != "thị xã, thành phố."]
    lines = [(x, y, "Kính gửi: Ủy ban nhân dân tỉnh" if text == "Kính gửi:" else text) for x, y, text in lines]
    assert [value(item) for item in fields(*lines).addressees] == ["Ủy ban nhân dân tỉnh"]


def test_what_is_attached_has_a_closing_of_its_own() -> None:
    """The first closing is the document's; an attached document's recipients and signer are not its."""
    first = page(*HEAD, *TITLE, *BODY, *CLOSING)
    other = page(
        (0.15, 0.07, "BỘ Y TẾ"),
        (0.15, 0.7, "Nơi nhận:"),
        (0.15, 0.717, "- Các Sở Y tế;"),
        (0.15, 0.734, "- Lưu: VT."),
        (0.6, 0.7, "THỨ TRƯỞNG"),
        (0.6, 0.8, "Lê Thị Hoa"),
        number=2,
    )
    text = Text.of_pages((first, other))
    found, _ = read_fields(text, layout_of(text))
    assert value(found.signer.name) == "Trần Văn Bình"
    assert "Các Sở Y tế" not in [value(item) for item in found.recipients]


@pytest.mark.parametrize(
    ("printed", "name", "sure", "why"),
    [
        ("Nguyễn Minh Giang", "Nguyễn Minh Giang", True, "as printed"),
        ("Nguyễn Minh Glang", "Nguyễn Minh Giang", True, "an i read as l makes no syllable"),
        ("rần Ngọc Lăng", "Trần Ngọc Lăng", True, "the first letter lies under the seal"),
        ("Văn Lộc", "Văn Lộc", False, "two words: the surname may be hidden"),
        ("ThS. Phạm Thị Lan", "Phạm Thị Lan", True, "an academic degree is no name"),
        ("=4 ~ Hà Văn Lộc", "Hà Văn Lộc", True, "specks of a seal before it"),
        ("CHÁNH VĂN PHÒNG", None, False, "a position is no name"),
    ],
)
def test_names_of_signers(printed: str, name: str | None, sure: bool, why: str) -> None:
    lines = [(x, y, printed if text == "Trần Văn Bình" else text) for x, y, text in CLOSING]
    found = fields(*HEAD, *TITLE, *BODY, *lines).signer.name
    assert value(found) == name, why
    if found is not None:
        assert found.review is not sure, why


def test_a_block_read_twice_has_each_line_of_authority_once() -> None:
    lines = [(x, y, "KT. GIÁM ĐỐC") for x, y, text in CLOSING if text == "KT. GIÁM ĐỐC"]
    signer = fields(*HEAD, *TITLE, *BODY, *CLOSING, *lines).signer
    assert value(signer.authority) == "KT. GIÁM ĐỐC"


def test_a_deputy_signs_for_the_head_though_kt_was_written_by_hand() -> None:
    lines = [(x, y, "GIÁM ĐỐC" if text == "KT. GIÁM ĐỐC" else text) for x, y, text in CLOSING]
    authority = fields(*HEAD, *TITLE, *BODY, *lines).signer.authority
    assert value(authority) == "KT. GIÁM ĐỐC" and authority and authority.review


ISSUERS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("ỦY BAN NHÂN DÂN", "TỈNH KIÊN GIANG"), "Ủy ban nhân dân tỉnh Kiên Giang", "a name over two lines"),
    (("UBND TỈNH KIÊN GIANG", "SƠ Y TE"), "Sở Y tế tỉnh Kiên Giang", "marks lost to OCR"),
    (("UBND TỈNH KIÊN GIANG", "SỞYTÉ"), "Sở Y tế tỉnh Kiên Giang", "blanks lost to OCR"),
    (("BỘ CÔNG THƯƠNG", "TRƯỜNG ĐẠI HỌC SAO MAI"), "Trường Đại học Sao Mai", "a body no table knows"),
    (("UBND HUYỆN GÒ QUAO", "PHÒNG NỘI VỤ"), "Phòng Nội vụ huyện Gò Quao", "the unit of the line above"),
    (
        ("UBND TỈNH KIÊN GIANG", "SỞ NÔNG NGHIỆP VÀ MÔI", "TRƯỜNG"),
        "Sở Nông nghiệp và Môi trường tỉnh Kiên Giang",
        "a known name goes on over a word that opens others",
    ),
    (("ỦY BAN THƯỜNG VỤ", "QUỐC HỘI"), "Ủy ban thường vụ Quốc hội", "so does this one, over a body's whole name"),
    (
        ("SỞ TƯ PHÁP KIÊN GIANG", "TRUNG TÂM TRỢ GIÚP PHÁP LÝ", "NHÀ NƯỚC"),
        "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Kiên Giang",
        "Nhà opens only some names",
    ),
    (
        ("UBND TỈNH KIÊN GIANG", "BAN QUẢN LÝ", "DỰ ÁN ĐẦU TƯ XÂY DỰNG"),
        "Ban Quản lý dự án Đầu tư xây dựng tỉnh Kiên Giang",
        "a line that is no name by itself",
    ),
    (
        ("UBND TỈNH KIÊN GIANG", "BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ VÀ", "PHÒNG, CHỐNG THIÊN TAI"),
        "Ban Chỉ đạo Chuyển đổi số và Phòng, chống thiên tai tỉnh Kiên Giang",
        "no name ends with và, and Phòng, chống is no Phòng",
    ),
    (
        ("CHỦ TỊCH", "ỦY BAN NHÂN DÂN TỈNH KIÊN", "GIANG"),
        "Chủ tịch Ủy ban nhân dân tỉnh Kiên Giang",
        "the head of a body; a last syllable alone on its line",
    ),
    (
        ("SỞ Y TẾ KIÊN GIANG", "TRUNG TÂM KIỂM SOÁT BỆNH", "TẬT"),
        "Trung tâm Kiểm soát bệnh tật tỉnh Kiên Giang",
        "a syllable of three letters is no speck",
    ),
    (
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH KIÊN GIANG", "CÔNG ĐOÀN CÁC KHU CÔNG", "NGHIỆP"),
        "Công đoàn các Khu công nghiệp tỉnh Kiên Giang",
        "a trade union under another",
    ),
    (
        ("SỞ Y TẾ TỈNH KIÊN GIANG", "HỘI ĐỒNG XÉT THĂNG HẠNG", "CDNN VIÊN CHỨC NĂM 2025"),
        "Hội đồng Xét Thăng Hạng CDNN viên chức Năm 2025",
        "a council for one occasion ends with its year: no place follows",
    ),
    (("VIỆN KHOA HỌC XÃ HỘI VIỆT NAM", "VIỆN SỬ HỌC"), "Viện Sử học", "xã hội is no commune"),
    (("UBND THỊ XÃ HÀ TIÊN", "PHÒNG NỘI VỤ"), "Phòng Nội vụ thị xã Hà Tiên", "a town, no commune"),
    (("UBND QUẬN TÂY LÂM", "TRƯỜNG TIỂU HỌC HÀ HUY TẬP"), "Trường Tiểu học Hà Huy Tập", "a school of a district"),
    (
        ("HỘI LIÊN HIỆP PHỤ NỮ", "TỈNH KIÊN GIANG", "BAN THƯỜNG VỤ"),
        "Ban Thường vụ Hội Liên hiệp Phụ nữ tỉnh Kiên Giang",
        "an organ belongs in front of its union",
    ),
    (
        ("TỈNH ĐOÀN KIÊN GIANG", "BAN THƯỜNG VỤ"),
        "Ban Thường vụ Tỉnh đoàn Kiên Giang",
        "in front of the youth union too",
    ),
    (
        ("HỘI NÔNG DÂN TỈNH KIÊN GIANG", "BAN CHẤP HÀNH"),
        "Ban Chấp hành Hội Nông dân tỉnh Kiên Giang",
        "a committee",
    ),
    (
        ("HỘI ĐỒNG NHÂN DÂN TỈNH KIÊN GIANG", "BAN PHÁP CHẾ"),
        "Ban Pháp chế Hội đồng nhân dân tỉnh Kiên Giang",
        "a board of a council is the council's",
    ),
    (
        ("THI HÀNH ÁN DÂN SỰ TỈNH KIÊN GIANG", "PHÒNG THI HÀNH ÁN DÂN SỰ KHU VỰC 2"),
        "Phòng Thi hành án dân sự khu vực 2",
        "the ordinal tells it from that of region 3",
    ),
    (
        ("NGÂN HÀNG CHÍNH SÁCH XÃ HỘI", "CHI NHÁNH TỈNH KIÊN GIANG"),
        "Ngân hàng Chính sách xã hội Chi nhánh tỉnh Kiên Giang",
        "a branch has its owner's name",
    ),
    (("HIỆP HỘI DU LỊCH", "TỈNH KIÊN GIANG"), "Hiệp hội Du lịch tỉnh Kiên Giang", "an association"),
    (("BỘ QUỐC PHÒNG", "QUÂN KHU 9"), "Quân khu 9", "a military region"),
)


@pytest.mark.parametrize(("lines", "issuer", "why"), ISSUERS, ids=[case[2] for case in ISSUERS])
def test_issuers(lines: tuple[str, ...], issuer: str, why: str) -> None:
    pitch = 0.0145
    cell = [(0.28 - len(line) * WIDE / 2, 0.05 + at * pitch, line) for at, line in enumerate(lines)]
    found = fields(*cell, *HEAD[2:], *TITLE).issuer
    assert value(found) == issuer, why


def test_a_code_that_means_two_bodies_does_not_turn_one_into_the_other() -> None:
    lines = (
        (0.15, 0.05, "UBND QUẬN TÂY LÂM"),
        (0.13, 0.0645, "PHÒNG LAO ĐỘNG - THƯƠNG"),
        (0.2, 0.079, "BINH VÀ XÃ HỘI"),
    )
    head = [(x, y, "Số: 76 /TTr-LĐTBXH" if text.startswith("Số") else text) for x, y, text in HEAD[2:]]
    found = fields(*lines, *head, (0.45, 0.17, "TỜ TRÌNH"), witnesses=FieldEvidence(_printed_hand())).issuer
    assert value(found) == "Phòng Lao động - Thương binh và Xã hội quận Tây Lâm", (
        "LĐTBXH is the ministry's code too"
    )


SYMBOLS: tuple[tuple[tuple[str, ...], str, str, bool, str], ...] = (
    (
        ("SỞ Y TẾ", "TRUNG TÂM KIỂM SOÁT BỆNH TẬT"),
        "KH-KSBT",
        "KH-KSBT",
        False,
        "its own code, spelled by its words",
    ),
    (("SỞ Y TẾ", "TRUNG TÂM KIỂM SOÁT BỆNH TẬT"), "KH-TTKSBI", "KH-TTKSBT", False, "one letter read as another"),
    (("SỞ Y TẾ", "TRUNG TÂM KIỂM SOÁT BỆNH TẬT"), "KH-XSBT", "KH-XSBT", True, "two letters fewer is another code"),
    (
        ("CHỦ TỊCH", "ỦY BAN NHÂN DÂN TỈNH"),
        "KH-CTUBND",
        "KH-CTUBND",
        False,
        "not the code of the body that it leads",
    ),
    (("SỞ Y TẾ", "BỆNH VIỆN ĐA KHOA"), "KH-BVĐK", "KH-BVĐK", False, "a hospital's initials"),
    (("UBND HUYỆN GÒ QUAO", "PHÒNG TÀI NGUYÊN VÀ MÔI TRƯỜNG"), "TNMT-ĐĐ", "TNMT-ĐĐ", True, "two Đ are two"),
    (
        ("BỘ CÔNG THƯƠNG", "HỌC VIỆN SAO MAI"),
        "H-HV",
        "KH-HV",
        True,
        "the type's code lost a letter to the pen: asked",
    ),
    (
        ("BỘ CÔNG THƯƠNG", "HỌC VIỆN SAO MAI"),
        "QĐ-HV",
        "QĐ-HV",
        True,
        "a known code of another type is no lost letter",
    ),
)


@pytest.mark.parametrize(("lines", "read", "symbol", "review", "why"), SYMBOLS, ids=[case[4] for case in SYMBOLS])
def test_a_symbol_is_mended_only_so_far(
    lines: tuple[str, str], read: str, symbol: str, review: bool, why: str
) -> None:
    head = ((0.12, 0.07, lines[0]), (0.1, 0.09, lines[1]), (0.18, 0.12, f"Số: 31 /{read}"), *HEAD[3:])
    found = fields(
        *head, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=digits("number", ("31", 0.95))))
    ).number
    assert (value(found), found and found.review) == (f"31/{symbol}", review), why


def test_a_value_that_net_and_ocr_read_alike_passes_though_an_anchor_was_guessed() -> None:
    def review(share: float) -> bool:
        read = DigitReading("number", (Candidate("31", share),), Box(0.2, 0.1, 0.3, 0.12), False, False)
        found = fields(*HEAD, *TITLE, witnesses=FieldEvidence(HandwrittenFields(number=read))).number
        return found is None or found.review

    assert (review(0.9), review(0.7)) == (False, True)


SUBJECTS: tuple[tuple[tuple[Printed, ...], str, bool, str], ...] = (
    (
        (
            (0.45, 0.17, "THÔNG BÁO"),
            (0.28, 0.19, "Về việc Hiệp định giữa Chính phủ nước ta,"),
            (0.32, 0.21, "Cộng hòa xã hội chủ nghĩa Việt Nam, và"),
            (0.42, 0.23, "một nước ngoài"),
        ),
        "Về việc Hiệp định giữa Chính phủ nước ta, Cộng hòa xã hội chủ nghĩa Việt Nam, và một nước ngoài",
        False,
        "the state's name in a subject is no motto",
    ),
    (
        (
            (0.45, 0.17, "GIẤY MỜI"),
            (0.3, 0.19, "Dự Hội nghị tổng kết năm 2021 của"),
            (0.29, 0.205, "\\"),
            (0.2, 0.209, "Thực hiện Chương trình công tác năm, Sở Y tế tổ chức Hội nghị tổng kết 12"),
            (0.15, 0.224, "công tác và triển khai nhiệm vụ năm 2022, Sở Y tế trân trọng kính mời các ban,"),
        ),
        "Dự Hội nghị tổng kết năm 2021 của",
        False,
        "a justified paragraph begins right under the subject, a speck between them",
    ),
    (
        (
            (0.45, 0.17, "KẾT LUẬN"),
            (0.2, 0.19, "Về việc phê duyệt Chương trình phát triển nông nghiệp ứng dụng"),
            (0.16, 0.206, "CÔNG VĂN ĐẾN"),
            (0.34, 0.213, "công nghệ cao đến năm 2020"),
        ),
        "Về việc phê duyệt Chương trình phát triển nông nghiệp ứng dụng công nghệ cao đến năm 2020",
        False,
        "a stamp at the margin between two lines",
    ),
    (
        (
            (0.33, 0.19, "Họp Hội đồng thanh lý tài sản năm 2017"),
            (0.45, 0.17, "BIÊN BẢN"),
        ),
        "Họp Hội đồng thanh lý tài sản năm 2017",
        False,
        "a stamp put the subject before its type in reading order",
    ),
    (
        (
            (0.45, 0.17, "KẾ HOẠCH"),
            (0.2, 0.19, "Về việc tăng cường công tác quản lý nhà nước để hỗ trợ đầu tư"),
            (0.42, 0.21, "vốn ngoài ngân sách nhà nước tại tỉnh"),
        ),
        "Về việc tăng cường công tác quản lý nhà nước để hỗ trợ đầu tư vốn ngoài ngân sách nhà nước tại tỉnh",
        True,
        "a line that is not centred has lost a part of itself to a stamp",
    ),
    (
        (
            (0.45, 0.17, "THÔNG BÁO"),
            (0.3, 0.19, "TUYỂN SINH ĐÀO TẠO TỪ XA NĂM 2025"),
            (0.2, 0.209, "Học viện Sao Mai thông báo tuyển sinh đào tạo từ xa trình độ đại học như sau"),
        ),
        "TUYỂN SINH ĐÀO TẠO TỪ XA NĂM 2025",
        False,
        "a full line of small letters under a subject in capitals is the body's",
    ),
    (
        (
            (0.45, 0.17, "KẾ HOẠCH"),
            (0.4, 0.19, "TRIỂN KHAI CUỘC THI"),
            (0.37, 0.209, "Tìm hiểu pháp luật năm 2025"),
        ),
        "TRIỂN KHAI CUỘC THI Tìm hiểu pháp luật năm 2025",
        False,
        "a centred line of small letters goes on with it",
    ),
    (
        ((0.45, 0.17, "QUYẾT ĐỊNH"), (0.3, 0.19, "V/v công bố danh mục thủ tục hành chính")),
        "công bố danh mục thủ tục hành chính",
        False,
        "V/v stands under a type too, and is no word of the subject",
    ),
    (
        ((0.45, 0.17, "QUYẾT ÐỊNH"), (0.34, 0.19, "Cử ông Ðặng Ðình Thử đi học")),
        "Cử ông Đặng Đình Thử đi học",
        False,
        "the letter Eth of old fonts is Đ, in the type as well",
    ),
    (
        ((0.45, 0.17, "NGHỊ ĐỊNH"), (0.2, 0.19, "Ngy Œ+10112024.|Quy định chi tiết thi hành Luật Chứng khoán")),
        "Quy định chi tiết thi hành Luật Chứng khoán",
        True,
        "a stamp of arrival up to the edge of its frame",
    ),
    (
        ((0.45, 0.17, "KẾ HOẠCH"), (0.2, 0.19, "Chương trình năm 2024 | Giai đoạn hai của tỉnh")),
        "Chương trình năm 2024 Giai đoạn hai của tỉnh",
        True,
        "words before a bar that are sound are kept, and shown",
    ),
    (
        (
            (0.38, 0.17, "KẾT LUẬN THANH TRA"),
            (0.26, 0.19, "Về việc chấp hành pháp luật trong quản lý,"),
            (0.4, 0.21, "sử dụng kinh phí"),
        ),
        "Về việc chấp hành pháp luật trong quản lý, sử dụng kinh phí",
        False,
        "the type's row has more words of the type than the table",
    ),
    (
        ((0.38, 0.17, "THÔNG BÁO TUYỂN SINH"), (0.3, 0.19, "đào tạo từ xa trình độ đại học năm 2025")),
        "TUYỂN SINH đào tạo từ xa trình độ đại học năm 2025",
        False,
        "but the first words of the subject if no other row opens it",
    ),
    (
        ((0.45, 0.17, "CHỈ THỊ"), (0.19, 0.19, "Lc 2 về việc chấn chỉnh công tác văn thư và đẩy mạnh")),
        "về việc chấn chỉnh công tác văn thư và đẩy mạnh",
        False,
        "letters of a stamp that crosses the subject's first words",
    ),
    (
        ((0.45, 0.17, "THÔNG BÁO"), (0.29, 0.19, "Ý kiến về việc chấn chỉnh công tác văn thư")),
        "Ý kiến về việc chấn chỉnh công tác văn thư",
        False,
        "words of a language before the words that open most subjects are kept",
    ),
)


@pytest.mark.parametrize(("rows", "subject", "review", "why"), SUBJECTS, ids=[case[3] for case in SUBJECTS])
def test_where_a_subject_begins_and_ends(rows: tuple[Printed, ...], subject: str, review: bool, why: str) -> None:
    found = fields(*HEAD, *rows, *BODY).subject
    assert (value(found), found and found.review) == (subject, review), why


@pytest.mark.parametrize(
    ("row", "subject", "why"),
    [
        ("của Sở Y tế", "đính chính bản điện tử Thông tư của Sở Y tế", "the line goes on"),
        ("UBND, HĐND", "đính chính bản điện tử Thông tư UBND, HĐND", "short forms are capitals without marks"),
        ("CÔNG VĂN ĐẾN", "đính chính bản điện tử Thông tư", "the receiver's stamp"),
        ("Ẩ£ YẾN", "đính chính bản điện tử Thông tư", "what is left of a stamp"),
    ],
)
def test_a_stamp_under_v_v_is_none_of_its_words(row: str, subject: str, why: str) -> None:
    lines = ((0.12, 0.15, "V/v đính chính bản điện tử Thông tư"), (0.2, 0.166, row))
    assert value(fields(*HEAD, *lines, (0.3, 0.22, "Kính gửi: Sở Nội vụ"), *BODY).subject) == subject, why


LAW = """ỦY BAN THƯỜNG VỤ QUỐC HỘI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Nghị quyết số: 99/2025/UBTVQH15
NGHỊ QUYẾT
BAN HÀNH QUY CHẾ HOẠT ĐỘNG CỦA ĐOÀN HỘI THẨM
ỦY BAN THƯỜNG VỤ QUỐC HỘI
Căn cứ Luật Tổ chức Tòa án nhân dân số 34/2024/QH15;
QUYẾT NGHỊ:
Điều 1. Ban hành kèm theo Nghị quyết này Quy chế hoạt động của Đoàn Hội thẩm.
Nghị quyết này được Ủy ban Thường vụ Quốc hội khóa XV thông qua ngày 25 tháng 9 năm 2025.
CHỦ TỊCH
QUY CHẾ
HOẠT ĐỘNG CỦA ĐOÀN HỘI THẨM
(Ban hành kèm theo Nghị quyết số 99/2025/UBTVQH15 ngày 26 tháng 9 năm 2025)
"""


def of_text(printed: str) -> Fields:
    """Fields of a text that came without boxes."""
    text = Text.of_pages((Page(1, "text", printed),))
    return read_fields(text, layout_of(text))[0]


def test_a_law_is_of_the_day_it_was_adopted_and_its_head_ends_where_its_body_begins() -> None:
    found = of_text(LAW)
    assert value(found.number) == "99/2025/UBTVQH15" and found.number and not found.number.review
    assert (value(found.date), value(found.doc_type)) == ("2025-09-25", "Nghị quyết")
    assert value(found.issuer) == "Ủy ban thường vụ Quốc hội" and found.superior is None
    assert value(found.subject) == "BAN HÀNH QUY CHẾ HOẠT ĐỘNG CỦA ĐOÀN HỘI THẨM"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LAW.replace("thông qua ngày", "cho ý kiến ngày"), "no adoption"),
        (LAW.replace("Nghị quyết này được", "Nghị quyết số 5 được"), "another resolution's adoption"),
        (LAW.replace("NGHỊ QUYẾT\n", "BÁO CÁO\n"), "a report is not adopted"),
    ],
)
def test_no_date_is_taken_from_another_sentence(text: str, why: str) -> None:
    assert of_text(text).date is None, why


@pytest.mark.parametrize(
    ("number", "heading", "doc_type", "review", "why"),
    [
        ("901/CT-CS", "Kính gửi: Thuế tỉnh Kiên Giang", "Công văn", False, "CT is the office's own code"),
        ("05/CT-CT", "CHỈ THỊ", "Chỉ thị", False, "and a type's, where the office's follows it"),
    ],
)
def test_an_office_whose_code_is_a_type_s_too(
    number: str, heading: str, doc_type: str, review: bool, why: str
) -> None:
    head = f"BỘ TÀI CHÍNH\nCỤC THUẾ\nSố: {number}\nHà Nội, ngày 05 tháng 3 năm 2026\n{heading}\n"
    found = of_text(f"{head}Về công tác kiểm tra\n\nCăn cứ Luật Quản lý thuế;\n")
    assert found.doc_type is not None and found.number is not None, why
    assert (found.doc_type.value, found.doc_type.review, found.number.review) == (doc_type, review, False), why


def test_a_title_alone_is_no_issuer() -> None:
    printed = "THÔNG TƯ\nSửa đổi một số điều\nCăn cứ Luật A;\nThông tư có hiệu lực từ ngày 01 tháng 7 năm 2025\n"
    assert of_text(printed).issuer is None


@pytest.mark.parametrize(
    ("stamp", "mark"),
    [
        ("HỎA TỐC", "HỎA TỐC"),
        ("HÒA TÓC", "HỎA TỐC"),
        ("KHẨN", "KHẨN"),
        ("THƯỢNG KHẨN", "THƯỢNG KHẨN"),
        ("SỐ HÓA", None),
    ],
)
def test_urgency(stamp: str, mark: str | None) -> None:
    assert value(fields(*HEAD, (0.17, 0.18, stamp), *TITLE).urgency) == mark


def test_the_receiver_s_stamp_is_not_the_document_s_number() -> None:
    stamp = ((0.1, 0.2, "CÔNG VĂN ĐẾN"), (0.1, 0.22, "Số: 2770"), (0.1, 0.24, "Ngày: 04/4/2018"))
    found = fields(*HEAD, *stamp, *TITLE, witnesses=FieldEvidence(_printed_hand()))
    assert value(found.number) == "31/KH-SYT"
    assert (value(found.incoming.number), value(found.incoming.date)) == ("2770", "2018-04-04")


RECIPIENTS: tuple[tuple[tuple[str, ...], tuple[tuple[str, bool], ...], str], ...] = (
    (
        ("Gửi bản điện tử:", "- Như Điều 4;", "- Lưu: VT."),
        (("Như Điều 4", False), ("Lưu: VT", False)),
        "a line over the items is none",
    ),
    (
        ("- Như trên;", "- Lưu: VT, VP6, VP7.", "MT20/VP7/2025/CBTTHC"),
        (("Như trên", False), ("Lưu: VT, VP6, VP7", False)),
        "the drafter's mark stands under a list that has ended",
    ),
    (
        ("- Như trên;", "- Lưu: VT, NVY,", "KHTC."),
        (("Như trên", False), ("Lưu: VT, NVY, KHTC", False)),
        "one that has not ended goes on",
    ),
    (
        ("- Cục KSTTHC (để b/e);", "- Các sở: Y tế, Nội vụ,", "Tài chính:", "- Lưu: VT."),
        (("Cục KSTTHC (để b/c)", False), ("Các sở: Y tế, Nội vụ, Tài chính", False), ("Lưu: VT", False)),
        "b/c misread; a line that goes on with an item is no heading",
    ),
    (
        ("- Sở Y tế (để đ⁄<);", "- Lưu: VT, KSTTqrVa."),
        (("Sở Y tế (để đ⁄<)", True), ("Lưu: VT, KSTTqrVa", True)),
        "what seal or small print left of a name is for a person to see",
    ),
)


@pytest.mark.parametrize(("lines", "items", "why"), RECIPIENTS, ids=[case[2] for case in RECIPIENTS])
def test_items_of_the_list(lines: tuple[str, ...], items: tuple[tuple[str, bool], ...], why: str) -> None:
    listed = [(0.15, 0.717 + 0.0155 * at, line) for at, line in enumerate(lines)]
    found = fields(*HEAD, *TITLE, *BODY, CLOSING[0], *listed, *CLOSING[5:]).recipients
    assert tuple((item.value, item.review) for item in found) == items, why


@pytest.mark.parametrize(
    ("line", "number", "review", "why"),
    [
        ("Số: 1.247/KH-SYT", "1247/KH-SYT", False, "a thousands dot is a habit, nothing that was mended"),
        ("Số: 501/QÐ-SYT", "501/QĐ-SYT", False, "Eth looks the same as Đ"),
        ("Số: 409/TTr-CAT(PC04)", "409/TTr-CAT(PC04)", False, "a unit in brackets"),
        ("Số: 122-12/PT-NC", "122-12/PT-NC", False, "an ordinal of two parts"),
        ("Số: 12/CT-TTE", "12/CT-TTg", True, "a code that was mended is a question"),
        ("Số: 3456/EVN SPC-KT", "3456/EVNSPC-KT", True, "a code with a blank is read to its end"),
        ("Số: 3456/SYT-NVY Hỏa tốc", "3456/SYT-NVY", False, "words behind a number are none of it"),
    ],
)
def test_the_number_of_a_text(line: str, number: str, review: bool, why: str) -> None:
    found = of_text(f"UBND TỈNH KIÊN GIANG\nSỞ Y TẾ\n{line}\nKiên Giang, ngày 05 tháng 3 năm 2018\n").number
    assert found is not None and (found.value, found.review) == (number, review), why
