"""Answers that are given before the application is asked: a request that is too slow, too long or broken.

They follow the catalogue of failures as the application's own do: a page for people, problem+json for programs.
"""

from __future__ import annotations

import html
import json
from http import HTTPStatus

from corpus.errors import Language, Problem

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · vanban</title><link rel="stylesheet" href="/static/vendor/bootstrap.min.css">
<link rel="stylesheet" href="/static/vanban.css"></head>
<body><main id="main"><div class="narrow"><h1>{title}</h1><p class="notice bad" role="alert">{message}</p>
<p class="muted">{label}: <code>{code}</code></p><p><a class="btn btn-primary" href="/">{back}</a></p></div></main></body></html>
"""
_WORDS = {
    "vi": ("Không thực hiện được", "Mã", "Về trang tìm"),
    "en": ("That could not be done", "Code", "Back to the search"),
}
_HEADERS = (
    "Connection: close",
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
)
PROGRAMS = (b"/api/", b"/healthz", b"/readyz", b"/metrics")
"""Prefixes of the paths that programs call."""


def answer(problem: Problem, lang: Language, request_line: bytes = b"") -> bytes:
    """The whole HTTP answer to who sent this request line; the connection ends with it."""
    status = problem.fault.status
    parts = request_line.split(b" ")
    if len(parts) > 1 and parts[1].startswith(PROGRAMS):
        kind, body = "application/problem+json", _as_json(problem, lang)
    else:
        kind, body = "text/html; charset=utf-8", _as_page(problem, lang)
    data = body.encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(data)}",
        *_HEADERS,
        *(["Retry-After: 10"] if status == 503 else []),
    )
    whole = "\r\n".join(head).encode("ascii") + b"\r\n\r\n"
    return whole if parts[0] == b"HEAD" else whole + data


def _as_json(problem: Problem, lang: Language) -> str:
    told = {
        "type": "about:blank",
        "title": problem.message(lang),
        "status": problem.fault.status,
        "code": problem.code,
    }
    return json.dumps(told, ensure_ascii=False)


def _as_page(problem: Problem, lang: Language) -> str:
    title, label, back = _WORDS[lang]
    message = html.escape(problem.message(lang))
    return _PAGE.format(lang=lang, title=title, label=label, back=back, message=message, code=problem.code)
