"""Citations: the worked sentences, the seed document, the traps, damage by scanners, and linear time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Box, Citation, Page, Statement, Word
from ingest.citations.find import find_citations
from ingest.text.document_text import Text

_TABLES = Path(__file__).parents[2] / "tables"
_EXAMPLES = [json.loads(line) for line in (_TABLES / "citations.jsonl").read_text(encoding="utf-8").splitlines()]
_OFFICE = "Sở Thông tin và Truyền thông tỉnh Kiên Giang"


def _find(text: str, **own: str | None) -> tuple[tuple[Citation, ...], tuple[Statement, ...]]:
    fields: dict[str, str | None] = {
        "issuer": _OFFICE,
        "place": "Kiên Giang",
        "doc_type": None,
        "number": None,
        "date": None,
    }
    fields |= own
    return find_citations(
        Text.of_string(text),
        issuer=fields["issuer"],
        place=fields["place"],
        doc_type=fields["doc_type"],
        number=fields["number"],
        date=fields["date"],
    )


def _told(citations: tuple[Citation, ...]) -> list[tuple[str | None, str | None, str]]:
    return [(citation.number, citation.date, citation.relation) for citation in citations]


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda example: example["text"][:60])
def test_the_worked_sentences(example: dict[str, Any]) -> None:
    wanted = [(c["doc_type"], c["number"], c["date"], c["relation"]) for c in example["citations"]]
    found, _ = _find(example["text"], date="2022-04-27")
    assert sorted(map(str, wanted)) == sorted(str((c.doc_type, c.number, c.date, c.relation)) for c in found), (
        example["reason"]
    )


def test_the_seed_document() -> None:
    text = (_TABLES / "seed.txt").read_text(encoding="utf-8")
    citations, statements = _find(text, number="31/KH-STTTT", date="2022-04-27", doc_type="Kế hoạch")
    assert [(c.doc_type, c.number, c.date, c.issuer, c.relation) for c in citations] == [
        ("Kế hoạch", "93/KH-UBND", "2022-04-12", "Ủy ban nhân dân tỉnh Kiên Giang", "implements"),
        ("Nghị quyết", None, None, "Ban Chấp hành Trung ương Đảng", "implements"),
        ("Chỉ thị", "34-CT/TW", "2014-04-07", "Bộ Chính trị", "refers"),
        ("Luật", None, None, "Quốc hội", "refers"),
        ("Chỉ thị", "19/CT-TTg", "2021-07-16", "Thủ tướng Chính phủ", "refers"),
        ("Kế hoạch", None, None, None, "refers"),
        ("Nghị quyết", None, None, "Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "refers"),
    ]
    assert citations[0].printed == "Kế hoạch số 93/KH-UBND ngày 12/4/2022 của Ủy ban nhân dân (UBND) tỉnh"
    assert citations[3].title == "Luật Thi đua, khen thưởng"
    assert statements == ()


@pytest.mark.parametrize(
    ("text", "told", "reason"),
    [
        ("Căn cứ. Quyết định số 133/QĐ-TTg ngày 17/01/2020 của Thủ tướng\nChính phủ;", [("133/QĐ-TTg",
         "2020-01-17", "basis")], "a dot of noise behind Căn cứ"),
        ("Thực hiện Quyết định số 596/QĐÐ- -UBND ngày 16/3/2017 của UBND Tỉnh", [("596/QĐ-UBND", "2017-03-16",
         "implements")], "hyphen twice, Đ twice"),
        ("Căn cứ Công điện số 1407/CĐ- 'BYT ngày 23/12/2017 của Bộ Y tế", [("1407/CĐ-BYT", "2017-12-23",
         "basis")], "a stroke in the symbol"),
        ("Căn cứ Nghị quyết số 137/7NQ-CP ngày 31 tháng 12 năm 2017", [("137/NQ-CP", "2017-12-31", "basis")],
         "slash read twice"),
        ("Căn cứ Quyết định số 1675QĐ- UBND ngày 09/8/2017", [("1675/QĐ-UBND", "2017-08-09", "basis")],
         "slash lost"),
        ("theo Luật Đầu thầu số 43/2013/QH 13 ngày 26/11/2013", [("43/2013/QH13", "2013-11-26", "refers")],
         "blank before the term"),
        ("theo Luật Nhà ở sô 27/2023/OHI5", [("27/2023/QH15", None, "refers")], "QH15 read as OHI5"),
        ("theo Quyết định số 2411/QĐ-UBND ngày\n\n3\n\n20/11/2012 của UBND tỉnh", [("2411/QĐ-UBND", "2012-11-20",
         "refers")], "page number between the pages"),
        ("Ngày 17/4/2018 Sở Y tế Kiên Giang có ban hành Công văn số 455/SYT-NVD về việc", [("455/SYT-NVD",
         "2018-04-17", "mentions")], "date and issuer stand before"),
        ("Công văn số 2321/SYT-KHTC hồi 08 giờ ngày 25/12/2017", [("2321/SYT-KHTC", "2017-12-25", "mentions")],
         "hour of an urgent letter"),
        ("Quyết định số 406/QĐ-UBND và số 407/QĐ-UBND cùng ngày 13/12/2024", [("406/QĐ-UBND", "2024-12-13",
         "mentions"), ("407/QĐ-UBND", "2024-12-13", "mentions")], "one date for both"),
    ],
)  # fmt: skip
def test_what_scanners_and_clerks_do(
    text: str, told: list[tuple[str | None, str | None, str]], reason: str
) -> None:
    assert _told(_find(text)[0]) == told, reason


@pytest.mark.parametrize(
    ("text", "own", "reason"),
    [
        ("theo Quyết định này và các văn bản liên quan", {}, "self reference"),
        ("các nghị định, thông tư hướng dẫn thi hành", {}, "generic plural"),
        (
            "(Kèm theo Kế hoạch số 31/KH-STTTT ngày 27/4/2022 của Sở)",
            {"number": "31/KH-STTTT", "date": "2022-04-27"},
            "an annex of this very document",
        ),
        ("Mẫu số 01/TTr-ABC ban hành kèm theo", {}, "number of a form"),
        ("ĐẾN Số: 1234 Ngày: 27/4/2022", {}, "arrival stamp"),
        ("Kính gửi: UBND tỉnh\nNơi nhận:\n- Như Quyết định số 12/QĐ-UBND;\n- Lưu: VT.", {}, "recipients"),
        ("Số: 31/KH-STTTT\nKiên Giang, ngày 27 tháng 4 năm 2022\nKẾ HOẠCH", {}, "own header"),
        ("Quốc hội ban hành Luật Thuế thu nhập cá nhân.", {}, "a law naming itself"),
        ("các luật sư và Luật gia; pháp luật hiện hành", {}, "no law"),
        ("Theo đề nghị của Chánh Văn phòng Sở.", {}, "an actor, no document"),
    ],
)
def test_traps_give_no_citation(text: str, own: dict[str, str], reason: str) -> None:
    assert _told(_find(text, **own)[0]) == [], reason


@pytest.mark.parametrize(
    ("text", "statements", "reason"),
    [
        ("Căn cứ Nghị định số 27/2018/NĐ-CP ngày 01/3/2018 của Chính phủ sửa đổi, bổ sung một số điều của Nghị "
         "định số 72/2013/NĐ-CP ngày 15/7/2013 của Chính phủ;", [(0, "amends", 1)], "A amends B"),
        ("Nghị định số 15/2020/NĐ-CP (được sửa đổi, bổ sung tại Nghị định số 14/2022/NĐ-CP ngày 27/01/2022)", [(1,
         "amends", 0)], "passive: B amends A"),
        ("Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Đất đai số 31/2024/QH15, Luật Nhà ở số 27/2023/QH15;",
         [(0, "amends", 1), (0, "amends", 2)], "numbers of the laws amended"),
        ("Thực hiện Chỉ thị số 19/CT-TTg và Công văn số 5/UBND-NC ngày 3/4/2022 của UBND tỉnh", [],
         "side by side"),
    ],
)  # fmt: skip
def test_titles_that_hold_other_documents(text: str, statements: list[tuple[int, str, int]], reason: str) -> None:
    assert [(s.subject, s.relation, s.object) for s in _find(text)[1]] == statements, reason


@pytest.mark.parametrize(
    ("text", "relation", "reason"),
    [
        ("Điều 2. Quyết định này thay thế Quyết định số 1/QĐ-UBND.", "replaces", "this document does it"),
        ("Quyết định này không thay thế Quyết định số 1/QĐ-UBND.", "mentions", "negated"),
        ("Đề nghị UBND tỉnh thay thế Quyết định số 1/QĐ-UBND.", "mentions", "asked of another"),
        ("Sở sẽ trình UBND tỉnh bãi bỏ Quyết định số 1/QĐ-UBND.", "mentions", "planned"),
        ("1. Bãi bỏ Quyết định số 1/QĐ-UBND ngày 02/3/2020.", "repeals", "imperative of an article"),
        (
            "Điều 1. Bãi bỏ toàn bộ các văn bản sau đây:\n1. Quyết định số 1/QĐ-UBND ngày 02/3/2020;",
            "repeals",
            "list led in",
        ),
        (
            "Quyết định số 1/QĐ-UBND hết hiệu lực kể từ ngày Quyết định này có hiệu lực.",
            "repeals",
            "predicate behind",
        ),
    ],
)
def test_effects_only_when_this_document_does_it(text: str, relation: str, reason: str) -> None:
    assert [citation.relation for citation in _find(text)[0]] == [relation], reason


@pytest.mark.parametrize(
    ("text", "issuer", "own", "reason"),
    [
        (
            "Kế hoạch số 5/KH-UBND của UBND tỉnh",
            "Ủy ban nhân dân tỉnh Kiên Giang",
            None,
            "tỉnh of the citing document",
        ),
        (
            "Kế hoạch số 5/KH-UBND của UBND huyện",
            "Ủy ban nhân dân huyện Mộ Đức",
            "Phòng Nội vụ huyện Mộ Đức",
            "huyện of the citing body",
        ),
        ("Quyết định số 5/QĐ-BYT của Bộ", "Bộ Y tế", "Bộ Y tế", "Bộ alone is the citing ministry"),
        ("Quyết định số 5/QĐ-UBND ngày 1/2/2020", "Ủy ban nhân dân tỉnh Kiên Giang", None, "from the symbol"),
        ("Thông tư số 1/2019/TT-BNV", "Bộ Nội vụ", None, "from the symbol"),
        (
            "Công văn số 5/UBND-VX của UBND huyện Giồng Riềng đề nghị",
            "Ủy ban nhân dân huyện Giồng Riềng",
            None,
            "named in full",
        ),
    ],
)
def test_issuers_are_completed(text: str, issuer: str, own: str | None, reason: str) -> None:
    assert [citation.issuer for citation in _find(text, issuer=own or _OFFICE)[0]] == [issuer], reason


def test_a_later_mention_adds_none_but_completes_the_first() -> None:
    text = (
        "Theo Quyết định số 749/QĐ-TTg (sau đây gọi tắt là Quyết định 749). Quyết định 749 và Quyết định số "
        "749/QĐ-TTg ngày 03/6/2020."
    )
    citations, _ = _find(text)
    assert [(c.number, c.date) for c in citations] == [("749/QĐ-TTg", "2020-06-03")]


def test_an_effect_said_later_outweighs_the_first_mention() -> None:
    text = "Căn cứ Quyết định số 24/QĐ-UBND ngày 01/3/2021;\n"
    text += "Điều 2. Quyết định này thay thế Quyết định số 24/QĐ-UBND."
    assert _told(_find(text)[0]) == [("24/QĐ-UBND", "2021-03-01", "replaces")]


def test_the_provision_is_read_inner_to_outer() -> None:
    citations, _ = _find(
        "quy định tại các điểm a, b và c khoản 1, khoản 3 Điều 12 và Điều 15 Thông tư số 01/2019/TT-BNV"
    )
    assert citations[0].provision == "các điểm a, b và c khoản 1, khoản 3 Điều 12 và Điều 15"


def test_page_and_boxes_come_from_the_paper() -> None:
    words, start, at = [], 0, "Thực hiện Kế hoạch số 5/KH-UBND"
    for index, word in enumerate(at.split()):
        words.append(Word(start, start + len(word), Box(0.1 * index, 0.2, 0.1 * index + 0.09, 0.22)))
        start += len(word) + 1
    text = Text.of_pages((Page(1, "ocr", at, tuple(words)),))
    citations, _ = find_citations(text, issuer=None, place="Kiên Giang", doc_type=None, number=None, date=None)
    assert citations[0].page == 1
    assert len(citations[0].boxes) == 1
    assert citations[0].printed == text.value[citations[0].start :]


_PIECES = st.sampled_from(
    ["Căn cứ ", "Quyết định ", "Luật ", "số ", "12", "/QĐ-UBND", "/2020", " ngày ", "1/2/2020", " của ",
     "UBND tỉnh", ", ", " và ",
     ";\n", "\n", "sửa đổi, bổ sung ", "Điều 5 ", "(", ")", "này", "“", "Nơi nhận:\n", "Nghị quyết Đại hội ",
     "khóa XII", "\u200b"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=50))
def test_the_search_is_total_and_offsets_hold(pieces: list[str]) -> None:
    text = Text.of_string("".join(pieces))
    citations, statements = find_citations(text, issuer=None, place=None, doc_type=None, number=None, date=None)
    for citation in citations:
        assert 0 <= citation.start <= len(text.value)
        assert citation.printed[:3].split()[0][:1] in text.value[citation.start : citation.start + 4]
    for statement in statements:
        assert statement.subject != statement.object
        assert max(statement.subject, statement.object) < len(citations)


@pytest.mark.parametrize(
    "piece", ["số 1/2020/12 4 7/ ", "1/2-3 số ", "khoản 1 Điều 2 ", "Quyết định số 12 ", "(", "\n "]
)
def test_the_search_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = Text.of_string(piece * (size // len(piece)))
        start = time.process_time()
        find_citations(text, issuer=None, place=None, doc_type=None, number=None, date=None)
        return time.process_time() - start

    small, large = seconds(15_000), seconds(120_000)
    assert large < 8 * 4 * max(small, 0.005)


@pytest.mark.parametrize(
    ("text", "told", "reason"),
    [
        (
            "Căn cứ Luật Đất đai ngày 18/01/2024; Luật sửa đổi, bổ sung một số điều của Luật Đất đai số "
            "31/2024/QH15, "
            "Luật Nhà ở số 27/2023/QH15 ngày 29/6/2024;",
            [
                (None, "2024-01-18", "basis"),
                (None, "2024-06-29", "basis"),
                ("31/2024/QH15", None, "nested"),
                ("27/2023/QH15", None, "nested"),
            ],
            "the last date is the amending law's",
        ),
        (
            "Theo Luật Lưu trữ, Luật Lưu trữ số 33/2024/QH15 và Luật Lưu trữ",
            [("33/2024/QH15", None, "refers")],
            "one law, its number said later",
        ),
        (
            "Thực hiện Công văn số 193/UBND-BCĐ và Kế hoạch số 194/KH-BCĐ, ngày 01/11/2017 của Ban Chỉ đạo",
            [("193/UBND-BCĐ", "2017-11-01", "implements"), ("194/KH-BCĐ", "2017-11-01", "implements")],
            "the comma makes the date one of both",
        ),
        (
            "Thực hiện Chỉ thị số 19/CT-TTg và Công văn số 5/UBND-NC ngày 3/4/2022 của UBND tỉnh",
            [("19/CT-TTg", None, "implements"), ("5/UBND-NC", "2022-04-03", "implements")],
            "two series, one date: it is the last one's",
        ),
        (
            "Quyết định số 1466/QU-UBND ngày 29/12/2023",
            [("1466/QĐ-UBND", "2023-12-29", "mentions")],
            "one letter misread, the type word tells",
        ),
        (
            "Thực hiện Kế hoạch\nsố 93/KH-UBND ngày 12/4/2022",
            [("93/KH-UBND", "2022-04-12", "implements")],
            "a line that opens with số is no header",
        ),
        (
            "Căn cứ Luật Ngân sách nhà nước số 83/2015/QH13 và Luật Ngân sách Nhà nước số 89/2025/QH15;",
            [("83/2015/QH13", None, "basis"), ("89/2025/QH15", None, "basis")],
            "two numbers under one name are two laws",
        ),
        (
            "Sửa đổi Thông tư số 28/2021/TT-BCT hướng dẫn Luật Lưu trữ\nCăn cứ Luật Lưu trữ ngày 25/6/2015;",
            [("28/2021/TT-BCT", None, "amends"), (None, "2015-06-25", "basis")],
            "one law: first in a title, then a basis with its day",
        ),
        (
            "Thông tư số 1/2025/TT-BTС",
            [("1/2025/TT-BTC", None, "mentions")],
            "the last letter is a Cyrillic С",
        ),
        (
            "Luật Báo chí số 103/2016/QH13 đã được sửa đổi, bổ sung một số điều theo Luật số 35/2018/QH14 và "
            "Luật số "
            "93/2025/QH15 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.",
            [
                ("103/2016/QH13", None, "repeals"),
                ("35/2018/QH14", None, "nested"),
                ("93/2025/QH15", None, "nested"),
            ],
            "the amending laws do much else: only the amended one ends",
        ),
        (
            "SỬA ĐỔI, BỔ SUNG MỘT SỐ NỘI DUNG CÁC THÔNG TƯ SỐ 11/2021/TT-BXD HƯỚNG DẪN CHI PHÍ; THÔNG TƯ SỐ "
            "12/2021/TT-BXD",
            [("11/2021/TT-BXD", None, "amends"), ("12/2021/TT-BXD", None, "amends")],
            "một số nội dung is as light as một số điều; the list goes on behind the semicolon",
        ),
    ],
)
def test_misses_found_by_reading_real_texts(
    text: str, told: list[tuple[str | None, str | None, str]], reason: str
) -> None:
    assert _told(_find(text)[0]) == told, reason


@pytest.mark.parametrize(
    ("text", "issuer", "reason"),
    [
        ("đề nghị của UBND thị trấn Mộ Đức tại Tờ trình số 304/TTr-UBND", "Ủy ban nhân dân thị trấn Mộ Đức",
         "speaks in it"),
        ("Chỉ thị số 5/CT-TTg của Thi tướng", "Thủ tướng Chính phủ", "a remnant of OCR gives way to the symbol"),
        ("Luật số 20/2023/QH15 ngày 22/6/2023 của Quốc hội thí điểm", "Quốc hội", "a central body takes no place"),
        ("Kế hoạch số 194/KH-BCĐ của Ban Chỉ đạo Phòng, chống tội phạm, tệ nạn xã hội tỉnh về việc",
         "Ban Chỉ đạo Phòng, chống tội phạm, tệ nạn xã hội tỉnh Kiên Giang", "commas inside a name"),
        ("Thông tư số 11/2010/TT-BVHTTDL của Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch Quy định tiêu chí",
         "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch", "a title opens with a capital"),
    ],
)  # fmt: skip
def test_where_an_issuer_ends(text: str, issuer: str, reason: str) -> None:
    assert [citation.issuer for citation in _find(text)[0]] == [issuer], reason


@pytest.mark.parametrize(
    ("text", "stated", "reason"),
    [
        (
            "Nghị định số 20/2008/NĐ-CP ngày 14/02/2008 của Chính phủ về tiếp nhận kiến nghị của cá nhân (được "
            "sửa đổi, "
            "bổ sung tại Nghị định số 48/2013/NĐ-CP ngày 14/5/2013)",
            [("48/2013/NĐ-CP", "amends", "20/2008/NĐ-CP")],
            "the passive stands behind the title",
        ),
        (
            "Nghị định số 112/2020/NĐ-CP về kỷ luật (sửa đổi, bổ sung theo Nghị định số 71/2023/NĐ-CP ngày "
            "20/9/2023)",
            [("71/2023/NĐ-CP", "amends", "112/2020/NĐ-CP")],
            "a passive without được, in brackets",
        ),
        (
            "Thông tư số 34/2025/TT-NHNN hướng dẫn Nghị định số 24/2012/NĐ-CP về kinh doanh vàng được sửa đổi, "
            "bổ sung bởi "
            "Nghị định số 232/2025/NĐ-CP",
            [("34/2025/TT-NHNN", "guides", "24/2012/NĐ-CP"), ("232/2025/NĐ-CP", "amends", "24/2012/NĐ-CP")],
            "the decree inside the title is the one amended",
        ),
        (
            "Nghị định số 78/2025/NĐ-CP của Chính phủ quy định chi tiết thi hành Luật Lưu trữ được sửa đổi, bổ "
            "sung bởi "
            "Nghị định số 187/2025/NĐ-CP",
            [("78/2025/NĐ-CP", "guides", "Luật Lưu trữ"), ("187/2025/NĐ-CP", "amends", "78/2025/NĐ-CP")],
            "a decree amends the decree, not the law in its title; quy định chi tiết thi hành is one verb",
        ),
        (
            "Nghị định số 67/2009/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 127/2007/NĐ-CP quy định "
            "chi tiết Luật "
            "Lưu trữ và Nghị định số 132/2008/NĐ-CP",
            [
                ("67/2009/NĐ-CP", "amends", "127/2007/NĐ-CP"),
                ("127/2007/NĐ-CP", "guides", "Luật Lưu trữ"),
                ("67/2009/NĐ-CP", "amends", "132/2008/NĐ-CP"),
            ],
            "the second decree is amended beside the first, not detailed by it",
        ),
        (
            "Quyết định số 5/QĐ-UBND được thay thế bằng Quyết định số 9/QĐ-UBND ngày 1/2/2020",
            [("9/QĐ-UBND", "replaces", "5/QĐ-UBND")],
            "the passive turns the direction",
        ),
    ],
)
def test_what_a_text_says_of_two_others(text: str, stated: list[tuple[str, str, str]], reason: str) -> None:
    citations, statements = _find(text)
    names = [citation.number or citation.title for citation in citations]
    assert [(names[s.subject], s.relation, names[s.object]) for s in statements] == stated, reason


@pytest.mark.parametrize(
    ("text", "told", "reason"),
    [
        ("Căn cứ Quyết định số 12/2021/QĐ-T1g", [("12/2021/QĐ-TTg", None, "basis")], "T1g is TTg"),
        ("Căn cứ Nghị quyết số 7/2023/NQO-HĐND", [("7/2023/NQ-HĐND", None, "basis")], "NQO is NQ"),
        ("Căn cứ Công văn số 2] 05/UBND-NC ngày 6/5/2022", [("2105/UBND-NC", "2022-05-06", "basis")],
         "] is 1, a blank none"),
        ("Xét đề nghị tại Tờ trình số I 420TTr-BQL ngày 13/12/2024", [("1420/TTr-BQL", "2024-12-13",
         "on_proposal")],
         "a digit like a letter and a blank, and no slash"),
        ("Theo Quyết định số 14/2013/QĐ-TTs", [("14/2013/QĐ-TTg", None, "refers")], "TTs is TTg"),
        ("Căn cứ Công văn số §94/UBND-NC", [("894/UBND-NC", None, "basis")], "§ is 8"),
        ("theo Quyết định ` số Š 2411/QĐ- UBND ngày\n3\n20/11/2012", [("2411/QĐ-UBND", "2012-11-20", "refers")],
         "noise around số"),
        ("Căn cứ Nghị định số 1 01/2024NĐ-CP", [("101/2024/NĐ-CP", None, "basis")],
         "the slash behind the year is lost"),
        ("_Căn cứ Kế hoạch số 65/KH-SYT", [("65/KH-SYT", None, "basis")], "a dash read as an underscore"),
        ("Kính gửi:\n719/KCB-BVSK ngày 23 tháng 11 năm 2017", [("719/KCB-BVSK", "2017-11-23", "mentions")],
         "type word and số lie on a lost piece of the line: the day tells"),
        ("Theo Công văn số 21/SYT-KHTC hồi 0§ giờ ngày 25/12/2017", [("21/SYT-KHTC", "2017-12-25", "refers")],
         "an hour misread"),
        ("(gọi chung là các đơn vị)\n11/12/2017 Sở Y tế ban hành Công văn số 43/SYT-NVY", [("43/SYT-NVY",
         "2017-12-11", "refers")],
         "ngày is lost before the day"),
        ("Căn cứ Kế hoạch số 3# /KH-SYT, ngày 06 tháng 11 năm 2017", [],
         "a number that can't be read is none, not its first digit"),
        ("VaII SỐ 179/DIN1LJ-DLX.17 VũA", [], "digits inside letters are no code"),
        ("Căn cứ các Nghị định: số 5/2024/NĐ-CP về quyền. Sử dụng đất; số 6/2024/NĐ-CP ngày 30/7/2024",
         [("5/2024/NĐ-CP", None, "basis"), ("6/2024/NĐ-CP", "2024-07-30",
          "basis")], "a dot of the scanner ends no list"),
        ("1 Thông báo số 185/TB-VPCP ngày 14/4/2026; số 4/TTg-CĐS ngày 19/4/2026",
         [("185/TB-VPCP", "2026-04-14", "refers"), ("4/TTg-CĐS", "2026-04-19",
          "refers")], "a note at the foot of the page"),
        ("Thực hiện Kết luận như sau:\nChủ tịch UBND tỉnh đã điều động ông Nguyễn Văn A đến nhận công tác tại "
         "Đảng ủy tại Quyết định số "
         "65/QĐ-UBND", [("65/QĐ-UBND", None, "refers")], "a sentence behind a colon is no line of a list"),
    ],
)  # fmt: skip
def test_damage_found_on_real_scans(
    text: str, told: list[tuple[str | None, str | None, str]], reason: str
) -> None:
    found = _told(_find(text)[0])
    folded = {"mentions": "refers"} if told and told[0][2] == "refers" else {}
    assert [(number, date, folded.get(relation, relation)) for number, date, relation in found] == told, reason


@pytest.mark.parametrize(
    ("text", "number", "review", "reason"),
    [
        ("Căn cứ Quyết định số 1747/QĐ-BGTTT ngày 01/12/2024 của Bộ Giao thông vận tải;", "1747/QĐ-BGTVT", True,
         "no such code, and a letter from that of the printed body"),
        ("Căn cứ Quyết định số 1747/QĐ-BGTVT ngày 01/12/2024 của Bộ Giao thông vận tải;", "1747/QĐ-BGTVT", False,
         "as printed"),
        ("Căn cứ Quyết định số 12/QĐ-BTC ngày 01/12/2024 của Bộ Công Thương;", "12/QĐ-BTC", False,
         "a code of the table stays, whoever is printed"),
        ("Căn cứ Quyết định số 12/QĐ-XYZT ngày 01/12/2024 của Bộ Giao thông vận tải;", "12/QĐ-XYZT", False,
         "too far from it: an office's own code"),
        ("Căn cứ Tờ trình số 32/TTr-SVHTT@&DL ngày 12/02/2025;", "32/TTr-SVHTT&DL", True, "a sign was mended"),
        ("Căn cứ Chỉ thị số 19/CT-TTE ngày 23/8/2024 của Thủ tướng Chính phủ;", "19/CT-TTg", True,
         "a code of a closed set was mended"),
    ],
)  # fmt: skip
def test_codes_are_mended_where_a_table_vouches_and_a_person_is_asked(
    text: str, number: str, review: bool, reason: str
) -> None:
    found, _ = _find(text, date="2025-03-01")
    assert [(citation.number, citation.review) for citation in found] == [(number, review)], reason


@pytest.mark.parametrize(
    ("text", "issuers", "reason"),
    [
        ("số 01/2015/TTLT-BNV-BTC ngày 10/01/2015", "Bộ Nội vụ; Bộ Tài chính", "by the symbol alone"),
        ("số 01/2015/TTLT-BNV-BTC của Bộ Nội vụ và Bộ Tài chính", "Bộ Nội vụ; Bộ Tài chính", "two, with và"),
        ("số 01/2015/TTLT-BNV-BTC của Bộ Nội vụ", "Bộ Nội vụ; Bộ Tài chính", "one printed: the symbol has both"),
        ("số 20/2013/TTLT-BLĐTBXH-BNV-BTC của Bộ Lao động - Thương binh và Xã hội, Bộ Nội vụ và Bộ Tài chính",
         "Bộ Lao động - Thương binh và Xã hội; Bộ Nội vụ; Bộ Tài chính", "three, with a hyphen and và in a name"),
        ("số 20/2013/TTLT-BLĐTBXH-BNV của Bộ Lao động - Thương binh và Xã hội - Bộ Nội vụ",
         "Bộ Lao động - Thương binh và Xã hội; Bộ Nội vụ", "parted by a hyphen"),
    ],
)  # fmt: skip
def test_joint_issuers_are_several(text: str, issuers: str, reason: str) -> None:
    (found,), _ = _find(f"Căn cứ Thông tư liên tịch {text};")
    assert (found.issuer, found.review) == (issuers, False), reason


def test_a_comma_behind_one_issuer_joins_no_other() -> None:
    (found,), _ = _find("Thực hiện Công văn số 15/BNV-VP ngày 01/8/2024 của Bộ Nội vụ, Bộ Tài chính báo cáo:")
    assert found.issuer == "Bộ Nội vụ"


@pytest.mark.parametrize(
    ("text", "title", "reason"),
    [
        ("về cải cách hành chính, Chủ tịch UBND tỉnh yêu cầu: các sở báo cáo.", "cải cách hành chính",
         "a colon behind the verb"),
        ("về công tác văn thư năm 2024, nay Sở Nội vụ báo cáo như sau.", "công tác văn thư năm 2024", "nay"),
        ("về chuyển đổi số và tình hình thực tế tại địa phương, Phòng Văn hóa lập kế hoạch.", "chuyển đổi số",
         "the citing body's own ground"),
        ("về tình hình thực tế và yêu cầu cấp bách.", "tình hình thực tế và yêu cầu cấp bách",
         "the same words as the subject stay"),
    ],
)  # fmt: skip
def test_a_title_stops_where_it_ends(text: str, title: str, reason: str) -> None:
    (found,), _ = _find(f"Thực hiện Kế hoạch số 55/KH-BNV ngày 01/8/2024 {text}")
    assert found.title == title, reason


@pytest.mark.parametrize(
    ("text", "numbers", "reason"),
    [
        ("Tòa án thụ lý vụ án số 11/2024/DSST ngày 05/5/2024.", [], "a case taken in"),
        ("Hồ sơ có số thụ lý: 13/2024/HNGĐ-ST ngày 02/2/2024.", [], "its number behind a colon"),
        ("Thông báo thụ lý số 33/TB-TLVA ngày 02/2/2024.", ["33/TB-TLVA"], "the notice of it is a document"),
        ("Nội dung.\nBẢN SAO Y số 14/SY-UBND ngày 20/10/2024", [], "a copy's own block"),
        ("Nội dung.\nSAO Y; số 12/SY-UBND ngày 20/10/2024", [], "a copy's own block"),
        ("Nội dung.\nSAO Y\nngày 20/10/2024\nTRÍCH SAO số 16/TrS-VP", [], "a block whose lines were joined"),
        ("Theo Bản sao y số 14/SY-UBND ngày 20/10/2024 của UBND tỉnh.", ["14/SY-UBND"], "a sentence about a copy"),
    ],
)  # fmt: skip
def test_numbers_of_cases_and_copies_are_no_citations(text: str, numbers: list[str], reason: str) -> None:
    assert [one.number for one in _find(text)[0]] == numbers, reason


def test_a_range_behind_the_plural_is_one_provision() -> None:
    (found,), _ = _find("Theo các Điều từ 5 đến 9 Nghị định số 33/2020/NĐ-CP.")
    assert found.provision == "các Điều từ 5 đến 9"
