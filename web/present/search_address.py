"""A search as its address tells it, so that an address can be shared, followed and asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from flask import request, url_for

from search.engines.base import Sort
from web.present.whole_number import whole

SORTS = ("relevance", "newest", "oldest")
FACETS = {"doc_type": "Loại văn bản", "issuer": "Cơ quan ban hành", "year": "Năm"}
"""Parts of the address that narrow a search, with the words that pages use for them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its address tells it."""

    text: str
    filters: dict[str, str]
    sort: Sort
    page: int

    @property
    def plain(self) -> str:
        """The address without order and page: what a followed search is known by."""
        return self.address(sort=None, page=None)

    @property
    def words(self) -> str:
        """What it asks, to be shown."""
        return " · ".join(part for part in (self.text, *self.filters.values()) if part)

    def address(self, **changes: Any) -> str:
        """The address of this search with some parts changed; None takes a part out."""
        page = self.page if self.page > 1 else None
        sort = self.sort if self.sort != "relevance" else None
        parts = {"q": self.text or None, **self.filters, "sort": sort, "page": page, **changes}
        return url_for("lookup.home", **{name: value for name, value in parts.items() if value})


def asked() -> Asked:
    """What the address asks; parts that make no sense are left out."""
    filters = {name: value for name in FACETS if (value := request.args.get(name, "")[:300])}
    sort = request.args.get("sort", "")
    page = max(1, min(request.args.get("page", 1, type=whole), 500))
    chosen = cast(Sort, sort if sort in SORTS else "relevance")
    return Asked(request.args.get("q", "")[:1000].strip(), filters, chosen, page)


def parts_of(address: str) -> tuple[str, dict[str, str]]:
    """The words and filters of a search that was kept by its address."""
    parts = dict(parse_qsl(urlsplit(address).query))
    return parts.get("q", ""), {name: parts[name] for name in FACETS if parts.get(name)}
