"""Scanned letters with a rubber stamp on them, free or laid over print, as an office's scanner gives them."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tests.ingest.making import font

Ink = Literal["red", "black", "bilevel", "grey"]
Place = Literal["free", "subject", "motto", "margin"]

INKS: tuple[Ink, ...] = ("red", "black", "bilevel", "grey")
PLACES: tuple[Place, ...] = ("free", "subject", "motto", "margin")
_WIDE = {"MẬT": 20, "TỐI MẬT": 30, "TUYỆT MẬT": 40}
"""Millimetres (Thông tư 33/2015/TT-BCA); 8 high."""
_HIGH = 8
_COLOUR = {"red": (205, 35, 45), "black": (25, 25, 25), "bilevel": (205, 35, 45), "grey": (205, 35, 45)}
_BODY = (
    "Thực hiện Quyết định số 34/QĐ-UBND ngày 02 tháng 01 năm 2024 của Ủy ban nhân dân tỉnh,",
    "Sở Y tế xây dựng kế hoạch kiểm tra công tác khám bệnh, chữa bệnh tại các đơn vị trực",
    "thuộc trên địa bàn tỉnh trong năm 2024 với những nội dung cụ thể như sau:",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "1. Nâng cao chất lượng khám bệnh, chữa bệnh cho nhân dân; phát hiện và chấn chỉnh kịp",
    "thời những thiếu sót trong việc chấp hành quy chế chuyên môn tại các cơ sở y tế.",
    "2. Việc kiểm tra bảo đảm thiết thực, tiết kiệm, đúng đối tượng và đúng thời gian đã định.",
    "II. NỘI DUNG",
    "1. Kiểm tra việc thực hiện quy trình tiếp nhận, phân loại và điều trị người bệnh.",
    "2. Kiểm tra công tác dược, trang thiết bị và vệ sinh, kiểm soát nhiễm khuẩn.",
    "III. TỔ CHỨC THỰC HIỆN",
    "Giao Phòng Nghiệp vụ Y chủ trì, phối hợp với các phòng liên quan triển khai kế hoạch.",
)


def letter(dpi: int) -> Image.Image:
    """A4 in colour: letterhead in two cells, type, subject of two bold lines, body; 13 and 14 points."""
    page = Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), (252, 252, 250))
    pen = ImageDraw.Draw(page)

    def line(x: float, y: float, text: str, points: float, *, bold: bool = False, anchor: str = "ms") -> None:
        face = font(round(points * dpi / 72), "Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf")
        pen.text((x * dpi / 25.4, y * dpi / 25.4), text, font=face, fill=(20, 20, 20), anchor=anchor)

    line(62, 27, "UBND TỈNH TRƯỜNG KHÊ", 13)
    line(62, 33, "SỞ Y TẾ", 13, bold=True)
    line(147, 27, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12.5, bold=True)
    line(147, 33, "Độc lập - Tự do - Hạnh phúc", 13.5, bold=True)
    line(62, 43, "Số: 12/KH-SYT", 13)
    line(147, 43, "Trường Khê, ngày 05 tháng 3 năm 2024", 13.5)
    line(112, 60, "KẾ HOẠCH", 14, bold=True)
    line(112, 67, "Kiểm tra công tác khám bệnh, chữa bệnh", 14, bold=True)
    line(112, 73.5, "tại các đơn vị trực thuộc năm 2024", 14, bold=True)
    for row, text in enumerate(_BODY):
        line(32, 88 + 7.2 * row, text, 13, anchor="ls")
    return page


def mark(words: str, dpi: int, ink: Ink, *, face: str = "Tinos-Bold.ttf", frame: bool = True) -> Image.Image:
    """The stamp's print on white: words in capitals within a frame, of the size that the circular gives."""
    wide, high = (round(side * dpi / 25.4) for side in (_WIDE.get(words, 30), _HIGH))
    image = Image.new("RGB", (wide, high), "white")
    pen = ImageDraw.Draw(image)
    if frame:
        pen.rectangle((0, 0, wide - 1, high - 1), outline=_COLOUR[ink], width=max(round(dpi * 0.5 / 25.4), 2))
    letters: ImageFont.FreeTypeFont = font(round(high * 0.52), face)
    left, top, right, bottom = pen.textbbox((0, 0), words, font=letters)
    at = ((wide - right + left) / 2 - left, (high - bottom + top) / 2 - top)
    pen.text(at, words, font=letters, fill=_COLOUR[ink])
    return image


_AT: dict[Place, tuple[float, float]] = {
    "free": (46, 49),
    "subject": (66, 61),
    "motto": (112, 21.5),
    "margin": (178, 96),
}
"""Upper left corner in mm: under the number, over the subject's first letters, over the motto, beside the body."""


def stamped_letter(
    words: str,
    ink: Ink,
    place: Place,
    dpi: int,
    angle: float = 0.0,
    *,
    face: str = "Tinos-Bold.ttf",
    frame: bool = True,
    quality: int | None = None,
) -> Image.Image:
    """The letter with the stamp's ink on top of its print, scanned: soft edges, then in colour, grey or black
    and white.
    """
    page = letter(dpi)
    stamp = mark(words, dpi, ink, face=face, frame=frame)
    stamp = stamp.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC, fillcolor="white")
    layer = Image.new("RGB", page.size, "white")
    across, down = _AT[place]
    left = min(round(across * dpi / 25.4), page.width - stamp.width - 2)
    layer.paste(stamp, (left, round(down * dpi / 25.4)))
    page = ImageChops.multiply(page, layer).filter(ImageFilter.GaussianBlur(dpi / 400))
    if ink == "bilevel":
        return page.convert("L").point(lambda value: 255 if value > 150 else 0).convert("1")
    page = page.convert("L") if ink == "grey" else page
    if quality is None:
        return page
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality)
    return Image.open(io.BytesIO(stream.getvalue()))
