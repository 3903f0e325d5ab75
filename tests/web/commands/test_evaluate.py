"""`vanban evaluate`: an office measures the reading of its own papers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.commands.evaluate import evaluate

PLAN = """UBND TỈNH HÀ LONG AN
SỞ NỘI VỤ
Số: 12/KH-SNV
Hà Long An, ngày 05 tháng 6 năm 2023
KẾ HOẠCH
Tập huấn công tác văn thư
Căn cứ Kế hoạch số 7/KH-UBND ngày 12/4/2023 của Ủy ban nhân dân tỉnh Hà Long An;
"""
GOLD = {
    "number": "12/KH-SNV",
    "number_handwritten": False,
    "date": "2023-06-05",
    "doc_type": "Kế hoạch",
    "issuer": "Sở Nội vụ tỉnh Hà Long An",
    "subject": "Tập huấn công tác lưu trữ",
    "addressees": [],
    "citations": [{"number": "7/KH-UBND", "date": "2023-04-12", "relation": "basis"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("pdf", "gold", "text"):
        (tmp_path / name).mkdir()
    (tmp_path / "pdf" / "a.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "gold" / "a.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (tmp_path / "text" / "a.txt").write_text(PLAN, encoding="utf-8")
    return tmp_path


def _figures(folder: Path, *options: str) -> dict[str, object]:
    run = CliRunner().invoke(evaluate, [str(folder), "--json", *options], catch_exceptions=False)
    assert run.exit_code == 0
    figures: dict[str, object] = json.loads(run.stdout)
    return figures


def test_right_fields_and_the_one_that_the_record_has_otherwise(folder: Path) -> None:
    figures = _figures(folder, "--misses")
    assert all(figures[name] == 1.0 for name in ("read", "number", "number_printed", "date", "doc_type", "issuer"))
    assert (figures["subject"], figures["unseen_subject"]) == (0.0, 1)
    assert figures["citations_f1"] == figures["addressees_f1"] == 1.0
    assert figures["character_error_rate"] == 0.0
    assert figures["misses"] == ["a subject: 'Tập huấn công tác văn thư', gold 'Tập huấn công tác lưu trữ'"]


def test_a_file_that_can_t_be_read_counts_as_nothing_read(folder: Path) -> None:
    (folder / "pdf" / "b.pdf").write_bytes(b"")
    (folder / "gold" / "b.json").write_text(json.dumps(GOLD), encoding="utf-8")
    figures = _figures(folder)
    assert figures["read"] == figures["number"] == 0.5


def test_a_folder_without_records_is_said_to_have_none(tmp_path: Path) -> None:
    run = CliRunner().invoke(evaluate, [str(tmp_path)])
    assert run.exit_code != 0 and "gold" in str(run.exception)
