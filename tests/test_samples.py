"""The newcomer's samples: numbers right or flagged, the conflict visible, the README's example genuine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from corpus.citations import conflicts
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from web.cli import vanban

ROOT = Path(__file__).parents[1]
NUMBERS = [
    ("05-ct-ubnd.pdf", "05/CT-UBND", "2024-01-15", "a second number and day stand in the arrival stamp"),
    ("118-ttr-snv.pdf", "118/TTr-SNV", "2024-04-25", "born digital"),
    ("12-ct-tu.pdf", "12-CT/TU", "2023-11-20", "Party form, bilevel"),
    ("15-nq-hdnd.pdf", "15/NQ-HĐND", "2023-12-08", "born digital"),
    ("18-kh-snv.pdf", "18/KH-SNV", "2024-02-26", "number and day by hand"),
    ("27-kh-ubnd.tif", "27/KH-UBND", "2024-03-15", "by hand, fax"),
    ("31-kh-snv.pdf", "31/KH-SNV", "2024-06-03", "number by hand"),
    ("31-kh-stttt.pdf", "31/KH-STTTT", "2022-04-27", "number and day by hand, blue ink"),
    ("311-snv-vtlt.pdf", "311/SNV-VTLT", "2024-04-10", "two slanted ones by hand, no type line"),
    ("42-kh-ubnd.jpg", "42/KH-UBND", "2024-02-05", "number by hand, blue ink, JPEG"),
    ("512-qd-ubnd.pdf", "512/QĐ-UBND", "2024-05-06", "number and day by hand"),
    ("77-tb-vp.png", "77/TB-VP", "2024-05-20", "printed"),
    ("96-bc-ubnd.tif", "96/BC-UBND", "2024-06-20", "by hand, fax"),
]
AT_LEAST_RIGHT = 11
"""Of thirteen numbers: other builds of Tesseract cut lines differently."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The newcomer's store, filled by the newcomer's command."""
    home = tmp_path_factory.mktemp("samples") / "home"
    done = CliRunner().invoke(vanban, ["samples"], env={"VANBAN_HOME": str(home)})
    assert done.exit_code == 0, done.output
    store = open_store(Settings(_env_file=None, home=home))
    yield store
    store.close()


def _held(store: Store) -> dict[str, Document]:
    with store.db.reading() as session:
        return {one.name: one for one in session.scalars(select(Document))}


@pytest.mark.ocr
@pytest.mark.parametrize(("file", "number", "day", "why"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_no_number_or_day_of_a_sample_is_silently_wrong(
    samples: Store, file: str, number: str, day: str, why: str
) -> None:
    document = _held(samples)[file]
    assert document.number == number or document.fields["number"]["review"], why
    assert str(document.date) == day or document.fields["date"]["review"], why


@pytest.mark.ocr
def test_nearly_all_numbers_of_the_samples_are_right(samples: Store) -> None:
    held = _held(samples)
    assert sorted(held) == sorted(row[0] for row in NUMBERS)
    assert sum(held[file].number == number for file, number, _, _ in NUMBERS) >= AT_LEAST_RIGHT


@pytest.mark.ocr
def test_the_conflict_of_the_samples_shows_without_a_hand(samples: Store) -> None:
    """77/TB-VP cites 512/QĐ-UBND with another day than it bears."""
    with samples.db.reading() as session:
        citing = session.scalars(select(Document).where(Document.number == "77/TB-VP")).one()
        found = conflicts.conflicts(session, citing)
    assert [one.code for one in found] == ["date_differs"]


@pytest.mark.ocr
def test_the_example_of_the_readme_is_the_command_s_own_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text()
    command = readme.split("$ vanban ", 1)[1].split("\n", 1)[0].split()
    example = readme.split("```text\n", 1)[1].split("```", 1)[0]
    done = CliRunner().invoke(vanban, command)
    assert done.exit_code == 0, done.output
    assert [line.split() for line in done.stdout.splitlines()] == [line.split() for line in example.splitlines()]
