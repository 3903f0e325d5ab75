"""One invented letter as each office format writes it, made in the test; none of them needs the program that
would.
"""

from __future__ import annotations

import io
import zipfile

HEAD = ("UBND TỈNH HÀ LONG AN", "SỞ NỘI VỤ", "Số: 47/KH-SNV")
STATE = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hà Long An, ngày 09 tháng 5 năm 2024",
)
BODY = (
    "KẾ HOẠCH",
    "Tập huấn nghiệp vụ văn thư năm 2024",
    "Thực hiện Kế hoạch số 112/KH-UBND ngày 15/3/2024 của Ủy ban nhân dân tỉnh, Sở Nội vụ xây dựng kế hoạch như "
    "sau:",
)
ITEMS = ("Phổ biến các quy định hiện hành về công tác văn thư.", "Hướng dẫn lập hồ sơ công việc.")
END = (
    "Nơi nhận:",
    "- UBND tỉnh (b/c);",
    "- Các sở, ban, ngành;",
    "- Lưu: VT, VTLT.",
    "GIÁM ĐỐC",
    "",
    "Lê Thử Nghiệm",
)
NOTE = "Được sửa đổi bởi Kế hoạch số 130/KH-UBND ngày 01/4/2024 của Ủy ban nhân dân tỉnh."

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = " ".join(
    f'xmlns:{short}="{_NS}{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip


def line(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def odt(body: str, *, styles: str = "", edges: str = "", members: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument text of this body; `edges` are headers and footers of its page style."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    look = (
        f"<office:document-styles "
        f"{NAMESPACES}><office:master-styles><style:master-page>{edges}</style:master-page>"
        "</office:master-styles></office:document-styles>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for name, data in (
            {"content.xml": content.encode(), "styles.xml": look.encode()} | (members or {})
        ).items():
            package.writestr(name, data)
    return stream.getvalue()


NUMBERED = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-prefix="Điều " style:num-suffix="."/><text:list-level-style-number text:level="2" '
    'style:num-format="a" '
    'style:num-suffix=")"/></text:list-style>'
)


def odt_letter(end: tuple[str, ...] = END, **kept: str) -> bytes:
    """The letter: its header a table, its items a list, its basis with a footnote."""
    cells = "".join(f"<table:table-cell>{''.join(map(line, lines))}</table:table-cell>" for lines in (HEAD, STATE))
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{line(NOTE)}</text:note-body></text:note>"
    )
    basis = BODY[2].replace("tỉnh, Sở", f"tỉnh{note}, Sở")
    items = "".join(f"<text:list-item>{line(item)}</text:list-item>" for item in ITEMS)
    body = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    body += f"{line(BODY[0])}{line(BODY[1])}{line(basis)}"
    body += f'<text:list text:style-name="L1">{items}</text:list>{"".join(map(line, end))}'
    return odt(body, styles=NUMBERED + kept.get("styles", ""), edges=kept.get("edges", ""))


def escaped(text: str) -> str:
    """Text as RTF writes it: letters beyond ASCII by number, with a question mark for old programs."""
    return "".join(letter if letter.isascii() else f"\\u{_signed(ord(letter))}?" for letter in text)


def _signed(code: int) -> int:
    return code if code < 32768 else code - 65536


def rtf(body: str, *, fonts: str = r"{\f0\froman\fcharset163 Times New Roman;}") -> bytes:
    return (
        r"{\rtf1\ansi\ansicpg1258\deff0{\fonttbl" + fonts + r"}{\colortbl;\red0\green0\blue0;}" + body + "}"
    ).encode("latin-1")


def rtf_letter(end: tuple[str, ...] = END) -> bytes:
    cells = "".join(r"\pard\intbl " + r"\par ".join(map(escaped, lines)) + r"\cell " for lines in (HEAD, STATE))
    note = r"{\super\chftn}{\footnote\pard\plain {\super\chftn} " + escaped(NOTE) + "}"
    basis = escaped(BODY[2]).replace("t\\u7881?nh, S", f"t\\u7881?nh{note}, S")
    items = "".join(
        r"{\listtext\pard\plain " + escaped(f"Điều {n}.") + r"\tab}" + escaped(item) + r"\par "
        for n, item in enumerate(ITEMS, start=1)
    )
    lines = r"\par ".join((escaped(BODY[0]), escaped(BODY[1]), basis))
    return rtf(rf"\trowd {cells}\row\pard {lines}\par {items}" + r"\par ".join(map(escaped, end)) + r"\par")
