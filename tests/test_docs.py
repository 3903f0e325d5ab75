"""Pages for developers name what exists: paths, types of the glossary, decisions, hooks;
and say what they promise.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from script.lint_language import ALLOWED, BANNED

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / name
    for name in ("README.md", "README.en.md", "CONTRIBUTING.md", "SECURITY.md", "ingest/weights/README.md")
]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
_TOPS = "corpus|ingest|search|vanban|web|script|tests|docs|deploy"
_PATH = re.compile(rf"`((?:{_TOPS})/[\w./*-]+)(?: [^`]*)?`")
_FILE = re.compile(r"`([\w-]+\.(?:md|toml|lock|yaml))`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
_TERM = re.compile(r"\| (?P<vi>[^|`]+) \| (?P<en>[^|`]+) \| `(?P<name>\w+)` \| `(?P<module>[\w.]+)` \|")


def _label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _is_there(name: str) -> bool:
    """True if a path of the repository exists; a `*` stands for any name, a missing ending for a module."""
    return any(ROOT.glob(name)) or (ROOT / f"{name}.py").exists()


@pytest.mark.parametrize("page", PAGES, ids=_label)
def test_paths_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {name for name in _PATH.findall(text) if "NAME" not in name}
    assert {name for name in named if not _is_there(name.rstrip("/."))} == set()
    assert {name for name in _FILE.findall(text) if not (ROOT / name).exists() and "/" in name} == set()
    assert {link for link in _LINK.findall(text) if not (page.parent / link).exists()} == set()


def test_the_path_test_sees_a_path_that_is_gone() -> None:
    found = _PATH.findall("see `corpus/no_such_room/x.py` and `script/bench hands FOLDER`, not `a/b.py`")
    assert found == ["corpus/no_such_room/x.py", "script/bench"]
    assert [_is_there(name) for name in found] == [False, True]


@pytest.mark.parametrize(
    "row", list(_TERM.finditer((ROOT / "docs/glossary.md").read_text("utf-8"))), ids=lambda row: str(row["vi"])
)
def test_a_term_of_the_glossary_has_its_type_and_module(row: re.Match[str]) -> None:
    assert hasattr(importlib.import_module(row["module"]), row["name"])


def test_every_row_of_the_glossary_is_read() -> None:
    lines = (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    assert len([line for line in lines if _TERM.match(line)]) == len([n for n in lines if n.startswith("| ")]) - 1


@pytest.mark.parametrize("page", DECISIONS, ids=_label)
def test_a_decision_has_context_decision_and_consequences(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {page.name[:4]} ")
    assert re.match(r"Date: \d{4}-\d\d-\d\d\. Status: ", lines[2])
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = re.findall(r"\]\((0\d+[^)]+)\)", (ROOT / "docs/decisions/README.md").read_text("utf-8"))
    assert listed == [page.name for page in DECISIONS]


def test_pages_speak_plain_english() -> None:
    """No word that the language lint bans; rows of tables and code are quoted from elsewhere."""
    banned = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
    pages = [page for page in PAGES if page.name != "measurements.md"] + [ROOT / "CHANGES.md"]
    found = {
        f"{_label(page)}: {line}"
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("|", "    "))
        and banned.search(ALLOWED.sub("", re.sub(r"`[^`]*`|“[^”]*”", "", line)))
    }
    assert found == set()


def test_recipes_are_the_six_that_developers_ask_for() -> None:
    recipes = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Recipes")[1]
    heads = [line.removeprefix("### ") for line in recipes.splitlines() if line.startswith("### ")]
    for word in ("type", "threshold", "search field", "engine", "wrong date", "column"):
        assert any(word in head for head in heads), word


def test_every_file_of_weights_is_described() -> None:
    page = (ROOT / "ingest/weights/README.md").read_text("utf-8")
    files = [path.name for path in (ROOT / "ingest/weights").iterdir() if path.name != "README.md"]
    assert [name for name in files if f"`{name}`" not in page] == []


def test_hooks_call_steps_that_the_lint_has() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    steps = re.findall(r"entry: script/lint (\w+)", hooks)
    lint = (ROOT / "script/lint").read_text("utf-8")
    assert steps and all(re.search(rf"^  {step}\)", lint, re.MULTILINE) for step in steps)
    assert "http" not in hooks


def test_changes_are_dated_and_sorted_by_kind() -> None:
    lines = (ROOT / "CHANGES.md").read_text("utf-8").splitlines()
    versions = [line for line in lines if line.startswith("## ")]
    assert versions[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[[\d.]+\] - \d{4}-\d\d-\d\d", line) for line in versions[1:])
    kinds = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    assert kinds and kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files of the wheel by name."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    with zipfile.ZipFile(made) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_wheel_says_that_it_is_typed(wheel: dict[str, bytes]) -> None:
    assert {f"{package}/py.typed" for package in ("corpus", "ingest", "search", "vanban", "web")} <= wheel.keys()


def test_the_wheel_holds_the_licence_of_everything_in_it(wheel: dict[str, bytes]) -> None:
    """Each vendored script and style has its licence beside it and among the wheel's licence files."""
    licences = {name.split("/licenses/")[1] for name in wheel if ".dist-info/licenses/" in name}
    vendored = [name for name in wheel if name.startswith("web/static/vendor/") and name.endswith((".js", ".css"))]
    for name in vendored:
        stem = name.removesuffix(".js").removesuffix(".css").removesuffix(".min")
        assert f"{stem}.LICENSE" in licences and f"{stem}.LICENSE" in wheel, name
    assert "LICENSE" in licences and len(vendored) >= 4


def test_the_wheel_is_for_the_pythons_that_it_names(wheel: dict[str, bytes]) -> None:
    """Those of script/platforms, which asks whether each package is there for them."""
    (about,) = (wheel[name].decode() for name in wheel if name.endswith(".dist-info/METADATA"))
    named = re.findall(r"(?m)^Classifier: Programming Language :: Python :: (3\.\d+)$", about)
    asked = re.search(r"for python in ([\d. ]+);", (ROOT / "script/platforms").read_text("utf-8"))
    assert asked is not None and named == asked[1].split()
    assert f"Requires-Python: >={named[0]}" in about
    assert "License-Expression: Apache-2.0 AND MIT AND 0BSD" in about
