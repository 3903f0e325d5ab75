"""A search in an address, so that it can be shared, followed and repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from flask import request, url_for

from corpus.numbering.typed_days import day_text, iso
from search.engines.base import Sort
from web.present.whole_number import whole

LONGEST = 1000
"""Characters of a question in an address; the rest of a pasted page is left out."""
SORTS = ("relevance", "newest", "oldest")
FACETS = {"doc_type": "Loại văn bản", "issuer": "Cơ quan ban hành", "year": "Năm", "tag": "Nhãn"}
"""Parts of the address that narrow a search, with their labels."""

FORM = {
    "tu": ("Từ ngày", "tu"), "den": ("Đến ngày", "den"), "loai": ("Loại văn bản", "loai"),
    "coquan": ("Cơ quan ban hành", "coquan"), "nguoiky": ("Người ký", "nguoiky"),
}  # fmt: skip
"""Parts of the address that the form next to the box fills: label, prefix in the query language."""
_LONGEST_PART = 200


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as its address gives it."""

    text: str
    filters: dict[str, str]
    sort: Sort
    page: int
    form: dict[str, str] = field(default_factory=dict)
    """Values of FORM as typed."""

    @property
    def query(self) -> str:
        """The whole search in the query language."""
        return whole_query(self.text, self.form)

    def words_of(self, query: str | None) -> str:
        """The words of this search as its answer read them, without the values of the form; empty for None."""
        return (query or "").removesuffix(whole_query("", self.form)).rstrip()

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.filters and not self.form

    @property
    def plain(self) -> str:
        """The address without order and page, the identity of a followed search."""
        return self.address(sort=None, page=None)

    @property
    def words(self) -> str:
        """Text of the search for people."""
        return " · ".join(part for part in (self.text, *self._form_words(), *self.filters.values()) if part)

    @property
    def shown_form(self) -> dict[str, str]:
        """Values of FORM as people read them: days as 27/04/2022."""
        return {
            name: day_text(iso(value)) if name in ("tu", "den") else value for name, value in self.form.items()
        }

    def _form_words(self) -> list[str]:
        return [f"{FORM[name][0].lower()} {value}" for name, value in self.shown_form.items()]

    def address(self, **changes: Any) -> str:
        """The address of this search with some parts changed; None takes a part out."""
        page = self.page if self.page > 1 else None
        sort = self.sort if self.sort != "relevance" else None
        parts = {"q": self.text or None, **self.form, **self.filters, "sort": sort, "page": page, **changes}
        return url_for("lookup.home", **{name: value for name, value in parts.items() if value})


def asked() -> SearchRequest:
    """The search in the request's address; invalid parts are left out."""
    filters = {name: value for name in FACETS if (value := request.args.get(name, "")[:300])}
    sort = request.args.get("sort", "")
    page = max(1, min(request.args.get("page", 1, type=whole), 500))
    chosen = cast(Sort, sort if sort in SORTS else "relevance")
    form = {name: value for name in FORM if (value := request.args.get(name, "")[:_LONGEST_PART].strip())}
    return SearchRequest(request.args.get("q", "")[:LONGEST].strip(), filters, chosen, page, form)


def whole_query(text: str, form: Mapping[str, str]) -> str:
    """Words and the values of the form in the query language."""
    told = [f'{FORM[name][1]}:"{value.replace(chr(34), " ")}"' for name, value in form.items()]
    return " ".join([text, *told] if text else told)


def parts_of(address: str) -> tuple[str, dict[str, str]]:
    """The words and filters of a search that was kept by its address."""
    parts = dict(parse_qsl(urlsplit(address).query))
    form = {name: parts[name] for name in FORM if parts.get(name)}
    return whole_query(parts.get("q", ""), form), {name: parts[name] for name in FACETS if parts.get(name)}
