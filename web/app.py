"""The web application: its parts put together, its headers, and how a failure is shown."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request, url_for
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

from corpus.access.site_key import site_key
from corpus.config import Settings
from corpus.database.store import open_store
from corpus.errors import Problem
from web import access, metrics
from web.access import fronts, proof, sso
from web.api import account as api_account
from web.api import admin as api_admin
from web.api import documents as api_documents
from web.api import downloads as api_downloads
from web.api import queue as api_queue
from web.api import review as api_review
from web.api import trail as api_trail
from web.api.shapes import SECURITY_SCHEMES, ProblemBody
from web.pages import account, admin, downloads, feeds, groups, review, search, trail, upload
from web.present import agents, fields, problem_details
from web.present.catalogue import translator
from web.present.whole_number import MOST
from web.services import health

log = structlog.get_logger()

_FORM_ALLOWANCE = 1 << 20
_YEAR = 31_536_000
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
        validation_error_callback=api_documents.invalid,
    )
    behind, hosts = fronts.fronts_of(settings), fronts.hosts_of(settings)
    app.wsgi_app = fronts.BehindFronts(app.wsgi_app, behind)  # type: ignore[method-assign]
    app.url_map.converters["int"] = _Id
    app.extensions["vanban_store"] = open_store(settings)
    app.extensions["vanban_hosts"] = hosts
    app.config.update(
        SECRET_KEY=site_key(settings),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + _FORM_ALLOWANCE,
        MAX_FORM_MEMORY_SIZE=_FORM_ALLOWANCE,
        SESSION_COOKIE_NAME="__Host-vanban_form" if settings.secure_cookies else "vanban_form",
        SESSION_COOKIE_PATH="/",
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
    app.before_request(proof.ask_for_own_password)
    for part in (access, sso, account, feeds, downloads, search, upload, review, trail, admin, groups, metrics):
        app.register_blueprint(part.pages)
    for calls in (api_documents, api_downloads, api_review, api_queue, api_trail, api_account, api_admin):
        app.register_api(calls.calls)
    sso.set_up(app, settings)
    _furnish(app, settings)
    return app


class _Id(IntegerConverter):
    """A number in an address: what no database can hold names nothing, so it is a 404."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MOST, **options})


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
        max_upload=settings.max_upload_bytes,
        too_large_sentence=Problem("too_large", name="{name}", limit=_megabytes(settings)).message(settings.lang),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=fields.day, moment=fields.moment, slug=fields.slug, agent=agents.told)
    app.context_processor(lambda: {"user": g.get("user"), "language": settings.lang})


def _megabytes(settings: Settings) -> str:
    return f"{settings.max_upload_bytes >> 20} MB"


def _sentence(settings: Settings) -> Callable[[str], str]:
    return lambda code: health.Fault(code).message(settings.lang)


def _begin() -> None:
    """Every request has an ID, in its log lines and in its answer; one to a name that isn't ours goes no further."""
    g.began, g.request_id = time.perf_counter(), secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    fronts.check_host(request, current_app.extensions["vanban_hosts"])


def _logged_path() -> str:
    """The path as the log may hold it: a feed's address is a secret, of which its rule is told."""
    return "/tin/…" if request.path.startswith("/tin/") else request.path


def _headers(answer: Response) -> Response:
    if began := g.get("began"):
        answer.headers["X-Request-Id"] = g.request_id
        took, user = round((time.perf_counter() - began) * 1000), g.get("user")
        who = user.name if user else None
        log.info(
            "request",
            method=request.method,
            path=_logged_path(),
            status=answer.status_code,
            ms=took,
            user=who,
            address=request.remote_addr,
        )
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
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
        return answer, problem.fault.status, access.patience(problem)
    if problem.code == "sign_in" and request.headers.get("HX-Request") == "true":
        # A part of a page asks: the whole page goes to the sign-in page, and comes back to where it was.
        here = access.own_path(urlsplit(request.headers.get("HX-Current-URL", "")).path)
        return Response(status=401, headers={"HX-Redirect": url_for("access.sign_in", next=here or None)})
    if problem.code == "sign_in" and request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
        return Response(status=303, headers={"Location": url_for("access.sign_in", next=target)})
    entrance = url_for("access.sign_in", next=_came_from()) if problem.code == "sign_in" else None
    return (
        render_template("problem.html", message=message, code=problem.code, entrance=entrance),
        problem.fault.status,
        access.patience(problem),
    )


def _came_from() -> str:
    """The page whose form was sent: who signs in again finds it, with what it keeps of what was typed."""
    parts = urlsplit(request.referrer or "")
    return access.own_path(parts.path) if parts.netloc == request.host else ""


def _http_problem(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    if isinstance(error, MethodNotAllowed):
        body, status, headers = _problem_page(Problem("wrong_method", method=request.method[:20]))
        return body, status, {**headers, "Allow": ", ".join(sorted(error.valid_methods or ()))}
    return _problem_page(_of_http(error))


def _of_http(error: HTTPException) -> Problem:
    """The catalogue's word for what the framework refuses: status and body always say the same."""
    if isinstance(error, RequestEntityTooLarge):
        return _too_large()
    if isinstance(error, CSRFError):
        return Problem("form_expired")
    if isinstance(error, ClientDisconnected) and isinstance(error.__context__, TimeoutError):
        return Problem("too_slow")
    if error.code == 404:
        return Problem("not_found", what=_logged_path())
    return Problem("bad_request", why=error.description or error.name)


def _too_large() -> Problem:
    """Names the file that was too large, which stands at the body's start: nothing of it was parsed."""
    if request.endpoint not in access.UPLOADS:
        return Problem("body_too_large", limit=f"{(request.max_content_length or 0) >> 10} kB")
    limit, found = _megabytes(access.store().settings), None
    with suppress(OSError, ValueError):
        found = re.search(rb'filename="((?:[^"\\\r\n]|\\.){1,300})"', request.environ["wsgi.input"].read(4096))
    return Problem("too_large", name=found[1].decode("utf-8", "replace") if found else "?", limit=limit)


def _unexpected(error: Exception) -> Any:
    """The outermost wall: a fault of ours is logged under an ID that the person can tell, and shows no traceback."""
    fault = secrets.token_hex(4)
    log.error("request_failed", id=fault, path=_logged_path(), exc_info=error)
    return _problem_page(Problem("internal", id=fault))


def _is_program() -> bool:
    return request.path.startswith(("/api/", "/healthz", "/readyz")) or request.headers.get("X-Vanban") == "1"
