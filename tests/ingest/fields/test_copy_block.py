"""A copy's block (khối sao y), above or below: number, date and issuer are the copied paper's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.config import Settings
from ingest.pipeline import read_safely

HEAD = """ỦY BAN NHÂN DÂN                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH KIÊN GIANG                    Độc lập - Tự do - Hạnh phúc
"""
OWN = """Số: 31/KH-UBND                     Kiên Giang, ngày 12 tháng 4 năm 2022
"""
BODY = """
KẾ HOẠCH
Về việc triển khai công tác văn thư năm 2022

Căn cứ Luật Lưu trữ số 01/2011/QH13 ngày 11/11/2011;
1. Mục đích.

Nơi nhận:
- Như trên.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn An
"""
ABOVE = "SAO Y, ĐÓNG DẤU\nSố 12/SY-VP, ngày 20/5/2022\n"
BELOW = "\nVĂN PHÒNG\nSố: 12/SY-VP\nSAO Y\nKiên Giang, ngày 20 tháng 5 năm 2022\n"


@pytest.mark.parametrize(
    ("text", "number", "date", "reason"),
    [
        (HEAD + OWN + BODY, "31/KH-UBND", "2022-04-12", "no copy"),
        (ABOVE + HEAD + OWN + BODY, "31/KH-UBND", "2022-04-12", "the block above the head"),
        (HEAD + OWN + BODY + BELOW, "31/KH-UBND", "2022-04-12", "the block below the signature"),
        (HEAD + OWN.replace("31/KH-UBND", "12/SY-UBND") + BODY, "12/SY-UBND", "2022-04-12",
         "no other number: the copy is the document"),
    ],
)  # fmt: skip
def test_a_copys_block_is_not_the_papers_head(
    text: str, number: str, date: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    reading = read_safely(path, path.name, Settings(_env_file=None, home=tmp_path / "var"))
    fields = reading.fields
    assert fields.number is not None and fields.date is not None and fields.issuer is not None
    assert (fields.number.value, fields.date.value, fields.issuer.value) == (
        number, date, "Ủy ban nhân dân tỉnh Kiên Giang",
    ), reason  # fmt: skip
    assert [one.number for one in reading.citations] == ["01/2011/QH13"], reason
