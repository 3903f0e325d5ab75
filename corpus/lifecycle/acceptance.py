"""The office's own rule of what goes on record without a person (tự động vào kho), kept in the store.

Functions on a session; corpus.records commits. The rule only ever widens what a sender asks for by `--accept`: a
document with a question, a doubt (a twin among them) or a limit to groups waits for a person under every rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from corpus import audit
from corpus.database.connection import utc_now
from corpus.database.desk_tables import StoreSetting
from corpus.database.models import Document
from corpus.document import Reading
from corpus.errors import Problem
from corpus.lifecycle import history, page_works

Rule = Literal["off", "clear", "signed"]
OFF: Rule = "off"
CLEAR: Rule = "clear"
SIGNED: Rule = "signed"
RULES: tuple[Rule, ...] = (OFF, CLEAR, SIGNED)
"""off: a person confirms each paper. clear: papers without any question go on record by themselves. signed: of
these only born-digital ones with valid signatures."""
BY_RULE = "vanban"
"""Noted as the one who accepted: the program, by the office's rule."""
_NAME = "acceptance"


@dataclass(frozen=True, slots=True)
class AcceptanceRule:
    """The rule in force, and who set it when (UTC); None if it was never set."""

    rule: Rule
    by: str | None = None
    at: datetime | None = None


def in_force(session: Session) -> AcceptanceRule:
    """The rule in force; off where nobody has set one."""
    row = session.get(StoreSetting, _NAME)
    rule = next((one for one in RULES if row is not None and row.value == one), None)
    return AcceptanceRule(rule, row.by, row.at) if row is not None and rule is not None else AcceptanceRule(OFF)


def change(session: Session, rule: str, actor: str) -> None:
    """Set the rule; the same again changes nothing. Raises Problem("bad_value")."""
    if rule not in RULES:
        raise Problem("bad_value", field="rule", value=rule[:50], why=f"chỉ có {', '.join(RULES)}")
    was = in_force(session).rule
    if rule == was:
        return
    row = session.get(StoreSetting, _NAME) or StoreSetting(name=_NAME)
    row.value, row.by, row.at = rule, actor[:100], utc_now()
    session.add(row)
    session.flush()
    audit.append(session, actor, "acceptance_rule", None, {"was": was, "rule": rule})


def rule_for(session: Session, document: Document, reading: Reading) -> Rule | None:
    """The rule by which a document that raises no question goes on record; None if a person has to confirm it.

    Only at its first reading: a document that a person has seen, taken back or read again stays that person's.
    """
    rule = in_force(session).rule
    if rule == OFF or document.limited or document.read_at is not None:
        return None
    if page_works.is_made_by_person(session, document.id):
        return None
    if history.withdrawal(session, document.id) is not None or (rule == SIGNED and not is_signed(reading)):
        return None
    return rule


def is_signed(reading: Reading) -> bool:
    """True if every page has its text from the file, and every signature of it is valid."""
    born_digital = bool(reading.pages) and all(page.origin == "text" for page in reading.pages)
    return born_digital and bool(reading.signatures) and all(one.state == "valid" for one in reading.signatures)
