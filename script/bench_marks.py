"""What setting marks right by their neighbours does to page 1: words with a wrong mark before and after,
right words changed.

script/bench marks FOLDER: scans in FOLDER/pdf, what page 1 says in FOLDER/text/<name>.txt. Words are those of the
transcription that recognition read with the same letters; the rest are not a matter of marks.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from corpus.config import Settings
from corpus.vietnamese.fold import fold
from ingest.files.media_type import sniff
from ingest.files.open_pages import open_pages
from ingest.ocr.engines import OcrEngine, engine_of
from ingest.ocr.tone_marks import correct_tone_marks, normalise_tone_placement
from ingest.recognise import recognise

_HEAD = 65_536
_WORD = re.compile(r"[^\W\d_]+")


def first_page(path: Path, engine: OcrEngine, settings: Settings) -> str:
    """The lines of page 1 as they were recognised."""
    media_type = sniff(path.read_bytes()[:_HEAD], path.name)
    page = next(iter(open_pages(path, path.name, media_type, settings).pages))
    if page.image is None:
        return ""
    return "\n".join(line.text for line in recognise(page, engine, settings, first=True).lines)


def words(text: str) -> list[str]:
    """The words with their marks, case left out."""
    return _WORD.findall(normalise_tone_placement(text).lower())


def compared(wanted: str, read: str) -> Iterator[tuple[str, str, str]]:
    """(as transcribed, as read, as mended) of the words that were read with the right letters."""
    meant, before, after = words(wanted), words(read), words(correct_tone_marks(read))
    pairs = SequenceMatcher(None, [fold(one) for one in meant], [fold(one) for one in before], autojunk=False)
    for at, there, length in pairs.get_matching_blocks():
        yield from zip(
            meant[at : at + length], before[there : there + length], after[there : there + length], strict=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder, settings = parser.parse_args().folder, Settings(_env_file=None)
    engine, told = engine_of(settings), Counter[str]()
    for truth in sorted((folder / "text").glob("*.txt")):
        scan = next(iter(sorted((folder / "pdf").glob(f"{truth.stem}.*"))), None)
        if scan is None:
            print(f"{truth.stem}: no scan", file=sys.stderr)
            continue
        told["pages"] += 1
        for meant, before, after in compared(truth.read_text("utf-8"), first_page(scan, engine, settings)):
            told["words"] += 1
            told["wrong before"] += before != meant
            told["wrong after"] += after != meant
            told["set right"] += before != meant == after
            told["made wrong"] += before == meant != after
    print(
        ", ".join(
            f"{told[name]} {name}"
            for name in ("pages", "words", "wrong before", "wrong after", "set right", "made wrong")
        )
    )


if __name__ == "__main__":
    main()
