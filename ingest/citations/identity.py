"""Identity of cited documents: the keys of a mention, and the tests that distinguish two documents."""

from __future__ import annotations

import re

from corpus.authority.identity import issuer_key
from corpus.authority.laws import is_resolution, law_meant, law_title_key
from corpus.document import Citation
from corpus.numbering.number import match_key
from corpus.vietnamese.fold import fold
from ingest.citations.mention import Mention


def is_there(there: Citation, key: str, citation: Citation, mention: Mention, day: str | None) -> bool:
    """True if the citation found under the key is of the same document.

    Under one name two numbers, two days or two years are two documents; under one number two years are (of the
    Party: two days), unless the number includes its year.
    """
    dates = [one.date for one in (there, citation) if one.date]
    if "name " not in key:
        number = mention.number
        if number is not None and number.year is not None:
            return True
        length = 10 if number is not None and number.family == "party" else 4
        return len({date[:length] for date in dates}) < 2
    numbers = {match_key(one.number) for one in (there, citation) if one.number}
    years = {year for one in (there, citation) if (year := _law_year(one, day))}
    return len(numbers) < 2 and len(set(dates)) < 2 and len(years) < 2


_YEAR_SAID = re.compile(r" năm (\d{4})\Z")


def _law_year(citation: Citation, day: str | None) -> str | None:
    """The year of the law that a name means to a paper of the day: printed, or that of the one in force."""
    if citation.date:
        return citation.date[:4]
    if said := _YEAR_SAID.search(citation.title or ""):
        return said[1]
    if citation.number:
        return None
    law = law_meant(law_title_key(citation.title or ""), day).law if day else None
    return law.year if law else None


def _name_key(citation: Citation, date: str | None) -> str:
    key = law_title_key(_YEAR_SAID.sub("", citation.title or citation.printed))
    return f"name {'hien phap' if key.startswith('hien phap') else key} {date or ''}"


def sought(mention: Mention, citation: Citation) -> tuple[str, ...]:
    """The keys under which an earlier mention of the same document may be found."""
    if mention.kind == "blank":
        return (f"blank {citation.printed}",)
    if mention.kind == "short":
        return (f"short {fold(mention.doc_type or '')} {(mention.ordinal or '').lstrip('0')}",)
    if mention.number is None:
        return (_name_key(citation, mention.date), f"undated {_name_key(citation, None)}")
    number = mention.number
    names = (f"undated {_name_key(citation, None)}",) if mention.title and number.family == "qh" else ()
    bare = f"number {_kind_key(mention)}{number.match_key}"
    if mention.date is None or number.year is not None:
        return (bare, *names)
    dated = f"{bare} {mention.date}"
    return (dated, bare) if number.family == "party" else (dated, f"{bare} {mention.date[:4]}", bare)


def _kind_key(mention: Mention) -> str:
    """Prefix of the National Assembly's resolutions, which are numbered apart:
    20/2026/QH16 is a law and a resolution.
    """
    of_assembly = mention.number is not None and mention.number.family == "qh"
    return "resolution " if of_assembly and is_resolution(mention.doc_type) else ""


def known_by(mention: Mention, citation: Citation) -> tuple[str, ...]:
    """All keys under which later mentions may find this one."""
    asked = sought(mention, citation)
    if mention.number is None or mention.kind != "number":
        bare_name = _name_key(citation, None)
        undated = (f"undated {bare_name}",) if mention.date is None else ()
        return (asked[0], bare_name, *undated) if mention.kind in ("name", "child") else asked
    number = mention.number
    bare = f"short {fold(mention.doc_type or '')} {number.ordinal}{number.suffix}"
    dated = (f"{bare}/{number.year}",) if number.year else ()
    names = (_name_key(citation, None),) if mention.title and number.family == "qh" else ()
    return (*asked, f"number {_kind_key(mention)}{number.match_key}", bare, *dated, *names)


def by_another(there: Citation, citation: Citation, issuer: str | None) -> bool:
    """True if a printed issuer and day both indicate another document of that number and year: `93/KH-UBND` of a
    province and of a district. One of them alone may be a slip of the pen or of the scanner.
    """
    if not issuer or not there.issuer or not citation.date or not there.date or citation.date == there.date:
        return False
    one, other = issuer_key(issuer) or "", issuer_key(there.issuer) or ""
    return not f"{one} ".startswith(f"{other} ") and not f"{other} ".startswith(f"{one} ")
