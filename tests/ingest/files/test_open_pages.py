"""Pages of every kind of file: what they give, that nothing is silently lost, and that they come one at a time."""

from __future__ import annotations

import resource
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files.legacy_encoding import _letters
from ingest.files.open_pages import open_pages
from ingest.files.page import RawPage
from ingest.sandbox.child import Limits, Progress, run_in_child
from tests.ingest.making import LETTER, Make, W, as_bytes, printed


def codes(page: RawPage) -> list[str]:
    return [warning.code for warning in page.cautions]


def text_of(page: RawPage) -> str:
    assert page.text is not None
    return page.text.text


def in_tcvn3(text: str) -> str:
    table, _ = _letters("tcvn3")
    letters = {letter: key for key, letter in table.items()}
    return "".join(letters.get(letter, letters.get(letter.lower(), letter)) for letter in text)


class TestPdfText:
    def test_a_sound_layer_is_kept_with_a_box_for_each_word(self, make: Make) -> None:
        (page,) = make.pages(make.pdf(make.text()))
        assert text_of(page) == LETTER and page.image is None and codes(page) == []
        assert page.text is not None
        word = page.text.words[0]
        assert text_of(page)[word.start : word.end] == "SỞ"
        assert 0.09 < word.box.left < 0.12 and 0.05 < word.box.top < word.box.bottom < 0.1
        assert page.look is not None and page.look_dpi > 0

    @pytest.mark.parametrize(("rotate", "turned_back"), [(0, 0), (90, 270), (180, 180), (270, 90)])
    def test_a_turned_page_is_read_upright(self, make: Make, rotate: int, turned_back: int) -> None:
        (page,) = make.pages(make.pdf(make.text(rotate=rotate)))
        assert page.text is not None
        first = next(word for word in page.text.words if text_of(page)[word.start : word.end] == "SỞ")
        assert page.text.rotation == turned_back
        assert first.box.left < 0.15 and first.box.top < 0.15, (
            "the first line stands at the top left after turning"
        )
        assert text_of(page).split() == LETTER.split(), "and the order of reading is that of the upright page"

    @pytest.mark.parametrize(
        ("draw", "reason"),
        [
            (lambda make: make.text(LETTER.replace("a", "\ufffd")), "letters that stand for none"),
            (lambda make: make.text(_without_marks(LETTER)), "a font without Vietnamese letters lost the marks"),
            (lambda make: make.text("Qzrt wvbk plmn xcvb hjkl mnbv " * 5), "rubbish of another program"),
            (lambda make: make.text(before=b"0 0 0 rg 0 0 595 842 re f"), "nothing of it can be seen"),
            (lambda make: make.text(mode=3), "it is drawn invisibly, and there is no scan above it"),
            (lambda make: make.text("Số: 1\n" + LETTER, extra=_unread_ink()), "half of the print is no text"),
        ],
    )
    def test_an_unsound_layer_gives_way_to_the_image(
        self, make: Make, draw: Callable[[Make], Any], reason: str
    ) -> None:
        (page,) = make.pages(make.pdf(draw(make)))
        assert page.text is None and page.image is not None, reason
        assert codes(page) == ["text_layer_ignored"], reason

    def test_words_under_a_black_bar_are_left_out(self, make: Make) -> None:
        bar = b"0 g 55 736 200 18 re f"
        (page,) = make.pages(make.pdf(make.text(extra=bar)))
        assert "KẾ HOẠCH" not in text_of(page) and "Kiểm tra" in text_of(page)
        assert codes(page) == ["hidden_text"]

    def test_words_on_a_coloured_ground_are_seen(self, make: Make) -> None:
        (page,) = make.pages(make.pdf(make.text(before=b"1 0.8 0 rg 50 730 400 40 re f 0 g")))
        assert "KẾ HOẠCH" in text_of(page) and codes(page) == [], "black on yellow, which is dark in blue"

    def test_an_old_encoding_is_repaired(self, make: Make) -> None:
        (page,) = make.pages(make.pdf(make.text(in_tcvn3(LETTER))))
        assert text_of(page).lower() == LETTER.lower()
        assert codes(page) == ["text_repaired"]


def _without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _unread_ink() -> bytes:
    """Marks of the size of letters that no text stands for."""
    boxes = (f"{60 + 8 * column} {300 + 14 * row} 4 7 re f" for row in range(12) for column in range(55))
    return "\n".join(boxes).encode()


class TestPdfScans:
    def test_a_scan_comes_out_pixel_for_pixel(self, make: Make) -> None:
        paper = printed(dpi=200)
        (page,) = make.pages(make.pdf(make.scan(paper)))
        assert page.image is not None and page.dpi == pytest.approx(200, abs=0.5)
        assert np.array_equal(page.image, np.asarray(paper))

    def test_a_scan_turned_by_the_file_comes_out_upright(self, make: Make) -> None:
        paper = printed(dpi=150)
        (page,) = make.pages(make.pdf(make.scan(paper.rotate(90, expand=True), 150, rotate=90)))
        assert page.image is not None and page.image.shape == np.asarray(paper).shape
        apart = np.abs(page.image.astype(int) - np.asarray(paper))
        assert apart.mean() < 2, "upright; redrawn, so its pixels are not quite the scan's"

    def test_colour_is_kept_where_there_is_some(self, make: Make) -> None:
        paper = printed(mode="RGB")
        paper.paste((200, 20, 30), (400, 900, 500, 1000))
        (page,) = make.pages(make.pdf(make.scan(paper, 150)))
        assert page.image is not None and page.image.shape == (*paper.size[::-1], 3)
        assert tuple(page.image[950, 450]) == (200, 20, 30)

    def test_the_layer_that_another_program_put_under_a_scan_is_read_anew(self, make: Make) -> None:
        (page,) = make.pages(make.pdf(make.scan(printed(), 150, hidden=LETTER)))
        assert page.text is None and page.image is not None

    def test_a_mixed_file_is_decided_page_by_page(self, make: Make) -> None:
        pages = make.pages(make.pdf(make.text(), make.scan(printed(), 150), make.text()))
        assert [page.text is not None for page in pages] == [True, False, True]
        assert [page.number for page in pages] == [1, 2, 3]

    def test_a_huge_page_is_drawn_coarsely(self, make: Make) -> None:
        (page,) = make.pages(make.pdf(lambda pdf: pdf.add_blank_page(page_size=(14_400, 14_400))))
        assert page.image is not None and page.image.size <= 60_100_000 and page.dpi < 50


class TestPdfStructure:
    @pytest.mark.parametrize(
        ("harm", "damaged", "reason"),
        [
            (lambda data: data.replace(b"trailer <<", b"trailer << /Info null /Info null", 1), False,
             "a key of the trailer twice"),
            (lambda data: data.replace(b"startxref", b"startxxxx", 1), True,
             "the table of objects had to be made anew"),
        ],
    )  # fmt: skip
    def test_only_what_may_have_cost_something_is_damage(
        self, make: Make, harm: Any, damaged: bool, reason: str
    ) -> None:
        path = make.pdf(make.text(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
        data = path.read_bytes()
        path.write_bytes(harm(data))
        assert path.read_bytes() != data
        opened = make.open(path)
        assert ("damaged" in [each.code for each in opened.cautions]) is damaged, reason
        assert damaged or text_of(next(iter(opened.pages))) == LETTER

    def test_signing_times_are_told(self, make: Make) -> None:
        def sign(pdf: pikepdf.Pdf) -> None:
            make.text()(pdf)
            value = Dictionary(Type=Name.Sig, M="D:20240305083000+07'00'")
            field = pdf.make_indirect(Dictionary(FT=Name.Sig, T="Signature1", V=value))
            pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

        path = make.pdf(sign)
        moment = datetime(2024, 3, 5, 8, 30, tzinfo=timezone(timedelta(hours=7)))
        opened = make.open(path)
        assert opened.signed_at == (moment,)
        assert [warning.code for warning in opened.cautions] == ["signature_text"]

    def test_a_bad_page_costs_no_other(self, make: Make) -> None:
        def huge(pdf: pikepdf.Pdf) -> None:
            page = make.scan(printed(), 150)(pdf)
            page.Resources.XObject.Im0.Width = 60_000
            page.Resources.XObject.Im0.Height = 60_000

        pages = make.pages(make.pdf(make.text(), huge, make.text()))
        assert [page.number for page in pages] == [1, 2, 3]
        assert codes(pages[1]) == ["page_unreadable"]
        assert pages[1].text is None and pages[1].image is None
        assert text_of(pages[2]) == LETTER


class TestPictures:
    def test_frames_of_several_sizes_and_kinds(self, make: Make, tmp_path: Path) -> None:
        frames = [
            Image.new("1", (500, 700), 1),
            Image.new("L", (700, 500), 9),
            Image.new("RGB", (400, 560), "red"),
        ]
        path = tmp_path / "a.tif"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        shapes = [page.image.shape for page in make.pages(path) if page.image is not None]
        assert shapes == [(700, 500), (500, 700), (560, 400, 3)]

    def test_group_4_fax_with_oblong_dots_gets_square_ones(self, make: Make) -> None:
        fax = printed(dpi=204).resize((1687, 1146)).convert("1")
        path = make.picture(fax, "a.tif", compression="group4", dpi=(204, 98))
        (page,) = make.pages(path)
        assert page.image is not None and page.image.shape == (round(1146 * 204 / 98), 1687)
        assert page.dpi == 204

    @pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 270), (8, 90)])
    def test_a_photo_is_set_upright(self, make: Make, orientation: int, turn: int) -> None:
        paper = printed()
        exif = Image.Exif()
        exif[0x0112] = orientation
        lying = paper.rotate(-turn, expand=True)
        (page,) = make.pages(make.picture(lying, "a.jpg", exif=exif, quality=95, dpi=(150, 150)))
        assert page.image is not None and page.image.shape == paper.size[::-1]
        assert np.abs(page.image.astype(int) - np.asarray(paper)).mean() < 3

    @pytest.mark.parametrize(
        ("image", "name", "shape"),
        [
            (Image.new("CMYK", (400, 500), (0, 0, 0, 0)), "a.jpg", (500, 400, 3)),
            (Image.fromarray(np.full((500, 400), 65_535, np.uint16)), "a.png", (500, 400)),
            (Image.new("RGBA", (400, 500), (0, 0, 0, 0)), "a.png", (500, 400, 3)),
            (Image.new("P", (400, 500), 0), "a.png", (500, 400, 3)),
            (Image.new("1", (400, 500), 1), "a.png", (500, 400)),
        ],
        ids=["cmyk", "16 bit", "transparent", "palette", "bilevel"],
    )
    def test_every_kind_of_pixel_becomes_grey_or_rgb(
        self, make: Make, image: Image.Image, name: str, shape: tuple[int, ...]
    ) -> None:
        (page,) = make.pages(make.picture(image, name))
        assert page.image is not None and page.image.shape == shape and page.image.dtype == np.uint8
        if image.mode not in ("P",):
            assert page.image.mean() == 255, "white paper stays white"

    def test_a_picture_that_knows_no_resolution_is_taken_for_a4(self, make: Make) -> None:
        (page,) = make.pages(make.picture(printed(dpi=240), "a.png"))
        assert page.dpi == pytest.approx(240, abs=2)

    def test_a_frame_that_is_damaged_costs_no_other(self, make: Make, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        frames = [printed(dpi=100), printed(LETTER[::-1], dpi=100), printed(dpi=100)]
        frames[0].save(path, save_all=True, append_images=frames[1:], compression="tiff_adobe_deflate")
        with Image.open(path) as image:
            image.seek(1)
            at = image.tag_v2[273][0]  # type: ignore[attr-defined]
        data = bytearray(path.read_bytes())
        data[at : at + 40] = bytes(40)
        path.write_bytes(data)
        pages = make.pages(path)
        assert [page.image is not None for page in pages] == [True, False, True]
        assert codes(pages[1]) == ["page_unreadable"]


def paragraph(text: str, run: str = "") -> str:
    return f'<w:p><w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


class TestWord:
    def test_tables_and_text_boxes_are_read_in_their_place(self, make: Make) -> None:
        box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('SỞ Y TẾ')}</w:txbxContent></w:pict></w:r></w:p>"
        table = f"<w:tbl><w:tr><w:tc>{paragraph('ô một')}</w:tc><w:tc>{paragraph('ô hai')}</w:tc></w:tr></w:tbl>"
        (page,) = make.pages(make.docx(box + table + paragraph("hết")))
        assert text_of(page).split() == ["SỞ", "Y", "TẾ", "ô", "một", "ô", "hai", "hết"]

    def test_the_copy_of_a_text_box_for_old_programs_is_left_out(self, make: Make) -> None:
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        inner = f"<w:txbxContent>{paragraph('một lần')}</w:txbxContent>"
        both = f"<mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback>"
        body = f'<w:p><w:r><mc:AlternateContent xmlns:mc="{mc}">{both}</mc:AlternateContent></w:r></w:p>'
        (page,) = make.pages(make.docx(body))
        assert text_of(page) == "một lần"

    def test_tracked_changes_are_read_as_accepted(self, make: Make) -> None:
        body = (
            "<w:p><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>thêm</w:t></w:r></w:ins></w:p>"
        )
        opened = make.open(make.docx(body))
        assert [text_of(page) for page in opened.pages] == ["thêm"]
        assert [warning.code for warning in opened.cautions] == ["tracked_changes"]

    def test_fonts_of_old_encodings_tell_what_is_meant(self, make: Make) -> None:
        small = '<w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>'
        capital = '<w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr>'
        body = paragraph("kÕ ho¹ch", capital) + paragraph("Céng hßa x· héi", small) + paragraph("Sở Y tế")
        opened = make.open(make.docx(body))
        assert [text_of(page) for page in opened.pages] == ["KẾ HOẠCH\nCộng hòa xã hội\nSở Y tế"]
        assert [warning.code for warning in opened.cautions] == ["text_repaired"]

    def test_what_is_shown_in_capitals_is_read_in_capitals_and_what_is_hidden_is_not_read(
        self, make: Make
    ) -> None:
        caps, vanish = "<w:rPr><w:caps/></w:rPr>", "<w:rPr><w:vanish/></w:rPr>"
        opened = make.open(make.docx(paragraph("Kế hoạch", caps) + paragraph("ẩn", vanish)))
        assert [text_of(page) for page in opened.pages] == ["KẾ HOẠCH"]
        assert [warning.code for warning in opened.cautions] == ["hidden_text"]

    def test_pages_headers_and_outside_references(self, make: Make) -> None:
        header = f'<w:hdr xmlns:w="{W}">{paragraph("TỐI MẬT")}{paragraph("2")}</w:hdr>'
        link = (
            '<Relationships><Relationship Type="x/relationships/image" Target="\\\\a\\b" TargetMode="External"/>'
            '<Relationship Type="x/relationships/hyperlink" Target="mailto:a" '
            'TargetMode="External"/></Relationships>'
        )
        body = paragraph("trang một") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + paragraph("trang hai")
        path = make.docx(body, parts={"word/header1.xml": header, "word/_rels/document.xml.rels": link})
        opened = make.open(path)
        assert [text_of(page) for page in opened.pages] == ["TỐI MẬT\ntrang một", "trang hai"]
        assert [(warning.code, "image" in warning.message) for warning in opened.cautions] == [
            ("external_reference", True)
        ]

    def test_an_envelope_of_scans_gives_the_scans(self, make: Make) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (1000, 700), np.uint8)
        picture = as_bytes(Image.fromarray(noise), "JPEG")
        members = [
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", f'<w:document xmlns:w="{W}"><w:body/></w:document>'.encode()),
            ("word/media/image1.jpeg", picture),
        ]
        (page,) = make.pages(make.zip(members, name="a.docx"))
        assert page.image is not None and page.image.shape == (1000, 700)


class TestText:
    @pytest.mark.parametrize(
        ("data", "expected", "said"),
        [
            (LETTER.encode(), LETTER, []),
            (b"\xef\xbb\xbf" + LETTER.encode(), LETTER, []),
            (LETTER.encode("utf-16"), LETTER, []),
            (unicodedata.normalize("NFD", LETTER).encode(), LETTER, []),
            ("K\u00ea\u0301 hoa\u0323ch s\u00f4\u0301 5".encode("cp1258"), "Kế hoạch số 5", ["text_repaired"]),
            (in_tcvn3(LETTER).encode("latin-1", "ignore"), None, ["text_repaired"]),
            (LETTER.encode()[:-2] + "ữ".encode()[:2], None, ["damaged"]),
            (
                LETTER.encode().replace("nâng".encode(), b"n\xe2ng"),
                LETTER.replace("nâng", "n\ufffdng"),
                ["damaged"],
            ),
            ("Kế hoạch ".encode() * 20 + b"\x96 xong", "Kế hoạch " * 20 + "\ufffd xong", ["damaged"]),
        ],
        ids=[
            "utf-8",
            "with a mark",
            "utf-16",
            "decomposed",
            "windows-1258",
            "tcvn3",
            "cut in a letter",
            "bad byte",
            "dash",
        ],
    )
    def test_encodings(self, make: Make, data: bytes, expected: str | None, said: list[str]) -> None:
        opened = make.open(make.file("a.txt", data))
        (page,) = opened.pages
        assert expected is None or text_of(page) == expected
        assert [warning.code for warning in opened.cautions] == said

    def test_markup_and_a_transcribers_notes_are_no_text(self, make: Make) -> None:
        source = """# KẾ HOẠCH **Tuyên truyền**

* một [đường dẫn](https://example.vn/a)
> hai

---
[Handwritten signature in blue ink]

Nguyễn Văn A [con dấu tròn đỏ]
<!-- nháp -->[1] ba * bốn"""
        (page,) = make.pages(make.file("a.md", source.encode()))
        assert text_of(page) == "KẾ HOẠCH Tuyên truyền\n\n- một đường dẫn\nhai\n\nNguyễn Văn A\n[1] ba * bốn"

    def test_a_secrecy_stamp_that_a_transcriber_noted_stays(self, make: Make) -> None:
        (page,) = make.pages(make.file("a.txt", "[Red stamp: TỐI MẬT]\nKế hoạch".encode()))
        assert "TỐI MẬT" in text_of(page)

    def test_a_form_feed_parts_pages(self, make: Make) -> None:
        assert [text_of(page) for page in make.pages(make.file("a.txt", "một\fhai\f".encode()))] == ["một", "hai"]

    def test_control_characters_and_turned_writing_are_dropped(self, make: Make) -> None:
        (page,) = make.pages(make.file("a.txt", "a\u202eb\u200bc\ufeff\td".encode()))
        assert text_of(page) == "abc    d"


def _peak_of(path: Path, settings: Settings, progress: Progress) -> tuple[int, int]:
    """Pages read, and the growth of the process's peak memory after the tenth page, in MiB."""
    before = seen = 0
    for page in open_pages(path, path.name, "application/pdf", settings).pages:
        seen = page.number
        if seen == 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seen, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10


def test_memory_stays_flat_over_a_long_file(make: Make) -> None:
    paper = printed(dpi=100)
    draws = [make.scan(paper, 100) if number % 2 else make.text() for number in range(120)]
    path = make.pdf(*draws)
    pages, growth = run_in_child(_peak_of, path, Settings(_env_file=None), limits=Limits(), name="a.pdf")
    assert pages == 120 and growth < 12


def test_a_file_of_an_unknown_kind_is_no_pages(make: Make) -> None:
    with pytest.raises(Problem, match="not a PDF"):
        open_pages(make.file("a.bin", b"x"), "a.bin", "application/x", Settings(_env_file=None))
