"""Proof that a document's form was shown: what is accepted on a page was on that person's screen, as it stood then."""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from corpus.errors import Problem
from web import access

_SALT = "vanban-shown"


def made(document_id: int, revision: int) -> str:
    """The proof that goes into the form as it is served to the present user."""
    return _signer().dumps([access.user().id, document_id, revision])


def demand(document_id: int, revision: int) -> None:
    """Raises Problem("not_shown") unless the form that is sent carries the proof for this user, document and revision."""
    try:
        told = _signer().loads(request.form.get("shown", ""), max_age=int(access.LIFETIME.total_seconds()))
    except BadSignature as error:
        raise Problem("not_shown", document=document_id) from error
    if told != [access.user().id, document_id, revision]:
        raise Problem("not_shown", document=document_id)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
