"""Checks the language of docstrings and comments (CONTRIBUTING.md, Language): `python -m script.lint_language
[PATH…]`.

Prints `path:line: rule: text` for each fault and exits 1 if there is one. Without PATH: all
modules of the packages; with PATH: those files and folders.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "ingest", "search", "vanban", "web")

OPENING = re.compile(r"(?:What(?:ever)?|Whether|Who(?:ever|se|m)?|Where(?:ver)?|When|Why|How(?:ever)?|Which)\b")
"""First words of a docstring that describe around the thing in place of naming it."""

THIRD_PERSON = re.compile(
    r"(?:Adds|Appends|Asks|Brings|Builds|Checks|Closes|Compares|Empties|Fills|Finds|Gives|Has|Holds|Keeps|Loads|Makes"
    r"|Opens|Prints|Puts|Raises|Reads|Removes|Renews|Returns|Runs|Sends|Stores|Takes|Tells|Waits|Writes|Yields)\b"
)
"""First words of a function's docstring that are to be imperatives (PEP 257: "Return", not "Returns")."""

BANNED = ("told", "said", "stands", "held", "anew", "beside", "as it is", "so many")
"""Words of old sentences that an engineer had to read twice; whole words, in any case."""

ALLOWED = re.compile(
    r"stands for"  # an abbreviation stands for its words
    r"|held (?:by|in|under) (?:a |the )?(?:lock|lease|memory)"  # a lock is held
    r"|as it is (?:read|sent|shown|written|\w+ed)\b"  # a passive: while somebody does it
    r"|not so many",
    re.IGNORECASE,
)
"""Uses of banned words that are the ordinary English term."""

PARTICIPLES = frozenset(
    {"alike", "built", "come", "done", "drawn", "found", "gone", "kept", "known", "lost",
     "made", "meant", "said", "seen", "sent", "shown", "told", "worn", "written"}
)  # fmt: skip
"""Irregular participles, and `alike`, that name no act; `read`, `put`, `set`, `cut`,
`left` are other words as well."""
_VERBS = frozenset({"feed", "need", "seed", "speed", "embed", "exceed", "proceed", "shed"})

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”")
_BANNED = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence or name against a rule; `line` counts from 1."""

    line: int
    rule: str
    text: str


Function = ast.FunctionDef | ast.AsyncFunctionDef


def faults(source: str) -> list[Fault]:
    """Return the faults of one module's source, by line."""
    tree = ast.parse(source)
    found = [*_of_docstrings(tree), *_of_comments(source), *_of_functions(tree)]
    return sorted(found, key=lambda fault: (fault.line, fault.rule))


def _of_docstrings(tree: ast.Module) -> Iterator[Fault]:
    for node in ast.walk(tree):
        for text in _docstrings(node):
            if OPENING.match(text.value.strip()):
                yield Fault(text.lineno, "opening", _first_line(text.value))
            for line, part in enumerate(text.value.splitlines(), text.lineno):
                yield from _banned(line, part)


def _docstrings(node: ast.AST) -> Iterator[ast.Constant]:
    """Docstrings of a module, class or function, and strings below an assignment, which document it."""
    if not isinstance(node, ast.Module | ast.ClassDef | Function):
        return
    for at, statement in enumerate(node.body):
        if isinstance(statement, ast.Expr) and isinstance(text := statement.value, ast.Constant):
            documents = at == 0 or isinstance(node.body[at - 1], ast.Assign | ast.AnnAssign | ast.Expr)
            if isinstance(text.value, str) and documents:
                yield text


def _of_comments(source: str) -> Iterator[Fault]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from _banned(token.start[0], token.string)


def _banned(line: int, text: str) -> Iterator[Fault]:
    bare = ALLOWED.sub("", _QUOTED.sub("", text))
    for match in _BANNED.finditer(bare):
        yield Fault(line, "banned word", f"{match.group().lower()}: {text.strip()[:90]}")


def _of_functions(tree: ast.Module) -> Iterator[Fault]:
    for node in ast.walk(tree):
        if not isinstance(node, Function):
            continue
        text = ast.get_docstring(node) or ""
        is_public = not node.name.startswith("_")
        if THIRD_PERSON.match(text):
            yield Fault(node.lineno, "mood", f"{node.name}: {_first_line(text)}")
        if text and _returns_bool(node) and not re.search(r"\b(?:True|False) if\b", text):
            yield Fault(node.lineno, "predicate", f"{node.name}: {_first_line(text)}")
        if text and _is_predicate(node.name) and _returns_bool(node) and not text.startswith("True if"):
            yield Fault(node.lineno, "predicate", f"{node.name}: {_first_line(text)}")
        if node.name.startswith("_") and is_participle(node.name.lstrip("_")):
            yield Fault(node.lineno, "participle", node.name)
        if (
            is_public
            and text
            and not _is_endpoint(node)
            and (raised := _raised(node))
            and "raise" not in text.lower()
        ):
            yield Fault(node.lineno, "raises", f"{node.name} raises {', '.join(sorted(raised))}")


def _returns_bool(node: Function) -> bool:
    return isinstance(node.returns, ast.Name) and node.returns.id == "bool"


def _is_endpoint(node: Function) -> bool:
    """True if a page, call or command: its docstring is help for its users, and failures go to the one handler."""
    calls = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(
        isinstance(one, ast.Attribute)
        and one.attr in {"command", "get", "group", "post", "put", "delete", "patch", "route"}
        for one in calls
    )


def _is_predicate(name: str) -> bool:
    return bool(re.match(r"_?(?:is|has|was|can|may|should)_", name))


def is_participle(name: str) -> bool:
    """True if a name is one participle and nothing else (`told`, `merged`),
    so that it names neither act nor thing.
    """
    if "_" in name or name in _VERBS:
        return False
    return name in PARTICIPLES or (name.endswith("ed") and len(name) > 4)


def _raised(node: Function) -> set[str]:
    """Names of the errors that a function raises by itself and does not catch: classes, or codes of Problem."""
    found = set()
    for inner in _own_nodes(node):
        if isinstance(inner, ast.Raise) and isinstance(call := inner.exc, ast.Call):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name and name[0].isupper():
                found.add(name)
    return found


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes below a function but for those of functions inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function | ast.Lambda | ast.ClassDef):
            yield child
            yield from _own_nodes(child)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:90] if text.strip() else ""


def modules(paths: list[Path]) -> list[Path]:
    """Return the modules below paths; without paths those of the packages."""
    if paths:
        return [one for path in paths for one in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def main(arguments: list[str]) -> int:
    """Print every fault; return 1 if there is one, else 0."""
    count = 0
    for path in modules([Path(one).resolve() for one in arguments]):
        for fault in faults(path.read_text(encoding="utf-8")):
            shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            print(f"{shown}:{fault.line}: {fault.rule}: {fault.text}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
