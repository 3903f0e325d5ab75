"""The web application: its parts put together, its headers, and how a failure is shown."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, jsonify, render_template, request, url_for
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from corpus.config import Settings
from corpus.errors import Problem
from corpus.store import open_store
from web import (
    access,
    admin,
    api,
    api_admin,
    api_desk,
    api_lists,
    api_own,
    api_queue,
    api_trail,
    feeds,
    groups,
    health,
    intake,
    lists,
    lookup,
    metrics,
    own,
    problem_details,
    review,
    shown,
    sso,
    trail,
)
from web.shapes import SECURITY_SCHEMES, ProblemBody
from web.texts import translator

log = structlog.get_logger()

_FORM_ALLOWANCE = 1 << 20
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(settings: Settings) -> Flask:
    """The application on the store of these settings; `script` and style only ever come from its own files."""
    app = OpenAPI(
        "web",
        info=Info(title="vanban", version="1"),
        doc_ui=False,
        security_schemes=SECURITY_SCHEMES,
        validation_error_status=400,
        validation_error_model=ProblemBody,
        validation_error_callback=api.invalid,
    )
    app.extensions["vanban_store"] = open_store(settings)
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + _FORM_ALLOWANCE,
        MAX_FORM_MEMORY_SIZE=_FORM_ALLOWANCE,
        SESSION_COOKIE_NAME="vanban_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    access.csrf.init_app(app)
    app.before_request(_begin)
    app.before_request(access.guard)
    for part in (access, sso, own, feeds, lists, lookup, intake, review, trail, admin, groups, metrics):
        app.register_blueprint(part.pages)
    for calls in (api, api_lists, api_desk, api_queue, api_trail, api_own, api_admin):
        app.register_api(calls.calls)
    sso.set_up(app, settings)
    _furnish(app, settings)
    return app


def _furnish(app: Flask, settings: Settings) -> None:
    app.after_request(_headers)
    app.register_error_handler(Problem, _problem_page)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected)
    app.jinja_env.globals.update(
        _=translator(settings.lang),
        lang=settings.lang,
        may=access.may,
        sso_offered=sso.offered,
        health_sentence=_sentence(settings),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=shown.day, moment=shown.moment, slug=shown.slug)
    app.context_processor(lambda: {"user": g.get("user"), "language": settings.lang})


def _sentence(settings: Settings) -> Callable[[str], str]:
    return lambda code: health.Fault(code).message(settings.lang)


def _secret_key(settings: Settings) -> str:
    """The configured key, else one made once in the store's folder; a file of another process wins."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path = settings.home / "secret.key"
    draft = path.with_name(f".secret.{secrets.token_hex(8)}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text()


def _begin() -> None:
    """Every request has an ID, in its log lines and in its answer."""
    g.began, g.request_id = time.perf_counter(), secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _headers(answer: Response) -> Response:
    if began := g.get("began"):
        answer.headers["X-Request-Id"] = g.request_id
        took, user = round((time.perf_counter() - began) * 1000), g.get("user")
        who = user.name if user else None
        log.info("request", method=request.method, path=request.path, status=answer.status_code, ms=took, user=who)
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _problem_page(problem: Problem) -> Any:
    """As a page for people, as problem+json for programs; who isn't signed in goes to the sign-in page."""
    settings = access.store().settings
    message = problem.message(settings.lang)
    if _is_program():
        body = {"type": "about:blank", "title": message, "status": problem.fault.status, "code": problem.code}
        body |= problem_details.details(problem, settings.lang)
        answer = jsonify(body)
        answer.mimetype = "application/problem+json"
        return answer, problem.fault.status, _patience(problem)
    if problem.code == "sign_in" and request.method == "GET":
        target = request.full_path.rstrip("?")
        return Response(status=303, headers={"Location": url_for("access.sign_in", next=target)})
    entrance = url_for("access.sign_in", next=_came_from()) if problem.code == "sign_in" else None
    return (
        render_template("problem.html", message=message, code=problem.code, entrance=entrance),
        problem.fault.status,
        _patience(problem),
    )


def _came_from() -> str:
    """The page whose form was sent: who signs in again finds it, with what it keeps of what was typed."""
    parts = urlsplit(request.referrer or "")
    return access.own_path(parts.path) if parts.netloc == request.host else ""


def _patience(problem: Problem) -> dict[str, str]:
    """When a program may try again what can't be done just now."""
    if problem.fault.status == 429:
        return {"Retry-After": str(problem.facts.get("seconds", 60))}
    return {"Retry-After": "10"} if problem.fault.status in (503, 507) else {}


def _http_problem(error: HTTPException) -> Any:
    if isinstance(error, RequestEntityTooLarge):
        limit = f"{access.store().settings.max_upload_bytes >> 20} MB"
        return _problem_page(Problem("too_large", name="?", limit=limit))
    if error.code is not None and error.code < 400:
        return error
    if error.code == 404:
        return _problem_page(Problem("not_found", what=request.path))
    page = _problem_page(Problem("bad_request", why=error.description or error.name))
    return page[0], error.code or 400


def _unexpected(error: Exception) -> Any:
    """The outermost wall: a fault of ours is logged under an ID that the person can tell, and shows no traceback."""
    fault = secrets.token_hex(4)
    log.error("request_failed", id=fault, path=request.path, exc_info=error)
    return _problem_page(Problem("internal", id=fault))


def _is_program() -> bool:
    return request.path.startswith(("/api/", "/healthz", "/readyz")) or request.headers.get("X-Vanban") == "1"
