"""Scores of Readings against gold records: by field, with the wrong values that would have passed unseen.

A folder has `pdf/<id>.pdf` (or any file the product reads), `gold/<id>.json` and, for page 1 of some,
`text/<id>.txt`. Gold keys: number, number_handwritten, date, doc_type, issuer, subject, addressees, recipients,
signer_name, citations (null: not recorded; each with number, date, relation). A missing or null key is not scored,
except for lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.document import Citation, Field, Reading
from corpus.vietnamese.tones import new_place

Gold = dict[str, Any]

_COARSE = {
    "mentions": "refers", "considers": "refers", "follows_up": "refers", "transmits": "refers", "nested": "refers",
    "suspends": "repeals", "revokes": "repeals", "corrects": "amends", "extends": "amends",
    "promulgates": "promulgated_with", "annex_of": "promulgated_with",
}  # fmt: skip
"""Relations that gold records don't distinguish."""
_ALIKE = 90.0
_SHORT_FORMS = (("ubnd", "ủy ban nhân dân"), ("hđnd", "hội đồng nhân dân"))


@dataclass(slots=True)
class Scores:
    """Counts over documents: `right` of `asked`; `unseen` wrong values without a flag; list hits, found and
    wanted.
    """

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    lists: dict[str, list[int]] = field(default_factory=dict)
    letters: list[int] = field(default_factory=lambda: [0, 0])
    misses: list[str] = field(default_factory=list)

    def take(self, document: str, reading: Reading, gold: Gold, page_1: str | None = None) -> None:
        """Add one document."""
        self._fields(document, reading, gold)
        self._lists(document, reading, gold)
        if page_1 is not None:
            self.letters[0] += _distance(_even(reading.pages[0].text if reading.pages else ""), _even(page_1))
            self.letters[1] += len(_even(page_1))

    def _fields(self, document: str, reading: Reading, gold: Gold) -> None:
        fields = reading.fields
        checks: tuple[tuple[str, Field | None, str | None, Callable[[str, str], bool]], ...] = (
            ("number", fields.number, gold.get("number"), lambda a, b: bare(a) == bare(b)),
            ("date", fields.date, gold.get("date"), lambda a, b: a == b),
            ("doc_type", fields.doc_type, gold.get("doc_type"), lambda a, b: low(a) == low(b)),
            ("issuer", fields.issuer, gold.get("issuer"), same_body),
            ("subject", fields.subject, gold.get("subject"), same_subject),
            ("signer", fields.signer.name, gold.get("signer_name"), lambda a, b: low(a) == low(b)),
        )
        for name, found, wanted, same in checks:
            if wanted:
                self._tally(document, name, found, wanted, same)
        if gold.get("number"):
            hand = "number_handwritten" if gold.get("number_handwritten") else "number_printed"
            right = fields.number is not None and bare(fields.number.value) == bare(gold["number"])
            self.asked[hand] += 1
            self.right[hand] += right
            first = [c.value for c in fields.number.candidates[:3]] if fields.number else []
            self.asked["number_top_3"] += 1
            self.right["number_top_3"] += right or bare(gold["number"]) in map(bare, first)

    def _tally(
        self, document: str, name: str, found: Field | None, wanted: str, same: Callable[[str, str], bool]
    ) -> None:
        right = found is not None and same(found.value, wanted)
        self.asked[name] += 1
        self.right[name] += right
        self.flagged[name] += found is None or found.review
        if not right:
            self.unseen[name] += found is not None and not found.review
            self.misses.append(f"{document} {name}: {found.value if found else None!r}, gold {wanted!r}")

    def _lists(self, document: str, reading: Reading, gold: Gold) -> None:
        for name, found in (("recipients", reading.fields.recipients), ("addressees", reading.fields.addressees)):
            if gold.get(name) is not None:
                self._match(name, [low(item.value) for item in found], [low(item) for item in gold[name]], similar)
        if gold.get("citations") is not None:
            cited = [citation for citation in reading.citations if citation.number]
            wanted = [entry for entry in gold["citations"] if entry.get("number")]
            numbers = [bare(c.number or "") for c in cited], [bare(entry["number"]) for entry in wanted]
            self._match("citation_numbers", *numbers, lambda a, b: a == b)
            self._match("citations", [_key(c) for c in cited], [_gold_key(e) for e in wanted], lambda a, b: a == b)
            missed = sorted(set(numbers[1]) - set(numbers[0]))
            extra = sorted(set(numbers[0]) - set(numbers[1]))
            if missed or extra:
                self.misses.append(f"{document} citations: missed {missed}, extra {extra}")

    def _match(
        self, name: str, found: Sequence[str], wanted: Sequence[str], same: Callable[[str, str], bool]
    ) -> None:
        left, hits = list(wanted), 0
        for item in found:
            match = next((other for other in left if same(item, other)), None)
            if match is not None:
                left.remove(match)
                hits += 1
        counts = self.lists.setdefault(name, [0, 0, 0])
        for at, count in enumerate((hits, len(found), len(wanted))):
            counts[at] += count

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1 (F1 for lists, error rate for letters); `unseen_*` and `flagged_*` count
        documents.
        """
        out: dict[str, float] = {name: round(self.right[name] / count, 4) for name, count in self.asked.items()}
        for name, (hits, found, wanted) in self.lists.items():
            out[f"{name}_f1"] = round(2 * hits / (found + wanted), 4) if found + wanted else 1.0
        if self.letters[1]:
            out["character_error_rate"] = round(self.letters[0] / self.letters[1], 4)
        out |= {f"unseen_{name}": count for name, count in self.unseen.items() if count}
        return out | {f"flagged_{name}": count for name, count in self.flagged.items() if count}


def _even(text: str) -> str:
    """Normalise: NFC, one tone placement, single blanks."""
    text = new_place(unicodedata.normalize("NFC", text))
    return " ".join(text.split()).strip(" .;,:-–")


def low(text: str) -> str:
    return _even(text).casefold().replace("–", "-")


def bare(number: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", number))


def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other)


def similar(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= _ALIKE


def same_body(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    one, other = low(one), low(other)
    for short, long in _SHORT_FORMS:
        one, other = one.replace(short, long), other.replace(short, long)
    return fuzz.ratio(one, other) >= 96


def same_subject(one: str, other: str) -> bool:
    """True if equal up to one letter in thirty, without `V/v` or `Về việc`."""
    one, other = (re.sub(r"^(?:v/v|về việc|về|việc)\s+", "", low(text)) for text in (one, other))
    return _distance(one, other) <= max(1, 0.03 * len(other))


def _key(citation: Citation) -> str:
    return f"{bare(citation.number or '')} {citation.date} {_COARSE.get(citation.relation, citation.relation)}"


def _gold_key(entry: Gold) -> str:
    relation = (entry.get("relation") or "").lower()
    return f"{bare(entry['number'])} {entry.get('date')} {_COARSE.get(relation, relation)}"
