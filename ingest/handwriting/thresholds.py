"""Thresholds by which a handwritten value passes without review."""

from __future__ import annotations

from ingest.handwriting.beam_search import Kind

ACCEPT: dict[Kind, float] = {"number": 0.85, "day": 0.95, "month": 0.95}
"""Least confidence of a reading that needs no person: aims at 1 in 50 wrong.

By folds, a fifth of the documents left out of the fit each time: of 52 numbers 26 at 0.9 and 34 at 0.8, none of them
wrong; of 46 days 35 at 0.95, 1 wrong. A net that saw none of the scans: 32 numbers at 0.8, 1 wrong.
"""
