"""One store: its settings, its database and its originals, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.config import Settings
from corpus.db import Database


@dataclass(frozen=True, slots=True)
class Store:
    """What every command and page works on; two stores never touch."""

    settings: Settings
    db: Database

    @property
    def originals(self) -> Path:
        return self.settings.home / "originals"

    @property
    def index_folder(self) -> Path:
        return self.settings.home / "index"
