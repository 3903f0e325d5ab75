"""The trail: what a document cites and what cites it, what is wanted, what is unsettled, who did what."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.audit import trail_check
from corpus.citations.surroundings import MOST_STEPS
from corpus.queries import audit_filter, audit_log, citations
from corpus.queries.citation_graph import graph as graph_of
from corpus.queries.citation_tree import below
from corpus.queries.citation_tree import tree as tree_of
from web import access
from web.present import audit_words, trail_state
from web.present.catalogue import ACTIONS, APART, RELATIONS
from web.present.whole_number import whole
from web.services.trail import graph_file, settled

pages = Blueprint("trail", __name__)

_PER_PAGE = 100


@pages.get("/van-ban/<int:document_id>/vien-dan")
def cites(document_id: int) -> ResponseReturnValue:
    """The citations of a document, both ways, and the way up."""
    found = access.document(document_id)
    view = citations.cites(access.store(), found, access.visible, access.seen())
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
    return graph_file(form)


@pages.get("/can-tim")
def wanted() -> ResponseReturnValue:
    """Documents that are cited but not held."""
    rows = citations.wanted(access.store(), seen=access.seen(), hidden=access.hidden())
    return render_template("trail/wanted.html", rows=rows)


@pages.get("/chua-ro")
def open_citations() -> ResponseReturnValue:
    """Citations that may mean more than one document."""
    rows = citations.ambiguous(access.store(), access.visible)
    return render_template("trail/open.html", rows=rows, relations=RELATIONS)


@pages.post("/vien-dan/<int:citation_id>")
def settle(citation_id: int) -> ResponseReturnValue:
    """Fixes which document a citation means."""
    document_id = settled(citation_id, request.form.get("target", type=whole))
    return redirect(url_for("trail.cites", document_id=document_id), 303)


@pages.get("/nhat-ky")
def audit_list() -> ResponseReturnValue:
    """Who did what and when, newest first, and whether the chain holds."""
    page = max(1, request.args.get("page", 1, type=int))
    store = access.store()
    wanted = audit_filter.asked(store, request.args, access.hidden(), ACTIONS)
    found = audit_log.rows(store, wanted, _PER_PAGE + 1, (page - 1) * _PER_PAGE)
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
