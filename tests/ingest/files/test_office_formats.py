"""OpenDocument, RTF and old Word files: one letter in each gives one record; what is shown beside the text meets
the gate.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from ingest import pipeline
from ingest.sandbox import office_program
from tests.ingest.files import letters
from tests.ingest.files.letters import line, odt, rtf
from tests.ingest.files.test_docx import END, head, listed, note, numbering, p, relationships
from tests.ingest.making import Make, as_bytes, printed

SETTINGS = Settings(_env_file=None)
INSTALLED = office_program.library() is not None


def read(path: Path) -> Reading:
    return pipeline.read_safely(path, path.name, SETTINGS)


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


def texts(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages)


def checked(reading: Reading) -> None:
    """The letter's record, each value right and none asked."""
    found = reading.fields
    values = (found.number, found.date, found.doc_type, found.issuer, found.subject, found.signer.name)
    assert [one and (one.value, one.review) for one in values] == [
        ("47/KH-SNV", False), ("2024-05-09", False), ("Kế hoạch", False), ("Sở Nội vụ tỉnh Hà Long An", False),
        ("Tập huấn nghiệp vụ văn thư năm 2024", False), ("Lê Thử Nghiệm", False),
    ]  # fmt: skip
    assert [one.value for one in found.recipients] == ["UBND tỉnh (b/c)", "Các sở, ban, ngành", "Lưu: VT, VTLT"]
    assert [(one.number, one.date) for one in reading.citations] == [
        ("112/KH-UBND", "2024-03-15"), ("130/KH-UBND", "2024-04-01"),
    ]  # fmt: skip
    assert "Điều 1. Phổ biến" in texts(reading) and "Điều 2. Hướng dẫn" in texts(reading)


@pytest.mark.parametrize(("name", "data"), [("a.odt", letters.odt_letter()), ("a.rtf", letters.rtf_letter())])
def test_the_letter(make: Make, name: str, data: bytes) -> None:
    reading = read(make.file(name, data))
    checked(reading)
    assert codes(reading) == [] and reading.source.media_type in (
        "application/rtf",
        "application/vnd.oasis.opendocument.text",
    )


def test_rtf_under_the_ending_of_word_is_taken(make: Make) -> None:
    """Word writes it so when it is told to, and opens it all the same."""
    checked(read(make.file("a.doc", letters.rtf_letter())))


@pytest.mark.skipif(not INSTALLED, reason="LibreOffice is not installed")
def test_an_old_word_file(make: Make, tmp_path: Path) -> None:
    path = make.file("a.doc", _old_word(tmp_path))
    reading = read(path)
    assert reading.source.media_type == "application/msword"
    checked(reading)
    assert {one.name for one in tmp_path.iterdir()} == {"a.doc"}, "no lock file, no copy beside the original"


def _old_word(folder: Path) -> bytes:
    """The letter as LibreOffice's own writer of old files makes it, in a folder that is gone afterwards."""
    place = folder / "made"
    place.mkdir()
    kinds = ("numbering", "footnotes", "styles")
    links = relationships(*((kind, f"{kind}.xml") for kind in kinds))
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{main}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), *zip(kinds, kinds, strict=True))
    )
    parts = numbering(("decimal", "Điều %1.")) | note("footnote", letters.NOTE) | {
        "word/_rels/document.xml.rels": links,
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
    }  # fmt: skip
    mark = '</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>'
    items = "".join(p(item, listed(1)) for item in letters.ITEMS)
    body = head() + "".join(map(p, letters.BODY)).replace("dân tỉnh, Sở", f"dân tỉnh{mark}, Sở") + items + END
    Make(place).docx(body, parts=parts)
    command = ["soffice", "--headless", f"-env:UserInstallation={(place / 'p').as_uri()}", "--convert-to", "doc"]
    subprocess.run(
        [*command, "--outdir", str(place), str(place / "a.docx")], check=True, capture_output=True, timeout=120
    )
    data = (place / "a.doc").read_bytes()
    shutil.rmtree(place)
    return data


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\xec\xa5"


def test_without_the_converter_the_refusal_says_what_to_install(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.files.libreoffice.library", lambda: None)
    with pytest.raises(Problem) as refused:
        read(make.file("a.doc", OLE + bytes(2048)))
    assert refused.value.code == "converter_missing"
    assert "libreoffice-writer-nogui" in refused.value.message("vi")


def test_an_old_word_file_with_a_password(make: Make) -> None:
    with pytest.raises(Problem) as refused:
        read(make.file("a.doc", OLE + bytes(8) + b"\x00\x01" + bytes(2048)))
    assert refused.value.code == "encrypted"


REFUSED = [
    ("a.odt", "cut in the middle", lambda: letters.odt_letter()[:900], "truncated"),
    ("a.odt", "without its content", lambda: odt("").replace(b"content.xml", b"contexx.xml"), "truncated"),
    ("a.odt", "no text at all", lambda: odt(""), "no_pages"),
    ("a.odt", "a document type", lambda: odt("", members={"content.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}),
     "unsafe_content"),
    ("a.odt", "locked", lambda: odt("", members={"META-INF/manifest.xml": b"<m><encryption-data/></m>"}),
     "encrypted"),
    ("a.odt", "a bomb", lambda: odt("", members={"Pictures/a.bin": bytes(60 << 20)}), "unsafe_content"),
    ("a.odt", "a plain archive", lambda: _zip({"x.txt": b"a"}), "type_mismatch"),
    ("a.rtf", "no RTF", lambda: b"x", "type_mismatch"),
    ("a.rtf", "empty of text", lambda: rtf(r"\pard\par"), "no_pages"),
    ("a.doc", "a workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
     "truncated" if INSTALLED else "converter_missing"),
    ("a.txt", "RTF under another ending", lambda: rtf("x"), "type_mismatch"),
    ("a.zip", "OpenDocument under another ending", lambda: letters.odt_letter(), "type_mismatch"),
]  # fmt: skip


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(("name", "why", "made", "code"), REFUSED, ids=[f"{row[0]} {row[1]}" for row in REFUSED])
def test_bad_files_get_a_coded_answer(make: Make, name: str, why: str, made: object, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read(make.file(name, made()))  # type: ignore[operator]
    assert refused.value.code == code, why


def test_deep_rtf_neither_loops_nor_breaks(make: Make) -> None:
    reading = read(make.file("a.rtf", rtf("{" * 20_000 + "sâu".encode("cp1258").decode("latin-1") + "}" * 20_000)))
    assert texts(reading) == "sâu"


def test_rtf_that_ends_early_keeps_what_is_there(make: Make) -> None:
    reading = read(make.file("a.rtf", letters.rtf_letter()[:-40]))
    assert "damaged" in codes(reading) and reading.fields.number and reading.fields.number.value == "47/KH-SNV"


RTF_TEXTS = [
    (
        "code page 1258, marks behind their letters",
        r"Qu\'fd 1, k\'ea\'ec ho\'b9ch".replace(r"\'ea\'ec", r"\'ea\'ec"),
        None,
    ),
    ("hidden and deleted text is not shown", r"mot {\v an}{\deleted bo}hai", "mot hai"),
    ("fields show their result", r"{\field{\*\fldinst PAGE \\* MERGEFORMAT}{\fldrslt 7}}", "7"),
    ("binary data is no text", r"a{\*\objdata \bin4 {{{{}b", "ab"),
    ("unicode with two letters behind it", r"\uc2\u7871\'65\'65k", "ếk"),
    ("a pair of halves", r"\u-10179?\u-8704?", "😀"),
    ("unknown destinations are passed over", r"a{\*\moi {b} c}d", "ad"),
    ("cells in their order", r"\trowd a\cell b\cell\row c", "a\nb\nc"),
    ("capitals by format", r"{\caps ke hoach} a", "KE HOACH a"),
    ("a raised mark", r"112/KH-UBND{\super 1} x", "112/KH-UBND¹ x"),
    ("signs by their words", r"\ldblquote a\rdblquote\~b\_c\endash d\{\}\\", "“a” b-c–d{}\\"),
    ("headers, once for all sections", r"{\header SO NOI VU\par}{\header SO NOI VU\par}a", "SO NOI VU\na"),
]


@pytest.mark.parametrize(("why", "body", "expected"), RTF_TEXTS, ids=[row[0] for row in RTF_TEXTS])
def test_rtf_texts(make: Make, why: str, body: str, expected: str | None) -> None:
    (page,) = make.pages(make.file("a.rtf", rtf(body)))
    assert page.text is not None
    if expected is None:
        assert not re.search(r"[\ufffd\\']", page.text.text), why
    else:
        assert page.text.text == expected, why


def test_fonts_of_old_encodings_in_rtf(make: Make) -> None:
    fonts = r"{\f0\fnil .VnTime;}{\f1\fnil\fcharset0 Arial;}"
    opened = make.open(make.file("a.rtf", rtf(r"\f0 C\'e9ng h\'dfa x\'b7 h\'e9i", fonts=fonts)))
    assert [page.text.text for page in opened.pages if page.text] == ["Cộng hòa xã hội"]
    assert [one.code for one in opened.cautions] == ["text_repaired"]


ODT_TEXTS = [
    ("blanks, tabs and breaks", line('a<text:s text:c="2"/>b<text:line-break/>c'), "a  b\nc"),
    ("soft page breaks part pages", line("a<text:soft-page-break/>b"), "a\fb"),
    ("a style that begins a page", line("a") + line("b", "Trang"), "a\fb"),
    ("text boxes stand behind their line",
     line(f"a<draw:frame><draw:text-box>{line('hộp')}</draw:text-box></draw:frame>b"), "ab\nhộp"),
    ("deleted text is not read",
     f"<text:tracked-changes><text:changed-region>{line('bỏ')}</text:changed-region>"
     f"</text:tracked-changes>" + line("a"), "a"),
    ("hidden text is not read", line('a<text:span text:style-name="An">ẩn</text:span>b'), "ab"),
    ("a raised mark", line('112/KH-UBND<text:span text:style-name="Mu">1</text:span>'), "112/KH-UBND¹"),
    ("lists count by level",
     '<text:list text:style-name="L1">'
     '<text:list-item>' + line("x") + "<text:list><text:list-item>" + line("y") + "</text:list-item></text:list>"
      "</text:list-item><text:list-item>" + line("z") + "</text:list-item></text:list>",
      "Điều 1. x\na) y\nĐiều 2. z"),
    ("a comment is no text", line(f"a<office:annotation>{line('ghi chú')}</office:annotation>b"), "ab"),
]  # fmt: skip
STYLES = (
    letters.NUMBERED
    + '<style:style style:name="Trang"><style:paragraph-properties fo:break-before="page"/></style:style>'
    + '<style:style style:name="An"><style:text-properties text:display="none"/></style:style>'
    + '<style:style style:name="Mu"><style:text-properties style:text-position="super 58%"/></style:style>'
)


@pytest.mark.parametrize(("why", "body", "expected"), ODT_TEXTS, ids=[row[0] for row in ODT_TEXTS])
def test_odt_texts(make: Make, why: str, body: str, expected: str) -> None:
    pages = make.pages(make.file("a.odt", odt(body, styles=STYLES)))
    assert "\f".join(page.text.text for page in pages if page.text) == expected, why


SECRET = [
    ("odt header", "a.odt", lambda: letters.odt_letter(edges=f"<style:header>{line('TUYỆT MẬT')}</style:header>")),
    ("odt comment", "a.odt", lambda: odt(line(f"a<office:annotation>{line('TỐI MẬT')}</office:annotation>"))),
    ("odt text box", "a.odt",
     lambda: odt(line(f"<draw:frame><draw:text-box>{line('TỐI MẬT')}</draw:text-box></draw:frame>"))),
    ("odt shape", "a.odt", lambda: odt(line(f"<draw:custom-shape>{line('TỐI MẬT')}</draw:custom-shape>"))),
    ("rtf header", "a.rtf", lambda: rtf(rf"{{\header {letters.escaped('TUYỆT MẬT')}\par}}a")),
    ("rtf note", "a.rtf", lambda: rtf(rf"a{{\footnote {letters.escaped('TỐI MẬT')}}}")),
    ("rtf comment", "a.rtf", lambda: rtf(rf"a{{\*\annotation {letters.escaped('TỐI MẬT')}}}")),
    ("rtf text box", "a.rtf",
     lambda: rtf(rf"a{{\shp{{\*\shpinst{{\shptxt {letters.escaped('TỐI MẬT')}\par}}}}}}")),
    ("rtf WordArt", "a.rtf",
     lambda: rtf(rf"a{{\shp{{\*\shpinst{{\sp{{\sn gtextUNICODE}}{{\sv {letters.escaped('TỐI MẬT')}}}}}}}}}")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "name", "made"), SECRET, ids=[row[0] for row in SECRET])
def test_the_gate_sees_every_part(make: Make, why: str, name: str, made: object) -> None:
    with pytest.raises(Problem) as refused:
        read(make.file(name, made()))  # type: ignore[operator]
    assert refused.value.code == "classified", why


def test_an_envelope_of_scans_gives_the_scans(make: Make) -> None:
    scan = as_bytes(printed(), "PNG")
    for name, data in (
        ("a.odt", odt(line(""), members={"Pictures/1.png": scan})),
        ("a.rtf", rtf(rf"{{\*\shppict{{\pict\pngblip {scan.hex()}}}}}\par")),
    ):
        (page,) = make.pages(make.file(name, data))
        assert page.image is not None and page.image.shape == printed().size[::-1], name


def test_a_small_picture_in_rtf_is_looked_at(make: Make) -> None:
    logo = as_bytes(Image.new("RGB", (200, 100), "red"), "PNG")
    (page,) = make.pages(make.file("a.rtf", rtf(rf"a{{\pict\pngblip\picw200 {logo.hex()}}}")))
    assert len(page.patches) == 1 and page.text is not None and page.text.text == "a"
