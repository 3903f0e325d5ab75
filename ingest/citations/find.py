"""Every reference of a text to another identified document, once each, with its relation to the citing document.

The grammar is that of Vietnamese administrative papers: numbers of all families, laws and resolutions by name,
groups, short later mentions, titles that contain further citations. Self references, generic plurals, recipients,
stamps and an annex's own parent are no citations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from corpus.authority.laws import law_meant, law_title_key
from corpus.document import Citation, Statement
from corpus.numbering.number import match_key
from corpus.vietnamese.fold import fold
from ingest.citations.abbreviations import abbreviations, called
from ingest.citations.citing import CitingDocument, citing_of
from ingest.citations.identity import by_another, is_there, known_by, sought
from ingest.citations.issuers import full_name
from ingest.citations.mention import Mention, RelationReading
from ingest.citations.named import named
from ingest.citations.numbered import numbered, subject_after
from ingest.citations.relation_words import EFFECTS
from ingest.citations.relations import relations
from ingest.citations.scope import CitationText, scope_of
from ingest.citations.short_forms import dated_shorts, promulgated, shorts
from ingest.text.document_text import Text
from ingest.text.notes import notes_of, only, without


@dataclass(slots=True)
class _Found:
    """The citations so far, and the index of each key among them."""

    citations: list[Citation]
    places: dict[str, int]
    unprinted: set[int]
    """Indices of those whose issuer no mention has printed yet; meanwhile it comes from the number's symbol."""


def find_citations(
    text: Text,
    *,
    issuer: str | None,
    place: str | None,
    doc_type: str | None,
    number: str | None,
    date: str | None,
    body: tuple[int, int] | None = None,
) -> tuple[tuple[Citation, ...], tuple[Statement, ...]]:
    """The citations of `text` in order of first mention, and its statements about two other documents.

    The other arguments are the citing document's own fields: they complete `tỉnh`, `huyện`, `Bộ`, and its own
    number is no citation. `body`: offsets to search in; None leaves out header, recipients (nơi nhận) and
    signature automatically.
    """
    notes = notes_of(text) if body is None else ()
    scope = scope_of(without(text.value, notes), body)
    citing = citing_of(scope.flat, issuer, place, date)
    found = _Found([], {}, set())
    own = match_key(number) if number else None
    statements = _cited_in(scope, found, text, citing, own)
    if notes:
        aside = scope_of(only(text.value, notes), (0, len(text.value)))
        statements += _cited_in(aside, found, text, citing, own)
    return tuple(found.citations), tuple(dict.fromkeys(statements))


def _cited_in(
    scope: CitationText, found: _Found, text: Text, citing: CitingDocument, own: str | None
) -> list[Statement]:
    """Add the citations of a scope to those found; return its statements about two others.
    `own`: key of the own number.
    """
    mentions = _mentions(scope)
    reads = relations(scope, mentions)
    mentions = _with_own_dates([_with_subject(scope, mentions, reads, at) for at in range(len(mentions))], reads)
    places = [
        _add(
            found,
            text,
            scope,
            mention,
            read,
            citing,
            None if own is None or _other_than_own(mention, own, citing.date) else own,
        )
        for mention, read in zip(mentions, reads, strict=True)
    ]
    return _statements(reads, places)


def _mentions(scope: CitationText) -> list[Mention]:
    """All mentions in order; a name inside a numbered mention gives that one its title."""
    short = abbreviations(scope.flat)
    brackets = called(scope.flat)
    named_at = _Places((bracket.start, bracket.end) for bracket in brackets)
    by_number = [mention for mention in numbered(scope) if not named_at.hold(mention.start)]
    by_name = [mention for mention in named(scope, short) if not named_at.hold(mention.start)]
    out = _with_titles(by_number, by_name)
    taken = _Places((mention.start, mention.end) for mention in out)
    extra = (*shorts(scope, named_at.hold), *dated_shorts(scope), *promulgated(scope))
    out += [mention for mention in extra if not taken.hold(mention.start)]
    return sorted(out, key=_order)


def _with_subject(scope: CitationText, mentions: list[Mention], reads: list[RelationReading], at: int) -> Mention:
    """A numbered mention with the subject printed behind it,
    up to the clause's end or the next citation outside it.
    """
    mention = mentions[at]
    if mention.kind != "number" or mention.title is not None:
        return mention
    following = at + 1
    while following < len(mentions) and reads[following].nested_in is not None:
        following += 1
    limit = mention.end + 400
    if following < len(mentions) and mentions[following].lead > mention.end:
        limit = min(limit, mentions[following].lead)
    subject = subject_after(scope, mention.end, limit)
    return replace(mention, title=subject) if subject else mention


def _with_own_dates(mentions: list[Mention], reads: list[RelationReading]) -> list[Mention]:
    """Move the date behind the last of the laws that an amending law lists to the amending law itself."""
    out = list(mentions)
    for at, outer in enumerate(mentions):
        if outer.kind != "name" or outer.date is not None or not fold(outer.title or "").startswith("luat sua do"):
            continue
        inner = [
            place
            for place, read in enumerate(reads)
            if read.nested_in == at and mentions[place].number is not None
        ]
        dated = [place for place in inner if mentions[place].date is not None]
        if dated and dated == inner[-1:]:
            out[at] = replace(outer, date=mentions[dated[0]].date)
            out[dated[0]] = replace(mentions[dated[0]], date=None)
    return out


def _order(mention: Mention) -> tuple[int, int, int]:
    return mention.lead, mention.start, mention.end


class _Places:
    """Spans in order, looked up by offset."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def hold(self, offset: int) -> bool:
        """True if a span contains the offset."""
        place = bisect_right(self._starts, offset) - 1
        return place >= 0 and offset < self._ends[place]


def _with_titles(by_number: list[Mention], by_name: list[Mention]) -> list[Mention]:
    """Numbered mentions with the names inside them as their titles, and the other names."""
    out: list[Mention] = []
    alone: list[Mention] = []
    place = 0
    for mention in by_number:
        while place < len(by_name) and by_name[place].end <= mention.start:
            alone.append(by_name[place])
            place += 1
        inside = None
        while place < len(by_name) and by_name[place].start < mention.end:
            inside = inside or by_name[place]
            place += 1
        if inside is not None and inside.start <= mention.start:
            lead = min(mention.lead, inside.start)
            doc_type = inside.doc_type if mention.number and mention.number.family == "qh" else mention.doc_type
            mention = replace(mention, start=inside.start, lead=lead, title=inside.title, doc_type=doc_type)
        out.append(mention)
    return sorted(out + alone + by_name[place:], key=_order)


def _other_than_own(mention: Mention, own: str, date: str | None) -> bool:
    """True if a mention with the document's own number is of another document (another day)."""
    if mention.number is None:
        law = (
            law_meant(law_title_key(mention.title or ""), date, mention.date).law
            if mention.kind == "name"
            else None
        )
        return law is None or match_key(law.number) != own
    if mention.number.match_key != own:
        return True
    return bool(mention.date and date and mention.date != date)


def _add(
    found: _Found,
    text: Text,
    scope: CitationText,
    mention: Mention,
    read: RelationReading,
    citing: CitingDocument,
    own: str | None,
) -> int | None:
    """Add the mention's citation or merge it into the one of the same document;
    return its index, None if it is none.
    """
    if own is not None:
        return None
    citation = _citation_of(text, scope, mention, read)
    issuer = (
        full_name(mention.issuer, mention.number, citing) if mention.issuer and mention.kind == "number" else None
    )
    place = next(
        (
            at
            for key in sought(mention, citation)
            if (at := found.places.get(key)) is not None
            and is_there(found.citations[at], key, citation, mention, citing.date)
            and (at in found.unprinted or not by_another(found.citations[at], citation, issuer))
        ),
        None,
    )
    if place is None:
        if mention.kind == "short" and mention.linked:
            return None
        place = len(found.citations)
        found.citations.append(_with_place(citation, text, scope, mention, citing))
        if mention.issuer is None:
            found.unprinted.add(place)
    else:
        found.citations[place] = _merge(found.citations[place], citation)
        if issuer is not None and place in found.unprinted:
            found.unprinted.discard(place)
            found.citations[place] = replace(found.citations[place], issuer=issuer)
    for key in known_by(mention, citation):
        found.places.setdefault(key, place)
    return place


def _merge(first: Citation, later: Citation) -> Citation:
    """Merge a repeated citation into the first: fill missing fields; a later effect replaces a weaker relation,
    and any act replaces `nested`.
    """
    said: dict[str, Any] = {
        name: getattr(later, name)
        for name in ("number", "date", "title", "provision")
        if getattr(later, name) and not getattr(first, name)
    }
    inside_title = first.relation == "nested" and later.relation not in ("nested", "mentions")
    if inside_title or (later.relation in EFFECTS and first.relation not in EFFECTS):
        said |= {"relation": later.relation, "trigger": later.trigger}
    return replace(first, **said) if said else first


def _citation_of(text: Text, scope: CitationText, mention: Mention, read: RelationReading) -> Citation:
    """The citation of a mention as printed, with enough to find an earlier one of the same document."""
    start, end = scope.origin(mention.start), scope.origin(mention.end)
    number = mention.number
    return Citation(
        printed=" ".join(text.value[start:end].split()).rstrip(" ,;"),
        relation=read.relation,
        doc_type=mention.doc_type,
        number=number.canonical if number and mention.kind == "number" else mention.ordinal,
        date=mention.date,
        title=mention.title,
        provision=mention.provision,
        start=start,
        trigger=read.trigger,
    )


def _with_place(
    said: Citation, text: Text, scope: CitationText, mention: Mention, citing: CitingDocument
) -> Citation:
    """A first mention's citation with its place on paper, its full issuer, and whether a person should look."""
    page, boxes = text.locate(said.start, scope.origin(mention.end))
    issuer = mention.issuer if mention.kind == "name" else full_name(mention.issuer, mention.number, citing)
    if mention.kind == "child":
        issuer = citing.issuer
    review = mention.kind in ("short", "blank") or _doubtful(mention) or _unclear_law(said, citing.date)
    return replace(said, issuer=issuer, page=page, boxes=boxes, review=review)


def _unclear_law(said: Citation, day: str | None) -> bool:
    """True if a printed name may mean several laws to a paper of the day, or its printed day is none of theirs."""
    if said.number is not None or not said.title or day is None:
        return False
    meaning = law_meant(law_title_key(said.title), day, said.date)
    return bool(meaning.laws) and not meaning.certain


def _doubtful(mention: Mention) -> bool:
    """True if the number had to be corrected, or its year contradicts the printed date."""
    number = mention.number
    if number is None:
        return False
    if re.sub(r"[\s/.-]", "", number.raw) != re.sub(r"[\s/.-]", "", number.canonical):
        return True
    return number.year is not None and mention.date is not None and abs(int(mention.date[:4]) - number.year) > 1


def _statements(reads: list[RelationReading], places: list[int | None]) -> list[Statement]:
    out: list[Statement] = []
    for at, read in enumerate(reads):
        outer = places[read.nested_in] if read.nested_in is not None else None
        inner = places[at]
        if outer is None or inner is None or outer == inner or read.third_party is None:
            continue
        subject, other = (inner, outer) if read.inverse else (outer, inner)
        out.append(Statement(subject, read.third_party, other))
    return out
