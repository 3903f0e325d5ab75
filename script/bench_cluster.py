"""Search on a cluster of OpenSearch next to Tantivy, in one run on one machine.

Starts its own nodes (script/cluster), fills one store for each engine with the same made documents, and asks each
class of queries of both in turn through `finder.find`. Wall milliseconds, the better of two rounds: both engines
share the machine. The CPU of a query is that of this process and of all nodes.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import cluster_run
from bench_search import Corpus, _fill, added, removed
from search_corpus import Maker, queries

from corpus.config import Settings
from corpus.database.store import Store, open_store
from search.index import indexer
from search.results import finder

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu(folder: Path, nodes: list[cluster_run.Node]) -> float:
    """CPU seconds that the nodes have used so far."""
    spent = 0.0
    for node in nodes:
        fields = (
            Path(f"/proc/{(folder / f'{node.name}.pid').read_text()}/stat").read_text().rpartition(")")[2].split()
        )
        spent += (int(fields[11]) + int(fields[12])) / _TICKS
    return spent


def disk(folder: Path, nodes: list[cluster_run.Node]) -> int:
    """Bytes that the nodes' data take."""
    return sum(p.stat().st_size for n in nodes for p in (folder / n.name / "data").rglob("*") if p.is_file())


def resident(folder: Path, nodes: list[cluster_run.Node]) -> list[int]:
    """Resident MB of each node."""
    lines = [Path(f"/proc/{(folder / f'{one.name}.pid').read_text()}/status").read_text() for one in nodes]
    return [int(text.split("VmRSS:")[1].split()[0]) // 1024 for text in lines]


def store_of(folder: Path, count: int, words: int, settings: dict[str, str]) -> Store:
    """A filled store with an index by this engine; prints the rate."""
    store = open_store(Settings(_env_file=None, home=folder, **settings))  # type: ignore[arg-type]
    _fill(store, Maker(count, words), count)
    began = time.perf_counter()
    indexer.rebuild(store)
    spent = time.perf_counter() - began
    print(f"{settings['search_engine']}: {count} documents in {spent:.0f} s, {count / spent:.0f} a second (wall)")
    return store


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=20_000)
    arguments.add_argument("--words", type=int, default=200)
    arguments.add_argument("--queries", type=int, default=20, help="queries of each class")
    arguments.add_argument("--nodes", type=int, default=3)
    arguments.add_argument("--shards", type=int, default=1)
    given = arguments.parse_args()
    folder, nodes = Path(tempfile.mkdtemp(prefix="vanban-bench-")), cluster_run.nodes(given.nodes)
    try:
        for node in nodes:
            cluster_run.start_node(folder, node, nodes)
        cluster_run.wait_for_nodes(nodes[0], given.nodes, 400)
        run(folder, nodes, given)
    finally:
        cluster_run.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def run(folder: Path, nodes: list[cluster_run.Node], given: argparse.Namespace) -> None:
    cluster = {
        "search_engine": "opensearch", "opensearch_url": ",".join(one.url for one in nodes),
        "opensearch_shards": str(given.shards), "opensearch_replicas": str(min(1, given.nodes - 1)),
        "opensearch_seconds": "60",
    }  # fmt: skip
    stores = {
        "tantivy": store_of(folder / "tantivy", given.documents, given.words, {"search_engine": "tantivy"}),
        "opensearch": store_of(folder / "opensearch", given.documents, given.words, cluster),
    }
    print(f"disk of all copies {disk(folder, nodes) / 1e6:.0f} MB, resident {resident(folder, nodes)} MB a node")
    maker = Maker(given.documents, given.words)
    sample = list(Maker(given.documents, given.words).documents(2000))
    classes = queries(maker, sample, given.queries)
    for asked in classes.values():
        for text in asked[:3]:
            finder.find(stores["opensearch"], text)
    print(f"{'class':14}{'opensearch p50/p95 ms':>24}{'tantivy p50/p95 ms':>24}{'CPU ms a query':>20}")
    ratios = []
    for kind, asked in classes.items():
        times = {name: [math.inf] * len(asked) for name in stores}
        spent = dict.fromkeys(stores, 0.0)
        for _ in range(2):
            for at, text in enumerate(asked):
                for name, store in stores.items():
                    before, own, began = cpu(folder, nodes), time.process_time(), time.perf_counter()
                    finder.find(store, text, limit=20)
                    times[name][at] = min(times[name][at], (time.perf_counter() - began) * 1000)
                    spent[name] += time.process_time() - own
                    spent[name] += cpu(folder, nodes) - before if name == "opensearch" else 0.0
        p95 = {name: statistics.quantiles(one, n=20, method="inclusive")[-1] for name, one in times.items()}
        row = "".join(
            f"{statistics.median(times[name]):15.1f} /{p95[name]:7.1f}" for name in ("opensearch", "tantivy")
        )
        each = " / ".join(f"{spent[name] * 500 / len(asked):.1f}" for name in ("opensearch", "tantivy"))
        ratios.append(p95["opensearch"] / p95["tantivy"])
        print(f"{kind:14}{row}{each:>20}", flush=True)
    print(f"p95, geometric mean over the classes: opensearch ÷ tantivy = {statistics.geometric_mean(ratios):.2f}")
    for name, store in stores.items():
        made = Corpus(store, maker, sample)
        waited = added(made)
        middle, worst = statistics.median(waited), waited[-1]
        print(f"{name}: add one and find it: median {middle:.3f} s, worst {worst:.3f} s (wall)")
        removed(made, given.documents)


if __name__ == "__main__":
    main()
