"""Decoding of file names not marked as UTF-8: UTF-8, Windows-1258 or an encoding before Unicode."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata

from ingest.files.legacy_encoding import converted, encoding_of
from ingest.text.syllables import syllable_share

_BETWEEN = re.compile(r"[\s\d_.,()\[\]+-]+")
"""Separators of words in names; signs outside ASCII are letters in the old encodings."""


def decoded(data: bytes) -> str | None:
    """The name in Unicode (NFC), by the encoding that gives most syllables; None if none explains it."""
    for encoding in ("ascii", "utf-8"):
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    found = []
    letters = data.decode("latin-1")
    if (legacy := encoding_of(_words(letters))) is not None:
        found.append(converted(letters, legacy))
    with contextlib.suppress(UnicodeDecodeError):
        found.append(unicodedata.normalize("NFC", data.decode("cp1258")))
    return max(found, key=lambda name: syllable_share(_words(name)), default=None)


def shown(name: str) -> str:
    """A name from the file system for display: bytes that are no UTF-8 (surrogates in Python) are decoded."""
    try:
        name.encode()
    except UnicodeEncodeError:
        data = os.fsencode(name)
        return decoded(data) or data.decode("utf-8", "replace")
    return name


def _words(name: str) -> str:
    return _BETWEEN.sub(" ", name.rpartition(".")[0] or name)
