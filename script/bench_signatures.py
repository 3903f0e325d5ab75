"""What verification of signatures says of real papers and what it costs: states,
agreement of certificates with gold, CPU.

script/bench signatures FOLDER: PDFs in FOLDER/file, gold in FOLDER/gold/<name>.json (signer_name, issuer, date).
Certificates alone are compared, as witnesses that have not seen the page.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from corpus.vietnamese.fold import words
from ingest.signatures import verify
from ingest.signatures.certificates import spelled
from ingest.signatures.recheck import as_read
from ingest.signatures.verify import Verified
from ingest.signatures.witness import office_names


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--roots", default="")
    given = asked.parse_args()
    states: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    papers, costs = 0, []
    for path in sorted((given.folder / "file").glob("*.pdf")):
        before = time.process_time()
        found = verify(path, given.roots)
        spent = time.process_time() - before
        if not found:
            continue
        papers += 1
        costs.append(spent / len(found) * 5)
        states.update(one.state for one in found)
        agreed.update(
            _agreement(found, json.loads((given.folder / "gold" / f"{path.stem}.json").read_text("utf-8")))
        )
    if not papers:
        print("no signed PDF", file=sys.stderr)
        return 2
    print(", ".join(f"{state} {count}" for state, count in states.most_common()))
    print(f"five signatures: {median(costs[1:] or costs):.2f} s of CPU (the first file imports pyHanko: left out)")
    print(
        f"signed papers {papers}: "
        + ", ".join(f"{name} agrees in {agreed[name]}" for name in ("signer", "issuer", "day"))
    )
    return 0


def _agreement(found: tuple[Verified, ...], gold: dict[str, str | None]) -> set[str]:
    """Which of signer, issuer and day some certificate or signing time of a paper says as its gold does."""
    persons = {spelled(one.holder.name) for one in found if one.holder.person}
    offices = {words(name) for one in found if not one.holder.person for name in office_names(as_read(one))}
    days = {one.seal.time.date().isoformat() for one in found if one.seal and one.seal.time}
    return {
        name
        for name, agrees in (
            ("signer", spelled(gold["signer_name"] or "") in persons),
            ("issuer", words(gold["issuer"] or "") in offices),
            ("day", gold["date"] in days),
        )
        if agrees
    }


if __name__ == "__main__":
    sys.exit(main())
