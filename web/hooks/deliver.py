"""Delivers documents on record to the address and the command of the settings, at least once each, in order."""

from __future__ import annotations

import http.client
import os
import shlex
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.records.hooks import DueDelivery
from web.hooks import payload

_ANSWER_SECONDS = 15
_CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
_COMMAND_SECONDS = 120
"""Both well below the lease of a delivery (corpus.records.hooks)."""


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """Outcome of one attempt: `state` as in the table of deliveries, `error` None if it was delivered."""

    taken: DueDelivery
    state: str
    error: str | None


def targets(settings: Settings) -> tuple[str, ...]:
    """The targets that the settings name; raises Problem("hook_missing") for none."""
    named = tuple(
        name for name, place in (("url", settings.hook_url), ("command", settings.hook_command)) if place
    )
    if not named:
        raise Problem("hook_missing")
    return named


def next_delivery(store: Store, target: str) -> DeliveryOutcome | None:
    """Try the next delivery that is due; None if there is none.

    A document that is no longer on record, or limited to groups, is left out without a word to the target.
    Raises Problem("hook_secret_unusable").
    """
    secret = payload.secret_of(store.settings)
    taken = records.take_hook(store, target)
    if taken is None:
        return None
    sent = payload.body(store, taken)
    error = None
    if sent is not None:
        error = (
            _post(store.settings, taken, sent, secret) if target == "url" else _run(store.settings, taken, sent)
        )
    return DeliveryOutcome(taken, records.settle_hook(store, taken, error), error)


def _post(settings: Settings, taken: DueDelivery, sent: bytes, secret: bytes) -> str | None:
    """Post a body; return the error, None for an answer of the 200s. A redirection is an error."""
    headers = {"Content-Type": "application/json", "User-Agent": "vanban", "X-Vanban-Delivery": str(taken.row)}
    if secret:
        headers[payload.SIGNATURE] = payload.signature(secret, int(time.time()), sent)
    try:
        place = urlsplit(settings.hook_url)
        connect = _CONNECTIONS.get(place.scheme)
        if connect is None or not place.hostname:
            return "not http(s)"
        connection = connect(place.hostname, place.port, timeout=_ANSWER_SECONDS)
        with closing(connection):
            connection.request("POST", urlunsplit(("", "", place.path or "/", place.query, "")), sent, headers)
            status = connection.getresponse().status
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    return None if 200 <= status < 300 else f"HTTP {status}"


def _run(settings: Settings, taken: DueDelivery, sent: bytes) -> str | None:
    """Run the command with a body on its standard input; return the error, None for exit code 0."""
    named = {"VANBAN_DOCUMENT": str(taken.document_id), "VANBAN_DELIVERY": str(taken.row)}
    try:
        done = subprocess.run(
            shlex.split(settings.hook_command), input=sent, env={**os.environ, **named}, timeout=_COMMAND_SECONDS,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"> {_COMMAND_SECONDS} s"
    except (OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if done.returncode == 0:
        return None
    return f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace').strip()[-200:]}"
