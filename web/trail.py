"""The trail: what a document cites and what cites it, what is wanted, what is unsettled, who did what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.audit import trail_check
from corpus.citations.surroundings import MOST_STEPS
from corpus.database.models import CitationRow
from corpus.errors import Problem
from web import access, audit_filter, audit_rows, audit_words, exports, tables, trail_state, trail_views
from web.surroundings import graph as graph_of
from web.texts import ACTIONS, APART, RELATIONS
from web.tree import below
from web.tree import tree as tree_of
from web.whole_number import whole

pages = Blueprint("trail", __name__)

_PER_PAGE = 100
FORMS = {"graphml": "application/graphml+xml", "csv": "text/csv", "jsonl": "application/jsonl"}


@pages.get("/van-ban/<int:document_id>/vien-dan")
def cites(document_id: int) -> ResponseReturnValue:
    """The citations of a document, both ways, and the way up."""
    found = access.document(document_id)
    view = trail_views.cites(access.store(), found, access.visible, access.seen())
    lines = below(access.store(), found, access.visible)
    return render_template("trail/cites.html", view=view, below=lines, relations=RELATIONS, found=found)


@pages.get("/van-ban/<int:document_id>/cay")
def tree(document_id: int) -> ResponseReturnValue:
    """From the top directive down to a document and on to all that carries it out, with what is missing; it prints."""
    found = access.document(document_id)
    told = tree_of(access.store(), found, access.visible, access.seen())
    return render_template("trail/tree.html", found=found, tree=told, relations=RELATIONS, spans=APART)


@pages.get("/van-ban/<int:document_id>/so-do")
def surroundings(document_id: int) -> ResponseReturnValue:
    """A picture of what stands around a document, beside the list that says the same."""
    found = access.document(document_id)
    depth = max(1, min(request.args.get("buoc", 2, type=whole), MOST_STEPS))
    graph = graph_of(access.store(), found, depth, access.visible, access.seen())
    return render_template(
        "trail/surroundings.html", found=found, graph=graph, deepest=MOST_STEPS, relations=RELATIONS
    )


@pages.post("/van-ban/<int:document_id>/mau-thuan")
def settle_conflict(document_id: int) -> ResponseReturnValue:
    """Notes why a conflict may stand."""
    found = access.document(document_id)
    fingerprint, reason = request.form.get("fingerprint", ""), request.form.get("reason", "")
    records.settle_conflict(access.store(), found.id, fingerprint, reason, access.user().name)
    return redirect(url_for("trail.cites", document_id=document_id), 303)


@pages.get("/vien-dan.<form>")
def export(form: str) -> Response:
    """The whole citation graph as a file: GraphML for Gephi, CSV, JSON Lines."""
    if form not in FORMS:
        raise Problem("not_found", what=request.path)
    store = access.store()
    hidden, seen = access.hidden(), access.seen()
    records.note(store, access.user().name, "export", None, {"what": "citations", "format": form})

    def pieces() -> Iterator[str]:
        with store.db.reading() as session:
            if form == "graphml":
                yield from exports.graphml(session, hidden, seen)
            elif form == "csv":
                yield from tables.csv_lines(exports.COLUMNS, exports.edges(session, hidden))
            else:
                yield from tables.json_lines(exports.COLUMNS, exports.edges(session, hidden))

    headers = {
        "Content-Disposition": f"attachment; filename=vien-dan.{form}",
        trail_state.HEADER: trail_state.head_of(store).text,
    }
    return Response(pieces(), mimetype=FORMS[form], headers=headers)


@pages.get("/can-tim")
def wanted() -> ResponseReturnValue:
    """Documents that are cited but not held."""
    rows = trail_views.wanted(access.store(), seen=access.seen(), hidden=access.hidden())
    return render_template("trail/wanted.html", rows=rows)


@pages.get("/chua-ro")
def open_citations() -> ResponseReturnValue:
    """Citations that may mean more than one document."""
    rows = trail_views.ambiguous(access.store(), access.visible)
    return render_template("trail/open.html", rows=rows, relations=RELATIONS)


@pages.post("/vien-dan/<int:citation_id>")
def settle(citation_id: int) -> ResponseReturnValue:
    """Fixes which document a citation means."""
    document_id = settled(citation_id, request.form.get("target", type=whole))
    return redirect(url_for("trail.cites", document_id=document_id), 303)


def settled(citation_id: int, target: int | None) -> int:
    """Fixes which document a citation means, None: one that is not held; gives the document that cites."""
    with access.store().db.reading() as session:
        row = session.get(CitationRow, citation_id)
    if row is None or row.document_id in access.hidden():
        raise Problem("not_found", what=citation_id)
    access.document(row.document_id)
    if target is not None:
        access.document(target)
    records.settle_citation(access.store(), citation_id, target, access.user().name)
    return row.document_id


@pages.get("/nhat-ky")
def audit_list() -> ResponseReturnValue:
    """Who did what and when, newest first, and whether the chain holds."""
    page = max(1, request.args.get("page", 1, type=int))
    store = access.store()
    wanted = audit_filter.asked(store, request.args, access.hidden())
    found = audit_rows.rows(store, wanted, _PER_PAGE + 1, (page - 1) * _PER_PAGE)
    mask = audit_words.mask_of(store, access.hidden())
    verify = "verify" in request.args
    check = trail_state.checked(store, trail_state.heads(request.args.get("against", ""))) if verify else None
    return render_template(
        "trail/audit.html",
        rows=found[:_PER_PAGE],
        more=len(found) > _PER_PAGE,
        page=page,
        wanted=wanted.typed,
        not_understood=wanted.not_understood,
        actions=ACTIONS,
        told=partial(audit_words.told, mask=mask),
        check=check,
        check_message=partial(trail_check.message, language=store.settings.lang),
        standing=list(trail_state.standing(check, store.settings.lang)) if check else [],
        head=trail_state.head_of(store),
        sealed_at=trail_state.sealed_at,
        advice=[trail_check.ADVICE[code][0 if store.settings.lang == "vi" else 1] for code in check.advice]
        if check
        else [],
    )
