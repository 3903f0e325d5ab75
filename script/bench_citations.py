"""Speed of the search for citations, in MB of text a second and core: on texts of a folder, and on texts made to hurt.

python script/bench_citations.py [FOLDER OF .txt] [MEGABYTES]
"""

from __future__ import annotations

import sys
import time
import unicodedata
from pathlib import Path

from ingest.citations import find_citations
from ingest.text import Text

_SAMPLES = Path(__file__).parents[1] / "tests" / "tables"
_HURTING = (
    "số 1/2020/12 4 7/ số: 12/3/ ",
    "1/2-3 số ",
    "số ",
    "0",
    "/",
    "ngày 1/1/ ",
    "khoản 1 Điều 2 ",
    "Căn cứ ",
    "(",
    " \n",
)


def megabytes_a_second(texts: list[Text]) -> tuple[float, int]:
    """MB of UTF-8 a second of processor time over all texts, and how many citations were found."""
    size = sum(len(text.value.encode()) for text in texts) / 1e6
    start = time.process_time()
    found = sum(
        len(find_citations(text, issuer=None, place="Hà Nội", doc_type=None, number=None, date=None)[0])
        for text in texts
    )
    return size / (time.process_time() - start), found


def main() -> None:
    """Prints one line a text: speed, citations, what it was."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _SAMPLES
    size = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    files = sorted(folder.glob("*.txt"))
    megabytes_a_second([Text.of_string("Căn cứ Luật Lưu trữ;")])
    real = [Text.of_string(unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))) for path in files]
    print("{:7.2f} MB/s {:6d} citations  {} texts of {}".format(*megabytes_a_second(real), len(real), folder))
    for piece in _HURTING:
        text = Text.of_string(piece * int(size * 1e6 / len(piece.encode())))
        print("{:7.2f} MB/s {:6d} citations  {!r} repeated".format(*megabytes_a_second([text]), piece))


if __name__ == "__main__":
    main()
