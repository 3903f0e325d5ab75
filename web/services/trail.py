"""The citation graph as a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request

from corpus import records
from corpus.errors import Problem
from web import access
from web.formats import citation_export, tables
from web.present import trail_state

FORMS = {"graphml": "application/graphml+xml", "csv": "text/csv", "jsonl": "application/jsonl"}


def graph_file(form: str) -> Response:
    """The whole citation graph as a file: GraphML for Gephi, CSV, JSON Lines.

    Raises Problem("not_found") for another form.
    """
    if form not in FORMS:
        raise Problem("not_found", what=request.path)
    store = access.store()
    hidden, seen = access.hidden(), access.seen()
    records.note(store, access.user().name, "export", None, {"what": "citations", "format": form})

    def pieces() -> Iterator[str]:
        with store.db.reading() as session:
            if form == "graphml":
                yield from citation_export.graphml(session, hidden, seen)
            elif form == "csv":
                yield from tables.csv_lines(citation_export.COLUMNS, citation_export.edges(session, hidden))
            else:
                yield from tables.json_lines(citation_export.COLUMNS, citation_export.edges(session, hidden))

    headers = {
        "Content-Disposition": f"attachment; filename=vien-dan.{form}",
        trail_state.HEADER: trail_state.head_of(store).text,
    }
    return Response(pieces(), mimetype=FORMS[form], headers=headers)
