"""The run from file to Reading on real files with the real engine: every kind, the gate, what fails and what
goes on.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from ingest import pipeline, secrecy_gate
from ingest.imaging.page_view import PageView
from ingest.ocr import page_text
from ingest.ocr.words import Line, Recognised, Token
from tests.ingest.making import LETTER, Make, printed, stamp, stamped

SETTINGS = Settings(_env_file=None)
PAPER = """UBND TỈNH HÀ LONG AN
SỞ Y TẾ
Số: 12/KH-SYT
Hà Long An, ngày 05 tháng 3 năm 2024

KẾ HOẠCH
Kiểm tra công tác khám bệnh năm 2024

Thực hiện Quyết định số 34/QĐ-UBND ngày 02/01/2024 của Ủy ban nhân dân tỉnh,
Sở Y tế xây dựng kế hoạch kiểm tra các đơn vị trực thuộc.

Nơi nhận:
- UBND tỉnh (b/c);
- Lưu: VT, NVY.

GIÁM ĐỐC

Trần Văn Bình
"""


def read(path: Path) -> Reading:
    return pipeline.read_safely(path, path.name, SETTINGS)


def number_of(reading: Reading) -> str | None:
    return reading.fields.number.value if reading.fields.number else None


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_text_is_read_as_it_is(make: Make, name: str) -> None:
    reading = read(make.file(name, PAPER.encode()))
    assert number_of(reading) == "12/KH-SYT" and not reading.fields.number.review  # type: ignore[union-attr]
    assert reading.fields.issuer and reading.fields.issuer.value == "Sở Y tế tỉnh Hà Long An"
    assert [c.number for c in reading.citations] == ["34/QĐ-UBND"]
    assert reading.fields.signer.name and reading.fields.signer.name.value == "Trần Văn Bình"
    assert reading.source.size == len(PAPER.encode()) and len(reading.source.sha256) == 64


@pytest.mark.ocr
@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tif", "TIFF")])
def test_pictures_are_recognised(make: Make, name: str, kind: str) -> None:
    reading = read(make.picture(printed(dpi=200), name, format=kind, dpi=(200, 200)))
    assert reading.pages[0].origin == "ocr" and reading.pages[0].confidence > 0.7
    assert "34/QĐ-UBND" in [citation.number for citation in reading.citations]
    assert all(citation.boxes for citation in reading.citations)


@pytest.mark.ocr
def test_a_mixed_file_has_text_where_it_has_text(make: Make) -> None:
    reading = read(make.pdf(make.text(), make.scan(printed(dpi=200), 200)))
    assert [page.origin for page in reading.pages] == ["text", "ocr"]


def test_progress_is_told_page_by_page(make: Make) -> None:
    told: list[tuple[str, int, int]] = []
    path = make.pdf(make.text(), make.text())
    pipeline.read_safely(path, path.name, SETTINGS, progress=lambda *step: told.append(step))
    assert told == [("read", 1, 2), ("read", 2, 2)]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "empty_file"),
        (b"%PDF-1.7\n1 0 obj", "a.pdf", "truncated"),
        (b"%PDF-1.7\n", "a.png", "type_mismatch"),
        (b"MZ\x90\x00", "a.exe", "unknown_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a.png", "truncated"),
        (b"   \n\n ", "a.txt", "no_pages"),
    ],
)
def test_bad_files_are_refused_by_name(make: Make, data: bytes, name: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        read(make.file(name, data))
    assert caught.value.code == code and name in caught.value.message()


def test_a_page_that_fails_is_a_warning_and_the_rest_goes_on(make: Make) -> None:
    pages = io.BytesIO()
    printed(dpi=100).save(pages, "TIFF", save_all=True, append_images=[printed(dpi=100)], compression="tiff_lzw")
    data = bytearray(pages.getvalue())
    data[2000:2400] = b"\xff" * 400
    reading = read(make.file("a.tif", bytes(data)))
    assert len(reading.pages) == 2
    assert [warning.page for warning in reading.warnings if warning.code == "page_unreadable"] == [1]
    assert reading.pages[1].text


@pytest.mark.parametrize(
    ("read_as", "meant", "reason"),
    [
        ("l6", "16", "before a digit"),
        ("3l", "31", "behind a digit"),
        ("4l,", "41,", "a comma follows"),
        ("l.000", "l.000", "no digit stands beside it"),
        ("2l5", "215", "between digits"),
        ("10l2", "1012", "within a number"),
        ("II", "II", "a Roman numeral"),
        ("5lít", "5lít", "a word begins"),
        ("ÐĐất", "Đất", "Eth for Đ"),
        ("KIẾỀN", "KIẾN", "a vowel with two tones"),
        ("Boong", "Boong", "an o may stand twice"),
    ],
)
def test_letters_that_the_engine_takes_for_others(read_as: str, meant: str, reason: str) -> None:
    line = Line((Token(10, 10, 60, 30, read_as, 0.9),), 1)
    found = Recognised((line,), PageView.flat(np.full((100, 100), 255, np.uint8), 200.0), 0.9)
    assert page_text.page_of(found, 1).text == meant, reason


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("MẬT", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("Độ mật: Tuyệt mật", "TUYỆT MẬT"),
        ("(Mật)", "MẬT"),
        ("T O I  M A T", "TỐI MẬT"),
    ],
)
def test_a_marked_text_is_refused(make: Make, line: str, mark: str) -> None:
    with pytest.raises(Problem) as caught:
        read(make.file("a.txt", PAPER.replace("KẾ HOẠCH", f"{line}\nKẾ HOẠCH", 1).encode()))
    assert (caught.value.code, caught.value.facts["mark"]) == ("classified", mark)


def test_a_marked_text_is_read_on_the_word_of_a_person_and_says_so(make: Make) -> None:
    path = make.file("a.txt", PAPER.replace("KẾ HOẠCH", "MẬT\nKẾ HOẠCH", 1).encode())
    found = pipeline.read_safely(path, path.name, SETTINGS, released=True)
    [note] = [one for one in found.warnings if one.code == "mark_overruled"]
    assert "«MẬT»" in note.message
    assert number_of(found) is not None


@pytest.mark.parametrize(
    "line", ["BẢO MẬT", "bảo vệ bí mật nhà nước", "GIẢI MẬT", "mật độ dân số", "an toàn, bảo mật"]
)
def test_words_that_hold_the_mark_are_none(line: str) -> None:
    assert secrecy_gate.mark_in_text(f"SỞ Y TẾ\n{line}\nKẾ HOẠCH") is None


@pytest.mark.ocr
@pytest.mark.parametrize(("words", "angle"), [("MẬT", 0), ("TỐI MẬT", 4), ("TUYỆT MẬT", -6)])
def test_a_stamped_scan_is_refused(make: Make, words: str, angle: float) -> None:
    page = stamped(printed(dpi=200, mode="RGB"), stamp(words, 200), (0.15, 0.2), angle)
    with pytest.raises(Problem) as caught:
        read(make.pdf(make.scan(page, 200)))
    assert caught.value.code == "classified"


@pytest.mark.ocr
def test_a_stamp_of_urgency_is_no_mark_of_secrecy(make: Make) -> None:
    page = stamped(printed(dpi=200, mode="RGB"), stamp("HỎA TỐC", 200), (0.15, 0.2), 2)
    reading = read(make.pdf(make.scan(page, 200)))
    assert reading.fields.urgency is not None and reading.fields.urgency.value == "HỎA TỐC"


@pytest.mark.ocr
def test_a_blank_page_is_told(make: Make) -> None:
    reading = read(make.pdf(make.scan(printed(dpi=150), 150), make.scan(Image.new("L", (1240, 1754), 255), 150)))
    assert ("page_blank", 2) in [(warning.code, warning.page) for warning in reading.warnings]


@pytest.mark.ocr
def test_a_scan_that_lies_on_its_side_is_read_upright(make: Make) -> None:
    reading = read(make.pdf(make.scan(printed(dpi=200).rotate(90, expand=True), 200)))
    assert reading.pages[0].rotation in (90, 270)
    assert LETTER.split("\n")[3].split(",")[0] in reading.pages[0].text


def test_words_point_into_the_page_s_text(make: Make) -> None:
    (page,) = read(make.pdf(make.text())).pages
    said = " ".join(page.text[word.start : word.end] for word in page.words)
    assert said == " ".join(page.text.split())
    assert not any(math.isnan(word.box.left) for word in page.words)
