"""Authority data: types, bodies with their eras, provinces through the mergers, laws by date."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.authority.doc_types import doc_type_named, doc_type_of, doc_types
from corpus.authority.identity import issuer_key, successor_keys
from corpus.authority.issuers import canonical_issuer, issuer_of, superior_of
from corpus.authority.laws import law_numbered, law_title_key, laws_named
from corpus.authority.provinces import province_named, province_successor, provinces
from corpus.numbering.number import parse
from corpus.tables import rows
from corpus.vietnamese.fold import fold

_KG = "Kiên Giang"


@pytest.mark.parametrize(
    ("text", "place", "name", "reason"),
    [
        ("UBND tỉnh", _KG, "Ủy ban nhân dân tỉnh Kiên Giang", "relative: the province of the citing document"),
        ("Ủy ban nhân dân (UBND) tỉnh", _KG, "Ủy ban nhân dân tỉnh Kiên Giang", "bracketed abbreviation"),
        (
            "Chủ tịch UBND tỉnh",
            "TP. Rạch Giá",
            "Chủ tịch Ủy ban nhân dân tỉnh Kiên Giang",
            "seat of the province; a head",
        ),
        ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi", "header capitals"),
        ("SỞ Y TẾ", _KG, "Sở Y tế tỉnh Kiên Giang", "the department of the place"),
        ("Sở TTTT", _KG, "Sở Thông tin và Truyền thông tỉnh Kiên Giang", "abbreviated department"),
        ("SỞ GIÁO DUC VÀ ĐÀO TAO", "Thanh Hóa", "Sở Giáo dục và Đào tạo tỉnh Thanh Hóa", "marks lost by OCR"),
        ("BỘ TRƯỞNG BỘ XÂY DỰNG", None, "Bộ trưởng Bộ Xây dựng", "a head in capitals"),
        ("Bộ trưởng Bộ GD&ĐT", None, "Bộ trưởng Bộ Giáo dục và Đào tạo", "ministry by letters"),
        (
            "UBND TP. HỒ CHÍ MINH",
            None,
            "Ủy ban nhân dân Thành phố Hồ Chí Minh",
            "the city's kind is part of its name",
        ),
        ("Tỉnh ủy", "Hà Nội", "Thành ủy Hà Nội", "a city has a Thành ủy"),
        ("Ban Thường vụ Tỉnh ủy", _KG, "Ban Thường vụ Tỉnh ủy Kiên Giang", "Party body of the province"),
        ("BAN CHỈ ĐẠO 138", "Quảng Ngãi", "Ban Chỉ đạo 138 tỉnh Quảng Ngãi", "steering committee by number"),
        ("UBND huyện Mộ Đức", "Quảng Ngãi", "Ủy ban nhân dân huyện Mộ Đức", "a district keeps its own name"),
        (
            "TRƯỜNG THPT NGUYỄN HUỆ",
            "Huế",
            "Trường THPT Nguyễn Huệ",
            "unknown body: printed words, sensible capitals",
        ),
    ],
)
def test_a_printed_body_gets_its_full_name(text: str, place: str | None, name: str, reason: str) -> None:
    assert canonical_issuer(text, place) == name, reason


@pytest.mark.parametrize(
    ("number", "place", "date", "name", "reason"),
    [
        ("31/KH-STTTT", _KG, "2022-04-27", "Sở Thông tin và Truyền thông tỉnh Kiên Giang", "symbol and địa danh"),
        ("93/KH-UBND", _KG, None, "Ủy ban nhân dân tỉnh Kiên Giang", "level from the place"),
        ("30/2020/NĐ-CP", "Hà Nội", None, "Chính phủ", "central body"),
        ("757/NQ-UBTVQH15", None, None, "Ủy ban thường vụ Quốc hội", "term number off"),
        ("12-NQ/TU", _KG, None, "Tỉnh ủy Kiên Giang", "Party"),
        ("34-CT/TW", None, None, "Ban Chấp hành Trung ương Đảng", "TW alone"),
        ("55/2005/TTLT-BNV-VPCP", None, None, "Bộ Nội vụ; Văn phòng Chính phủ", "joint"),
        ("12/QD-XQZK", _KG, None, None, "a symbol nobody knows says nothing"),
    ],
)
def test_the_symbol_names_the_issuer(
    number: str, place: str | None, date: str | None, name: str | None, reason: str
) -> None:
    parsed = parse(number)
    assert parsed is not None
    assert issuer_of(parsed, place, date) == name, reason


@pytest.mark.parametrize("province", sorted({province.name for province in provinces()}))
def test_every_province_names_its_bodies(province: str) -> None:
    for printed in ("12/KH-UBND", "12/NQ-HĐND", "12/QĐ-SYT", "12-NQ/TU"):
        number = parse(printed)
        assert number is not None
        name = issuer_of(number, province, "2022-01-01")
        assert name is not None and province in name
        assert canonical_issuer(name, province) == name
        assert issuer_key(canonical_issuer(name.upper(), province)) == issuer_key(name)


def test_sixty_three_became_thirty_four() -> None:
    before = [
        p for p in provinces() if p.valid_from <= "2020-01-01" and (not p.valid_to or p.valid_to >= "2020-01-01")
    ]
    after = [
        p for p in provinces() if p.valid_from <= "2025-07-01" and (not p.valid_to or p.valid_to >= "2025-07-01")
    ]
    assert (len(before), len(after)) == (63, 34)


@pytest.mark.parametrize(
    ("name", "date", "successor"),
    [
        ("Kiên Giang", "2025-06-30", None),
        ("Kiên Giang", "2025-07-01", "An Giang"),
        ("An Giang", "2026-01-01", None),
        ("Hà Tây", "2010-01-01", "Hà Nội"),
    ],
)
def test_successors_by_date(name: str, date: str, successor: str | None) -> None:
    assert province_successor(name, date) == successor


def test_spellings() -> None:
    for spelling in ("BRVT", "Bà Rịa–Vũng Tàu", "tỉnh Bà Rịa - Vũng Tàu"):
        found = province_named(spelling)
        assert found is not None and found.name == "Bà Rịa - Vũng Tàu"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Giám đốc Sở Y tế tỉnh Kiên Giang", "Sở Y tế Kiên Giang"),
        ("Chủ tịch UBND tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh Kiên Giang"),
        ("Bộ Chính trị", "Ban Bí thư"),
        ("Ban Thường vụ Tỉnh ủy Kiên Giang", "Tỉnh ủy Kiên Giang"),
        ("Bộ trưởng Bộ Nội vụ", "BỘ NỘI VỤ"),
    ],
)
def test_one_body_has_one_key(one: str, other: str) -> None:
    assert issuer_key(one) == issuer_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND tỉnh Kiên Giang", "UBND tỉnh An Giang"),
        ("Sở Y tế tỉnh Kiên Giang", "Sở Nội vụ tỉnh Kiên Giang"),
        ("Chính phủ", "Thủ tướng Chính phủ"),
    ],
)
def test_two_bodies_have_two_keys(one: str, other: str) -> None:
    assert issuer_key(one) != issuer_key(other)


def test_superiors() -> None:
    assert superior_of("Sở Thông tin và Truyền thông tỉnh Kiên Giang") == "Ủy ban nhân dân tỉnh Kiên Giang"
    assert superior_of("Ủy ban nhân dân tỉnh Kiên Giang") is None
    assert superior_of(None) is None


def test_types_and_codes() -> None:
    assert doc_type_of("KH", "state") == "Kế hoạch"
    assert doc_type_of("TT", "party") == "Thông tri"
    assert doc_type_of(None, "cv") == "Công văn"
    assert doc_type_named("KE HOACH") == "Kế hoạch"
    assert len(doc_types()) == len(set(doc_types()))


@pytest.mark.parametrize(
    ("title", "date", "number", "reason"),
    [
        ("Luật Thi đua, khen thưởng", "2022-04-27", "15/2003/QH11", "the new law was passed seven weeks later"),
        ("Luật Thi đua, khen thưởng", "2022-06-15", "15/2003/QH11", "passed, but in force from 2024"),
        ("Luật Thi đua, khen thưởng", "2024-01-01", "06/2022/QH15", "on the first day in force"),
        ("luật thi đua khen thưởng", None, "06/2022/QH15", "without a date the latest"),
        ("Luật Tổ chức chính quyền địa phương", "2015-12-31", "77/2015/QH13", "passed, nothing else in force"),
        ("Luật Lưu trữ", "2024-06-20", "01/2011/QH13", "the day before the new law"),
    ],
)
def test_a_name_means_the_law_of_its_time(title: str, date: str | None, number: str, reason: str) -> None:
    assert laws_named(law_title_key(title), date)[0][0] == number, reason


def test_no_law_before_the_first_was_passed() -> None:
    assert laws_named(law_title_key("Luật Trí tuệ nhân tạo"), "2020-01-01") == []
    assert laws_named("no such law", None) == []


def test_type_and_number_are_a_laws_key() -> None:
    keys = [(row["type"], row["number"]) for row in rows("laws")]
    assert len(keys) == len(set(keys))
    assert law_numbered("20/2026/QH16") is None, "a law and a resolution share the number"
    assert law_numbered("20/2026/QH16", "Nghị quyết").type == "Nghị quyết"
    assert law_numbered("20/2026/QH16", "Luật").type == "Luật"
    assert law_numbered("47/2025/QH15") is None, "a misprint for 47/2024/QH15"


_TERMS = {
    10: (1997, 2002),
    11: (2002, 2007),
    12: (2007, 2011),
    13: (2011, 2016),
    14: (2016, 2021),
    15: (2021, 2026),
    16: (2026, 2031),
}


def test_a_laws_year_lies_in_its_term() -> None:
    for row in rows("laws"):
        if not re.fullmatch(r"\d{1,3}/\d{4}/(?:QH|UBTVQH|PL-UBTVQH)1\d", row["number"]):
            continue
        year, term = int(row["number"].split("/")[1]), int(re.sub(r".*\D", "", row["number"]))
        first, last = _TERMS[term]
        assert first <= year <= last, row


def test_a_ministry_that_was_split_has_several_successors() -> None:
    heirs = successor_keys(issuer_key("Bộ Lao động - Thương binh và Xã hội"))
    assert {"bo noi vu", "bo y te", "bo giao duc va dao tao"} <= heirs
    assert "bo van hoa the thao va du lich" in successor_keys("bo thong tin va truyen thong")
    assert "bo khoa hoc va cong nghe" in successor_keys("bo buu chinh vien thong"), "over two steps"


def test_every_successor_is_in_the_table() -> None:
    codes = {row["code"] for row in rows("bodies")}
    assert all(code in codes for row in rows("bodies") for code in row["successor"].split(",") if code)
    names = {row["name"] for row in rows("provinces")}
    assert all(row["successor"] in names for row in rows("provinces") if row["successor"])


@given(st.text(max_size=60))
def test_folding_keeps_the_length_of_the_composed_text(text: str) -> None:
    import unicodedata

    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@example("\ufada")
@given(st.text(max_size=60))
def test_folding_a_long_text_is_folding_its_letters(text: str) -> None:
    assert fold(text + "Đ" * 2000) == fold(text + "Đ") + "d" * 1999


@given(st.text(max_size=80), st.none() | st.sampled_from(["Kiên Giang", "Hà Nội", "Mộ Đức"]))
def test_naming_is_total(text: str, place: str | None) -> None:
    name = canonical_issuer(text, place)
    assert isinstance(name, str)
    issuer_key(name)
    superior_of(name)


@pytest.mark.parametrize(
    ("text", "place", "superior", "name", "reason"),
    [
        ("SỞ NỘI VỤ", "Hà Long An", "UBND TỈNH HÀ LONG AN", "Sở Nội vụ tỉnh Hà Long An",
         "a province no table knows"),
        ("UBND tỉnh", "Hà Long An", None, "Ủy ban nhân dân tỉnh Hà Long An", "relative, of an unknown province"),
        ("PHÒNG NỘI VỤ", "Gò Đước", "UBND HUYỆN GÒ ĐƯỚC", "Phòng Nội vụ huyện Gò Đước",
         "the line above tells the district"),
        ("VĂN PHÒNG", "Vĩnh Trà", "HUYỆN ỦY VĨNH TRÀ", "Văn phòng Huyện ủy Vĩnh Trà", "an office is its parent's"),
        ("XÃ THƯỢNG QUẾ", "Thượng Quế", "HỘI ĐỒNG NHÂN DÂN", "Hội đồng nhân dân xã Thượng Quế",
         "the name runs over both lines"),
        ("BAN QUẢN LÝ CHỢ ĐẦU MỐI", "Nam Cương", "UBND THÀNH PHỐ NAM CƯƠNG",
         "Ban Quản lý Chợ đầu mối thành phố Nam Cương", "unknown body of a city"),
        ("TRƯỜNG ĐẠI HỌC CÔNG THƯƠNG THÀNH PHỐ HỒ CHÍ MINH", "Thành phố Hồ Chí Minh", "BỘ CÔNG THƯƠNG",
         "Trường Đại học Công Thương Thành phố Hồ Chí Minh", "a school takes nothing from its ministry"),
    ],
)  # fmt: skip
def test_the_header_tells_the_unit(text: str, place: str, superior: str | None, name: str, reason: str) -> None:
    assert canonical_issuer(text, place, superior) == name, reason


def test_the_text_tells_level_and_body() -> None:
    plan, directive, unknown = parse("12/KH-UBND"), parse("34-CT/TW"), parse("20/KH-TTXT")
    assert plan is not None and directive is not None and unknown is not None
    assert issuer_of(plan, "Mộ Đức", None, "ỦY BAN NHÂN DÂN\nHUYỆN MỘ ĐỨC") == "Ủy ban nhân dân huyện Mộ Đức"
    assert issuer_of(directive, None, None, "của Bộ Chính trị") == "Bộ Chính trị"
    assert issuer_of(unknown, None, None, "Trung tâm Xúc tiến xây dựng kế hoạch") == "Trung tâm Xúc tiến"
    assert issuer_of(unknown, None, None, "các đơn vị báo cáo") is None


def test_an_unknown_province_has_one_key_too() -> None:
    assert issuer_key("Sở Nội vụ tỉnh Hà Long An") == issuer_key("Giám đốc Sở Nội vụ Hà Long An")
    assert issuer_key("UBND tỉnh Hà Long An") != issuer_key("UBND tỉnh Long An")
