"""The walls of the house: import arrows between packages and rooms, one writer, a first line for every module."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
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
    "vanban": {"vanban", "web", "ingest", "search", "corpus"},
}
MODULES = sorted(path for package in ARROWS for path in (ROOT / package).rglob("*.py"))

_READING = "text sandbox files ocr layout citations handwriting fields signatures page_reading"
WALLS = {
    "corpus": {
        # The kinds that a refusal names; sentences name fields as the forms do.
        "errors": "file_types reasons record_fields",
        "reasons": "",
        "file_types": "",
        "record_fields": "",
        "rectangle": "",
        "document": "record_fields rectangle",
        "tables": "",
        "field_labels": "record_fields",
        "typed_text": "errors",
        # plugins: an engine that a setting names may be one.
        "config": "errors plugins",
        "plugins": "errors",
        "json_shapes": "document record_fields",
        "vietnamese": "tables",
        "numbering": "tables vietnamese",
        # errors: the language in which faults of a table are said.
        "authority": "errors numbering tables vietnamese",
        # The axis's identifiers of bodies are found by their keys.
        "edxml": "authority tables vietnamese",
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
        # authority: a body of ours in any of its spellings; audit: each number has its row of the trail.
        # Tags and the office's own fields; numbering: days and numbers as people type them.
        "cataloguing": "audit database errors numbering typed_text vietnamese",
        "registers": (
            "audit authority database document errors json_shapes numbering record_fields tables typed_text "
            "vietnamese"
        ),
        "lifecycle": (
            # tables: what is doubtful in a value is a clerk's table (doubts).
            "access audit authority citations database document errors json_shapes numbering queue record_fields "
            "registers tables typed_text vietnamese"
        ),
        # Made of originals, and only of documents that lifecycle has cleared; originals itself knows no documents.
        "derived": "database errors lifecycle originals",
        # access, citations: who may see a paper, and the answer that a citation of it is.
        "handover": "access audit citations database errors numbering tables typed_text",
        # derived: what is purged with an original; json_shapes: signatures that were verified again.
        # Files (hồ sơ): places of papers, retention, destruction by the consent of two, copies.
        "files": "access audit authority database errors numbering tables typed_text vietnamese",
        "records": (
            # file_types: what is made of the pages of others is a PDF.
            "cataloguing files lifecycle citations originals derived queue access audit database document errors "
            "handover json_shapes numbering registers typed_text file_types"
        ),
        # numbering: filters are typed as numbers and days; queue: what works on this machine.
        "queries": (
            "cataloguing files access audit authority citations config database errors field_labels handover "
            "lifecycle numbering queue record_fields registers vietnamese"
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
        # text: print in a picture is told from a logo by its syllables.
        "ocr": "imaging files text cautions",
        "layout": "text",
        "citations": "text",
        "secrecy_gate": "files imaging text",
        # A second recogniser of single lines, beside OCR and the digit net.
        "secondreader": "imaging",
        "handwriting": "imaging files ocr sandbox secondreader",
        # files: the header of a mail is its record.
        "fields": "files text layout handwriting secondreader cautions",
        # fields: what certificates say is held against what is printed.
        # imaging: its boxes are put on the page as it was read.
        "signatures": "cautions fields files imaging layout sandbox text",
        # layout, fields: a second reading is worth what it tells of the record.
        "second_readings": "text imaging ocr layout fields handwriting secondreader",
        "recognise": "cautions files imaging ocr second_readings",
        # fields: the signature block as it was seen is evidence of who signed.
        "page_reading": (
            "cautions fields files handwriting imaging ocr recognise sandbox second_readings secondreader "
            "secrecy_gate"
        ),
        # fields, layout, handwriting, both readers: a box drawn by a person is read by its field's own reader.
        "views": "fields files handwriting imaging layout ocr sandbox second_readings secondreader text",
        "pipeline": _READING,
        "worker": "pipeline sandbox",
        # sandbox: a mail is taken apart in a child; views: a file of many papers is, at its separating sheets.
        "receive": "files sandbox views",
        # sandbox: the header of a mail is parsed in a child.
        "mailbox": "receive files sandbox",
        # sandbox: a workbook is read in the child.
        "importing": "sandbox",
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
        "cli": "present",
        "serving": "",
        "metrics": "access",
        "notices": "present",
        "services": "access formats present metrics",
        "pages": "services access formats present",
        "api": "services access formats present",
        "app": "pages api services access present metrics",
        # serving: `vanban serve` starts the server with our worker.
        "commands": "services access formats present cli logs metrics hooks app notices serving",
        "hooks": "",
    },
    # The face for other programs: nothing of its own, and nobody of the house imports it.
    "vanban": {"__init__": "reading", "reading": "", "plugins": "", "contract": "", "__main__": ""},
}
"""Room → rooms of its package that it may import. A room is a folder, or a file in a package's root."""

READING = {
    "imaging", "text", "files", "ocr", "handwriting", "layout", "fields", "citations", "second_readings",
    "recognise", "page_reading", "views", "pipeline",
}  # fmt: skip
"""Rooms of ingest that make a Reading or a picture and write nothing: they know no records, database or queue."""

FLASK_ROOMS = {"app", "access", "pages", "api", "services"}
FLASK_DEBT = {"web/commands/serve.py", "web/metrics.py", "web/present/search_address.py"}
"""Files outside FLASK_ROOMS that import flask: the server's start, the counters' blueprint;
only to become fewer."""


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


def _faults(fault_of: Callable[[Path], object], modules: Sequence[Path] = MODULES) -> dict[str, object]:
    """Module → what a rule finds wrong with it: a test for each module would cost more than the rule."""
    return {_name(path): fault for path in modules if (fault := fault_of(path))}


def _arrows(path: Path) -> set[str]:
    package = path.relative_to(ROOT).parts[0]
    return {name for name in _imports(_tree(path)) if name in ARROWS} - ARROWS[package]


def test_arrows() -> None:
    """A package imports those that ARROWS names for it."""
    assert _faults(_arrows) == {}


def _rooms(path: Path) -> set[str]:
    package, room = path.relative_to(ROOT).parts[0], _room(path)
    used = {other for where, other in _ours(_tree(path)) if where == package} - {room}
    return used - set(WALLS[package].get(room, "").split())


def test_rooms() -> None:
    """A module imports its own room and the rooms that WALLS names for it."""
    assert _faults(_rooms) == {}


@pytest.mark.parametrize("package", ARROWS)
def test_a_package_holds_the_listed_rooms_only(package: str) -> None:
    """A new module goes into a room; a new room gets its row in WALLS and its paragraph in
    docs/architecture.md.
    """
    rooms = {_room(path) for path in (ROOT / package).rglob("*.py")} - {"__init__"}
    assert rooms == set(WALLS[package]) - {"__init__"}


@pytest.mark.parametrize("package", ARROWS)
def test_rooms_form_no_circle(package: str) -> None:
    """The one pair that imports each other is the store and its migrations, which are one trade."""
    left = {room: set(may.split()) - {room, "database/migrations"} for room, may in WALLS[package].items()}
    while free := {room for room, may in left.items() if not may & left.keys()}:
        left = {room: may for room, may in left.items() if room not in free}
    assert left == {}


def _written(path: Path) -> set[str]:
    used = {room for package, room in _ours(_tree(path)) if package == "corpus"}
    return used & {"records", "database", "database/migrations", "queue"}


def test_reading_writes_nothing() -> None:
    rooms = [path for path in MODULES if path.relative_to(ROOT).parts[0] == "ingest" and _room(path) in READING]
    assert rooms and _faults(_written, rooms) == {}


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
    """They take the read-only faces of corpus/database/read_only.py, or a dataclass of a query."""
    assert _presenting("corpus.database.models") == set()


def _inside(path: Path) -> list[str]:
    functions = [n for n in ast.walk(_tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [f.name for f in functions if any(name in ARROWS for name in _imports(f))]


def test_our_own_packages_are_imported_at_the_top_only() -> None:
    assert _faults(_inside) == {}


def _relative(path: Path) -> list[int]:
    return [n.lineno for n in ast.walk(_tree(path)) if isinstance(n, ast.ImportFrom) and n.level]


def test_no_relative_imports() -> None:
    assert _faults(_relative) == {}


def _writes(path: Path) -> set[str]:
    """Calls that write. An index's own `commit` is no database's; it lives in the engines' rooms."""
    name = _name(path)
    if name.startswith("corpus/records/") or name == "corpus/database/connection.py":
        return set()
    return ({"writing"} if name.startswith("search/engines/") else {"writing", "commit"}) & set(
        _calls(_tree(path))
    )


def test_only_records_writes() -> None:
    assert _faults(_writes) == {}


def _has_no_first_line(path: Path) -> bool:
    first = (ast.get_docstring(_tree(path)) or "").splitlines()
    return not first or len(first[0]) <= 10


def test_every_module_says_its_job_first() -> None:
    assert _faults(_has_no_first_line) == {}


def test_the_rules_see_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of search that breaks each rule."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "search" / "query" / "wrong.py"
    path.parent.mkdir(parents=True)
    (tmp_path / "web").mkdir()
    for name in ("web/cli.py", "search/engine_choice.py"):
        (tmp_path / name).touch()
    path.write_text(
        "from . import plan\nfrom search import engine_choice\n\ndef f(db):\n    import web.cli\n    db.commit()\n"
    )
    assert _arrows(path) == {"web"} and _rooms(path) == {"engine_choice"} and _inside(path) == ["f"]
    assert _relative(path) == [1] and _writes(path) == {"commit"} and _has_no_first_line(path)


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
