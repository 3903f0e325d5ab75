"""What each new application compiles again (its addresses and templates), compiled once per process of tests.

A process of the product makes one application; one of tests makes thousands, and without this two thirds of the
time of a page's test went into compiling the same.
"""

from __future__ import annotations

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


_MADE = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
"""Attributes of an address's rule that its compilation makes, and nothing changes afterwards."""


def share(patch: pytest.MonkeyPatch) -> None:
    """Have the applications of this process share what they compile, until the patch ends."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})
    compile_rule = Rule.compile
    compiled: dict[Any, dict[str, Any]] = {}

    def compile_once(rule: Rule) -> None:
        assert rule.map is not None
        where = (rule.rule, rule.host, rule.subdomain, rule.is_leaf, rule.websocket, rule.merge_slashes)
        key = (*where, repr(rule.defaults), rule.map.host_matching, *rule.map.converters.values())
        if made := compiled.get(key):
            rule.__dict__.update(made)
            return
        compile_rule(rule)
        made = {name: rule.__dict__[name] for name in _MADE if name in rule.__dict__}
        if len(made) == len(_MADE):  # with another werkzeug the tests are slower, nothing else
            compiled[key] = made

    patch.setattr(Rule, "compile", compile_once)
