"""edXML both ways: two hundred records out and in again, equal; by page, call, command; limited ones;
messages on a document's state.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, CitationRow, Document, Enclosure
from corpus.database.store import Store, open_store
from corpus.document import Page, Reading, SourceFile
from corpus.edxml.schema import deviations
from corpus.errors import Problem
from corpus.file_types import EDXML
from corpus.json_shapes import fields_from_json
from corpus.originals import content_store
from corpus.record_fields import RECORD_FIELDS
from ingest import pipeline, receive
from ingest.worker.supervisor import run as work
from tests.forked_command import vanban
from tests.web.exchanged import Case, cases
from tests.web.test_accept_door import token
from web.formats import edxml
from web.services import edxml_files

SignIn = Callable[[str], FlaskClient]
PLAN = 1


def on_record(store: Store, case: Case) -> Document:
    """The record, whose original is its paper."""
    data = case.paper.encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, "giấy.txt", "text/plain", len(data), "lan", auto_accept=True)
    source = SourceFile("giấy.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "text", case.paper),), case.fields))
    with store.db.reading() as session:
        return session.get_one(Document, receipt.document_id)


def values(document: Document) -> dict[str, object]:
    """Values of the fields that the standard has a place for."""
    fields = fields_from_json(document.fields or {})
    found: dict[str, object] = {}
    for field in RECORD_FIELDS:
        if field.edxml:
            value = field.of(fields)
            found[field.name] = [one.value for one in value] if field.kind == "many" else value and value.value
    return found


def test_two_hundred_records_come_back_as_they_went(store: Store, tmp_path: Path) -> None:
    """Taken and read in this process: a child for each would take minutes."""
    other = open_store(Settings(_env_file=None, home=tmp_path / "other"))
    path = tmp_path / "van-ban.edxml"
    for case in cases(200):
        went = on_record(store, case)
        made = edxml_files.message_of(store, went)
        assert deviations(etree.fromstring(made.data)) == ()
        path.write_bytes(made.data)
        sha256 = content_store.put_original(other, made.data)
        document_id = records.receive(
            other, sha256, path.name, EDXML, len(made.data), "lan", auto_accept=True
        ).document_id
        reading = pipeline.read(path, path.name, other.settings)
        state = records.propose(other, document_id, reading)
        with other.db.reading() as session:
            came = session.get_one(Document, document_id)
        assert values(came) == values(went), (case.paper, came.fields)
        assert (state, came.questions) == ("accepted", []), (case.paper, came.machine)
        rules = {field.name: field.of(reading.fields).rule for field in RECORD_FIELDS if field.edxml and
                 field.kind == "one" and field.of(reading.fields)}  # fmt: skip
        assert set(rules.values()) == {f"{name}.edxml" for name in rules}
    with other.db.reading() as session:
        assert len(session.scalars(select(Document.id)).all()) == 200
    other.close()


def test_by_command_out_and_in_again(store: Store, tmp_path: Path) -> None:
    went = [on_record(store, case) for case in cases(3)]
    home, elsewhere = store.settings.home, tmp_path / "other"
    one, some = tmp_path / "mot.edxml", tmp_path / "goi.zip"
    assert vanban(home, "export", "--format", "edxml", str(went[0].id), "--output", str(one)).returncode == 0
    refs = [str(document.id) for document in went[1:]]
    said = vanban(home, "export", "--format", "edxml", *refs, "--output", str(some))
    assert said.returncode == 0 and "organ_ids.tsv" in said.stderr
    assert len(zipfile.ZipFile(some).namelist()) == 2
    assert vanban(elsewhere, "ingest", "--accept", "-j", "1", str(one), str(some)).returncode == 0
    other = open_store(Settings(_env_file=None, home=elsewhere))
    with other.db.reading() as session:
        came = session.scalars(select(Document).order_by(Document.id)).all()
    assert [values(document) for document in came] == [values(document) for document in went]
    again = edxml_files.message_of(other, came[0])
    assert edxml_files._attachments(other, came[0])[0].data == cases(1)[0].paper.encode(), (
        "the paper, not a message"
    )
    assert len(again.data) < 2 * len(one.read_bytes())
    other.close()


@pytest.mark.parametrize(
    "args",
    [
        ("1", "2"), ("1", "2", "--output", "x.edxml"), (), ("1", "--status", "99"), ("1", "--status", "../../x"),
    ],
)  # fmt: skip
def test_calls_that_are_not_understood(store: Store, args: tuple[str, ...]) -> None:
    for case in cases(2):
        on_record(store, case)
    done = vanban(store.settings.home, "export", "--format", "edxml", *args)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr


def test_values_that_the_standard_can_not_hold_are_named(store: Store) -> None:
    data = b"x"
    sha256 = content_store.put_original(store, data)
    document_id = records.receive(store, sha256, "a.txt", "text/plain", 1, "lan").document_id
    with store.db.reading() as session:
        waiting = session.get_one(Document, document_id)
    with pytest.raises(Problem) as caught:
        edxml_files.message_of(store, waiting)
    assert caught.value.code == "not_cleared"
    source = SourceFile("a.txt", sha256, "text/plain", 1, 1)
    records.propose(store, document_id, Reading(source, (Page(1, "text", "x"),), cases(1)[0].fields.__class__()))
    with store.db.reading() as session:
        empty = session.get_one(Document, document_id)
    with pytest.raises(Problem) as caught:
        edxml_files.message_of(store, empty)
    assert caught.value.code == "edxml_incomplete" and "Số, ký hiệu" in caught.value.message()


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("clerk", 200), ("auditor", 403), ("admin", 200)])
def test_who_may_take_one_out(filled: Store, sign_in: SignIn, role: str, status: int) -> None:
    client = sign_in(role)
    for path in (f"/van-ban/{PLAN}/lien-thong.edxml", f"/api/documents/{PLAN}/edxml"):
        answer = client.get(path)
        assert answer.status_code == status, path
        if status == 200:
            root = etree.fromstring(answer.data)
            assert deviations(root) == () and root.findtext(".//{*}CodeNotation")
            assert "attachment" in answer.headers["Content-Disposition"]
    with filled.db.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "export")).all()
    assert [(row.document_id, row.detail["format"]) for row in rows] == [(PLAN, "edxml")] * (
        2 if status == 200 else 0
    )
    page = client.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert ("lien-thong.edxml" in page) == (status == 200)


def test_a_limited_document_is_not_there_for_others(filled: Store, sign_in: SignIn) -> None:
    records.add_group(filled, "Ban Giám đốc", "admin")
    records.limit(filled, PLAN, ["Ban Giám đốc"], "admin", None)
    client = sign_in("clerk")
    assert client.get(f"/api/documents/{PLAN}/edxml").status_code == 404
    assert client.get(f"/van-ban/{PLAN}/lien-thong.edxml").status_code == 404
    assert sign_in("admin").get(f"/api/documents/{PLAN}/edxml").status_code == 200


def test_a_state_message_goes_out_and_comes_in_as_a_note_on_its_document(store: Store, tmp_path: Path) -> None:
    went = on_record(store, cases(1)[0])
    with pytest.raises(Problem) as caught:
        edxml_files.state_of(store, went, "03")
    assert "cơ quan của kho" in caught.value.message()
    records.add_own_body(store, "Ủy ban nhân dân tỉnh Kiên Giang", "UBND", "admin")
    made = edxml_files.state_of(store, went, "03")
    root = etree.fromstring(made.data)
    assert deviations(root) == () and root.findtext(".//{*}StatusCode") == "03"
    assert root.findtext(".//{*}From/{*}OrganId") == "H33"
    [outcome] = receive.take(
        store, io.BytesIO(made.data), made.name, receive.UploadOptions("lan", auto_accept=True)
    )
    assert outcome.receipt is not None
    work(store, jobs=1, once=True)
    with store.db.reading() as session:
        came = session.get_one(Document, outcome.receipt.document_id)
        cited = session.scalars(select(CitationRow).where(CitationRow.document_id == came.id)).all()
    assert came.status == "accepted" and came.number is None and came.doc_type == "Trạng thái liên thông"
    assert came.subject == f"03 Đã tiếp nhận: {went.number}"
    assert [(one.relation, one.status, one.target_id) for one in cited] == [("refers", "found", went.id)]


def test_further_attachments_become_documents_linked_with_it(filled: Store, sign_in: SignIn) -> None:
    case = cases(1)[0]
    found = Document(id=1, number="01/KH-SYT", date="2016-02-02", issuer="Sở Y tế tỉnh Kiên Giang",
                     doc_type="Kế hoạch", subject="x", fields={}, page_count=1)  # fmt: skip
    attached = [
        edxml.AttachedFile("bảng.xlsx", "application/x", b"PK"),
        edxml.AttachedFile("a.txt", "t", case.paper.encode()),
        edxml.AttachedFile("Phụ lục.txt", "t", b"Danh s\xc3\xa1ch k\xc3\xa8m theo"),
    ]  # fmt: skip
    sent = {"file": (io.BytesIO(edxml.envelope(found, [], attached)), "den.edxml")}
    client = sign_in("clerk")
    told = client.post("/api/documents", data=sent, headers=token(client)).json["files"]
    assert [(one["name"], one["status"], one["code"]) for one in told] == [
        ("den.edxml", "queued", None), ("bảng.xlsx", "refused", "unknown_type"), ("Phụ lục.txt", "queued", None),
    ]  # fmt: skip
    with filled.db.reading() as session:
        links = session.scalars(select(Enclosure)).all()
    assert [(one.cover_id, one.document_id, one.name) for one in links] == [
        (told[0]["document"], told[2]["document"], "Phụ lục.txt")
    ]


def test_a_bare_call_says_what_it_needs() -> None:
    from web.commands.export import export

    assert "REFS" in CliRunner().invoke(export, ["--help"]).output
