"""Regular expressions out of lists of words: one pattern that matches any of them, the longest first."""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, as a tree of shared beginnings so that a search stays quick.

    Of two words with one beginning the longer is tried first: `any_of(["Luật", "Lệnh"])` → `(?:L(?:uật|ệnh))`.
    No words give a pattern that matches nothing.
    """
    tree: _Tree = {}
    for word in words:
        branch = tree
        for char in word:
            branch = branch.setdefault(char, {})
        branch[""] = {}
    return f"(?:{_pattern(tree)})" if tree else r"(?!)"


def _pattern(tree: _Tree) -> str:
    whole = [re.escape(char) + _pattern(branch) for char, branch in tree.items() if char]
    if len(whole) == 1 and "" not in tree:
        return whole[0]
    choice = "|".join(whole)
    if not whole:
        return ""
    return f"(?:{choice})?" if "" in tree else f"(?:{choice})"
