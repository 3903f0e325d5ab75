"""What is installed is what was tested: the locks agree with each other, hold every extra, and pin by hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock")
BUILD = "requirements-build.lock"
_ENTRY = re.compile(r"(?m)^([A-Za-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def pins(name: str) -> dict[str, str]:
    """Package → version."""
    return {found[1].lower(): found[2] for found in _ENTRY.finditer((ROOT / name).read_text("utf-8"))}


def asked(*extras: str) -> set[str]:
    """Names of the packages that the project and these extras ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]
    return {re.split(r"[\[<>=~! ]", line)[0].lower() for line in lines}


@pytest.mark.parametrize("name", [*LOCKS, BUILD, "requirements-reader.lock"])
def test_every_line_of_a_lock_is_a_package_with_its_hashes(name: str) -> None:
    left = _ENTRY.sub("", (ROOT / name).read_text("utf-8"))
    assert left.strip() == "" and pins(name)


def test_the_locks_pin_the_same_versions() -> None:
    product, extras, dev = map(pins, LOCKS)
    assert not product.keys() & extras.keys(), "the extras' lock adds to the product's"
    assert (product | extras | pins(BUILD)).items() <= dev.items()


def test_the_product_is_installed_without_what_it_never_uses() -> None:
    """No build tools, and no client of a model hub on an office's machine."""
    never = {
        "hatchling",
        "editables",
        "pip",
        "huggingface-hub",
        "hf-xet",
        "httpx2",
        "fsspec",
        "torch",
        "playwright",
    }
    assert not never & (pins(LOCKS[0]).keys() | pins(LOCKS[1]).keys())
    assert {"hatchling", "editables"} <= pins(BUILD).keys()


def test_the_locks_can_be_made_again() -> None:
    script = (ROOT / "script/lock").read_text("utf-8")
    assert all(name.removesuffix(".lock") in script for name in (*LOCKS, BUILD))


@pytest.mark.parametrize(
    ("extras", "locks"),
    [((), LOCKS[:1]), (("fast", "cluster", "sso"), LOCKS[:2]), (("fast", "cluster", "sso", "dev"), LOCKS[2:])],
)
def test_each_lock_holds_what_is_asked_for(extras: tuple[str, ...], locks: tuple[str, ...]) -> None:
    held = set().union(*(pins(name) for name in locks))
    assert asked(*extras) <= held
