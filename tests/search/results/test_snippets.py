"""Snippets: the stretch that holds most, escaped, marked, with its page; and all marks of a page for its image."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.language import parse
from search.results.snippets import ranges, snippet, targets

FILLER = "văn bản này không có gì đáng chú ý cả và cứ thế mà đi tiếp cho dài thêm ra " * 12

MARKED = [
    ("thi đua", "phong trào thi đua yêu nước", ["thi đua"], "neighbours become one mark"),
    ("thi dua", "phong trào Thi Đua yêu nước", ["Thi Đua"], "without accents, whatever the case"),
    ("hòa", "hoà giải và HOÀ bình", ["hoà", "HOÀ"], "old tone placement"),
    ("thi", "thiên thi thi_b xthi", ["thi thi"], "whole tokens only; an underscore parts them"),
    ("thi*", "thiên nhiên thi cử", ["thiên", "thi"], "a beginning"),
    ("31/KH-STTTT", "Số: 31 /KH-STTTT ngày", ["31 /KH-STTTT"], "a number in another spelling"),
    ('"thi đua" -khen', "thi đua, khen", ["thi đua"], "what must not occur is not marked"),
    ("a OR b", "a b c", ["a b"], "either"),
    ("zzz", "không có", [], "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "text", "marked", "reason"), MARKED, ids=[row[3] for row in MARKED])
def test_marks(query: str, text: str, marked: list[str], reason: str) -> None:
    shown = snippet([(1, text)], targets(parse(query)))
    assert re.findall("<mark>(.*?)</mark>", shown.html) == marked, reason
    assert re.sub("</?mark>", "", shown.html) == text


def test_the_page_that_holds_most_is_shown() -> None:
    pages = [(1, "thi " + FILLER), (2, FILLER + "khen thưởng và thi đua cuối năm" + FILLER), (3, "đua " + FILLER)]
    shown = snippet(pages, targets(parse("thi đua")))
    assert shown.page == 2 and "<mark>thi đua</mark>" in shown.html
    assert shown.html.startswith("… ") and shown.html.endswith(" …")


def test_accents_as_typed_are_preferred() -> None:
    shown = snippet([(1, "ma " + FILLER + " mã " + FILLER)], targets(parse("mã")))
    assert "<mark>mã</mark>" in shown.html


def test_a_text_without_any_mark_shows_how_it_begins() -> None:
    assert snippet([(4, "Mở đầu. " + FILLER)], targets(parse("zzz"))).html.startswith("Mở đầu. văn bản")
    assert snippet([], targets(parse("zzz"))).page is None


def test_markup_in_a_text_stays_text() -> None:
    shown = snippet([(1, "<script>thi</script> & <mark>đua</mark>")], targets(parse("thi")))
    assert shown.html == "&lt;script&gt;<mark>thi</mark>&lt;/script&gt; &amp; &lt;mark&gt;đua&lt;/mark&gt;"


@given(st.text(), st.text())
def test_any_text_and_query(text: str, query: str) -> None:
    wanted = targets(parse(query))
    shown = snippet([(1, text)], wanted)
    assert shown.html.count("<mark>") == shown.html.count("</mark>")
    assert "<" not in re.sub("</?mark>", "", shown.html)
    assert all(0 <= start < end <= len(text) for start, end in ranges(text, wanted))


def test_ranges_give_offsets_in_the_text() -> None:
    text = "ĐỘC LẬP – Tự do – độc lập"
    assert [text[a:b] for a, b in ranges(text, targets(parse("doc lap")))] == ["ĐỘC", "LẬP", "độc", "lập"]
