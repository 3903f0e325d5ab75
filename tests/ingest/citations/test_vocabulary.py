"""Document types come from their table alone: every type in every context, and a type that an office adds in one
row.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import tables
from corpus.authority.doc_types import doc_type_of, doc_types, reference_words, types_with
from corpus.document import Citation, Page
from corpus.numbering.number import parse
from corpus.tables import rows
from corpus.vietnamese.fold import fold
from ingest.citations.find import find_citations
from ingest.citations.relation_words import itself
from ingest.fields.record import layout_of
from ingest.text.document_text import Text

OFFICE = "Sở Nội vụ tỉnh Kiên Giang"


def cited(text: str) -> list[Citation]:
    found, _ = find_citations(
        Text.of_string(text), issuer=OFFICE, place="Kiên Giang", doc_type=None, number=None, date="2024-06-01"
    )
    return list(found)


def number_of(doc_type: str) -> str:
    """A number that a paper of the type may have."""
    families = {row["family"]: row["code"] for row in reversed(rows("doc_types")) if row["name"] == doc_type}
    if families.get("state"):
        return f"94/{families['state']}-UBND"
    if families.get("party"):
        return f"94-{families['party']}/TU"
    return "94/2024/QH15" if "qh" in families else "94/UBND-TH"


@pytest.mark.parametrize("doc_type", doc_types())
def test_a_type_is_cited_with_number_and_date(doc_type: str) -> None:
    number = number_of(doc_type)
    [found] = cited(
        f"Thực hiện {doc_type} số {number} ngày 15/3/2024 về công tác văn thư, cơ quan báo cáo như sau."
    )
    assert (found.doc_type, found.number, found.date) == (doc_type, number, "2024-03-15")


NUMBERED = [name for name in doc_types() if name != "Hiến pháp"]
"""The constitution has no number: its name alone is its citation, whatever follows."""


def test_the_constitution_is_cited_by_its_name_alone() -> None:
    [found] = cited("Các đơn vị tổ chức thực hiện nghiêm Hiến pháp này.")
    assert (found.title, found.number) == ("Hiến pháp", None)


@pytest.mark.parametrize("doc_type", NUMBERED)
def test_a_type_is_cited_by_its_ordinal_and_issuer(doc_type: str) -> None:
    [found] = cited(f"Triển khai {doc_type} số 94 của Ủy ban nhân dân tỉnh.")
    assert (found.doc_type, found.number) == (doc_type, "94")
    assert found.issuer == "Ủy ban nhân dân tỉnh Kiên Giang"
    assert found.review, "its symbol was left out: a person looks"


@pytest.mark.parametrize("doc_type", NUMBERED)
def test_a_type_with_a_word_that_points_back_or_to_itself_is_no_citation(doc_type: str) -> None:
    for word in ("trên", *reference_words("self")):
        assert cited(f"Các đơn vị tổ chức thực hiện nghiêm {doc_type} {word}.") == []
    assert itself().search(fold(f"thay thế bằng {doc_type} này."))
    assert not itself().search(fold(f"thay thế bằng {doc_type} trên."))


@pytest.mark.parametrize("doc_type", doc_types())
def test_a_law_cited_by_name_and_year_ends_where_another_document_is_named(doc_type: str) -> None:
    found = cited(f"Căn cứ Luật Hàng quán và {doc_type} năm 2024 của đơn vị;")
    assert found and (found[0].doc_type, found[0].title) == ("Luật", "Luật Hàng quán")


@pytest.mark.parametrize("doc_type", doc_types())
def test_a_type_with_nothing_but_a_year_is_cited_only_where_its_name_names_one_document(doc_type: str) -> None:
    found = cited(f"Thực hiện {doc_type} năm 2013, đơn vị báo cáo.")
    assert [(one.doc_type, one.title) for one in found] == (
        [("Hiến pháp", "Hiến pháp năm 2013")] if doc_type == "Hiến pháp" else []
    )


@pytest.mark.parametrize("doc_type", NUMBERED)
def test_a_part_of_a_programme_is_no_document(doc_type: str) -> None:
    bare = doc_type in types_with("bare")
    assert bool(cited(f"Kinh phí của {doc_type} 5 của Chương trình.")) == bare, (
        "`Dự án 5` is a part, `Kế hoạch 5` a plan"
    )


@pytest.mark.parametrize("doc_type", NUMBERED)
def test_what_a_decision_puts_in_force_is_cited(doc_type: str) -> None:
    [found] = cited(f"Điều 1. Ban hành kèm theo Quyết định này {doc_type} về trực đêm của Sở.")
    assert (found.doc_type, found.relation, found.issuer) == (doc_type, "promulgates", OFFICE)


def test_a_named_type_keeps_its_name_beside_a_number_of_no_type() -> None:
    [found] = cited("Thực hiện Quy hoạch về mạng lưới trường lớp số 93/QH-UBND ngày 15/3/2024 của UBND tỉnh.")
    assert found.doc_type == "Quy hoạch"


def test_of_two_types_before_a_number_its_code_tells_which() -> None:
    [found] = cited("Căn cứ Quyết định về Dự án của Sở Y tế số 12/QĐ-UBND ngày 15/3/2024 của UBND tỉnh.")
    assert found.doc_type == "Quyết định"


@pytest.mark.parametrize(
    ("text", "doc_type", "number", "reason"),
    [
        ("Luật Quy hoạch đô thị và nông thôn số 47/2025/QH15", "Luật", "47/2025/QH15",
         "a type's name within a law's"),
        ("Công văn về Quy hoạch mạng lưới trường lớp mầm non số 5/UBND-XD", "Công văn", "5/UBND-XD",
         "no code: a letter"),
        ("Quyết định của UBND tỉnh về Chiến lược phát triển đô thị bền vững số 7/QĐ-UBND", "Quyết định",
         "7/QĐ-UBND", "its code"),
    ],
)  # fmt: skip
def test_a_type_named_in_a_title_is_not_the_number_s(text: str, doc_type: str, number: str, reason: str) -> None:
    [found] = cited(f"Căn cứ {text} ngày 15/3/2024;")
    assert (found.doc_type, found.number) == (doc_type, number), reason


@pytest.fixture
def office(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "data"
    folder.mkdir()
    own = "code\tfamily\tname\tkind\ttraits\nSTN\tstate\tSổ tay nghiệp vụ\tadministrative\tbare\n"
    (folder / "doc_types.tsv").write_text(own + "CN\tparty\tCẩm nang\tparty\n", encoding="utf-8")
    tables.use_office_rows(tmp_path)
    yield
    tables.use_office_rows(tmp_path / "none")


def test_a_type_that_an_office_adds_in_one_row_is_known_everywhere(office: None) -> None:
    [found] = cited("Thực hiện Sổ tay nghiệp vụ số 7/STN-SNV ngày 15/3/2024 của Sở Nội vụ.")
    assert (found.doc_type, found.number) == ("Sổ tay nghiệp vụ", "7/STN-SNV"), "with number and date"
    [found] = cited("Thực hiện Sổ tay nghiệp vụ 7 của Sở Nội vụ.")
    assert (found.doc_type, found.number) == ("Sổ tay nghiệp vụ", "7"), "by its ordinal alone"
    assert itself().search("thay the bang so tay nghiep vu nay"), "of itself"
    [found] = cited("Ban hành kèm theo Quyết định này Sổ tay nghiệp vụ văn thư, lưu trữ.")
    assert found.relation == "promulgates"
    number = parse("Số: 7/STN-SNV")
    assert number is not None and doc_type_of(number.type_code, number.family) == "Sổ tay nghiệp vụ", "symbol"
    number = parse("Số: 7-CN/TU")
    assert number is not None and doc_type_of(number.type_code, number.family) == "Cẩm nang", "of the Party"
    page = Page(
        1, "text", "SỞ NỘI VỤ\nSố: 7/STN-SNV\n\nSỔ TAY NGHIỆP VỤ\nVề công tác văn thư\n\nCăn cứ quy định:\n"
    )
    assert layout_of(Text.of_pages((page,))).heading.doc_type == "Sổ tay nghiệp vụ", "head of the document"


def test_a_type_of_an_office_is_gone_with_its_store() -> None:
    number = parse("Số: 7/STN-SNV")
    assert number is None or number.type_code != "STN"


def test_no_list_of_types_is_typed_into_code() -> None:
    house = Path(__file__).parents[3]
    found = subprocess.run(
        ["grep", "-rnE", "(Nghị định|nghi dinh|Quyết định|quyet dinh)[|]", "--include=*.py",
         *("corpus", "ingest", "search", "web", "script")],
        cwd=house, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == ""
