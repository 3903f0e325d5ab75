"""Accounts, jobs and health, for the administrator."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from corpus import attempts, jobs, records
from corpus.accounts import ROLES, name_key
from corpus.errors import Problem
from corpus.models import Document, SignInAttempt, User
from search import indexer
from web import access, health, intake, overview, passwords, waiting

pages = Blueprint("admin", __name__)

_MOST_TRIES = 30


@pages.get("/tai-khoan")
def users() -> ResponseReturnValue:
    """The accounts and the latest tries to sign in."""
    return _users()


@pages.post("/tai-khoan")
def add_user() -> ResponseReturnValue:
    """A new account; its first password is made here and shown once."""
    name = request.form.get("name", "")
    try:
        password = make_user(name, request.form.get("role", ""), request.form.get("full_name", ""))
    except Problem as problem:
        return _users(problem=problem.message(access.store().settings.lang)), problem.fault.status
    return _users(made=(name, password))


def make_user(name: str, role: str, full_name: str) -> str:
    """A new account; its first password."""
    password = secrets.token_urlsafe(9)
    hashed = passwords.hash_password(password)
    records.add_user(access.store(), name, role, hashed, full_name=full_name, actor=access.user().name)
    return password


@pages.post("/tai-khoan/<name>")
def change_user(name: str) -> ResponseReturnValue:
    """Another role, closed or opened again, or a new password; the account's sessions end."""
    password = alter(name, request.form.get("act", ""), request.form.get("role", ""))
    return _users(made=(name, password)) if password else redirect(url_for("admin.users"), 303)


def alter(name: str, act: str, role: str) -> str | None:
    """Changes an account; the new password where that was asked. Nobody takes his own role or opens and closes himself."""
    store, actor = access.store(), access.user().name
    if name_key(name) == name_key(actor) and act != "password":
        raise Problem("forbidden")
    if act == "role":
        records.set_role(store, name, role, actor)
    elif act in ("open", "close"):
        records.set_active(store, name, act == "open", actor)
    elif act == "password":
        password = secrets.token_urlsafe(9)
        records.set_password(store, name, passwords.hash_password(password), actor)
        return password
    elif act == "unlock":
        records.unlock_user(store, name, actor)
    else:
        raise Problem("bad_request", why=act[:50])
    return None


def waits() -> dict[str, int]:
    """Accounts that somebody must wait for after wrong passwords, by the key of their name: the longest wait in seconds."""
    with access.store().db.reading() as session:
        return attempts.locked(session)


@pages.get("/he-thong")
def system() -> ResponseReturnValue:
    """Jobs, documents by status, the index, what was searched in vain, the settings in force; health when asked."""
    store = access.store()
    asked = "check" in request.args
    queue, counts = counted()
    return render_template(
        "admin/system.html",
        queue=queue,
        running=overview.running(store),
        failed=[(one, intake.fault_of(one)) for one in waiting.failed(store)],
        counts=counts,
        index=indexer.state(store),
        settings=overview.in_force(store.settings),
        in_vain=overview.in_vain(store),
        health=health.look(store) if asked else None,
        sizes=overview.sizes(store) if asked else None,
    )


def accounts() -> tuple[list[User], list[SignInAttempt]]:
    """All accounts, and the latest tries to sign in."""
    tries = select(SignInAttempt).order_by(SignInAttempt.id.desc()).limit(_MOST_TRIES)
    with access.store().db.reading() as session:
        return list(session.scalars(select(User).order_by(User.name))), list(session.scalars(tries))


def counted() -> tuple[jobs.QueueState, dict[str, int]]:
    """How the queue stands, and documents by status."""
    with access.store().db.reading() as session:
        rows = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
        return jobs.state(session), {row[0]: row[1] for row in rows}


def _users(made: tuple[str, str] | None = None, problem: str = "") -> str:
    (found, tries), locked = accounts(), waits()
    return render_template(
        "admin/users.html",
        users=[(one, locked.get(name_key(one.name), 0)) for one in found],
        attempts=tries,
        roles=ROLES,
        made=made,
        problem=problem,
    )
