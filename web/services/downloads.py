"""Tables to download: results of a search, wanted documents, rows of the audit trail, changes to one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response

from corpus import records
from corpus.errors import Problem
from corpus.queries import audit_filter, cataloguing, citations
from search.results import all_rows
from web import access
from web.access import reading_notes
from web.formats import tables
from web.present import audit as audit_rows
from web.present import audit_words, history_rows, trail_state
from web.present.catalogue import ACTIONS, translator
from web.present.search_address import SearchRequest

_WANTED = ("Văn bản", "Loại", "Ngày", "Cơ quan", "Số văn bản viện dẫn")
_MOST_WANTED = 10_000
"""Rows of a file of wanted documents."""


def not_held(form: str) -> Response:
    """Wanted documents (cited, not on record) as a file, most cited first."""
    rows = citations.wanted(access.store(), _MOST_WANTED, access.seen(), access.hidden())
    lines = ((row.full, row.doc_type, row.date, row.issuer, row.count) for row in rows)
    return as_file(form, "can-tim", _WANTED, lines, {"what": "wanted"})


def deeds(form: str, parts: Mapping[str, str]) -> Response:
    """Rows of the trail as a file; raises Problem("bad_request") for a filter that isn't understood."""
    wanted = understood(parts)
    rows = audit_rows.listed(access.store(), wanted, audit_words.mask_of(access.store(), access.hidden()))
    return as_file(form, "nhat-ky", audit_rows.COLUMNS, rows, {"what": "audit", "q": wanted.words})


def changes(form: str, document_id: int) -> Response:
    """Changes to one record as a file, old and new values, newest first."""
    found = access.document(document_id)
    rows = history_rows.listed(access.store(), found.id)
    what = {"what": "history", "ref": str(found.id)}
    return as_file(form, f"lich-su-{found.id}", history_rows.COLUMNS, rows, what, found.id)


def understood(parts: Mapping[str, str]) -> audit_filter.AuditFilter:
    """Filter of the trail from parts of an address;
    raises Problem("bad_request") for one that isn't understood.
    """
    wanted = audit_filter.asked(access.store(), parts, access.hidden(), ACTIONS)
    if wanted.not_understood:
        raise Problem("bad_request", why=f"không hiểu «{', '.join(wanted.not_understood)}»")
    return wanted


def found(form: str, search: SearchRequest) -> Response:
    """Results of a search as a file."""
    rows = list(
        all_rows.rows(
            access.store(), search.query, sort=search.sort, viewer=access.viewer(), filters=search.filters
        )
    )
    ids = [row[0] for row in rows if isinstance(row[0], int)]
    told = {"what": "results", "q": search.query} | reading_notes.reach(access.store(), ids, access.belongs())
    more, cells = cataloguing.exported(access.store(), ids)
    lines = [(*row, *cells[row[0]]) for row in rows if isinstance(row[0], int)]
    return as_file(form, "ket-qua", (*all_rows.COLUMNS, *more), lines, told)


def as_file(
    form: str,
    name: str,
    columns: tables.Columns,
    rows: Iterable[tables.Row],
    told: Mapping[str, object],
    document_id: int | None = None,
) -> Response:
    """Build a file of a table and note the export in the trail, whose head goes with it in a header.

    Raises Problem("not_found") for an unknown form.
    """
    if form not in tables.FORMS:
        raise Problem("not_found", what=form[:20])
    heads = tuple(map(translator(access.store().settings.lang), columns))
    body = tables.whole(form, name, heads, rows)
    records.note(access.store(), access.user().name, "export", document_id, dict(told))
    headers = {
        "Content-Disposition": f"attachment; filename={name}.{form}",
        trail_state.HEADER: trail_state.head_of(access.store()).text,
    }
    return Response(body, mimetype=tables.FORMS[form], headers=headers)
