"""Which engine a name means."""

from __future__ import annotations

from corpus.config import Settings
from search import engine_whoosh
from search.engine import EngineClass


def engine_class(settings: Settings, name: str) -> EngineClass:
    """The engine of this name; raises Problem("bad_value") when what it needs is not installed."""
    return engine_whoosh.WhooshEngine
