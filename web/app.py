"""The web application: blueprints, headers, and answers to failures."""

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
from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

from corpus.access.site_key import site_key
from corpus.cataloguing.tags import COLOURS
from corpus.config import Settings
from corpus.database.store import open_store
from corpus.errors import Problem
from web import access, metrics
from web.access import fronts, proof, share_door, sso
from web.api import account as api_account
from web.api import admin as api_admin
from web.api import cataloguing as api_cataloguing
from web.api import citations as api_citations
from web.api import copies as api_copies
from web.api import documents as api_documents
from web.api import downloads as api_downloads
from web.api import file_ends as api_file_ends
from web.api import files as api_files
from web.api import handover as api_handover
from web.api import queue as api_queue
from web.api import registers as api_registers
from web.api import review as api_review
from web.api import shares as api_shares
from web.api import sheets as api_sheets
from web.api import statistics as api_statistics
from web.api import trail as api_trail
from web.api import versions as api_versions
from web.api.shapes import SECURITY_SCHEMES, ProblemBody
from web.pages import (
    acceptance,
    account,
    admin,
    cataloguing,
    copies,
    downloads,
    feeds,
    file_ends,
    files,
    glance,
    groups,
    handover,
    own_bodies,
    paper,
    registers,
    review,
    search,
    shares,
    sheets,
    shelf,
    shell,
    statistics,
    trail,
    upload,
    versions,
)
from web.pages.compressed import compressed
from web.present import agents, fields, handover_words, problem_details
from web.present.catalogue import translator
from web.present.whole_number import MOST
from web.services import health, menu

log = structlog.get_logger()

_FORM_ALLOWANCE = 1 << 20
"""Bytes of a form beyond its file, and of a form without one."""
_OPENAPI_VERSION = "3.1.0"
"""Version of the OpenAPI Specification stated by the API's description: for clients of 3.1; nothing of 3.2 is
used."""
_YEAR = 31_536_000
"""Seconds; max-age of Strict-Transport-Security."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def create_app(settings: Settings) -> Flask:
    """Make the application on the store of these settings; scripts and styles come from its own files only."""
    app = OpenAPI(
        "web",
        info=Info(title="vanban", version="1"),
        doc_ui=False,
        security_schemes=SECURITY_SCHEMES,
        validation_error_status=400,
        validation_error_model=ProblemBody,
        validation_error_callback=api_documents.invalid,
    )
    app.openapi_version = _OPENAPI_VERSION
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
    app.before_request(proof.ask_for_own_factor)
    _register_pages(app)
    for calls in (
        api_documents,
        api_downloads,
        api_review,
        api_queue,
        api_trail,
        api_citations,
        api_registers,
        api_account,
        api_admin,
        api_handover,
        api_files,
        api_file_ends,
        api_copies,
        api_statistics,
        api_sheets,
        api_shares,
        api_versions,
        api_cataloguing,
    ):
        app.register_api(calls.calls)
    sso.set_up(app, settings)
    _furnish(app, settings)
    return app


def _register_pages(app: Flask) -> None:
    looking = (shell, feeds, downloads, search, paper, versions, shelf, trail, statistics)
    working = (upload, review, glance, sheets, registers, handover, files, copies)
    app.register_blueprint(file_ends.downloads)
    for part in (cataloguing.tags, cataloguing.own_fields, shares.links, shares.shared):
        app.register_blueprint(part)
    for pages in (access, sso, account, *looking, *working, admin, acceptance, groups, own_bodies, metrics):
        app.register_blueprint(pages.pages)


class _Id(IntegerConverter):
    """Number in an address; one beyond any ID is a 404."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MOST, **options})


def _furnish(app: Flask, settings: Settings) -> None:
    app.after_request(_headers)
    app.register_error_handler(Problem, _problem_page)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _internal_problem)
    app.jinja_env.globals.update(
        _=translator(settings.lang),
        lang=settings.lang,
        may=access.may,
        open_tasks=handover.in_menu,
        overdue_tasks=menu.overdue_tasks,
        waiting_papers=menu.waiting_papers,
        theme=_theme,
        kind_words=handover_words.KIND_WORDS,
        state_words=handover_words.STATE_WORDS,
        tag_colours=COLOURS,
        sso_offered=sso.offered,
        health_sentence=_sentence(settings),
        max_upload=settings.max_upload_bytes,
        read_only=settings.read_only,
        too_large_sentence=Problem("too_large", name="{name}", limit=_megabytes(settings)).message(settings.lang),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=fields.day, moment=fields.moment, slug=fields.slug, agent=agents.told)
    app.context_processor(lambda: {"user": g.get("user"), "language": settings.lang})


def _theme() -> str:
    """Theme that the person chose; without a choice light, until the page asks the system (theme.js)."""
    return "dark" if request.cookies.get("vanban_theme") == "dark" else "light"


def _megabytes(settings: Settings) -> str:
    return f"{settings.max_upload_bytes >> 20} MB"


def _sentence(settings: Settings) -> Callable[[str], str]:
    return lambda code: health.HealthFault(code).message(settings.lang)


def _begin() -> None:
    """Give the request an ID, for its log lines and its answer; refuse a request to another host name."""
    g.began, g.request_id = time.perf_counter(), secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    fronts.check_host(request, current_app.extensions["vanban_hosts"])


def _logged_path() -> str:
    """Path of the request for the log: the address of a feed or a share link is a secret and is shortened."""
    if request.path.startswith(share_door.PREFIX):
        return share_door.HIDDEN
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
    if request.endpoint == "static":
        answer = compressed(answer)
    else:
        answer.headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith(share_door.PREFIX):
        answer.headers.update(share_door.HEADERS)
    return answer


def _problem_page(problem: Problem) -> Any:
    """Page for people, problem+json for programs; without sign-in a redirect to the sign-in page."""
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
    kept = request.endpoint == "review.accept"  # the desk alone keeps drafts (draft.js)
    return (
        render_template("problem.html", message=message, code=problem.code, entrance=entrance, kept=kept),
        problem.fault.status,
        access.patience(problem),
    )


def _came_from() -> str:
    """Referrer path to return to after signing in again (the page restores its draft)."""
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
    """Problem of the catalogue for an error of the framework, so that status and body agree."""
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
    """Problem with the name of the file that was too large, from the body's start: nothing of it was parsed."""
    if request.endpoint not in access.UPLOADS:
        return Problem("body_too_large", limit=f"{(request.max_content_length or 0) >> 10} kB")
    limit, found = _megabytes(access.store().settings), None
    with suppress(OSError, ValueError):
        found = re.search(rb'filename="((?:[^"\\\r\n]|\\.){1,300})"', request.environ["wsgi.input"].read(4096))
    return Problem("too_large", name=found[1].decode("utf-8", "replace") if found else "?", limit=limit)


def _internal_problem(error: Exception) -> Any:
    """Log a fault of ours under an ID that the person can quote, and answer without a traceback."""
    fault = secrets.token_hex(4)
    log.error("request_failed", id=fault, path=_logged_path(), exc_info=error)
    return _problem_page(Problem("internal", id=fault))


def _is_program() -> bool:
    return request.path.startswith(("/api/", "/healthz", "/readyz")) or request.headers.get("X-Vanban") == "1"
