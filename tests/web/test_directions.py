"""Direction of a paper from its reading to the page: asked, corrected, followed, and worked out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from search.index import indexer
from tests.web.conftest import PLAN, WAITING, document
from tests.web.test_registers import by_call, by_page
from web.commands import own

SignIn = Callable[[str], FlaskClient]
KG = "Ủy ban nhân dân tỉnh Kiên Giang"


def direction(store: Store, document_id: int) -> dict[str, Any] | None:
    with store.db.reading() as session:
        return (session.get_one(Document, document_id).fields or {}).get("direction")


def test_a_paper_is_read_as_incoming_or_not_by_the_own_bodies(filled: Store, sign_in: SignIn) -> None:
    assert direction(filled, PLAN) is None, "no body of ours is named"
    records.add_own_body(filled, "Sở Y tế tỉnh Kiên Giang", "SYT", "admin")
    made = document(filled, "77/KH-UBND", "2023-05-05", "Tổ chức thi")
    found = direction(filled, made)
    assert found is not None
    assert (found["value"], found["rule"], found["review"], found["page"]) == (
        "incoming",
        "direction.issuer",
        False,
        1,
    )
    page = sign_in("reader").get(f"/van-ban/{made}", follow_redirects=True).text
    assert "Văn bản đến" in page and 'data-light="direction"' in page and 'data-mark="direction"' in page
    reading = sign_in("reader").get(f"/api/documents/{made}").json
    assert "incoming" in json.dumps(reading), "the record in JSON"
    indexer.sync(filled)
    found_by = sign_in("reader").get("/api/search?q=huong:đến").json
    assert found_by is not None and [one["id"] for one in found_by["hits"]] == [made]


def test_directions_are_worked_out_again_after_a_change_of_own_bodies(
    filled: Store, settings: Settings, sign_in: SignIn
) -> None:
    records.add_own_body(filled, "Sở Y tế tỉnh Kiên Giang", "SYT", "admin")
    done = CliRunner().invoke(own.own, ["direct"], env={"VANBAN_HOME": str(settings.home)})
    assert (done.exit_code, done.stdout.strip()) == (0, "3"), "those that have been read"
    assert (direction(filled, PLAN) or {})["value"] == "incoming"
    assert by_page(sign_in("admin"), "/co-quan-cua-kho/huong").status_code == 303
    records.add_own_body(filled, KG, "UBND", "admin")
    told = by_call(sign_in("admin"), "/api/own-bodies/directions").json
    assert told == {"changed": 3, "after": None}
    assert direction(filled, PLAN) is None, "ours, and nobody is named: nothing follows"
    assert "xét lại hướng văn bản" in sign_in("auditor").get("/nhat-ky").text


def test_a_person_corrects_it_and_keeps_the_last_word(filled: Store, sign_in: SignIn) -> None:
    records.add_own_body(filled, "Sở Y tế tỉnh Kiên Giang", "SYT", "admin")
    records.correct(filled, PLAN, {"direction": "văn bản đi"}, "clerk", None)
    assert (direction(filled, PLAN) or {})["value"] == "outgoing"
    records.correct(filled, PLAN, {"issuer": "Bộ Y tế"}, "clerk", None, confirm=["number_issuer_differs"])
    assert (direction(filled, PLAN) or {})["value"] == "outgoing", "what a person decided stays"
    with pytest.raises(Problem) as raised:
        records.correct(filled, PLAN, {"direction": "ngang"}, "clerk", None)
    assert raised.value.code == "bad_value"
    assert "Văn bản đi" in sign_in("clerk").get(f"/van-ban/{PLAN}", follow_redirects=True).text


def test_it_follows_a_corrected_issuer(filled: Store, sign_in: SignIn) -> None:
    records.add_own_body(filled, "Sở Y tế tỉnh Kiên Giang", "SYT", "admin")
    said = {"issuer": "Sở Y tế tỉnh Kiên Giang", "recipients": ["UBND tỉnh", "Lưu: VT"]}
    records.correct(filled, WAITING, said, "clerk", None)
    found = direction(filled, WAITING)
    assert found is not None and (found["value"], found["rule"]) == ("outgoing", "direction.issuer")
    form = sign_in("clerk").get(f"/can-xem/{WAITING}").text
    assert 'name="direction"' in form and 'value="Văn bản đi"' in form and 'list="choices-direction"' in form
    assert 'name="incoming_number"' in form and 'name="incoming_date"' in form


def test_places_and_years_of_a_body_are_kept_by_page_call_and_command(
    filled: Store, settings: Settings, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    sent = {"name": "Sở Y tế tỉnh Kiên Giang", "places": "Rạch Giá; ;Kiên Giang", "first_year": "2025"}
    assert by_page(admin, "/co-quan-cua-kho", **sent).status_code == 303
    (body,) = admin.get("/api/own-bodies").json["bodies"]  # type: ignore[index]
    assert (body["places"], body["first_year"], body["last_year"]) == (["Rạch Giá", "Kiên Giang"], 2025, None)
    done = CliRunner().invoke(own.own, ["list", "--json"], env={"VANBAN_HOME": str(settings.home)})
    assert json.loads(done.stdout)["places"] == ["Rạch Giá", "Kiên Giang"]
    page = admin.get("/co-quan-cua-kho").text
    assert "Rạch Giá; Kiên Giang" in page and "2025–…" in page
    for bad in ({"first_year": "xx"}, {"first_year": "2026", "last_year": "2025"}, {"places": "x" * 501}):
        refused = by_page(admin, "/co-quan-cua-kho", **{**sent, **bad})
        assert refused.status_code == 422 and "Sở Y tế" in refused.text, bad
