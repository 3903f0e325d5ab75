"""What every room's tests share: a store of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.store import Store, open_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty store; nothing of the machine's environment or `.env` leaks in."""
    return Settings(_env_file=None, home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open, empty store."""
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own VANBAN_… settings must not decide what a test sees."""
    import os

    for name in [name for name in os.environ if name.startswith("VANBAN_") and "TEST" not in name]:
        monkeypatch.delenv(name)
