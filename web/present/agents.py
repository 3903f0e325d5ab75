"""A browser's own description (User-Agent) in two words, so that people know their machines again."""

from __future__ import annotations

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("Chrom",
    "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
"""Signs of browsers in this order: each of them claims to be those after it."""
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS",
    "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def told(agent: str) -> str:
    """Browser and system, `Chrome · Windows`; an unknown description is cut short."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " · ".join(one for one in (browser, system) if one) or agent[:40] or "?"
