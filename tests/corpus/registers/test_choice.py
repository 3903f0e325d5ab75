"""Choice of the register that a paper goes into: a row for each rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.registers.choice import Book, PaperKind, chosen, kind_of_sender, sender_kinds

DECISIONS = Book("quyet-dinh", "outgoing", "Sổ quyết định", types=("Quyết định",))
LETTERS = Book("cong-van", "outgoing", "Sổ công văn", types=("Công văn",), first_year=2026)
PARTY = Book("dang-uy", "outgoing", "Sổ văn bản của Đảng ủy", body=2)
PARTY_DECISIONS = Book("qd-dang-uy", "outgoing", "Sổ quyết định của Đảng ủy", body=2, types=("Quyết định",))
MINISTRIES = Book("trung-uong", "incoming", "Sổ đến Trung ương", senders=("Trung ương",))
HEALTH = Book("y-te", "incoming", "Sổ đến ngành y tế", senders=("Sở Y tế", "Bộ Y tế"))
PETITIONS = Book("don-thu", "incoming", "Sổ đơn thư", senders=("Công dân, đơn thư",))
BY_HAND = Book("rieng", "outgoing", "Sổ vào bằng tay")
BOOKS = (BY_HAND, DECISIONS, LETTERS, PARTY, PARTY_DECISIONS, MINISTRIES, HEALTH, PETITIONS)


@pytest.mark.parametrize(
    ("kind", "year", "paper", "code", "reason"),
    [
        ("outgoing", 2026, PaperKind("Quyết định", "UBND xã"), "quyet-dinh", "by its type"),
        ("outgoing", 2026, PaperKind("QUYẾT ĐỊNH", ""), "quyet-dinh", "however the type is written"),
        ("outgoing", 2026, PaperKind("Kế hoạch", ""), "", "the rest"),
        ("outgoing", 2026, PaperKind("", ""), "", "nothing is known of it"),
        ("outgoing", 2025, PaperKind("Công văn", ""), "", "a register that is not kept yet"),
        ("outgoing", 2026, PaperKind("Kế hoạch", "", frozenset({2})), "dang-uy", "its body's own register"),
        ("outgoing", 2026, PaperKind("Công văn", "", frozenset({2})), "dang-uy", "the body goes before the type"),
        (
            "outgoing",
            2026,
            PaperKind("Quyết định", "", frozenset({2})),
            "qd-dang-uy",
            "body and type",
        ),
        ("outgoing", 2026, PaperKind("Quyết định", "", frozenset({1})), "quyet-dinh", "another body has none"),
        ("internal", 2026, PaperKind("Quyết định", ""), "", "a register of another direction"),
        ("incoming", 2026, PaperKind("Thông tư", "Bộ Y tế"), "trung-uong", "among equals the first"),
        ("incoming", 2026, PaperKind("Công văn", "Sở Y tế tỉnh Kiên Giang"), "y-te", "the first words of a name"),
        (
            "incoming",
            2026,
            PaperKind("Công văn", "Bộ Chỉ huy quân sự tỉnh"),
            "",
            "no ministry",
        ),
        ("incoming", 2026, PaperKind("Đơn", ""), "don-thu", "no issuing body"),
        ("incoming", 2026, PaperKind("Công văn", "Sở Nội vụ"), "", "a sender that no register asks for"),
    ],
)
def test_the_register_of_a_paper(kind, year: int, paper: PaperKind, code: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    found = chosen(BOOKS, kind, year, paper)
    assert (found.code if found else "") == code, reason


@pytest.mark.parametrize(
    ("issuer", "kind", "reason"),
    [
        ("Bộ Nội vụ", "Trung ương", "a ministry"),
        ("Bộ Tư lệnh Quân khu 9", "Quân đội, công an", "the longest words decide"),
        ("UBND tỉnh An Giang", "HĐND, UBND", "abbreviated"),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam xã", "Mặt trận, đoàn thể, hội", "a front, no committee of the people"),
        ("Bội Ngọc", "", "whole words only"),
        ("", "Công dân, đơn thư", "nobody"),
    ],
)
def test_the_kind_of_a_sender(issuer: str, kind: str, reason: str) -> None:
    assert kind_of_sender(issuer) == kind, reason
    assert kind in ("", *sender_kinds())


@given(st.permutations(BOOKS), st.sampled_from(["Quyết định", "Công văn", "Kế hoạch"]))
def test_the_order_of_registers_decides_among_equals_alone(books: list[Book], doc_type: str) -> None:
    """Whatever the order, a paper of a body goes into a register of that body."""
    found = chosen(books, "outgoing", 2026, PaperKind(doc_type, "", frozenset({2})))
    assert found is not None and found.body == 2 and (not found.types or doc_type in found.types)
