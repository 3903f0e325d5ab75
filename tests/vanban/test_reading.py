"""The library's face: what it lists is there, typed, and reads as the command does."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import vanban
from corpus.config import Settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpus/samples/15-nq-hdnd.pdf"


def test_everything_it_lists_is_there() -> None:
    assert all(hasattr(vanban, name) for name in vanban.__all__)
    assert vanban.__version__ == version("vanban")
    assert (ROOT / "vanban/py.typed").exists()


def test_it_reads_as_the_command_does() -> None:
    reading = vanban.read(SAMPLE, settings=Settings(_env_file=None))
    done = subprocess.run(
        [sys.executable, "-m", "vanban", "read", "--json", str(SAMPLE)], cwd=ROOT, capture_output=True, check=True
    )
    assert vanban.reading_to_json(reading) == json.loads(done.stdout)
    assert reading.fields.number is not None and not reading.fields.number.review


@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        (ROOT / "nothing.pdf", None, "not_found"),
        (ROOT, None, "not_found"),
        (ROOT / "LICENSE", "x.pdf", "type_mismatch"),
        (ROOT / "LICENSE", None, "unknown_type"),
    ],
)
def test_what_can_t_be_read_is_a_problem(path: Path, name: str | None, code: str) -> None:
    with pytest.raises(vanban.Problem) as caught:
        vanban.read(path, name=name)
    assert caught.value.code == code and caught.value.message("en")
