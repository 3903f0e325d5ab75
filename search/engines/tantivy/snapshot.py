"""A Tantivy index as of one commit: its searcher, and numbers worth counting once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import count
from typing import Any

_numbers = count(1)


class TantivyView:
    """One searcher, unchanged while the index goes on; safe to share between threads."""

    _MOST_COUNTED = 100_000
    """Tokens with a cached frequency."""

    def __init__(self, searcher: Any, schema: Any, stamp: tuple[int, int]) -> None:
        self.searcher = searcher
        self.schema = schema
        self.stamp = stamp
        self.number = next(_numbers)
        """Distinguishes views without a reference to them, which would keep a view's files on the disk."""
        self.count = int(searcher.num_docs)
        self._counted: dict[tuple[str, str], int] = {}

    def frequency(self, field: str, text: str) -> int:
        """Number of documents that have a token, those taken out since the last merge included."""
        found = self._counted.get((field, text))
        if found is None:
            found = int(self.searcher.doc_freq(field, text))
            if len(self._counted) < self._MOST_COUNTED:
                self._counted[field, text] = found
        return found

    @cached_property
    def groups(self) -> frozenset[str]:
        """All tokens of groups in the index."""
        return frozenset(name for name, _ in self.searcher.terms_with_prefix("groups", ""))

    def numbers(self, field: str, addresses: Iterable[Any]) -> list[int]:
        """Values of documents in a numeric field."""
        return [int(value) for value in self.searcher.fast_field_values(field, list(addresses))]
