"""API of tags and of the office's own fields."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.queries import cataloguing as lists
from web import access
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, answer
from web.services import cataloguing as work

calls = APIBlueprint("api_tags", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)

_ID = Field(ge=1, le=2**53)
Colour = Literal["gray", "red", "amber", "green", "blue", "purple"]
OwnKind = Literal["text", "number", "date", "choice"]


class TagPath(BaseModel):
    """A tag by its ID."""

    tag_id: int = _ID


class OwnFieldPath(BaseModel):
    """A field of the office's own by its ID."""

    field_id: int = _ID


class TagShape(BaseModel):
    """A tag of the office's list."""

    id: int
    name: str
    colour: str = Field(description="gray, red, amber, green, blue or purple.")
    documents: int = Field(description="Documents with it that the caller may see.")


class TagList(BaseModel):
    """The office's tags, by name."""

    tags: list[TagShape]


class TagToAdd(BaseModel):
    """A tag to add."""

    name: str = Field(max_length=100)
    colour: Colour = "gray"


class TagChange(BaseModel):
    """A change of a tag, or its removal from list and documents."""

    act: Literal["change", "remove"] = "change"
    name: str = Field("", max_length=100)
    colour: Colour = "gray"


class TagsToPut(BaseModel):
    """Tags, by name, to put on documents and to take off."""

    documents: list[int] = Field(min_length=1, max_length=1000)
    put: list[str] = Field(default_factory=list, max_length=20)
    take: list[str] = Field(default_factory=list, max_length=20)


class Tagged(BaseModel):
    """The number of documents changed."""

    changed: int


class OwnFieldShape(BaseModel):
    """A field of the office's own."""

    id: int
    slug: str = Field(description="Its name in values and as a prefix of the search box.")
    label: str
    kind: OwnKind
    choices: list[str]
    used: bool


class OwnFieldList(BaseModel):
    """The fields of the office's own."""

    fields: list[OwnFieldShape]


class OwnFieldToAdd(BaseModel):
    """A field to add."""

    slug: str = Field(max_length=10, description="2 to 10 letters a to z.")
    label: str = Field(max_length=100)
    kind: OwnKind
    choices: list[str] = Field(default_factory=list, max_length=50)


class OwnFieldChange(BaseModel):
    """A change of a field, or its end; values stay."""

    act: Literal["change", "end", "resume"] = "change"
    label: str = Field("", max_length=100)
    choices: list[str] = Field(default_factory=list, max_length=50)


class OwnValues(BaseModel):
    """Values by slug as people type them; empty removes one."""

    values: dict[str, str]
    revision: int | None = Field(None, description="As the record was seen; changes since are not overwritten.")


class OwnUndo(BaseModel):
    """A change to undo, by its row of the trail."""

    row: int = _ID
    revision: int | None = None


class OwnChangeShape(BaseModel):
    """One change: label, old and new value of each field."""

    row: int
    actor: str
    at: str
    lines: list[list[str]]
    can_undo: bool


class OwnValuesShape(BaseModel):
    """Values of a document by slug, canonical."""

    values: dict[str, str]
    revision: int
    changes: list[OwnChangeShape] = Field(description="Newest first; empty for who may not see the history.")


@calls.get("/api/tags", responses={200: TagList})
def list_tags() -> Any:
    """The office's tags."""
    rows = lists.all_tags(access.store(), access.seen())
    told = [TagShape(id=one.id, name=one.name, colour=one.colour, documents=one.count) for one in rows]
    return answer(TagList(tags=told))


@calls.post("/api/tags", responses={200: TagList})
def add_tag(body: TagToAdd) -> Any:
    """Add a tag."""
    records.add_tag(access.store(), body.name, body.colour, access.user().name)
    return list_tags()


@calls.post("/api/tags/<int:tag_id>", responses={200: TagList})
def change_tag(path: TagPath, body: TagChange) -> Any:
    """Change a tag or remove it."""
    work.alter_tag(path.tag_id, body.act, body.name, body.colour)
    return list_tags()


@calls.post("/api/documents/tags", responses={200: Tagged})
def put_tags(body: TagsToPut) -> Any:
    """Put tags on documents and take others off, all or none."""
    return answer(Tagged(changed=work.put_tags(body.documents, body.put, body.take)))


@calls.get("/api/own-fields", responses={200: OwnFieldList})
def list_fields() -> Any:
    """The fields of the office's own, those out of use as well."""
    rows = lists.fields(access.store(), all_of_them=True)
    return answer(OwnFieldList(fields=[OwnFieldShape(**_shape(one)) for one in rows]))


@calls.post("/api/own-fields", responses={200: OwnFieldList})
def add_field(body: OwnFieldToAdd) -> Any:
    """Add a field."""
    work.add_field(body.slug, body.label, body.kind, body.choices)
    return list_fields()


@calls.post("/api/own-fields/<int:field_id>", responses={200: OwnFieldList})
def change_field(path: OwnFieldPath, body: OwnFieldChange) -> Any:
    """Change a field, take it out of use, or into use again."""
    work.alter_field(path.field_id, body.act, body.label, body.choices)
    return list_fields()


@calls.get("/api/documents/<int:document_id>/own-fields", responses={200: OwnValuesShape})
def values(path: DocumentPath) -> Any:
    """Values of a document in the office's own fields, with their changes."""
    return _values(path.document_id)


@calls.post("/api/documents/<int:document_id>/own-fields", responses={200: OwnValuesShape})
def set_values(path: DocumentPath, body: OwnValues) -> Any:
    """Set values of a document."""
    work.set_values(path.document_id, body.values, body.revision)
    return _values(path.document_id)


@calls.post("/api/documents/<int:document_id>/own-fields/undo", responses={200: OwnValuesShape})
def undo_values(path: DocumentPath, body: OwnUndo) -> Any:
    """Undo one change of values."""
    work.undo_values(path.document_id, body.row, body.revision)
    return _values(path.document_id)


def _values(document_id: int) -> Any:
    found = access.document(document_id)
    rows = lists.changes(access.store(), found.id) if access.may("api_desk.history") else []
    told = [
        OwnChangeShape(
            row=one.row,
            actor=one.actor,
            at=one.at.isoformat(),
            lines=[list(line) for line in one.lines],
            can_undo=one.can_undo,
        )
        for one in rows
    ]
    held = lists.values_of(access.store(), [found.id]).get(found.id, {})
    return answer(OwnValuesShape(values=held, revision=found.revision, changes=told))


def _shape(one: lists.OwnFieldShown) -> dict[str, Any]:
    return {
        "id": one.id,
        "slug": one.slug,
        "label": one.label,
        "kind": one.kind,
        "choices": list(one.choices),
        "used": one.used,
    }
