"""API of downloads: lists as files, pictures of pages, similar documents."""

from __future__ import annotations

from typing import Any, Literal

from flask import jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from search.results.similar import similar as alike
from web import access
from web.api.audit_shapes import AuditQuery
from web.api.conflict_shapes import ConflictQuery
from web.api.documents import DocumentPath, SearchQuery
from web.api.shapes import PROBLEMS, SECURITY, Alike, of_kind
from web.formats import check_report, tables
from web.services import check_reports, conflict_files, documents, page_images, trail
from web.services import downloads as services_downloads

calls = APIBlueprint("api_lists", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class TablePath(BaseModel):
    """The form of a list."""

    form: Literal["csv", "xlsx"]


class HistoryPath(DocumentPath):
    """The history of a document, and its form."""

    form: Literal["csv", "xlsx"]


class GraphPath(BaseModel):
    """The form of the graph."""

    form: Literal["graphml", "csv", "jsonl"]


class Few(BaseModel):
    """A small number of results."""

    limit: int = Field(10, ge=1, le=50)


class PagePath(DocumentPath):
    """A page of a document."""

    page: int = Field(ge=1, le=100_000)


class Width(BaseModel):
    """Width of a picture, in pixels."""

    w: int = Field(1240, ge=1, le=10_000, json_schema_extra={"enum": list(page_images.WIDTHS)})


@calls.get("/api/search.<form>", responses={200: of_kind(*tables.FORMS.values())})
def results(path: TablePath, query: SearchQuery) -> Any:
    """All results of a search, for a spreadsheet; `limit` and `offset` have no effect."""
    return services_downloads.found(path.form, query.asked())


@calls.get("/api/wanted.<form>", responses={200: of_kind(*tables.FORMS.values())})
def wanted(path: TablePath) -> Any:
    """Wanted documents (cited, not on record), for a spreadsheet."""
    return services_downloads.not_held(path.form)


class ReportPath(DocumentPath):
    """The report of a document, and its form."""

    form: Literal["docx", "csv", "xlsx"]


@calls.get("/api/conflicts.<form>", responses={200: of_kind(*tables.FORMS.values())})
def conflicts(path: TablePath, query: ConflictQuery) -> Any:
    """All conflicts, for a spreadsheet; `before` and `limit` say nothing here."""
    return conflict_files.as_file(path.form, conflict_files.asked(query.parts()))


@calls.get(
    "/api/documents/<int:document_id>/report.<form>", responses={200: of_kind(*check_report.FORMS.values())}
)
def report(path: ReportPath) -> Any:
    """One check of a document for a delegation: citations, conflicts, pictures of the evidence (DOCX)."""
    return check_reports.as_file(path.form, [path.document_id])


@calls.get("/api/audit.<form>", responses={200: of_kind(*tables.FORMS.values())})
def audit(path: TablePath, query: AuditQuery) -> Any:
    """The audit trail, newest first, for a spreadsheet; `limit`, `offset` and `verify` have no effect."""
    return services_downloads.deeds(path.form, query.parts())


@calls.get("/api/documents/<int:document_id>/history.<form>", responses={200: of_kind(*tables.FORMS.values())})
def history(path: HistoryPath) -> Any:
    """The changes to a record, old and new values, for a spreadsheet."""
    return services_downloads.changes(path.form, path.document_id)


@calls.get("/api/citations.<form>", responses={200: of_kind(*trail.FORMS.values())})
def citations(path: GraphPath) -> Any:
    """The whole citation graph."""
    return trail.graph_file(path.form)


@calls.get("/api/documents/<int:document_id>/similar", responses={200: Alike})
def similar(path: DocumentPath, query: Few) -> Any:
    """Documents similar to one document, the most similar first."""
    found = access.document(path.document_id)
    hits = alike(access.store(), found.id, limit=query.limit, viewer=access.viewer())
    return jsonify({"hits": [one.to_json() for one in hits]})


@calls.get("/api/documents/<int:document_id>/pages/<int:page>.png", responses={200: of_kind("image/png")})
def page_image(path: PagePath, query: Width) -> Any:
    """The picture of a page as it was read: cut out, upright, level; boxes are fractions of it."""
    return documents.picture_of(path.document_id, path.page, query.w)
