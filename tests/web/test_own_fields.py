"""The office's own fields: made by the administrator, set by clerks, searched, exported, undone, purged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus import audit, records
from corpus.database.cataloguing_tables import OwnValue
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import cataloguing
from search.index import indexer
from search.results import finder
from tests.web.conftest import DIRECTIVE, FAILED, PLAN

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]


@pytest.fixture
def valued(filled: Store) -> Store:
    """A field of each kind, all of them set on the plan."""
    records.add_own_field(filled, "mahd", "Mã hợp đồng", "text", [], "admin")
    records.add_own_field(filled, "sotien", "Số tiền", "number", [], "admin")
    records.add_own_field(filled, "hantra", "Hạn trả", "date", [], "admin")
    records.add_own_field(filled, "nguon", "Nguồn", "choice", ["Ngân sách", "Tài trợ"], "admin")
    values = {"mahd": "HĐ 12/2026", "sotien": "1.250.000", "hantra": "5/3/2026", "nguon": "tai tro"}
    records.set_own_values(filled, PLAN, values, "clerk")
    indexer.sync(filled)
    return filled


STORED = {"mahd": "HĐ 12/2026", "sotien": "1250000", "hantra": "2026-03-05", "nguon": "Tài trợ"}


def _held(store: Store) -> dict[str, str]:
    return cataloguing.values_of(store, [PLAN]).get(PLAN, {})


def test_values_are_stored_canonically(valued: Store) -> None:
    assert _held(valued) == STORED


ASKED = [
    ("mahd:12", {PLAN}, "a word of a text"),
    ('mahd:"hđ 12"', {PLAN}, "several words"),
    ("mahd:13", set(), "another"),
    ("sotien:1.250.000", {PLAN}, "a number as written"),
    ("sotien:abc", set(), "what no number is finds nothing"),
    ("hantra:3/2026", {PLAN}, "the month of a day"),
    ('nguon:"tài trợ" thi', {PLAN}, "a choice and a word"),
    ("nguon:tai-tro mahd:99", set(), "two values, one wrong"),
]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_found_by_a_value_on_every_engine(engine: str, valued: Store) -> None:
    indexer.rebuild(valued, engine)
    for query, expected, why in ASKED:
        assert {hit.id for hit in finder.find(valued, query, viewer=None).hits} == expected, why


def test_a_field_out_of_use_is_neither_shown_nor_found_and_comes_back(valued: Store) -> None:
    field = cataloguing.fields(valued)[0]
    records.use_own_field(valued, field.id, False, "admin")
    indexer.sync(valued)
    assert "mahd" not in _held(valued)
    with pytest.raises(Problem) as caught:
        records.set_own_values(valued, PLAN, {"mahd": "x"}, "clerk")
    assert caught.value.code == "not_found"
    records.use_own_field(valued, field.id, True, "admin")
    indexer.sync(valued)
    assert _held(valued) == STORED
    assert finder.find(valued, "mahd:12", viewer=None).total == 1


FIELDS = [
    ("a", "Nhãn", "text", [], "too short"),
    ("a1", "Nhãn", "text", [], "a digit"),
    ("mahd", "Nhãn", "text", [], "another field's"),
    ("moi", "", "text", [], "no label"),
    ("moi", "Mới", "colour", [], "an unknown kind"),
    ("moi", "Mới", "choice", ["một"], "one choice is none"),
]


@pytest.mark.parametrize(("slug", "label", "kind", "choices", "why"), FIELDS, ids=[row[-1] for row in FIELDS])
def test_a_bad_field_is_refused(
    slug: str, label: str, kind: str, choices: list[str], why: str, valued: Store
) -> None:
    with pytest.raises(Problem) as caught:
        records.add_own_field(valued, slug, label, kind, choices, "admin")
    assert caught.value.code == "bad_value", why


def test_a_prefix_of_the_search_box_is_no_short_name(valued: Store, sign_in: SignIn, post: Post) -> None:
    form = {"slug": "loai", "label": "Loại", "kind": "text"}
    answer = post(sign_in("admin"), "/truong-rieng", form)
    assert answer.status_code == 422 and "ô tìm đã dùng tên này" in answer.text


def test_history_with_undo(valued: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("clerk")
    form = {"mahd": "HĐ 13", "sotien": "1.250.000", "hantra": "", "nguon": "Tài trợ"}
    assert post(client, f"/van-ban/{PLAN}/truong-rieng", form).status_code == 303
    assert _held(valued) == {"mahd": "HĐ 13", "sotien": "1250000", "nguon": "Tài trợ"}
    last, first = cataloguing.changes(valued, PLAN)
    assert last.lines == (("Mã hợp đồng", "HĐ 12/2026", "HĐ 13"), ("Hạn trả", "5/3/2026", ""))
    assert (last.can_undo, first.can_undo) == (True, False), "a later change stands on the first"
    page = client.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "<del>HĐ 12/2026</del>" in page and page.count("/hoan-tac") == 1
    assert post(client, f"/van-ban/{PLAN}/truong-rieng/{first.row}/hoan-tac").status_code == 409
    assert post(client, f"/van-ban/{PLAN}/truong-rieng/{last.row}/hoan-tac").status_code == 303
    assert _held(valued) == STORED
    assert post(client, f"/van-ban/{PLAN}/truong-rieng/{last.row}/hoan-tac").status_code == 409
    assert post(client, f"/van-ban/{DIRECTIVE}/truong-rieng/{last.row}/hoan-tac").status_code == 404
    assert "HĐ 13" in sign_in("auditor").get(f"/van-ban/{PLAN}/lich-su.csv").text
    assert "<del>HĐ 13</del>" in sign_in("auditor").get(f"/van-ban/{PLAN}", follow_redirects=True).text


def test_the_same_values_again_change_nothing(valued: Store) -> None:
    shown = {one.field.slug: one.shown for one in cataloguing.entries(valued, PLAN)}
    assert not records.set_own_values(valued, PLAN, shown, "clerk")


def test_a_choice_that_is_listed_no_more_stays(valued: Store) -> None:
    field = cataloguing.fields(valued)[3]
    records.change_own_field(valued, field.id, "Nguồn", ["Ngân sách", "Khác"], "admin")
    assert records.set_own_values(valued, PLAN, {"nguon": "Tài trợ", "mahd": "x"}, "clerk")
    assert _held(valued)["nguon"] == "Tài trợ"


ROLES = [("outsider", 401), ("reader", 403), ("leader", 403), ("auditor", 403), ("clerk", 303), ("admin", 303)]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_set(role: str, status: int, valued: Store, sign_in: SignIn, post: Post) -> None:
    assert post(sign_in(role), f"/van-ban/{PLAN}/truong-rieng", {"mahd": role}).status_code == status
    assert (_held(valued)["mahd"] == role) == (status == 303)
    if role != "outsider":
        assert "1.250.000" in sign_in(role).get(f"/van-ban/{PLAN}", follow_redirects=True).text


STATES: list[tuple[str, Callable[[Store], object], int, str]] = [
    ("withdrawn", lambda store: records.withdraw(store, PLAN, "x", "clerk"), PLAN, "wrong_state"),
    ("refused", lambda store: None, FAILED, "wrong_state"),
    ("purged", lambda store: records.classify(store, PLAN, "mật", "clerk"), PLAN, "wrong_state"),
    ("changed by another", lambda store: records.set_tags(store, [PLAN], ["T"], [], "clerk"), PLAN, "stale"),
]


@pytest.mark.parametrize(("state", "bring", "document", "code"), STATES, ids=[row[0] for row in STATES])
def test_no_value_is_set_then(
    state: str, bring: Callable[[Store], object], document: int, code: str, valued: Store
) -> None:
    records.add_tag(valued, "T", "red", "clerk")
    with valued.db.reading() as session:
        revision = session.get_one(Document, document).revision
    bring(valued)
    with pytest.raises(Problem) as caught:
        records.set_own_values(valued, document, {"mahd": "x"}, "clerk", revision if code == "stale" else None)
    assert caught.value.code == code, state


def test_a_purge_takes_values_and_their_history(valued: Store) -> None:
    records.classify(valued, PLAN, "mật", "clerk")
    with valued.db.reading() as session:
        assert session.query(OwnValue).count() == 0
        rows = session.query(AuditRow).filter(AuditRow.action == "own_value").all()
        assert rows and all("after" not in row.detail for row in rows)
        assert audit.verify(session) == []
    assert cataloguing.changes(valued, PLAN) == []


def test_a_limited_document_keeps_its_values_to_itself(valued: Store, sign_in: SignIn, post: Post) -> None:
    records.add_group(valued, "Tổ", "admin")
    records.limit(valued, PLAN, ["Tổ"], "admin")
    client = sign_in("clerk")
    assert post(client, f"/van-ban/{PLAN}/truong-rieng", {"mahd": "x"}).status_code == 404
    assert client.get(f"/api/documents/{PLAN}/own-fields").status_code == 404
    assert client.get("/api/search?q=mahd:12").json["total"] == 0  # type: ignore[index]
    assert "HĐ 12/2026" not in client.get("/ket-qua.csv?q=thi").text + client.get(f"/danh-sach.csv?id={PLAN}").text


def test_lists_and_api_tell_values(valued: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    rows = list(csv.DictReader(io.StringIO(client.get("/ket-qua.csv?q=mahd:12").get_data().decode("utf-8-sig"))))
    assert [(row["sotien"], row["hantra"]) for row in rows] == [("1250000", "2026-03-05")]
    assert client.get(f"/api/documents/{PLAN}").json["own"] == STORED  # type: ignore[index]
    told = client.get(f"/api/documents/{PLAN}/own-fields").json
    assert told["values"] == STORED and told["changes"] == [], "the history is not for readers"  # type: ignore[index]


def test_the_administrator_keeps_the_fields(valued: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("admin")
    form = {"slug": "ghichu", "label": "Ghi chú", "kind": "choice", "choices": "Một\nHai\n"}
    assert post(client, "/truong-rieng", form).status_code == 303
    made = cataloguing.fields(valued)[-1]
    assert (made.slug, made.choices) == ("ghichu", ("Một", "Hai"))
    changed = {"act": "change", "label": "Ghi chú khác", "choices": "Một\nBa"}
    assert post(client, f"/truong-rieng/{made.id}", changed).status_code == 303
    assert post(client, f"/truong-rieng/{made.id}", {"act": "end"}).status_code == 303
    assert not cataloguing.fields(valued, all_of_them=True)[-1].used
    assert post(client, "/truong-rieng/99", {"act": "end"}).status_code == 404
    assert post(client, f"/truong-rieng/{made.id}", {"act": "x"}).status_code == 400
    assert "Ghi chú khác" in client.get("/truong-rieng").text
