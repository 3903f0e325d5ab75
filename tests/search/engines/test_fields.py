"""The registry of search fields: each once, each prefix once; the schema's version changes with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.config import Settings
from search import engine_choice
from search.engines import fields
from search.engines.fields import FIELDS, PREFIXES, IndexEntry, SearchField, schema_version
from search.engines.opensearch import requests
from search.query.language import InField, WordTerm, parse
from search.tokens import syllables

DOCS = Path(__file__).parents[3] / "docs" / "commands.md"


def test_names_and_prefixes_are_different() -> None:
    for found in (
        Counter(field.name for field in FIELDS),
        Counter(p for field in FIELDS for p, _ in field.prefixes),
    ):
        assert found and max(found.values()) == 1


@pytest.mark.parametrize("prefix", [field.prefixes[0][0] for field in FIELDS if field.prefixes])
def test_each_vietnamese_prefix_is_in_the_readme(prefix: str) -> None:
    assert f"`{prefix}:" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("prefix", [prefix for prefix, (_, reading) in PREFIXES.items() if reading == "words"])
def test_each_prefix_of_words_asks_its_field(prefix: str) -> None:
    assert parse(f"{prefix}:khan").must == (InField(PREFIXES[prefix][0].name, (WordTerm("khan", "khan"),)),)


def test_the_schema_changes_with_a_field_and_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_version(1)
    assert schema_version(2) != before == schema_version(1)
    more = (*FIELDS, SearchField("urgency", "names", lambda _: ("khan",), "Mức độ khẩn"))
    other = (replace(FIELDS[0], kind="words"), *FIELDS[1:])
    relabelled = (replace(FIELDS[0], label="khác", weight=2.0), *FIELDS[1:])
    found = []
    for changed in (more, other, relabelled):
        monkeypatch.setattr(fields, "FIELDS", changed)
        found.append(schema_version(1))
    assert found[0] != before != found[1] and found[2] == before


def test_empty_values_are_left_out_and_different_ones_kept_once() -> None:
    entry = IndexEntry(1, 1, (syllables("a"), syllables("a")), recipients=("Lưu", "", "Lưu"))
    values = {field.name: field.of(entry) for field in FIELDS}
    assert values["syl"] == ["a", "a"] and values["of_recipient"] == ["Lưu"]
    assert values["of_year"] == values["date"] == values["subject"] == []


def test_every_engine_has_every_field(tmp_path: Path) -> None:
    assert {field.name for field in FIELDS} <= requests.TEMPLATE["template"]["mappings"]["properties"].keys()
    sent = requests.document(IndexEntry(1, 1, ()))
    assert {field.name for field in FIELDS} <= sent.keys()
    for name in ("whoosh", "tantivy"):
        engine = engine_choice.engine_class(Settings(_env_file=None), name).create(tmp_path / name)
        assert all(engine.frequencies(field.name, ["x"]) == {} for field in FIELDS if field.is_tokens)
        engine.close()
