"""The walls of the house: import arrows, one writer, a first line for every module, and package names of our own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARROWS = {
    "corpus": {"corpus"},
    "ingest": {"ingest", "corpus"},
    "search": {"search", "corpus"},
    "web": {"web", "ingest", "search", "corpus"},
}
MODULES = sorted(path for package in ARROWS for path in (ROOT / package).rglob("*.py"))
COMMITTERS = {"corpus/records/", "corpus/database/connection.py"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imports(tree: ast.AST) -> Iterator[str]:
    """The top package of everything a tree imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def _calls(tree: ast.AST) -> Iterator[str]:
    """The names of the methods a tree calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name for name in _imports(_tree(path)) if name in ARROWS}
    assert ours <= ARROWS[package], f"{_name(path)} may import {sorted(ARROWS[package])} only"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_our_own_packages_are_imported_at_the_top_only(path: Path) -> None:
    functions = [n for n in ast.walk(_tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if any(name in ARROWS for name in _imports(f))] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_relative_imports(path: Path) -> None:
    assert [n.lineno for n in ast.walk(_tree(path)) if isinstance(n, ast.ImportFrom) and n.level] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_records_writes(path: Path) -> None:
    """An index's own `commit` is no database's; it lives in the engines' modules."""
    if _name(path) in COMMITTERS or _name(path).startswith("corpus/records/"):
        return
    forbidden = (
        {"writing"}
        if _name(path).startswith(("search/engine_", "search/engine_choice/"))
        else {"writing", "commit"}
    )
    assert forbidden.isdisjoint(_calls(_tree(path)))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_its_job_first(path: Path) -> None:
    first = (ast.get_docstring(_tree(path)) or "").splitlines()
    assert first and len(first[0]) > 10, f"{_name(path)} has no first line"


def test_no_dependency_ships_a_package_of_our_names() -> None:
    owners = metadata.packages_distributions()
    assert {name: owners[name] for name in ARROWS if set(owners.get(name, ())) - {"vanban"}} == {}


def test_the_arrow_test_sees_imports_inside_functions() -> None:
    tree = ast.parse("def f():\n    from web.present.catalogue import say\n    import ingest.files.media_type\n")
    assert set(_imports(tree)) == {"web", "ingest"}
