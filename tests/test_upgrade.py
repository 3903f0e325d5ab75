"""A store of each earlier schema, with what it held, is opened by this version:
nothing is lost and all of it is found.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, insert, select

from corpus import audit, records
from corpus.access import groups, tokens
from corpus.config import Settings
from corpus.database import migrations
from corpus.database.account_tables import AccessToken, SignIn, User
from corpus.database.connection import Database, utc_now
from corpus.database.models import CitationRow, Document, Job
from corpus.database.store import Store, make_folders, open_store
from corpus.json_shapes import pack_words
from corpus.originals import content_store
from search.index import indexer
from search.results import finder
from web.services import health

TEXT = "Số: 31/KH-SYT\nKế hoạch thi đua"
EARLIER = [one.revision for one in ScriptDirectory.from_config(migrations.config()).walk_revisions()][:0:-1]


def _fill(connection: Connection, sha256: str) -> None:
    """Rows as a store of that time had them; what came later is not there."""
    tables, now = MetaData(), utc_now()
    tables.reflect(connection)
    record: dict[str, Any] = {
        "id": 1, "sha256": sha256, "name": "a.txt", "media_type": "text/plain", "size": len(TEXT.encode()),
        "status": "accepted", "sample": False, "auto_accept": False, "revision": 2, "indexed_revision": 2,
        "number": "31/KH-SYT", "number_key": "31/kh-syt", "subject": "Kế hoạch thi đua", "page_count": 1,
        "received_at": now, "received_by": "lan", "fields": {"number": None}, "questions": [],
    }  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = [
        ("users", {"id": 1, "name": "lan", "full_name": "", "role": "clerk", "password_hash": "-", "active": True,
                   "created_at": now}),
        ("sign_ins", {"token_hash": "t", "user_id": 1, "created_at": now, "seen_at": now, "expires_at": now,
         "address": ""}),
        ("documents", record),
        ("pages", {"document_id": 1, "number": 1, "origin": "text", "rotation": 0, "confidence": 1.0, "text": TEXT,
                   "words": pack_words(())}),
        ("citations", {"id": 1, "document_id": 1, "position": 0, "printed": "Chỉ thị 5/CT-UBND",
         "relation": "basis",
                       "number": "5/CT-UBND", "boxes": [], "start": 0, "status": "wanted", "candidates": [],
                       "wanted_key": "?|?|5/ct-ubnd"}),
        ("jobs", {"id": 1, "kind": "read", "document_id": 1, "args": {}, "state": "done", "priority": 0,
         "run_at": now,
                  "attempts": 1, "created_at": now}),
    ]  # fmt: skip
    for table, row in rows:
        connection.execute(insert(tables.tables[table]), [row])


def _earlier(settings: Settings, revision: str) -> None:
    """A store as the version with this schema left it."""
    store = Store(settings, Database(settings.database_url))
    make_folders(store)
    sha256 = content_store.put_original(store, TEXT.encode())
    with store.db.engine.begin() as connection:
        present = MetaData()
        present.reflect(connection)
        present.drop_all(connection)
    migrations.upgrade(store.db, to=revision)
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        _fill(connection, sha256)
    with store.db.writing() as session:
        audit.append(session, "lan", "receive", 1, {"sha256": sha256})
        audit.append(session, "lan", "accept", 1)
    assert migrations.version(store.db) == revision
    store.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", EARLIER)
def test_a_store_of_each_earlier_schema_goes_on(
    revision: str, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("postgresql")() if database == "postgresql" else ""
    settings = Settings(_env_file=None, home=tmp_path / "home", database=address)
    _earlier(settings, revision)
    store = open_store(settings)
    with store.db.reading() as session:
        document = session.get_one(Document, 1)
        assert (document.number, document.subject, document.limited) == ("31/KH-SYT", "Kế hoạch thi đua", False)
        assert session.scalars(select(Document.id).where(groups.seen_by(()))).all() == [1], "still for everyone"
        assert [session.get_one(kind, 1).id for kind in (User, CitationRow, Job)] == [1, 1, 1]
        assert session.get(SignIn, "t") is not None
    indexer.sync(store)
    assert [hit.id for hit in finder.find(store, "thi đua").hits] == [1]
    # Later versions seal each record as they write it; these rows were put in by hand, so that from there on they
    # show.
    known = {"ocr_missing", *({"record_broken"} if revision >= "0011" else ())}
    assert [fault for fault in health.look(store).faults if fault.code not in known] == []
    indexer.forget(store)
    store.close()


def test_tokens_without_an_end_get_one_and_those_of_closed_accounts_end(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home")
    _earlier(settings, "0009")
    store = Store(settings, Database(settings.database_url))
    now = utc_now()
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for user_id, name, mark, active in ((2, "dong", "-", False), (3, "sso", "sso:0f", True)):
            row = {"id": user_id, "name": name, "full_name": "", "role": "clerk", "password_hash": mark}
            connection.execute(insert(tables.tables["users"]), [row | {"active": active, "created_at": now}])
        for user_id in (1, 2, 3):
            row = {"id": user_id, "token_hash": f"t{user_id}", "user_id": user_id, "label": "x", "writes": True}
            connection.execute(insert(tables.tables["tokens"]), [row | {"created_at": now - timedelta(days=900)}])
    store.close()
    store = open_store(settings)
    records.set_active(store, "dong", True, "admin")
    with store.db.reading() as session:
        assert [tokens.user_of(session, f"t{n}") is not None for n in (1, 2, 3)] == [True, False, True]
        life = session.get_one(AccessToken, 1).expires_at - now
        assert timedelta(days=364) < life < timedelta(days=366), "counted from the upgrade: none stops overnight"
        vouched = {user.name: user.vouched_at is not None for user in session.scalars(select(User))}
        assert vouched == {"lan": False, "dong": False, "sso": True}
        assert session.get_one(SignIn, "t").proved_at is not None
    store.close()


def test_every_schema_but_the_last_is_an_earlier_one() -> None:
    assert [f"{number:04}" for number in range(1, len(EARLIER) + 1)] == EARLIER
    assert int(EARLIER[-1]) < int(migrations.HEAD)
