"""Who gets what of a document: picture, text, files and reading, by its state,
the caller's role and the limiting group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Box, Field, Fields, Page, Reading, SourceFile, Word
from corpus.errors import Problem
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store
from tests.web.conftest import png

SignIn = Callable[[str], FlaskClient]
ROLES = ("reader", "leader", "clerk", "auditor", "admin")
GROUP, TOKEN = "Tổ công tác", "ngoclambian"
NEVER = 9999
"""A number that was never given."""

# What a member of the group gets (or anybody, of a document without a limit). 200: it; 404: nobody knows of it;
# 409: not before the secrecy gate has passed it.
TABLE = """
state                 reader leader clerk auditor admin   why
queued                   404    404   409     409   409   no gate has seen it
queued again             404    404   409     409   409   the gate may know better by now
reading                  404    404   409     409   409   the gate is at it
review                   200    200   200     200   200   it has passed
accepted                 200    200   200     200   200   it has passed
accepted by hand         200    200   200     200   200   a person answers for it, from the paper
failed                   404    404   409     409   409   nothing has passed: it may be anything
failed again             404    404   200     200   200   it had passed before
refused                  404    404   409     409   409   a damaged file, unseen by the gate
refused as classified    404    404   409     409   409   nothing of it is here
withdrawn                404    404   200     200   200   it had passed before
withdrawn unread         404    404   409     409   409   taken back before the gate has seen it
""".strip().splitlines()[1:]
ROWS = [re.split(r"\s{2,}|(?<=\d) (?=\d)", line.strip(), maxsplit=6) for line in TABLE]

WAYS = {
    "picture": "/van-ban/{}/trang/1.png",
    "picture by API": "/api/documents/{}/pages/1.png",
    "original": "/van-ban/{}/ban-goc",
    "original by API": "/api/documents/{}/original",
    "searchable": "/van-ban/{}/tim-duoc.pdf",
    "searchable by API": "/api/documents/{}/searchable.pdf",
    "reading": "/api/documents/{}/reading",
    "spot": "/api/documents/{}/spot",
    "print": "/van-ban/{}/in",
    "head": "/van-ban/{}/dau-trang.png",
}
"""What is made of the file's bytes, or is its text."""
PAGES = {"page": "/van-ban/{}", "form": "/can-xem/{}", "compare": "/can-xem/{}/so-voi/{}"}
"""Pages that open in any state, and show pictures and text of what has passed alone."""
DESK = frozenset({"spot", "form", "head"})
"""For those who work at the desk; twins are compared by auditors too."""
UNREAD = "accepted by hand"
"""Has no text, so no searchable PDF either: there is none to be found."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document in each state, open to all or limited to the group."""

    open: dict[str, int]
    limited: dict[str, int]


def _read(store: Store, document_id: int, sha256: str) -> None:
    words = (Word(0, len(TOKEN), Box(0.1, 0.1, 0.5, 0.15), 0.9),)
    page = Page(1, "ocr", TOKEN, words)
    fields = Fields(subject=Field("Việc chung", "Việc chung", 0.99, page=1, boxes=(Box(0.1, 0.2, 0.5, 0.25),)))
    records.propose(store, document_id, Reading(SourceFile("a.png", sha256, "image/png", 1, 1), (page,), fields))


def _document(store: Store, state: str, *, limited: bool) -> int:
    """A document brought into a state by the ways that bring documents there."""
    data = png(f"{state} {limited}")
    sha256 = content_store.put_original(store, data)
    to = (GROUP,) if limited else ()
    document = records.receive(store, sha256, "a.png", "image/png", len(data), "clerk", limited_to=to).document_id
    failed, damaged = Problem("reader_crashed", name="a.png"), Problem("truncated", name="a.png")
    if state in ("queued again", "review", "accepted", "failed again", "withdrawn"):
        _read(store, document, sha256)
    if state in ("queued again", "failed again", "withdrawn", "withdrawn unread"):
        records.withdraw(store, document, "nhầm", "clerk")
    if state in ("queued again", "failed again"):
        records.retry(store, document, "clerk")
    if state in ("failed", "failed again", "accepted by hand"):
        records.refuse(store, document, failed)
    if state == "refused":
        records.refuse(store, document, damaged)
    if state == "refused as classified":
        records.classify(store, document, "dấu ở góc trái", "clerk")
    if state in ("accepted", "accepted by hand"):
        records.accept(store, document, {}, "clerk", None, confirm=ASKED)
    return document


@pytest.fixture
def made(filled: Store) -> Iterator[Made]:
    """Every state twice, and a member of the group for each role."""
    records.add_group(filled, GROUP, "admin")
    for role in ROLES[:-1]:
        records.add_user(filled, f"in-{role}", role, "-")
        records.join_group(filled, GROUP, f"in-{role}", "admin")
    states = [row[0] for row in ROWS]
    both = [{state: _document(filled, state, limited=limited) for state in states} for limited in (False, True)]
    for documents in both:
        _begin_to_read(filled, documents["reading"])
    yield Made(*both)


def _begin_to_read(store: Store, document: int) -> None:
    """Has a worker take a document; those that it comes by first are put off."""
    while (lease := records.claim(store, "test")) is not None and lease.document_id != document:
        records.give_back(store, lease, delay_seconds=3600)
    assert lease is not None


def _ask(client: FlaskClient, way: str, path: str) -> tuple[int, str]:
    if way != "spot":
        answer = client.get(path, follow_redirects=True)
    else:
        token = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
        box = {"page": 1, "field": "subject", "box": [0, 0, 1, 0.2]}
        answer = client.post(path, json=box, headers={"X-CSRFToken": token[1] if token else ""})
    return answer.status_code, answer.get_data().decode("utf-8", "replace")


def _expected(row: list[str], role: str, way: str, *, knows: bool) -> int:
    if (way in DESK and role == "auditor") or (way in {*DESK, "compare"} and role in ("reader", "leader")):
        return 403
    got = int(row[1 + ROLES.index(role)]) if knows else 404
    return 404 if way.startswith("searchable") and row[0] == UNREAD and got == 200 else got


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_what(role: str, made: Made, sign_in: SignIn) -> None:
    outside, inside = sign_in(role), sign_in(role if role == "admin" else f"in-{role}")
    for row in ROWS:
        callers = (
            (outside, made.open, True, "of no group, no limit"),
            (inside, made.limited, True, "a member"),
            (outside, made.limited, role == "admin", "no member"),
        )
        for client, documents, knows, who in callers:
            document = documents[row[0]]
            for way, path in WAYS.items():
                status, text = _ask(client, way, path.format(document))
                assert status == _expected(row, role, way, knows=knows), (row[0], way, role, who)
                assert status == 200 or TOKEN not in text, (row[0], way, role, who)
                if status == 409:
                    assert "not_cleared" in text or "chưa qua kiểm tra dấu mật" in text, (row[0], way)
            for way, path in PAGES.items():
                status, text = _ask(client, way, path.format(document, document))
                told = _expected(row, role, way, knows=knows)
                assert status == (200 if told == 409 else told), (row[0], way, role, who)
                shows = told == 200 and row[0] != UNREAD
                assert (f"/van-ban/{document}/trang/1.png" in text) == shows, (row[0], way, role, who)
                assert shows or TOKEN not in text, (row[0], way, role, who)


@pytest.mark.parametrize("role", ["reader", "leader", "clerk", "auditor"])
def test_what_is_hidden_answers_as_what_never_was(role: str, made: Made, sign_in: SignIn) -> None:
    client = sign_in(role)
    for way, path in {**WAYS, **PAGES}.items():
        nowhere = _ask(client, way, path.format(NEVER, NEVER))
        for state, document in made.limited.items():
            status, text = _ask(client, way, path.format(document, document))
            assert (status, _unnumbered(text, document)) == (nowhere[0], _unnumbered(nowhere[1], NEVER)), (
                way,
                state,
            )


def _unnumbered(text: str, document: int) -> str:
    """A page without what differs at each request."""
    text = re.sub(r'(csrf[^>]*?(?:content|value)=")[^"]+', r"\1", text)
    return re.sub(rf"\b{document}\b", "N", text)


def test_nothing_is_made_of_what_has_not_passed(made: Made, filled: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    for row in ROWS:
        for path in (WAYS["picture"], WAYS["searchable"]):
            client.get(path.format(made.open[row[0]]))
    kept = {path.name for path in Path(filled.settings.home / "derived").glob("*/*")}
    with filled.db.reading() as session:
        hashes = {row[0]: session.get_one(Document, made.open[row[0]]).sha256 for row in ROWS}
    assert kept == {hashes[row[0]] for row in ROWS if row[5] == "200"}
