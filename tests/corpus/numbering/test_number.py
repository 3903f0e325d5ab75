"""Numbers: every family parses to what the clerk would write, noise is mended, look-alikes are none,
nothing runs on.
"""

from __future__ import annotations

import csv
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.numbering.number import find, match_key, parse
from corpus.numbering.symbol import repair_symbol

_TABLE = Path(__file__).parents[2] / "tables" / "numbers.tsv"


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row | {"raw": json.loads(f'"{row["raw"]}"')} for row in rows]


_NUMBERS = [row for row in _rows() if row["canonical"]]
_NONE = [row for row in _rows() if not row["canonical"]]


@pytest.mark.parametrize("row", _NUMBERS, ids=lambda row: row["canonical"])
def test_a_printed_number_is_read(row: dict[str, str]) -> None:
    number = parse(row["raw"], type_word=row["type_word"])
    assert number is not None, row["reason"]
    assert number.canonical == row["canonical"], row["reason"]
    assert str(number.year or "") == (row["year"] or "")
    if row["type_code"]:
        assert number.type_code == row["type_code"], row["reason"]
    if row["issuer"]:
        assert "-".join(number.issuer_codes) == row["issuer"], row["reason"]
    assert (number.unit_code or "") == (row["unit"] or "")


@pytest.mark.parametrize("row", _NUMBERS, ids=lambda row: row["canonical"])
def test_a_number_is_found_in_running_text(row: dict[str, str]) -> None:
    text = f"theo {row['type_word']} {row['raw']}, các đơn vị báo cáo."
    hits = [hit for hit in find(text) if hit.number.canonical == row["canonical"]]
    assert len(hits) == 1, row["reason"]
    assert (
        parse(text[hits[0].start : hits[0].end], type_word=row["type_word"]) is not None
        or hits[0].number.family == "blank"
    )


@pytest.mark.parametrize("row", _NUMBERS, ids=lambda row: row["canonical"])
def test_printed_and_parsed_again_it_is_equal(row: dict[str, str]) -> None:
    number = parse(row["canonical"], type_word=row["type_word"])
    assert number is not None and number.canonical == row["canonical"]


@pytest.mark.parametrize("row", _NONE, ids=lambda row: row["raw"])
def test_what_only_looks_like_a_number_is_none(row: dict[str, str]) -> None:
    assert parse(row["raw"]) is None
    assert list(find(row["raw"])) == []


_STATE = [
    row
    for row in _NUMBERS
    if row["canonical"].count("/") == 1 and row["type_code"] and not set(".: ?") & set(row["canonical"])
]
_NOISE = {
    "Eth for Đ": lambda text: text.replace("Đ", "Ð"),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "en dash": lambda text: text.replace("-", "–"),
    "a blank behind the hyphen": lambda text: text.replace("-", "- "),
    "line broken behind the slash": lambda text: text.replace("/", "/\n"),
    "O for 0": lambda text: text.replace("0", "O", 1),
    "l for 1": lambda text: text.replace("1", "l", 1),
    "zero-width blank": lambda text: text.replace("-", "-\u200b"),
}


@pytest.mark.parametrize("noise", _NOISE, ids=str)
def test_noise_of_typists_and_scanners_changes_nothing(noise: str) -> None:
    for row in _STATE:
        damaged = f"{row['type_word']} số {_NOISE[noise](row['canonical'])}"
        hits = [hit.number.canonical for hit in find(damaged)]
        assert hits == [row["canonical"]], (noise, damaged)


_CODES = st.sampled_from(["KH", "QĐ", "CT", "TTr", "QyĐ", "CTr", "NQ", "TB", "BC", "GM", "HD", "KL"])
_BODIES = st.sampled_from(["UBND", "STTTT", "SYT", "SGDĐT", "BTTTT", "TTg", "HĐND", "SNV", "VPCP", "XYZ"])


@given(
    st.integers(1, 99_999),
    st.sampled_from(["", "a", "b", "bis"]),
    st.none() | st.integers(1945, 2099),
    _CODES,
    _BODIES,
)
def test_any_state_number_survives_printing(no: int, suffix: str, year: int | None, code: str, body: str) -> None:
    printed = f"{no:02d}{suffix}/{f'{year}/' if year else ''}{code}-{body}"
    number = parse(f"Số: {printed}")
    assert number is not None and number.canonical == printed
    assert (number.ordinal, number.suffix, number.year) == (no, suffix, year)


@given(
    st.integers(1, 9_999),
    st.sampled_from(["NQ", "QĐ", "CT", "KL", "QyĐ", "QĐi", "TB"]),
    st.sampled_from(["TW", "TU", "HU", "ĐU"]),
)
def test_any_party_number_survives_printing(no: int, code: str, body: str) -> None:
    printed = f"{no:02d}-{code}/{body}"
    number = parse(printed)
    assert number is not None and (number.canonical, number.family) == (printed, "party")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_find_is_total(text: str) -> None:
    for hit in find(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.number.raw == text[hit.start : hit.end]


@given(
    st.lists(
        st.sampled_from(["số ", "12", "/", "-", "QĐ", "2020", "UBND", " ", "\n", "l", "O", ".", "Luật ", "ngày "]),
        max_size=60,
    )
)
def test_find_is_total_on_pieces_of_numbers(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert all(text[hit.start : hit.end] for hit in find(text))


@pytest.mark.parametrize(
    ("spelling", "reason"),
    [
        ("05/QĐ-UBND.NC", "dot before the unit"),
        ("5/QD-UBND-NC", "no leading zero, Đ lost"),
        ("5 qđ ubnd nc", "typed into the search box"),
        ("Số: 05/qđ-ubnd-nc", "small letters"),
    ],
)
def test_spellings_share_a_key(spelling: str, reason: str) -> None:
    assert match_key(spelling) == "5-QD-UBND-NC", reason


@pytest.mark.parametrize("text", ["kế hoạch", "", "2022", "số 115 đường Nguyễn Huệ", "Số:    /KH-UBND"])
def test_no_key_without_a_number(text: str) -> None:
    assert match_key(text) is None


@pytest.mark.parametrize(
    ("read", "meant", "reason"),
    [
        ("/KH-SYT", "KH-SYT", "as the pre-printed form has it"),
        ("/KH- SYT", "KH-SYT", "blank behind the hyphen"),
        ("QÐ-UBND", "QĐ-UBND", "Eth"),
        ("QD-TTG", "QĐ-TTg", "marks and case lost"),
        ("QĐUBND", "QĐ-UBND", "hyphen lost"),
        ("CT/TVV", "CT/TW", "W read as two V"),
        ("HD-SNV", "HD-SNV", "HD is Hướng dẫn, never made HĐ"),
        ("QLD-CL", "QLD-CL", "unknown codes stay"),
    ],
)
def test_symbols_are_mended_by_the_authority_list(read: str, meant: str, reason: str) -> None:
    assert repair_symbol(read) == meant, reason


def test_the_type_word_decides_what_letters_cannot() -> None:
    letter = parse("12345/CT-TTHT", type_word="Công văn")
    directive = parse("12345/CT-TTHT", type_word="Chỉ thị")
    assert letter is not None and (letter.family, letter.issuer_codes) == ("cv", ("CT",))
    assert directive is not None and (directive.family, directive.type_code) == ("state", "CT")


@pytest.mark.parametrize("piece", ["số 1/2020/12 4 7/ ", "1/2-", "0", "/", "Số: ....", "1/Q", "O/l"])
def test_the_search_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        for _ in find(text):
            pass
        return time.process_time() - start

    small, large = seconds(50_000), seconds(400_000)
    assert large < 8 * 4 * max(small, 0.005)


@pytest.mark.parametrize(
    ("printed", "canonical", "reason"),
    [
        ("236/QĐ-BCĐ138/CP", "236/QĐ-BCĐ138/CP", "a committee of the Government"),
        ("01/2012/NQLT/CP- BCHTWĐTN", "01/2012/NQLT-CP-BCHTWĐTN", "joint, with a slash"),
        ("66.15/2026/NQ-CP", "66.15/2026/NQ-CP", "dotted ordinal"),
        (
            "09/2025/TTLT-VKSNDTC-TANDTC-KTNN-TTCP-BCA-BTP-BTC-BCT-BXD-BYT-BNNMT-BVHTTDL-BDTTG",
            "09/2025/TTLT-VKSNDTC-TANDTC-KTNN-TTCP-BCA-BTP-BTC-BCT-BXD-BYT-BNNMT-BVHTTDL-BDTTG",
            "thirteen issuers",
        ),
        ("Số: 757/NQ-UBTVQHl5", "757/NQ-UBTVQH15", "term misread"),
        ("Số: 409/TTr-CAT(PC04)", "409/TTr-CAT(PC04)", "a unit in brackets"),
        ("Số: 122-12/PT-NC", "122-12/PT-NC", "an ordinal of two parts, on a number line only"),
        ("Số: 113-CV/B&PTTH", "113-CV/B&PTTH", "an ampersand in a Party symbol"),
        ("Số: 1.247/KH-SNV", "1247/KH-SNV", "thousands dot"),
    ],
)
def test_rare_shapes(printed: str, canonical: str, reason: str) -> None:
    number = parse(printed)
    assert number is not None and number.canonical == canonical, reason


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("Quyết định số 88/QĐ-UBNDngày 02/02/2024", "88/QĐ-UBND", "the blank before the day is lost"),
        ("Nghị quyết số 29-NQ/TWngày 04/11/2013", "29-NQ/TW", "the same behind a Party number"),
        ("Tờ trình số 409/TTr-CAT(PC04) ngày 02/3/2025", "409/TTr-CAT(PC04)", "a unit in brackets"),
        ("Kế hoạch số 45/KH-BCĐ (VP) ngày 02/3/2025", "45/KH-BCĐ", "a bracket behind a blank is a remark"),
        ("Quyết định số 12/QĐ-UBND(sau đây gọi là Quyết định)", "12/QĐ-UBND", "a bracket with words is one too"),
        ("Tờ trình số 32/TTr-SVHTT@&DL ngày 12/02/2025", "32/TTr-SVHTT&DL", "OCR doubles the ampersand"),
        ("Tờ trình số 32/TTr-SVHTT&\nDL ngày 12/02/2025", "32/TTr-SVHTT&DL", "a line ends behind it"),
        ("Chỉ thị số 19/CT-TTE ngày 23/8/2024", "19/CT-TTg", "TTg is of a closed set"),
        ("Quyết định số 749/QĐ-TTEg", "749/QĐ-TTg", "the same with a letter too many"),
        ("Công văn số 15-16/KH-UBND", "16/KH-UBND", "a span of two: the second is whole"),
        ("Quyết định số 1.747/QĐ-TTg", "1747/QĐ-TTg", "thousands dot"),
    ],
)
def test_symbols_of_running_text_end_where_they_end(text: str, found: str, reason: str) -> None:
    assert [each.number.canonical for each in find(text)] == [found], reason


def test_a_unit_in_brackets_or_behind_a_hyphen_is_one_number() -> None:
    assert match_key("409/TTr-CAT(PC04)") == match_key("409/TTr-CAT-PC04") == "409-TTR-CAT-PC04"
