"""Accounts, jobs and health, for the administrator."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from corpus import jobs, records
from corpus.accounts import ROLES
from corpus.errors import Problem
from corpus.models import Document, SignInAttempt, User
from search import indexer
from web import access, health, intake, overview, passwords, waiting

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
    """Jobs, documents by status, the index, what was searched in vain, the settings in force; health when asked."""
    store = access.store()
    asked = "check" in request.args
    with store.db.reading() as session:
        queue = jobs.state(session)
        counts = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
    return render_template(
        "admin/system.html",
        queue=queue,
        running=overview.running(store),
        failed=[(one, intake.fault_of(one)) for one in waiting.failed(store)],
        counts={row[0]: row[1] for row in counts},
        index=indexer.state(store),
        settings=store.settings.model_dump(mode="json"),
        in_vain=overview.in_vain(store),
        health=health.look(store) if asked else None,
        sizes=overview.sizes(store) if asked else None,
    )


def _users(made: tuple[str, str] | None = None, problem: str = "") -> str:
    with access.store().db.reading() as session:
        found = session.scalars(select(User).order_by(User.name)).all()
        attempts = session.scalars(select(SignInAttempt).order_by(SignInAttempt.id.desc()).limit(30)).all()
    return render_template(
        "admin/users.html", users=found, attempts=attempts, roles=ROLES, made=made, problem=problem
    )
