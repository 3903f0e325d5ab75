"""Files of AsterNet (wheel asterocr 1.0.2, MIT), if this environment has them; no code of the wheel is run."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MODEL_SHA256 = "10c96b533e1f64031d73edfddafd7d4b13595544f11891f0531bcd72cb29be80"
VOCABULARY_SHA256 = "82c6df018ceca8c10876947e0f7df798ed321825276ed7f3bb12ae3ed6dc647b"
"""SHA-256 of asternet.onnx and vocab.json: our head fits this network and no other."""
SHARED = Path("share", "vanban", "asterocr")
"""Folder below the environment's prefix into which script/setup unpacks the two files."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The network as bytes of ONNX and its classes (227 characters, class 0 the blank of CTC)."""

    network: bytes
    classes: tuple[str, ...]


def folders() -> tuple[Path, ...]:
    """Folders that may contain the files: the environment's share folder, then the `assets` of an installed
    wheel.
    """
    spec = find_spec("asterocr")  # Finds a top-level package without running it.
    places = spec.submodule_search_locations if spec and spec.submodule_search_locations else ()
    return Path(sys.prefix, SHARED), *(Path(place, "assets") for place in places)


def find_assets() -> Assets | None:
    """Files of the first folder that has them as published; None without them."""
    for folder in folders():
        try:
            network, vocabulary = (folder / "asternet.onnx").read_bytes(), (folder / "vocab.json").read_bytes()
        except OSError:
            continue
        if _is(network, MODEL_SHA256) and _is(vocabulary, VOCABULARY_SHA256):
            return Assets(network, tuple(json.loads(vocabulary)["chars"]))
    return None


def _is(data: bytes, sha256: str) -> bool:
    return hashlib.sha256(data).hexdigest() == sha256
