"""Names of laws by date: what a paper of a day that names a law is linked to, and must not be linked to."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.authority.laws import law_meant, law_title_key, laws_named
from ingest.citations.find import find_citations
from ingest.text.document_text import Text

TABLE = Path(__file__).parents[2] / "tables" / "law_names.tsv"


def cited(text: str, day: str | None):
    return find_citations(
        Text.of_string(text), issuer="Sở Nội vụ tỉnh An Giang", place="An Giang", doc_type=None, number=None,
        date=day
    )[0]  # fmt: skip


def meant(name: str, day: str) -> str:
    found = cited(f"Căn cứ {name};\n", day)
    meaning = law_meant(law_title_key(found[0].title or ""), day, found[0].date)
    return meaning.law.number if meaning.law else "ambiguous" if meaning.laws else ""


def test_every_name_of_the_table_means_the_law_of_its_day() -> None:
    """Days before, of and after the change of laws of one name, as the texts of the laws tell them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) >= 120
    wrong = [(row, told) for row in rows if (told := meant(row["name"], row["day"])) != row["expected"]]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("Căn cứ Luật Lưu trữ năm 2024; Luật Lưu trữ năm 2011.", ["Luật Lưu trữ năm 2024",
         "Luật Lưu trữ năm 2011"], "two years are two laws"),
        ("Căn cứ Luật Lưu trữ; theo Luật Lưu trữ năm 2024.", ["Luật Lưu trữ"],
         "the year is that of the law in force"),
        ("Căn cứ Luật Lưu trữ; khác với Luật Lưu trữ năm 2011.", ["Luật Lưu trữ", "Luật Lưu trữ năm 2011"],
         "the year is another law's"),
        ("Căn cứ Luật Thương mại biển quốc tế;", ["Luật Thương mại biển quốc tế"],
         "a longer unknown name stays whole"),
        ("Căn cứ Luật Thương mại và các quy định khác;", ["Luật Thương mại"], "words of the sentence are no name"),
        ("Căn cứ Luật Đất đai nhằm bảo đảm quyền lợi;", ["Luật Đất đai"], "nor is a verb"),
        ("Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam; Hiến pháp năm 2013.",
         ["Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam"], "one constitution"),
        ("Căn cứ Nghị định về công tác văn thư;", ["Nghị định về công tác văn thư"], "a decree by its name"),
    ],
)  # fmt: skip
def test_names_as_printed(text: str, expected: list[str], reason: str) -> None:
    assert [one.title for one in cited(text, "2025-09-01")] == expected, reason


def test_a_law_carried_out_before_it_is_in_force_is_a_question() -> None:
    key = law_title_key("Luật Lưu trữ")
    assert law_meant(key, "2024-12-01").law.number == "01/2011/QH13"
    meaning = law_meant(key, "2024-12-01", carried_out=True)
    assert (meaning.law, [law.number for law in meaning.laws]) == (None, ["01/2011/QH13", "33/2024/QH15"])


def test_a_printed_day_that_is_none_of_theirs_is_a_question() -> None:
    [one] = cited("Căn cứ Luật Lưu trữ ngày 12 tháng 11 năm 2011;", "2020-01-01")
    assert (one.date, one.review) == ("2011-11-12", True)
    [right] = cited("Căn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;", "2020-01-01")
    assert (right.date, right.review) == ("2011-11-11", False)


def test_without_a_day_several_laws_of_a_name_are_a_question() -> None:
    assert law_meant(law_title_key("Luật Lưu trữ"), None).law is None
    assert laws_named(law_title_key("Luật Lưu trữ"), None)[0][0] == "33/2024/QH15", "the latest is the likeliest"
    assert law_meant(law_title_key("Luật Trí tuệ nhân tạo"), None).law.number == "134/2025/QH15"


def test_a_law_that_names_itself_cites_nothing() -> None:
    """By the table its own name means its own number."""
    text = Text.of_string("Quy định này của Luật Tương trợ tư pháp về hình sự được áp dụng.")
    found, _ = find_citations(
        text, issuer="Quốc hội", place=None, doc_type="Luật", number="103/2025/QH15", date="2025-11-26"
    )  # fmt: skip
    assert found == ()


def test_a_circular_by_name_is_nobodys_in_particular() -> None:
    found = cited("Theo Thông tư quy định chi tiết một số điều của Luật Thuế giá trị gia tăng;", "2025-07-01")
    assert all(one.doc_type != "Thông tư" for one in found)
