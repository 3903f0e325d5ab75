"""This site's cookies: closed to scripts and other sites,
and over TLS bound to this very host (`__Host-`, RFC 6265bis).
"""

from __future__ import annotations

from flask import Request, current_app
from werkzeug.wrappers import Response

_BOUND = "__Host-"


def name_of(name: str) -> str:
    """Name of a cookie in this site's form: one with the prefix can't be set by a neighbouring host or without
    TLS.
    """
    return f"{_BOUND}{name}" if _secure() else name


def read(request: Request, name: str) -> str | None:
    """Value of a cookie that the browser sent; None without it."""
    return request.cookies.get(name_of(name))


def put(answer: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie in the browser for this number of seconds."""
    answer.set_cookie(
        name_of(name), value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=_secure()
    )


def drop(answer: Response, name: str) -> None:
    """Remove a cookie from the browser."""
    answer.delete_cookie(name_of(name), path="/", secure=_secure(), httponly=True, samesite="Lax")


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
