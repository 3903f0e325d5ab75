"""Known devices: a signed cookie of an earlier sign-in,
so that strangers' wrong passwords never make its owner wait.

It opens nothing: a device is only a source of its own to the throttle, with a cap of its own
(corpus.access.attempts).
"""

from __future__ import annotations

import secrets

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from web.access import cookies

_NAME = "vanban_device"
_LIFETIME = 400 * 86_400
"""Lifetime in seconds; browsers keep no cookie longer (RFC 6265bis)."""
_MOST = 5
"""Accounts known on one device: a desk that several people share."""


def known_for(user_id: int) -> str:
    """ID of the device if this account has signed in on it before, else an empty string."""
    device, users = _read()
    return device if user_id in users else ""


def remember(answer: Response, user_id: int) -> None:
    """Register this device as a known one of the account."""
    device, users = _read()
    kept = [user_id, *(one for one in users if one != user_id)][:_MOST]
    value = _signer().dumps([device or secrets.token_hex(6), kept])
    cookies.put(answer, _NAME, value if isinstance(value, str) else value.decode(), _LIFETIME)


def _read() -> tuple[str, list[int]]:
    given = cookies.read(request, _NAME)
    if not given or len(given) > 500:
        return "", []
    try:
        device, users = _signer().loads(given, max_age=_LIFETIME)
    except (BadData, ValueError, TypeError):
        return "", []
    return str(device), list(users)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="vanban known device")
