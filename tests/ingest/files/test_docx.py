"""Word documents as offices write them: what is read of each, and what is asked."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from ingest import pipeline
from tests.ingest.making import Make, W, as_bytes, font

SETTINGS = Settings(_env_file=None)
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    W: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    R: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def p(text: str, properties: str = "") -> str:
    """A paragraph; a line end in the text is a break."""
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(text.split("\n"))
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def box(*lines: str) -> str:
    return f"<w:p><w:r><w:pict><w:txbxContent>{''.join(map(p, lines))}</w:txbxContent></w:pict></w:r></w:p>"


def listed(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(*levels: tuple[str, str], overrides: str = "") -> dict[str, str]:
    """One list with these forms and texts; list 2 is the same one, begun anew where `overrides` says so."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    lists = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    lists += f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'
    return {
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}"><w:abstractNum '
        f'w:abstractNumId="7">{made}</w:abstractNum>'
        f"{lists}</w:numbering>",
        "word/_rels/document.xml.rels": relationships(("numbering", "numbering.xml"), ("styles", "styles.xml")),
        "word/styles.xml": f'<w:styles xmlns:w="{W}"/>',
    }


def relationships(*links: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(links)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


LEFT = ("UBND TỈNH HÀ LONG AN", "SỞ NỘI VỤ")
RIGHT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DAY = "Hà Long An, ngày 09 tháng 5 năm 2024"
SUBJECT = "Tập huấn nghiệp vụ văn thư năm 2024"
BASIS = "Thực hiện Kế hoạch số 112/KH-UBND ngày 15/3/2024 của Ủy ban nhân dân tỉnh, "
BASIS += "Sở Nội vụ xây dựng kế hoạch như sau:"
END = "".join(
    map(
        p,
        (
            "Nơi nhận:",
            "- UBND tỉnh (b/c);",
            "- Các sở, ban, ngành;",
            "- Lưu: VT, VTLT.",
            "GIÁM ĐỐC",
            "",
            "Lê Thử Nghiệm",
        ),
    )
)
BODY = p("KẾ HOẠCH") + p(SUBJECT) + p(BASIS) + p("1. Phổ biến các quy định hiện hành về công tác văn thư.") + END


def head(number: str = "Số: 47/KH-SNV", day: str = DAY) -> str:
    return table(("".join(map(p, (*LEFT, number))), "".join(map(p, (*RIGHT, day)))))


def read(path: Path) -> Reading:
    return pipeline.read_safely(path, path.name, SETTINGS)


@dataclass(frozen=True)
class Core:
    """What is read of a letter: value, and `?` in front of what is asked."""

    number: str | None = "47/KH-SNV"
    date: str | None = "2024-05-09"
    issuer: str | None = "Sở Nội vụ tỉnh Hà Long An"
    subject: str | None = SUBJECT
    signer: str | None = "Lê Thử Nghiệm"

    @classmethod
    def of(cls, reading: Reading) -> Core:
        found = reading.fields
        fields = (found.number, found.date, found.issuer, found.subject, found.signer.name)
        return cls(*(("?" * one.review + one.value) if one is not None else None for one in fields))


OFFICIAL = p("Kính gửi: Các sở, ban, ngành tỉnh") + p(BASIS.replace("kế hoạch như sau:", "lớp tập huấn.")) + END
LETTERS = [
    ("a table for the header", head() + BODY, {}, Core()),
    (
        "the number's label and its figures in two cells",
        table((p(LEFT[0]) + p(LEFT[1]), "", p(RIGHT[0]) + p(RIGHT[1])), (p("Số:"), p("47/KH-SNV"), p(DAY))) + BODY,
        {},
        Core(),
    ),
    ("text boxes", box(*LEFT, "Số: 47/KH-SNV") + box(*RIGHT, DAY) + BODY, {}, Core()),
    (
        "the header's own part",
        BODY,
        {"word/header1.xml": f'<w:hdr xmlns:w="{W}">{head()}</w:hdr>'},
        Core(),
    ),
    (
        "công văn in the order of Decree 30: number, V/v, place and date",
        table(
            (
                "".join(map(p, (*LEFT, "Số: 47/SNV-VTLT", "V/v tập huấn nghiệp vụ văn thư"))),
                "".join(map(p, (*RIGHT, DAY))),
            )
        )
        + OFFICIAL,
        {},
        Core("47/SNV-VTLT", subject="tập huấn nghiệp vụ văn thư"),
    ),
    (
        "the same line under line",
        "".join(map(p, (*LEFT, "Số: 47/SNV-VTLT", "V/v tập huấn nghiệp vụ văn thư", *RIGHT, DAY))) + OFFICIAL,
        {},
        Core("47/SNV-VTLT", subject="tập huấn nghiệp vụ văn thư"),
    ),
    (
        "V/v over two lines, the day behind it",
        "".join(map(p, (*LEFT, "Số: 47/SNV-VTLT", "V/v tập huấn nghiệp vụ", "văn thư", *RIGHT, DAY))) + OFFICIAL,
        {},
        Core("47/SNV-VTLT", subject="tập huấn nghiệp vụ văn thư"),
    ),
    (
        "a number that the list prints",
        table((p(LEFT[0]) + p(LEFT[1]) + p("/KH-SNV", listed(1)), "".join(map(p, (*RIGHT, DAY))))) + BODY,
        numbering(("decimal", "Số: %1")),
        Core("1/KH-SNV"),
    ),
    (
        "a draft without number and day",
        head("Số:      /KH-SNV", "Hà Long An, ngày     tháng 5 năm 2024") + BODY,
        {},
        Core(None, None),
    ),
]


@pytest.mark.parametrize(("why", "body", "parts", "expected"), LETTERS, ids=[row[0] for row in LETTERS])
def test_letters(make: Make, why: str, body: str, parts: dict[str, str], expected: Core) -> None:
    reading = read(make.docx(body, parts=parts))
    assert Core.of(reading) == expected, why
    assert [one.number for one in reading.citations] == ["112/KH-UBND"], why
    if expected.number is None:
        assert "number_blank" in [warning.code for warning in reading.warnings], why


def texts(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages)


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


def renamed(path: Path, change: dict[str, str], name: str = "b.docx") -> Path:
    """The package with its parts under other names, and links to them changed alike."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_name(name), "w") as new:
        for entry in old.infolist():
            new.writestr(change.get(entry.filename, entry.filename), old.read(entry))
    return path.with_name(name)


ROOT = {"_rels/.rels": relationships(("officeDocument", "word/document2.xml"))}


def test_the_main_part_is_found_by_its_relationship(make: Make) -> None:
    path = renamed(make.docx(head() + BODY, parts=ROOT), {"word/document.xml": "word/document2.xml"})
    assert Core.of(read(path)) == Core()


def test_names_of_parts_with_backslashes(make: Make) -> None:
    parts = numbering(("decimal", "Điều %1."))
    body = head() + p("Phạm vi", listed(1)) + BODY
    names = {part: part.replace("/", "\\") for part in ("word/document.xml", *parts)}
    reading = read(renamed(make.docx(body, parts=parts), names))
    assert Core.of(reading).number == "47/KH-SNV" and "Điều 1. Phạm vi" in texts(reading)


def test_two_names_for_one_part_are_refused(make: Make) -> None:
    path = make.docx(BODY, parts={"word\\document.xml": "<x/>"})
    with pytest.raises(Problem, match="unsafe"):
        read(path)


def test_strict_open_xml(make: Make) -> None:
    parts = ROOT | numbering(("decimal", "Điều %1."))
    path = make.docx(head() + p("Phạm vi", listed(1)) + BODY, parts=parts)
    strict = path.with_name("strict.docx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(strict, "w") as new:
        for entry in old.infolist():
            data = old.read(entry).decode()
            for usual, other in STRICT.items():
                data = data.replace(usual, other)
            new.writestr(entry.filename.replace("document.xml", "document2.xml"), data)
    reading = read(strict)
    assert Core.of(reading).number == "47/KH-SNV" and "Điều 1. Phạm vi" in texts(reading)


def test_a_package_of_another_program_is_named_so(make: Make) -> None:
    root = {"_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")), "xl/workbook.xml": "<workbook/>"}
    with pytest.raises(Problem) as refused:
        read(make.docx("", parts=root))
    assert refused.value.code == "type_mismatch"


THREE = (("decimal", "Điều %1."), ("decimal", "%1.%2."), ("lowerLetter", "%3)"))
NUMBERED = [
    ("articles", THREE, "", [(1, 0), (1, 0)], ["Điều 1. x", "Điều 2. x"]),
    ("levels begin anew", THREE, "", [(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1)],
     ["Điều 1. x", "1.1. x", "a) x", "b) x", "1.2. x", "a) x", "Điều 2. x", "2.1. x"]),
    ("two lists of one definition go on counting", THREE, "", [(1, 0), (2, 0)], ["Điều 1. x", "Điều 2. x"]),
    ("one of them begins anew", THREE, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>',
     [(1, 0), (2, 0), (2, 0)], ["Điều 1. x", "Điều 1. x", "Điều 2. x"]),
    ("chapters", (("upperRoman", "CHƯƠNG %1"),), "", [(1, 0)] * 4, [f"CHƯƠNG {n} x" for n in ("I", "II", "III",
     "IV")]),
    ("bullets", (("bullet", "\uf0b7"),), "", [(1, 0), (0, 0), (9, 0)], ["- x", "x", "x"]),
    ("a list that is not defined", (), "", [(1, 0)], ["1. x"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "levels", "overrides", "items", "expected"), NUMBERED, ids=[r[0] for r in NUMBERED]
)
def test_automatic_numbers(
    make: Make,
    why: str,
    levels: tuple[tuple[str, str], ...],
    overrides: str,
    items: list[tuple[int, int]],
    expected: list[str],
) -> None:
    body = "".join(p("x", listed(*item)) for item in items)
    (page,) = make.pages(make.docx(body, parts=numbering(*levels, overrides=overrides)))
    assert page.text is not None and page.text.text.split("\n") == expected, why


def test_a_style_may_carry_the_number(make: Make) -> None:
    inner = '<w:style w:styleId="Dieu"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    inner += '<w:style w:styleId="Con"><w:basedOn w:val="Dieu"/></w:style>'
    parts = numbering(("decimal", "Điều %1.")) | {"word/styles.xml": f'<w:styles xmlns:w="{W}">{inner}</w:styles>'}
    body = "".join(p("x", f'<w:pStyle w:val="{style}"/>') for style in ("Dieu", "Con", "Khac"))
    (page,) = make.pages(make.docx(body, parts=parts))
    assert page.text is not None and page.text.text.split("\n") == ["Điều 1. x", "Điều 2. x", "x"]


def note(kind: str, text: str, id_: int = 2) -> dict[str, str]:
    separator = f'<w:{kind} w:type="separator" w:id="0">{p("không đọc")}</w:{kind}>'
    return {
        f"word/{kind}s.xml": f'<w:{kind}s xmlns:w="{W}">{separator}<w:{kind} '
        f'w:id="{id_}">{p(text)}</w:{kind}></w:{kind}s>'
    }


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_citations_of_notes_are_found(make: Make, kind: str) -> None:
    said = "Được sửa đổi bởi Kế hoạch số 130/KH-UBND ngày 01/4/2024 của Ủy ban nhân dân tỉnh."
    reading = read(make.docx(head() + BODY, parts=note(kind, said)))
    assert Core.of(reading) == Core(), "a note changes no field"
    assert [(one.number, one.date) for one in reading.citations][1:] == [("130/KH-UBND", "2024-04-01")]
    assert "không đọc" not in texts(reading) and f"1 {said}" in texts(reading)


def test_a_raised_mark_is_no_part_of_a_number(make: Make) -> None:
    raised = '</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>'
    body = BODY.replace("112/KH-UBND", f"112/KH-UBND{raised}")
    reading = read(make.docx(head() + body))
    assert [(one.number, one.date) for one in reading.citations] == [("112/KH-UBND", "2024-03-15")]


def test_changes_are_read_as_accepted_in_every_part(make: Make) -> None:
    change = "<w:ins><w:r><w:t>47</w:t></w:r></w:ins><w:del><w:r><w:delText>46</w:delText></w:r></w:del>"
    number = f'<w:p><w:r><w:t xml:space="preserve">Số: </w:t></w:r>{change}<w:r><w:t>/KH-SNV</w:t></w:r></w:p>'
    header = f'<w:hdr xmlns:w="{W}">{head().replace(p("Số: 47/KH-SNV"), number)}</w:hdr>'
    reading = read(make.docx(BODY, parts={"word/header1.xml": header}))
    assert Core.of(reading) == Core() and codes(reading) == ["tracked_changes"]


def test_a_deleted_paragraph_mark_joins_two_lines(make: Make) -> None:
    gone = p("Tập huấn nghiệp vụ ", "<w:rPr><w:del/></w:rPr>")
    (page,) = make.pages(make.docx(gone + p("văn thư")))
    assert page.text is not None and page.text.text == "Tập huấn nghiệp vụ văn thư"


def picture(*lines: str) -> dict[str, str]:
    image = Image.new("L", (1500, 90 * len(lines) + 60), 255)
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((40, 30 + 90 * row), line, font=font(52), fill=0)
    return {"word/media/image1.png": as_bytes(image, "PNG")}  # type: ignore[dict-item]


def packed(make: Make, body: str, pictures: dict[str, str]) -> Path:
    path = make.docx(body)
    with zipfile.ZipFile(path, "a") as package:
        for name, data in pictures.items():
            package.writestr(name, data)
    return path


LONG = "".join(
    p(f"{n}. Phổ biến các quy định hiện hành về công tác văn thư, lưu trữ trong cơ quan.") for n in range(8)
)


def test_a_letterhead_that_is_a_picture_is_warned_of(make: Make) -> None:
    reading = read(packed(make, BODY + LONG, picture(*LEFT, "Số: 47/KH-SNV", DAY)))
    assert codes(reading).count("picture_unread") == 1 and reading.fields.number is None
    said = next(warning.message for warning in reading.warnings if warning.code == "picture_unread")
    assert "TỈNH" in said


def test_a_logo_is_no_cause_for_a_warning(make: Make) -> None:
    image = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(image).ellipse((20, 20, 280, 280), outline="red", width=12)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    reading = read(packed(make, head() + BODY + LONG, {"word/media/logo.png": stream.getvalue()}))  # type: ignore[dict-item]
    assert Core.of(reading) == Core() and codes(reading) == []


@pytest.mark.parametrize("part", ["comments", "footnotes", "endnotes", "header1", "footer1"])
def test_the_gate_sees_every_part(make: Make, part: str) -> None:
    tag = {"comments": "comments", "header1": "hdr", "footer1": "ftr"}.get(part, part)
    with pytest.raises(Problem) as refused:
        read(
            make.docx(
                head() + BODY,
                parts={f"word/{part}.xml": f'<w:{tag} xmlns:w="{W}"><w:x>{p("TỐI MẬT")}</w:x></w:{tag}>'},
            )
        )
    assert refused.value.code == "classified"
