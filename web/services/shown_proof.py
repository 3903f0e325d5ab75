"""Proof that a form was shown: what is accepted on a page was on that person's screen in this revision."""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from corpus.errors import Problem
from web import access

_SALT = "vanban-shown"


def made(document_id: int, revision: int) -> str:
    """Make the proof for a form that is shown to the present user."""
    return _signer().dumps([access.user().id, document_id, revision])


def demand(document_id: int, revision: int, proof: str | None = None) -> None:
    """Raise Problem("not_shown") unless a proof (None: the form's) is for this user, document and revision."""
    sent = request.form.get("shown", "") if proof is None else proof
    try:
        told = _signer().loads(sent, max_age=int(access.LIFETIME.total_seconds()))
    except BadSignature as error:
        raise Problem("not_shown", document=document_id) from error
    if told != [access.user().id, document_id, revision]:
        raise Problem("not_shown", document=document_id)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
