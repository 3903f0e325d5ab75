"""A citation as a person types it becomes one of the document: read like the paper's own,
with its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.authority.doc_types import doc_type_named
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Citation, Relation
from corpus.errors import Problem
from corpus.lifecycle import reread
from corpus.numbering import number as numbers
from corpus.numbering import typed_days
from corpus.numbering.dates import day_of
from corpus.typed_text import clean_text
from ingest.citations.find import find_citations
from ingest.text.document_text import Text
from web.present.catalogue import RELATIONS

_LONGEST = {
    "text": 1000,
    "number": 100,
    "date": 40,
    "issuer": 500,
    "doc_type": 100,
    "title": 500,
    "provision": 300,
}
"""Letters that may be typed of each part."""
SEPARATE = tuple(_LONGEST)


@dataclass(frozen=True, slots=True)
class Typed:
    """A citation as a person typed it: the words of the paper, or number, day and issuer apart."""

    relation: str = "refers"
    text: str = ""
    number: str = ""
    date: str = ""
    issuer: str = ""
    doc_type: str = ""
    title: str = ""
    provision: str = ""
    page: int | None = None
    target: int | None = None

    @classmethod
    def of(cls, parts: Mapping[str, str], page: int | None, target: int | None) -> Typed:
        """The parts of a form."""
        told = {name: parts.get(name, "") for name in SEPARATE}
        return cls(parts.get("relation", "refers"), page=page, target=target, **told)


def citation_of(store: Store, found: Document, typed: Typed) -> Citation:
    """The citation that was typed, as one of this document; raises Problem("bad_value") for what is none,
    ("not_found").
    """
    if typed.relation not in RELATIONS:
        raise Problem("bad_value", field="relation", value=typed.relation[:50], why="không có quan hệ này")
    parts = {name: _clean(name, getattr(typed, name)) for name in SEPARATE}
    relation: Relation = typed.relation  # type: ignore[assignment]
    words = parts["text"]
    read = _read(found, words) if words else None
    said = replace(read, relation=relation) if read else Citation(words, relation, title=None)
    own = {name: parts[name] for name in ("issuer", "title", "provision") if parts[name]}
    said = replace(said, **own)  # type: ignore[arg-type]
    if parts["number"]:
        parsed = numbers.parse(parts["number"])
        said = replace(said, number=parsed.canonical if parsed else parts["number"])
    if parts["date"]:
        said = replace(said, date=_day(parts["date"]))
    if parts["doc_type"]:
        said = replace(said, doc_type=doc_type_named(parts["doc_type"]) or parts["doc_type"])
    printed = words or _in_words(said)
    if not printed:
        raise Problem("bad_value", field="citation", value="", why="cần lời văn hoặc số, ký hiệu của văn bản")
    return _with_place(store, found, replace(said, printed=printed, review=False, confidence=1.0), typed.page)


def _clean(name: str, text: str) -> str:
    kept = clean_text("citation", text)
    if len(kept) > _LONGEST[name]:
        raise Problem("bad_value", field="citation", value=kept[:50], why=f"dài quá {_LONGEST[name]} ký tự")
    return kept


def _day(text: str) -> str:
    day = day_of(typed_days.iso(text))
    if day is None:
        raise Problem("bad_value", field="date", value=text[:50], why="cần một ngày có thật (27/04/2022)")
    return day.isoformat()


def _read(found: Document, words: str) -> Citation | None:
    """The first citation in what was typed, relative names in it completed by the citing document's own."""
    cited, _ = find_citations(
        Text.of_string(f"{words}\n"),
        issuer=found.issuer,
        place=found.place,
        doc_type=found.doc_type,
        number=None,
        date=found.date,
        body=(0, len(words) + 1),
    )
    return cited[0] if cited else None


def _in_words(said: Citation) -> str:
    parts = (
        said.doc_type,
        f"số {said.number}" if said.number and said.doc_type else said.number,
        said.title,
        f"ngày {typed_days.day_text(said.date)}" if day_of(said.date) else None,
        f"của {said.issuer}" if said.issuer else None,
    )
    named = said.number or said.title
    return " ".join(part for part in parts if part) if named else ""


def _with_place(store: Store, found: Document, said: Citation, page: int | None) -> Citation:
    """The citation where its words stand in the text, on the page named first;
    else on that page without a place.
    """
    if page is not None and not 1 <= page <= max(found.page_count, 1):
        raise Problem("not_found", what=page)
    with store.db.reading() as session:
        pages = reread.pages_of(session, found.id)
    pattern = re.compile(r"\s+".join(re.escape(word) for word in said.printed.split()), re.IGNORECASE)
    whole = Text.of_pages(pages)
    ordered = sorted(pages, key=lambda one: one.number != page) if page is not None else list(pages)
    for one in ordered:
        if match := pattern.search(one.text):
            base = whole.starts[pages.index(one)]
            at, boxes = whole.locate(base + match.start(), base + match.end())
            return replace(said, page=at, boxes=boxes, start=base + match.start())
    return replace(said, page=page, boxes=(), start=0)
