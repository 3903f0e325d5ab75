"""One registry of a record's fields: each place where fields are shown, kept,
asked or exported has exactly its rows.
"""

from __future__ import annotations

from dataclasses import fields as attributes
from dataclasses import is_dataclass
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from corpus import errors, record_fields
from corpus.database import record_digest
from corpus.database.models import Document, Recipient
from corpus.document import Candidate, Field, Fields, Reading, SourceFile, open_questions_of
from corpus.field_labels import LABELS
from corpus.json_shapes import Json, field_to_json, fields_from_json, fields_to_json, with_values
from corpus.lifecycle import doubts, flat_fields, lessons, typed_values
from corpus.queries import review_queue
from corpus.record_fields import BY_NAME, RECORD_FIELDS
from search.results import all_rows
from web.api import shapes
from web.commands import read as read_command
from web.formats import citation_json, edxml
from web.present import fields as present

HOUSE = Path(__file__).parents[2]
OTHERS = frozenset(
    [
        "address", "amount", "citation", "copy_kind", "copy_medium", "copy_of", "count", "deadline", "deputy",
        "ended_on", "excerpt", "file_code", "file_description", "file_heading", "file_keeper", "file_language",
        "file_organ_id", "file_rights", "file_title", "file_year", "files", "first_day", "for", "last_day",
        "made_on", "note", "reason", "receiver", "register_number", "relation", "retention", "submitted_on",
        "submitted_to",
        "target", "words", "year", "years", "tag", "kind", "slug", "choices", "label", "colour",
        "purpose", "days", "first_number", "register", "register_name", "register_senders",
    ]
)  # fmt: skip
"""What else a sentence may be about."""
EDITABLE = [field.name for field in RECORD_FIELDS if field.editable]


def a_value(name: str) -> Field:
    return Field(f"value of {name}", f"printed {name}", 0.5, True, 1, (), "rule", (Candidate("x", 0.5),))


def every_field() -> Fields:
    values = {f.name: (a_value(f.name),) if f.kind == "many" else a_value(f.name) for f in RECORD_FIELDS}
    return with_values(Fields(), values)


def _leaves(value: object, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if is_dataclass(value) and not isinstance(value, Field):
        return set().union(*(_leaves(getattr(value, one.name), (*path, one.name)) for one in attributes(value)))
    return {path}


def _keys(data: Json, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if "printed" in data:
        return {path}
    return set().union(*(_keys(v, (*path, k)) if isinstance(v, dict) else {(*path, k)} for k, v in data.items()))


def test_the_record_has_the_attributes_of_the_registry() -> None:
    assert _leaves(Fields()) == {field.path for field in RECORD_FIELDS}
    assert len(BY_NAME) == len(RECORD_FIELDS)


def test_json_has_the_fields_of_the_registry_and_comes_back_whole() -> None:
    data = fields_to_json(every_field())
    assert _keys(data) == {field.json for field in RECORD_FIELDS}
    assert fields_from_json(data) == every_field()
    assert fields_from_json({}) == Fields(), "a record of before a field was there"


def test_corrections_labels_and_forms_have_the_editable_ones() -> None:
    assert list(flat_fields.EDITABLE) == list(flat_fields.flat(Fields())) == list(LABELS) == EDITABLE
    assert set(errors.FIELD_LABELS) == {*EDITABLE, *OTHERS}
    found = Document(fields=fields_to_json(every_field()), questions=[], name="a", media_type="text/plain")
    assert [entry.name for entry in present.entries(found)] == EDITABLE
    changed = {name: flat_fields.flat(every_field())[name] for name in EDITABLE}
    assert flat_fields.flat(flat_fields.with_flat(Fields(), changed)) == changed


def test_questions_are_asked_of_the_required_and_of_every_doubtful_one() -> None:
    required = [field.name for field in RECORD_FIELDS if field.required]
    assert list(open_questions_of(Fields())) == required
    assert set(open_questions_of(every_field())) == {BY_NAME[name].question for name in EDITABLE}
    codes = {doubt.code for doubt in doubts.doubts(Fields(), doubts.Context(doubts.FIRST_DAY))}
    assert codes == {f"{name}_missing" for name in required} | {"signer_missing"}
    found = SimpleNamespace(questions=[BY_NAME[name].question for name in EDITABLE])
    assert set(review_queue._fields(found)) == {
        next(f.label for f in RECORD_FIELDS if f.question == BY_NAME[name].question) for name in EDITABLE
    }


def test_columns_hold_what_the_registry_says() -> None:
    table = Document.__table__.columns
    for field in RECORD_FIELDS:
        if field.column and field.kind == "one":
            assert getattr(table[field.column].type, "length", None) == field.longest, field.name
            assert field.column in record_digest.COLUMNS, "sealed in the trail"
        if field.kind == "many":
            assert field.column and "kind" in Recipient.__table__.columns
    longest = {f.name: f.longest for f in RECORD_FIELDS if f.editable and f.longest and f.name != "date"}
    assert longest == typed_values._LONGEST


def test_lists_and_their_files_have_the_listed_ones() -> None:
    listed = [field.name for field in RECORD_FIELDS if field.listed]
    assert set(shapes.HitShape.model_fields) == {"id", "file", *listed}
    found = Document(id=1, name="a.pdf", **dict.fromkeys(listed, "x"))
    assert set(citation_json.hit(found)) == set(shapes.HitShape.of(found).model_dump()) == {"id", "file", *listed}
    assert ("id", *listed, "file") == all_rows.COLUMNS, "CSV, XLSX and JSON of results"


def test_what_is_learned_and_what_several_papers_share_is_of_the_registry() -> None:
    assert {*lessons.ONE, *lessons.MANY} == {field.name for field in RECORD_FIELDS if field.learned}
    assert set(review_queue.BULK) == {field.name for field in RECORD_FIELDS if field.shared}


def test_an_envelope_holds_every_field_that_has_an_element() -> None:
    data = fields_to_json(every_field())
    columns = {f.column: f"value of {f.name}" for f in RECORD_FIELDS if f.column and f.kind == "one"}
    found = Document(
        fields=data, page_count=1, sha256="0", media_type="x", name="a", **(columns | {"urgency": "KHẨN"})
    )
    header = ElementTree.fromstring(edxml.envelope(found, [])).find(".//{*}MessageHeader")
    assert header is not None
    for field in RECORD_FIELDS:
        if field.edxml and field.edxml not in ("Code", "OtherInfo/Priority"):
            element = header.find("/".join(f"{{*}}{part}" for part in field.edxml.split("/")))
            assert element is not None and element.text == f"value of {field.name}".replace("-", "/"), field.name
    assert header.findtext("{*}OtherInfo/{*}Priority") == "1"
    assert header.find("{*}Code") is not None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_command_line_prints_every_field_by_its_label(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANBAN_LANG", language)
    reading = Reading(SourceFile("a", "0", "x", 1), (), every_field())
    runner = CliRunner()
    with runner.isolation() as (out, *_):
        read_command._print(reading)
        lines = out.getvalue().decode().splitlines()[1:]
    assert [line.split("?")[0].strip() for line in lines] == [
        (f.english if language == "en" else f.label) for f in RECORD_FIELDS
    ]


def test_a_row_is_all_that_a_field_without_a_column_needs_in_its_json() -> None:
    assert field_to_json(a_value("number"))["value"] == "value of number"
    assert all(
        field.column or field.path[0] in ("signer", "secrecy", "incoming", "effective", "direction")
        for field in RECORD_FIELDS
    )


def test_no_list_of_fields_is_kept_by_hand() -> None:
    lists = ('"issuer", "superior"', '"number", "date", "doc_type", "issuer"', '"signer_name", "signer_title"')
    ours = {"corpus/record_fields.py", "corpus/database/record_digest.py", "search/results/all_rows.py"}
    for package in ("corpus", "ingest", "web"):
        for path in (HOUSE / package).rglob("*.py"):
            name = str(path.relative_to(HOUSE))
            if name in ours or "/migrations/" in name:
                continue
            text = path.read_text(encoding="utf-8")
            assert not [one for one in lists if one in text], name
    assert record_fields.LISTED
