"""Interfaces of plugins: readers of files, rules of fields, OCR engines, search engines; docs/plugins.md."""

from __future__ import annotations

from ingest.fields.added_rules import FieldRule
from ingest.files.added_kinds import FileReader
from ingest.ocr.engines import OcrEngine
from ingest.ocr.words import Line, Token
from search.engines.base import (
    Adjacent,
    Answer,
    BrokenIndex,
    Engine,
    EngineClass,
    Every,
    IndexEntry,
    Node,
    Plan,
    Some,
    Starts,
    Term,
    Within,
)

__all__ = [
    "Adjacent",
    "Answer",
    "BrokenIndex",
    "Engine",
    "EngineClass",
    "Every",
    "FieldRule",
    "FileReader",
    "IndexEntry",
    "Line",
    "Node",
    "OcrEngine",
    "Plan",
    "Some",
    "Starts",
    "Term",
    "Token",
    "Within",
]
