"""What each new application compiles again (its addresses and templates), compiled once per process of tests.

A process of the product makes one application; one of tests makes thousands, and without this two thirds of the
time of a page's test went into compiling the same.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Code of templates by name and source: a template that is changed is compiled again."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def share(patch: pytest.MonkeyPatch) -> None:
    """Have the applications of this process share what they compile, until the patch ends."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})
    compile_builder: Callable[[Rule, bool], Any] | None = getattr(Rule, "_compile_builder", None)
    if compile_builder is None:  # another werkzeug: the tests are slower, nothing else
        return
    builders: dict[Any, Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # their values are part of the code
            return compile_builder(rule, append_unknown)
        key = (rule.rule, append_unknown, tuple(rule._trace))
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    patch.setattr(Rule, "_compile_builder", once)
