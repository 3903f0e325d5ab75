"""Parts of labelled lines for folds: all lines of a body are in one part, since one clerk writes many papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

PARTS = 4


def part_of_bodies(bodies: Sequence[str]) -> dict[str, int]:
    """Part of each body, 0 to PARTS - 1, for the bodies of all lines: the bodies with most lines are spread."""
    ranked = Counter(bodies).most_common()
    return {body: place % PARTS for place, (body, _) in enumerate(ranked)}
