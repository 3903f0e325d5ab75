"""Stands in for rooms that other builders are still bringing in; removed as soon as they are there."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any


def _or(name: str, **stand_in: Any) -> Any:
    try:
        return importlib.import_module(f"corpus.{name}")
    except ImportError:
        return SimpleNamespace(**stand_in)


number: Any = _or("number", parse=lambda text: None, match_key=lambda text: text.upper())
names: Any = _or("names", issuer_key=lambda name: name and name.lower(), law_title_key=lambda title: title.lower())
graph: Any = _or("graph", resolve=lambda session, document: None)
