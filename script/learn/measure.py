"""Scores weights on real lines: exact, among the first three and five, accepted and wrong at each threshold."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from corpus.document import Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.digit_net import DigitReader
from script.learn.crops import RealLine

_THRESHOLDS = (0.8, 0.9, 0.95, 0.98, 0.99)
_BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 1.01)


def _truth(line: RealLine) -> str:
    return line.digits if line.kind == "number" else str(int(line.digits))


def _row(name: str, lines: Sequence[RealLine], read: Sequence[tuple[Candidate, ...]]) -> list[str]:
    ranks = [
        next((n for n, c in enumerate(found) if c.value == _truth(line)), 9)
        for line, found in zip(lines, read, strict=True)
    ]
    best = [found[0].confidence if found else 0.0 for found in read]
    top = "  ".join(f"top {k} {sum(r < k for r in ranks)}/{len(ranks)}" for k in (1, 3, 5))
    accepted = "  ".join(
        f">={t}: {sum(b >= t for b in best)}/{sum(b >= t and r > 0 for b, r in zip(best, ranks, strict=True))}"
        for t in _THRESHOLDS
    )
    rows = [f"{name:16} {top}", f"{'':16} accepted/wrong {accepted}"]
    for line, found, rank in zip(lines, read, ranks, strict=True):
        if rank:
            rows.append(
                f"{'':18}{line.document} {_truth(line)}: "
                + ", ".join(f"{c.value} {c.confidence:.2f}" for c in found)
            )
    return rows


def _calibration(lines: Sequence[RealLine], read: Sequence[tuple[Candidate, ...]]) -> list[str]:
    pairs = [
        (c.confidence, c.value == _truth(line)) for line, found in zip(lines, read, strict=True) for c in found[:1]
    ]
    rows = []
    for low, high in pairwise(_BINS):
        inside = [right for confidence, right in pairs if low <= confidence < high]
        if inside:
            rows.append(f"{'':16} confidence {low:.2f}-{min(high, 1):.2f}: {sum(inside)}/{len(inside)} right")
    return rows


def report(weights: Path, lines: Sequence[RealLine]) -> str:
    """The table as text."""
    reader, rows = DigitReader.load(weights), []
    kinds: tuple[Kind, ...] = ("number", "day")
    start = time.process_time()
    for kind in kinds:
        for written in (True, False):
            chosen = [line for line in lines if line.kind == kind and line.written is written]
            read = [reader.read_line(line.image, kind) for line in chosen]
            rows += _row(f"{kind} {'written' if written else 'printed'}", chosen, read)
            if written:
                rows += _calibration(chosen, read)
    rows.append(f"{(time.process_time() - start) / max(1, len(lines)) * 1000:.0f} ms CPU a line")
    return "\n".join(rows)
