"""When two mentions are one document and when they are two, and what belongs to a citation and what doesn't."""

from __future__ import annotations

import pytest

from ingest.citations.find import find_citations
from ingest.text.document_text import Text


def cited(text: str, day: str = "2024-05-09"):
    return find_citations(
        Text.of_string(text), issuer="Sở Nội vụ tỉnh An Giang", place="An Giang", doc_type=None, number=None,
        date=day
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("Căn cứ Quyết định 88/QĐ-UBND ngày 02/02/2024 và Quyết định 88/QĐ-UBND ngày 03/3/2023 của UBND tỉnh;",
         [("88/QĐ-UBND", "2024-02-02"), ("88/QĐ-UBND", "2023-03-03")], "numbers begin anew each year"),
        ("Căn cứ Quyết định số 88/QĐ-UBND của UBND tỉnh; theo Quyết định số 88/QĐ-UBND ngày 02/02/2024 của UBND "
         "tỉnh;",
         [("88/QĐ-UBND", "2024-02-02")], "a mention without a day is the one with it"),
        ("Căn cứ Kế hoạch số 93/KH-UBND ngày 01/2/2024 của UBND tỉnh; Kế hoạch số 93/KH-UBND ngày 05/2/2024 của "
         "UBND huyện Phú Tân; "
         "Kế hoạch số 93/KH-UBND ngày 05/2/2024 của UBND huyện Phú Tân;",
         [("93/KH-UBND", "2024-02-01"), ("93/KH-UBND", "2024-02-05")], "two bodies, two days: two documents"),
        ("Căn cứ Kế hoạch số 93/KH-UBND ngày 01/2/2024 của UBND tỉnh; Kế hoạch số 93/KH-UBND ngày 05/2/2024 của "
         "UBND tỉnh;",
         [("93/KH-UBND", "2024-02-01")], "a slip in the day makes no second document"),
        ("Theo Nghị quyết số 57-NQ/TW; căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị;",
         [("57-NQ/TW", "2024-12-22")], "named first without its day"),
        ("Căn cứ Luật số 20/2026/QH16; Nghị quyết số 20/2026/QH16 ngày 24/4/2026 của Quốc hội;",
         [("20/2026/QH16", None), ("20/2026/QH16", "2026-04-24")], "a law and a resolution of one number"),
        ("Thực hiện Công văn số 1.234/UBND-NC ngày 15/3/2024 của UBND tỉnh;", [("1234/UBND-NC", "2024-03-15")],
         "a dot of thousands"),
        ("Căn cứ Nghị quyết số 66.15/2026/NQ-CP ngày 01/3/2026 của Chính phủ;", [("66.15/2026/NQ-CP",
         "2026-03-01")], "a number put in between keeps its dot"),
        ("Thực hiện Kế hoạch ngày 15/3/2024 số 112/KH-UBND của UBND tỉnh;", [("112/KH-UBND", "2024-03-15")],
         "the day before the number"),
        ("Thực hiện Kế hoạch số 112/KH-UBND ngày 2024-03-15 của UBND tỉnh;", [("112/KH-UBND", "2024-03-15")],
         "an ISO day"),
        ("Thực hiện Kế hoạch số 112 ngày 15/3/2024 của UBND tỉnh;", [("112", "2024-03-15")],
         "the symbol left out"),
        ("Căn cứ hồ sơ vụ án thụ lý số 125/2025/TLST-DS ngày 01/2/2025 về tranh chấp;", [],
         "a court's intake number"),
    ],
)  # fmt: skip
def test_one_document_or_two(text: str, expected: list[tuple[str, str | None]], reason: str) -> None:
    assert [(one.number, one.date) for one in cited(text)] == expected, reason


def test_a_symbol_left_out_is_a_question() -> None:
    [one] = cited("Thực hiện Kế hoạch số 112 ngày 15/3/2024 của UBND tỉnh;")
    assert (one.doc_type, one.issuer, one.review) == ("Kế hoạch", "Ủy ban nhân dân tỉnh An Giang", True)


@pytest.mark.parametrize(
    ("said", "provision"),
    [
        ("từ Điều 5 đến Điều 9", "từ Điều 5 đến Điều 9"),
        ("các Điều 5-9", "các Điều 5-9"),
        ("Điều 5 – 9", "Điều 5 - 9"),
        ("khoản 2 Điều 5 và Điều 9", "khoản 2 Điều 5 và Điều 9"),
        ("khoản 2 Điều 5", "khoản 2 Điều 5"),
    ],
)
def test_ranges_of_provisions(said: str, provision: str) -> None:
    [one] = cited(f"Căn cứ {said} Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ;")
    assert one.provision == provision


@pytest.mark.parametrize(
    ("said", "issuer"),
    [
        ("Quyết định số 45/QĐ-EVN ngày 01/2/2024 của Tập đoàn Điện lực Việt Nam;", "Tập đoàn Điện lực Việt Nam"),
        ("Kết luận số 12-KL/TWĐTN ngày 01/2/2024 của Ban Bí thư Trung ương Đoàn;", "Ban Bí thư Trung ương Đoàn"),
        ("Nghị quyết số 57-NQ/TW; theo Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị;", "Bộ Chính trị"),
    ],
)
def test_issuers_as_printed(said: str, issuer: str) -> None:
    [one] = cited(f"Thực hiện {said}")
    assert one.issuer == issuer


def test_a_subject_ends_where_the_citing_body_speaks() -> None:
    [one] = cited(
        "Căn cứ Công văn số 12/SNV-TCBC ngày 01/2/2024 về việc báo cáo biên chế, Sở Y tế đề nghị các đơn vị "
        "triển khai;"
    )
    assert one.title == "báo cáo biên chế"
