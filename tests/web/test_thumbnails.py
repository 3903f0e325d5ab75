"""Small pictures in results, the paper beside its text: the gate of page pictures, none of limited papers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from corpus import records
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.derived import leftovers
from tests.web.conftest import DIRECTIVE, FAILED, PLAN

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
AT = f"/van-ban/{PLAN}/anh-nho.png"


def _limit(store: Store) -> None:
    records.add_group(store, "Tổ", "admin")
    records.limit(store, PLAN, ["Tổ"], "admin")


STATES: list[tuple[str, str, Callable[[Store], object], int]] = [
    ("on record", "reader", lambda store: None, 200),
    ("limited: not even for who sees it", "admin", _limit, 404),
    ("limited, another's", "clerk", _limit, 404),
    ("withdrawn, for a reader", "reader", lambda store: records.withdraw(store, PLAN, "x", "clerk"), 404),
    ("purged", "admin", lambda store: records.classify(store, PLAN, "mật", "clerk"), 409),
    ("nobody signed in", "outsider", lambda store: None, 303),
]


@pytest.mark.parametrize(("state", "role", "bring", "status"), STATES, ids=[row[0] for row in STATES])
def test_who_gets_a_small_picture(
    state: str, role: str, bring: Callable[[Store], object], status: int, filled: Store, sign_in: SignIn
) -> None:
    bring(filled)
    answer = sign_in(role).get(AT)
    assert answer.status_code == status, state
    if status == 200:
        assert Image.open(io.BytesIO(answer.data)).width == 160
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_before_the_gate_there_is_none(filled: Store, sign_in: SignIn) -> None:
    assert sign_in("clerk").get(f"/van-ban/{FAILED}/anh-nho.png").status_code == 409


def test_results_have_them_of_what_is_open_to_all(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    page = client.get("/?q=thi").text
    assert f'src="{AT}"' in page and 'loading="lazy"' in page
    assert f"/van-ban/{DIRECTIVE}/anh-nho.png" in page
    _limit(filled)
    page = client.get("/?q=thi").text
    assert f"/van-ban/{PLAN}" in page and AT not in page and f"/van-ban/{DIRECTIVE}/anh-nho.png" in page


def test_the_choice_is_remembered_by_the_browser(filled: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("reader")
    answer = post(client, "/anh-nho", {"anh": "0", "ve": "/?q=thi"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/?q=thi"
    page = client.get("/?q=thi").text
    assert AT not in page and "Hiện ảnh nhỏ" in page
    post(client, "/anh-nho", {"anh": "1", "ve": "https://evil.example/"})
    assert AT in client.get("/?q=thi").text and AT in sign_in("reader").get("/?q=thi").text


def test_a_purge_takes_it_and_check_finds_none_left(filled: Store, sign_in: SignIn) -> None:
    assert sign_in("reader").get(AT).status_code == 200
    with filled.db.reading() as session:
        sha256 = session.get_one(Document, PLAN).sha256
    assert derived.exists(filled, sha256)
    records.classify(filled, PLAN, "mật", "clerk")
    assert not derived.exists(filled, sha256) and leftovers.unpurged(filled) == []


def test_a_list_of_pictures_leaves_the_row_of_its_search_alone(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    client.get("/?q=thi")
    client.get(AT)
    with filled.db.reading() as session:
        rows = session.query(AuditRow).filter(AuditRow.actor == "reader", AuditRow.action != "sign_in")
        assert [row.action for row in rows] == ["search"]


def test_the_paper_stands_beside_its_text(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    page = client.get(f"/van-ban/{PLAN}/doi-chieu").text
    assert f"/van-ban/{PLAN}/trang/1.png?w=1240" in page and "Số: 31/KH-UBND" in page
    assert "&lt;b&gt;chuyển đổi số" in page, "what was read is no markup"
    with filled.db.reading() as session:
        rows = session.query(AuditRow).filter(AuditRow.actor == "reader", AuditRow.action == "view_text").all()
        assert [row.document_id for row in rows] == [PLAN]
    _limit(filled)
    assert client.get(f"/van-ban/{PLAN}/doi-chieu").status_code == 404
    assert sign_in("clerk").get(f"/van-ban/{FAILED}/doi-chieu").status_code == 409
