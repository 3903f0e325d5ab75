"""The citation graph and the list of documents for other programs: rows for web.formats.tables, and GraphML,
streamed.

The columns of the list of documents bear the names that Nghị định 30/2020/NĐ-CP, Phụ lục VI, gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import ColumnElement, func, null, select, true
from sqlalchemy.orm import Session, aliased

from corpus.citations import absent
from corpus.citations.resolution import LIVE
from corpus.database.models import CitationRow, Document, StatementRow
from web.formats.tables import Row

EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""

COLUMNS = (
    "source", "source_number", "source_wanted", "target", "relation", "number", "date", "printed", "status",
    "wanted",
    "stated_by",
)  # fmt: skip
"""Columns of a citation; `stated_by`: the document that states it of two others, empty for its own citations."""
DOCUMENT_COLUMNS = (
    "Id", "TypeName", "CodeNumber", "CodeNotation", "IssuedDate", "OrganName", "Subject", "PageAmount",
    "SignerInfo.FullName", "Place", "Status", "File",
)  # fmt: skip
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODE_KEYS = ("label", "date", "doc_type", "issuer", "subject", "held")
_EDGE_KEYS = ("relation", "stated_by")


def edges(session: Session, hidden: frozenset[int] = frozenset()) -> Iterator[Row]:
    """Every citation of the documents on file, then their statements about two others, in the order of COLUMNS.

    hidden: documents that the reader may not know of; a citation of one of them appears as of one not on record.
    """
    keys = {row.id: key for row, key in absent.citations(session, hidden)}
    for *row, subject, cited in chain(_own(session), _statements(session)):
        edge = dict(zip(COLUMNS, row, strict=True))
        if edge["stated_by"] in hidden or (edge["stated_by"] is None and edge["source"] in hidden):
            continue
        if subject in keys:
            edge |= {"source": None, "source_wanted": keys[subject]}
        if cited in keys:
            edge |= {"target": None, "status": "wanted", "wanted": keys[cited]}
        yield tuple(edge.values())


def _own(session: Session) -> Iterator[Row]:
    """Own citations of documents; two more columns: nothing, and the citation's ID."""
    rows = (
        select(
            Document.id, Document.number, null(), CitationRow.target_id, CitationRow.relation, CitationRow.number,
            CitationRow.date, CitationRow.printed, CitationRow.status, CitationRow.wanted_key, null(),
            null(), CitationRow.id,
        )
        .join(Document, Document.id == CitationRow.document_id)
        .where(Document.status.in_(LIVE), CitationRow.status != "removed")
        .order_by(CitationRow.id)
    )  # fmt: skip
    for row in session.execute(rows.execution_options(yield_per=1000)):
        yield tuple(row)


def _statements(session: Session) -> Iterator[Row]:
    """`A amends B` as a third document states it, with A on record or not; then the IDs of both citations."""
    subject, cited = aliased(CitationRow), aliased(CitationRow)
    rows = (
        select(
            subject.target_id, subject.number, subject.wanted_key, cited.target_id, StatementRow.relation,
            cited.number,
            cited.date, cited.printed, cited.status, cited.wanted_key, StatementRow.document_id,
            subject.id, cited.id,
        )
        .join(subject, subject.id == StatementRow.subject_id)
        .join(cited, cited.id == StatementRow.object_id)
        .join(Document, Document.id == StatementRow.document_id)
        .where(Document.status.in_(LIVE))
        .order_by(StatementRow.id)
    )  # fmt: skip
    for row in session.execute(rows.execution_options(yield_per=1000)):
        yield tuple(row)


def documents(session: Session) -> Iterator[Row]:
    """The documents on file, in the order of DOCUMENT_COLUMNS."""
    columns = (
        Document.id, Document.doc_type, Document.number, Document.symbol, Document.date, Document.issuer,
        Document.subject, Document.page_count, Document.signer, Document.place, Document.status, Document.name,
    )  # fmt: skip
    rows = select(*columns).where(Document.status.in_(LIVE)).order_by(Document.id)
    for row in session.execute(rows.execution_options(yield_per=1000)):
        yield tuple(row)


def graphml(
    session: Session, hidden: frozenset[int] = frozenset(), seen: ColumnElement[bool] = EVERYTHING
) -> Iterator[str]:
    """GraphML of documents and the citations between them, for Gephi; wanted documents are nodes too."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for kind, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key in keys:
            yield f'<key id="{key}" for="{kind}" attr.name="{key}" attr.type="string"/>\n'
    yield '<graph edgedefault="directed">\n'
    yield from _nodes(session, seen, hidden)
    for count, row in enumerate(edges(session, hidden)):
        edge = dict(zip(COLUMNS, row, strict=True))
        source, target = _end(edge["source"], edge["source_wanted"]), _end(edge["target"], edge["wanted"])
        if source is not None and target is not None:
            told = "".join(_data(key, edge[key]) for key in _EDGE_KEYS)
            yield f'<edge id="e{count}" source={_attribute(source)} target={_attribute(target)}>{told}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _end(held: object, wanted: object) -> str | None:
    """Node at an end of an edge; None while the document meant is ambiguous."""
    return f"d{held}" if held is not None else f"w:{wanted}" if wanted else None


def _nodes(session: Session, seen: ColumnElement[bool], hidden: frozenset[int]) -> Iterator[str]:
    unseen = {key: row for row, key in reversed(absent.citations(session, hidden))}
    held = (Document.id, Document.number, Document.date, Document.doc_type, Document.issuer, Document.subject)
    rows = select(*held).where(Document.status.in_(LIVE), seen).order_by(Document.id)
    for id_, *values in session.execute(rows.execution_options(yield_per=1000)):
        yield _node(f"d{id_}", (values[0] or f"#{id_}", *values[1:], "yes"))
    label = func.min(func.coalesce(CitationRow.number, CitationRow.title, CitationRow.printed))
    more = (func.min(CitationRow.date), func.min(CitationRow.doc_type), func.min(CitationRow.issuer))
    wanted = (
        select(CitationRow.wanted_key, label, *more)
        .join(Document, Document.id == CitationRow.document_id)
        .where(CitationRow.wanted_key.is_not(None), Document.status.in_(LIVE), seen)
        .group_by(CitationRow.wanted_key)
        .order_by(CitationRow.wanted_key)
    )
    for key, *told in session.execute(wanted.execution_options(yield_per=1000)):
        unseen.pop(key or "", None)
        yield _node(f"w:{key}", (*told, None, "no"))
    for key, row in sorted(unseen.items()):
        called = row.number or row.title or row.printed
        yield _node(f"w:{key}", (called, row.date, row.doc_type, row.issuer, None, "no"))


def _node(id_: str, values: Row) -> str:
    data = "".join(_data(key, value) for key, value in zip(_NODE_KEYS, values, strict=True))
    return f"<node id={_attribute(id_)}>{data}</node>\n"


def _data(key: str, value: object) -> str:
    return "" if value is None else f'<data key="{key}">{escape(_UNFIT.sub("", str(value)))}</data>'


def _attribute(text: str) -> str:
    return quoteattr(_UNFIT.sub("", text))
