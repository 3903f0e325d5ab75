"""States of a hand-over and of its parts, and the acts that lead from one to another: one small table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.errors import Problem

Kind = Literal["lead", "with", "know"]
KINDS: dict[str, tuple[str, str]] = {
    "lead": ("chủ trì", "in charge"),
    "with": ("phối hợp", "taking part"),
    "know": ("để biết", "for information"),
}
"""Kinds of receivers, in the order in which they are listed."""
ACTING = ("lead", "with")
"""Kinds whose receivers have something to do."""
STATES: dict[str, tuple[str, str]] = {
    "open": ("Đang xử lý", "Open"),
    "done": ("Đã xong", "Done"),
    "answered": ("Đã xong", "Done"),
    "closed": ("Đã xong", "Done"),
    "recalled": ("Đã thu lại", "Taken back"),
}
"""Labels. `done`: a person says so; `answered`: a paper answers; `closed`: a part that ended with its hand-over.
The three look alike: an answer that not everybody may see must not show by a word."""
FINISHED = ("done", "answered", "closed", "recalled")


@dataclass(frozen=True, slots=True)
class Move:
    """One act: on a hand-over or a part of it, from which states to which, and its action in the trail."""

    act: str
    of: Literal["handover", "part"]
    before: tuple[str, ...]
    after: str
    by: Literal["receiver", "giver", "program"]
    action: str


_MOVES = (
    Move("finish", "part", ("open",), "done", "receiver", "handover_finish"),
    Move("onward", "part", ("open",), "open", "receiver", "handover_onward"),
    Move("return", "part", ("done",), "open", "receiver", "handover_return"),
    Move("recall", "handover", ("open",), "recalled", "giver", "handover_recall"),
    Move("reopen", "handover", ("done", "answered"), "open", "giver", "handover_reopen"),
    Move("deadline", "handover", ("open",), "open", "giver", "handover_deadline"),
    Move("answer", "handover", ("open",), "answered", "program", "handover_answered"),
    Move("unanswer", "handover", ("answered",), "open", "program", "handover_unanswered"),
)
MOVES = {move.act: move for move in _MOVES}


def move(act: str, state: str) -> Move:
    """The move of an act; raises Problem("handover_state") from a state that does not allow it."""
    found = MOVES[act]
    if state not in found.before:
        raise Problem("handover_state", state=STATES[state][0], english=STATES[state][1])
    return found
