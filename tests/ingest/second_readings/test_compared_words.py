"""Words of a line in two readings: alike, kept by their neighbours, mended, or asked."""

from __future__ import annotations

import pytest

from ingest.second_readings.compared_words import ComparedWord, compared
from ingest.secondreader.reader import SeenWord
from ingest.text.evidence import DISPUTED


def read(line: str, *doubted: str) -> list[ComparedWord]:
    return [ComparedWord(word, 0.5 if word in doubted else 0.93) for word in line.split()]


def seen(line: str, sure: float = 0.95) -> list[SeenWord]:
    return [SeenWord(word, sure) for word in line.split()]


@pytest.mark.parametrize(
    ("own", "other", "sure", "text", "asked", "why"),
    [
        ("nhiệm vụ công tác", "nhiệm vụ công tác", 0.9, "nhiệm vụ công tác", "", "alike"),
        ("công tác y tế", "công tác y tễ", 0.96, "công tác y tế", "", "a word that no text has is no evidence"),
        ("thanh toán chi phí", "thanh toán chỉ phí", 0.95, "thanh toán chi phí", "",
         "the neighbours know the word"),
        ("Trường Mâm non", "Trường Mầm non", 0.99, "Trường Mầm non", "", "a mark that recognition lost"),
        ("dân số tại tuyên xã", "dân số tại tuyến xã", 0.57, "dân số tại tuyên xã", "tuyên",
         "neither is likelier"),
        ("đề tài nghiên.cứu khoa học", "đề tài nghiên cứu khoa học", 0.97, "đề tài nghiên cứu khoa học", "",
         "a speck between two words"),
        ("bão số 16", "bão số 18", 0.9, "bão số 16", "16", "another number"),
        ("thứ II lớp", "thứ 11 lớp", 0.6, "thứ II lớp", "", "a numeral by its shape"),
        ("HIV/AIDS năm 2017", "HIV/AlDS năm 2017", 0.8, "HIV/AIDS năm 2017", "", "a code without figures"),
        ("V/w Báo cáo", "V/v Báo cáo", 0.9, "V/w Báo cáo", "", "what opens a subject is dropped anyway"),
        ("hỗ trợ nhà", "hỗ trợ nhà đầu tư", 0.97, "hỗ trợ nhà", "nhà", "words that recognition lost"),
        ("-_ Trung tâm", "Trung tâm", 0.97, "-_ Trung tâm", "", "a speck of recognition's alone"),
        ("B2, Khóa 2016", "B2,Khóa 2016", 0.97, "B2, Khóa 2016", "", "a blank less"),
        ("", "nhà", 0.97, "", "", "nothing recognised"),
        ("nhiệm vụ", "", 0.97, "nhiệm vụ", "", "nothing seen"),
    ],
)  # fmt: skip
def test_words_of_two_readings(own: str, other: str, sure: float, text: str, asked: str, why: str) -> None:
    found = compared(read(own), seen(other, sure))
    assert " ".join(word.text for word in found) == text, why
    assert " ".join(word.text for word in found if word.confidence <= DISPUTED) == asked, why


def test_agreement_is_worth_confidence() -> None:
    assert [word.confidence for word in compared(read("nhiệm vụ", "vụ"), seen("nhiệm vụ"))] == [0.97, 0.97]
