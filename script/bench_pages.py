"""CPU time of reading a born-digital page, everything included, beside pdfplumber's words of the same page.

script/bench pages FOLDER: PDFs in FOLDER; those with a page that had to be recognised are left out. Then a file of
100 pages made of the same ones: seconds a page, and how much the process has grown.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pdfplumber
import pikepdf

from corpus.config import Settings
from corpus.errors import Problem
from ingest.pipeline import read

_LONG = 100
"""Pages of the file that shows whether time is linear and memory flat."""


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of one file: read whole, and its words by pdfplumber alone."""

    pages: int
    whole: float
    words: float


def cpu(task: object) -> float:
    """CPU seconds that a call takes in this process."""
    began = time.process_time()
    task()  # type: ignore[operator]
    return time.process_time() - began


def words_alone(path: Path) -> None:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.close()


def measured(path: Path, settings: Settings) -> Measured | None:
    """The file's figures; None for one with a page that is recognised, or that can't be read."""
    try:
        reading = read(path, path.name, settings)
    except Problem:
        return None
    if any(page.origin == "ocr" for page in reading.pages):
        return None
    whole = min(cpu(lambda: read(path, path.name, settings)) for _ in range(3))
    return Measured(len(reading.pages), whole, min(cpu(lambda: words_alone(path)) for _ in range(3)))


def long_file(paths: list[Path], folder: Path) -> Path:
    """A PDF of 100 pages, the given files' over and over."""
    out, made = pikepdf.new(), folder / "long.pdf"
    while len(out.pages) < _LONG:
        for path in paths:
            with pikepdf.open(path) as pdf:
                out.pages.extend(pdf.pages[: _LONG - len(out.pages)])
    out.save(made)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder, settings = parser.parse_args().folder, Settings(_env_file=None)
    found: dict[Path, Measured] = {}
    for path in sorted(folder.rglob("*.pdf")):
        if (one := measured(path, settings)) is not None:
            found[path] = one
            print(
                f"{path.name:30} {one.pages:4} pages  {one.whole / one.pages:.3f} s  words "
                f"{one.words / one.pages:.3f} s"
            )
    if not found:
        raise SystemExit("no born-digital PDF there")
    pages = sum(one.pages for one in found.values())
    whole, words = (sum(getattr(one, name) for one in found.values()) / pages for name in ("whole", "words"))
    with tempfile.TemporaryDirectory() as name:
        path = long_file(list(found), Path(name))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds = cpu(lambda: read(path, path.name, settings)) / _LONG
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    each = median(one.whole / one.pages for one in found.values())
    print(
        f"born-digital page: {whole:.3f} s CPU (median file {each:.3f}), pdfplumber alone {words:.3f}, ratio "
        f"{whole / words:.2f}; "
        f"{_LONG} pages: {seconds:.3f} s a page, +{grown} MiB"
    )


if __name__ == "__main__":
    main()
