"""The reliability table: values by field and confidence, what passed unflagged and how much of that is right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from script.bench_doubt import Value, read, table, unflagged, values

ROOT = Path(__file__).parents[2]


def field(value: str, confidence: float = 0.9, review: bool = False) -> dict[str, Any]:
    return {"value": value, "confidence": confidence, "review": review}


READING = {
    "source": {"name": "a.pdf"},
    "fields": {
        "number": field("12/QĐ-UBND", 0.99),
        "date": field("2020-01-02", 0.6, review=True),
        "signer": {
            "title": field("GIÁM ĐỐC"),
            "name": field("Lê Văn An", 0.8),
            "authority": field("KT. GIÁM ĐỐC"),
        },
        "recipients": [field("Như trên"), field("Lưu: VT", 0.4, review=True), field("Sờ Y tế")],
    },
    "citations": [{"number": "1/2020/NĐ-CP", "review": False}, {"number": "2/QĐ-BYT", "review": True}],
}
GOLD = {
    "number": "12/QĐ-UBND",
    "date": "2020-01-03",
    "signer_title": "Phó Giám đốc",
    "signer_name": "Lê Văn An",
    "signer_authority": None,
    "recipients": ["Như trên", "Lưu: VT", "Sở Nội vụ"],
    "citations": [{"number": "1/2020/NĐ-CP"}],
}


@pytest.mark.parametrize(
    ("name", "found", "why"),
    [
        ("number", [(True, False)], "right and passed"),
        ("date", [(False, True)], "wrong and asked"),
        ("signer.title", [(False, False)], "a deputy read as his chief: silent"),
        ("signer.name", [(True, False)], "right"),
        ("signer.authority", [(False, False)], "the gold record says that there is none"),
        ("recipients", [(True, False), (True, True), (False, False)], "each item by itself"),
        ("citations", [(True, False), (False, True)], "each citation by itself"),
        ("subject", [], "not read, not in the gold record"),
    ],
)
def test_each_value_once(name: str, found: list[tuple[bool, bool]], why: str) -> None:
    assert [(one.right, one.review) for one in values(READING, GOLD) if one.field == name] == found, why


def test_a_row_for_each_bin_that_has_values() -> None:
    seen = [Value("date", 0.99, False, True), Value("date", 0.97, False, False), Value("date", 0.2, True, True)]
    rows = [row.split() for row in table(seen)]
    assert rows[1:] == [["date", "0.00-0.50", "1", "1", "0", "0"], ["date", "0.95-1.00", "2", "1", "2", "1"]]
    assert unflagged(seen) == "unflagged right: date 0.500 of 2"


def test_readings_without_gold_are_left_out(tmp_path: Path) -> None:
    lines = [READING, {**READING, "source": {"name": "b.pdf"}}, {"name": "c.pdf", "code": "damaged"}]
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    (tmp_path / "a.json").write_text(json.dumps(GOLD))
    assert read(tmp_path / "r.jsonl", tmp_path)[1] == 1
    printed = subprocess.run(
        [sys.executable, "script/bench_doubt.py", tmp_path / "r.jsonl", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT),
         "PATH": "/usr/bin:/bin"},
    ).stdout  # fmt: skip
    assert "unflagged right: number 1.000 of 1, signer.name 1.000 of 1" in printed
    assert printed.splitlines()[-1] == "open questions: 3.00 a document of 1"
