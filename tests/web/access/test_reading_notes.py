"""Every look at a document leaves its row, whichever way it was looked at;
a busy store answers 503 rather than in secret.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from corpus.database.models import AuditRow
from corpus.database.store import Store
from web import access
from web.access import reading_notes

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE, WAITING = 1, 2, 3


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    reading_notes.forget()
    yield
    reading_notes.forget()


def rows(store: Store) -> list[tuple[str, str, int | None]]:
    with store.db.reading() as session:
        found = session.execute(
            select(AuditRow.actor, AuditRow.action, AuditRow.document_id).order_by(AuditRow.id)
        )
        return [(one.actor, one.action, one.document_id) for one in found if one.action not in ("sign_in",)]


LOOKS = [
    # role, path, action, why
    ("reader", "/api/documents/1", "view", "the record"),
    ("reader", "/api/documents/1/reading", "view_text", "all of its text"),
    ("reader", "/api/documents/1/pages/1.png?w=160", "view_picture", "the picture of a page"),
    ("reader", "/van-ban/1/trang/1.png?w=160", "view_picture", "the same by address"),
    ("reader", "/api/cites?ref=31/KH-UBND", "view_cites", "what it cites, by number"),
    ("reader", "/api/documents/1/graph", "view_cites", "its surroundings"),
    ("reader", "/api/documents/1/tree", "view_cites", "its tree"),
    ("reader", "/api/documents/1/conflicts", "view_cites", "its conflicts"),
    ("reader", "/api/documents/1/similar", "view_similar", "what is like it"),
    ("reader", "/van-ban/1/vien-dan", "view_cites", "the page of its citations"),
    ("reader", "/van-ban/1/cay", "view_cites", "the page of its tree"),
    ("reader", "/van-ban/1/so-do", "view_cites", "the picture of its surroundings"),
    ("clerk", "/can-xem/1", "view_desk", "the desk's form"),
    ("clerk", "/can-xem/1/so-voi/2", "view_desk", "two side by side"),
    ("auditor", "/api/documents/1/history", "view_history", "its history"),
    ("auditor", "/api/documents/1/twins", "view_history", "its twins"),
]


@pytest.mark.parametrize(("role", "path", "action", "why"), LOOKS, ids=[one[1] for one in LOOKS])
def test_a_look_leaves_one_row(
    role: str, path: str, action: str, why: str, filled: Store, sign_in: SignIn
) -> None:
    before = len(rows(filled))
    client = sign_in(role)
    for _ in range(3):
        assert client.get(path).status_code == 200
    left = rows(filled)[before:]
    assert left.count((role, action, PLAN)) == 1, why
    reading_notes.forget()
    client.get(path)
    assert rows(filled)[before:] == left, "another process sees that it is in the trail"


def test_every_endpoint_of_a_document_leaves_a_row_or_is_named(app: Flask) -> None:
    """An endpoint that comes later counts as a view unless it writes its own row."""
    known = {*reading_notes.LOOKS, *reading_notes.OWN_ROWS}
    assert known <= set(access.RULES)


def test_the_page_of_a_document_counts_for_its_pictures_and_text(filled: Store, sign_in: SignIn) -> None:
    reader = sign_in("reader")
    before = len(rows(filled))
    page = reader.get("/van-ban/1", follow_redirects=True)
    assert page.status_code == 200 and reader.get("/van-ban/1/trang/1.png?w=160").status_code == 200
    assert rows(filled)[before:] == [("reader", "view", PLAN)]


def test_an_hour_later_it_is_another_look(filled: Store, sign_in: SignIn) -> None:
    reader = sign_in("reader")
    reader.get("/api/documents/1/reading")
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE action = 'view_text'"))
    reading_notes.forget()
    reader.get("/api/documents/1/reading")
    assert rows(filled).count(("reader", "view_text", PLAN)) == 2


def test_searches_leave_a_row_by_page_and_by_program(filled: Store, sign_in: SignIn) -> None:
    reader, clerk = sign_in("reader"), sign_in("clerk")
    for client in (reader, clerk, reader):
        client.get("/api/search?q=thi+đua&limit=1")
    reader.get("/?q=thi+đua&page=2")
    reader.get("/?q=khen&doc_type=Kế+hoạch")
    with filled.db.reading() as session:
        found = session.scalars(select(AuditRow).where(AuditRow.action == "search").order_by(AuditRow.id)).all()
    assert [(row.actor, row.detail["q"], row.detail.get("from"), row.detail.get("filters")) for row in found] == [
        ("reader", "thi đua", None, None),
        ("clerk", "thi đua", None, None),
        ("reader", "thi đua", 21, None),
        ("reader", "khen", None, ["Kế hoạch"]),
    ]


def test_nothing_is_read_in_secret_while_the_store_is_busy(filled: Store, sign_in: SignIn) -> None:
    """A writer holds the database for long: a new look waits `audit_seconds` and is refused,
    one that has its row goes on.
    """
    reader = sign_in("reader")
    assert reader.get("/api/documents/2/reading").status_code == 200
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with filled.db.engine.execution_options(vanban_writes=True).connect() as connection:
            connection.execute(text("SELECT 1"))
            held.set()
            done.wait(600)

    writer = threading.Thread(target=hold)
    writer.start()
    held.wait(300)
    try:
        began = time.monotonic()
        refused = reader.get("/api/documents/1/reading")
        waited = time.monotonic() - began
        again = reader.get("/api/documents/2/reading")
    finally:
        done.set()
        writer.join()
    assert (refused.status_code, refused.json["code"]) == (503, "store_busy")  # type: ignore[index]
    assert refused.headers["Retry-After"] and "thi đua" not in refused.text
    assert waited < filled.settings.database_seconds, "less than a writer waits"
    assert again.status_code == 200
    assert reader.get("/api/documents/1/reading").status_code == 200
