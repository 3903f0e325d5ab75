"""Accounts, jobs and health, for the administrator."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from corpus import jobs, records
from corpus.accounts import ROLES
from corpus.errors import Problem
from corpus.models import Document, Job, SignInAttempt, User
from search import indexer
from web import access, passwords
from web.texts import STATUSES

pages = Blueprint("admin", __name__)


@pages.get("/tai-khoan")
def users() -> ResponseReturnValue:
    """The accounts and the latest tries to sign in."""
    return _users()


@pages.post("/tai-khoan")
def add_user() -> ResponseReturnValue:
    """A new account; its first password is made here and shown once."""
    name, password = request.form.get("name", ""), secrets.token_urlsafe(9)
    role, full_name = request.form.get("role", ""), request.form.get("full_name", "")
    hashed = passwords.hash_password(password)
    try:
        records.add_user(access.store(), name, role, hashed, full_name=full_name, actor=access.user().name)
    except Problem as problem:
        return _users(problem=problem.message(access.store().settings.lang)), problem.fault.status
    return _users(made=(name, password))


@pages.post("/tai-khoan/<name>")
def change_user(name: str) -> ResponseReturnValue:
    """Another role, closed or opened again, or a new password; the account's sessions end."""
    store, actor, act = access.store(), access.user().name, request.form.get("act", "")
    if name.lower() == actor.lower() and act != "password":
        raise Problem("forbidden")
    if act == "role":
        records.set_role(store, name, request.form.get("role", ""), actor)
    elif act in ("open", "close"):
        records.set_active(store, name, act == "open", actor)
    elif act == "password":
        password = secrets.token_urlsafe(9)
        records.set_password(store, name, passwords.hash_password(password), actor)
        return _users(made=(name, password))
    else:
        raise Problem("bad_request", why=act[:50])
    return redirect(url_for("admin.users"), 303)


@pages.get("/he-thong")
def system() -> ResponseReturnValue:
    """Jobs, documents by status, the index, the settings in force."""
    store = access.store()
    with store.db.reading() as session:
        queue = jobs.state(session)
        # A job that a person or a command overtook is closed as failed too; only those that left a document behind count.
        broken = select(Job).join(Document, Document.id == Job.document_id).where(Job.state == "failed")
        broken = broken.where(Document.status.in_(("failed", "refused"))).order_by(Job.id.desc())
        failed = session.scalars(broken.limit(50)).all()
        counts = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
    return render_template(
        "admin/system.html",
        queue=queue,
        failed=failed,
        counts={row[0]: row[1] for row in counts},
        index=indexer.state(store),
        settings=store.settings.model_dump(mode="json"),
        statuses=STATUSES,
    )


def _users(made: tuple[str, str] | None = None, problem: str = "") -> str:
    with access.store().db.reading() as session:
        found = session.scalars(select(User).order_by(User.name)).all()
        attempts = session.scalars(select(SignInAttempt).order_by(SignInAttempt.id.desc()).limit(30)).all()
    return render_template(
        "admin/users.html", users=found, attempts=attempts, roles=ROLES, made=made, problem=problem
    )
