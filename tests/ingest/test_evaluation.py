"""Scoring of Readings against gold records: what counts as right, what would have gone wrong unseen."""

from __future__ import annotations

import pytest

from corpus.document import Candidate, Citation, Field, Fields, Page, Reading, Signer, SourceFile
from ingest.evaluation import Gold, Scores

SOURCE = SourceFile("a.pdf", "0" * 64, "application/pdf", 1)


def field(value: str, *, review: bool = False, candidates: tuple[str, ...] = ()) -> Field:
    return Field(value, value, 0.9, review, candidates=tuple(Candidate(name, 0.1) for name in candidates))


def scored(fields: Fields, gold: Gold, citations: tuple[Citation, ...] = (), page_1: str | None = None) -> Scores:
    scores = Scores()
    page = Page(1, "ocr", "Sở Y tế báo cáo")
    scores.take("a", Reading(SOURCE, (page,), fields, citations), gold, page_1)
    return scores


@pytest.mark.parametrize(
    ("name", "found", "gold", "right", "why"),
    [
        ("number", "31/KH-SYT", "31 /KH-SYT", True, "blanks don't count"),
        ("number", "31/KH-SYT", "37/KH-SYT", False, "another number"),
        ("date", "2018-03-05", "2018-03-05", True, "the same day"),
        ("doc_type", "Kế hoạch", "kế hoạch", True, "capitals don't count"),
        (
            "issuer",
            "UBND tỉnh Kiên Giang",
            "Ủy ban nhân dân tỉnh Kiên Giang",
            True,
            "a short form is the same body",
        ),
        ("issuer", "Sở Y tế tỉnh Kiên Giang", "Sở Y tế tỉnh An Giang", False, "another province"),
        (
            "subject",
            "báo cáo hoà giải ở cơ sở",
            "Về việc báo cáo hòa giải ở cơ sở",
            True,
            "old place of the tone, no Về việc",
        ),
        ("subject", "báo cáo thi đua", "báo cáo khen thưởng", False, "another subject"),
    ],
)
def test_what_is_right(name: str, found: str, gold: str, right: bool, why: str) -> None:
    scores = scored(Fields(**{name: field(found)}), {name: gold})
    assert scores.figures()[name] == float(right), why
    assert scores.unseen[name] == (not right), why


def test_a_flag_makes_a_wrong_value_seen() -> None:
    scores = scored(Fields(number=field("37/KH-SYT", review=True)), {"number": "31/KH-SYT"})
    assert (scores.unseen["number"], scores.flagged["number"]) == (0, 1)


def test_candidates_count_for_the_first_three() -> None:
    fields = Fields(number=field("37/KH", review=True, candidates=("37/KH", "81/KH", "31/KH")))
    figures = scored(fields, {"number": "31/KH", "number_handwritten": True}).figures()
    assert (figures["number"], figures["number_handwritten"], figures["number_top_3"]) == (0.0, 0.0, 1.0)


def test_nothing_read_is_wrong_and_not_unseen() -> None:
    scores = scored(Fields(), {"number": "31/KH", "signer_name": "Lê Minh Sơn"})
    assert scores.figures()["signer"] == 0.0 and not scores.unseen["number"]


def test_lists_and_citations() -> None:
    cited = (
        Citation("Kế hoạch số 17/KH-UBND", "mentions", number="17/KH-UBND", date="2018-01-29"),
        Citation("Luật Y tế", "basis", title="Luật Y tế"),
    )
    gold: Gold = {
        "recipients": ["Như trên", "Lưu: VT"],
        "citations": [
            {"number": "17/KH-UBND", "date": "2018-01-29", "relation": "refers"},
            {"number": "18/KH-UBND", "date": None, "relation": "basis"},
        ],
    }
    figures = scored(Fields(recipients=(field("Như trên;"),)), gold, cited).figures()
    assert figures["recipients_f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["citation_numbers_f1"] == figures["citations_f1"] == pytest.approx(2 / 3, abs=1e-4)


def test_letters_of_page_1() -> None:
    assert scored(Fields(), {}, page_1="Sở  Y tế\nbáo cáo").figures()["character_error_rate"] == 0.0
    assert scored(Fields(), {}, page_1="Sở Y tế báo cáo 12345").figures()["character_error_rate"] == pytest.approx(
        6 / 21, abs=1e-4
    )


def test_a_signer_is_compared_whatever_the_case() -> None:
    fields = Fields(signer=Signer(name=field("LÊ MINH HOÀ")))
    assert scored(fields, {"signer_name": "Lê Minh Hòa"}).figures()["signer"] == 1.0
