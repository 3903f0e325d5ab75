"""Mining of the table of laws: what two sources say alike becomes a row, one word alone and a clash never do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from script import mine_laws
from script.mine_laws import INDEX, LIST, TEXT, Told, agreed, compare, gathered

NEW, OLD = "901/2026/NĐ-CP", "902/2020/NĐ-CP"
BODY = """NGHỊ ĐỊNH
Về thử nghiệm

Điều 1. Phạm vi
Nghị định này quy định về thử nghiệm.
Điều 2. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.
2. Nghị định này thay thế Nghị định số 902/2020/NĐ-CP ngày 05 tháng 01 năm 2020 của Chính phủ.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "index.tsv").write_text(
        "file\tnumber\tdate\teffective\tstatus\ttitle\n"
        f"a.txt\t{NEW}\t2026-05-10\t01/07/2026\t\tNghị định số {NEW} quy định về thử nghiệm\n",
        encoding="utf-8",
    )
    listed = [(NEW, "10/05/2026", "01/07/2026"), (OLD, "05/01/2020", "01/03/2020")]
    (tmp_path / "documents.jsonl").write_text(
        "".join(
            json.dumps({"so_ky_hieu": number, "ngay_ban_hanh": day, "ngay_hieu_luc": since,
                        "loai_van_ban": "Nghị định", "trich_yeu": "quy định về thử nghiệm."}) + "\n"
            for number, day, since in listed
        ),
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "edges.tsv").write_text(
        "src_so\tsrc_ngay\trelation\tdst_so\tdst_in_corpus\n"
        f"{NEW}\t10/05/2026\t{mine_laws._ENDS}\t{OLD}\tTrue\n"
        f"{OLD}\t05/01/2020\t{mine_laws._ENDS}\t{NEW}\tTrue\n",
        encoding="utf-8",
    )
    return tmp_path


def test_what_two_sources_say_alike_makes_a_row(folder: Path) -> None:
    found = gathered([*mine_laws.of_texts(folder), *mine_laws.of_graph(folder)])
    assert found[NEW]["effective"] == {"2026-07-01": {INDEX, TEXT, LIST}}
    assert found[OLD]["ended_by"] == {NEW: {TEXT, mine_laws.EDGE}}, "and no earlier one ends a later one"
    assert not found[NEW]["ended_by"]
    counts, against, new = compare(found)
    assert [(row["number"], row["passed"], row["effective"]) for row in new] == [(NEW, "2026-05-10", "2026-07-01")]
    assert new[0]["title"] == "Quy định về thử nghiệm"
    assert (counts["new, agreed"], counts["new, on one source's word or without a day"], against) == (1, 1, [])


@pytest.mark.parametrize(
    ("said", "expected", "reason"),
    [
        ({"2026-07-01": {INDEX, TEXT}}, "2026-07-01", "two sources"),
        ({"2026-07-01": {INDEX}}, "", "one source's word"),
        ({"2026-07-01": {INDEX, TEXT}, "2026-08-01": {LIST}}, "", "a third one denies it"),
        ({}, "", "nobody says a thing"),
    ],
)
def test_agreement(said: dict[str, set[str]], expected: str, reason: str) -> None:
    assert agreed(said) == expected, reason


@pytest.mark.parametrize(
    ("told", "kind", "reason"),
    [
        (Told("30/2020/NĐ-CP", "effective", "2020-03-05", LIST), "effective: same", "the table has it"),
        (Told("30/2020/NĐ-CP", "effective", "2020-04-05", LIST), "effective: contradicts the table, one source",
         "another day"),
        (Told("110/2004/NĐ-CP", "ended_by", "30/2020/ND-CP", LIST), "ended_by: same", "in another spelling"),
        (Told("110/2004/NĐ-CP", "ended_by", "31/2020/NĐ-CP", LIST), "ended_by: contradicts the table, one source",
         "by another"),
        (Told("5/QĐ-UBND", "effective", "2020-04-05", LIST), "", "no number of the whole country"),
    ],
)  # fmt: skip
def test_what_differs_from_the_table_is_counted(told: Told, kind: str, reason: str) -> None:
    counts, _, new = compare(gathered([told]))
    assert (dict(counts), new) == ({kind: 1} if kind else {}, []), reason
