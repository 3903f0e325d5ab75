"""Statistics by page, call and command: the numbers themselves, on both databases; nobody counts what is
limited to others.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store, open_store
from corpus.numbering.typed_days import today
from corpus.queries.statistics import Statistics, Tally, statistics
from tests.forked_command import vanban
from tests.web.conftest import document
from web.formats import statistics_tables
from web.present.catalogue import translator

SignIn = Callable[[str], FlaskClient]
YEAR = date.fromisoformat(today()).year
SINCE, UNTIL = date(2024, 1, 1), date(2024, 12, 31)


def filled_in(store: Store) -> None:
    """Four documents of 2024: one accepted by itself, one by a person unchanged, one corrected, one waiting."""
    ids = [
        document(store, f"{n}/KH-UBND" if n < 3 else f"{n}/CT-UBND", f"2024-0{n}-01", f"Việc {n}", doubt=n == 2)
        for n in (1, 2, 3)
    ]
    ids.append(document(store, "9/QĐ-UBND", "2024-05-01", "Việc 9", doubt=True))
    records.accept(store, ids[1], {}, "lan", confirm=("number_twin",), revision=None)
    records.correct(store, ids[2], {"subject": "Việc khác"}, "lan", revision=None)
    moments = {
        ids[0]: (datetime(2024, 1, 31, 18), datetime(2024, 2, 1, 1)),  # 1 February in Việt Nam
        ids[1]: (datetime(2024, 2, 1, 3), datetime(2024, 2, 9, 3)),
        ids[2]: (datetime(2024, 12, 31, 16, 59), datetime(2024, 12, 31, 16, 59)),  # the last minute of the year
        ids[3]: (datetime(2024, 2, 2, 3), None),
    }
    with store.db.writing() as session:
        for document_id, (came, done) in moments.items():
            session.execute(
                update(Document).where(Document.id == document_id).values(received_at=came, accepted_at=done)
            )


def numbers(store: Store, by: tuple[int, ...] | None = None) -> Statistics:
    return statistics(store, SINCE, UNTIL, date(2026, 1, 1), by)


def check(found: Statistics) -> None:
    assert found.whole == Tally("", 4, 3, 1)
    assert [(one.month, one.came, one.on_record, one.waiting) for one in found.months] == [
        ("2024-02", 3, 2, 1), ("2024-12", 1, 1, 0),
    ]  # fmt: skip
    assert (found.times.on_time, found.times.late, found.times.waiting, found.times.overdue) == (2, 1, 0, 1)
    assert [(one.name, one.came) for one in found.types] == [("Kế hoạch", 2), ("Chỉ thị", 1), ("Quyết định", 1)]
    assert [(one.name, one.came) for one in found.bodies] == [("Ủy ban nhân dân tỉnh Kiên Giang", 4)]
    assert (found.hands.on_record, found.hands.unchanged, found.hands.alone) == (3, 2, 1)
    assert found.questions == (("number", 1),)
    assert [(one.name, one.came) for one in found.units] == [("", 4)]


def test_the_numbers(store: Store) -> None:
    filled_in(store)
    check(numbers(store))


def test_the_numbers_on_postgresql(postgresql: Callable[[], str], tmp_path: Path) -> None:
    store = open_store(Settings(_env_file=None, home=tmp_path / "home", database=postgresql()))
    filled_in(store)
    check(numbers(store))
    store.close()


def test_limited_documents_are_counted_for_their_groups_alone(store: Store) -> None:
    filled_in(store)
    group = records.add_group(store, "Ban Giám đốc", "admin")
    other = records.add_group(store, "Nhóm khác", "admin")
    records.limit(store, 1, ["Ban Giám đốc", "Nhóm khác"], "admin", None)
    assert numbers(store).whole.came == 4 == numbers(store, (group,)).whole.came
    for by in ((), (99,)):
        found = numbers(store, by)
        assert (found.whole.came, found.hands.on_record, found.hands.alone) == (3, 2, 0)
        assert sum(one.came for one in found.types) == sum(one.came for one in found.bodies) == 3
        assert sum(one.came for one in found.months) == 3
        assert [one.name for one in found.units] == [""]
    assert [(one.name, one.came) for one in numbers(store, (group,)).units] == [("Ban Giám đốc", 1), ("", 3)]
    assert [(one.name, one.came) for one in numbers(store, (other,)).units] == [("Nhóm khác", 1), ("", 3)]
    assert {one.name for one in numbers(store).units} == {"Ban Giám đốc", "Nhóm khác", ""}


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("clerk", 200), ("auditor", 200), ("admin", 200)])
def test_who_sees_them(filled: Store, sign_in: SignIn, role: str, status: int) -> None:
    client = sign_in(role)
    for path in ("/thong-ke", "/thong-ke.xlsx", "/api/statistics", "/api/statistics.csv"):
        assert client.get(path).status_code == status, path
    assert ('href="/thong-ke"' in client.get("/").text) == (status == 200)
    with filled.db.reading() as session:
        rows = session.query(AuditRow).where(AuditRow.action == "export").all()
    assert [row.detail["what"] for row in rows] == ["statistics"] * (2 if status == 200 else 0)


def test_a_limited_document_is_in_no_number_of_another_clerk(filled: Store, sign_in: SignIn) -> None:
    clerk, admin = sign_in("clerk"), sign_in("admin")
    whole = admin.get("/api/statistics").json
    assert clerk.get("/api/statistics").json == whole
    records.add_group(filled, "Ban Giám đốc", "admin")
    records.limit(filled, 1, ["Ban Giám đốc"], "admin", None)
    assert admin.get("/api/statistics").json["whole"] == whole["whole"]
    fewer = clerk.get("/api/statistics").json
    assert fewer["whole"]["came"] == whole["whole"]["came"] - 1
    assert "Ban Giám đốc" not in clerk.get("/thong-ke").text + clerk.get("/thong-ke.csv").text
    assert "Ban Giám đốc" in admin.get("/thong-ke").text


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        ("", "", 200), (f"1/1/{YEAR}", "", 200), (f"{YEAR}-01-01", f"31/12/{YEAR}", 200), ("32/1/2026", "", 400),
        ("abc", "", 400), ("1/2/2026", "1/1/2026", 400), ("1/1/0001", "", 400), ("", "31/12/9999", 400),
        ("<script>", "", 400),
    ],
)  # fmt: skip
def test_periods_as_people_type_them(filled: Store, sign_in: SignIn, since: str, until: str, status: int) -> None:
    client, asked = sign_in("clerk"), {"from": since, "to": until}
    page = client.get("/thong-ke", query_string=asked)
    assert page.status_code == status and "<script>" not in page.text.replace("<script src", "")
    assert ('id="fault"' in page.text) == (status != 200) and "Theo tháng" in page.text
    assert client.get("/api/statistics", query_string=asked).status_code == status
    assert client.get("/thong-ke.xlsx", query_string=asked).status_code == status
    assert client.get("/thong-ke.exe").status_code == 404


def test_the_workbook_has_a_sheet_for_each_table(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    with zipfile.ZipFile(io.BytesIO(client.get("/api/statistics.xlsx").data)) as book:
        names = book.read("xl/workbook.xml").decode()
        assert len([one for one in book.namelist() if one.startswith("xl/worksheets/")]) == 6
    for name in ("Chung", "Theo tháng", "Theo loại", "Theo cơ quan", "Theo đơn vị", "Điều phải xem"):
        assert name in names
    lines = client.get("/thong-ke.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Bảng","Cột","Mục","Giá trị"' and any('"Theo loại"' in line for line in lines)


def test_tables_and_their_file_speak_english_where_the_site_does(filled: Store) -> None:
    day = date.fromisoformat(today())
    found, words = statistics(filled, day - timedelta(days=1), day, day), translator("en")
    made = statistics_tables.spoken(statistics_tables.sheets(found), words)
    heads = {text for name, columns, _ in made for text in (name, *columns)} | {str(row[0]) for row in made[0][2]}
    assert [head for head in heads if re.search(r"[^\x00-\x7f]", head)] == [], "no head stays Vietnamese"
    assert statistics_tables.whole("csv", found, words).decode("utf-8-sig").startswith('"Table","Column"')


def test_the_command(store: Store, tmp_path: Path) -> None:
    filled_in(store)
    home, out = store.settings.home, tmp_path / "thong-ke.xlsx"
    period = ("--from", "1/1/2024", "--to", "31/12/2024")
    told = json.loads(vanban(home, "statistics", "--json", *period).stdout)
    assert (told["whole"]["came"], told["hands"]["alone"], told["since"]) == (4, 1, "2024-01-01")
    shown = vanban(home, "statistics", *period).stdout
    assert "Theo tháng" in shown and "02/2024" in shown and "Kế hoạch" in shown
    assert vanban(home, "statistics", *period, "--output", str(out)).returncode == 0 and out.stat().st_size > 1000
    for wrong in (("--from", "x"), ("--output", str(tmp_path / "a.pdf"))):
        done = vanban(home, "statistics", *wrong)
        assert done.returncode == 2 and "Traceback" not in done.stderr, wrong


def test_days_are_those_of_viet_nam() -> None:
    now = datetime.now(UTC) + timedelta(hours=7)
    assert today() == now.date().isoformat()
