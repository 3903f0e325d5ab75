"""Corrections teach spelling, and nothing but spelling."""

from __future__ import annotations

import pytest

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Field, Fields, Page, Reading, SourceFile
from corpus.json_shapes import fields_from_json
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store


def read(store: Store, name: str, issuer: str, *recipients: str, number: str = "1/KH-SYT") -> int:
    sha256 = content_store.put_original(store, name.encode())
    document_id = records.receive(store, sha256, f"{name}.txt", "text/plain", 1, "lan").document_id
    fields = Fields(
        number=Field(number, number, 1.0),
        issuer=Field(issuer, issuer, 0.9, review=True),
        recipients=tuple(Field(value, value, 0.9) for value in recipients),
    )
    source = SourceFile(f"{name}.txt", sha256, "text/plain", 1, 1)
    records.propose(store, document_id, Reading(source, (Page(1, "text", "?"),), fields))
    return document_id


def fields_of(store: Store, document_id: int) -> Fields:
    with store.db.reading() as session:
        return fields_from_json(session.get_one(Document, document_id).fields or {})


def test_a_misread_issuer_and_recipient_are_known_the_next_time(store: Store) -> None:
    first = read(store, "a", "Sở Y tế tỉnh Kiên Glang", "Như trẽn", "Lưu: VT")
    values = {"issuer": "Sở Y tế tỉnh Kiên Giang", "recipients": ["Như trên", "Lưu: VT"]}
    records.accept(store, first, dict(values), "lan", None, confirm=ASKED)
    fields = fields_of(store, read(store, "b", "Sở Y tế tỉnh Kiên Glang", "Lưu: VT", "Như trẽn"))
    assert fields.issuer is not None
    assert (fields.issuer.value, fields.issuer.printed, fields.issuer.rule) == (
        "Sở Y tế tỉnh Kiên Giang",
        "Sở Y tế tỉnh Kiên Glang",
        "learned",
    )
    assert fields.issuer.review, "what was to be looked at stays so"
    assert [one.value for one in fields.recipients] == ["Lưu: VT", "Như trên"]


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("Sở Y tế tỉnh Kiên Giang", "Ủy ban nhân dân huyện Gò Quao", "another body is no other spelling"),
        ("", "Sở Y tế tỉnh Kiên Giang", "nothing was read"),
        ("Sở Y tế tỉnh Kiên Giang", "", "taken out"),
    ],
)
def test_what_is_no_spelling_teaches_nothing(was: str, now: str, why: str, store: Store) -> None:
    records.accept(store, read(store, "a", was or "?"), {"issuer": now}, "lan", None, confirm=ASKED)
    fields = fields_of(store, read(store, "b", was or "?"))
    assert fields.issuer is not None and fields.issuer.value == (was or "?"), why


def test_a_name_on_record_is_never_rewritten(store: Store) -> None:
    """A document given to the wrong one of two sound bodies must not turn all others over."""
    records.accept(store, read(store, "a", "Sở Y tế tỉnh Kiên Giang"), {}, "lan", None, confirm=ASKED)
    records.accept(
        store,
        read(store, "b", "Sở Y tế tỉnh Kiên Giang"),
        {"issuer": "Sở Y tế tỉnh An Giang"},
        "lan",
        None,
        confirm=ASKED,
    )
    fields = fields_of(store, read(store, "c", "Sở Y tế tỉnh Kiên Giang"))
    assert fields.issuer is not None and fields.issuer.value == "Sở Y tế tỉnh Kiên Giang"


def test_a_number_is_never_learned(store: Store) -> None:
    records.accept(store, read(store, "a", "Sở Y tế"), {"number": "7/KH-SYT"}, "lan", None, confirm=ASKED)
    fields = fields_of(store, read(store, "b", "Sở Y tế"))
    assert fields.number is not None and fields.number.value == "1/KH-SYT"


def test_what_the_machine_read_is_kept_beside_what_was_learned(store: Store) -> None:
    records.accept(store, read(store, "a", "Sở Y tê"), {"issuer": "Sở Y tế"}, "lan", None, confirm=ASKED)
    number = read(store, "b", "Sở Y tê")
    with store.db.reading() as session:
        machine = session.get_one(Document, number).machine or {}
    assert machine["fields"]["issuer"]["value"] == "Sở Y tê"
