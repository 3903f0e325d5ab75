"""How far to trust what is not flagged: of each field's values by confidence how many are right, flagged and not.

script/bench doubt READINGS.jsonl GOLD: what `vanban read --json` printed; a folder of gold records `<id>.json`.
A list's items count one by one, each right when the gold list has one like it; so do citations, by number.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.evaluation import bare, low, same_body, same_subject, similar

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
"""Lower ends of the bins of confidence, and the end of the last."""
Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field as read: how sure, whether a person is asked, whether it is right."""

    field: str
    confidence: float
    review: bool
    right: bool


def _alike(one: str, other: str) -> bool:
    return low(one) == low(other)


SINGLE: tuple[tuple[str, str, Same], ...] = (
    ("number", "number", lambda one, other: bare(one) == bare(other)),
    ("date", "date", lambda one, other: one == other),
    ("doc_type", "doc_type", _alike),
    ("issuer", "issuer", same_body),
    ("subject", "subject", same_subject),
)
"""Field, its gold key, when two values are the same."""
SIGNER = (("name", "signer_name"), ("title", "signer_title"), ("authority", "signer_authority"))


def values(reading: dict[str, Any], gold: dict[str, Any]) -> Iterator[Value]:
    """The values of one reading whose field the gold record has."""
    fields = reading["fields"]
    for name, key, same in SINGLE:
        if gold.get(key) and (found := fields.get(name)):
            yield _value(name, found, same(found["value"], gold[key]))
    signer = fields.get("signer") or {}
    for part, key in SIGNER:
        # A paper without an authority has a gold record that says so: one that was read is wrong.
        if (found := signer.get(part)) and (gold.get(key) or (part == "authority" and key in gold)):
            yield _value(f"signer.{part}", found, _alike(found["value"], gold[key] or ""))
    for name in ("addressees", "recipients"):
        if gold.get(name) is not None:
            for item in fields.get(name) or []:
                yield _value(name, item, any(similar(low(item["value"]), low(each)) for each in gold[name]))
    if gold.get("citations") is not None:
        known = {bare(each["number"]) for each in gold["citations"] if each.get("number")}
        for cited in reading.get("citations") or []:
            if cited.get("number"):
                sure = 0.5 if cited.get("review") else 0.99
                yield Value("citations", sure, bool(cited.get("review")), bare(cited["number"]) in known)


def _value(name: str, found: dict[str, Any], right: bool) -> Value:
    return Value(name, float(found.get("confidence") or 0.0), bool(found.get("review")), right)


def table(seen: list[Value]) -> Iterator[str]:
    """The reliability table, a row a field and bin that has values: values, right, unflagged, right of these."""
    yield f"{'field':18}{'confidence':>12}{'values':>8}{'right':>7}{'unflagged':>11}{'right':>7}"
    by_field: dict[str, list[Value]] = defaultdict(list)
    for value in seen:
        by_field[value.field].append(value)
    for name, found in by_field.items():
        for at, low_edge in enumerate(EDGES[:-1]):
            within = [value for value in found if low_edge <= value.confidence < EDGES[at + 1]]
            if within:
                open_ones = [value for value in within if not value.review]
                counts = len(within), sum(v.right for v in within), len(open_ones), sum(v.right for v in open_ones)
                label = f"{low_edge:.2f}-{min(EDGES[at + 1], 1.0):.2f}"
                yield f"{name:18}{label:>12}{counts[0]:8}{counts[1]:7}{counts[2]:11}{counts[3]:7}"


def unflagged(seen: list[Value]) -> str:
    """`unflagged right: number 0.998 of 512, date …`."""
    passed: dict[str, list[bool]] = defaultdict(list)
    for value in seen:
        if not value.review:
            passed[value.field].append(value.right)
    shares = (f"{name} {sum(found) / len(found):.3f} of {len(found)}" for name, found in passed.items())
    return "unflagged right: " + ", ".join(shares)


def read(path: Path, gold: Path) -> tuple[list[Value], int]:
    """All values of the readings that have a gold record, and how many readings those were."""
    seen: list[Value] = []
    count = 0
    for line in path.read_text("utf-8").splitlines():
        reading = json.loads(line) if line.strip() else {}
        record = gold / f"{Path(reading.get('source', {}).get('name', '')).stem}.json"
        if "fields" in reading and record.is_file():
            seen += values(reading, json.loads(record.read_text("utf-8")))
            count += 1
    return seen, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", type=Path)
    parser.add_argument("gold", type=Path)
    args = parser.parse_args()
    seen, count = read(args.readings, args.gold)
    for row in table(seen):
        print(row)
    print(unflagged(seen))
    print(f"open questions: {sum(value.review for value in seen) / max(count, 1):.2f} a document of {count}")


if __name__ == "__main__":
    main()
