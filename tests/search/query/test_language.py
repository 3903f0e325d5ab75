"""The query language: every form of the contract, and that no text makes an error."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.engines.fields import FILED, TAGGED
from search.query import planning
from search.query.language import (
    AnyOf,
    CitesTerm,
    Dates,
    Having,
    InEffect,
    InField,
    InFile,
    NumberTerm,
    Phrase,
    Prefix,
    Query,
    Signed,
    WordTerm,
    parse,
)


def w(text: str, folded: str = "") -> WordTerm:
    return WordTerm(text, folded or text)


THI, DUA = w("thi"), w("đua", "dua")

PARSED: list[tuple[str, Query]] = [
    ("thi đua", Query("", (THI, DUA))),
    ('"thi đua"', Query("", (Phrase((THI, DUA)),))),
    ("“thi đua”", Query("", (Phrase((THI, DUA)),))),
    ('"thi"', Query("", (THI,))),
    ("hoso:2026/01.TCCB thi", Query("", (InFile("2026/01.tccb"), THI))),
    ('file:"01. TCCB"', Query("", (InFile("01.tccb"),))),
    ("thi -hoso:01.TĐKT", Query("", (THI,), (InFile("01.tdkt"),))),
    ('nhan:"chờ ký" thi', Query("", (Having("tag", ("choky",)), THI))),
    ("nhan:Chờ-ký", Query("", (Having("tag", ("choky",)),))),
    ("-tag:choky", Query("", (), (Having("tag", ("choky",)),))),
    ("nhan:không", Query("", (), (Having("tag", (TAGGED,)),))),
    ("hoso:khong", Query("", (), (InFile(FILED),))),
    ("-hoso:không", Query("", (InFile(FILED),))),
    ("hoso:01.A OR hoso:02.A", Query("", (AnyOf((InFile("01.a"), InFile("02.a"))),))),
    ("thi -đua", Query("", (THI,), (DUA,))),
    ('thi -"thi đua"', Query("", (THI,), (Phrase((THI, DUA)),))),
    ("hồ sơ:01.TCCB thi", Query("", (InFile("01.tccb"), THI))),
    ("hồ sơ: 01.TCCB thi", Query("", (InFile("01.tccb"), THI))),
    ("thi -hồ sơ: 01.TĐKT", Query("", (THI,), (InFile("01.tdkt"),))),
    ("hồ sơ:", Query("", (w("hồ", "ho"), w("sơ", "so")))),
    ('"hồ sơ: 01"', Query("", (Phrase((w("hồ", "ho"), w("sơ", "so"), w("01"))),))),
    ("năm: 2022", Query("", dates=Dates("2022-01-01", "2022-12-31"))),
    ("trích yếu: thi", Query("", (InField("subject", (THI,)),))),
    ("số: 31", Query("", (w("số", "so"), w("31")))),
    ("thi OR đua", Query("", (AnyOf((THI, DUA)),))),
    ("thi OR đua OR x", Query("", (AnyOf((THI, DUA, w("x"))),))),
    ("thi HOẶC đua", Query("", (AnyOf((THI, DUA)),))),
    ("OR thi", Query("", (THI,))),
    ("thi OR", Query("", (THI,))),
    ("thi*", Query("", (Prefix(THI),))),
    ("t*", Query("", (w("t"),))),
    ("*", Query("")),
    ("loai:công", Query("", (InField("type", (w("công", "cong"),)),))),
    ('loai:"Kế hoạch"', Query("", (InField("type", (w("kế", "ke"), w("hoạch", "hoach")), True),))),
    ("coquan:y", Query("", (InField("issuer", (w("y"),)),))),
    ("issuer:y", Query("", (InField("issuer", (w("y"),)),))),
    ("cơquan:y", Query("", (InField("issuer", (w("y"),)),))),
    ("noinhan:vt", Query("", (InField("recipient", (w("vt"),)),))),
    ("nguoiky:a", Query("", (InField("signer", (w("a"),)),))),
    ("trichyeu:a", Query("", (InField("subject", (w("a"),)),))),
    ("-loai:a", Query("", (), (InField("type", (w("a"),)),))),
    ("nam:2022", Query("", dates=Dates("2022-01-01", "2022-12-31"))),
    ("year:2021..2022", Query("", dates=Dates("2021-01-01", "2022-12-31"))),
    ("tu:2022-01-05 den:2022-12-31", Query("", dates=Dates("2022-01-05", "2022-12-31"))),
    ("from:5/1/2022 to:2022-03", Query("", dates=Dates("2022-01-05", "2022-03-31"))),
    ("nam:2022 tu:2022-06-01", Query("", dates=Dates("2022-06-01", "2022-12-31"))),
    ("nam:xưa", Query("", (w("xưa", "xua"),))),
    ("tu:2022-13-01", Query("", (w("2022"), w("13"), w("01")))),
    ("dan:93/KH-UBND", Query("", (CitesTerm("93-KH-UBND", "93/KH-UBND"),))),
    ("cites:93/kh-ubnd", Query("", (CitesTerm("93-KH-UBND", "93/kh-ubnd"),))),
    ("kyso:co", Query("", (Signed(("yes",)),))),
    ("kyso:khong", Query("", (), (Signed(("yes",)),))),
    ("-kyso:khong", Query("", (Signed(("yes",)),))),
    ('kyso:"hợp lệ"', Query("", (Signed(("valid", "valid_unknown_issuer", "valid_weak_algorithm")),))),
    ("kyso:hop-le", Query("", (Signed(("valid", "valid_unknown_issuer", "valid_weak_algorithm")),))),
    ("signed:broken", Query("", (Signed(("broken",)),))),
    ("kyso:thaydoi OR kyso:hong", Query("", (AnyOf((Signed(("changed_after",)), Signed(("broken",)))),))),
    ("thi -kyso:loi", Query("", (THI,), (Signed(("broken", "changed_after")),))),
    ("kyso:thi", Query("", (THI,))),
    ("hieuluc:con", Query("", (InEffect("in_force"),))),
    ("effect:ended", Query("", (InEffect("ended"),))),
    ('hieuluc:"hết hiệu lực một phần"', Query("", (InEffect("partly"),))),
    ("thi -hieuluc:chưa", Query("", (THI,), (InEffect("coming"),))),
    ("hieuluc:2024-05-01", Query("", (InEffect("in_force", "2024-05-01"),))),
    ("hieuluc:1/5/2024", Query("", (InEffect("in_force", "2024-05-01"),))),
    ("hieuluc:het OR hieuluc:chua", Query("", (AnyOf((InEffect("ended"), InEffect("coming"))),))),
    ("hieuluc:thi", Query("", (THI,))),
    ("hieuluc:31/02/2024", parse("31/02/2024")),
    ("hieuluc:9999-12-31", parse("9999 12 31")),
    ("hieuluc:0000-01-01", parse("0000 01 01")),
    ("hieuluc:2024", parse("2024")),
    ("lạ:thi", Query("", (w("lạ", "la"), THI))),
    ("loai:", Query("", (w("loai"),))),
    ("", Query("")),
    ("— … !", Query("")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), PARSED, ids=[row[0] or "nothing" for row in PARSED])
def test_parsed(text: str, meant: Query) -> None:
    found = parse(text)
    assert (found.must, found.without, found.dates) == (meant.must, meant.without, meant.dates)


@pytest.mark.parametrize(("text", "key"), [
    ("31/KH-STTTT", "31-KH-STTTT"),
    ("31/kh-stttt", "31-KH-STTTT"),
    ("31 /KH-STTTT", "31-KH-STTTT"),
    ("3l/KH-STTTT", "31-KH-STTTT"),
    ("Ol/2016/NĐ-CP", "1-2016-ND-CP"),
    ("l1/2O25/NĐ-CP", "11-2025-ND-CP"),
    ("lO/VBHN-BCA", "10-VBHN-BCA"),
    ("34-CT/TW", "34-CT-TW"),
    ("11/2025/TTLT-VKSNDTC-TANDTC-BCA-BQP-BTP-BTC-BCT-BXD-BNN&MT-KTNN-TTCP",
     "11-2025-TTLT-VKSNDTC-TANDTC-BCA-BQP-BTP-BTC-BCT-BXD-BNN&MT-KTNN-TTCP"),
    ("kế hoạch 31/KH-STTTT năm nay", "31-KH-STTTT"),
])  # fmt: skip
def test_a_whole_number_in_any_spelling(text: str, key: str) -> None:
    assert [number.key for number in parse(text).numbers] == [key]


@pytest.mark.parametrize(("text", "parts"), [
    ("31 kh stttt", ("31", "kh", "stttt")),
    ("KH31", ("kh", "31")),
    ("kh 31", ("kh", "31")),
    ("55 2010 QH12", ("55", "2010", "qh", "12")),
])  # fmt: skip
def test_parts_of_a_number(text: str, parts: tuple[str, ...]) -> None:
    assert parse(text).numbers[0].parts == parts


def test_what_is_not_understood_is_searched_as_words() -> None:
    assert parse('thi" -- ) đua:').words == (THI, DUA)
    assert NumberTerm not in {type(clause) for clause in parse("và/hoặc").must}


@given(st.text())
@example('"' * 50)
@example("-" * 300)
@example("nam:99999999999999999999")
@example("a OR " * 100)
@example("((((:::***\x00\ud800")
@example("2/2/2 31/31/31-31/31 loai:-tu:den:")
def test_no_text_makes_an_error(text: str) -> None:
    query = parse(text)
    planning.exact(query)
    planning.broad(query)
    planning.relaxed(query)


@given(
    st.lists(
        st.sampled_from(["thi", "đua", "OR", "-", '"', "loai:", "nam:2022", "31/KH-UBND", "*", ":", "..", " "])
    )
)
def test_no_mixture_of_signs_makes_an_error(pieces: list[str]) -> None:
    planning.broad(parse("".join(pieces)))
    planning.exact(parse(" ".join(pieces)))


@given(st.text())
def test_nfd_means_the_same(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    if len(decomposed) < 2000:
        assert parse(composed).must == parse(decomposed).must
