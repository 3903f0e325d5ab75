"""The page of all conflicts, its files and the report of one check: what each role sees,
settles and takes away.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.citations import conflicts
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Citation
from corpus.queries import conflict_list
from tests.web.test_citations_by_hand import AG, GROUP, KG, paper, post
from web.commands import report as commands_report

SignIn = Callable[[str], FlaskClient]
WRONG_DAY = Citation(
    "Kế hoạch số 20/KH-UBND ngày 12/01/2021", "implements", "Kế hoạch", "20/KH-UBND", "2021-01-12", KG, page=1
)
BASIS = Citation("Luật Lưu trữ số 01/2011/QH13", "basis", "Luật", "01/2011/QH13", page=1)


@pytest.fixture
def papers(filled: Store) -> dict[str, int]:
    """A report that cites a plan by a wrong day, and one of a limited plan that does the same."""
    records.add_group(filled, GROUP, "admin")
    plan = paper(filled, "20/KH-UBND", KG)
    citing = paper(filled, "7/BC-SYT", "Sở Y tế tỉnh Kiên Giang", WRONG_DAY, BASIS)
    secret = paper(filled, "8/BC-SYT", "Sở Nội vụ tỉnh Kiên Giang", WRONG_DAY, groups=(GROUP,))
    return {"plan": plan, "citing": citing, "secret": secret}


def listed(client: FlaskClient, **asked: Any) -> list[tuple[int, str]]:
    rows = client.get("/api/conflicts", query_string=asked).json["conflicts"]  # type: ignore[index]
    return [(one["document"]["id"], one["conflict"]["code"]) for one in rows]


@pytest.mark.parametrize(("role", "sees"), [("clerk", False), ("auditor", False), ("admin", True)])
def test_the_list_tells_what_the_reader_may_see(
    role: str, sees: bool, papers: dict[str, int], sign_in: SignIn
) -> None:
    client = sign_in(role)
    expected = [(papers["secret"], "date_differs")] if sees else []
    assert listed(client) == [*expected, (papers["citing"], "date_differs")]
    for path in ("/mau-thuan", "/mau-thuan.csv", "/api/conflicts.csv"):
        text = client.get(path).text
        assert "7/BC-SYT" in text and ("8/BC-SYT" in text) == sees, path
    with zipfile.ZipFile(io.BytesIO(client.get("/mau-thuan.xlsx").data)) as book:
        assert any(name.startswith("xl/worksheets/") for name in book.namelist())


@pytest.mark.parametrize(
    ("asked", "count", "reason"),
    [
        ({"kind": "date_differs"}, 1, "its kind"),
        ({"kind": "number_gap"}, 0, "another kind"),
        ({"year": 2021}, 1, "its year"),
        ({"year": 2022}, 0, "another year"),
        ({"issuer": "Sở Y tế"}, 1, "part of its issuer"),
        ({"issuer": AG}, 0, "another issuer"),
        ({"state": "settled"}, 0, "nobody has looked into it"),
        ({"state": "all"}, 1, "all"),
        ({"before": 1}, 0, "nothing before the first document"),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(
    asked: dict[str, Any], count: int, reason: str, papers: dict[str, int], sign_in: SignIn
) -> None:
    assert len(listed(sign_in("auditor"), **asked)) == count, reason
    assert papers


@pytest.mark.parametrize("way", ["page", "api"])
def test_one_is_settled_with_a_reason_and_reopened(way: str, papers: dict[str, int], sign_in: SignIn) -> None:
    client, citing = sign_in("auditor"), papers["citing"]
    (one,) = client.get(f"/api/documents/{citing}/conflicts").json["conflicts"]  # type: ignore[index]
    begin = f"/api/documents/{citing}/conflicts" if way == "api" else f"/van-ban/{citing}/mau-thuan"
    back = f"{begin}/reopen" if way == "api" else f"{begin}/mo-lai"
    said = {
        "fingerprint": one["fingerprint"],
        "reason": "bản in gõ nhầm ngày",
        "ve": "mau-thuan",
        "kind": "date_differs",
    }
    if way == "api":
        said = {name: value for name, value in said.items() if name in ("fingerprint", "reason")}
    answer = post(client, begin, said)
    assert answer.status_code in (200, 303)
    if way == "page":
        assert answer.location.endswith("/mau-thuan?kind=date_differs"), "back to the list as it was narrowed"
    assert listed(client) == [] and listed(client, state="settled") == [(citing, "date_differs")]
    assert "bản in gõ nhầm ngày" in client.get("/mau-thuan?state=settled").text
    assert post(client, back, {"fingerprint": one["fingerprint"]}).status_code in (200, 303)
    assert listed(client) == [(citing, "date_differs")] and listed(client, state="settled") == []
    assert post(client, back, {"fingerprint": one["fingerprint"]}).status_code == 404
    deeds = client.get("/api/audit?action=reopen_conflict").json["rows"]  # type: ignore[index]
    assert [row["detail"]["was"] for row in deeds] == ["bản in gõ nhầm ngày"]


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv"])
@pytest.mark.parametrize("way", ["page", "api", "command"])
def test_a_report_of_one_check(form: str, way: str, papers: dict[str, int], filled: Store, sign_in: SignIn,
tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    citing = papers["citing"]
    if way == "command":
        monkeypatch.setenv("VANBAN_HOME", str(filled.settings.home))
        out = tmp_path / f"bao-cao.{form}"
        done = CliRunner().invoke(
            commands_report.report, [str(citing), "--output", str(out)], catch_exceptions=False
        )
        assert done.exit_code == 0
        data = out.read_bytes()
    else:
        path = f"/api/documents/{citing}/report.{form}" if way == "api" else f"/van-ban/{citing}/bao-cao.{form}"
        answer = sign_in("auditor").get(path)
        assert answer.status_code == 200
        data = answer.data
    text = data.decode() if form == "csv" else _text(data)
    for told in ("7/BC-SYT", "12/01/2021", "Kế hoạch số 20/KH-UBND ngày 12/01/2021", "01/2011/QH13"):
        assert told in text, told
    assert "8/BC-SYT" not in text, "a limited paper that cites the same is not told of"


def test_a_report_shows_pictures_of_its_evidence(filled: Store, sign_in: SignIn) -> None:
    """Document 1 is a scan: its number is used again by another paper of its issuer and year."""
    with filled.db.reading() as session:
        issuer = session.get_one(Document, 1).issuer
    records.correct(filled, 1, {"issuer": KG}, "clerk", None, confirm=()) if issuer != KG else None
    twin = paper(filled, "31/KH-UBND", KG)
    records.correct(filled, twin, {"date": "2022-01-11"}, "clerk", None)
    client = sign_in("auditor")
    codes = [code for _, code in listed(client)]
    assert "number_reused" in codes
    with zipfile.ZipFile(io.BytesIO(client.get("/van-ban/1/bao-cao.docx").data)) as book:
        assert any(name.startswith("word/media/") for name in book.namelist())


def test_who_may_not_see_a_document_gets_no_report_of_it(papers: dict[str, int], sign_in: SignIn) -> None:
    for path in (f"/van-ban/{papers['secret']}/bao-cao.docx", f"/api/documents/{papers['secret']}/report.docx"):
        assert sign_in("auditor").get(path).status_code == 404
    assert sign_in("auditor").get(f"/van-ban/{papers['citing']}/bao-cao.exe").status_code == 404


def _text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "".join(
            book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith(".xml")
        )


def test_the_list_finds_what_each_documents_own_page_does(papers: dict[str, int], filled: Store) -> None:
    """What is left out beforehand never has a conflict: a repealed basis, one of a law by name,
    a number used twice.
    """
    repeals = Citation("Kế hoạch số 20/KH-UBND", "repeals", "Kế hoạch", "20/KH-UBND", "2021-01-11", KG, page=1)
    by_name = Citation(
        "Luật Lưu trữ ngày 11/11/2011", "basis", "Luật", date="2011-11-11", title="Luật Lưu trữ", page=1
    )
    later = paper(filled, "21/KH-UBND", KG, repeals)
    records.correct(filled, later, {"date": "2021-02-01"}, "clerk", None)
    rests = paper(filled, "9/KH-SYT", "Sở Y tế tỉnh Kiên Giang", Citation("Kế hoạch số 20/KH-UBND", "basis",
        "Kế hoạch", "20/KH-UBND", "2021-01-11", KG), by_name)  # fmt: skip
    records.correct(filled, rests, {"date": "2026-03-01"}, "clerk", None)
    paper(filled, "20/KH-UBND", f"{KG} ")
    own = set()
    with filled.db.reading() as session:
        for document in session.scalars(select(Document)):
            if document.status in ("review", "accepted"):
                own |= {one.fingerprint for one in conflicts.conflicts(session, document)}
    for kind in ("", *conflict_list.KINDS):
        wanted = conflict_list.ConflictFilter(kind=kind, state="all")
        rows = list(conflict_list.every(filled, wanted, lambda _: True))
        assert {one.told.fingerprint for one in rows if not kind or one.told.code == kind} == {
            one.told.fingerprint for one in rows
        }
        own -= {one.told.fingerprint for one in rows} if kind else set()
        if not kind:
            assert {one.told.fingerprint for one in rows} == own
            assert "superseded_basis" in {one.told.code for one in rows}
    assert own == set(), "each kind's list has all of that kind"
    assert papers
