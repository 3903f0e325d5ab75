"""Letterheads of 2025 and 2026: what is printed is kept, tables complete it, and what clashes with them is a
question.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.authority.eras import existed
from corpus.authority.identity import issuer_key
from corpus.config import Settings
from corpus.document import Reading
from ingest.pipeline import read_safely

SIGNED = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\n\nLê Văn Thử\n"


def read(
    folder: Path, head: tuple[str, ...], number: str, place: str, day: str, body: str = "Nội dung."
) -> Reading:
    year, month, date = day.split("-")
    lines = "\n".join(head)
    path = folder / "paper.txt"
    path.write_text(
        f"{lines}\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nSố: {number}\n"
        f"{place}, ngày {date} tháng {month} năm {year}\n\nTHÔNG BÁO\nVề việc triển khai chuyển đổi "
        f"số\n\n{body}\n\n{SIGNED}",
        encoding="utf-8",
    )
    return read_safely(path, path.name, Settings(home=folder / "var"))


@dataclass(frozen=True, slots=True)
class Head:
    head: tuple[str, ...]
    number: str
    place: str
    day: str
    issuer: str
    superior: str | None
    asks: bool
    reason: str


HEADS = (
    Head(("ỦY BAN NHÂN DÂN", "THÀNH PHỐ ĐỒNG NAI"), "7288/UBND-KGVX", "Đồng Nai", "2026-08-12",
         "Ủy ban nhân dân thành phố Đồng Nai", None, False, "a city since 30/4/2026"),
    Head(("ỦY BAN NHÂN DÂN", "TỈNH ĐỒNG NAI"), "728/UBND-KGVX", "Đồng Nai", "2026-03-12",
         "Ủy ban nhân dân tỉnh Đồng Nai", None, False, "a province before"),
    Head(("ỦY BAN NHÂN DÂN", "TỈNH ĐỒNG NAI"), "728/UBND-KGVX", "Đồng Nai", "2026-08-12",
         "Ủy ban nhân dân tỉnh Đồng Nai", None, True, "print wins, and the clash is a question"),
    Head(("UBND XÃ TÂN THÀNH", "VĂN PHÒNG HĐND VÀ UBND"), "21/TB-VP", "Tân Thành", "2026-03-12",
         "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Tân Thành", "Ủy ban nhân dân xã Tân Thành", False,
         "the office of a commune; no province is invented"),
    Head(("BỘ TÀI CHÍNH", "CỤC THUẾ"), "21/TB-CT", "Hà Nội", "2026-03-12", "Cục Thuế", "Bộ Tài chính", False,
         "the ministry's own"),
    Head(("TỔNG CỤC THUẾ", "CỤC THUẾ TỈNH AN GIANG"), "21/TB-CT", "An Giang", "2020-03-12",
         "Cục Thuế tỉnh An Giang", "Tổng cục Thuế", False, "a province's, while there were such"),
    Head(("CỤC THUẾ", "THUẾ TỈNH AN GIANG"), "21/TB-AGI", "An Giang", "2026-03-12", "Thuế tỉnh An Giang",
     "Cục Thuế",
         False, "a province's tax office of today"),
    Head(("CỤC QUẢN LÝ THI HÀNH ÁN DÂN SỰ", "THI HÀNH ÁN DÂN SỰ TỈNH AN GIANG"), "21/TB-THADS", "An Giang",
         "2026-03-12", "Thi hành án dân sự tỉnh An Giang", "Cục Quản lý Thi hành án dân sự", False,
         "no Cục of the past"),
    Head(("KHO BẠC NHÀ NƯỚC", "KHO BẠC NHÀ NƯỚC KHU VỰC XIX"), "21/TB-KBKVXIX", "An Giang", "2026-03-12",
         "Kho bạc Nhà nước khu vực XIX", "Kho bạc Nhà nước", False, "the treasury of the state has no province"),
    Head(("ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM TỈNH AN GIANG", "BAN THƯỜNG TRỰC"), "21/TB-MTTQ-BTT", "An Giang",
         "2026-03-12", "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh An Giang",
         "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh An Giang", False, "whose standing board it is"),
    Head(("TỈNH AN GIANG", "ỦY BAN NHÂN DÂN XÃ TÂN THÀNH"), "12/BC-UBND", "Tân Thành", "2026-03-12",
         "Ủy ban nhân dân xã Tân Thành, tỉnh An Giang", "Tỉnh An Giang", False, "the paper names the province"),
    Head(("ỦY BAN NHÂN DÂN", "XÃ ĐỊNH MỸ"), "12/BC-UBND", "Định Mỹ", "2026-03-12",
         "Ủy ban nhân dân xã Định Mỹ, tỉnh An Giang", None, False, "one province alone has it"),
    Head(("ỦY BAN NHÂN DÂN", "XÃ TÂN THÀNH"), "12/BC-UBND", "Tân Thành", "2026-03-12",
         "Ủy ban nhân dân xã Tân Thành", None, False, "several have it"),
    Head(("TỈNH CÀ MAU", "ỦY BAN NHÂN DÂN XÃ ĐỊNH MỸ"), "12/BC-UBND", "Định Mỹ", "2026-03-12",
         "Ủy ban nhân dân xã Định Mỹ, tỉnh Cà Mau", "Tỉnh Cà Mau", True,
         "print wins; by the table it is elsewhere"),
    Head(("ỦY BAN NHÂN DÂN", "XÃ ĐỊNH MỸ"), "12/BC-UBND", "Định Mỹ", "2024-03-12", "Ủy ban nhân dân xã Định Mỹ",
     None,
         False, "of communes before 1/7/2025 the table says nothing"),
    Head(("UBND HUYỆN GÒ QUAO", "PHÒNG NỘI VỤ"), "12/BC-PNV", "Gò Quao", "2026-03-12",
     "Phòng Nội vụ huyện Gò Quao",
         "Ủy ban nhân dân huyện Gò Quao", True, "there are no districts any more"),
    Head(("UBND HUYỆN GÒ QUAO", "PHÒNG NỘI VỤ"), "12/BC-PNV", "Gò Quao", "2025-06-30",
     "Phòng Nội vụ huyện Gò Quao",
         "Ủy ban nhân dân huyện Gò Quao", False, "there were"),
    Head(("ỦY BAN NHÂN DÂN", "TỈNH KIÊN GIANG"), "12/BC-UBND", "Kiên Giang", "2025-07-02",
         "Ủy ban nhân dân tỉnh Kiên Giang", None, True, "a province that had ended the day before"),
    Head(("UBND TỈNH AN GIANG", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"), "12/BC-STTTT", "An Giang", "2025-03-02",
         "Sở Thông tin và Truyền thông tỉnh An Giang", "Ủy ban nhân dân tỉnh An Giang", True,
         "merged the day before"),
    Head(("ĐẢNG ỦY PHƯỜNG RẠCH GIÁ", "ỦY BAN KIỂM TRA"), "15-TB/UBKTĐU", "Rạch Giá", "2026-03-25",
         "Ủy ban Kiểm tra Đảng ủy phường Rạch Giá, tỉnh An Giang", "Đảng ủy phường Rạch Giá", False,
         "a board is its committee's, not the commune's"),
    Head(("ĐẢNG ỦY XÃ U MINH THƯỢNG", "BAN XÂY DỰNG ĐẢNG"), "36-TB/BXDĐ", "U Minh Thượng", "2026-03-25",
         "Ban Xây dựng Đảng Đảng ủy xã U Minh Thượng, tỉnh An Giang", "Đảng ủy xã U Minh Thượng", False,
         "a board that communes have since 1/7/2025"),
    Head(("TỈNH ỦY AN GIANG", "BAN TUYÊN GIÁO VÀ DÂN VẬN"), "310-TB/BTGDV", "An Giang", "2026-03-25",
         "Ban Tuyên giáo và Dân vận Tỉnh ủy An Giang", "Tỉnh ủy An Giang", False, "boards merged in 2025"),
    Head(("TỈNH ỦY AN GIANG", "BAN CHỈ ĐẠO 35"), "3-TB/BCĐ35", "An Giang", "2026-03-25",
         "Ban Chỉ đạo 35 tỉnh An Giang", "Tỉnh ủy An Giang", False, "a steering committee is no board"),
    Head(("HỘI ĐỒNG NHÂN DÂN XÃ TÂN HIỆP", "BAN KINH TẾ - NGÂN SÁCH"), "3/TB-KTNS", "Tân Hiệp", "2026-03-25",
         "Ban Kinh tế - Ngân sách Hội đồng nhân dân xã Tân Hiệp", "Hội đồng nhân dân xã Tân Hiệp", False,
         "a council's board"),
    Head(("TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM", "HỘI ĐỒNG THÀNH VIÊN"), "45/TB-EVN-HĐTV", "Hà Nội", "2026-03-25",
         "Hội đồng thành viên Tập đoàn Điện lực Việt Nam", "Tập đoàn Điện lực Việt Nam", False,
         "whose council it is"),
    Head(("SỞ Y TẾ TỈNH CÀ MAU", "TRUNG TÂM Y TẾ KHU VỰC NĂM CĂN"), "155/TB-TTYT", "Năm Căn", "2026-08-05",
         "Trung tâm Y tế khu vực Năm Căn tỉnh Cà Mau", "Sở Y tế tỉnh Cà Mau", False,
         "the table's body of that code has fewer words"),
)  # fmt: skip


@pytest.mark.parametrize("case", HEADS, ids=[f"{case.reason}" for case in HEADS])
def test_letterheads(tmp_path: Path, case: Head) -> None:
    fields = read(tmp_path, case.head, case.number, case.place, case.day)
    issuer, superior = fields.fields.issuer, fields.fields.superior
    assert issuer is not None and issuer.value == case.issuer, case.reason
    assert (superior.value if superior else None) == case.superior, case.reason
    assert issuer.review is case.asks, case.reason


def test_a_body_that_is_not_of_its_time_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, ("UBND HUYỆN GÒ QUAO", "PHÒNG NỘI VỤ"), "12/BC-PNV", "Gò Quao", "2026-03-12")
    assert "body_not_of_its_time" in [one.code for one in reading.warnings]


@pytest.mark.parametrize(
    ("head", "place", "day", "body", "issuer", "reason"),
    [
        (("VKSND TỈNH AN GIANG", "VIỆN KIỂM SÁT NHÂN DÂN KHU VỰC 1"), "Rạch Giá", "2026-03-12",
         "Thực hiện Kế hoạch số 10/KH-VKS ngày 01/3/2026 của VKSND tỉnh;", "Viện kiểm sát nhân dân tỉnh An Giang",
         "the seat's land is An Giang's now"),
        (("SỞ NỘI VỤ",), "Rạch Giá", "2020-03-12",
         "Thực hiện Kế hoạch số 15/KH-UBND ngày 01/3/2020 của UBND tỉnh;",
         "Ủy ban nhân dân tỉnh Kiên Giang", "and was Kiên Giang's then"),
        (("ĐẢNG BỘ TỈNH AN GIANG", "ĐẢNG ỦY XÃ ĐỊNH MỸ"), "Định Mỹ", "2026-03-12",
         "Thực hiện Chương trình số 12-CTr/TU ngày 01/3/2026 của Tỉnh ủy;", "Tỉnh ủy An Giang",
         "the commune's province"),
        (("BỘ NỘI VỤ",), "Hà Nội", "2026-03-12", "Thực hiện Kế hoạch số 77/KH-UBND ngày 12/01/2026;", None,
         "a ministry sits in Hà Nội and may mean any province: no issuer is invented"),
        (("BỘ NỘI VỤ",), "Hà Nội", "2026-03-12",
         "Xét đề nghị tại Công văn số 7/UBND-NC của UBND xã Tân Thành, tỉnh An Giang;",
         "Ủy ban nhân dân xã Tân Thành, tỉnh An Giang", "the province behind a commune is part of its name"),
        (("TỈNH AN GIANG", "ỦY BAN NHÂN DÂN XÃ TÂN THÀNH"), "Tân Thành", "2026-03-12",
         "Thực hiện Kế hoạch số 5/KH-UBND ngày 02/3/2026 của UBND "
         "xã;", "Ủy ban nhân dân xã Tân Thành, tỉnh An Giang",
         "the commune's own"),
    ],
)  # fmt: skip
def test_issuers_of_citations(tmp_path, head, place, day, body, issuer, reason) -> None:
    [one] = read(tmp_path, head, "12/BC-VP", place, day, body).citations
    assert one.issuer == issuer, reason


def test_communes_of_one_name_in_two_provinces_are_two_bodies() -> None:
    one, other = (issuer_key(f"Ủy ban nhân dân xã Tân Thành, tỉnh {name}") for name in ("An Giang", "Cà Mau"))
    assert one != other


@pytest.mark.parametrize(
    ("body", "day", "there", "reason"),
    [
        ("Bộ Thông tin và Truyền thông", "2025-02-28", True, "its last day"),
        ("Bộ Thông tin và Truyền thông", "2025-03-01", False, "merged"),
        ("Bộ Nông nghiệp và Môi trường", "2025-02-28", False, "not yet there"),
        ("Ủy ban nhân dân thành phố Đồng Nai", "2026-04-29", False, "not yet a city"),
        ("Ủy ban nhân dân thành phố Rạch Giá", "2025-06-30", True, "a city of a province"),
        ("Ủy ban nhân dân thành phố Rạch Giá", "2025-07-01", False, "ended with the districts"),
        ("Ủy ban nhân dân Thành phố Hồ Chí Minh", "2026-01-01", True, "always there"),
        ("Ủy ban nhân dân tỉnh Trường Khê", "2026-01-01", True, "of what no table knows nothing is told"),
        ("Trường Tiểu học Sao Mai", "2026-01-01", True, "nor of a school"),
    ],
)  # fmt: skip
def test_bodies_of_their_time(body: str, day: str, there: bool, reason: str) -> None:
    assert existed(body, day) is there, reason
