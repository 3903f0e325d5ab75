"""The trail: what a document cites and what cites it, what is wanted, what is unsettled, who did what."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from corpus import audit, records
from corpus.errors import Problem
from corpus.models import AuditRow, CitationRow
from web import access, trail_views
from web.texts import ACTIONS, RELATIONS

pages = Blueprint("trail", __name__)

_PER_PAGE = 100


@pages.get("/van-ban/<int:document_id>/vien-dan")
def cites(document_id: int) -> ResponseReturnValue:
    """The citations of a document, both ways, and the way up."""
    view = trail_views.cites(access.store(), access.document(document_id), access.visible)
    return render_template("trail/cites.html", view=view, relations=RELATIONS, found=view.document)


@pages.get("/can-tim")
def wanted() -> ResponseReturnValue:
    """Documents that are cited but not held."""
    return render_template("trail/wanted.html", rows=trail_views.wanted(access.store()))


@pages.get("/can-tim.csv")
def wanted_csv() -> ResponseReturnValue:
    """The same list for a spreadsheet; a cell never begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Văn bản", "Loại", "Ngày", "Cơ quan", "Số văn bản viện dẫn"])
    for row in trail_views.wanted(access.store(), 10_000):
        writer.writerow([_cell(v) for v in (row.label, row.doc_type, row.date, row.issuer)] + [row.count])
    records.note(access.store(), access.user().name, "export", None, {"what": "wanted"})
    headers = {"Content-Disposition": "attachment; filename=can-tim.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


@pages.get("/chua-ro")
def open_citations() -> ResponseReturnValue:
    """Citations that may mean more than one document."""
    rows = trail_views.ambiguous(access.store(), access.visible)
    return render_template("trail/open.html", rows=rows, relations=RELATIONS)


@pages.post("/vien-dan/<int:citation_id>")
def settle(citation_id: int) -> ResponseReturnValue:
    """Fixes which document a citation means."""
    with access.store().db.reading() as session:
        row = session.get(CitationRow, citation_id)
    if row is None:
        raise Problem("not_found", what=citation_id)
    access.document(row.document_id)
    target = request.form.get("target", type=int)
    if target is not None:
        access.document(target)
    records.settle_citation(access.store(), citation_id, target, access.user().name)
    return redirect(url_for("trail.cites", document_id=row.document_id), 303)


@pages.get("/nhat-ky")
def audit_list() -> ResponseReturnValue:
    """Who did what and when, newest first, and whether the chain holds."""
    page = max(1, request.args.get("page", 1, type=int))
    wanted = {name: request.args.get(name, "").strip()[:100] for name in ("actor", "action", "document")}
    rows = select(AuditRow).order_by(AuditRow.id.desc())
    if wanted["actor"]:
        rows = rows.where(func.lower(AuditRow.actor) == wanted["actor"].lower())
    if wanted["action"]:
        rows = rows.where(AuditRow.action == wanted["action"])
    if wanted["document"].isdigit():
        rows = rows.where(AuditRow.document_id == int(wanted["document"][:15]))
    with access.store().db.reading() as session:
        found = list(session.scalars(rows.limit(_PER_PAGE + 1).offset((min(page, 10_000) - 1) * _PER_PAGE)))
        faults = audit.verify(session) if "verify" in request.args else None
    return render_template(
        "trail/audit.html",
        rows=found[:_PER_PAGE],
        more=len(found) > _PER_PAGE,
        page=page,
        wanted=wanted,
        actions=ACTIONS,
        faults=faults,
    )


def _cell(value: str | None) -> str:
    """Text that a spreadsheet will not run."""
    text = value or ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
