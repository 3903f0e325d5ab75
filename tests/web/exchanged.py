"""Two hundred records of all families with the papers that print them, for round trips by edXML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product

from corpus.document import Field, Fields, Signer


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of document: name, notation of numbers, issuer as printed and in full, superior, place, signer."""

    name: str
    notation: str
    printed: tuple[str, ...]
    issuer: str
    superior: str | None
    place: str
    authority: str | None
    title: str


KINDS = (
    Kind("Kế hoạch", "/KH-SYT", ("UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"), "Sở Y tế tỉnh Kiên Giang",
         "Ủy ban nhân dân tỉnh Kiên Giang", "Kiên Giang", None, "GIÁM ĐỐC"),
    Kind("Quyết định", "/QĐ-UBND", ("ỦY BAN NHÂN DÂN", "TỈNH KIÊN GIANG"), "Ủy ban nhân dân tỉnh Kiên Giang", None,
         "Kiên Giang", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    Kind("Công văn", "/SNV-TCCC", ("UBND TỈNH KIÊN GIANG", "SỞ NỘI VỤ"), "Sở Nội vụ tỉnh Kiên Giang",
         "Ủy ban nhân dân tỉnh Kiên Giang", "Kiên Giang", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    Kind("Chỉ thị", "-CT/TU", ("TỈNH ỦY KIÊN GIANG",), "Tỉnh ủy Kiên Giang", None, "Rạch Giá", "T/M BAN THƯỜNG VỤ",
         "BÍ THƯ"),
    Kind("Nghị định", "/2020/NĐ-CP", ("CHÍNH PHỦ",), "Chính phủ", None, "Hà Nội", "TM. CHÍNH PHỦ", "THỦ TƯỚNG"),
)  # fmt: skip
MARKS = (None, "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ")
SUBJECTS = (
    "Tiêm chủng mở rộng", "Chấn chỉnh công tác văn thư, lưu trữ & số hóa <tài liệu>",
    "Phòng, chống dịch bệnh “mùa hè”",
    "Triển khai chuyển đổi số; cải cách hành chính", "Về việc tăng cường quản lý đất đai trên địa bàn tỉnh",
    "Công tác thi đua, khen thưởng", "Kiểm tra an toàn thực phẩm dịp Tết Nguyên đán", "Tổ chức kỳ thi tốt nghiệp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One record with the text of its paper."""

    fields: Fields
    paper: str


def cases(most: int = 200) -> list[Case]:
    """Different records: every kind × mark × subject, numbered through."""
    return [_case(at, *parts) for at, parts in enumerate(islice(product(KINDS, MARKS, SUBJECTS), most), start=1)]


def _case(at: int, kind: Kind, mark: str | None, subject: str) -> Case:
    issued = date(2020, 1, 1) + timedelta(days=at)
    number, year, month, day = f"{at:02}{kind.notation}", issued.year, issued.month, issued.day
    said = f"{subject} năm {year}"
    letter = kind.name == "Công văn"
    addressees = ("Sở Y tế tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang")[: 1 + at % 2] if letter else ()
    recipients = ("Như trên", "Các sở, ban, ngành cấp tỉnh và " * (1 + at % 4) + "đoàn thể", "Lưu: VT")
    fields = Fields(
        number=_field(number), date=_field(issued.isoformat()), place=_field(kind.place),
        issuer=_field(kind.issuer), superior=_field(kind.superior), doc_type=_field(kind.name),
        subject=_field(said),
        addressees=tuple(filter(None, map(_field, addressees))),
        recipients=tuple(filter(None, map(_field, recipients))),
        signer=Signer(_field(kind.authority), _field(kind.title), _field(f"Nguyễn Văn {'ABCDEGH'[at % 7]}")),
        urgency=_field(mark),
    )  # fmt: skip
    lines = [
        *kind.printed, f"Số: {number}", *([f"V/v {said}"] if letter else []), *([mark] if mark else []),
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        f"{kind.place}, ngày {day:02} tháng {month:02} năm {year}",
        *([] if letter else [kind.name.upper(), said]), *(f"Kính gửi: {one}" for one in addressees),
        f"Nội dung {at}.", "Nơi nhận:", *(f"- {one};" for one in recipients), *filter(None, (kind.authority,)),
        kind.title, f"Nguyễn Văn {'ABCDEGH'[at % 7]}",
    ]  # fmt: skip
    return Case(fields, "\n".join(lines) + "\n")


def _field(value: str | None) -> Field | None:
    return Field(value, value, 1.0, rule="test") if value else None
