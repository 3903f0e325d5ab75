"""Guides say what is so: calls of the API exist and take these bodies, pictures are there, the site builds."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from flask import Flask
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


def test_the_site_has_every_page(tmp_path: Path) -> None:
    text = re.sub(r"!!python/\S+ .*", "", (ROOT / "mkdocs.yml").read_text("utf-8").split("markdown_extensions")[0])
    assert yaml.safe_load(text)["plugins"][-1] == "offline"
    done = subprocess.run([ROOT / "script/site", tmp_path / "site"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    built = {path.relative_to(tmp_path / "site").with_suffix("") for path in (tmp_path / "site").rglob("*.html")}
    missing = {page for page in pages - built if page.name != "README"}
    assert missing == set() and (tmp_path / "site/search/search_index.js").exists()
    pages_built = (tmp_path / "site").rglob("*.html")
    assert [path for path in pages_built if re.search(r'src="https?:', path.read_text("utf-8"))] == []
