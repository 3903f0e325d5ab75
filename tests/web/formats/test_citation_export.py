"""Exports open in other programs and run nothing there."""

from __future__ import annotations

import csv
import json
from xml.etree import ElementTree

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document
from web.formats import citation_export, tables


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        for id_ in (1, 2):
            opened.add(
                Document(
                    id=id_, sha256=str(id_), name="x", media_type="text/plain", size=1, status="accepted",
                    subject='<&"\x01 kế hoạch', received_at=utc_now(), received_by="t",
                )
            )  # fmt: skip
        opened.flush()
        opened.add(
            CitationRow(document_id=1, position=0, printed="=1+1", relation="basis", target_id=2, status="found")
        )
        opened.flush()
        yield opened


INNER = [
    # cell, as it is written, why
    ("x;=1+1", "x;'=1+1", "a cell begins after ; where that is the list sign"),
    ("x;\t +1", "x;\t '+1", "blanks before it"),
    ("x\t@a", "x\t'@a", "a tab begins one too"),
    ("x\n-1", "x\n'-1", "and a line"),
    (" =1", "' =1", "blanks are dropped by some"),
    ("31-CT/TU", "31-CT/TU", "a number stays as it is"),
    ("a = b; c", "a = b; c", "text stays as it is"),
]


@pytest.mark.parametrize(("cell", "written", "why"), INNER)
def test_what_would_begin_a_cell_elsewhere_is_text_too(cell, written, why):
    assert tables.neutral(cell) == written, why
    line = "".join(tables.csv_lines(("a",), [(cell,)])).splitlines()[1]
    assert line.startswith('"')


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell):
    assert tables.neutral(cell) == "'" + cell


def test_csv_and_json_lines_hold_the_citation(session):
    text = "".join(tables.csv_lines(citation_export.COLUMNS, citation_export.edges(session))).removeprefix(
        "\ufeff"
    )
    (row,) = csv.DictReader(text.splitlines())
    assert (row["source"], row["target"], row["printed"]) == ("1", "2", "'=1+1")
    assert [
        json.loads(line)["printed"]
        for line in tables.json_lines(citation_export.COLUMNS, citation_export.edges(session))
    ] == ["=1+1"]


def test_graphml_is_sound_xml(session):
    root = ElementTree.fromstring("".join(citation_export.graphml(session)))
    kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert (kinds.count("node"), kinds.count("edge")) == (2, 1)
