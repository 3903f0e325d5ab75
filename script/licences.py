"""Licences of the packages that the product and its extras install: listed, and refused where they bind the user.

python -m script.licences            one line a package: name, version, licence
python -m script.licences --check    nothing but the faults; exit 1 if there is one
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-extras.lock")
FREE = re.compile(
    r"\b(?:MIT|BSD|0BSD|Apache|ISC|MPL|PSF|Python Software Foundation|CNRI|HPND|Unlicense|Zlib|MIT-CMU|CC0|LGPL|"
    r"Lesser General Public|Public Domain|libtiff)\b",
    re.IGNORECASE,
)
BINDING = re.compile(
    r"\b(?:AGPL|Affero|(?<!L)GPL|(?<!Lesser )General Public|SSPL|BUSL|Commons Clause)\b", re.IGNORECASE
)
KNOWN: dict[str, str] = {}
"""Licences that a package's metadata does not state; each looked up by hand."""


def pinned() -> list[str]:
    """Names of the locked packages, once each."""
    text = "".join((ROOT / lock).read_text("utf-8") for lock in LOCKS)
    return sorted(set(re.findall(r"(?m)^([A-Za-z0-9._-]+)==", text)))


def licence_of(name: str) -> str:
    """The licence that a package's metadata states; "" if it states none. Raises PackageNotFoundError."""
    if name in KNOWN:
        return KNOWN[name]
    about = metadata(name)
    classified = [
        one.rsplit(" :: ", 1)[1] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    stated = (
        about.get("License-Expression") or " / ".join(classified) or (about.get("License") or "").split("\n")[0]
    )
    return stated.strip()


def faults() -> Iterator[str]:
    """A sentence for each package whose licence is unknown or binding."""
    for name in pinned():
        try:
            licence = licence_of(name)
        except PackageNotFoundError:
            continue  # of another platform or extra: not installed here
        if BINDING.search(licence):
            yield f"{name}: {licence} binds what is built on it"
        elif not FREE.search(licence):
            yield f"{name}: unknown licence “{licence}”; look it up and add it to KNOWN"


def main() -> int:
    """Print the list, or only the faults; return the exit code."""
    found = list(faults())
    if "--check" not in sys.argv[1:]:
        for name in pinned():
            try:
                print(f"{name:32} {metadata(name)['Version']:14} {licence_of(name)}")
            except PackageNotFoundError:
                print(f"{name:32} not installed")
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
