"""The sentences of failures: complete whatever facts there are, figures readable, alive across processes."""

from __future__ import annotations

import pickle

import pytest

from corpus.errors import CATALOGUE, CAUTIONS, Problem, caution_message


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_sentence_never_fails_for_want_of_a_fact(code: str) -> None:
    for problem in (Problem(code), Problem(code, name="{x}", what="%s", pixels=1)):
        assert problem.message("vi") and problem.message("en")


@pytest.mark.parametrize("code", CAUTIONS)
def test_a_warning_never_fails_for_want_of_a_fact(code: str) -> None:
    assert caution_message(code, "vi") and caution_message(code, "en", page=3)


def test_large_figures_are_grouped() -> None:
    problem = Problem("too_many_pixels", name="a.png", pixels=2_500_000_000, limit=180_000_000)
    assert "2.500.000.000" in problem.message("vi") and "2,500,000,000" in problem.message("en")
    assert "2000" in Problem("too_many_pages", name="a.pdf", pages=9, limit=2000).message("vi")


def test_a_problem_crosses_from_a_child_as_it_was() -> None:
    problem = pickle.loads(pickle.dumps(Problem("truncated", name="a.pdf")))
    assert (problem.code, problem.facts, problem.message()) == (
        "truncated",
        {"name": "a.pdf"},
        Problem("truncated", name="a.pdf").message(),
    )
