"""What looks like a Vietnamese sentence, and which of its words do not."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.text.syllables import strange_words


@pytest.mark.parametrize(
    ("text", "strange", "reason"),
    [
        ("Theo dõi tình hình thi hành pháp luật về y tế năm 2018", (), "an ordinary subject"),
        ("VỀ VIỆC PHÒNG, CHỐNG DỊCH", (), "in capitals"),
        ("phòng, chống dịch COVID-19 theo Công điện 12/CĐ-TTg của UBND tỉnh", (), "numbers and abbreviations"),
        ("dịch vụ công online mức độ 4 (ĐBQH)", (), "a foreign word, Đ in an abbreviation"),
        ("hòa nhập, hoà nhập", (), "both places of the tone"),
        ("cNế lưu trữ", ("cNế",), "capitals in the middle of what has marks: under a stamp"),
        ("r:a Về việc", ("r:a",), "a sign inside a word"),
        ("báo cáo kêt quả", ("kêt",), "a lost tone where the rime demands one"),
        ("Vềviệc chấn chỉnh", ("Vềviệc",), "two words grown together"),
        ("ghấn chỉnh", ("ghấn",), "gh stands before i, e and ê alone"),
        ("ghi chép, nghỉ lễ, ngành nghề", (), "and there it is right"),
        ("trên địa bàn tỉnh Đắk Lắk", (), "a province of another language"),
        ("xã Ia Păh huyện Chư Sê", (), "words of a name"),
        ("s ố liệu", ("s",), "a word torn apart"),
    ],
)
def test_words_that_no_sentence_holds(text: str, strange: tuple[str, ...], reason: str) -> None:
    assert strange_words(text) == strange, reason
    assert strange_words(unicodedata.normalize("NFD", text)) == strange, reason
