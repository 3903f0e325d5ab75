"""The site as an app on a phone: manifest, service worker, and the page that says that there is no network."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, make_response, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from web import access

pages = Blueprint("shell", __name__)

_STATIC = Path(__file__).parents[1] / "static"
SHELL = ("vendor/bootstrap.min.css", "vanban.css", "theme.js", "icon.svg")
"""Static files that the page without network needs."""


@pages.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Name, icons and colours under which a phone keeps the site."""
    icons = [
        {"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    told = {
        "id": "/", "name": "Kho văn bản", "short_name": "Văn bản", "lang": access.store().settings.lang,
        "start_url": "/", "scope": "/", "display": "standalone", "theme_color": "#14406b",
        "background_color": "#ffffff", "icons": icons,
    }  # fmt: skip
    return _kept_shortly(jsonify(told), "application/manifest+json")


@pages.get("/favicon.ico")
def icon() -> ResponseReturnValue:
    """The icon that a browser asks for by itself for answers that are no page: files, pictures, the API."""
    return send_from_directory(_STATIC, "icon-192.png", mimetype="image/png", max_age=86_400)


@pages.get("/sw.js")
def worker() -> ResponseReturnValue:
    """The service worker, at the root so that it serves the whole site."""
    files = [url_for("static", filename=name) for name in SHELL]
    script = render_template("shell/sw.js", version=_version(), files=files, offline=url_for("shell.offline"))
    return _kept_shortly(make_response(script), "text/javascript")


@pages.get("/ngoai-mang")
def offline() -> ResponseReturnValue:
    """The page without network: the same for everybody, with nothing of anybody in it."""
    return _kept_shortly(make_response(render_template("shell/offline.html")), "text/html")


@cache
def _version() -> str:
    """Changes with any of the files, so that a new version of the program replaces what was kept."""
    data = b"".join((_STATIC / name).read_bytes() for name in SHELL)
    return hashlib.sha256(data).hexdigest()[:12]


def _kept_shortly(answer: Response, media_type: str) -> Response:
    answer.mimetype = media_type
    answer.headers["Cache-Control"] = "no-cache"
    return answer
