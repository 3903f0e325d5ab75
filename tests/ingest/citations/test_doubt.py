"""Doubt on citations: what recognition may have damaged is mended where the paper says so itself, or asked; else
nothing is.
"""

from __future__ import annotations

import pytest

from corpus.document import Box, Page, Word
from ingest.citations.doubt import weighed
from ingest.citations.find import find_citations
from ingest.text.document_text import Text


def text_of(line: str, origin: str, confidence: float) -> Text:
    words, at = [], 0
    for word in line.split():
        at = line.index(word, at)
        sure = confidence if any(one.isdigit() for one in word) else 0.95
        words.append(Word(at, at + len(word), Box(0.1, 0.1, 0.2, 0.2), sure))
    page = Page(1, "ocr" if origin == "ocr" else "text", line, tuple(words))
    return Text.of_pages((page,))


CASES = [
    ("Căn cứ Chỉ thị số 19/CT-TTEg ngày 03/4/2022 của Thủ tướng Chính phủ;", "ocr", 0.9, "19/CT-TTg", True,
     "mended by the table of misread codes: asked, whoever is printed as the body"),
    ("Căn cứ Chỉ thị số 19/CT-TTEg ngày 03/4/2022;", "ocr", 0.9, "19/CT-TTg", True,
     "mended by the table of misread codes, which no body vouches for: asked"),
    ("Căn cứ Chỉ thị số 19/CT-TTEg ngày 03/4/2022 của Thủ tướng Chính phủ;", "text", 0.9, "19/CT-TTg", True,
     "a code of no body, mended: asked, though its file prints it so"),
    ("Căn cứ Chỉ thị số 19/CT-TTg ngày 03/4/2022 của Thủ tướng Chính phủ;", "ocr", 0.9, "19/CT-TTg", False,
     "known"),
    ("Căn cứ Chỉ thị số 19/CT-TTg ngày 03/4/2022 của Thủ tướng Chính phủ;", "ocr", 0.3, "19/CT-TTg", True,
     "hardly read"),
    ("Căn cứ Quyết định số 3955/QĐ-BVHTT&DL ngày 01/12/2021 của Bộ Văn hóa, Thể thao và Du lịch;", "ocr", 0.9,
     "3955/QĐ-BVHTT&DL", False, "the ampersand is printed: another spelling of the code"),
    ("Theo Tờ trình số 06/TTr-SGŒTTT ngày 07/02/2022 của Sở Giao thông vận tải;", "ocr", 0.9, "06/TTr-SGTVT",
     True, "a letter of no symbol: the printed body's code, asked"),
    ("Theo Kế hoạch số 06/KH-ŒND ngày 07/02/2022;", "ocr", 0.9, "06/KH-ŒND", True,
     "and asked without a printed body"),
    ("Căn cứ Kế hoạch số 34/KH-PQRW ngày 2/3/2022;", "ocr", 0.9, "34/KH-PQRW", False,
     "like no known symbol: a unit of its own"),
    ("Thực hiện Nghị quyết Đại hội đại biểu toàn quốc lần thứ XII của Đảng;", "ocr", 0.9, None, True,
     "a stroke off the day's term"),
    ("Thực hiện Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng;", "ocr", 0.9, None, False,
     "the day's term"),
    ("Thực hiện Nghị quyết Đại hội đại biểu toàn quốc lần thứ XII của Đảng;", "text", 0.9, None, False,
     "an earlier term, printed so"),
    ("Thực hiện Nghị quyết Đại hội đại biểu toàn quốc lần thứ XV của Đảng;", "text", 0.9, None, False,
     "no such term in the table: nothing is said"),
    ("Căn cứ công văn số 04/GA VI ngày 04/1/2018 của Ban Quản lý dự án;", "ocr", 0.9, "04/GA", True,
     "the rest of the symbol is behind a blank"),
    ("Căn cứ công văn số 04/GA VI ngày 04/1/2018 của Ban Quản lý dự án;", "text", 0.9, "04/GA", False,
     "and printed so"),
    ("Căn cứ Quyết định số 4969/QĐ- BYT ngày 01/11/2017 của Bộ Y tế;", "ocr", 0.9, "4969/QĐ-BYT", False,
     "a blank behind the hyphen, which is joined"),
    ("Căn cứ Công văn số 04/UBND-VX UBND tỉnh ban hành;", "ocr", 0.9, "04/UBND-VX", False,
     "a body behind the symbol"),
    ("Theo Thông tư số 35/2011/TT ngày 15/10/2011;", "ocr", 0.9, "35/2011/TT", True,
     "a year and a type: its body was lost"),
    ("Theo Thông tư số 35/2011/TT-BYT ngày 15/10/2011;", "ocr", 0.9, "35/2011/TT-BYT", False, "whole"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "origin", "confidence", "number", "review", "reason"), CASES)
def test_what_is_doubtful(
    line: str, origin: str, confidence: float, number: str | None, review: bool, reason: str
) -> None:
    text = text_of(line, origin, confidence)
    found, _ = find_citations(
        text, issuer="Sở Y tế tỉnh Kiên Giang", place=None, doc_type=None, number=None, date="2022-05-01"
    )
    (one,) = weighed(found, text, "2022-05-01")
    assert (one.number, one.review) == (number, review), reason
    assert one.confidence <= 0.6 if review else one.confidence > 0.6


def test_a_number_that_another_citation_continues_is_asked() -> None:
    line = "Theo Kế hoạch số 12/KH-SYT-NV ngày 2/3/2022 và Kế hoạch số 12/KH-SYT; Kế hoạch số 2/KH-SYT."
    text = text_of(line, "ocr", 0.9)
    found, _ = find_citations(
        text, issuer=None, place=None, doc_type=None, number=None, date="2022-05-01", body=None
    )
    asked = {one.number: one.review for one in weighed(found, text, "2022-05-01")}
    assert asked == {"12/KH-SYT-NV": False, "12/KH-SYT": True, "2/KH-SYT": False}
