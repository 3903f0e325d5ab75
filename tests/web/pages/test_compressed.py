"""The site's own files on their way: smaller where the browser takes it, the same bytes in the end."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from web import app as application

STATIC = Path(application.__file__).parent / "static"
SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("name", "takes", "smaller", "why"),
    [
        ("vendor/bootstrap.min.css", "gzip, deflate, br", True, "style sheets are most of the first page"),
        ("vanban.js", "gzip", True, "so are scripts"),
        ("vanban.css", "", False, "a browser that takes nothing else"),
        ("vanban.css", "gzip;q=0", False, "one that refuses it"),
        ("icon-192.png", "gzip", False, "a picture is compressed already"),
    ],
)
def test_a_file_of_the_site(name: str, takes: str, smaller: bool, why: str, sign_in: SignIn) -> None:
    answer = sign_in("outsider").get(f"/static/{name}", headers={"Accept-Encoding": takes})
    whole = (STATIC / name).read_bytes()
    assert (answer.headers.get("Content-Encoding") == "gzip") is smaller, why
    assert (gzip.decompress(answer.data) if smaller else answer.data) == whole, why
    assert int(answer.headers["Content-Length"]) == len(answer.data) and (
        not smaller or len(answer.data) < len(whole) / 2
    )


def test_it_is_asked_for_once(sign_in: SignIn) -> None:
    client, head = sign_in("outsider"), {"Accept-Encoding": "gzip"}
    first = client.get("/static/vanban.css", headers=head)
    assert "Accept-Encoding" in first.headers["Vary"]
    again = client.get("/static/vanban.css", headers={**head, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_pages_are_not_compressed(sign_in: SignIn) -> None:
    page = sign_in("clerk").get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers, "a secret beside what another typed"
