"""What the reading tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.making import Make


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes files in the test's own folder."""
    return Make(tmp_path)
