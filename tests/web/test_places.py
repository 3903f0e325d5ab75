"""Where the store lies is named as the starting script names it:
from the folder that the program was started in.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from corpus import records
from corpus.access import accounts
from corpus.config import Settings
from corpus.database.store import Store
from web import access
from web.app import create_app


@pytest.mark.parametrize("originals", ["", "store/originals"])
@pytest.mark.parametrize("path", ["trang/1.png?w=160", "ban-goc"])
def test_pictures_and_originals_come_from_a_relative_folder(
    path: str, originals: str, filled: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settings.home.rename(settings.home.with_name("store"))
    monkeypatch.chdir(home.parent)
    app = create_app(Settings(_env_file=None, home=Path("store"), originals=originals))
    store: Store = app.extensions["vanban_store"]
    secret = secrets.token_urlsafe(32)
    with store.db.reading() as session:
        user_id = accounts.user_named(session, "reader").id
    records.start_session(store, user_id, access.token_hash(secret))
    client = app.test_client()
    client.set_cookie(access.COOKIE, secret)
    answer = client.get(f"/van-ban/1/{path}")
    assert (answer.status_code, answer.data[:4]) == (200, b"\x89PNG")


def test_a_folder_stays_where_it_was_when_the_program_changes_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pyproject.toml", "corpus", "script/server"):
        (tmp_path / name).mkdir(parents=True)
    settings = Settings(_env_file=None)
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "var"
