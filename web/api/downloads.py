"""The programs' side of what is taken away: lists as files, pictures of pages, documents like one document."""

from __future__ import annotations

from typing import Any, Literal

from flask import jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from search.results.similar import similar as alike
from web import access
from web.api.audit_shapes import AuditQuery
from web.api.documents import DocumentPath, SearchQuery
from web.api.shapes import PROBLEMS, SECURITY, Alike, of_kind
from web.formats import tables
from web.services import documents, page_images, trail
from web.services import downloads as services_downloads

calls = APIBlueprint("api_lists", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class TablePath(BaseModel):
    """The form of a list."""

    form: Literal["csv", "xlsx"]


class HistoryPath(DocumentPath):
    """Which document's history in which form."""

    form: Literal["csv", "xlsx"]


class GraphPath(BaseModel):
    """The form of the graph."""

    form: Literal["graphml", "csv", "jsonl"]


class Few(BaseModel):
    """How many."""

    limit: int = Field(10, ge=1, le=50)


class PagePath(DocumentPath):
    """Which page of which document."""

    page: int = Field(ge=1, le=100_000)


class Width(BaseModel):
    """How wide a picture is, in pixels."""

    w: int = Field(1240, ge=1, le=10_000, json_schema_extra={"enum": list(page_images.WIDTHS)})


@calls.get("/api/search.<form>", responses={200: of_kind(*tables.FORMS.values())})
def results(path: TablePath, query: SearchQuery) -> Any:
    """All that a search finds, for a spreadsheet; `limit` and `offset` say nothing here."""
    return services_downloads.found(path.form, query.asked())


@calls.get("/api/wanted.<form>", responses={200: of_kind(*tables.FORMS.values())})
def wanted(path: TablePath) -> Any:
    """Documents that are cited but not held, for a spreadsheet."""
    return services_downloads.not_held(path.form)


@calls.get("/api/audit.<form>", responses={200: of_kind(*tables.FORMS.values())})
def audit(path: TablePath, query: AuditQuery) -> Any:
    """Who did what and when, newest first, for a spreadsheet; `limit`, `offset` and `verify` say nothing here."""
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
    """Documents like one document, the likest first."""
    found = access.document(path.document_id)
    hits = alike(access.store(), found.id, limit=query.limit, viewer=access.viewer())
    return jsonify({"hits": [one.to_json() for one in hits]})


@calls.get("/api/documents/<int:document_id>/pages/<int:page>.png", responses={200: of_kind("image/png")})
def page_image(path: PagePath, query: Width) -> Any:
    """The picture of a page, turned as it was read."""
    return documents.picture_of(path.document_id, path.page, query.w)
