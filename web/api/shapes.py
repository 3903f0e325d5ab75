"""What the API answers with, as models: its description is made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from flask import Response, jsonify
from flask_openapi3.models.security_scheme import SecurityScheme
from pydantic import BaseModel, Field, PlainSerializer

from corpus.database.models import Document

Status = Literal["queued", "reading", "review", "accepted", "refused", "failed", "withdrawn"]


class DoubtBody(BaseModel):
    """One reason to look again before a document goes on record."""

    code: str
    message: str
    fields: list[str]


class ProblemBody(BaseModel):
    """A failure, with a code of the catalogue (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="What went wrong and what to do, for people.")
    status: int
    code: str = Field(description="Stable, for programs.")
    field: str | None = Field(None, description="The field that a value is not valid for.")
    doubts: list[DoubtBody] | None = Field(
        None, description="What to look at, and to pass by its code in `confirm`."
    )


_PROBLEM: dict[str, Any] = {"application/problem+json": {"schema": ProblemBody.model_json_schema()}}
Responses = dict[str | int | HTTPStatus, type[BaseModel] | dict[Any, Any] | None]
PROBLEMS: Responses = {
    code: {"description": "What was asked can't be done; the code tells why.", "content": _PROBLEM}
    for code in ("400", "4XX", "503")
}
"""What every call may answer instead."""


SECURITY_SCHEMES: dict[str, SecurityScheme | dict[str, Any]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic"},
}
SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"password": []}]
"""Either is enough: a token of the account, or its name and password."""


Moment = Annotated[datetime, PlainSerializer(lambda at: at.replace(tzinfo=UTC).isoformat(), return_type=str)]
"""A moment as the store has it, told with its zone, UTC."""


def of_kind(*media: str) -> dict[str, Any]:
    """An answer that is a file of one of these kinds."""
    return {"content": {one: {"schema": {"type": "string", "format": "binary"}} for one in media}}


def or_problem(model: type[BaseModel]) -> dict[str, Any]:
    """An answer of a code that may tell of a problem too."""
    return {"content": {"application/json": {"schema": model.model_json_schema()}, **_PROBLEM}}


class Hit(BaseModel):
    """A document as lists name it."""

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    file: str

    @classmethod
    def of(cls, found: Document) -> Hit:
        """The document as lists name it."""
        names = ("id", "number", "date", "doc_type", "issuer", "subject")
        return cls(file=found.name, **{name: getattr(found, name) for name in names})


class Record(Hit):
    """A document with how it stands."""

    status: Status
    revision: int = Field(
        description="Rises with each change; sent back with a change, so that none is overwritten."
    )
    sha256: str

    @classmethod
    def of(cls, found: Document) -> Record:
        """The document with how it stands."""
        held = Hit.of(found).model_dump()
        return cls(**held, status=found.status, revision=found.revision, sha256=found.sha256)


class EffectShape(BaseModel):
    """How a document stands today: in force or not, and by what."""

    state: Literal["coming", "in_force", "partly", "ended"]
    since: str | None = Field(description="First day in force.")
    until: str | None = Field(description="Last day, as its own closing article says.")
    ended: str | None = Field(description="First day without it, by the table of laws.")
    by: list[str] = Field(description="Numbers that ended it, by the table of laws.")
    by_table: bool = Field(description="Whether a day comes from the table of laws.")


class WholeRecord(Record):
    """A record with its fields and their evidence."""

    fields: dict[str, Any] | None
    questions: list[str] = Field(description="Fields that a person must look at.")
    effect: EffectShape | None = Field(None, description="How it stands today; null where nothing is known of it.")


class Records(BaseModel):
    """Some records."""

    documents: list[Record]


class FoundHit(Hit):
    """A document that a search finds."""

    score: float
    snippet: str = Field(description="HTML, escaped but for <mark>.")
    page: int | None


class Found(BaseModel):
    """A window of what a search finds, with the count and facets of all of it."""

    total: int
    took_ms: float
    hits: list[FoundHit]
    facets: dict[str, dict[str, int]]
    suggestion: str | None


class Alike(BaseModel):
    """Documents like one document, the likest first."""

    hits: list[FoundHit]


class Suggestions(BaseModel):
    """What begins so."""

    suggestions: list[str]


class Names(BaseModel):
    """Names of bodies."""

    names: list[str]


class OutCitation(BaseModel):
    """A citation that a document makes."""

    printed: str
    relation: str
    page: int | None
    target: Record | None
    wanted: str | None = Field(description="What is cited and not held.")
    status: Literal["found", "ambiguous", "wanted"]
    candidates: list[int]


class InCitation(BaseModel):
    """A citation of a document by another."""

    relation: str
    source: Record
    page: int | None
    printed: str


class Contradiction(BaseModel):
    """A conflict in words; `settled`, where it is there: why it may stand."""

    code: str
    message: str
    settled: str | None = None


class Cites(BaseModel):
    """Citations of a document, out and in, the ways up (each from it to the top), and its conflicts."""

    document: Record
    out: list[OutCitation]
    into: list[InCitation] = Field(alias="in")
    chain: list[list[int]]
    conflicts: list[Contradiction]


class WantedDocument(BaseModel):
    """A document that is cited but not held."""

    label: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    count: int = Field(description="Documents that cite it.")
    title: str | None = Field(None, description="Its name, where the label is its number.")


class WantedList(BaseModel):
    """Documents that are cited but not held, most cited first."""

    wanted: list[WantedDocument]


class SourceShape(BaseModel):
    """The file that was read."""

    name: str
    sha256: str
    media_type: str
    pages: int


class PageShape(BaseModel):
    """What was read on a page."""

    number: int
    origin: Literal["ocr", "text"]
    rotation: int
    confidence: float
    text: str


class CitationShape(BaseModel):
    """A citation as it was read; boxes are fractions of the page, origin top left."""

    printed: str
    doc_type: str | None
    number: str | None
    date: str | None
    issuer: str | None
    provision: str | None
    relation: str
    page: int | None
    boxes: list[list[float]]


class SignatureShape(BaseModel):
    """A digital signature as it was verified; boxes are fractions of the page, origin top left."""

    state: Literal["none", "valid", "valid_unknown_issuer", "valid_weak_algorithm", "changed_after", "broken"]
    role: Literal["signer", "office", "number", "date", "initials", "copy"] | None
    name: str
    organization: str | None
    unit: str | None
    time: str | None = Field(description="ISO 8601 with the zone of Việt Nam.")
    time_source: Literal["timestamp", "claimed"] | None
    covers_whole: bool
    changes: list[str]
    page: int | None
    boxes: list[list[float]]


class Warned(BaseModel):
    """Something that the reader noticed."""

    code: str
    message: str
    page: int | None = None


class ReadingShape(BaseModel):
    """What was read on a document, before any correction."""

    source: SourceShape
    pages: list[PageShape]
    fields: dict[str, Any] | None
    citations: list[CitationShape]
    signatures: list[SignatureShape]
    warnings: list[Warned]


class Standing(BaseModel):
    """How the service is."""

    status: str


class Limited(BaseModel):
    """The groups that alone see a document."""

    id: int
    groups: list[str]


class RecordChange(BaseModel):
    """One change to a record: which fields were put from what to what."""

    row: int
    at: str = Field(description="ISO 8601 with its zone, UTC.")
    actor: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]
    undone: bool = Field(description="Taken back since.")
    can_undo: bool
    passed: list[str] = Field(description="Codes of the doubts that the person passed.")


class History(BaseModel):
    """The changes to a record, oldest first."""

    history: list[RecordChange]


def answer(model: BaseModel) -> Response:
    """The model as JSON."""
    return jsonify(model.model_dump(mode="json"))
