"""The real application on a real store with read documents in it, and people of each role signed in."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from corpus import records
from corpus.access import accounts
from corpus.authority.doc_types import doc_type_of
from corpus.config import Settings
from corpus.database.store import Store, open_store
from corpus.document import Box, Candidate, Citation, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.errors import Problem
from corpus.numbering.number import parse
from corpus.originals import content_store
from search.index import indexer
from web import access
from web.access import passwords
from web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from playwright.sync_api import Page as Window

PASSWORD = "mot-mat-khau-dai"
OWN_HASHER = passwords._hasher
"""The product's own, with its full cost (tests/web/access/test_weak_passwords.py)."""
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A password is no safer in a test for a check that takes long: same function, a thousandth of its work."""
_HASH = _CHEAP.hash(PASSWORD)
ROLES = ("reader", "leader", "clerk", "auditor", "admin")
PLAN, DIRECTIVE, WAITING, FAILED = 1, 2, 3, 4


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Accounts that a test makes by the pages or a command have hashes as cheap as the others'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: _CHEAP)
        passwords._decoy.cache_clear()
        yield
    passwords._decoy.cache_clear()


def png(text: str = "") -> bytes:
    """A small page as a picture; `text` makes its bytes its own."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(image).text((40, 40), text or "?", fill=0)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def field(value: str, top: float = 0.1, **more: Any) -> Field:
    return Field(value, value, 0.97, page=1, boxes=(Box(0.1, top, 0.5, top + 0.03),), rule="test", **more)


def document(store: Store, number: str, date: str, subject: str, *cites: Citation, doubt: bool = False) -> int:
    """A document that was received and read."""
    data = png(number)
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(
        store, sha256, f"{number.replace('/', '-')}.png", "image/png", len(data), "clerk", auto_accept=not doubt
    )
    text = f"ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG\nSố: {number}\n{subject}"
    fields = Fields(
        number=field(
            number,
            0.05,
            review=doubt,
            candidates=(Candidate("93/KH-UBND", 0.6), Candidate("98/KH-UBND", 0.3)) if doubt else (),
        ),
        date=field(date, 0.1),
        issuer=field("Ủy ban nhân dân tỉnh Kiên Giang", 0.15),
        doc_type=field(_kind(number), 0.2),
        subject=field(subject, 0.25),
        recipients=(field("Như trên", 0.8), field("Lưu: VT", 0.85)),
        signer=Signer(name=field("Nguyễn Văn A", 0.9)),
    )
    source = SourceFile("a.png", sha256, "image/png", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "ocr", text),), fields, cites))
    return receipt.document_id


def _kind(number: str) -> str:
    """The type whose code the number bears."""
    parsed = parse(number)
    return (doc_type_of(parsed.type_code, parsed.family) if parsed else None) or "Kế hoạch"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a filled store, made once; each test gets a copy."""
    home = tmp_path_factory.mktemp("model") / "home"
    store = open_store(Settings(_env_file=None, home=home))
    _fill(store)
    indexer.forget(store)
    store.close()
    return home


@pytest.fixture
def filled(settings: Settings, model: Path) -> Iterator[Store]:
    """A plan that cites a directive, the directive, one that waits for a person, one that could not be read."""
    shutil.copytree(model, settings.home)
    store = open_store(settings)
    yield store
    indexer.forget(store)
    store.close()


def _fill(store: Store) -> None:
    cited = Citation(
        "Chỉ thị số 5/CT-UBND",
        "implements",
        "Chỉ thị",
        "5/CT-UBND",
        date="2022-01-10",
        issuer="Ủy ban nhân dân tỉnh Kiên Giang",
        page=1,
        boxes=(Box(0.1, 0.4, 0.6, 0.43),),
    )
    wanted = Citation("Quyết định số 99/QĐ-UBND", "basis", "Quyết định", "99/QĐ-UBND", page=1)
    document(store, "31/KH-UBND", "2022-04-27", "Phát động thi đua <b>chuyển đổi số</b>", cited, wanted)
    document(store, "5/CT-UBND", "2022-01-10", "Tăng cường cải cách hành chính")
    document(store, "98/KH-UBND", "2023-02-01", "Khen thưởng năm 2023", doubt=True)
    failed = records.receive(
        store, content_store.put_original(store, png("x")), "hong.png", "image/png", 10, "clerk"
    )
    records.refuse(store, failed.document_id, Problem("truncated", name="hong.png"))
    for role in ROLES:
        records.add_user(store, role, role, _HASH)
    indexer.sync(store)


@pytest.fixture
def app(filled: Store, settings: Settings) -> Flask:
    made = create_app(settings)
    made.testing = False
    return made


@pytest.fixture
def sign_in(app: Flask, filled: Store) -> Callable[[str], FlaskClient]:
    """A browser of somebody with a session; what it takes to get one is tested by itself."""

    def signed_in(role: str) -> FlaskClient:
        client = app.test_client()
        if role != "outsider":
            with filled.db.reading() as session:
                user_id = accounts.user_named(session, role).id
            secret = secrets.token_urlsafe(32)
            records.start_session(filled, user_id, access.token_hash(secret))
            client.set_cookie(access.COOKIE, secret, httponly=True, samesite="Lax")
        return client

    return signed_in


@pytest.fixture
def post() -> Callable[..., Any]:
    """Sends a form with the token that the site's own pages carry."""

    def sent(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
        assert found is not None
        return client.post(path, data=data or {}, headers={"X-CSRFToken": found[1]}, **more)

    return sent


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """A page of a busy machine may take more than the five seconds that `expect` gives it."""
    from playwright.sync_api import expect

    expect.set_options(timeout=_PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's chromium, kept from calling anybody."""
    switches = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    args = [f"--{name}" for name in f"{switches} disable-component-update disable-sync".split()]
    return {"executable_path": "/usr/bin/chromium", "args": args}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Requests are not what a test prints."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


_PATIENCE_MS = 120_000
"""Milliseconds that a browser may take for what a test expects of it, on a busy machine too."""


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """A browser without anybody's cookies, which is given time."""
    context.set_default_timeout(_PATIENCE_MS)
    return context


@pytest.fixture
def enter(address: str, app: Flask, sign_in: Callable[[str], FlaskClient]) -> Callable[[Window, str], list[str]]:
    """Opens the site as somebody with a session; gives the list that the browser's errors come into.

    Signing in by the form is tested in tests/web/test_browser.py.
    """

    def entered(page: Window, name: str) -> list[str]:
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        kept = sign_in(name).get_cookie(access.COOKIE)
        assert kept is not None
        page.context.add_cookies([{"name": access.COOKIE, "value": kept.value, "url": address, "httpOnly": True}])
        page.goto(f"{address}/")
        page.get_by_label("Tìm văn bản").wait_for()
        return faults

    return entered
