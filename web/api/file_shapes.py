"""Shapes of files (hồ sơ), lists for destruction and copies in the API, and what makes them of values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from corpus.queries.file_lists import CopyLine, Proposal
from corpus.queries.files import FiledPaper, FileLine
from web.api.shapes import Moment

Identifier = Annotated[int, Field(ge=1, le=2**53)]
"""ID of a document, a file or a list, as a program sends it."""
FileState = Literal["open", "closed", "submitted", "destroyed"]


class FileShape(BaseModel):
    """A file; papers, pages and days are of what the caller may see."""

    id: int
    year: int
    code: str
    heading: str
    title: str
    keeper: str
    organ_id: str
    retention: str = Field(
        description="Code of a row of the table of retention; empty where a person set the years."
    )
    years: int | None = Field(description="Years that it is kept; null: for ever.")
    rights: str
    language: str
    description: str
    state: FileState
    ended_on: str | None
    kept_until: str | None
    submitted_on: str | None
    submitted_to: str
    revision: int
    papers: int
    pages: int
    first: str | None
    last: str | None


class FileList(BaseModel):
    """A stretch of a list of files, and how many there are in all."""

    total: int
    files: list[FileShape]


class PaperShape(BaseModel):
    """A document in a file."""

    place: int
    document: int
    number: str | None
    date: str | None
    doc_type: str | None
    subject: str | None
    issuer: str | None
    status: str
    sheet: str = Field(description="Its pages when those of the file are counted through.")


class RuleShape(BaseModel):
    """A rule that files documents; empty: any."""

    id: int
    doc_type: str
    issuer: str
    words: str


class WholeFile(BaseModel):
    """A file with a stretch of its papers, and its rules for those who may change them."""

    file: FileShape
    contents: list[PaperShape]
    rules: list[RuleShape]


class ConsentShape(BaseModel):
    """The consent of one person to a list for destruction."""

    name: str
    at: Moment
    sees_all: bool
    counts: bool


class ProposalShape(BaseModel):
    """A list for destruction; `files` and `consents` are empty in a list of lists."""

    id: int
    state: Literal["proposed", "dropped", "done"]
    reason: str
    made_at: Moment
    made_by: str
    done_at: Moment | None
    done_by: str | None
    count: int
    agreed: bool
    consents: list[ConsentShape]
    files: list[FileShape]


class ProposalList(BaseModel):
    """Lists for destruction, the latest first."""

    lists: list[ProposalShape]


class CopyShape(BaseModel):
    """A copy of a document."""

    id: int
    document: int
    number: str
    kind: Literal["SY", "SL", "TrS"]
    medium: str
    body: str
    place: str
    made_on: str
    signer: str
    title: str
    recipients: list[str]
    amount: int
    excerpt: str
    cancelled: str | None
    of: int | None
    original: str | None


class CopyList(BaseModel):
    """A stretch of the register of copies."""

    total: int
    copies: list[CopyShape]


def file_shape(line: FileLine) -> FileShape:
    """A file for a program."""
    held = line.held
    told = {name: value for name, value in asdict(line).items() if name != "held"}
    return FileShape(**told, papers=held.papers, pages=held.pages, first=held.first, last=held.last)


def paper_shape(one: FiledPaper) -> PaperShape:
    """A paper of a file for a program."""
    return PaperShape(
        place=one.place,
        document=one.document_id,
        number=one.number,
        date=one.date,
        doc_type=one.doc_type,
        subject=one.subject,
        issuer=one.issuer,
        status=one.status,
        sheet=one.sheet,
    )


def proposal_shape(found: Proposal) -> ProposalShape:
    """A list for destruction for a program."""
    consents = [
        ConsentShape(name=one.name, at=one.at, sees_all=one.sees_all, counts=one.counts) for one in found.consents
    ]
    return ProposalShape.model_validate(
        {
            "id": found.id,
            "state": found.state,
            "reason": found.reason,
            "made_at": found.made_at,
            "made_by": found.made_by,
            "done_at": found.done_at,
            "done_by": found.done_by,
            "count": found.count,
            "agreed": found.is_agreed,
            "consents": consents,
            "files": [file_shape(one) for one in found.files],
        }
    )


def copy_shape(one: CopyLine) -> CopyShape:
    """A copy for a program."""
    return CopyShape.model_validate(
        {
            "id": one.id,
            "document": one.document_id,
            "number": one.number,
            "kind": one.kind,
            "medium": one.medium,
            "body": one.body,
            "place": one.place,
            "made_on": one.made_on,
            "signer": one.signer,
            "title": one.title,
            "recipients": one.recipients.splitlines(),
            "amount": one.amount,
            "excerpt": one.excerpt,
            "cancelled": one.cancelled,
            "of": one.of_copy_id,
            "original": one.original,
        }
    )
