"""Rules about senders of mails (corpus/data/mail_senders.tsv): body whose papers they send, direction, groups."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.lifecycle.origins import KnownSender
from corpus.tables import rows


@dataclass(frozen=True, slots=True)
class SenderRule:
    """A known sender with the only groups that may see what it sends."""

    known: KnownSender
    groups: tuple[str, ...] = ()


def rule_for(address: str) -> SenderRule:
    """The rule for a sender: of the address, else of its domain or the nearest one above, else of `*`."""
    folded = address.strip().lower()
    by_sender = {row["sender"].lower(): row for row in rows("mail_senders")}
    found = next((by_sender[one] for one in (folded, *_domains(folded), "*") if one in by_sender), None)
    if found is None:
        return SenderRule(KnownSender(address))
    groups = tuple(one.strip() for one in found["groups"].split(";") if one.strip())
    return SenderRule(KnownSender(address, found["issuer"], found["direction"]), groups)


def _domains(address: str) -> list[str]:
    """`@nv.kg.gov.vn`, `@kg.gov.vn`, … for an address there."""
    parts = address.rpartition("@")[2].split(".")
    return ["@" + ".".join(parts[at:]) for at in range(len(parts) - 1)] if "@" in address else []
