"""Marks corrected by neighbours: the words that change, and those that never must."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.vietnamese.fold import fold
from ingest.ocr.tone_marks import correct_tone_marks, normalise_tone_placement


@pytest.mark.parametrize(
    ("read", "meant", "why"),
    [
        ("theo Kê hoạch này", "theo Kế hoạch này", "a tone lost above a circumflex"),
        ("nông nghiệp và phát triên", "nông nghiệp và phát triển", "the same at the end"),
        ("ngành Y tê năm", "ngành Y tế năm", "a good syllable that is not meant"),
        ("khồng quá", "không quá", "no syllable of any text"),
        ("tỉnh Kiên Giang", "tỉnh Kiên Giang", "a name of two capitals is left alone"),
        ("ông Lê Minh Sơn", "ông Lê Minh Sơn", "a person's name"),
        ("BỘ Y TÊ", "BỘ Y TẾ", "in capitals"),
        ("NGUYỄN VĂN TÍNH", "NGUYỄN VĂN TÍNH", "a name in capitals"),
        ("QUYÉT ĐỊNH", "QUYẾT ĐỊNH", "what was read is no word"),
        ("GIÁM ĐÓC SỞ", "GIÁM ĐỐC SỞ", "the same at the end of a line"),
        ("Kết quá công tác", "Kết quả công tác", "another tone, a common word, but one pair is always said"),
        ("phòng, chông tham nhũng", "phòng, chống tham nhũng", "a comma parts no such pair"),
        ("công văn sô 16", "công văn số 16", "a number is a neighbour too"),
        ("thanh toán chỉ phí đào tạo", "thanh toán chi phí đào tạo", "a tone too many"),
        ("chỉ định thầu", "chỉ định thầu", "the same word where it belongs"),
        ("kinh doanh thuốc lá", "kinh doanh thuốc lá", "a rarer word is not taken for a commoner one"),
        ("số 31/KH-SYT ngày 5/3", "số 31/KH-SYT ngày 5/3", "numbers and dates"),
        (
            "Tháng Hành động quốc gia",
            "Tháng Hành động quốc gia",
            "a common word is not overruled by one neighbour",
        ),
        ("bệnh bạch hầu", "bệnh bạch hầu", "what the table does not know stays"),
    ],
)
def test_corrected(read: str, meant: str, why: str) -> None:
    assert correct_tone_marks(read) == meant, why


@given(st.text(alphabet="aăâeêoôơuưiydđbchknmpt ÂÊÔkếhoạchtổng\n/.31", max_size=60))
def test_only_marks_change(text: str) -> None:
    """Length and bare letters stay, so offsets and boxes hold."""
    text = unicodedata.normalize("NFC", text)
    assert len(correct_tone_marks(text)) == len(text)
    assert fold(correct_tone_marks(text)).replace("đ", "d") == fold(text)


def test_one_place_of_the_tone() -> None:
    assert normalise_tone_placement("hoà thuỷ") == "hòa thủy"
