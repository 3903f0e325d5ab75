"""Sign-in at the office's own identity provider (OpenID Connect, extra `sso`),
its claims mapped to a role of this archive.

The code flow with PKCE; state, nonce and verifier are kept in the signed cookie of the browser that began. Whoever
comes back is known by issuer and subject, never by a name, so no name at the provider takes over an account with a
password.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Flask, current_app, render_template, request, session
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import sign_in_names
from corpus.access.accounts import ROLES
from corpus.config import Settings
from corpus.errors import Problem
from web.access import fronts, permission, sessions

pages = Blueprint("sso", __name__)
log = structlog.get_logger()

_NAME = sign_in_names.PROVIDER
_FOLLOWING = "sso_following"
_AGAIN = "sso_again"
_SECONDS = 10
"""Timeout of a request to the provider."""
_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts without TLS for a provider: this machine only."""


def set_up(app: Flask, settings: Settings) -> None:
    """Set up the provider of the settings, without contacting it. Raises Problem("bad_value")."""
    app.extensions["vanban_sso"] = _client(app, settings) if settings.oidc_issuer else None


def offered() -> bool:
    """True if there is a provider to sign in at."""
    return current_app.extensions["vanban_sso"] is not None


@pages.get("/dang-nhap/co-quan")
def begin() -> ResponseReturnValue:
    """Redirect to the provider; afterwards back to the page asked for. `again`: ask for the password once more."""
    client = _ours()
    session[_AGAIN] = "again" in request.args
    session[_FOLLOWING] = sessions.own_path(request.args.get("next", ""))
    back_to, prompt = _back_address(), {"prompt": "login", "max_age": "0"} if session[_AGAIN] else {}
    try:
        answer: ResponseReturnValue = client.authorize_redirect(back_to, **prompt)
    except _faults_of_the_provider() as error:
        return _refusal(_unreachable(error))
    return answer


@pages.get("/dang-nhap/co-quan/ve")
def back() -> ResponseReturnValue:
    """Callback from the provider: verify its answer and start a session as after a password."""
    client = _ours()
    following, again = str(session.get(_FOLLOWING, "")), bool(session.get(_AGAIN))
    began = f"_state_{_NAME}_{request.args.get('state', '')}" in session
    try:
        claims = _claims(client)
        user_id = _account(claims)
    except Problem as problem:
        if began:
            # A call that no browser here began is nobody's try, and must not fill the trail.
            records.note_attempt(permission.store(), _NAME, request.remote_addr or "", False)
        return _refusal(problem)
    return sessions.signed_in(user_id, following, _proved_ago(claims, again))


def _proved_ago(claims: dict[str, Any], again: bool) -> timedelta | None:
    """Time since the person typed his password at the provider: `auth_time` (OpenID Connect Core, 2); without that
    claim known only when the provider was asked to have it typed.
    """
    at = claims.get("auth_time")
    if isinstance(at, (int, float)):
        return timedelta(seconds=max(0.0, min(time.time() - at, 10**8)))
    return timedelta(0) if again else None


def _ours() -> Any:
    client = current_app.extensions["vanban_sso"]
    if client is None:
        raise Problem("not_found", what=request.path)
    return client


def _client(app: Flask, settings: Settings) -> Any:
    if find_spec("authlib") is None:
        raise _bad("VANBAN_OIDC_ISSUER", settings.oidc_issuer, "cần phần mở rộng sso (pip install 'vanban[sso]')")
    parts = urlsplit(settings.oidc_issuer)
    if parts.scheme != "https" and parts.hostname not in _HOSTS:
        raise _bad("VANBAN_OIDC_ISSUER", settings.oidc_issuer, "cần https")
    role_of(settings, ())
    from authlib.integrations.flask_client import OAuth

    return OAuth(app).register(
        _NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.oidc_scope,
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )


def _claims(client: Any) -> dict[str, Any]:
    """The verified claims of the ID token; raises Problem("sso_refused"), Problem("sso_unreachable")."""
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    issuer = permission.store().settings.oidc_issuer
    wanted = {"iss": {"essential": True, "values": [issuer]}, "sub": {"essential": True}}
    try:
        token = client.authorize_access_token(claims_options=wanted)
    except RequestException as error:
        raise _unreachable(error) from error
    except (OAuthError, JoseError, ValueError, KeyError) as error:
        log.warning("sso_refused", why=f"{type(error).__name__}: {error}"[:200])
        raise Problem("sso_refused") from error
    except _faults_of_the_provider() as error:
        raise _unreachable(error) from error
    if not token.get("userinfo"):
        raise Problem("sso_refused")
    return dict(token["userinfo"])


def _faults_of_the_provider() -> tuple[type[Exception], ...]:
    """Errors that authlib and requests raise if the provider is away, or describes itself in a wrong form.

    RuntimeError is authlib's for an address missing in the provider's metadata; the other built-in ones come from
    metadata or keys of another form. Only calls of these libraries are guarded so, never code of ours.
    """
    from authlib.integrations.base_client import OAuthError
    from requests import RequestException

    return RequestException, OAuthError, OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError


def _account(claims: dict[str, Any]) -> int:
    """Return the account of these claims, added at the first sign-in, with the role that the claims give now."""
    settings = permission.store().settings
    role = role_of(settings, _values(claims, settings.oidc_role_claim))
    name = str(claims.get(settings.oidc_name_claim) or "").strip()
    identity = hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()
    if role is None:
        records.withdraw_elsewhere(permission.store(), identity)
    if role is None or not name:
        log.warning("sso_refused", why="no role" if name else f"no claim {settings.oidc_name_claim}")
        raise Problem("sso_refused")
    return records.sign_in_elsewhere(permission.store(), identity, name, str(claims.get("name") or ""), role)


def role_of(settings: Settings, values: tuple[str, ...]) -> str | None:
    """Map claim values to a role by the setting; of several the one with most rights; None if no value maps.

    Raises Problem("bad_value") for a setting that names no role.
    """
    pairs = [one.partition("=") for one in settings.oidc_roles.split(",") if one.strip()]
    mapped = {value.strip(): role.strip() for value, _, role in pairs}
    if unknown := sorted(set(mapped.values()) - set(ROLES)):
        raise _bad("VANBAN_OIDC_ROLES", unknown[0], ", ".join(ROLES))
    found = {mapped[value] for value in values if value in mapped}
    return max(found, key=ROLES.index, default=None)


def _values(claims: dict[str, Any], path: str) -> tuple[str, ...]:
    """Values of a claim by its path (`realm_access.roles`): a text or a list of texts."""
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return tuple(str(one) for one in found) if isinstance(found, list) else (str(found),) if found else ()


def _back_address() -> str:
    """Address that the provider returns to, as registered there, behind any front."""
    return fronts.absolute(permission.store().settings, "sso.back")


def _refusal(problem: Problem) -> ResponseReturnValue:
    session.clear()
    return render_template("access/sign_in.html", following="", problem=problem), problem.fault.status


def _unreachable(error: Exception) -> Problem:
    log.error("sso_unreachable", why=f"{type(error).__name__}: {error}"[:200], id=secrets.token_hex(4))
    return Problem("sso_unreachable")


def _bad(field: str, value: str, why: str) -> Problem:
    return Problem("bad_value", field=field, value=value, why=why)
