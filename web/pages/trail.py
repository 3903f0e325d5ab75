"""Pages of the auditor: citations in both directions, wanted documents, ambiguous citations, the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.audit import trail_check
from corpus.citations.resolution import LIVE
from corpus.citations.surroundings import MOST_STEPS
from corpus.errors import Problem
from corpus.queries import audit_filter, audit_log, citations
from corpus.queries import conflict_list as all_conflicts
from corpus.queries.citation_graph import graph as graph_of
from corpus.queries.citation_tree import below
from corpus.queries.citation_tree import tree as tree_of
from web import access
from web.present import audit_words, trail_state
from web.present.catalogue import ACTIONS, APART, CITED_BY, CONFLICTS, RELATIONS
from web.present.whole_number import whole
from web.services import check_reports, conflict_files
from web.services import citations as by_hand
from web.services.trail import graph_file

pages = Blueprint("trail", __name__)

_PER_PAGE = 100
"""Rows of a page."""


@pages.get("/van-ban/<int:document_id>/vien-dan")
def cites(document_id: int) -> ResponseReturnValue:
    """The citations of a document, both ways, and the way up."""
    return _cites(document_id)


@pages.get("/van-ban/<int:document_id>/cay")
def tree(document_id: int) -> ResponseReturnValue:
    """Citation tree from the top directive down to a document and below it, with missing documents; made for
    print.
    """
    found = access.document(document_id)
    told = tree_of(access.store(), found, access.visible, access.seen())
    return render_template("trail/tree.html", found=found, tree=told, relations=RELATIONS, spans=APART)


@pages.get("/van-ban/<int:document_id>/so-do")
def surroundings(document_id: int) -> ResponseReturnValue:
    """Picture of a document's surroundings, next to the list with the same content."""
    found = access.document(document_id)
    depth = max(1, min(request.args.get("buoc", 2, type=whole), MOST_STEPS))
    graph = graph_of(access.store(), found, depth, access.visible, access.seen())
    return render_template(
        "trail/surroundings.html",
        found=found,
        graph=graph,
        deepest=MOST_STEPS,
        relations=RELATIONS,
        cited_by=CITED_BY,
    )


@pages.post("/van-ban/<int:document_id>/mau-thuan")
def settle_conflict(document_id: int) -> ResponseReturnValue:
    """Note the reason why a conflict may remain."""
    found = access.document(document_id)
    fingerprint, reason = request.form.get("fingerprint", ""), request.form.get("reason", "")
    records.settle_conflict(access.store(), found.id, fingerprint, reason, access.user().name)
    return _back(document_id)


@pages.post("/van-ban/<int:document_id>/mau-thuan/mo-lai")
def reopen_conflict(document_id: int) -> ResponseReturnValue:
    """Reopen a settled conflict."""
    found = access.document(document_id)
    records.reopen_conflict(access.store(), found.id, request.form.get("fingerprint", ""), access.user().name)
    return _back(document_id)


@pages.get("/mau-thuan")
def conflict_list() -> ResponseReturnValue:
    """All conflicts that the reader may see, by kind, year, issuer and whether somebody has looked into them."""
    asked = conflict_files.asked(request.args)
    before = request.args.get("truoc", type=whole)
    found = all_conflicts.page(access.store(), asked, access.visible, access.seen(), before)
    return render_template(
        "trail/conflicts.html", page=found, asked=asked, kinds=CONFLICTS, parts=conflict_files.parts(asked)
    )


@pages.get("/van-ban/<int:document_id>/bao-cao.<form>")
def report(document_id: int, form: str) -> Response:
    """One check of a document for a delegation: citations, conflicts, pictures of the evidence."""
    return check_reports.as_file(form, [document_id])


@pages.get("/vien-dan.<form>")
def export(form: str) -> Response:
    """The whole citation graph as a file: GraphML for Gephi, CSV, JSON Lines."""
    return graph_file(form)


@pages.get("/can-tim")
def wanted() -> ResponseReturnValue:
    """Wanted documents: cited, not on record."""
    rows = citations.wanted(access.store(), seen=access.seen(), hidden=access.hidden())
    return render_template("trail/wanted.html", rows=rows)


@pages.get("/chua-ro")
def open_citations() -> ResponseReturnValue:
    """Citations that may mean more than one document."""
    rows = citations.ambiguous(access.store(), access.visible)
    return render_template("trail/open.html", rows=rows, relations=RELATIONS)


@pages.post("/vien-dan/<int:citation_id>")
def settle(citation_id: int) -> ResponseReturnValue:
    """Decide which document a citation means: `target` by ID, `ref` by number; neither: one not on record."""
    revision, ref = request.form.get("revision", type=whole), request.form.get("ref", "").strip()
    if not ref:
        return _back(by_hand.settle(citation_id, request.form.get("target", type=whole), revision))
    try:
        return _back(by_hand.settle_as(citation_id, ref, revision))
    except Problem as problem:
        if problem.code not in ("not_found", "ambiguous", "bad_value"):
            raise
        found = by_hand.row_of(citation_id).document_id
        return _cites(found, problem=problem, chosen=citation_id, ref=ref), problem.fault.status


@pages.post("/vien-dan/<int:citation_id>/dung")
def confirm_citation(citation_id: int) -> ResponseReturnValue:
    """Notes that a doubtful citation was read right."""
    return _back(by_hand.confirm(citation_id, request.form.get("revision", type=whole)))


@pages.post("/vien-dan/<int:citation_id>/bo")
def remove_citation(citation_id: int) -> ResponseReturnValue:
    """Remove a false citation."""
    revision, reason = request.form.get("revision", type=whole), request.form.get("reason", "")
    return _back(by_hand.remove(citation_id, reason, revision))


@pages.post("/van-ban/<int:document_id>/vien-dan/them")
def add_citation(document_id: int) -> ResponseReturnValue:
    """Add a citation that the reading lacks; a refused one stays in the form."""
    found = access.document(document_id)
    page, target = (request.form.get(name, type=whole) for name in ("page", "target"))
    try:
        typed = by_hand.Typed.of(request.form, page, target)
        by_hand.add(found, typed, request.form.get("revision", type=whole))
    except Problem as problem:
        if problem.code not in ("not_found", "bad_value", "citation_exists"):
            raise
        return _cites(found.id, problem=problem, typed=request.form), problem.fault.status
    return _back(document_id)


@pages.post("/van-ban/<int:document_id>/vien-dan/hoan-tac/<int:row>")
def undo_citation(document_id: int, row: int) -> ResponseReturnValue:
    """Undo one change by hand to the citations."""
    found, revision = access.document(document_id), request.form.get("revision", type=whole)
    records.undo_citation(access.store(), found.id, row, access.user().name, revision)
    return _back(document_id)


@pages.get("/nhat-ky")
def audit_list() -> ResponseReturnValue:
    """Rows of the audit trail, newest first, and the check of the chain."""
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
        told=partial(audit_words.told, mask=mask, language=store.settings.lang),
        check=check,
        check_message=partial(trail_check.message, language=store.settings.lang),
        standing=list(trail_state.standing(check, store.settings.lang)) if check else [],
        head=trail_state.head_of(store),
        sealed_at=trail_state.sealed_at,
        advice=[trail_check.ADVICE[code][0 if store.settings.lang == "vi" else 1] for code in check.advice]
        if check
        else [],
    )


def _back(document_id: int) -> ResponseReturnValue:
    """To the page that the form was on: the citations, the desk, or the list of conflicts."""
    back = request.form.get("ve", "")
    if back == "ban-soat" and access.may("review.form"):
        return redirect(url_for("review.form", document_id=document_id), 303)
    if back == "mau-thuan":
        narrowed: dict[str, Any] = dict(conflict_files.parts(conflict_files.asked(request.form)))
        return redirect(url_for("trail.conflict_list", **narrowed), 303)
    return redirect(url_for("trail.cites", document_id=document_id), 303)


def _cites(
    document_id: int,
    *,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: int | None = None,
    ref: str = "",
) -> str:
    """The page of a document's citations; `chosen`: the one whose target is looked for, by `ref`."""
    store, lang = access.store(), access.store().settings.lang
    found = access.document(document_id)
    view = citations.cites(store, found, access.visible, access.seen())
    editable = access.may("trail.settle") and found.status in LIVE
    chosen = request.args.get("sua", type=whole) if chosen is None else chosen
    return render_template(
        "trail/cites.html",
        view=view,
        below=below(store, found, access.visible),
        relations=RELATIONS,
        found=found,
        editable=editable,
        edits=citations.edits(store, found.id, access.visible) if access.may("trail.settle") else [],
        actions=ACTIONS,
        problem=problem.message(lang) if problem else "",
        typed=typed or {},
        chosen=chosen,
        ref=ref or request.args.get("q", ""),
        targets=by_hand.targets(ref or request.args.get("q", "")) if editable and chosen else [],
        back=request.args.get("ve", request.form.get("ve", "")),
    )
