"""Direction of a paper, with its evidence and its doubt, as a table with a reason for each row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.document import Box, Field, Fields, Incoming
from corpus.registers.direction import ISSUER, RECIPIENT, STAMP, OwnName, told

HEALTH = OwnName("Sở Y tế tỉnh Kiên Giang", ("Rạch Giá",))
COMMITTEE = OwnName("Ủy ban nhân dân tỉnh Kiên Giang")
BOX = (Box(0.1, 0.1, 0.4, 0.12),)


def at(value: str, **more: object) -> Field:
    return replace(Field(value, value, 0.95, page=1, boxes=BOX, rule="x"), **more)


def paper(issuer: str | None, *recipients: str, to: tuple[str, ...] = (), place: str = "Kiên Giang") -> Fields:
    return Fields(
        issuer=at(issuer) if issuer else None,
        place=at(place),
        addressees=tuple(at(one) for one in to),
        recipients=tuple(at(one) for one in recipients),
    )


OURS, THEIRS = "Sở Y tế tỉnh Kiên Giang", "Bộ Y tế"
CASES = [
    (paper(THEIRS, "Như trên", "Lưu: VT"), "incoming", ISSUER, "another body's paper is here: it came to us"),
    (paper(THEIRS, to=(OURS,)), "incoming", RECIPIENT, "addressed to us by full name"),
    (paper("UBND tỉnh Kiên Giang", "Sở Y tế", "Lưu: VT"), "incoming", RECIPIENT, "our short name, nearby"),
    (paper("UBND tỉnh Cà Mau", "Sở Y tế", place="Cà Mau"), "incoming", ISSUER, "another province's is not us"),
    (paper("UBND tỉnh Kiên Giang", "Sở Nội vụ, Sở Y tế"), "incoming", RECIPIENT, "named among others in one item"),
    (paper(OURS, "UBND tỉnh (b/c)", "Lưu: VT"), "outgoing", ISSUER, "somebody else gets it"),
    (paper("SỞ Y TẾ KIÊN GIANG", "Bộ Y tế"), "outgoing", ISSUER, "our name without its kind of place"),
    (paper(OURS, "Như trên", "Lưu: VT", to=("Các phòng thuộc Sở",)), "internal", RECIPIENT, "our own units alone"),
    (paper(OURS, "Ban Giám đốc", "Các phòng chuyên môn", "Lưu: VT"), "internal", RECIPIENT, "inside words alone"),
    (paper(OURS, "Các phòng", "Công an tỉnh"), "outgoing", ISSUER, "one outsider is enough"),
    (paper(OURS, "Như trên", "Lưu: VT"), None, "", "nobody named: nothing is said of where it goes"),
    (paper(OURS), None, "", "no list at all"),
    (paper(None), None, "", "nothing read"),
    (paper(None, OURS), "incoming", RECIPIENT, "an unread issuer, but we are its recipient"),
    (replace(paper("Trung tâm Kiểm soát bệnh tật"), superior=at(OURS)), None, "", "a unit of ours"),
    (replace(paper(THEIRS), incoming=Incoming(number=at("1021", review=True))), "incoming", STAMP, "stamped"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "value", "rule", "reason"), CASES)
def test_the_direction_follows_from_issuer_recipients_and_stamp(
    fields: Fields, value: str | None, rule: str, reason: str
) -> None:
    found = told(fields, [HEALTH]).direction
    assert (found and found.value, found.rule if found else "") == (value, rule), reason
    if found is not None:
        assert found.boxes == BOX and found.page == 1 and found.printed and not found.review, reason


def test_a_stamp_on_a_paper_of_ours_is_a_question() -> None:
    fields = replace(paper(OURS, "UBND tỉnh"), incoming=Incoming(number=at("12")))
    found = told(fields, [HEALTH]).direction
    assert found is not None and (found.value, found.review) == ("outgoing", True)
    assert [one.value for one in found.candidates] == ["incoming"]


def test_a_doubtful_issuer_leaves_a_doubtful_direction() -> None:
    fields = replace(paper(OURS, "UBND tỉnh"), issuer=at(OURS, review=True))
    found = told(fields, [HEALTH]).direction
    assert found is not None and (found.value, found.review) == ("outgoing", True)


def test_several_bodies_of_ours_write_to_each_other_within_the_house() -> None:
    found = told(paper(COMMITTEE.name, "Sở Y tế", "Lưu: VT"), [COMMITTEE, HEALTH]).direction
    assert found is not None and found.value == "internal"


def test_without_a_body_of_ours_only_a_stamp_says_anything() -> None:
    assert told(paper(THEIRS, OURS), []).direction is None
    stamp = at("incoming", rule=STAMP)
    assert told(replace(paper(THEIRS), direction=stamp), []).direction == stamp


def test_a_person_has_the_last_word() -> None:
    said = at("outgoing", rule="person")
    assert told(replace(paper(THEIRS), direction=said), [HEALTH]).direction == said


def test_a_direction_that_follows_no_more_goes() -> None:
    before = told(paper(THEIRS), [HEALTH])
    assert told(replace(before, issuer=at(OURS)), [HEALTH]).direction is None
