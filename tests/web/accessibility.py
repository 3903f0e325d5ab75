"""What axe finds wrong with an open page."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_LOOK = """axe.run(%s).then((found) => found.violations
  .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
  .flatMap((fault) => fault.nodes.slice(0, 2).map((node) => [fault.id, node.html])))"""


def hard_to_use(page: Page, only: str = "") -> list[tuple[str, str]]:
    """Rule and place of what axe says is serious or critical, targets of 24 px included; `only`: by this rule.

    What is right is neither listed nor brought over, which took longer than the look itself, and a page that is
    looked at twice gets axe once.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if only:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": [only]}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[list[str]] = page.evaluate(_LOOK % json.dumps(options))
    return [(rule, place) for rule, place in found]
