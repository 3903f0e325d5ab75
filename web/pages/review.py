"""The review desk: the queue of waiting documents, and the form next to the scan."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import field_labels, records
from corpus.authority import doc_types
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem, caution_in
from corpus.files.keeping import STATES
from corpus.lifecycle import acceptance, history, holds, reread
from corpus.lifecycle.corrections import DAYS, EDITABLE, MANY
from corpus.lifecycle.doubt_context import present_doubts
from corpus.lifecycle.doubts import ASKED
from corpus.numbering import typed_days
from corpus.queries import cataloguing, citations, desk_names, files, review_queue
from web import access
from web.present import fields, problem_details, signed
from web.present.desk_words import IN_QUEUE
from web.present.whole_number import whole
from web.services import desk_steps, page_works, shown_proof, uploads
from web.services.ahead import make_ready
from web.services.cataloguing import retag
from web.services.review import correct_all, read_box, twins

pages = Blueprint("review", __name__)

_OF_FILES = frozenset({"not_found", "ambiguous_file", "file_not_open"})
"""Problems of the file that the form names."""


@pages.get("/can-xem")
def queue() -> ResponseReturnValue:
    """Documents that wait for a person, oldest first, with reasons and holds; failed ones below."""
    store = access.store()
    with store.db.reading() as session:
        held, rule = holds.held(session), acceptance.in_force(session)
    seen = access.seen()
    rows = review_queue.rows(store, seen)
    question = request.args.get("hoi", "")
    return render_template(
        "review/queue.html",
        rows=[row for row in rows if not question or question in row.questions],
        questions=review_queue.questions(rows),
        question=question,
        clear=sum(not row.has_reason for row in rows),
        total=review_queue.count(store, seen),
        held=held,
        failed=[(one, uploads.fault_of(one)) for one in review_queue.failed(store, seen)],
        bulk=review_queue.BULK,
        acceptance=rule,
        acceptance_words=IN_QUEUE,
        labels=field_labels.LABELS,
        done=request.args.get("changed", type=whole),
    )


@pages.get("/can-xem/tiep")
def following() -> ResponseReturnValue:
    """Go to the document that has waited longest and that no colleague has open."""
    after = request.args.get("sau", type=whole)
    found = records.hold_next(access.store(), access.user().name, after, access.belongs())
    if found is None:
        return redirect(url_for("review.queue"), 303)
    return redirect(url_for("review.form", document_id=found), 303)


@pages.get("/can-xem/san-sang")
def ahead() -> ResponseReturnValue:
    """Make the document after the present one ready; an open form asks for it by itself."""
    return jsonify({"ready": make_ready(request.args.get("sau", type=whole))})


@pages.get("/can-xem/ten-co-quan")
def names() -> ResponseReturnValue:
    """Names of bodies that the typed words may mean: those on record first, then the authority list's."""
    return jsonify(desk_names.body_names(access.store(), request.args.get("q", ""), access.seen()))


@pages.get("/can-xem/nguoi-ky")
def signers() -> ResponseReturnValue:
    """Signers on record whose name the typed words may mean, with the capacity that goes with the name."""
    found = desk_names.signers(access.store(), request.args.get("q", ""), access.seen())
    return jsonify(
        [
            {
                "value": one.name,
                "label": " / ".join(part for part in (one.authority, one.title) if part),
                "fills": {"signer_authority": one.authority, "signer_title": one.title},
            }
            for one in found
        ]
    )


@pages.get("/can-xem/<int:document_id>")
def form(document_id: int) -> ResponseReturnValue:
    """The form of one document next to its scan."""
    return _form(access.document(document_id))


@pages.post("/can-xem/<int:document_id>")
def accept(document_id: int) -> ResponseReturnValue:
    """Put a document on record (or correct a record) and go to the next;
    a conflict or doubt loses nothing typed.
    """
    store, name = access.store(), access.user().name
    found = access.document(document_id)
    revision = request.form.get("revision", -1, type=whole)
    act = records.correct if found.status == "accepted" else records.accept
    try:
        shown_proof.demand(document_id, revision)
        file_id = _file_meant()
        act(store, document_id, _values(), name, revision, confirm=_confirmed_codes(), by=access.belongs())
    except Problem as problem:
        if problem.code not in ("stale", "bad_value", "wrong_state", "doubtful", "not_shown", *_OF_FILES):
            raise
        return _form(access.document(document_id), typed=True, problem=problem), problem.fault.status
    if file_id is not None:
        _file_away(file_id, document_id)
    retag(document_id, request.form.getlist("tag"), request.form.getlist("tag_shown"))
    records.release(store, document_id, name)
    after = None if found.status == "accepted" else records.hold_next(store, name, document_id, access.belongs())
    if after is None:
        return redirect(url_for("lookup.document", document_id=document_id), 303)
    return redirect(url_for("review.form", document_id=after, vua=document_id), 303)


@pages.post("/can-xem/<int:document_id>/giu")
def keep(document_id: int) -> ResponseReturnValue:
    """Renew the hold of an open form."""
    holder, _ = records.acquire_hold(access.store(), access.document(document_id).id, access.user().name)
    return jsonify({"holder": holder})


@pages.post("/can-xem/<int:document_id>/doc-o")
def reread_box(document_id: int) -> ResponseReturnValue:
    """Read a box drawn on a page again, for one field."""
    found = access.content(document_id)
    edges = [request.form.get(edge, -1.0, type=float) for edge in ("left", "top", "right", "bottom")]
    read = read_box(found, request.form.get("page", 0, type=whole), request.form.get("field", ""), edges)
    return jsonify({"text": read.text, "values": read.values})


@pages.get("/can-xem/<int:document_id>/so-voi/<int:other>")
def compare(document_id: int, other: int) -> ResponseReturnValue:
    """Two documents that may be the same, next to each other: the clerk decides (Nghị định 30/2020/NĐ-CP, Phụ lục
    VI).
    """
    both = [access.document(one) for one in (document_id, other)]
    store = access.store()
    left, right = (fields.entries(one) for one in both)
    return render_template(
        "review/compare.html",
        both=both,
        lines=[(a, b) for a, b in zip(left, right, strict=True) if a.value or b.value],
        sheets=[fields.sheets(store, one, []) for one in both],
    )


@pages.post("/van-ban/<int:document_id>/thu-hoi")
def withdraw(document_id: int) -> ResponseReturnValue:
    """Withdraw a document, with a reason."""
    found = access.document(document_id)
    reason = request.form.get("reason", "")
    records.withdraw(
        access.store(), found.id, reason, access.user().name, request.form.get("revision", type=whole)
    )
    if _from_desk():
        return redirect(url_for("review.following", sau=document_id), 303)
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/dua-tro-lai")
def reinstate(document_id: int) -> ResponseReturnValue:
    """Bring a withdrawn document back to review."""
    found = access.document(document_id)
    records.reinstate(access.store(), found.id, access.user().name, request.form.get("revision", type=whole))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/hoan-tac/<int:row>")
def undo(document_id: int, row: int) -> ResponseReturnValue:
    """Undo one change; doubts that this causes on a record are asked first."""
    found, revision = access.document(document_id), request.form.get("revision", type=whole)
    confirm = request.form.getlist("confirm")
    try:
        records.undo(
            access.store(), found.id, row, access.user().name, revision, confirm=confirm, by=access.belongs()
        )
    except Problem as problem:
        if problem.code != "doubtful":
            raise
        told = problem_details.doubts_of(problem)
        return render_template("review/confirm.html", found=found, row=row, revision=revision, doubts=told), 422
    page = "review.form" if _from_desk() else "lookup.document"
    return redirect(url_for(page, document_id=document_id), 303)


@pages.post("/can-xem/hang-loat")
def bulk() -> ResponseReturnValue:
    """Set one field of several documents; each is a correction of its own, with its history."""
    chosen = request.form.getlist("chosen", type=whole)
    changed = correct_all(chosen, request.form.get("field", ""), request.form.get("value", ""))
    return redirect(url_for("review.queue", changed=changed), 303)


def _from_desk() -> bool:
    """True if a form was sent from the desk, which goes on there."""
    return request.form.get("ve") == "ban-soat"


def _form(found: StoredDocument, typed: bool = False, problem: Problem | None = None) -> str:
    """The form, doubtful fields first; typed values are in the fields, stored ones next to them."""
    store, name = access.store(), access.user().name
    entries = sorted(fields.entries(found), key=lambda entry: not entry.review)
    values = {entry.name: entry.shown for entry in entries}
    if typed:
        values |= {one: request.form[one] for one in EDITABLE if one in request.form}
    lang = store.settings.lang
    found_doubts, withdrawn = _asked_of(found)
    told = problem_details.doubts_of(problem) if problem else ()
    cited = citations.out_of(store, found, access.visible)
    holder, since = records.acquire_hold(store, found.id, name) if found.status == "review" else (name, None)
    return render_template(
        "review/form.html",
        found=found,
        entries=entries,
        values=values,
        problem=problem.message(lang) if problem else "",
        stale=problem is not None and problem.code == "stale",
        faulty=problem_details.faulty_fields(problem, lang),
        to_confirm=[(one.code, one.message(lang)) for one in told],
        confirmed=_digest() if told else "",
        proof=shown_proof.made(found.id, found.revision),
        step=desk_steps.last_step(request.args.get("vua", type=whole)),
        session=access.token_hash(f"draft {request.cookies.get(access.COOKIE, '')}")[:16],
        sheets=fields.sheets(store, found, [*_marks(cited), *signed.marks(found.signatures)]),
        cited=cited,
        signatures=signed.lines(found.signatures, store.settings.lang),
        waiting=review_queue.count(store, access.seen()),
        fault=uploads.fault_of(found),
        warnings=found_doubts,
        withdrawn=withdrawn,
        unread=fields.unread(found),
        composable=page_works.is_composable(found),
        reading_again=_is_read_again(found),
        doc_types=doc_types.doc_types(),
        days=DAYS,
        editable=found.status in ("review", "failed", "accepted"),
        twins=twins(found),
        holder=holder if holder != name else None,
        file=files.of_document(store, found.id),
        open_files=files.open_files(store),
        since=since,
        all_tags=cataloguing.all_tags(store) if access.may("tags.put") else [],
        tags=_tags_of(found, typed),
    )


def _tags_of(found: StoredDocument, typed: bool) -> list[str]:
    """Names of the tags that are ticked: as the form was sent, else those of the document."""
    if typed:
        return request.form.getlist("tag")
    return [one.name for one in cataloguing.tags_of(access.store(), [found.id]).get(found.id, ())]


def _file_meant() -> int | None:
    """The open file that the form names; None for none.

    Raises Problem("not_found"), ("file_not_open") before anything is written: no paper is accepted and not filed.
    """
    ref = request.form.get("file", "").strip()
    if not ref:
        return None
    file_id = files.named(access.store(), ref)
    found = files.one(access.store(), file_id, access.seen())
    if found.state != "open":
        raise Problem("file_not_open", file=found.full, state=STATES[found.state])
    return file_id


def _file_away(file_id: int, document_id: int) -> None:
    """Put the document into the file, unless a rule has just put it into one: that is shown on its page."""
    if files.of_document(access.store(), document_id) is None:
        records.put_papers(access.store(), file_id, [document_id], access.user().name)


def _marks(cited: list[citations.OutgoingCitation]) -> list[tuple[str, int, list[Any]]]:
    """The places of the citations on the pages."""
    rows = (one.row for one in cited)
    return [(f"cite-{row.id}", row.page, row.boxes) for row in rows if row.page is not None]


def _is_read_again(found: StoredDocument) -> bool:
    with access.store().db.reading() as session:
        return found.status in reread.STANDING and reread.is_waiting(session, found.id)


def _asked_of(found: StoredDocument) -> tuple[list[str], str]:
    """Notes of the form: the reader's warnings, present doubts, and a former withdrawal."""
    store, lang = access.store(), access.store().settings.lang
    if found.status not in ("review", "accepted"):
        return [], ""
    with store.db.reading() as session:
        now = present_doubts(session, found, access.belongs())
        back = history.withdrawal_to_look_at(session, found.id)
    asked_by_store = {one.code for one in now} | ASKED
    read = [
        caution_in(one["code"], one["message"], lang)
        for one in (found.machine or {}).get("warnings", [])
        if one["code"] not in asked_by_store
    ]
    notes = [] if found.status == "accepted" else [*read, *(one.message(lang) for one in now)]
    return list(dict.fromkeys(notes)), uploads.withdrawal_note(back) if back else ""


def _confirmed_codes() -> list[str]:
    """Confirmed codes, as long as the form has the values it had when the doubts were listed."""
    return request.form.get("confirm", "").split() if request.form.get("confirmed") == _digest() else []


def _digest() -> str:
    """Fingerprint of the form's values."""
    said = json.dumps(_values(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _values() -> dict[str, object]:
    """Values of the form; lists are one item a line, a date has the Vietnamese form."""
    sent = {name: request.form[name] for name in EDITABLE if name in request.form}
    sent |= {name: typed_days.iso(sent[name]) for name in DAYS if name in sent}
    return {
        name: [line for line in text.splitlines() if line.strip()] if name in MANY else text
        for name, text in sent.items()
    }
