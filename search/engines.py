"""Which engine a name means."""

from __future__ import annotations

from corpus.config import Settings
from search.engine import EngineClass
from search.engine_opensearch import OpenSearchMaker
from search.engine_tantivy import TantivyEngine
from search.engine_whoosh import WhooshEngine


def engine_class(settings: Settings, name: str) -> EngineClass:
    """The engine of this name; an unknown one is the default."""
    if name == "opensearch":
        return OpenSearchMaker(settings.opensearch_url)
    return TantivyEngine if name == "tantivy" else WhooshEngine
