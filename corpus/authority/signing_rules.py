"""Rules of signing (thẩm quyền ký) from signing_rules.tsv: who may not sign what, by the day of the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.tables import rows
from corpus.vietnamese.fold import fold

_FOR = re.compile(r"\b(?P<form>kt|tl|tuq|tm|t/m|q)\b\.?\s*")


@dataclass(frozen=True, slots=True)
class SigningRule:
    """A row of signing_rules.tsv, folded; `title` None: the title printed behind the form itself."""

    name: str
    form: str | None
    title: str | None
    doc_type: str
    since: str
    until: str

    def counts(self, day: str, doc_type: str) -> bool:
        """True if the rule is in force on the day and is of this type of document."""
        return self.since <= day and (not self.until or day < self.until) and self.doc_type in ("", doc_type)

    def is_broken(self, authority: str, role: str) -> bool:
        """True if the signature is one that the rule forbids; `authority` is empty where no form is printed."""
        if self.form is None:
            return not authority and role.startswith(f"{self.title} ") and not _FOR.match(role)
        if self.title is None:
            head = re.search(rf"\b{re.escape(self.form)}\b\.?\s*(?P<head>.+)$", authority.split("\n")[-1])
            return head is not None and role == head["head"].strip()
        said = {match["form"] for match in _FOR.finditer(authority)}
        return self.form in said and f"{role} ".startswith(f"{self.title} " if self.title else "")


@cache
def _rules() -> tuple[SigningRule, ...]:
    return tuple(
        SigningRule(
            row["rule"],
            None if row["authority"] == "none" else fold(row["authority"]),
            None if row["title"] == "same" else fold(row["title"]),
            fold(row["doc_type"]),
            row["valid_from"],
            row["valid_to"],
        )
        for row in rows("signing_rules")
    )


def broken_rule(day: str, doc_type: str, authority: str, role: str) -> SigningRule | None:
    """The first rule in force on the day (ISO 8601) that a signature breaks; None for none.

    Type, form of authority and title are folded; an empty `authority`: none is printed.
    """
    return next((one for one in _rules() if one.counts(day, doc_type) and one.is_broken(authority, role)), None)
