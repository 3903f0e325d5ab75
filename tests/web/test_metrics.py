"""Figures of several web processes are summed, also those of one that has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COUNT = """
import os, sys
from pathlib import Path
from web import metrics
metrics.share(Path(sys.argv[1]))
for searches in (3, 2):
    if os.fork() == 0:
        for _ in range(searches):
            metrics.add_search(0.02)
        os._exit(0)
    os.wait()
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_the_counts_of_ended_processes_stay(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(tmp_path / "metrics")], env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert "vanban_search_seconds_count 5.0" in lines
    assert 'vanban_search_seconds_bucket{le="0.025"} 5.0' in lines
    assert 'vanban_search_seconds_bucket{le="0.01"} 0.0' in lines
