"""The programs' side: the contract's JSON under /api, its OpenAPI description, and whether the service is well."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import current_app, jsonify, render_template, send_file
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.file import FileStorage
from pydantic import BaseModel, Field

from corpus.citations.effect import effect_of
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.numbering.typed_days import today
from corpus.queries import citations
from corpus.queries import documents as held
from search.engines.base import Sort
from search.index import indexer
from search.results import finder
from web import access
from web.api.shapes import (
    PROBLEMS,
    SECURITY,
    Cites,
    EffectShape,
    Found,
    ReadingShape,
    Record,
    Records,
    Standing,
    Status,
    Suggestions,
    WantedList,
    WholeRecord,
    answer,
    of_kind,
    or_problem,
)
from web.formats import citation_json
from web.present.search_address import FACETS, Asked
from web.services import documents, searches, uploads

calls = APIBlueprint("api", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)
OPEN: list[dict[str, list[str]]] = [{}]
"""A call that needs nobody signed in."""

_LIMIT = Field(20, ge=0, le=200)
_OFFSET = Field(0, ge=0, le=100_000)


class DocumentPath(BaseModel):
    """Which document."""

    document_id: int = Field(ge=1, le=2**53)


_DOCS_FILES = frozenset({"css/swagger-ui.css", "js/swagger-ui-bundle.js"})


class DocsPath(BaseModel):
    """A file of the viewer."""

    file: str = Field(max_length=100)


class SearchQuery(BaseModel):
    """A search: the query language of the search box."""

    q: str = Field("", max_length=1000)
    limit: int = _LIMIT
    offset: int = _OFFSET
    sort: Sort = "relevance"
    doc_type: str = Field("", max_length=300, description="Narrows to one type, as `facets` name it.")
    issuer: str = Field("", max_length=300, description="Narrows to one issuer.")
    year: str = Field("", max_length=10, description="Narrows to one year.")

    def asked(self) -> Asked:
        """The search as the pages know it."""
        filters = {name: value for name in FACETS if (value := getattr(self, name))}
        return Asked(self.q, filters, self.sort, 1)


class Window(BaseModel):
    """A stretch of a list."""

    limit: int = _LIMIT
    offset: int = _OFFSET


class ListQuery(Window):
    """A stretch of the list of documents."""

    status: Status | None = None


class CitesQuery(BaseModel):
    """A document by its number in any spelling, or by its ID."""

    ref: str = Field(min_length=1, max_length=200)


class SuggestQuery(BaseModel):
    """What was typed so far."""

    q: str = Field("", max_length=200)


@calls.get("/healthz", security=OPEN, responses={200: Standing})
def healthz() -> Any:
    """Up."""
    return jsonify({"status": "ok"})


@calls.get("/readyz", security=OPEN, responses={200: Standing, 503: or_problem(Standing)})
def readyz() -> Any:
    """Store and index usable."""
    store = access.store()
    store.db.ping()
    state = indexer.state(store)
    ready = state.usable or state.count == 0
    return jsonify({"status": "ok" if ready else "index_unusable"}), 200 if ready else 503


@calls.get("/api/openapi.json", security=OPEN, responses={200: {"content": {"application/json": {}}}})
def openapi() -> Any:
    """This description."""
    return jsonify(current_app.api_doc)  # type: ignore[attr-defined]


@calls.get("/api/docs", responses={200: of_kind("text/html")})
def docs() -> Any:
    """This description as a page to try it on."""
    return render_template("api.html")


@calls.get("/api/docs/<path:file>", responses={200: of_kind("text/css", "text/javascript")})
def docs_file(path: DocsPath) -> Any:
    """The viewer's own files, as its package ships them."""
    import flask_openapi3_swagger

    folder = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
    if path.file not in _DOCS_FILES:
        raise Problem("not_found", what=path.file)
    return send_file(folder / path.file, max_age=86_400)


class Upload(BaseModel):
    """Files, or ZIPs of files; the groups that alone may see them."""

    file: list[FileStorage]
    group: list[str] = Field(default_factory=list, max_length=100)


class Outcome(BaseModel):
    """What became of one file."""

    name: str
    status: str
    document: int | None
    code: str | None
    message: str | None
    url: str | None
    note: str | None = Field(description="That it had been withdrawn, when, by whom and why.")


class Outcomes(BaseModel):
    """What became of each file, members of ZIPs by themselves."""

    files: list[Outcome]


@calls.post("/api/documents", responses={202: Outcomes, 422: or_problem(Outcomes)})
def upload(form: Upload) -> Any:
    """Takes files (multipart field `file`, repeated); one outcome per file."""
    told = uploads.take_all()
    return jsonify({"files": told}), 422 if all(one["status"] == "refused" for one in told) else 202


@calls.get("/api/documents", responses={200: Records})
def list_documents(query: ListQuery) -> Any:
    """Documents, newest arrival first."""
    shown = held.READABLE if access.user().role == "reader" else None
    wanted = held.Listing(access.seen(), shown, query.status)
    found = held.listed(access.store(), wanted, query.limit, query.offset)
    return answer(Records(documents=[Record.of(one) for one in found]))


@calls.get("/api/documents/<int:document_id>", responses={200: WholeRecord})
def document(path: DocumentPath) -> Any:
    """A document's record."""
    found = access.document(path.document_id)
    values = Record.of(found).model_dump()
    with access.store().db.reading() as session:
        effect = effect_of(session, found, today(), access.seen())
    told = EffectShape(**(asdict(effect) | {"by": list(effect.by)})) if effect else None
    return answer(WholeRecord(**values, fields=found.fields, questions=found.questions or [], effect=told))


@calls.get("/api/documents/<int:document_id>/original", responses={200: of_kind("*/*")})
def original(path: DocumentPath) -> Any:
    """The file as it came in."""
    return documents.original_file(path.document_id)


@calls.get("/api/documents/<int:document_id>/searchable.pdf", responses={200: of_kind("application/pdf")})
def searchable(path: DocumentPath) -> Any:
    """The scan as a PDF whose text can be searched and copied; `not_found` for what came with its text."""
    return documents.searchable_copy(path.document_id)


@calls.get("/api/documents/<int:document_id>/reading", responses={200: ReadingShape})
def reading(path: DocumentPath) -> Any:
    """What was read on it, in the contract's shape."""
    found = access.content(path.document_id)
    pages, rows = held.pages(access.store(), found.id), held.citation_rows(access.store(), found.id)
    machine = found.machine or {}
    source = {
        "name": found.name,
        "sha256": found.sha256,
        "media_type": found.media_type,
        "pages": found.page_count,
    }
    kept = ("number", "origin", "rotation", "confidence", "text")
    cited = ("printed", "doc_type", "number", "date", "issuer", "provision", "relation", "page", "boxes")
    return jsonify(
        {
            "source": source,
            "pages": [{name: getattr(page, name) for name in kept} for page in pages],
            "fields": machine.get("fields"),
            "citations": [{name: getattr(row, name) for name in cited} for row in rows],
            "signatures": found.signatures or [],
            "warnings": machine.get("warnings", []),
        }
    )


@calls.get("/api/search", responses={200: Found})
def search(query: SearchQuery) -> Any:
    """The contract's search result."""
    found = finder.find(
        access.store(),
        query.q,
        limit=query.limit,
        offset=query.offset,
        sort=query.sort,
        viewer=access.viewer(),
        filters=query.asked().filters,
    )
    searches.note(query.q, found, query.offset, query.asked().filters)
    return jsonify(found.to_json())


@calls.get("/api/cites", responses={200: Cites})
def cites(query: CitesQuery) -> Any:
    """The contract's citations of a document."""
    view = citations.cites(access.store(), _named(query.ref), access.visible, access.seen(), most_in=None)
    return jsonify(citation_json.cites(view, record))


@calls.get("/api/wanted", responses={200: WantedList})
def wanted(query: Window) -> Any:
    """Documents that are cited but not held."""
    rows = citations.wanted(access.store(), query.offset + query.limit, access.seen(), access.hidden())
    return jsonify(citation_json.wanted(rows[query.offset :]))


@calls.get("/api/suggest", responses={200: Suggestions})
def suggest(query: SuggestQuery) -> Any:
    """Completions of what was typed."""
    return answer(Suggestions(suggestions=documents.suggestions(query.q)))


def record(found: Document) -> dict[str, Any]:
    """A document in a hit's shape, with its status."""
    return Record.of(found).model_dump(mode="json")


def invalid(error: Any) -> Any:
    """A call whose parameters make no sense, as a Problem of the catalogue."""
    first = error.errors()[0]
    raise Problem("bad_request", why=f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _named(ref: str) -> Document:
    """The one document that a number or ID means; raises Problem("not_found"), Problem("ambiguous")."""
    seen = [row for row in held.named(access.store(), ref) if access.visible(row)]
    if not seen:
        raise Problem("not_found", what=ref)
    if len(seen) > 1:
        raise Problem("ambiguous", what=ref, candidates=", ".join(str(row.id) for row in seen))
    return access.document(seen[0].id)
