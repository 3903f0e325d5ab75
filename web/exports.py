"""The citation graph for other programs: GraphML, CSV and JSON Lines; cells that a spreadsheet would run are made text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.graph import LIVE
from corpus.models import CitationRow, Document

COLUMNS = ("source", "target", "relation", "number", "date", "printed", "status", "wanted")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOCUMENT_KEYS = ("number", "date", "doc_type", "issuer", "subject")


def neutral(value: object) -> str:
    """A cell as text: what begins with `=`, `+`, `-`, `@`, tab or line break gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def csv_lines(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """CSV line by line, with the mark that spreadsheets know UTF-8 by."""
    yield "\ufeff"
    for row in chain([columns], rows):
        line = io.StringIO()
        csv.writer(line).writerow([neutral(cell) for cell in row])
        yield line.getvalue()


def edges(session: Session) -> Iterator[tuple[object, ...]]:
    """Every citation of the documents on file, in the order of COLUMNS."""
    rows = (
        select(CitationRow)
        .join(Document, Document.id == CitationRow.document_id)
        .where(Document.status.in_(LIVE))
        .order_by(CitationRow.id)
    )
    for row in session.scalars(rows.execution_options(yield_per=1000)):
        yield (
            row.document_id, row.target_id, row.relation, row.number, row.date, row.printed, row.status, row.wanted_key
        )  # fmt: skip


def json_lines(session: Session) -> Iterator[str]:
    """One JSON object per citation."""
    for row in edges(session):
        yield json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n"


def graphml(session: Session) -> Iterator[str]:
    """The documents on file and the citations between them, as Gephi opens it."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for key in _DOCUMENT_KEYS:
        yield f'<key id="{key}" for="node" attr.name="{key}" attr.type="string"/>\n'
    yield '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>\n<graph edgedefault="directed">\n'
    held = select(Document).where(Document.status.in_(LIVE)).order_by(Document.id)
    for one in session.scalars(held.execution_options(yield_per=1000)):
        data = "".join(_data(key, getattr(one, key)) for key in _DOCUMENT_KEYS)
        yield f"<node id={quoteattr(f'd{one.id}')}>{data}</node>\n"
    for source, target, relation, *_ in edges(session):
        if target is not None:
            yield f'<edge source="d{source}" target="d{target}">{_data("relation", relation)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(key: str, value: object) -> str:
    return "" if value is None else f'<data key="{key}">{escape(_UNFIT.sub("", str(value)))}</data>'
