"""API of the versions of a document's file."""

from __future__ import annotations

from typing import Any, Literal

from flask import jsonify
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.file import FileStorage
from pydantic import BaseModel, Field

from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, answer, of_kind
from web.services import versions

calls = APIBlueprint("api_versions", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class VersionPath(DocumentPath):
    """A version of a document's file by its number."""

    number: int = Field(ge=1, le=100_000)


class VersionForm(BaseModel):
    """A new file of the same paper."""

    file: FileStorage
    keep_values: bool = Field(
        description="True: the record's values stay; false: what the new file reads otherwise is asked."
    )
    reason: str = Field(min_length=1, max_length=500)
    released: str = Field("", max_length=500, description="Why a secrecy mark on this very file is a false alarm.")
    revision: int | None = Field(None, description="Revision that was seen; 409 if the document has changed.")


class PutBack(BaseModel):
    """A version that is to be shown again."""

    keep_values: bool
    reason: str = Field(min_length=1, max_length=500)
    revision: int | None = None


class VersionNumber(BaseModel):
    """A version that waits to be read."""

    number: int


class VersionShape(BaseModel):
    """One version of a file."""

    number: int
    name: str
    sha256: str
    media_type: str
    size: int
    page_count: int = Field(description="0 until it has been read.")
    state: Literal["waiting", "shown", "kept", "failed", "refused"]
    keep_values: bool
    reason: str
    by: str
    at: str
    fault: str = Field(description="Why it was not taken; empty if it was.")


class VersionList(BaseModel):
    """Versions of a file, the latest first; empty for a document that has had one file only."""

    versions: list[VersionShape]


@calls.get("/api/documents/<int:document_id>/versions", responses={200: VersionList})
def list_versions(path: DocumentPath) -> Any:
    """Versions of a document's file."""
    rows = versions.listed(path.document_id)
    names = [name for name in VersionShape.model_fields if name != "at"]
    shapes = [
        VersionShape(**{name: getattr(row, name) for name in names}, at=row.at.isoformat() + "Z") for row in rows
    ]
    return answer(VersionList(versions=shapes))


@calls.post("/api/documents/<int:document_id>/versions", responses={202: VersionNumber})
def put_version(path: DocumentPath, form: VersionForm) -> Any:
    """Put in a better scan or a corrected file; it is shown once the gate has passed it and it was read."""
    return jsonify({"number": versions.put(path.document_id, form.revision, form.keep_values)}), 202


@calls.get("/api/documents/<int:document_id>/versions/<int:number>/original", responses={200: of_kind("*/*")})
def version_file(path: VersionPath) -> Any:
    """The file of a version."""
    return versions.file(path.document_id, path.number)


@calls.post("/api/documents/<int:document_id>/versions/<int:number>/restore", responses={202: VersionNumber})
def restore_version(path: VersionPath, body: PutBack) -> Any:
    """Put in a version that was shown before once more."""
    number = versions.put_back(path.document_id, path.number, body.reason, body.revision, body.keep_values)
    return jsonify({"number": number}), 202
