"""Rules of plugins for fields: each value they propose is compared with what was read, never put in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol, runtime_checkable

from corpus import plugins
from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from corpus.lifecycle.claims import Claim, canonical, weigh

_MOST = 100
"""Values of one rule for one file."""


@runtime_checkable
class FieldRule(Protocol):
    """A rule that finds values of fields in a reading; runs in the confined child."""

    name: str
    """Name that people read as the source of the value."""

    def propose(self, reading: Reading) -> Iterable[tuple[str, str]]:
        """Pairs of a field's name (`corpus.record_fields`) and its value."""


def with_added_rules(reading: Reading, settings: Settings) -> Reading:
    """The reading with what the rules chosen by the settings propose. Raises Problem("plugin_unusable")."""
    rules: Sequence[FieldRule] = plugins.chosen(plugins.FIELDS, settings.plugins)
    for rule in rules:
        fields, warnings = weigh(reading.fields, claims_by(rule, reading), reading.warnings)
        reading = replace(reading, fields=fields, warnings=(*reading.warnings, *warnings))
    return reading


def claims_by(rule: FieldRule, reading: Reading) -> list[Claim]:
    """The claims of one rule that a record can hold; others are left out.

    Raises Problem("plugin_unusable") if the rule fails.
    """
    found: list[Claim] = []
    try:
        proposed = list(islice(rule.propose(reading), _MOST))
    except Exception as error:
        raise Problem("plugin_unusable", name=rule.name, why=f"{type(error).__name__}: {error}"[:200]) from error
    for field, value in proposed:
        try:
            found.append(canonical(Claim(field, value, rule.name)))
        except Problem:
            continue
    return found
