"""The engines by name, those of plugins among them, and the one that `auto` chooses by the size of a store."""

from __future__ import annotations

from typing import cast

from corpus import plugins
from corpus.config import Settings
from search.engines.base import EngineClass
from search.engines.opensearch.connection import ClusterAccess
from search.engines.opensearch.engine import OpenSearchMaker
from search.engines.tantivy.engine import TantivyEngine
from search.engines.whoosh.engine import WhooshEngine

NAMES = ("whoosh", "tantivy", "opensearch")
"""The engines of this program."""
AUTO = "auto"
GROWN = 2000
"""Documents from which on `auto` is Tantivy:
up to there Whoosh answers each class of `script/bench search` in 150 ms (p95).
"""


def known() -> tuple[str, ...]:
    """Names of all engines: this program's and those of installed plugins."""
    return (*NAMES, *(name for name in plugins.names(plugins.SEARCH) if name not in NAMES))


def engine_class(settings: Settings, name: str, store: str = "") -> EngineClass:
    """The engine of this name, one of `known()`. Raises Problem("plugin_unusable") for any other.

    store: the store's own name, for an engine whose server may have the indices of several.
    """
    if name == "opensearch":
        return OpenSearchMaker(_cluster(settings), store)
    engines: dict[str, EngineClass] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}
    return engines.get(name) or cast("EngineClass", plugins.load(plugins.SEARCH, name))


def automatic(documents: int) -> str:
    """Name of the engine that `auto` means for a store of this number of documents."""
    return "tantivy" if documents >= GROWN else "whoosh"


def is_shared(name: str) -> bool:
    """True if an engine's index in force is one for all machines of a store (SharedEngineClass)."""
    return name == "opensearch"


def _cluster(settings: Settings) -> ClusterAccess:
    return ClusterAccess(
        addresses=tuple(filter(None, (one.strip() for one in settings.opensearch_url.split(",")))),
        user=settings.opensearch_user,
        password=settings.opensearch_password.get_secret_value(),
        ca_file=settings.opensearch_ca_file,
        certificate=settings.opensearch_certificate,
        key=settings.opensearch_key,
        sniff=settings.opensearch_sniff,
        seconds=settings.opensearch_seconds,
        shards=settings.opensearch_shards,
        replicas=settings.opensearch_replicas,
    )
