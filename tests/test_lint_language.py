"""The language lint: a table of sentences and names with the rule that each breaks,
and the rooms that are clean.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from script.lint_language import BANNED, PACKAGES, ROOT, faults, is_participle, main, modules

REASONS = {
    "opening: what": ('def f() -> int:\n    """What it is."""\n', ["opening"]),
    "opening: whether": ('def f() -> str:\n    """Whether it is."""\n', ["opening"]),
    "opening: of a module": ('"""How it works."""\n', ["opening"]),
    "opening: of a class": ('class A:\n    """Who asks."""\n', ["opening"]),
    "opening: of a constant": ('A = 1\n"""Where it lies."""\n', ["opening"]),
    "opening: of a field": ('class A:\n    """Thing."""\n\n    a: int\n    """Which one."""\n', ["opening"]),
    "opening: another word that begins so": ('def f() -> int:\n    """Whole number of the page."""\n', []),
    "opening: a noun phrase": ('def f() -> int:\n    """Number of pages."""\n', []),
    "opening: a string that documents nothing": ('def f() -> str:\n    return "What now?"\n', []),
    "banned: in a docstring": ('def f() -> int:\n    """Pages that are held."""\n', ["banned word"]),
    "banned: in its second line": ('def f() -> int:\n    """Pages.\n\n    Built anew.\n    """\n',
    ["banned word"]),
    "banned: in any case": ('def f() -> int:\n    """Pages. Told once."""\n', ["banned word"]),
    "banned: two words": ('def f() -> int:\n    """Text as it is."""\n', ["banned word"]),
    "banned: in a comment": ("a = 1  # it stands here\n", ["banned word"]),
    "banned: twice": ("# told and said\n", ["banned word", "banned word"]),
    "banned: part of another word": ("# a household, withheld, understands\n", []),
    "banned: quoted as code": ("# `held` and “told” are names\n", []),
    "banned: the ordinary English term": ("# TTLT stands for thông tư liên tịch; held by a lock\n", []),
    "banned: a passive": ("# verified as it is read\n", []),
    "banned: in a text of the program": ('a = "as it is told"\n', []),
    "mood: third person": ('def f() -> int:\n    """Returns pages."""\n', ["mood"]),
    "mood: imperative": ('def f() -> int:\n    """Return pages."""\n', []),
    "mood: a class is no act": ('class A:\n    """Keeps of a castle."""\n', []),
    "predicate: no True if": ('def f() -> bool:\n    """Check."""\n', ["predicate"]),
    "predicate: an act that tells its success": ('def f() -> bool:\n    """Add it; False if it was there."""\n',
    []),
    "predicate: by its name": ('def is_a() -> bool:\n    """Check; True if so."""\n', ["predicate"]),
    "predicate: as wanted": ('def is_a() -> bool:\n    """True if it is."""\n', []),
    "predicate: no docstring needed": ("def is_a() -> bool:\n    return True\n", []),
    "participle: regular": ("def _merged() -> int:\n    return 1\n", ["participle"]),
    "participle: irregular": ("def _told() -> int:\n    return 1\n", ["participle"]),
    "participle: with a noun": ("def _merged_rows() -> int:\n    return 1\n", []),
    "participle: public names are of the face": ("def merged() -> int:\n    return 1\n", []),
    "participle: a verb that ends so": ("def _feed() -> int:\n    return 1\n", []),
    "raises: not named": ('def f() -> int:\n    """Page."""\n    raise Problem("x")\n', ["raises"]),
    "raises: named": ('def f() -> int:\n    """Page; raises Problem("x")."""\n    raise Problem("x")\n', []),
    "raises: private": ('def _f() -> int:\n    """Page."""\n    raise Problem("x")\n', []),
    "raises: of a function inside": (
        'def f() -> int:\n    """Page."""\n\n    def g() -> None:\n        raise Problem("x")\n\n    return 1\n',
        []),
    "raises: again what was caught": (
        'def f() -> int:\n    """Page."""\n    try:\n        return 1\n    except OSError:\n        raise\n', []),
    "raises: an endpoint's docstring is for its users": (
        '@pages.get("/a")\ndef f() -> int:\n    """Page."""\n    raise Problem("x")\n', []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "rules"), REASONS.values(), ids=REASONS)
def test_rules(source: str, rules: list[str]) -> None:
    assert [fault.rule for fault in faults(source)] == rules


def test_a_fault_has_its_line_and_text() -> None:
    (fault,) = faults('def f() -> int:\n    """Pages.\n\n    They are held here.\n    """\n')
    assert fault.line == 4 and fault.text == "held: They are held here."


@pytest.mark.parametrize("word", BANNED)
def test_every_banned_word_is_found(word: str) -> None:
    assert [fault.rule for fault in faults(f"# it {word} now\n")] == ["banned word"]


@pytest.mark.parametrize(
    ("name", "expected"), [("told", True), ("merged", True), ("read", False), ("seed", False)]
)
def test_participles(name: str, expected: bool) -> None:
    assert is_participle(name) is expected


def test_all_packages_are_checked_whole() -> None:
    assert set(PACKAGES) == {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "script"}
    assert set(modules([])) == {path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


def test_the_program_prints_faults_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text('"""What it is."""\n', encoding="utf-8")
    assert main([str(bad)]) == 1
    assert "bad.py:1: opening: What it is." in capsys.readouterr().out
    bad.write_text('"""Number of pages."""\n', encoding="utf-8")
    assert main([str(bad)]) == 0
