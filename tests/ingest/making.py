"""Makers of the files that the reading tests take in, good ones and bad ones; nothing binary lies in the
repository.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from corpus.config import Settings
from ingest.files.media_type import sniff
from ingest.files.open_pages import open_pages
from ingest.files.page import RawFile, RawPage

FONTS = Path("/usr/share/fonts/truetype/croscore")
A4 = (595, 842)
LETTER = """SỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/KH-SYT Hà Long An, ngày 05 tháng 3 năm 2024
KẾ HOẠCH
Kiểm tra công tác khám bệnh, chữa bệnh năm 2024
Thực hiện Quyết định số 34/QĐ-UBND ngày 02/01/2024 của Ủy ban nhân dân tỉnh,
Sở Y tế xây dựng kế hoạch kiểm tra các đơn vị trực thuộc trên địa bàn như sau:
I. Mục đích: nâng cao chất lượng khám bệnh, chữa bệnh cho nhân dân trong tỉnh.
Nơi nhận: Như trên; Lưu: VT, NVY."""
"""A document of the invented province."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _font(pdf: pikepdf.Pdf, letters: list[str]) -> Any:
    """A sans serif font whose codes from 33 on mean `letters`: what is drawn is not what is meant, but there is
    ink for each.
    """
    pairs = "".join(f"<{33 + n:02x}> <{letter.encode('utf-16-be').hex()}>\n" for n, letter in enumerate(letters))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{pairs}endbfchar endcmap end end"
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name("/HelveticaVN"),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=pikepdf.Array([278] + [556] * 223),
            ToUnicode=pdf.make_stream(cmap.encode()),
        )
    )


def _drawn(lines: list[str], letters: list[str], *, mode: int, top: float, left: float) -> bytes:
    """Drawing of lines, each word on its own; spaces by moving, since code 32 stays a space."""
    parts = [b"BT /F1 11 Tf 15 TL %d Tr %d %d Td" % (mode, left, top)]
    for line in lines:
        codes = bytes(32 if letter == " " else 33 + letters.index(letter) for letter in line)
        parts.append(b"<" + codes.hex().encode() + b"> Tj T*")
    return b"\n".join([*parts, b"ET"])


class Make:
    """Makes files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def pdf(self, *draws: Callable[[pikepdf.Pdf], Any], name: str = "a.pdf", **options: Any) -> Path:
        """A PDF of these pages; each draw adds one to the Pdf it is given."""
        pdf = pikepdf.new()
        for draw in draws:
            draw(pdf)
        path = self.folder / name
        pdf.save(path, **options)
        return path

    def text(
        self,
        text: str = LETTER,
        *,
        mode: int = 0,
        size: tuple[int, int] = A4,
        rotate: int = 0,
        extra: bytes = b"",
        before: bytes = b"",
    ) -> Callable[[pikepdf.Pdf], Any]:
        """A page with a text layer. mode 3 is invisible."""

        def draw(pdf: pikepdf.Pdf) -> Any:
            letters = sorted(set(text) - {" ", "\n"})
            content = _drawn(text.split("\n"), letters, mode=mode, top=size[1] - 70, left=60)
            page = pdf.add_blank_page(page_size=size)
            page.Resources = Dictionary(Font=Dictionary(F1=_font(pdf, letters)))
            page.Contents = pdf.make_stream(before + b"\n" + content + b"\n" + extra)
            if rotate:
                page.Rotate = rotate
            return page

        return draw

    def scan(
        self, image: Image.Image, dpi: float = 200, *, hidden: str = "", rotate: int = 0
    ) -> Callable[[pikepdf.Pdf], Any]:
        """A page that is one picture, with an invisible layer of text if wanted."""

        def draw(pdf: pikepdf.Pdf) -> Any:
            size = (image.width * 72 / dpi, image.height * 72 / dpi)
            letters = sorted(set(hidden) - {" ", "\n"})
            page = pdf.add_blank_page(page_size=size)
            mode = image.convert("RGB" if image.mode == "RGB" else "L")
            picture = pdf.make_stream(
                zlib.compress(mode.tobytes()),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=image.width,
                Height=image.height,
                BitsPerComponent=8,
                ColorSpace=Name.DeviceRGB if mode.mode == "RGB" else Name.DeviceGray,
                Filter=Name.FlateDecode,
            )
            page.Resources = Dictionary(XObject=Dictionary(Im0=picture), Font=Dictionary(F1=_font(pdf, letters)))
            content = b"q %f 0 0 %f 0 0 cm /Im0 Do Q\n" % size
            content += _drawn(hidden.split("\n"), letters, mode=3, top=size[1] - 70, left=60) if hidden else b""
            page.Contents = pdf.make_stream(content)
            if rotate:
                page.Rotate = rotate
            return page

        return draw

    def docx(
        self, body: str, *, parts: dict[str, str] | None = None, name: str = "a.docx", head: str = ""
    ) -> Path:
        """A minimal DOCX around a body's XML; `parts` adds or replaces members."""
        members = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            "word/document.xml": f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        } | (parts or {})
        return self.zip([(member, text.encode()) for member, text in members.items()], name=name)

    def zip(self, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]], *, name: str = "a.zip") -> Path:
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for member, data in members:
                package.writestr(member, data)
        return path

    def picture(self, image: Image.Image, name: str, **options: Any) -> Path:
        path = self.folder / name
        image.save(path, **options)
        return path

    def open(self, path: Path, settings: Settings | None = None) -> RawFile:
        """Through the door as the product does it: sniffed, then opened."""
        with path.open("rb") as stream:
            media_type = sniff(stream.read(65_536), path.name)
        return open_pages(path, path.name, media_type, settings or Settings(_env_file=None))

    def pages(self, path: Path, settings: Settings | None = None) -> list[RawPage]:
        return list(self.open(path, settings).pages)


def font(size: int, name: str = "Tinos-Bold.ttf") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size)


def printed(text: str = LETTER, dpi: int = 150, *, mode: str = "L") -> Image.Image:
    """A4 paper with these lines in print."""
    page = Image.new(mode, (round(8.27 * dpi), round(11.69 * dpi)), "white")
    pen = ImageDraw.Draw(page)
    for row, line in enumerate(text.split("\n")):
        pen.text((dpi, dpi + row * dpi // 4), line, font=font(dpi // 6, "Tinos-Regular.ttf"), fill="black")
    return page


def stamp(words: str, dpi: int, colour: tuple[int, int, int] = (200, 30, 40)) -> Image.Image:
    """A rubber stamp of the size that the circular gives, transparent around its ink."""
    width = {"MẬT": 20, "TỐI MẬT": 30, "TUYỆT MẬT": 40}.get(words, 30) * dpi / 25.4
    height = 8 * dpi / 25.4
    image = Image.new("RGBA", (round(width), round(height)), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, image.width - 1, image.height - 1), outline=colour, width=max(round(dpi / 50), 2))
    letters = font(round(height * 0.5))
    left, top, right, bottom = pen.textbbox((0, 0), words, font=letters)
    middle = ((image.width - right + left) / 2 - left, (image.height - bottom + top) / 2 - top)
    pen.text(middle, words, font=letters, fill=colour)
    return image


def stamped(page: Image.Image, mark: Image.Image, where: tuple[float, float], angle: float = 0) -> Image.Image:
    """The page with a stamp on it, its upper left corner at fractions of the page, turned by degrees."""
    result = page.convert("RGB")
    turned = mark.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    result.paste(turned, (round(where[0] * page.width), round(where[1] * page.height)), turned)
    return result


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = b""
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\x00")), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


def as_bytes(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()
