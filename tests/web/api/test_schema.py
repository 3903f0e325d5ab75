"""The API by its own description: schemathesis sends what the OpenAPI document allows and forbids; no answer is a
failure of ours, or another than is described.

VANBAN_TEST_EXAMPLES=200 asks each call more often than the few times of every run.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from corpus import records
from corpus.access import accounts
from corpus.config import Settings
from corpus.database.store import Store
from web import access
from web.app import create_app

CALLS = sorted(endpoint for endpoint, who in access.RULES.items() if endpoint.startswith("api") and "admin" in who)
HELD = st.sampled_from([1, 2, 3, 4])
"""Documents that there are: of one that is not, a call says little more than that."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
BASIC = {"Authorization": "Basic " + base64.b64encode(b"admin:mot-mat-khau-dai").decode()}
"""An administrator by name and password: no token changes accounts, roles or groups."""
FEW = settings(
    max_examples=int(os.environ.get("VANBAN_TEST_EXAMPLES", "6")),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def bearer(filled: Store) -> dict[str, str]:
    """An administrator's token, which needs no token of our pages beside it."""
    with filled.db.reading() as session:
        user_id = accounts.user_named(session, "admin").id
    secret = secrets.token_urlsafe(32)
    records.add_token(filled, user_id, access.token_hash(secret), "schemathesis", True, "admin")
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def description(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The description as a service gives it, the same for every store; its calls are sent to the app of a test."""
    home = tmp_path_factory.mktemp("described") / "home"
    shutil.copytree(model, home)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(Settings(_env_file=None, home=home)))


def described(description: Any, app: Flask, endpoint: str) -> Any:
    """What the description says of a call."""
    (rule,) = app.url_map.iter_rules(endpoint)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    description.app = app
    return description[path][method]


@pytest.mark.parametrize("endpoint", CALLS)
def test_no_call_fails_by_our_fault(endpoint: str, app: Flask, bearer: dict[str, str], description: Any) -> None:
    call = described(description, app, endpoint)

    @FEW
    @given(case=call.as_strategy(), document=HELD)
    def ask(case: Any, document: int) -> None:
        if "document_id" in (case.path_parameters or {}):
            case.path_parameters["document_id"] = document
        case.call_and_validate(headers=BASIC if endpoint.startswith("api_admin") else bearer, checks=CHECKS)

    ask()
