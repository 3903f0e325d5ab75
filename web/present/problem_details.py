"""Further members of a problem for programs: the field concerned, the doubts to pass (RFC 9457, 3.2)."""

from __future__ import annotations

from typing import Any

from corpus.errors import Language, Problem
from corpus.lifecycle.doubts import Doubt


def details(problem: Problem, language: Language) -> dict[str, Any]:
    """Further members of the problem's body; {} if there are none."""
    told: dict[str, Any] = {}
    if problem.code == "bad_value" and "field" in problem.facts:
        told["field"] = str(problem.facts["field"])
    if found := doubts_of(problem):
        told["doubts"] = [
            {"code": one.code, "message": one.message(language), "fields": list(one.fields)} for one in found
        ]
    return told


def doubts_of(problem: Problem) -> tuple[Doubt, ...]:
    """The doubts that a person has to pass; () for other problems."""
    found = problem.facts.get("doubts", ())
    return found if isinstance(found, tuple) else ()


def faulty_fields(problem: Problem | None, language: Language) -> dict[str, str]:
    """Faulty fields of a form with the reasons; a doubt is marked at the first field that may settle it."""
    if problem is None:
        return {}
    if problem.code == "bad_value":
        return {str(problem.facts.get("field")): problem.message(language)}
    return {one.fields[0]: one.message(language) for one in reversed(doubts_of(problem)) if one.fields}
