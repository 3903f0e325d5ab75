"""The README of a package for the archive: what is in it, how to check it, what our sources do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from web.formats.sip_metadata import SipHead, SipPaper

_LEFT_OUT = """
Chưa đóng gói: {count} văn bản chưa qua kiểm tra dấu mật (chưa đọc xong hoặc không đọc được).
"""
_TEXT = """GÓI TIN NỘP LƯU (SIP) CỦA MỘT HỒ SƠ

Hồ sơ:        {label}
OBJID:        {objid}
Cơ quan:      {organ}
Tình trạng:   {state}
Số văn bản:   {count}{unconfirmed}
Lập lúc:      {made_at}
Người lập:    {made_by}
Chương trình: vanban {version}
{left_out}
Gói gồm các văn bản của hồ sơ mà người lập được xem; văn bản đã gỡ khỏi kho không có trong gói.

NỘI DUNG
  METS.xml                                   cấu trúc gói; cỡ và SHA-256 của từng tệp
  metadata/descriptive/EAD.xml               mô tả hồ sơ (EAD 3)
  metadata/preservation/PREMIS.xml           việc lập gói (PREMIS 3)
  representations/rep1/METS.xml              các văn bản theo thứ tự của mục lục
  representations/rep1/metadata/descriptive/ mô tả từng văn bản
  representations/rep1/metadata/preservation/ mã băm, nhận tệp, kiểm tra chữ ký số
  representations/rep1/data/                 tệp gốc, y nguyên như khi nhận

KIỂM TRA: so SHA-256 của mỗi tệp với CHECKSUM của nó trong METS.xml.

NHỮNG ĐIỀU CHƯA CHẮC HOẶC CHƯA CÓ
  1. Bố cục theo Phụ lục I Thông tư 05/2025/TT-BNV như các mô tả công khai thuật lại; chúng tôi chưa có
     nguyên văn phụ lục. Hãy đối chiếu trước khi nộp.
  2. Không có thư mục schemas/: chưa có lược đồ XSD của Thông tư.
  3. Tên phần tử của EAD theo EAD 3; các trường của Nghị định 30/2020/NĐ-CP (Phụ lục VI, Phần II) ghi ở
     thuộc tính localtype. Tên phần tử riêng của Thông tư chúng tôi chưa biết.
  4. Tệp gốc không được chuyển sang PDF hay PDF/A: định dạng như khi nhận.
  5. Gói chưa được ký số. Số trang do máy đếm; số tờ của bản giấy không biết.
  6. Mã định danh cơ quan, mã phông chỉ có khi người lập hồ sơ đã ghi.

This is the package of one file for the archive (SIP). Points 1 to 6: the layout follows public accounts of the
circular's Annex I, not its text; there are no XSDs of the circular; EAD is EAD 3 with the decree's keys as
localtype; originals are not converted to PDF; the package is not signed; codes of body and fonds are those that
the file's keeper typed.
"""


def readme(head: SipHead, objid: str, papers: Sequence[SipPaper]) -> str:
    """The text of the README, Vietnamese first."""
    return _TEXT.format(
        label=head.label,
        objid=objid,
        organ=head.organ or "(chưa ghi)",
        state=head.state,
        count=len(papers),
        unconfirmed=f" (trong đó {head.unconfirmed} văn bản chưa có người xác nhận)" if head.unconfirmed else "",
        made_at=head.made_at,
        made_by=head.made_by,
        version=head.version,
        left_out=_LEFT_OUT.format(count=head.left_out) if head.left_out else "",
    )
