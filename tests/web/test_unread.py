"""A page that was not read is seen by whoever opens the document, and read again from the desk,
its page and the API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow, Document, Job
from corpus.database.store import Store
from corpus.document import Page, Reading, SourceFile, Warning
from corpus.json_shapes import fields_from_json
from corpus.originals import content_store
from tests.web.conftest import PLAN, png

SAID = "chưa đọc được"


@pytest.fixture
def half_read(filled: Store) -> int:
    """A document whose page 2 could not be read; all its fields are sure."""
    data = png("half")
    sha256 = content_store.put_original(filled, data)
    document_id = records.receive(
        filled, sha256, "a.png", "image/png", len(data), "clerk", auto_accept=True
    ).document_id
    with filled.db.reading() as session:
        fields = fields_from_json(session.scalars(select(Document.fields).where(Document.id == PLAN)).one() or {})
    fields = replace(fields, number=replace(fields.number, value="77/KH-UBND") if fields.number else None)
    pages = (Page(1, "ocr", "Kế hoạch"), Page(2, "ocr", "", confidence=0.0))
    warning = Warning("page_unreadable", "Trang 2 không đọc được; các trang khác vẫn được đọc.", 2)
    source = SourceFile("a.png", sha256, "image/png", 2, len(data))
    assert records.propose(filled, document_id, Reading(source, pages, fields, warnings=(warning,))) == "review"
    return document_id


@pytest.mark.parametrize(
    ("role", "button"), [("reader", False), ("auditor", False), ("clerk", True), ("admin", True)]
)
def test_whoever_opens_it_sees_which_page_is_missing(
    sign_in: Callable[[str], FlaskClient], half_read: int, role: str, button: bool
) -> None:
    text = sign_in(role).get(f"/van-ban/{half_read}", follow_redirects=True).text
    assert SAID in text and "#trang-2" in text
    assert ("Đọc lại trang" in text) == button and ("Đọc lại cả văn bản" in text) == button


def test_the_desk_tells_why_it_waits(sign_in: Callable[[str], FlaskClient], half_read: int) -> None:
    clerk = sign_in("clerk")
    assert "Trang 2 chưa đọc được" in " ".join(clerk.get("/can-xem").text.split())
    form = clerk.get(f"/can-xem/{half_read}").text
    assert SAID in form and 'form="again" name="page" value="2"' in form
    assert clerk.get(f"/api/documents/{half_read}").json["questions"] == ["page_2"]


@pytest.mark.parametrize("way", ["page", "api"])
@pytest.mark.parametrize("page", [2, None])
def test_it_is_read_again_by_every_way(
    filled: Store,
    sign_in: Callable[[str], FlaskClient],
    post: Callable[..., Any],
    half_read: int,
    way: str,
    page: int | None,
) -> None:
    clerk = sign_in("clerk")
    if way == "page":
        answer = post(clerk, f"/van-ban/{half_read}/thu-lai", {"page": page} if page else {})
        assert answer.status_code == 303 and f"/van-ban/{half_read}" in answer.headers["Location"]
    else:
        answer = post(clerk, f"/api/documents/{half_read}/retry" + (f"?page={page}" if page else ""))
        assert answer.status_code == 202 and answer.json["status"] == "review"
    with filled.db.reading() as session:
        job = session.scalars(select(Job).where(Job.document_id == half_read, Job.state == "queued")).one()
        row = session.scalars(select(AuditRow).where(AuditRow.action == "retry")).one()
    assert job.args == ({"again": True, "pages": [2]} if page else {"again": True})
    assert row.detail == ({"was": "review", "page": 2} if page else {"was": "review"})
    text = clerk.get(f"/van-ban/{half_read}", follow_redirects=True).text
    assert "Đang đọc lại" in text and "Đọc lại trang" not in text


def test_one_on_record_is_read_again_and_no_such_page_is_told(
    filled: Store, sign_in: Callable[[str], FlaskClient], post: Callable[..., Any]
) -> None:
    clerk = sign_in("clerk")
    assert post(clerk, f"/api/documents/{PLAN}/retry?page=9").status_code == 404
    assert post(clerk, f"/api/documents/{PLAN}/retry").json["status"] == "accepted"
    assert sign_in("reader").post(f"/api/documents/{PLAN}/retry").status_code in (400, 403)
