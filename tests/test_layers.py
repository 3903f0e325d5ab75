"""The walls of the house: import arrows between packages and rooms, one writer, a first line for every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
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

_READING = (
    "imaging text sandbox cautions files ocr layout citations secrecy_gate handwriting fields signature_block "
    "secondreader signatures"
)
WALLS = {
    "corpus": {
        "errors": "",
        "document": "",
        "tables": "",
        # Labels of the fields that lifecycle lets people edit, no others.
        "field_labels": "errors lifecycle",
        "typed_text": "errors",
        "config": "errors",
        "json_shapes": "document",
        "vietnamese": "tables",
        "numbering": "tables vietnamese",
        # errors: the language in which faults of a table are said.
        "authority": "errors numbering tables vietnamese",
        # tables: a store that is opened brings its office's own rows.
        "database": "config errors tables database/migrations",
        "database/migrations": "database errors",
        # A script that fills a new column takes the clock and the digest of the store itself.
        "database/migrations/versions": "database",
        # tables: signs that a name may have; config: the site's key, or the folder in which one is made.
        "access": "config database errors tables typed_text",
        "queue": "database",
        # errors: a seal that can't be written, and the words of a failed check, are of the catalogue.
        "audit": "config database errors",
        "originals": "config database errors",
        "citations": "authority database errors numbering vietnamese",
        "lifecycle": (
            # tables: what is doubtful in a value is a clerk's table (doubts).
            "access audit authority citations database document errors json_shapes numbering queue tables typed_text "
            "vietnamese"
        ),
        # Made of originals, and only of documents that lifecycle has cleared; originals itself knows no documents.
        "derived": "database errors lifecycle originals",
        # derived: what is purged with an original; json_shapes: signatures that were verified again.
        "records": (
            "lifecycle citations originals derived queue access audit database document errors json_shapes typed_text"
        ),
        # numbering: filters are typed as numbers and days.
        "queries": (
            "access audit authority citations config database errors field_labels lifecycle numbering vietnamese"
        ),
        "upkeep": "audit config database database/migrations errors lifecycle originals",
    },
    "ingest": {
        "imaging": "",
        "text": "",
        "sandbox": "",
        "cautions": "",
        "evaluation": "",
        "files": "imaging text sandbox cautions",
        "ocr": "imaging files cautions",
        "layout": "text",
        "citations": "text",
        "secrecy_gate": "files imaging text",
        # A second recogniser of single lines, beside OCR and the digit net.
        "secondreader": "imaging",
        "handwriting": "imaging files ocr sandbox secondreader",
        "fields": "text layout handwriting secondreader cautions",
        # fields: what certificates say is held against what is printed.
        "signatures": "cautions fields files layout sandbox text",
        "signature_block": "text imaging ocr layout fields",
        "views": "files imaging ocr sandbox",
        "pipeline": _READING,
        "worker": "pipeline sandbox",
        "receive": "files",
        # files: a file is finished when it is whole by its own format.
        "watching": "receive files",
    },
    "search": {
        "tokens": "",
        "compound_words": "tokens",
        "engines": "tokens",
        "engines/opensearch": "engines tokens",
        "engines/tantivy": "engines tokens",
        "engines/whoosh": "engines tokens",
        "engine_choice": "engines engines/opensearch engines/tantivy engines/whoosh",
        "query": "tokens compound_words engines",
        "index": "tokens engines engine_choice",
        "results": "tokens engines query index",
    },
    "web": {
        "access": "",
        "formats": "",
        "present": "",
        "logs": "",
        "cli": "",
        "serving": "",
        "metrics": "access",
        "services": "access formats present",
        "pages": "services access formats present metrics",
        "api": "services access formats present",
        "app": "pages api services access present metrics",
        # serving: `vanban serve` starts the server with our worker.
        "commands": "services access formats present cli logs app serving",
    },
}
"""Room → rooms of its package that it may import. A room is a folder, or a file in a package's root."""

READING = {"imaging", "text", "files", "ocr", "handwriting", "layout", "fields", "citations", "views", "pipeline"}
"""Rooms of ingest that make a Reading or a picture and write nothing: they know no records, database or queue."""

FLASK_ROOMS = {"app", "access", "pages", "api", "services"}
FLASK_DEBT = {"web/commands/serve.py", "web/metrics.py", "web/present/search_address.py"}
"""Files outside FLASK_ROOMS that import flask: the server's start, the counters' blueprint; only to become fewer."""

ROWS_DEBT = {
    "web/api/documents.py",
    "web/api/shapes.py",
    "web/api/trail.py",
    "web/pages/feeds.py",
    "web/pages/review.py",
    "web/pages/search.py",
    "web/pages/upload.py",
    "web/present/audit_words.py",
    "web/present/fields.py",
    "web/present/history_rows.py",
}
"""Pages, API and presenters that still take rows of the database's tables as values; goal: none. Only to become fewer."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _room(path: Path) -> str:
    """The room a module lies in: its folder below the package, or its own name in the package's root."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[1:-1]) or path.stem


def _imports(tree: ast.AST) -> Iterator[str]:
    """The top package of everything a tree imports, at any depth."""
    yield from (name.split(".")[0] for name in _dotted(tree))


def _dotted(tree: ast.AST) -> Iterator[str]:
    """The dotted names a tree imports, at any depth: `from a import b` gives `a.b`, be b a module or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _ours(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Package and room of each module of ours that a tree imports."""
    for name in _dotted(tree):
        parts = name.split(".")
        if parts[0] not in ARROWS:
            continue
        for end in (len(parts), len(parts) - 1):
            at = ROOT.joinpath(*parts[:end])
            path = at / "__init__.py" if at.is_dir() else at.with_suffix(".py")
            if path.exists():
                yield parts[0], _room(path)
                break
        else:
            raise AssertionError(f"{name} is no module of ours")


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
def test_rooms(path: Path) -> None:
    """A module imports its own room and the rooms that WALLS names for it."""
    package, room = path.relative_to(ROOT).parts[0], _room(path)
    used = {other for where, other in _ours(_tree(path)) if where == package} - {room}
    allowed = set(WALLS[package].get(room, "").split())
    assert used <= allowed, f"{_name(path)} may import the rooms {sorted(allowed)} only"


@pytest.mark.parametrize("package", ARROWS)
def test_a_package_holds_the_listed_rooms_only(package: str) -> None:
    """A new module goes into a room; a new room gets its row in WALLS and its paragraph in docs/architecture.md."""
    rooms = {_room(path) for path in (ROOT / package).rglob("*.py")} - {"__init__"}
    assert rooms == set(WALLS[package])


@pytest.mark.parametrize("package", ARROWS)
def test_rooms_form_no_circle(package: str) -> None:
    """The one pair that imports each other is the store and its migrations, which are one trade."""
    left = {room: set(may.split()) - {room, "database/migrations"} for room, may in WALLS[package].items()}
    while free := {room for room, may in left.items() if not may & left.keys()}:
        left = {room: may for room, may in left.items() if room not in free}
    assert left == {}


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(ROOT).parts[0] == "ingest"], ids=_name)
def test_reading_writes_nothing(path: Path) -> None:
    if _room(path) not in READING:
        return
    written = {room for package, room in _ours(_tree(path)) if package == "corpus"}
    assert written.isdisjoint({"records", "database", "database/migrations", "queue"})


def test_flask_stays_in_its_rooms() -> None:
    users = {_name(path) for path in MODULES if "flask" in set(_imports(_tree(path)))}
    assert {name for name in users if _room(ROOT / name) not in FLASK_ROOMS} == FLASK_DEBT


def _presenting(module: str) -> set[str]:
    """The files of pages, API and presenters that import a module or something below it."""
    paths = [path for room in ("pages", "api", "present") for path in (ROOT / "web" / room).rglob("*.py")]
    return {_name(path) for path in paths if any(f"{n}.".startswith(f"{module}.") for n in _dotted(_tree(path)))}


def test_pages_api_and_presenters_leave_sql_to_queries() -> None:
    """A question to the database is a function of corpus/queries."""
    assert _presenting("sqlalchemy") == set()


def test_pages_api_and_presenters_take_values_for_rows() -> None:
    """Fewer than ROWS_DEBT: take the file out of the list. More: let the query return a dataclass."""
    assert _presenting("corpus.database.models") == ROWS_DEBT


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_our_own_packages_are_imported_at_the_top_only(path: Path) -> None:
    functions = [n for n in ast.walk(_tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if any(name in ARROWS for name in _imports(f))] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_relative_imports(path: Path) -> None:
    assert [n.lineno for n in ast.walk(_tree(path)) if isinstance(n, ast.ImportFrom) and n.level] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_records_writes(path: Path) -> None:
    """An index's own `commit` is no database's; it lives in the engines' rooms."""
    name = _name(path)
    if name.startswith("corpus/records/") or name == "corpus/database/connection.py":
        return
    forbidden = {"writing"} if name.startswith("search/engines/") else {"writing", "commit"}
    assert forbidden.isdisjoint(_calls(_tree(path)))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_its_job_first(path: Path) -> None:
    first = (ast.get_docstring(_tree(path)) or "").splitlines()
    assert first and len(first[0]) > 10, f"{_name(path)} has no first line"


def test_each_room_has_its_paragraph() -> None:
    """docs/architecture.md names every room at the head of a paragraph, and none that is gone."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    heads = {line.split("`")[1] for line in text.splitlines() if line.startswith("**`")}
    rooms = {f"{package}/{room}" for package, walls in WALLS.items() for room in walls}
    named = {room if (ROOT / room).is_dir() else f"{room}.py" for room in rooms}
    assert heads == named - {"corpus/database/migrations/versions"}


def test_no_dependency_ships_a_package_of_our_names() -> None:
    owners = metadata.packages_distributions()
    assert {name: owners[name] for name in ARROWS if set(owners.get(name, ())) - {"vanban"}} == {}


def test_the_arrow_test_sees_imports_inside_functions() -> None:
    tree = ast.parse("def f():\n    from web.present.catalogue import say\n    import ingest.files.media_type\n")
    assert set(_imports(tree)) == {"web", "ingest"}
    assert set(_ours(tree)) == {("web", "present"), ("ingest", "files")}
