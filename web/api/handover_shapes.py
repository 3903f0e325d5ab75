"""Shapes of hand-over in the API: lists, acts, notes, delegations, the mailbox."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from corpus.queries.handover import MOST_COUNTED, HandoverShown
from web.api.shapes import Moment

KindName = Literal["lead", "with", "know"]


class TaskQuery(BaseModel):
    """A list, as far as the caller has it."""

    list: Literal["mine", "unit", "given", "all"] = "mine"
    due: Literal["", "overdue", "soon"] = Field("", description="Of the open ones; empty: all.")
    finished: bool = False
    after: str = Field("", max_length=40, description="`following` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class PartShape(BaseModel):
    """One receiver."""

    id: int
    kind: KindName
    name: str
    unit: bool
    state: str
    done_at: Moment | None
    done_by: str | None
    result: str
    full_name: str = Field(description="Of an account, if it has one.")
    mine: bool = Field(description="Whether the caller may finish it.")
    for_name: str = Field(description="The person in whose place the caller would finish it.")
    may_hand_on: bool = Field(description="Whether the caller may hand it on inside the unit.")


class AnswerShape(BaseModel):
    """The paper that answers, with the citation that is the evidence."""

    document_id: int
    number: str | None
    date: str | None
    printed: str
    page: int | None


class StepShape(BaseModel):
    """A step of a chain of hand-overs."""

    id: int
    giver: str
    to: str
    note: str
    deadline: str | None
    state: str
    standing: str


class HandoverShape(BaseModel):
    """One hand-over with its receivers."""

    id: int
    document_id: int
    number: str | None
    name: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    subject: str | None
    urgency: str | None
    note: str = Field(description="The leader's note (bút phê).")
    deadline: str | None
    standing: Literal["overdue", "soon", "later", "none", "closed"]
    state: Literal["open", "done", "answered", "recalled"]
    given_at: Moment
    giver: str
    giver_full_name: str
    given_by: str = Field(description="The account that gave it; another than the giver's: in the giver's place.")
    closed_at: Moment | None
    closed_by: str | None
    parts: list[PartShape]
    answer: AnswerShape | None
    may_change: bool
    why: str = Field(description="Reason for a deadline after the one received.")
    above: list[StepShape] = Field(description="The chain that it came by, from its beginning.")
    below: list[StepShape] = Field(description="What its receivers handed on.")
    depth: int

    @classmethod
    def of(cls, shown: HandoverShown) -> HandoverShape:
        """Make the model of a hand-over."""
        return cls.model_validate(shown, from_attributes=True)


class TaskPage(BaseModel):
    """One page of a list, the nearest deadline first."""

    handovers: list[HandoverShape]
    following: str | None = Field(description="To be sent as `after` for the next page.")
    counts: dict[str, int] = Field(description=f"Open ones by `due`; above {MOST_COUNTED}: that and one.")


class Handovers(BaseModel):
    """The hand-overs of a document, newest first."""

    handovers: list[HandoverShape]


class PersonName(BaseModel):
    """An account by its name."""

    name: str
    full_name: str


class ReceiverNames(BaseModel):
    """Names that a document can be handed over to; `givers` is empty for who may not."""

    units: list[str]
    people: list[PersonName]
    givers: list[str] = Field(description="In whose name the caller may hand over.")


class ReceiverShape(BaseModel):
    """One receiver: the name of an account, or of a unit."""

    kind: KindName
    name: str = Field(max_length=200)
    unit: bool = False


class NewHandover(BaseModel):
    """A hand-over to be made."""

    receivers: list[ReceiverShape] = Field(default_factory=list, max_length=200)
    note: str = Field("", max_length=10_000)
    deadline: str = Field("", max_length=40, description="A day (ISO 8601 or d/m/y), or a number of working days.")
    for_name: str = Field("", max_length=100, description="The leader for whom the caller acts.")


class NewOnward(BaseModel):
    """A part to be handed on: without a deadline it has that of the part."""

    receivers: list[ReceiverShape] = Field(default_factory=list, max_length=200)
    note: str = Field("", max_length=10_000)
    deadline: str = Field("", max_length=40, description="A day (ISO 8601 or d/m/y), or a number of working days.")
    why: str = Field("", max_length=1000, description="Reason for a deadline after the one received.")


class PartPath(BaseModel):
    """A receiver's part of a hand-over."""

    part_id: int = Field(ge=1, le=2**53)


class HandoverPath(BaseModel):
    """A hand-over by its ID."""

    handover_id: int = Field(ge=1, le=2**53)


class HandoverChange(BaseModel):
    """One act: `finish` and `return` of the caller's part, `recall`, `reopen` and `deadline` by the giver."""

    act: Literal["finish", "return", "recall", "reopen", "deadline"] = "finish"
    part: int | None = Field(None, ge=1, le=2**53, description="null: the one part that is the caller's.")
    text: str = Field("", max_length=10_000, description="Result, reason, or deadline.")


class HandoverMade(BaseModel):
    """A hand-over and its document."""

    document: int
    handover: int


class NoteShape(BaseModel):
    """A note with its name."""

    id: int
    document_id: int
    name: str
    full_name: str
    written_by: str = Field(description="Another than `name`: in that person's place.")
    at: Moment
    text: str
    may_remove: bool


class Notes(BaseModel):
    """The notes on a document, oldest first."""

    notes: list[NoteShape]


class NewNote(BaseModel):
    """A note to be written."""

    text: str = Field("", max_length=10_000)
    for_name: str = Field("", max_length=100)


class NoteMade(BaseModel):
    """A note and its document."""

    document: int
    note: int


class NotePath(BaseModel):
    """A note by its ID."""

    note_id: int = Field(ge=1, le=2**53)


class DelegationShape(BaseModel):
    """A delegation in force or to come."""

    id: int
    owner: str
    deputy: str
    first: str
    last: str
    reason: str
    in_force: bool


class Delegations(BaseModel):
    """The delegations that the caller gave or got; for an administrator all."""

    delegations: list[DelegationShape]


class NewDelegation(BaseModel):
    """A delegation to be made; days as ISO 8601 or d/m/y."""

    deputy: str = Field("", max_length=100)
    first: str = Field("", max_length=40)
    last: str = Field("", max_length=40)
    reason: str = Field("", max_length=1000)
    owner: str = Field("", max_length=100, description="Administrators may name another owner.")


class DelegationPath(BaseModel):
    """A delegation by its ID."""

    delegation_id: int = Field(ge=1, le=2**53)


class MailboxShape(BaseModel):
    """The address that notices go to; empty: none."""

    address: str = Field("", max_length=254)
    notices: bool = True
    digest: bool = False
