"""Tags: the office's list, on and off documents, in search, lists and API, under limits, states and purge."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus import audit, records
from corpus.cataloguing.tags import COLOURS
from corpus.database.cataloguing_tables import DocumentTag
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import cataloguing
from search.index import indexer
from search.results import finder
from tests.web.conftest import DIRECTIVE, FAILED, PLAN, WAITING

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]


@pytest.fixture
def tagged(filled: Store) -> Store:
    """Two tags; the plan has one of them."""
    records.add_tag(filled, "Chờ ký", "red", "clerk")
    records.add_tag(filled, "Thi đua", "green", "clerk")
    records.set_tags(filled, [PLAN], ["chờ ký"], [], "clerk")
    indexer.sync(filled)
    return filled


def _found(store: Store, query: str) -> set[int]:
    return {hit.id for hit in finder.find(store, query, viewer=None).hits}


ASKED = [
    ('nhan:"chờ ký"', {PLAN}, "by its name"),
    ("nhan:cho-ky", {PLAN}, "in one word, without accents"),
    ("tag:choky", {PLAN}, "by the English prefix"),
    ("nhan:thidua", set(), "one that no document has"),
    ("nhan:có", {PLAN}, "with any"),
    ("nhan:không", {DIRECTIVE, WAITING}, "with none"),
    ("-nhan:có", {DIRECTIVE, WAITING}, "the reverse"),
    ("nhan:cho-ky khen", set(), "and a word that it lacks"),
]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_found_by_a_tag_on_every_engine(engine: str, tagged: Store) -> None:
    indexer.rebuild(tagged, engine)
    for query, expected, why in ASKED:
        assert _found(tagged, query) == expected, why
    assert finder.find(tagged, "nhan:có", viewer=None).facets["tag"] == {"Chờ ký": 1}
    assert {hit.id for hit in finder.find(tagged, "", viewer=None, filters={"tag": "Chờ ký"}).hits} == {PLAN}


def test_a_renamed_or_removed_tag_is_followed_by_the_index(tagged: Store) -> None:
    tag = cataloguing.all_tags(tagged)[0]
    records.change_tag(tagged, tag.id, "Đã ký", "blue", "clerk")
    indexer.sync(tagged)
    assert (_found(tagged, "nhan:da-ky"), _found(tagged, "nhan:cho-ky")) == ({PLAN}, set())
    assert records.remove_tag(tagged, tag.id, "clerk") == 1
    indexer.sync(tagged)
    assert _found(tagged, "nhan:có") == set()


NAMES = [
    ("", "red", "an empty name"),
    ("chờ  KÝ", "red", "there is one"),
    ("!!!", "red", "no letter"),
    ("Không", "red", "means none"),
    ("x" * 41, "red", "too long"),
    ("Mới", "pink", "an unknown colour"),
]


@pytest.mark.parametrize(("name", "colour", "why"), NAMES, ids=[row[-1] for row in NAMES])
def test_a_bad_tag_is_refused(name: str, colour: str, why: str, tagged: Store) -> None:
    with pytest.raises(Problem) as caught:
        records.add_tag(tagged, name, colour, "clerk")
    assert caught.value.code == "bad_value", why


def test_each_act_leaves_its_row_and_the_same_again_none(tagged: Store) -> None:
    assert records.set_tags(tagged, [PLAN, DIRECTIVE], ["Chờ ký"], [], "clerk") == 1
    assert records.set_tags(tagged, [PLAN], [], ["Chờ ký"], "clerk") == 1
    with tagged.db.reading() as session:
        rows = session.query(AuditRow).filter(AuditRow.action.in_(("tag", "untag", "add_tag"))).all()
        told = [(row.action, row.document_id, row.detail["tag"]) for row in rows]
        assert audit.verify(session) == []
    assert told == [
        ("add_tag", None, "Chờ ký"), ("add_tag", None, "Thi đua"), ("tag", PLAN, "Chờ ký"),
        ("tag", DIRECTIVE, "Chờ ký"), ("untag", PLAN, "Chờ ký"),
    ]  # fmt: skip


STATES: list[tuple[str, Callable[[Store], object], int]] = [
    ("withdrawn", lambda store: records.withdraw(store, PLAN, "x", "clerk"), PLAN),
    ("refused", lambda store: None, FAILED),
    ("purged", lambda store: records.classify(store, PLAN, "mật", "clerk"), PLAN),
]


@pytest.mark.parametrize(("state", "bring", "document"), STATES, ids=[row[0] for row in STATES])
def test_no_tag_is_put_on_what_cannot_be_found(
    state: str, bring: Callable[[Store], object], document: int, tagged: Store
) -> None:
    bring(tagged)
    with pytest.raises(Problem) as caught:
        records.set_tags(tagged, [document], ["Thi đua"], [], "clerk")
    assert caught.value.code == "wrong_state", state


def test_a_purge_takes_tags_and_what_the_trail_tells_of_them(tagged: Store) -> None:
    records.classify(tagged, PLAN, "mật", "clerk")
    with tagged.db.reading() as session:
        assert session.query(DocumentTag).count() == 0
        rows = session.query(AuditRow).filter(AuditRow.action == "tag").all()
        assert all("tag" not in row.detail for row in rows)
        assert audit.verify(session) == []


def test_all_or_none(tagged: Store) -> None:
    with pytest.raises(Problem):
        records.set_tags(tagged, [DIRECTIVE, FAILED], ["Thi đua"], [], "clerk")
    assert cataloguing.tags_of(tagged, [DIRECTIVE]) == {}


def test_a_clerk_tags_on_the_page_in_results_and_at_the_desk(tagged: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("clerk")
    page = client.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert 'class="tag tag-red"' in page and "Gỡ nhãn Chờ ký" in page
    results = client.get("/?q=thi").text
    assert 'class="tag tag-red"' in results and 'formaction="/van-ban/nhan"' in results
    form = {"chosen": [str(PLAN), str(DIRECTIVE)], "tag": "Thi đua", "act": "put", "ve": "/?q=thi"}
    assert post(client, "/van-ban/nhan", form).headers["Location"] == "/?q=thi"
    assert {one.name for one in cataloguing.tags_of(tagged, [DIRECTIVE])[DIRECTIVE]} == {"Thi đua"}
    assert {one.name for one in cataloguing.tags_of(tagged, [PLAN])[PLAN]} == {"Chờ ký", "Thi đua"}
    desk = client.get(f"/can-xem/{WAITING}").text
    assert 'name="tag" value="Chờ ký"' in desk
    proof = re.search(r'name="shown" value="([^"]+)"', desk)
    revision = re.search(r'name="revision" value="(\d+)"', desk)
    assert proof and revision
    sent = {
        "number": "98/KH-UBND", "shown": proof[1], "revision": revision[1], "tag": ["Chờ ký"],
        "tag_shown": ["Chờ ký", "Thi đua"], "confirm": "",
    }  # fmt: skip
    answer = post(client, f"/can-xem/{WAITING}", sent)
    if answer.status_code == 422:
        assert 'value="Chờ ký" checked' in answer.text, "what was ticked is not lost"
        codes = re.search(r'name="confirm" value="([^"]+)"', answer.text)
        digest = re.search(r'name="confirmed" value="([^"]+)"', answer.text)
        assert codes and digest
        answer = post(client, f"/can-xem/{WAITING}", {**sent, "confirm": codes[1], "confirmed": digest[1]})
    assert answer.status_code == 303
    assert [one.name for one in cataloguing.tags_of(tagged, [WAITING])[WAITING]] == ["Chờ ký"]


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("leader", 403), ("auditor", 403), ("clerk", 303)])
def test_who_may_tag(role: str, status: int, tagged: Store, sign_in: SignIn, post: Post) -> None:
    form = {"chosen": str(DIRECTIVE), "tag": "Thi đua", "act": "put"}
    assert post(sign_in(role), "/van-ban/nhan", form).status_code == status
    page = sign_in(role).get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "Chờ ký" in page and ("Gỡ nhãn" in page) == (role == "clerk")


def test_a_limited_document_is_neither_tagged_nor_counted_for_others(
    tagged: Store, sign_in: SignIn, post: Post
) -> None:
    records.add_group(tagged, "Tổ", "admin")
    records.limit(tagged, PLAN, ["Tổ"], "admin")
    client = sign_in("clerk")
    for act in ("put", "take"):
        assert post(client, "/van-ban/nhan", {"chosen": str(PLAN), "tag": "Chờ ký", "act": act}).status_code == 404
    assert client.get("/api/tags").json["tags"][0]["documents"] == 0  # type: ignore[index]
    assert sign_in("admin").get("/api/tags").json["tags"][0]["documents"] == 1  # type: ignore[index]
    assert "tag" not in client.get("/api/search?q=nhan:có").json["facets"]  # type: ignore[index]
    assert client.get("/api/search?q=nhan:có").json["total"] == 0  # type: ignore[index]


def test_lists_and_api_tell_tags(tagged: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    rows = list(csv.DictReader(io.StringIO(client.get("/ket-qua.csv?q=nhan:có").get_data().decode("utf-8-sig"))))
    assert [row["tags"] for row in rows] == ["Chờ ký"]
    listed = client.get(f"/danh-sach.csv?id={PLAN}").get_data().decode("utf-8-sig")
    assert "Nhãn" in listed and "Chờ ký" in listed
    assert client.get(f"/api/documents/{PLAN}").json["tags"] == ["Chờ ký"]  # type: ignore[index]
    assert client.get("/api/search?tag=Chờ ký").json["total"] == 1  # type: ignore[index]
    assert "Chờ ký" in client.get("/danh-sach?cot=number&cot=tags").text


def test_the_list_is_kept_by_clerks(tagged: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("clerk")
    assert post(client, "/nhan", {"name": "Gấp", "colour": "amber"}).status_code == 303
    assert post(client, "/nhan", {"name": "gấp", "colour": "amber"}).status_code == 422
    tag = cataloguing.all_tags(tagged)[0]
    assert (tag.name, tag.key) == ("Chờ ký", "choky")
    assert post(client, f"/nhan/{tag.id}", {"act": "remove"}).status_code == 200, "asked once more"
    assert post(client, f"/nhan/{tag.id}", {"act": "remove", "confirmed": "1"}).status_code == 303
    assert cataloguing.tags_of(tagged, [PLAN]) == {}
    assert post(client, "/nhan/99", {"act": "remove"}).status_code == 404
    trail = sign_in("auditor").get("/nhat-ky").text
    assert "thêm nhãn" in trail and "bỏ nhãn" in trail


def test_colours_are_legible() -> None:
    """Ink on ground at 4.5 : 1 or more (WCAG 2.2 AA), for each colour that can be chosen."""
    sheet = (Path(__file__).parents[2] / "web/static/vanban.css").read_text(encoding="utf-8")
    for colour in COLOURS:
        found = re.search(rf"\.tag-{colour} {{ background: (#\w{{6}}); color: (#\w{{6}}); }}", sheet)
        assert found, colour
        light, dark = sorted((_luminance(found[1]), _luminance(found[2])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_change_of_tags_counts_as_a_change_of_the_document(tagged: Store, app: Flask) -> None:
    with tagged.db.reading() as session:
        before = session.get_one(Document, DIRECTIVE).revision
    records.set_tags(tagged, [DIRECTIVE], ["Thi đua"], [], "clerk")
    with tagged.db.reading() as session:
        assert session.get_one(Document, DIRECTIVE).revision == before + 1
