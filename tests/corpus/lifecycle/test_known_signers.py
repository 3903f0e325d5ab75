"""A doubted signer compared with who has signed for the same body: settled, completed, or left for a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.document import Candidate, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.lifecycle.known_signers import KnownSigner, compared
from corpus.originals import content_store

DAY = date(2022, 6, 1)
ISSUER = "Sở Y tế tỉnh Kiên Giang"
CHIEF = KnownSigner("Lê Hoàng Anh", "GIÁM ĐỐC", None)
DEPUTY = KnownSigner("Hà Văn Phúc", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")


def said(value: str | None, *, review: bool = False, others: tuple[str, ...] = ()) -> Field | None:
    candidates = tuple(Candidate(other, 0.4) for other in others)
    return None if value is None else Field(value, value, 0.7, review, 1, (), "", candidates)


def signer(name: str | None, title: str, authority: str | None = None, *, doubted: str) -> Signer:
    return Signer(
        said(authority, review="authority" in doubted),
        said(title, review="title" in doubted),
        said(name, review="name" in doubted),
    )


@pytest.mark.parametrize(
    ("read", "known", "name", "open_parts", "why"),
    [
        (signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="name title"), [CHIEF] * 3, "Lê Hoàng Anh", "",
         "known by both"),
        (signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="title"), [CHIEF] * 3, "Lê Hoàng Anh", "", "a known chief"),
        (signer("Hà Văn Phúc", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC", doubted="authority"), [DEPUTY] * 3,
         "Hà Văn Phúc", "", "what he signs as"),
        (signer("Hà Văn Phúc", "GIÁM ĐỐC", doubted="title"), [DEPUTY] * 3, "Hà Văn Phúc", "title",
         "a deputy does not pass for his chief"),
        (signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="name"), [CHIEF] * 2, "Lê Hoàng Anh", "name",
         "two papers may share one mistake"),
        (signer("Hoàng Anh", "GIÁM ĐỐC", doubted="name title"), [CHIEF] * 3, "Lê Hoàng Anh",
         "name title", "completed, and asked"),
        (signer("Tạ Hoàng Anh", "GIÁM ĐỐC", doubted="name"), [CHIEF] * 3, "Tạ Hoàng Anh", "name",
         "somebody else?"),
        (signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="name"),
         [*[CHIEF] * 3, KnownSigner("Tạ Quang Anh", None, None)], "Lê Hoàng Anh", "name",
         "two of that given name"),
        (signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="title"),
         [*[CHIEF] * 3, KnownSigner("Lê Hoàng Anh", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")], "Lê Hoàng Anh", "title",
         "a deputy who became chief"),
        (signer(None, "GIÁM ĐỐC", doubted="title"), [CHIEF] * 3, None, "title", "nobody to compare"),
        (signer("Trần An", "GIÁM ĐỐC", doubted=""), [CHIEF] * 3, "Trần An", "", "what is not doubted stays"),
    ],
)  # fmt: skip
def test_signer_after_the_known_ones(
    read: Signer, known: list[KnownSigner], name: str | None, open_parts: str, why: str
) -> None:
    found = compared(read, known)
    parts = {"authority": found.authority, "name": found.name, "title": found.title}
    assert (found.name and found.name.value) == name, why
    assert {part for part, one in parts.items() if one and one.review} == set(open_parts.split()), why


def test_known_candidate_comes_first_and_stays_a_question() -> None:
    name = said("Tạ Hoàng Anh", review=True, others=("Lê Hoàng Anh",))
    found = compared(Signer(None, None, name), [CHIEF] * 3).name
    assert found is not None
    assert (found.value, found.review) == ("Lê Hoàng Anh", True)
    assert [one.value for one in found.candidates] == ["Lê Hoàng Anh", "Tạ Hoàng Anh"]


@pytest.fixture
def store(settings: Settings) -> Store:
    return open_store(settings)


def put(store: Store, ordinal: int, day: date, signed: Signer, issuer: str = ISSUER) -> Document:
    data = f"{ordinal} {day} {issuer}".encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", auto_accept=True)
    fields = Fields(
        number=said(f"{ordinal}/KH-SYT"), date=said(day.isoformat()), issuer=said(issuer),
        doc_type=said("Kế hoạch"), subject=said("Triển khai"), signer=signed,
    )  # fmt: skip
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "text", "Kế hoạch"),), fields))
    with store.db.reading() as session:
        return session.get_one(Document, receipt.document_id)


SURE = signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="")
DOUBTED = signer("Lê Hoàng Anh", "GIÁM ĐỐC", doubted="name title")


@pytest.mark.parametrize(
    ("issuer", "days", "status", "why"),
    [
        (ISSUER, 30, "accepted", "three papers on record bear him"),
        ("Sở Y tế tỉnh An Giang", 30, "review", "of another office"),
        (ISSUER, 1200, "review", "of another time"),
    ],
)
def test_doubted_signer_against_the_record(store: Store, issuer: str, days: int, status: str, why: str) -> None:
    for number in (380, 381, 382):
        assert put(store, number, DAY, SURE, issuer).status == "accepted"
    found = put(store, 390, DAY + timedelta(days=days), DOUBTED)
    assert found.status == status, why
    machine = (found.machine or {})["fields"]["signer"]["title"]
    assert machine["review"], "the machine's own reading is kept"
