"""`vanban group`: groups are made, joined and left, and a document is limited to one from the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from corpus import records
from corpus.access import groups
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from web.commands.group import group

HOME = "VANBAN_HOME"


def _run(store: Store, *args: str) -> Result:
    done = CliRunner().invoke(group, args, env={HOME: str(store.settings.home)}, catch_exceptions=True)
    assert not isinstance(done.exception, AssertionError)
    return done


@pytest.fixture
def kin(filled: Store) -> Store:
    assert _run(filled, "add", "Tổ kín").exit_code == 0
    return filled


def test_members_come_and_go(kin: Store) -> None:
    _run(kin, "join", "tổ KÍN", "reader")
    listed = json.loads(_run(kin, "list", "--json").stdout)
    assert listed == {"name": "Tổ kín", "members": ["reader"], "documents": 0}
    _run(kin, "leave", "Tổ kín", "reader")
    assert json.loads(_run(kin, "list", "--json").stdout)["members"] == []


def test_a_document_is_limited_by_its_number_and_opened_again(kin: Store) -> None:
    assert _run(kin, "limit", "31 kh ubnd", "Tổ kín").stdout == "Tổ kín\n"
    with kin.db.reading() as session:
        assert session.get_one(Document, 1).limited and groups.hidden_from(session, ()) == {1}
    assert isinstance(_run(kin, "remove", "Tổ kín").exception, Problem), "a document is limited to it"
    assert _run(kin, "limit", "1").stdout == "mọi người\n"
    assert _run(kin, "remove", "Tổ kín").exit_code == 0


def test_a_group_that_is_not_there_is_said_so(filled: Store) -> None:
    with pytest.raises(Problem) as caught:
        records.limit(filled, 1, ["không có"], "lan")
    assert caught.value.code == "not_found"
