"""Writes entries into a Whoosh index: postings gathered in arrays, segments of bounded size, merges list by list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.base import Entry
from search.engines.whoosh.codec import PLACE, Block, Codec, blocks
from search.engines.whoosh.columns import COLUMNS, values
from search.engines.whoosh.posting_pool import Pool

_TIER = 4
"""So many segments of a like size become one."""
_LARGE = 1000
"""Segments of so many documents are left alone."""
_QUICK = 100
"""So many documents are merged in a fifth of a second."""
_MERGE_SECONDS = 60.0
"""Time that a writer waits for another's merges."""
_POOL_BYTES = 64 * 1024 * 1024
"""Postings of one segment in memory; with more of them the next segment begins, whatever the commit."""


class Writer(SegmentWriter):  # type: ignore[misc]
    """One commit to an index; its new documents lie in one segment or, with long texts, in several."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=Codec(), timeout=_MERGE_SECONDS)
        self.pool = Pool()
        self._written: list[Any] = []

    def put(self, entry: Entry) -> None:
        """Adds an entry."""
        if self.pool.size > _POOL_BYTES:
            self._begin_segment()
        document, per_document = self.docnum, self.perdocwriter
        per_document.start_doc(document)
        for name, value in _texts(entry).items():
            field = self.schema[name]
            length = field.gather(self.pool, name, document, value)
            per_document.add_field(name, field, None, length if field.scorable else 0)
        for name, packed in values(entry).items():
            per_document.add_column_value(name, COLUMNS[name], packed)
        per_document.finish_doc()
        self._added = True
        self.docnum += 1

    def _begin_segment(self) -> None:
        self._written.append(self._finalize_segment())
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.pool = Pool()
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.docnum = self.docbase
        self._added = False

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: dict[int, int] | None) -> None:
        """Takes the posting lists of a segment over; `docmap`: the new numbers of its documents where some are gone."""
        terms = reader._terms
        for (name, term), info in terms.items():
            placed = self.schema[name].placed
            for block in blocks(terms._postfile._buf, info.extent()[0]):
                if docmap is not None:
                    self._take_over(name, term, block, docmap, placed=placed)
                    continue
                ids, places = block.ids() + np.uint32(startdoc), block.places() if placed else None
                self.pool.extend(name, term, ids, block.weights(), places)

    def _take_over(self, name: str, term: bytes, block: Block, docmap: dict[int, int], *, placed: bool) -> None:
        places = block.places().astype(np.uint32).tobytes()
        start = 0
        for id, weight in zip(block.ids().tolist(), block.weights().tolist(), strict=True):
            end = start + weight * PLACE if placed else start
            if id in docmap:
                self.pool.add(name, term, docmap[id], weight, places[start:end] if placed else None)
            start = end

    def merges_much(self) -> bool:
        """Whether the merge that is due takes longer than a person waits for the new document to be found."""
        return _count(_alike(self.segments)) > _QUICK

    def beside(self, segments: Sequence[Any]) -> list[Any]:
        """The segments that stay besides the one under way, none of them merged."""
        return [*segments, *self._written]

    def merged_with(self, segments: Sequence[Any]) -> list[Any]:
        """The segments that stay besides the one under way, once those that are to be merged have been taken into it."""
        merged = _alike(segments)
        for segment in merged:
            with SegmentReader(self.storage, self.schema, segment) as reader:
                self.add_reader(reader)
        return self.beside([segment for segment in segments if segment not in merged])

    def without_deleted(self, segments: Sequence[Any]) -> list[Any]:
        """The segments that stay, those with deleted documents written anew without them."""
        for segment in segments:
            if not segment.has_deletions() or segment.doc_count() == 0:
                continue
            if self._added:
                self._begin_segment()
            with SegmentReader(self.storage, self.schema, segment) as reader:
                self.add_reader(reader)
        return self.beside([segment for segment in segments if not segment.has_deletions()])


def merge_deleted(writer: Writer, segments: Sequence[Any]) -> list[Any]:
    """What a commit merges so that nothing stays of documents that were taken out: each segment that holds any, alone."""
    return writer.without_deleted(segments)


def merge_none(writer: Writer, segments: Sequence[Any]) -> list[Any]:
    """What a commit merges: nothing."""
    return writer.beside(segments)


def merge_many(writer: Writer, segments: Sequence[Any]) -> list[Any]:
    """What a commit merges: segments of a like size become one once there are some, so that each document is written
    anew only now and then.
    """
    return writer.merged_with(segments)


def _alike(segments: Sequence[Any]) -> list[Any]:
    """The segments that are to become one."""
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        if segment.doc_count_all() < _LARGE:
            tiers.setdefault(segment.doc_count_all().bit_length() // 2, []).append(segment)
    return [segment for tier in tiers.values() if len(tier) >= _TIER for segment in tier]


def _count(segments: Sequence[Any]) -> int:
    return sum(segment.doc_count_all() for segment in segments)


def _texts(entry: Entry) -> dict[str, Any]:
    """Field → its tokens."""
    return {
        "syl": [part.accented for part in entry.body],
        "fold": [part.folded for part in entry.body],
        "cmp": entry.compounds,
        "subject": entry.subject.folded,
        "issuer": entry.issuer.folded,
        "recipient": entry.recipient.folded,
        "signer": entry.signer.folded,
        "type": entry.type.folded,
        "number": entry.number,
        "keys": entry.keys,
        "mentions": entry.mentions,
        "cites": entry.cites,
    }
