"""Guides say what is so: calls of the API exist and take these bodies, pictures are there, the site builds."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from flask import Flask
from lxml import html
from playwright.sync_api import sync_playwright
from werkzeug.exceptions import HTTPException

from corpus.config import Settings
from web.app import create_app
from web.cli import COMMANDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
API = (DOCS / "api-guide.md").read_text("utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", API, re.DOTALL)
CALLS = [line for block in BLOCKS for line in block.splitlines() if "$BASE/" in line]
GUIDES = ("user-guide.md", "admin-guide.md", "troubleshooting.md", "importing.md", "comparison.md", "api-guide.md")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Nothing is written to its store: addresses are matched, the description is read."""
    return create_app(Settings(_env_file=None, home=tmp_path_factory.mktemp("guides") / "home"))


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_api_guide_exists(app: Flask, call: str) -> None:
    path = re.search(r"\$BASE(/[^\"'\s]*)", call)
    assert path is not None
    posts = "--json" in call or "-F " in call
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(path[1], method="POST" if posts else "GET")
    except HTTPException as error:
        pytest.fail(f"{path[1]}: {error}")
    assert endpoint.startswith(("api", "metrics"))


@pytest.mark.parametrize("call", [call for call in CALLS if "--json" in call])
def test_a_body_of_the_api_guide_is_of_the_shape_that_is_described(app: Flask, call: str) -> None:
    path = re.sub(r"\d+", "{document_id}", re.search(r"\$BASE(/[^\"'\s]*)", call)[1])  # type: ignore[index]
    body = json.loads(re.search(r"--json '(.*)'", call)[1])  # type: ignore[index]
    described = app.test_client().get("/api/openapi.json").get_json()
    shape = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    name = shape["$ref"].rsplit("/", 1)[1]
    known = described["components"]["schemas"][name]
    assert set(body) <= set(known["properties"]) and set(known.get("required", ())) <= set(body)


@pytest.mark.parametrize("page", GUIDES)
def test_commands_of_a_guide_exist(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    called = set(re.findall(r"(?:`|/|    |&& |\w=\S+ )vanban ([a-z]+)\b", text))
    assert called <= set(COMMANDS), called - set(COMMANDS)


def test_each_role_has_its_part_with_pictures() -> None:
    parts = (DOCS / "user-guide.md").read_text("utf-8").split("\n## ")[1:]
    assert [part.split("\n", 1)[0] for part in parts] == ["Chuyên viên", "Văn thư", "Lãnh đạo", "Người kiểm tra"]
    assert all("](screens/" in part for part in parts if not part.startswith("Lãnh đạo")), "leaders: no screen yet"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static site, built once."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = subprocess.run([ROOT / "script/site", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    text = re.sub(r"!!python/\S+ .*", "", (ROOT / "mkdocs.yml").read_text("utf-8").split("markdown_extensions")[0])
    assert yaml.safe_load(text)["plugins"][-1] == "offline"
    pages = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    missing = {page for page in pages - built if page.name != "README"}
    assert missing == set() and (site / "search/search_index.js").exists()
    assert [path for path in site.rglob("*.html") if re.search(r'src="https?:', path.read_text("utf-8"))] == []


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    """Files and anchors; a folder needs its index page, as the name of the site leads to it."""
    pages = {path: html.parse(path) for path in site.rglob("*.html") if path.name != "404.html"}
    anchors = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    lost = []
    for path, page in pages.items():
        for link in page.xpath("//@href|//@src"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and anchor not in anchors.get(target, {anchor})):
                lost.append(f"{path.relative_to(site)}: {link}")
    assert len(pages) > 30 and lost == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "page", "reason"),
    [
        ("phục hồi", "admin-guide.html", "Vietnamese"),
        ("restore", "operations.html", "English"),
        ("VANBAN_READ_ONLY", "settings.html", "the name of a setting"),
    ],
)
def test_the_search_of_the_site_needs_no_network(site: Path, typed: str, page: str, reason: str) -> None:
    """In a real browser, over a web server of its own; nothing else is asked for."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}/"
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1366, "height": 900})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(base, timeout=120_000)
        tab.locator("[data-md-component=search-query]").first.click()
        tab.locator("[data-md-component=search-query]").first.press_sequentially(typed)
        found = tab.locator(f'.md-search-result__link[href*="{page}"]').first
        found.wait_for(timeout=120_000)
        browser.close()
        server.shutdown()
    assert [url for url in asked if not url.startswith((base, "blob:", "data:"))] == [], reason


class Quiet(SimpleHTTPRequestHandler):
    """A web server that writes no log."""

    def log_message(self, *_: object) -> None:
        """Nothing."""
