"""The face of vanban for other programs: `read(path)` gives a Reading; the types that it is made of; plugins."""

from __future__ import annotations

from importlib.metadata import version

from corpus.config import Settings
from corpus.document import (
    Box,
    Candidate,
    Citation,
    Effective,
    Field,
    Fields,
    Incoming,
    Page,
    Reading,
    Signature,
    Signer,
    SourceFile,
    Statement,
    Warning,
    Word,
)
from corpus.errors import Problem
from corpus.json_shapes import reading_to_json
from vanban.reading import read

__version__ = version("vanban")

__all__ = [
    "Box",
    "Candidate",
    "Citation",
    "Effective",
    "Field",
    "Fields",
    "Incoming",
    "Page",
    "Problem",
    "Reading",
    "Settings",
    "Signature",
    "Signer",
    "SourceFile",
    "Statement",
    "Warning",
    "Word",
    "__version__",
    "read",
    "reading_to_json",
]
