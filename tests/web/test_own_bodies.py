"""The archive's own bodies by page, call and command: who may change them, what the list of conflicts
and the trail show then.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus.config import Settings
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.lifecycle import own_bodies
from tests.web.test_citations_by_hand import AG, KG, paper
from web.commands import own

SignIn = Callable[[str], FlaskClient]
PAGE, CALL = "/co-quan-cua-kho", "/api/own-bodies"


def by_page(client: FlaskClient, path: str, **sent: str) -> int:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/cua-toi").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **sent}).status_code


def by_call(client: FlaskClient, path: str, **sent: str) -> int:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/cua-toi").text)
    assert found is not None
    return client.post(path, json=sent, headers={"X-CSRFToken": found[1]}).status_code


def named(store: Store) -> list[tuple[str, str]]:
    with store.db.reading() as session:
        return [(one.name, one.symbol) for one in own_bodies.every(session)]


def trail(store: Store) -> list[tuple[str, str]]:
    with store.db.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.like("%own_body")).order_by(AuditRow.id))
        return [(one.actor, one.action) for one in rows]


@pytest.mark.parametrize(
    ("role", "page", "call"),
    [("reader", 403, 403), ("leader", 403, 403), ("clerk", 403, 403), ("auditor", 403, 403), ("admin", 200, 200)],
)
def test_only_an_administrator_sees_and_changes_them(
    role: str, page: int, call: int, filled: Store, sign_in: SignIn
) -> None:
    client = sign_in(role)
    allowed = role == "admin"
    assert (client.get(PAGE).status_code, client.get(CALL).status_code) == (page, call)
    assert by_page(client, PAGE, name=KG, symbol="UBND") == (303 if allowed else 403)
    assert by_call(client, CALL, name=AG, symbol="") == call
    assert named(filled) == ([(KG, "UBND"), (AG, "")] if allowed else [])
    assert by_page(client, f"{PAGE}/bo", name=KG, confirmed="1") == (303 if allowed else 403)
    assert by_call(client, f"{CALL}/remove", name=AG) == call
    assert named(filled) == []
    acts = ["add_own_body"] * 2 + ["remove_own_body"] * 2
    assert trail(filled) == ([("admin", act) for act in acts] if allowed else [])


def test_nobody_else_finds_a_link_to_them(filled: Store, sign_in: SignIn) -> None:
    assert f'href="{PAGE}"' in sign_in("admin").get("/mau-thuan").text
    assert f'href="{PAGE}"' not in sign_in("auditor").get("/mau-thuan").text


@pytest.mark.parametrize(
    ("sent", "call", "reason"),
    [
        ({"name": ""}, 400, "no name"),
        ({"name": "x" * 301}, 400, "a name beyond the column"),
        ({"name": KG, "symbol": "y" * 51}, 400, "a symbol beyond the column"),
        ({"name": "\x00\u202e"}, 422, "nothing that can be read"),
    ],
)
def test_bad_input_changes_nothing(
    sent: dict[str, str], call: int, reason: str, filled: Store, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    assert by_page(client, PAGE, **sent) == 422, reason
    assert by_call(client, CALL, **sent) == call, reason
    assert (named(filled), trail(filled)) == ([], [])


def test_what_was_typed_is_not_lost(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)
    assert found is not None
    page = client.post(PAGE, data={"csrf_token": found[1], "name": KG, "symbol": "<b>" + "y" * 60})
    assert page.status_code == 422 and f'value="{KG}"' in page.text and "<b>" not in page.text


def test_removal_is_asked_first_and_an_unknown_one_is_not_found(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    by_call(client, CALL, name=KG)
    assert by_page(client, f"{PAGE}/bo", name=KG) == 200
    assert named(filled) == [(KG, "")]
    assert by_page(client, f"{PAGE}/bo", name=AG, confirmed="1") == 404
    assert by_call(client, f"{CALL}/remove", name=AG) == 404


def test_a_body_named_again_gets_its_new_symbol_alone(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    by_page(client, PAGE, name=KG, symbol="UB")
    by_call(client, CALL, name="UBND tỉnh Kiên Giang", symbol="UBND")
    assert [symbol for _, symbol in named(filled)] == ["UBND"]


def test_gaps_come_and_go_with_the_body(filled: Store, sign_in: SignIn) -> None:
    for ordinal in (1, 2, 3, 4, 6):
        paper(filled, f"{ordinal}/KH-UBND", AG)
    client = sign_in("admin")

    def gaps() -> int:
        return len(client.get("/api/conflicts", query_string={"kind": "number_gap"}).json["conflicts"])  # type: ignore[index]

    assert gaps() == 0
    by_page(client, PAGE, name=AG, symbol="UBND")
    assert gaps() > 0
    by_page(client, f"{PAGE}/bo", name=AG, confirmed="1")
    assert gaps() == 0
    assert "cơ quan của kho" in client.get("/nhat-ky").text and AG in client.get("/nhat-ky").text


def test_the_command_and_the_page_keep_one_list(filled: Store, sign_in: SignIn, settings: Settings) -> None:
    run = CliRunner().invoke(own.own, ["add", AG, "--symbol", "UBND"], env={"VANBAN_HOME": str(settings.home)})
    assert (run.exit_code, run.exception) == (0, None)
    assert AG in sign_in("admin").get(PAGE).text
