"""Lists of files begin with the few papers that they show, not with all documents of a state."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event

from corpus import records
from corpus.access import groups
from corpus.config import Settings
from corpus.database.store import Store
from corpus.queries import files


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The order of tables is SQLite's: PostgreSQL counts before it chooses."""
    return Settings(_env_file=None, home=tmp_path_factory.mktemp("home"))


def plans(engine: Engine, statements: list[tuple[str, object]]) -> list[list[str]]:
    """The plan of each statement that reads papers, line by line."""
    with engine.connect() as connection:
        return [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]  # type: ignore[arg-type]
            for text, values in statements
            if "case_file_papers" in text
        ]


def test_papers_are_looked_up_by_their_file_and_documents_by_their_id(store: Store) -> None:
    made = records.add_file(store, 2024, {"code": "01.A", "title": "x"}, "lan")
    said: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, values: object, _x: object, _many: bool) -> None:
        said.append((statement, values))

    event.listen(store.db.engine, "before_cursor_execute", note)
    seen = groups.seen_by((1, 2))
    files.catalogue(store, files.FilesWanted(2024), seen, 50)
    files.papers(store, made, seen, 100, 50)
    files.to_submit(store, files.FilesWanted(), seen, 50)
    event.remove(store.db.engine, "before_cursor_execute", note)
    found = plans(store.db.engine, said)
    assert len(found) >= 3
    for plan in found:
        steps = [line for line in plan if line.startswith(("SEARCH case_file_papers", "SEARCH documents", "SCAN"))]
        assert not any(line.startswith(("SCAN documents", "SCAN case_file_papers")) for line in plan), plan
        assert "ix_case_file_papers_file_id_position" in steps[0], plan
        assert any("documents USING INTEGER PRIMARY KEY" in line for line in plan), plan
