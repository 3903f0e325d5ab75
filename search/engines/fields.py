"""Search fields: one registry from which the engines, the query language and the snippets are built.

A new field is an attribute of IndexEntry and a row of FIELDS here, and what fills it in search/index/entries.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Literal

from search.tokens import Syllables

EVERYONE = "all"
"""The group whose documents every reader may see."""

NOTHING = Syllables("", "")
"""A text without tokens."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One document as an index takes it; texts are tokens already, so that every engine sees the same ones."""

    id: int
    revision: int
    body: tuple[Syllables, ...]
    """All text that is searched, part by part (record, then pages);
    no phrase crosses from one part to the next.
    """
    subject: Syllables = NOTHING
    issuer: Syllables = NOTHING
    recipient: Syllables = NOTHING
    signer: Syllables = NOTHING
    type: Syllables = NOTHING
    number: tuple[str, ...] = ()
    """Parts of its own number, folded: `31 kh stttt`."""
    keys: tuple[str, ...] = ()
    """Its own number's match key, and the states of its digital signatures (base.SIGNED)."""
    mentions: tuple[str, ...] = ()
    """Match keys of the numbers and ISO dates in its text."""
    cites: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()
    """Compounds by underthesea (`thi_đua`), empty until the background pass has been over it."""
    date: str | None = None
    doc_type: str | None = None
    issuer_name: str | None = None
    recipients: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    """Values that the machine thought possible for number and date of a document that nobody has looked at:
    match keys, `so:31`, ISO dates.
    """
    groups: tuple[str, ...] = (EVERYONE,)
    since: str | None = None
    """First day in force; None where that is not known."""
    over: str | None = None
    """First day after its effect; LAST_DAY if none is known, but something else of its effect is."""
    partly: str | None = None
    """First day after some of its provisions; LAST_DAY as above."""
    direction: str = ""
    """Direction of the paper in words, folded: `den incoming`."""
    file: tuple[str, ...] = ()
    """Keys of the file (hồ sơ) that it is in: without and with the year, and FILED; empty for none."""
    tags: tuple[str, ...] = ()
    """Keys of its tags (nhãn), and TAGGED; empty for none."""
    tag_names: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """Values of the office's own fields, as corpus.cataloguing.own_values.tokens spells them: `mahd:123`."""
    enders: tuple[str, ...] = ()
    """Identifiers of the documents that end it, as a whole or in part."""


FILED = ":any"
"""Value of the field `file` of every document that is in a file; no code has a colon in front."""
TAGGED = ":any"
"""Value of the field `tag` of every document that has a tag."""
LAST_DAY = "9999-12-31"
"""A day after all others."""
Kind = Literal["text", "words", "names", "keyword", "facet", "day"]
"""Kinds of fields.

* text: tokens with positions, scored by BM25, searched as phrases
* words: tokens, scored by BM25
* names: tokens, not scored
* keyword: whole values
* facet: whole values, counted over the documents found
* day: days of a document in ISO 8601, searched by range
"""
Reading = Literal["words", "number", "cites", "signed", "effect", "file", "tag", "year", "from", "to"]
"""The way in which the query language reads what follows a prefix."""


@dataclass(frozen=True, slots=True)
class SearchField:
    """One field of the index."""

    name: str
    kind: Kind
    values: Callable[[IndexEntry], Iterable[str | None]]
    """Values of a document. Kinds of tokens: parts, each with its tokens separated by blanks;
    other kinds: each value.
    """
    label: str
    prefixes: tuple[tuple[str, Reading], ...] = ()
    """(prefix as typed before the colon, folded; its reading), Vietnamese first."""
    weight: float = 1.0
    """Weight of its words in a document's score; 1 is the weight of the body's."""
    saturation: float = 1.2
    """BM25's k1: the larger, the more a repetition counts."""
    length: float = 0.75
    """BM25's b: from 0 (length does not matter) to 1."""
    marked: bool = False
    """True if snippets mark the query's words that were looked for in it."""

    @property
    def is_weighed(self) -> bool:
        """True if its words are scored by BM25."""
        return self.kind in ("text", "words")

    @property
    def is_tokens(self) -> bool:
        """True if its values are tokens separated by blanks."""
        return self.kind in ("text", "words", "names")

    def of(self, entry: IndexEntry) -> list[str]:
        """The different values that are not empty, in order; of kinds of tokens all of them."""
        found = filter(None, self.values(entry))
        return list(found) if self.is_tokens else list(dict.fromkeys(found))


def couples(text: Syllables) -> list[str]:
    """Each two folded syllables of a text that follow each other as one token: `thi_dua`."""
    return [f"{first}_{second}" for first, second in pairwise(text.folded)]


def _prefixes(*prefixes: str, reading: Reading = "words") -> tuple[tuple[str, Reading], ...]:
    return tuple((prefix, reading) for prefix in prefixes)


FIELDS: tuple[SearchField, ...] = (
    SearchField("syl", "text", lambda e: (part.written for part in e.body), "Toàn văn, có dấu"),
    SearchField("fold", "text", lambda e: (part.bare for part in e.body), "Toàn văn, không dấu"),
    SearchField("cmp", "words", lambda e: e.compounds, "Từ ghép", weight=0.5, length=0.5),
    SearchField("subject", "words", lambda e: (e.subject.bare,), "Trích yếu", _prefixes("trichyeu", "subject"),
                weight=1.5, saturation=0.6, length=0.3, marked=True),
    SearchField("heading", "words", lambda e: (e.subject.written,), "Trích yếu, có dấu",
                weight=1.5, saturation=0.6, length=0.3),
    SearchField("couples", "words", lambda e: (" ".join(couples(e.subject)),), "Cặp âm tiết của trích yếu",
                weight=1.5, saturation=0.6, length=0.3),
    SearchField("issuer", "names", lambda e: (e.issuer.bare,), "Cơ quan ban hành",
                _prefixes("coquan", "issuer"), marked=True),
    SearchField("recipient", "names", lambda e: (e.recipient.bare,), "Nơi nhận",
                _prefixes("noinhan", "recipient"), marked=True),
    SearchField("signer", "names", lambda e: (e.signer.bare,), "Người ký",
                _prefixes("nguoiky", "signer"), marked=True),
    SearchField("type", "names", lambda e: (e.type.bare,), "Loại văn bản", _prefixes("loai", "type")),
    SearchField("direction", "names", lambda e: (e.direction,), "Hướng văn bản", _prefixes("huong", "direction")),
    SearchField("number", "names", lambda e: e.number, "Số, ký hiệu", _prefixes("so", "number", reading="number")),
    SearchField("keys", "keyword", lambda e: e.keys, "Khóa của số và chữ ký số",
                _prefixes("kyso", "signed", reading="signed")),
    SearchField("mentions", "keyword", lambda e: e.mentions, "Số và ngày nhắc đến"),
    SearchField("maybe", "keyword", lambda e: e.maybe, "Số và ngày có thể đúng"),
    SearchField("cites", "keyword", lambda e: e.cites, "Văn bản viện dẫn",
                _prefixes("dan", "cites", reading="cites")),
    SearchField("file", "keyword", lambda e: e.file, "Hồ sơ", _prefixes("hoso", "file", reading="file")),
    SearchField("tag", "keyword", lambda e: e.tags, "Nhãn", _prefixes("nhan", "tag", reading="tag")),
    SearchField("own", "keyword", lambda e: e.own, "Trường riêng"),
    SearchField("groups", "keyword", lambda e: e.groups, "Nhóm được xem"),
    SearchField("date", "day", lambda e: (e.date,), "Ngày ban hành",
                _prefixes("nam", "year", reading="year") + _prefixes("tu", "from", reading="from")
                + _prefixes("den", "to", reading="to")),
    SearchField("since", "day", lambda e: (e.since,), "Có hiệu lực từ",
                _prefixes("hieuluc", "effect", reading="effect")),
    SearchField("over", "day", lambda e: (e.over,), "Hết hiệu lực từ"),
    SearchField("partly", "day", lambda e: (e.partly,), "Hết hiệu lực một phần từ"),
    SearchField("enders", "keyword", lambda e: e.enders, "Văn bản làm hết hiệu lực"),
    SearchField("of_doc_type", "facet", lambda e: (e.doc_type,), "Loại văn bản"),
    SearchField("of_issuer", "facet", lambda e: (e.issuer_name,), "Cơ quan ban hành"),
    SearchField("of_year", "facet", lambda e: ((e.date or "")[:4],), "Năm"),
    SearchField("of_tag", "facet", lambda e: e.tag_names, "Nhãn"),
    SearchField("of_recipient", "facet", lambda e: e.recipients, "Nơi nhận"),
)  # fmt: skip

FACETS = tuple(field.name.removeprefix("of_") for field in FIELDS if field.kind == "facet")
"""Facets by their names in plans and answers; their fields have the prefix `of_`."""
FIELD = {field.name: field for field in FIELDS}
PREFIXES: dict[str, tuple[SearchField, Reading]] = {
    prefix: (field, reading) for field in FIELDS for prefix, reading in field.prefixes
}
"""Folded prefix as typed → the field and the way to read its value."""


def of_kind(*kinds: Kind) -> tuple[SearchField, ...]:
    """The fields of these kinds, in order."""
    return tuple(field for field in FIELDS if field.kind in kinds)


def schema_version(layout: int) -> str:
    """Name of what an index contains: the fields with their kinds, and `layout`,
    the version of the engine's storage.
    """
    told = repr((layout, [(field.name, field.kind) for field in FIELDS]))
    return "vanban-" + sha256(told.encode()).hexdigest()[:12]


def day_number(day: str | None) -> int:
    """`2022-04-27` → 20220427; 0 for none."""
    return int(day.replace("-", "")) if day else 0
