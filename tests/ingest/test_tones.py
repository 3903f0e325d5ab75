"""Marks set right by neighbours: what is mended, what must never be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fold import fold
from ingest.tones import even, mended


@pytest.mark.parametrize(
    ("read", "meant", "why"),
    [
        ("theo Kê hoạch này", "theo Kế hoạch này", "a tone lost above a circumflex"),
        ("nông nghiệp và phát triên", "nông nghiệp và phát triển", "the same at the end"),
        ("ngành Y tê năm", "ngành Y tế năm", "a good syllable that is not meant"),
        ("khồng quá", "không quá", "no syllable of any text"),
        ("tỉnh Kiên Giang", "tỉnh Kiên Giang", "a name of two capitals is left alone"),
        ("ông Lê Minh Sơn", "ông Lê Minh Sơn", "a person's name"),
        ("BỘ Y TÊ", "BỘ Y TÊ", "capitals are the authority lists' matter"),
        ("số 31/KH-SYT ngày 5/3", "số 31/KH-SYT ngày 5/3", "numbers and dates"),
        (
            "Tháng Hành động quốc gia",
            "Tháng Hành động quốc gia",
            "a common word is not overruled by one neighbour",
        ),
        ("bệnh bạch hầu", "bệnh bạch hầu", "what the table does not know stays"),
    ],
)
def test_mended(read: str, meant: str, why: str) -> None:
    assert mended(read) == meant, why


@given(st.text(alphabet="aăâeêoôơuưiydđbchknmpt ÂÊÔkếhoạchtổng\n/.31", max_size=60))
def test_only_marks_change(text: str) -> None:
    """Length and bare letters stay, so offsets and boxes hold."""
    text = unicodedata.normalize("NFC", text)
    assert len(mended(text)) == len(text)
    assert fold(mended(text)).replace("đ", "d") == fold(text)


def test_one_place_of_the_tone() -> None:
    assert even("hoà thuỷ") == "hòa thủy"
