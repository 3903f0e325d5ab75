"""The commands `cites`, `wanted` and `export` give the contract's shapes, and say why when they can't."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.document import Box, Citation, Field, Fields, Page, Reading, Signer, SourceFile, Statement
from corpus.errors import Problem
from corpus.originals import content_store
from web.cli import vanban

KG, AG = "Ủy ban nhân dân tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang"


def field(value: str) -> Field:
    return Field(value, value, 0.99, page=1, boxes=(Box(0.1, 0.1, 0.2, 0.2),), rule="test")


def add(
    store: Store, number: str, date: str, issuer: str, *cites: Citation, states: tuple[Statement, ...] = ()
) -> int:
    """A document that was received and read."""
    data = f"{number} {date} {issuer}".encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, f"{number}.txt", "text/plain", len(data), "lan", auto_accept=True)
    fields = Fields(
        number=field(number), date=field(date), issuer=field(issuer), doc_type=field("Kế hoạch"),
        subject=field("=Thi đua"), signer=Signer(name=field("Nguyễn Văn A")), recipients=(field("Như trên"),),
            addressees=(field("Sở Y tế"),),
    )  # fmt: skip
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    reading = Reading(source, (Page(1, "text", number),), fields, cites, states)
    records.propose(store, receipt.document_id, reading)
    return receipt.document_id


def cited(number: str, relation: Any, date: str | None = None, issuer: str | None = KG) -> Citation:
    return Citation(f"Kế hoạch số {number}", relation, "Kế hoạch", number, date, issuer, page=1)


@pytest.fixture
def held(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Plan 1 carries out plan 2, which carries out plan 3;
    1 also rests on one that is not held and one that is unclear.
    """
    monkeypatch.setenv("VANBAN_HOME", str(store.settings.home))
    add(store, "31/KH-STTTT", "2022-04-27", "Sở Thông tin và Truyền thông tỉnh Kiên Giang",
        cited("93/KH-UBND", "implements", "2022-04-12"), cited("7/KH-UBND", "basis", "2022-01-01"),
        cited("20/KH-UBND", "refers", None, None), states=(Statement(0, "amends", 1),))  # fmt: skip
    add(store, "93/KH-UBND", "2022-04-12", KG, cited("5/KH-UBND", "implements", "2022-01-10"))
    add(store, "5/KH-UBND", "2022-01-11", KG)
    add(store, "20/KH-UBND", "2021-01-11", KG, cited("7/KH-UBND", "basis", "2022-01-01"))
    add(store, "20/KH-UBND", "2021-01-11", AG)
    return store


def run(*args: str) -> Result:
    return CliRunner().invoke(vanban, args)


def problem(*args: str) -> Problem:
    """The Problem that a call ends in; the entry point turns it into its sentence and exit code."""
    error = run(*args).exception
    assert isinstance(error, Problem), error
    return error


@pytest.mark.parametrize("ref", ["1", "31/KH-STTTT", "31/kh-stttt", "31 KH STTTT", " 31 /KH-STTTT "])
def test_cites_in_the_contracts_shape(held: Store, ref: str) -> None:
    told = json.loads(run("cites", ref, "--json").stdout)
    assert set(told) == {"document", "out", "in", "chain", "conflicts"}
    assert told["document"] == {
        "id": 1, "number": "31/KH-STTTT", "date": "2022-04-27", "doc_type": "Kế hoạch",
        "issuer": "Sở Thông tin và Truyền thông tỉnh Kiên Giang", "subject": "=Thi đua", "file": "31_KH-STTTT.txt",
    } | {"file": told["document"]["file"]}  # fmt: skip
    found, wanted, unclear = told["out"]
    assert set(found) == {
        "printed",
        "relation",
        "page",
        "target",
        "wanted",
        "status",
        "candidates",
        "id",
        "by_hand",
        "confidence",
        "review",
    }
    assert (found["status"], found["relation"], found["target"]["id"], found["wanted"]) == (
        "found",
        "implements",
        2,
        None,
    )
    assert (wanted["status"], wanted["target"], wanted["wanted"]) == ("wanted", None, "7/KH-UBND")
    assert (unclear["status"], unclear["target"], unclear["candidates"]) == ("ambiguous", None, [4, 5])
    assert told["chain"] == [[1, 2, 3]]


def test_cites_in_and_conflicts(held: Store) -> None:
    told = json.loads(run("cites", "5/KH-UBND", "--json").stdout)
    [one] = told["in"]
    assert (one["relation"], one["source"]["id"], one["page"], one["printed"]) == (
        "implements",
        2,
        1,
        "Kế hoạch số 5/KH-UBND",
    )
    [conflict] = json.loads(run("cites", "93/KH-UBND", "--json").stdout)["conflicts"]
    assert conflict["code"] == "date_differs" and set(conflict) == {"code", "message"}
    assert "10/01/2022" in conflict["message"] and "11/01/2022" in conflict["message"], "both pieces of evidence"


def test_cites_for_people(held: Store) -> None:
    told = run("cites", "31/KH-STTTT").stdout
    assert "Đường lên: 31/KH-STTTT → 93/KH-UBND → 5/KH-UBND" in told
    assert "chưa có trong kho" in told and "chưa xác định" in told


@pytest.mark.parametrize(
    ("ref", "code", "words"),
    [("20/KH-UBND", "ambiguous", "An Giang"), ("999", "not_found", "999"), ("1/KH-ABC", "not_found", "1/KH-ABC"),
     ("không có", "not_found", "không có")],
)  # fmt: skip
def test_a_reference_that_names_no_one_document(held: Store, ref: str, code: str, words: str) -> None:
    failed = problem("cites", ref, "--json")
    assert failed.code == code and words in failed.message()


def test_wanted_most_cited_first(held: Store) -> None:
    told = json.loads(run("wanted", "--json").stdout)
    assert told == {"wanted": [
        {"label": "7/KH-UBND", "doc_type": "Kế hoạch", "date": "2022-01-01", "issuer": KG, "count": 2},
    ]}  # fmt: skip
    assert "7/KH-UBND" in run("wanted").stdout


def _graph(text: str) -> networkx.DiGraph:
    return networkx.parse_graphml(text, force_multigraph=True)


def test_graphml_opens_elsewhere_with_every_edge(held: Store) -> None:
    graph = _graph(run("export", "--format", "graphml").stdout)
    lines = [json.loads(line) for line in run("export", "--format", "jsonl").stdout.splitlines()]
    told = {(a, b, data["relation"], data.get("stated_by")) for a, b, data in graph.edges(data=True)}
    expected = {
        (f"d{one['source']}", f"d{one['target']}" if one["target"] else f"w:{one['wanted']}", one["relation"],
         str(one["stated_by"]) if one["stated_by"] else None)
        for one in lines if one["status"] != "ambiguous"
    }  # fmt: skip
    assert told == expected and len(told) == 5
    assert ("d2", "w:uy ban nhan dan kien giang|2022|7-KH-UBND", "amends", "1") in told, (
        "as a third document states it"
    )
    assert networkx.shortest_path(graph, "d1", "d3") == ["d1", "d2", "d3"]
    assert graph.nodes["d1"]["label"] == "31/KH-STTTT" and graph.nodes["d1"]["held"] == "yes"


def test_csv_of_documents_bears_the_names_of_the_decree(held: Store) -> None:
    text = run("export", "--format", "csv", "--what", "documents").stdout.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["CodeNumber"] for row in rows] == [
        "31/KH-STTTT",
        "93/KH-UBND",
        "5/KH-UBND",
        "20/KH-UBND",
        "20/KH-UBND",
    ]
    assert rows[0]["Subject"] == "'=Thi đua", "a spreadsheet would run it"
    assert rows[0]["IssuedDate"] == "2022-04-27"


def test_a_workbook_holds_all_lists_and_no_formula(held: Store, tmp_path: Path) -> None:
    path = tmp_path / "kho.xlsx"
    assert run("export", "--format", "xlsx", "-o", str(path)).exit_code == 0
    with zipfile.ZipFile(path) as book:
        names = book.read("xl/workbook.xml").decode()
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    assert all(name in names for name in ("Viện dẫn", "Văn bản", "Văn bản còn thiếu"))
    assert "=Thi đua" in sheets[1] and all("<f>" not in sheet for sheet in sheets)


def test_an_edxml_envelope_holds_the_record(held: Store) -> None:
    root = ElementTree.fromstring(run("export", "--format", "edxml", "--document", "31/KH-STTTT").stdout)
    told = {
        name: root.findtext(f".//{{*}}{name}")
        for name in ("CodeNumber", "CodeNotation", "PromulgationDate", "TypeName")
    }
    assert told == {
        "CodeNumber": "31",
        "CodeNotation": "KH-STTTT",
        "PromulgationDate": "2022/04/27",
        "TypeName": "Kế hoạch",
    }
    assert root.findtext(".//{*}From/{*}OrganName") == "Sở Thông tin và Truyền thông tỉnh Kiên Giang"
    assert root.findtext(".//{*}To/{*}OrganName") == "Sở Y tế"
    assert root.findtext(".//{*}ToPlaces/{*}Place") == "Như trên"


@pytest.mark.parametrize("args", [("edxml",), ("csv", "--document", "1")])
def test_a_document_is_named_for_edxml_and_for_nothing_else(held: Store, args: tuple[str, ...]) -> None:
    assert problem("export", "--format", *args).code == "bad_request"


def test_an_export_is_a_row_of_the_trail(held: Store) -> None:
    run("export", "--format", "csv")
    with held.db.reading() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None and last.action == "export" and last.detail["format"] == "csv"
