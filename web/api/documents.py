"""API of documents: the contract's JSON under /api, its OpenAPI description, and the state of the service."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import flask_openapi_swagger
from flask import current_app, jsonify, render_template, send_file
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.file import FileStorage
from pydantic import BaseModel, Field

from corpus.citations.effect import effect_of
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.numbering.typed_days import today
from corpus.queries import cataloguing, citations
from corpus.queries import documents as held
from search.engines.base import Sort
from search.index import indexer
from search.results import finder
from web import access
from web.api.shapes import (
    PROBLEMS,
    SECURITY,
    CitesShape,
    EffectShape,
    ReadingShape,
    Record,
    Records,
    ResultsShape,
    Standing,
    Status,
    Suggestions,
    Together,
    WantedList,
    WholeRecord,
    answer,
    of_kind,
    or_problem,
)
from web.formats import citation_json
from web.present import validation_words
from web.present.search_address import FACETS, SearchRequest
from web.services import documents, edxml_files, searches, uploads

calls = APIBlueprint("api", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)
OPEN: list[dict[str, list[str]]] = [{}]
"""Security of a call that needs no sign-in."""

_LIMIT = Field(20, ge=0, le=200)
_OFFSET = Field(0, ge=0, le=100_000)


class DocumentPath(BaseModel):
    """A document by its ID."""

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
    tag: str = Field("", max_length=50, description="Narrows to one tag.")

    def asked(self) -> SearchRequest:
        """The search in the form of the pages."""
        filters = {name: value for name in FACETS if (value := getattr(self, name))}
        return SearchRequest(self.q, filters, self.sort, 1)


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
    """The text typed so far."""

    q: str = Field("", max_length=200)


@calls.get("/healthz", security=OPEN, responses={200: Standing})
def healthz() -> Any:
    """The service is up."""
    return jsonify({"status": "ok"})


@calls.get("/readyz", security=OPEN, responses={200: Standing, 503: or_problem(Standing)})
def readyz() -> Any:
    """Store and index are usable; a search cluster that is away is named in `status`, and no reason for 503."""
    store = access.store()
    store.db.ping()
    state = indexer.state(store)
    if state.fault:
        # Pages, records and uploads go on without the cluster; with 503 the front would drop all machines at once.
        return jsonify({"status": state.fault})
    ready = state.usable or not state.stale
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
    """The viewer's own files, from its package."""
    folder = Path(flask_openapi_swagger.__file__).parent / "templates" / "swagger"
    if path.file not in _DOCS_FILES:
        raise Problem("not_found", what=path.file)
    return send_file(folder / path.file, max_age=86_400)


class Upload(BaseModel):
    """Files, or ZIPs of files; the groups that may see them; sheets at which a file is taken apart."""

    file: list[FileStorage]
    group: list[str] = Field(default_factory=list, max_length=100)
    joined: bool = Field(False, description="The files are photos of the pages of one paper: one PDF is made.")
    turn: list[int] = Field(
        default_factory=list, max_length=100, description="Degrees clockwise for each photo: 0, 90, 180, 270."
    )
    name: str = Field("", max_length=200, description="Name of the joined file.")
    separator: Literal["", "blank", "code"] = ""


class OutcomeShape(BaseModel):
    """Outcome of one file."""

    name: str
    status: str
    document: int | None
    code: str | None
    message: str | None
    url: str | None
    note: str | None = Field(description="That it had been withdrawn, when, by whom and why.")


class Outcomes(BaseModel):
    """Outcomes of all files, members of ZIPs by themselves."""

    files: list[OutcomeShape]


@calls.post("/api/documents", responses={202: Outcomes, 422: or_problem(Outcomes)})
def upload(form: Upload) -> Any:
    """Take files (multipart field `file`, repeated); one outcome a file."""
    told = uploads.take_all()
    return jsonify({"files": told}), 422 if all(one["status"] == "refused" for one in told) else 202


@calls.get("/api/documents", responses={200: Records})
def list_documents(query: ListQuery) -> Any:
    """Documents, newest arrival first."""
    shown = held.READABLE if access.user().role in access.READERS else None
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
    both = held.company(access.store(), found.id, access.seen())
    covers, enclosed = (
        [Together(id=one.id, name=name, status=one.status) for one, name in ones]
        for ones in (both.covers, both.enclosed)
    )
    return answer(
        WholeRecord(
            **values,
            fields=found.fields,
            questions=found.questions or [],
            effect=told,
            tags=[one.name for one in cataloguing.tags_of(access.store(), [found.id]).get(found.id, ())],
            own=cataloguing.values_of(access.store(), [found.id]).get(found.id, {}),
            covers=covers,
            enclosed=enclosed,
        )
    )


@calls.get("/api/documents/<int:document_id>/original", responses={200: of_kind("*/*")})
def original(path: DocumentPath) -> Any:
    """The original file."""
    return documents.original_file(path.document_id)


class StateQuery(BaseModel):
    """The state that a message is about."""

    status: str | None = Field(
        None, pattern="^[0-9]{2}$", description="01 to 16: a message on the document's state."
    )


@calls.get("/api/documents/<int:document_id>/edxml", responses={200: of_kind("application/edxml+xml")})
def edxml(path: DocumentPath, query: StateQuery) -> Any:
    """The record with its file as an edXML message (QCVN 102:2016/BTTTT), or a message on its state here."""
    return edxml_files.download(path.document_id, query.status)


@calls.get("/api/documents/<int:document_id>/searchable.pdf", responses={200: of_kind("application/pdf")})
def searchable(path: DocumentPath) -> Any:
    """The scan as a PDF with text that can be searched and copied; `not_found` for a file with its own text."""
    return documents.searchable_copy(path.document_id)


@calls.get("/api/documents/<int:document_id>/reading", responses={200: ReadingShape})
def reading(path: DocumentPath) -> Any:
    """The machine's reading of a document, in the contract's shape."""
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
    cited = (
        "printed",
        "doc_type",
        "number",
        "date",
        "issuer",
        "provision",
        "relation",
        "page",
        "boxes",
        "confidence",
        "review",
    )
    return jsonify(
        {
            "source": source,
            "pages": [{name: getattr(page, name) for name in kept} for page in pages],
            "fields": machine.get("fields"),
            "citations": [{name: getattr(row, name) for name in cited} for row in rows if row.added_by is None],
            "signatures": found.signatures or [],
            "warnings": machine.get("warnings", []),
        }
    )


@calls.get("/api/search", responses={200: ResultsShape})
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


@calls.get("/api/cites", responses={200: CitesShape})
def cites(query: CitesQuery) -> Any:
    """The contract's citations of a document."""
    view = citations.cites(access.store(), _document_of(query.ref), access.visible, access.seen(), most_in=None)
    return jsonify(citation_json.cites(view, record))


@calls.get("/api/wanted", responses={200: WantedList})
def wanted(query: Window) -> Any:
    """Wanted documents: cited, not on record."""
    rows = citations.wanted(access.store(), query.offset + query.limit, access.seen(), access.hidden())
    return jsonify(citation_json.wanted(rows[query.offset :]))


@calls.get("/api/suggest", responses={200: Suggestions})
def suggest(query: SuggestQuery) -> Any:
    """Completions of the typed text."""
    return answer(Suggestions(suggestions=documents.suggestions(query.q)))


def record(found: StoredDocument) -> dict[str, Any]:
    """A document in the shape of a hit, with its status."""
    return Record.of(found).model_dump(mode="json")


def invalid(error: Any) -> Any:
    """Turn invalid parameters into Problem("bad_request"); raises it."""
    first = error.errors()[0]
    why = validation_words.words(first, access.store().settings.lang)
    raise Problem("bad_request", why=f"{'.'.join(map(str, first['loc']))}: {why}")


def _document_of(ref: str) -> StoredDocument:
    """The one document of a number or ID; raises Problem("not_found"), Problem("ambiguous")."""
    seen = [row for row in held.named(access.store(), ref) if access.visible(row)]
    if not seen:
        raise Problem("not_found", what=ref)
    if len(seen) > 1:
        raise Problem("ambiguous", what=ref, candidates=", ".join(str(row.id) for row in seen))
    return access.document(seen[0].id)
