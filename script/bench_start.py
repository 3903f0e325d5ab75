"""What starting costs: `vanban --help`, and `vanban read` of one scanned page beside plain Tesseract on that
page.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
VANBAN = ROOT / ".venv/bin/vanban"
PAGE = ROOT / "corpus/samples/18-kh-snv.pdf"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one finished process and its children."""

    cpu: float
    wall: float


def cost(command: list[str]) -> Cost:
    """Runs a command to its end and returns what it used, children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - start)


def render(folder: Path) -> Path:
    """The page as plain Tesseract gets it: 300 dpi."""
    import pypdfium2

    path = folder / "page.png"
    pypdfium2.PdfDocument(PAGE)[0].render(scale=300 / 72).to_pil().save(path)
    return path


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=5)
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        page = render(Path(folder))
        commands = {
            "vanban --help": [str(VANBAN), "--help"],
            "tesseract page.png - -l vie": ["tesseract", str(page), "-", "-l", "vie"],
            "vanban read page.pdf": [str(VANBAN), "read", "--json", str(PAGE)],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                costs[name].append(cost(command))
    cpu = {name: statistics.median(c.cpu for c in each) for name, each in costs.items()}
    for name, each in costs.items():
        print(f"{name:32} cpu {cpu[name]:6.2f} s   wall {statistics.median(c.wall for c in each):6.2f} s")
    tesseract, read = cpu["tesseract page.png - -l vie"], cpu["vanban read page.pdf"]
    print(f"read ÷ tesseract, CPU: {read / tesseract:.2f}")
    print(f"read − 1.2 × tesseract, CPU: {read - 1.2 * tesseract:+.2f} s (at most +1.50)")
    print(f"--help, wall: {statistics.median(c.wall for c in costs['vanban --help']):.2f} s (at most 0.30)")


if __name__ == "__main__":
    main()
