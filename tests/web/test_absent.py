"""A citation of a hidden document reads everywhere as one of a document that is not held:
no list tells them apart.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from corpus import records
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.originals import content_store

SignIn = Callable[[str], FlaskClient]
ISSUER = "Ủy ban nhân dân tỉnh Kiên Giang"


def _add(store: Store, number: str, *cites: Citation) -> int:
    data = f"Số: {number}".encode()
    sha256 = content_store.put_original(store, data)
    document_id = records.receive(store, sha256, "a.txt", "text/plain", len(data), "lan").document_id
    values = {"number": number, "date": "2024-05-06", "issuer": ISSUER, "doc_type": "Kế hoạch", "subject": "Việc"}
    read = {name: Field(value, value, 0.9, page=1, rule="test") for name, value in values.items()}
    fields = Fields(**read, signer=Signer(name=Field("Lê Văn A", "Lê Văn A", 0.9, page=1)))
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, document_id, Reading(source, (Page(1, "text", f"Số: {number}"),), fields, cites))
    records.accept(store, document_id, {}, "lan", None)
    return document_id


def _cites(number: str) -> Citation:
    return Citation(f"Kế hoạch số {number}", "implements", "Kế hoạch", number, "2024-05-06", ISSUER, page=1)


@pytest.fixture
def hidden(filled: Store) -> int:
    """777 is limited to a group of nobody here; one document cites it and 888, which is not held;
    another cites 777.
    """
    secret = _add(filled, "777/KH-UBND")
    _add(filled, "17/KH-UBND", _cites("777/KH-UBND"), _cites("888/KH-UBND"))
    _add(filled, "18/KH-UBND", _cites("777/KH-UBND"))
    records.add_group(filled, "Nhóm", "admin")
    records.limit(filled, secret, ["Nhóm"], "admin")
    return secret


def _wanted(client: FlaskClient) -> dict[str, int]:
    told: Any = client.get("/api/wanted?limit=200").json
    return {one["label"]: one["count"] for one in told["wanted"]}


def test_the_wanted_list_has_it_for_who_may_not_see_it(hidden: int, sign_in: SignIn) -> None:
    auditor, admin = sign_in("auditor"), sign_in("admin")
    assert _wanted(auditor)["777/KH-UBND"] == 2 and _wanted(auditor)["888/KH-UBND"] == 1
    assert "777/KH-UBND" not in _wanted(admin), "it is held for who sees it"
    page = auditor.get("/can-tim").text
    table = list(csv.reader(auditor.get("/can-tim.csv").data.decode("utf-8-sig").splitlines()))
    assert "777/KH-UBND" in page and "777/KH-UBND" in [row[0] for row in table]


def test_a_file_of_citations_tells_it_as_the_other(hidden: int, sign_in: SignIn) -> None:
    rows = list(csv.DictReader(sign_in("auditor").get("/vien-dan.csv").data.decode("utf-8-sig").splitlines()))
    by_number = {row["number"]: row for row in rows if row["source_number"] == "17/KH-UBND"}
    one, other = by_number["777/KH-UBND"], by_number["888/KH-UBND"]
    assert (one["status"], one["target"]) == (other["status"], other["target"]) == ("wanted", "")
    assert one["wanted"] == other["wanted"].replace("888", "777")


def test_the_graph_has_a_node_for_it_like_the_other(hidden: int, sign_in: SignIn) -> None:
    root = ElementTree.fromstring(sign_in("auditor").get("/vien-dan.graphml").data)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {node.get("id"): [data.get("key") for data in node] for node in root.iter(f"{space}node")}
    edges = {(edge.get("source"), edge.get("target")) for edge in root.iter(f"{space}edge")}
    one, other = (next(key for key in nodes if key and number in key) for number in ("777", "888"))
    assert nodes[one] == nodes[other] and {target for _, target in edges} >= {one, other}
    assert not any(end == f"d{hidden}" for edge in edges for end in edge)


def test_one_that_may_mean_several_hidden_ones_is_wanted_too(filled: Store, hidden: int, sign_in: SignIn) -> None:
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(
            text(
                "UPDATE citations SET status = 'ambiguous', target_id = NULL, candidates = :ids WHERE target_id "
                "= :one"
            ),
            {"ids": f"[{hidden}]", "one": hidden},
        )
    assert _wanted(sign_in("auditor"))["777/KH-UBND"] == 2
