"""The text the product was conceived from: its Reading equals the table in every field, from text and from a
scan of it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.document import Reading
from ingest import pipeline

TEXT = Path(__file__).parents[1] / "tables" / "seed.txt"
SCAN = Path(__file__).parents[2] / "corpus" / "samples" / "31-kh-stttt.pdf"

FIELDS = {
    "number": "31/KH-STTTT",
    "date": "2022-04-27",
    "place": "Kiên Giang",
    "issuer": "Sở Thông tin và Truyền thông tỉnh Kiên Giang",
    "superior": "Ủy ban nhân dân tỉnh Kiên Giang",
    "doc_type": "Kế hoạch",
    "subject": "Tuyên truyền về công tác thi đua, khen thưởng năm 2022",
}
RECIPIENTS = [
    "Ban TĐKT tỉnh - Sở Nội vụ",
    "Khối thi đua Khối 3",
    "Ban Giám đốc",
    "Các phòng, đơn vị thuộc Sở",
    "Lưu: VT, TĐKT",
]
CITATIONS = [
    ("implements", "Kế hoạch", "93/KH-UBND", "2022-04-12", "Ủy ban nhân dân tỉnh Kiên Giang"),
    ("implements", "Nghị quyết", None, None, "Ban Chấp hành Trung ương Đảng"),
    ("refers", "Chỉ thị", "34-CT/TW", "2014-04-07", "Bộ Chính trị"),
    ("refers", "Luật", None, None, "Quốc hội"),
    ("refers", "Chỉ thị", "19/CT-TTg", "2021-07-16", "Thủ tướng Chính phủ"),
    ("refers", "Kế hoạch", None, None, None),
    ("refers", "Nghị quyết", None, None, "Đại hội đại biểu toàn quốc lần thứ XIII của Đảng"),
]
TITLES = {
    1: "Nghị quyết Trung ương 4, khóa XIII",
    3: "Luật Thi đua, khen thưởng",
    5: "Kế hoạch 5 năm (2021-2025)",
}


@cache
def _read(path: Path) -> Reading:
    return pipeline.read(path, path.name, Settings(_env_file=None))


@pytest.fixture(params=[TEXT, pytest.param(SCAN, marks=pytest.mark.ocr)], ids=["text", "scan"])
def reading(request: pytest.FixtureRequest) -> Reading:
    path: Path = request.param
    return _read(path)


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("number", "date")])
def test_each_field_is_the_table_s(reading: Reading, name: str) -> None:
    found = getattr(reading.fields, name)
    assert found is not None and found.value == FIELDS[name]


@pytest.mark.parametrize("name", ["number", "date"])
def test_what_a_hand_wrote_is_right_or_flagged(reading: Reading, name: str) -> None:
    """On the text it is right; on the scan the pen's digits may be misread, but never without a flag."""
    found = getattr(reading.fields, name)
    assert found is not None and (found.value == FIELDS[name] or found.review)
    if reading.pages[0].origin == "text":
        assert (found.value, found.review) == (FIELDS[name], False)


def test_the_symbol_is_read_under_a_written_number(reading: Reading) -> None:
    assert reading.fields.number is not None and reading.fields.number.value.endswith("/KH-STTTT")


def test_recipients_and_signer(reading: Reading) -> None:
    signer = reading.fields.signer
    assert [field.value for field in reading.fields.recipients] == RECIPIENTS
    assert [field and field.value for field in (signer.authority, signer.title, signer.name)] == [
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Xuân Kiệm",
    ]
    assert reading.fields.addressees == ()


def test_every_citation_of_the_table_and_no_other(reading: Reading) -> None:
    found = [(c.relation, c.doc_type, c.number, c.date, c.issuer) for c in reading.citations]
    assert found == CITATIONS
    assert {at: reading.citations[at].title for at in TITLES} == TITLES


def test_markup_and_the_transcriber_s_note_are_no_text(reading: Reading) -> None:
    text = "\n".join(page.text for page in reading.pages)
    assert "**" not in text and "Handwritten" not in text


@pytest.mark.ocr
def test_evidence_on_a_scan_has_its_place() -> None:
    fields = _read(SCAN).fields
    for found in (
        fields.number,
        fields.date,
        fields.subject,
        fields.issuer,
        fields.signer.name,
        *fields.recipients,
    ):
        assert found is not None and found.page and found.boxes
        assert all(0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1 for box in found.boxes)
