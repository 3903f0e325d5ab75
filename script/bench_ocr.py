"""What recognition costs and how well it reads, beside plain Tesseract: CPU ratios of one interleaved run,
errors of page 1.

script/bench ocr [FOLDER]: scans in FOLDER or FOLDER/pdf; where FOLDER/text/<name>.txt holds what page 1 says, in
reading order, the character error rates are printed too. `whole` is all that `vanban read` does. Plain is the
`tesseract` program, `-l vie --psm 3`, on the page rendered at 300 dpi; ours is from the scan's own pixels to
lines. OCRmyPDF is measured where it is installed (PDF files). `--workers N`: instead, the same files taken into a
store and read by one worker and by N, wall time, on an idle machine.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import structlog
from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from corpus.config import Settings  # noqa: E402
from corpus.database.store import open_store  # noqa: E402
from ingest import receive  # noqa: E402
from ingest.files.media_type import sniff  # noqa: E402
from ingest.files.open_pages import open_pages  # noqa: E402
from ingest.files.page import RawPage  # noqa: E402
from ingest.ocr.engines import OcrEngine, engine_of  # noqa: E402
from ingest.pipeline import read_safely  # noqa: E402
from ingest.recognise import recognise  # noqa: E402
from ingest.worker import supervisor  # noqa: E402

DPI = 300
ROUNDS = 2
PLAIN = "tesseract"
READS_NOT = {".md", ".txt", ".docx"}


@dataclass(slots=True)
class Tally:
    """CPU seconds of each way, and errors of each way on the pages whose text is known."""

    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    letters: int = 0
    pages: int = 0


def used() -> float:
    """CPU seconds of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(tally: Tally, way: str, work: Callable[[], str]) -> str:
    start = used()
    text = work()
    tally.cpu[way] += used() - start
    return text


def plain_text(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def rendered(path: Path, page: RawPage, folder: Path) -> Path:
    """The page as plain Tesseract gets it."""
    from PIL import Image

    target = folder / "page.png"
    if path.suffix.lower() == ".pdf":
        import pypdfium2

        image = pypdfium2.PdfDocument(path)[page.number - 1].render(scale=DPI / 72).to_pil()
    else:
        scale = DPI / page.dpi
        image = Image.fromarray(page.image)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    image.save(target, compress_level=1)
    return target


def tesseract(picture: Path) -> str:
    command = [PLAIN, str(picture), "-", "-l", "vie", "--psm", "3"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ours(page: RawPage, engine: OcrEngine, settings: Settings) -> str:
    return "\n".join(line.text for line in recognise(page, engine, settings, first=page.number == 1).lines)


def ocrmypdf(path: Path, folder: Path) -> str:
    command = [
        "ocrmypdf",
        "-l",
        "vie",
        "--force-ocr",
        "--jobs",
        "1",
        "--output-type",
        "pdf",
        str(path),
        str(folder / "out.pdf"),
    ]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return ""


def whole(path: Path, name: str) -> str:
    """All of a reading: gate, recognition, pen, second looks, fields, citations."""
    read_safely(path, path.name, Settings(_env_file=None, ocr_engine=name))
    return ""


def scans(folder: Path, most: int) -> Iterator[Path]:
    inside = folder / "pdf" if (folder / "pdf").is_dir() else folder
    files = [path for path in sorted(inside.iterdir()) if path.is_file() and path.suffix.lower() not in READS_NOT]
    yield from files[: most or None]


def measure(
    path: Path, truth: Path, engines: dict[str, OcrEngine], settings: Settings, tally: Tally, folder: Path
) -> None:
    """One file: every page by every way, one after the other."""
    media_type = sniff(path.read_bytes()[:65_536], path.name)
    seen = 0
    for page in open_pages(path, path.name, media_type, settings).pages:
        if page.image is None:
            continue
        seen += 1
        picture = rendered(path, page, folder)
        read = {PLAIN: timed(tally, PLAIN, lambda picture=picture: tesseract(picture))}
        for name, engine in engines.items():
            read[name] = timed(tally, name, lambda page=page, engine=engine: ours(page, engine, settings))
        if page.number == 1 and truth.is_file():
            wanted = plain_text(truth.read_text(encoding="utf-8"))
            tally.letters += len(wanted)
            for name, text in read.items():
                tally.errors[name] += Levenshtein.distance(plain_text(text), wanted)
    tally.pages += seen
    for name in engines if seen else ():
        timed(tally, f"whole, {name}", lambda name=name: whole(path, name))
    if seen and path.suffix.lower() == ".pdf" and shutil.which("ocrmypdf"):
        timed(tally, "ocrmypdf", lambda: ocrmypdf(path, folder))


def report(tally: Tally) -> None:
    print(f"{tally.pages} pages, CPU with children, one interleaved run")
    for name, cpu in tally.cpu.items():
        who = name if name in (PLAIN, "ocrmypdf") else f"vanban with {name}"
        print(f"{who:26} {cpu / max(tally.pages, 1):6.2f} s a page   ÷ {PLAIN}: {cpu / tally.cpu[PLAIN]:.3f}")
    if not tally.letters:
        return
    print(f"character error rate of page 1, {tally.letters} characters")
    for name, errors in tally.errors.items():
        who = name if name == PLAIN else f"vanban with {name}"
        print(
            f"{who:26} {100 * errors / tally.letters:6.2f} %         ÷ {PLAIN}: {errors / tally.errors[PLAIN]:.3f}"
        )


def read_all(paths: list[Path], jobs: int) -> float:
    """Seconds that so many workers take for the files, from a store that has received them all."""
    with tempfile.TemporaryDirectory() as home:
        store = open_store(Settings(_env_file=None, home=Path(home)))
        for path in paths:
            with path.open("rb") as stream:
                receive.take(store, stream, path.name, receive.UploadOptions("bench"))
        start = time.perf_counter()
        supervisor.run(store, jobs=jobs, once=True)
        taken = time.perf_counter() - start
        store.close()
    return taken


def compare_workers(paths: list[Path], jobs: int) -> None:
    """One worker and several in turn; the best of each, since all else on the machine only adds."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rounds = [(read_all(paths, 1), read_all(paths, jobs)) for _ in range(ROUNDS)]
    one, several = (min(times) for times in zip(*rounds, strict=True))
    print(f"{len(paths)} files: 1 worker {one:.1f} s, {jobs} workers {several:.1f} s   × {one / several:.2f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--workers", type=int, default=0, help="one worker beside so many")
    arguments.add_argument("folder", nargs="?", type=Path, default=ROOT / "corpus/samples")
    arguments.add_argument("--most", type=int, default=0, help="only the first so many files")
    given = arguments.parse_args()
    os.environ |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    if given.workers:
        compare_workers(list(scans(given.folder, given.most)), given.workers)
        return
    settings = Settings(_env_file=None)
    names = [name for name in ("pytesseract", "tesserocr") if find_spec(name) is not None]
    engines = {name: engine_of(Settings(_env_file=None, ocr_engine=name)) for name in names}
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for path in scans(given.folder, given.most):
            measure(path, given.folder / "text" / f"{path.stem}.txt", engines, settings, tally, Path(folder))
    report(tally)


if __name__ == "__main__":
    main()
