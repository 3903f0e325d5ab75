"""The API against its own description: whatever is sent to a call that it names,
the answer is no failure of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SignIn = Callable[[str], FlaskClient]
LEFT_OUT = {"/healthz", "/readyz", "/api/docs/{file}"}
ODD = st.one_of(
    st.text(max_size=40),
    st.integers(min_value=-(2**70), max_value=2**70).map(str),
    st.sampled_from(
        ["", "0", "1", "3", "-1", "1e9", "null", "%00", "' OR 1=1 --", "../../etc/passwd", "𝕏", "\u202e"]
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def calls(app: Flask) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, address and description of each call."""
    described = app.test_client().get("/api/openapi.json").json["paths"]
    return [
        (method, path, call)
        for path, calls in sorted(described.items())
        for method, call in calls.items()
        if path not in LEFT_OUT
    ]


def _sent(data: st.DataObject, call: dict[str, Any], path: str) -> tuple[str, dict[str, str]]:
    query = {}
    for parameter in call.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "path":
            number = data.draw(st.sampled_from(["1", "2", "3", "4", "0", "99", str(2**63), "x"]), label=name)
            path = path.replace(f"{{{name}}}", number)
        elif data.draw(st.booleans(), label=f"{name} is sent"):
            query[name] = data.draw(ODD, label=name)
    return path, query


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_that_is_sent_makes_a_failure_of_ours(
    data: st.DataObject, calls: list[tuple[str, str, dict[str, Any]]], sign_in: SignIn
) -> None:
    method, path, call = data.draw(st.sampled_from(calls), label="call")
    path, query = _sent(data, call, path)
    client = sign_in(data.draw(st.sampled_from(["admin", "reader"]), label="role"))
    body = data.draw(JSON, label="body") if method != "get" else None
    headers = {"X-CSRFToken": _token(client)} if method != "get" else {}
    answer = client.open(path, method=method.upper(), query_string=query, json=body, headers=headers)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json" and {"code", "status", "title"} <= set(answer.json)


def _token(client: FlaskClient) -> str:
    return client.get("/dang-nhap").text.partition('name="csrf" content="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"revision": 1, "values": {"number": None}}, "no value"),
        ({"revision": 10**30, "values": {}}, "a revision that no column holds"),
        ({"revision": 1, "values": {"recipients": ["a"] * 2000}}, "more recipients than any paper has"),
        ({"revision": 1, "values": {"subject": "x" * 100_000}}, "longer than any subject"),
        ({"revision": 1, "values": {"password_hash": "x"}}, "no field of a record"),
        ([], "no object"),
    ],
)
def test_values_that_make_no_sense_are_told(body: object, why: str, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    answer = client.post("/api/documents/3/accept", json=body, headers={"X-CSRFToken": _token(client)})
    assert 400 <= answer.status_code < 500, why
