"""API of hand-over: lists, giving and changing, notes on documents, delegations, the caller's mailbox."""

from __future__ import annotations

from typing import Any

from flask_openapi.blueprint import APIBlueprint

from corpus.handover.orders import Order, Receiver
from web import access
from web.access import proof
from web.api.account import Done
from web.api.documents import DocumentPath
from web.api.handover_shapes import (
    DelegationPath,
    Delegations,
    DelegationShape,
    HandoverChange,
    HandoverMade,
    HandoverPath,
    Handovers,
    HandoverShape,
    MailboxShape,
    NewDelegation,
    NewHandover,
    NewNote,
    NewOnward,
    NoteMade,
    NotePath,
    Notes,
    NoteShape,
    PartPath,
    PersonName,
    ReceiverNames,
    TaskPage,
    TaskQuery,
)
from web.api.shapes import PROBLEMS, SECURITY, answer
from web.services import handover as work

calls = APIBlueprint("api_handover", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


@calls.get("/api/handovers", responses={200: TaskPage})
def tasks(query: TaskQuery) -> Any:
    """A list of hand-overs: mine, my units', given by me, all."""
    wish = work.wish_of(query.list, query.due, query.finished, query.after)
    found = work.page(wish, query.limit)
    shown = [HandoverShape.of(one) for one in found.rows]
    return answer(TaskPage(handovers=shown, following=work.place(found.following), counts=work.counts(wish)))


@calls.get("/api/handovers/receivers", responses={200: ReceiverNames})
def receivers() -> Any:
    """People and units that the caller may hand a document over to."""
    found = work.receivers() or work.Receivers((), (), ())
    people = [PersonName(name=name, full_name=full_name) for name, full_name in found.people]
    return answer(ReceiverNames(units=list(found.units), people=people, givers=list(found.givers)))


@calls.get("/api/documents/<int:document_id>/handovers", responses={200: Handovers})
def of_document(path: DocumentPath) -> Any:
    """The hand-overs of a document that the caller may know of."""
    found = access.document(path.document_id)
    return answer(Handovers(handovers=[HandoverShape.of(one) for one in work.on_document(found.id).handovers]))


@calls.post("/api/documents/<int:document_id>/handovers", responses={200: HandoverMade})
def give(path: DocumentPath, body: NewHandover) -> Any:
    """Hand a document over."""
    to = tuple(Receiver(one.kind, one.name, one.unit) for one in body.receivers)
    made = work.give(path.document_id, Order(to, body.note, body.deadline), body.for_name)
    return answer(HandoverMade(document=path.document_id, handover=made))


@calls.post("/api/handovers/parts/<int:part_id>/onward", responses={200: HandoverMade})
def hand_on(path: PartPath, body: NewOnward) -> Any:
    """Hand the caller's part on inside the unit."""
    to = tuple(Receiver(one.kind, one.name, one.unit) for one in body.receivers)
    order = Order(to, body.note, body.deadline)
    document, made = work.hand_on(path.part_id, order, body.why)
    return answer(HandoverMade(document=document, handover=made))


@calls.post("/api/handovers/<int:handover_id>", responses={200: HandoverMade})
def change(path: HandoverPath, body: HandoverChange) -> Any:
    """Finish one's part or take it back; take a hand-over back, open it again, move its deadline."""
    document = work.change(path.handover_id, body.act, part=body.part, text=body.text)
    return answer(HandoverMade(document=document, handover=path.handover_id))


@calls.get("/api/documents/<int:document_id>/notes", responses={200: Notes})
def notes(path: DocumentPath) -> Any:
    """The notes with names on a document."""
    found = work.on_document(access.document(path.document_id).id).notes
    return answer(Notes(notes=[NoteShape.model_validate(one, from_attributes=True) for one in found]))


@calls.post("/api/documents/<int:document_id>/notes", responses={200: NoteMade})
def add_note(path: DocumentPath, body: NewNote) -> Any:
    """Add a note with the caller's name."""
    made = work.add_note(path.document_id, body.text, body.for_name)
    return answer(NoteMade(document=path.document_id, note=made))


@calls.post("/api/notes/<int:note_id>/remove", responses={200: NoteMade})
def remove_note(path: NotePath) -> Any:
    """Remove a note of one's own."""
    return answer(NoteMade(document=work.remove_note(path.note_id), note=path.note_id))


@calls.get("/api/delegations", responses={200: Delegations})
def delegations() -> Any:
    """The delegations that concern the caller."""
    return _delegations()


@calls.post("/api/delegations", responses={200: Delegations})
def delegate(body: NewDelegation) -> Any:
    """Let a person act for the caller from day to day."""
    proof.demand()
    work.delegate(body.owner, body.deputy, (body.first, body.last), body.reason)
    return _delegations()


@calls.post("/api/delegations/<int:delegation_id>/end", responses={200: Delegations})
def end_delegation(path: DelegationPath) -> Any:
    """End a delegation that the caller gave."""
    work.end_delegation(path.delegation_id)
    return _delegations()


@calls.get("/api/me/mailbox", responses={200: MailboxShape})
def show_mailbox() -> Any:
    """The address that the caller's notices go to."""
    found = work.mailbox()
    return answer(MailboxShape.model_validate(found, from_attributes=True) if found else MailboxShape())


@calls.post("/api/me/mailbox", responses={200: Done})
def mailbox(body: MailboxShape) -> Any:
    """Set where the caller's notices go."""
    work.set_mailbox(body.address, body.notices, body.digest)
    return answer(Done())


def _delegations() -> Any:
    shown = [DelegationShape.model_validate(one, from_attributes=True) for one in work.delegations()]
    return answer(Delegations(delegations=shown))
