"""Which engine a name means."""

from __future__ import annotations

from corpus.config import Settings
from search.engines.base import EngineClass
from search.engines.opensearch.engine import OpenSearchMaker
from search.engines.tantivy.engine import TantivyEngine
from search.engines.whoosh.engine import WhooshEngine


def engine_class(settings: Settings, name: str) -> EngineClass:
    """The engine of this name; an unknown one is the default."""
    if name == "opensearch":
        return OpenSearchMaker(settings.opensearch_url)
    return TantivyEngine if name == "tantivy" else WhooshEngine
