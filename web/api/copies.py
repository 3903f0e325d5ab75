"""API of copies of documents (sao y, sao lục, trích sao)."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.queries import file_lists
from web import access
from web.api.documents import DocumentPath, Window
from web.api.file_shapes import CopyList, CopyShape, copy_shape
from web.api.shapes import PROBLEMS, SECURITY, answer, of_kind
from web.formats import tables
from web.services import files

calls = APIBlueprint("api_copies", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class CopyPath(BaseModel):
    """A copy by its ID."""

    copy_id: int = Field(ge=1, le=2**53)


class CopyYear(BaseModel):
    """A year of the register; none: all."""

    year: int | None = Field(None, ge=1900, le=2999)


class CopiesQuery(CopyYear, Window):
    """A stretch of the register of copies."""


class CopyRegisterPath(BaseModel):
    """The form of the register of copies."""

    form: Literal["csv", "xlsx"]


class NewCopy(BaseModel):
    """A copy to be made; it gets the next number of its body and year."""

    kind: Literal["SY", "SL", "TrS"] = "SY"
    medium: Literal["", "giay-giay", "dt-giay", "giay-dt", "dt-dt"] = ""
    body: str = Field("", max_length=300, description="The name of an own body; empty: the first one.")
    made_on: str = Field("", max_length=40, description="Empty: today.")
    place: str = Field("", max_length=200)
    signer: str = Field("", max_length=200)
    title: str = Field("", max_length=200, description="Authority and title, one a line.")
    recipients: str = Field("", max_length=2000, description="One a line.")
    amount: int = Field(1, ge=1, le=10_000)
    excerpt: str = Field("", max_length=50_000, description="TrS: the text that is copied out.")
    of: int | None = Field(None, ge=1, le=2**53, description="SL: the sao y that it is made of.")


class CopyReason(BaseModel):
    """The reason why a copy is cancelled."""

    reason: str = Field(min_length=1, max_length=1000)


@calls.get("/api/copies", responses={200: CopyList})
def list_copies(query: CopiesQuery) -> Any:
    """Copies of documents that the caller may see, the latest first."""
    lines, total = file_lists.copies_in(access.store(), query.year, access.seen(), query.limit, query.offset)
    return answer(CopyList(total=total, copies=[copy_shape(one) for one in lines]))


@calls.get("/api/copies.<form>", responses={200: of_kind(*tables.FORMS.values())})
def register(path: CopyRegisterPath, query: CopyYear) -> Any:
    """The register of copies, for a spreadsheet."""
    return files.copies_file(path.form, query.year)


@calls.post("/api/documents/<int:document_id>/copies", responses={200: CopyShape})
def make_copy(path: DocumentPath, body: NewCopy) -> Any:
    """Make a copy of a document on record."""
    return answer(copy_shape(files.copy(files.make_copy(path.document_id, body.model_dump()))))


@calls.get("/api/copies/<int:copy_id>", responses={200: CopyShape})
def show_copy(path: CopyPath) -> Any:
    """A copy."""
    return answer(copy_shape(files.copy(path.copy_id)))


@calls.post("/api/copies/<int:copy_id>/cancel", responses={200: CopyShape})
def cancel_copy(path: CopyPath, body: CopyReason) -> Any:
    """Cancel a copy; its number is not given again."""
    files.cancel_copy(path.copy_id, body.reason)
    return answer(copy_shape(files.copy(path.copy_id)))
