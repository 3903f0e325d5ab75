"""API of the end of files: handed over to the archive, retention over, lists for destruction."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.queries import file_lists
from corpus.queries import files as queries
from web import access
from web.api.documents import Window
from web.api.file_shapes import FileList, Identifier, ProposalList, ProposalShape, file_shape, proposal_shape
from web.api.shapes import PROBLEMS, SECURITY, answer, of_kind
from web.formats import tables
from web.services import files

calls = APIBlueprint("api_ends", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class HandoverFilter(BaseModel):
    """Closed files that are to be handed over, or that were."""

    year: str = Field("", max_length=4)
    state: Literal["closed", "submitted"] = "closed"


class HandoverQuery(HandoverFilter, Window):
    """A stretch of the hand-over list."""


class HandedOver(BaseModel):
    """Files handed over to the archive on a day; all or none."""

    files: list[Identifier] = Field(min_length=1, max_length=1000)
    day: str = Field("", max_length=40, description="Empty: today.")
    receiver: str = Field(min_length=1, max_length=200)


class HandoverDone(BaseModel):
    """The number of files handed over."""

    submitted: int


class ToDestroy(BaseModel):
    """Files proposed for destruction."""

    files: list[Identifier] = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=1000)


class DuePath(BaseModel):
    """A list of files at their end, and its form."""

    what: Literal["handover", "expired"]
    form: Literal["csv", "xlsx"]


class ListPath(BaseModel):
    """A list for destruction."""

    list_id: int = Field(ge=1, le=2**53)


class DestructionAct(BaseModel):
    """Consent to a list, drop it with a reason, or carry out what two people agreed to."""

    act: Literal["consent", "drop", "destroy"]
    reason: str = Field("", max_length=1000)


@calls.get("/api/files/handover", responses={200: FileList})
def handover(query: HandoverQuery) -> Any:
    """Files to be handed over to the archive: closed, and kept for five years or more."""
    wanted = files.asked(query.model_dump())
    lines, total = queries.to_submit(access.store(), wanted, access.seen(), query.limit, query.offset)
    return answer(FileList(total=total, files=[file_shape(one) for one in lines]))


@calls.post("/api/files/handover", responses={200: HandoverDone})
def submit(body: HandedOver) -> Any:
    """Hand files over to the archive, all or none."""
    name = access.user().name
    done = records.submit_files(access.store(), body.files, body.day, body.receiver, name)
    return answer(HandoverDone(submitted=done))


@calls.get("/api/files/expired", responses={200: FileList})
def expired(query: Window) -> Any:
    """Files whose retention is over."""
    lines, total = files.expired(query.limit, query.offset)
    return answer(FileList(total=total, files=[file_shape(one) for one in lines]))


@calls.post("/api/files/expired", responses={200: ProposalShape})
def propose(body: ToDestroy) -> Any:
    """Propose files whose retention is over for destruction."""
    made = records.propose_destruction(access.store(), body.files, body.reason, access.user().name)
    return _proposal(made)


@calls.get("/api/files/due/<what>.<form>", responses={200: of_kind(*tables.FORMS.values())})
def due(path: DuePath, query: HandoverFilter) -> Any:
    """The hand-over list (mục lục hồ sơ nộp lưu) or the files whose retention is over, for a spreadsheet."""
    return files.list_file(path.what, path.form, files.asked(query.model_dump()))


@calls.get("/api/destruction", responses={200: ProposalList})
def destruction_lists() -> Any:
    """Lists for destruction, the latest first."""
    found = file_lists.proposals(access.store())
    return answer(ProposalList(lists=[proposal_shape(one) for one in found]))


@calls.get("/api/destruction/<int:list_id>", responses={200: ProposalShape})
def destruction(path: ListPath) -> Any:
    """A list for destruction with its files and consents."""
    return _proposal(path.list_id)


@calls.post("/api/destruction/<int:list_id>", responses={200: ProposalShape})
def decide(path: ListPath, body: DestructionAct) -> Any:
    """Consent, drop, or destroy; consent and destruction ask for the person: HTTP Basic, no token."""
    files.decide(path.list_id, body.act, body.reason)
    return _proposal(path.list_id)


def _proposal(list_id: int) -> Any:
    return answer(proposal_shape(file_lists.proposal(access.store(), list_id, access.seen())))
