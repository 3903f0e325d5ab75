"""The check before going on record: what a paper may say without a question, and what is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.document import Field, Fields, Signer
from corpus.errors import CAUTIONS, FIELD_LABELS
from corpus.lifecycle.doubts import ASKED, Context, doubts
from corpus.lifecycle.flat_fields import EDITABLE
from corpus.lifecycle.number_neighbours import Neighbours

TODAY = date(2026, 11, 30)
CONTEXT = Context(TODAY)
RUN = Neighbours(date(2024, 5, 6), ((date(2024, 5, 3), 30),), ((date(2024, 5, 9), 40),))


def record(**said: str | None) -> Fields:
    """A sound record with some of its values changed; None takes one out."""
    values: dict[str, str | None] = {
        "number": "05/CT-UBND", "date": "2024-05-06", "doc_type": "Chỉ thị", "subject": "Về việc tiêm chủng",
        "issuer": "Ủy ban nhân dân tỉnh Kiên Giang", "signer": "Nguyễn Văn A", **said,
    }  # fmt: skip
    made = {name: Field(value, value, 1.0) for name, value in values.items() if value is not None}
    signer = Signer(name=made.pop("signer", None))
    return replace(Fields(signer=signer), **made)


SOUND = (
    ({}, "as it should be"),
    ({"number": "2096/SYT-NVY", "doc_type": "Công văn", "issuer": "Sở Y tế tỉnh Kiên Giang"},
     "a letter names no type"),
    ({"number": "12/CT-TTHT", "doc_type": "Công văn", "issuer": "Cục Thuế tỉnh Kiên Giang"}, "CT is a body here"),
    ({"number": "30/2020/NĐ-CP", "doc_type": "Nghị định", "issuer": "Chính phủ"}, "a number with its year"),
    ({"number": "43/2019/QH14", "doc_type": "Luật", "issuer": "Quốc hội"}, "no type in the number"),
    ({"number": "12-CT/TU", "doc_type": "Chỉ thị", "issuer": "Tỉnh ủy Kiên Giang"}, "the Party's form"),
    ({"number": "36-CV/TW", "doc_type": "Công văn", "issuer": "Ban Bí thư"}, "a letter of the Party"),
    ({"number": "5/KH-XQZ", "doc_type": "Kế hoạch"}, "a code that no table knows says nothing of the issuer"),
    ({"issuer": "Chủ tịch Ủy ban nhân dân tỉnh Kiên Giang"}, "the head stands for the body"),
    ({"issuer": "Ban Quản lý dự án đường tránh"}, "an issuer that no table knows"),
    ({"date": "1945-09-02"}, "the first day"),
    ({"date": "2026-12-01"}, "tomorrow: what is signed late in the evening"),
    ({"urgency": "Hỏa tốc"}, "a mark in any case"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "why"), SOUND)
def test_what_is_sound_is_not_asked(said: dict[str, str | None], why: str) -> None:
    assert doubts(record(**said), CONTEXT) == (), why


ASKED_FOR = (
    ({"number": None}, CONTEXT, "number_missing"),
    ({"number": ""}, CONTEXT, "number_missing"),
    ({"number": "abc"}, CONTEXT, "number_ill_formed"),
    ({"number": "05"}, CONTEXT, "number_ill_formed"),
    ({"number": "99999999999/CT-UBND"}, CONTEXT, "number_ill_formed"),
    ({"number": "<script>alert(1)</script>"}, CONTEXT, "number_ill_formed"),
    ({"number": "05/CT-UBND/xyz"}, CONTEXT, "number_ill_formed"),
    ({"number": "5/CTUBND-"}, CONTEXT, "number_ill_formed"),
    ({"number": "0/CT-UBND"}, CONTEXT, "number_ill_formed"),
    ({"number": "?/CT-UBND"}, CONTEXT, "number_blank"),
    ({"number": "05/KH-UBND"}, CONTEXT, "number_type_differs"),
    ({"number": "05/KH-UBND", "doc_type": "Công văn"}, CONTEXT, "number_type_differs"),
    ({"number": "574/UBND-KGVX"}, CONTEXT, "number_type_differs"),
    ({"number": "05/CT-SYT"}, CONTEXT, "number_issuer_differs"),
    ({"number": "05/CT-TTg"}, CONTEXT, "number_issuer_differs"),
    ({"date": None}, CONTEXT, "date_missing"),
    ({"date": "1945-09-01"}, CONTEXT, "date_implausible"),
    ({"date": "2026-12-02"}, CONTEXT, "date_implausible"),
    ({"date": "2099-01-01"}, CONTEXT, "date_implausible"),
    ({"date": "2024-W19-4"}, CONTEXT, "date_implausible"),
    ({"doc_type": None}, CONTEXT, "doc_type_missing"),
    ({"doc_type": "Bánh mì"}, CONTEXT, "doc_type_unknown"),
    ({"issuer": None}, CONTEXT, "issuer_missing"),
    ({"subject": ""}, CONTEXT, "subject_missing"),
    ({"signer": None}, CONTEXT, "signer_missing"),
    ({"urgency": "Rất vội"}, CONTEXT, "urgency_unknown"),
    ({"number": "45/CT-UBND"}, Context(TODAY, RUN), "number_out_of_run"),
    ({}, Context(TODAY, has_twin=True), "number_twin"),
    ({}, Context(TODAY, unread=(2,)), "page_unreadable"),
    ({}, Context(TODAY, marked=True), "version_marked"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "context", "code"), ASKED_FOR)
def test_what_falls_short_is_asked(said: dict[str, str | None], context: Context, code: str) -> None:
    assert [doubt.code for doubt in doubts(record(**said), context)] == [code]


def test_every_doubt_is_tried_above_and_has_its_sentence() -> None:
    assert {code for _, _, code in ASKED_FOR} == ASKED
    assert set(CAUTIONS) >= ASKED and set(EDITABLE) <= set(FIELD_LABELS)


def test_a_number_within_its_run_is_not_asked() -> None:
    assert doubts(record(number="35/CT-UBND"), Context(TODAY, RUN)) == ()
