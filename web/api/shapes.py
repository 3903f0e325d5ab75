"""Models of the API's answers, from which its description is made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from flask import Response, jsonify
from flask_openapi.models.security_scheme import SecurityScheme
from flask_openapi.types import ResponseDict
from pydantic import BaseModel, Field, PlainSerializer

from corpus.database.read_only import StoredDocument
from corpus.record_fields import LISTED

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
PROBLEMS: ResponseDict = {
    code: {"description": "What was asked can't be done; the code tells why.", "content": _PROBLEM}
    for code in ("400", "4XX", "503")
}
"""Problems that every call may answer with."""


SECURITY_SCHEMES: dict[str, SecurityScheme | dict[str, Any]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic"},
}
SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"password": []}]
"""Accepted credentials: a token of the account, or its name and password."""


Moment = Annotated[datetime, PlainSerializer(lambda at: at.replace(tzinfo=UTC).isoformat(), return_type=str)]
"""A time of the store, with its zone, UTC."""


def of_kind(*media: str) -> dict[str, Any]:
    """Response of a file of one of these media types."""
    return {"content": {one: {"schema": {"type": "string", "format": "binary"}} for one in media}}


def or_problem(model: type[BaseModel]) -> dict[str, Any]:
    """Response of a status that may carry a problem as well."""
    return {"content": {"application/json": {"schema": model.model_json_schema()}, **_PROBLEM}}


class HitShape(BaseModel):
    """A document in a list."""

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    file: str

    @classmethod
    def of(cls, found: StoredDocument) -> HitShape:
        """Make the model of a document in a list."""
        return cls(id=found.id, file=found.name, **{name: getattr(found, name) for name in LISTED})


class Record(HitShape):
    """A document with its state."""

    status: Status
    revision: int = Field(
        description="Rises with each change; sent back with a change, so that none is overwritten."
    )
    sha256: str

    @classmethod
    def of(cls, found: StoredDocument) -> Record:
        """Make the model of a document with its state."""
        held = HitShape.of(found).model_dump()
        return cls(**held, status=found.status, revision=found.revision, sha256=found.sha256)


class EffectShape(BaseModel):
    """Effect of a document today: in force or not, and the cause."""

    state: Literal["coming", "in_force", "partly", "ended"]
    since: str | None = Field(description="First day in force.")
    until: str | None = Field(description="Last day, as its own closing article says.")
    ended: str | None = Field(description="First day without it, by the table of laws.")
    by: list[str] = Field(description="Numbers that ended it, by the table of laws.")
    by_table: bool = Field(description="Whether a day comes from the table of laws.")
    doubtful: bool = Field(False, description="Whether a day that the paper says was read in doubt.")


class Together(BaseModel):
    """A document that came with this one: its mail, or an attachment of it."""

    id: int
    name: str = Field(description="The attachment's name in the mail.")
    status: Status


class WholeRecord(Record):
    """A record with its fields and their evidence."""

    fields: dict[str, Any] | None
    questions: list[str] = Field(description="Fields that a person must look at.")
    effect: EffectShape | None = Field(None, description="How it stands today; null where nothing is known of it.")
    tags: list[str] = Field(description="Names of its tags.")
    own: dict[str, str] = Field(description="Values of the office's own fields by slug, canonical.")
    covers: list[Together] = Field(description="The mails that it came with.")
    enclosed: list[Together] = Field(description="What came with this mail.")


class Records(BaseModel):
    """Some records."""

    documents: list[Record]


class FoundHit(HitShape):
    """A document that a search finds."""

    score: float
    snippet: str = Field(description="HTML, escaped but for <mark>.")
    page: int | None
    effect: Literal["coming", "in_force", "partly", "ended"] | None = Field(
        None, description="How it stands on the day that hieuluc: asks of; absent where nothing is known or asked."
    )


class ResultsShape(BaseModel):
    """A window of search results, with the count and facets of all."""

    total: int
    took_ms: float
    hits: list[FoundHit]
    facets: dict[str, dict[str, int]]
    suggestion: str | None


class Alike(BaseModel):
    """Documents similar to one document, the most similar first."""

    hits: list[FoundHit]


class Suggestions(BaseModel):
    """Completions."""

    suggestions: list[str]


class Names(BaseModel):
    """Names of bodies."""

    names: list[str]


class OutCitation(BaseModel):
    """A citation that a document makes."""

    id: int
    printed: str
    relation: str
    page: int | None
    confidence: float | None = Field(
        description="How sure its reading is, 0 to 1; null for one read by an earlier version."
    )
    review: bool = Field(description="Doubtful: no person has looked at it.")
    by_hand: bool = Field(description="Added by a person.")
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
    """A conflict in words; `settled`: the reason why it may remain."""

    code: str
    message: str
    settled: str | None = None


class CitesShape(BaseModel):
    """Citations of a document, out and in, the ways up (each from it to the top), and its conflicts."""

    document: Record
    out: list[OutCitation]
    into: list[InCitation] = Field(alias="in")
    chain: list[list[int]]
    conflicts: list[Contradiction]


class WantedShape(BaseModel):
    """A wanted document: cited, not on record."""

    label: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    count: int = Field(description="Documents that cite it.")
    title: str | None = Field(None, description="Its name, where the label is its number.")


class WantedList(BaseModel):
    """Wanted documents, most cited first."""

    wanted: list[WantedShape]


class SourceShape(BaseModel):
    """The file that was read."""

    name: str
    sha256: str
    media_type: str
    pages: int


class PageShape(BaseModel):
    """Text of a page as read."""

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
    confidence: float | None = Field(None, description="0 to 1; null for one read by an earlier version.")
    review: bool = Field(False, description="A person should look at it.")


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
    """A warning of the reader."""

    code: str
    message: str
    page: int | None = None


class ReadingShape(BaseModel):
    """The machine's reading of a document, before any correction."""

    source: SourceShape
    pages: list[PageShape]
    fields: dict[str, Any] | None
    citations: list[CitationShape]
    signatures: list[SignatureShape]
    warnings: list[Warned]


class Standing(BaseModel):
    """State of the service."""

    status: str


class Limited(BaseModel):
    """The groups that a document is limited to."""

    id: int
    groups: list[str]


class RecordChange(BaseModel):
    """One change to a record: its fields with old and new values."""

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
    return jsonify(model.model_dump(mode="json", by_alias=True))
