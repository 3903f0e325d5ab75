"""Search speed beside its peers in one run: SQLite FTS5's ranked query with snippets, and bare Tantivy's.

Documents are made up (search_corpus.py), kept with their indexes in a folder, and made once. Every query goes
through `finder.find`: parsed, ranked, 20 hits with snippets, facets of all. Peers get the same words over folded
text, ranked, with snippets, without facets. Times are CPU milliseconds, the better of two interleaved rounds.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import resource
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from search_corpus import Made, Maker, queries
from sqlalchemy import insert, select

from corpus.config import Settings
from corpus.database.changes import next_change
from corpus.database.connection import utc_now
from corpus.database.models import Document, PageText
from corpus.database.store import Store, open_store
from corpus.json_shapes import pack_words
from corpus.numbering.number import match_key
from corpus.vietnamese.fold import fold
from search.index import indexer
from search.query.language import AnyOf, InField, NumberTerm, Phrase, Prefix, WordTerm, parse
from search.results import finder

VANBAN = Path(__file__).parent.parent / ".venv/bin/vanban"
_BATCH = 1000
_LIMIT = 20
Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A store of made documents, and the maker that its queries are drawn from."""

    store: Store
    maker: Maker
    sample: list[Made]


def corpus(folder: Path, count: int, words: int, engine: str) -> Corpus:
    """The store of so many documents, filled when it isn't there yet; not indexed."""
    settings = Settings(_env_file=None, home=folder / f"{count}x{words}-{engine}", search_engine=engine)
    fresh = not settings.database_url.database or not (settings.home / "filled").exists()
    store, maker = open_store(settings), Maker(count, words)
    sample = list(islice(Maker(count, words).documents(count), 2000))
    if fresh:
        _fill(store, maker, count)
        (settings.home / "filled").touch()
    return Corpus(store, maker, sample)


def _fill(store: Store, maker: Maker, count: int) -> None:
    documents = maker.documents(count)
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        while batch := list(islice(documents, _BATCH)):
            connection.execute(insert(Document), [_row(made) for made in batch])
            empty = pack_words(())
            connection.execute(
                insert(PageText),
                [
                    {
                        "document_id": m.id,
                        "number": 1,
                        "origin": "text",
                        "confidence": 1.0,
                        "text": m.text,
                        "words": empty,
                    }
                    for m in batch
                ],
            )


def _row(made: Made) -> dict[str, object]:
    return {
        "id": made.id, "sha256": f"{made.id:064d}", "name": f"{made.id}.pdf", "media_type": "application/pdf",
        "size": 1,
        "page_count": 1, "status": "accepted", "number": made.number, "number_key": match_key(made.number),
        "date": made.date, "year": int(made.date[:4]), "issuer": made.issuer, "doc_type": made.doc_type,
        "subject": made.subject, "received_at": utc_now(), "received_by": "bench",
    }  # fmt: skip


def indexed(made: Corpus) -> None:
    """Builds the index when it isn't in step; prints the rate, compounds excluded, and the memory."""
    state = indexer.state(made.store)
    if state.usable and not state.stale:
        return
    indexer.forget(made.store)
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = indexer.rebuild(made.store)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"index {count}: {count / spent:.0f} documents/s (CPU), memory peak {peak / 1024:.0f} MiB "
        f"(+{(peak - before) / 1024:.0f})"
    )


def texts(store: Store) -> Iterator[tuple[int, str, str, str]]:
    """(id, type, year, text) of every document."""
    with store.db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.id, d.doc_type, substr(d.date, 1, 4), p.text FROM documents d JOIN pages p ON "
            "p.document_id = d.id"
        )
        yield from map(tuple, rows)  # type: ignore[misc]


class Fts5:
    """SQLite's own full-text search with its own tokenizer, text and snippets."""

    def __init__(self, path: Path, store: Store) -> None:
        self._db = sqlite3.connect(path)
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'docs'").fetchone():
            self._db.execute(
                "CREATE VIRTUAL TABLE docs USING fts5(text, kind UNINDEXED, year UNINDEXED, "
                "tokenize='unicode61 remove_diacritics 2', prefix=3)"
            )
            rows = (
                (id, text.replace("đ", "d").replace("Đ", "D"), kind, year) for id, kind, year, text in texts(store)
            )
            self._db.executemany("INSERT INTO docs(rowid, text, kind, year) VALUES (?, ?, ?, ?)", rows)
            self._db.commit()

    def ask(self, text: str) -> object:
        match, kind, year = _fts(text)
        wanted = " AND kind = ?" if kind else ""
        wanted += " AND year = ?" if year else ""
        return self._db.execute(
            f"SELECT rowid, rank, snippet(docs, 0, '<mark>', '</mark>', '…', 28) FROM docs WHERE docs MATCH "
            f"?{wanted} "
            f"ORDER BY rank LIMIT {_LIMIT}",
            [match, *filter(None, (kind, year))],
        ).fetchall()


def _fts(text: str) -> tuple[str, str, str]:
    """A query of ours in FTS5's language, with the type and year that are filtered by."""
    query = parse(text)
    kinds = {fold(kind): kind for kind in ("Kế hoạch", "Công văn", "Quyết định", "Báo cáo", "Tờ trình",
        "Thông báo", "Hướng dẫn", "Nghị quyết")}  # fmt: skip
    kind = next((kinds[" ".join(w.folded for w in c.words)] for c in query.must if isinstance(c, InField)), "")
    return " AND ".join(filter(None, map(_fts_clause, query.must))), kind, (query.dates.start or "")[:4]


def _fts_clause(clause: object) -> str:
    match clause:
        case WordTerm(_, folded):
            return f'"{folded}"'
        case Phrase(words) | NumberTerm(_, _, words):
            return '"' + " ".join(word.folded for word in words) + '"'
        case Prefix(word):
            return f'"{word.folded}" *'
        case AnyOf(options):
            return "(" + " OR ".join(map(_fts_clause, options)) + ")"
        case _:
            return ""


class BareTantivy:
    """Tantivy as it comes: one folded text field, stored, its own snippets."""

    def __init__(self, folder: Path, store: Store) -> None:
        import tantivy

        self._t = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="folded")
        for name in ("kind", "year"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(builder.build(), path=str(folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        lower = analyzer.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()
        self._index.register_tokenizer("folded", lower)
        if fresh:
            self._write(store)
        self._schema = self._index.schema

    def _write(self, store: Store) -> None:
        writer = self._index.writer(100_000_000, 1)
        for _, kind, year, text in texts(store):
            document = self._t.Document()
            for name, value in (("text", text), ("kind", kind), ("year", year)):
                document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ask(self, text: str) -> object:
        searcher = self._index.searcher()
        query = self._query(text, searcher)
        found = searcher.search(query, _LIMIT)
        snippets = self._t.SnippetGenerator.create(searcher, query, self._schema, "text")
        return [snippets.snippet_from_doc(searcher.doc(address)).to_html() for _, address in found.hits]

    def _query(self, text: str, searcher: object) -> object:
        query, make, must = parse(text), self._t.Query, self._t.Occur.Must
        _, kind, year = _fts(text)
        clauses = [(must, found) for clause in query.must if (found := self._clause(clause)) is not None]
        clauses += [
            (must, make.term_query(self._schema, name, value))
            for name, value in (("kind", kind), ("year", year))
            if value
        ]
        return make.boolean_query(clauses)

    def _clause(self, clause: object) -> object:
        make = self._t.Query
        match clause:
            case WordTerm(_, folded):
                return make.term_query(self._schema, "text", folded)
            case Phrase(words) | NumberTerm(_, _, words):
                tokens = [word.folded for word in words]
                return (
                    make.phrase_query(self._schema, "text", tokens) if len(tokens) > 1 else self._clause(words[0])
                )
            case Prefix(word):
                return make.regex_query(self._schema, "text", re.escape(word.folded) + ".*")
            case AnyOf(options):
                return make.boolean_query([(self._t.Occur.Should, self._clause(option)) for option in options])
            case _:
                return None


def timed(ask: Ask, text: str) -> float:
    start = time.process_time()
    ask(text)
    return (time.process_time() - start) * 1000


def compared(classes: dict[str, list[str]], engines: dict[str, Ask]) -> dict[str, dict[str, float]]:
    """p95 of every class on every engine, printed as it goes."""
    names = list(engines)
    print(f"{'class':14}" + "".join(f"{name + ' p50/p95 ms':>24}" for name in names))
    p95: dict[str, dict[str, float]] = {name: {} for name in names}
    for kind, asked in classes.items():
        times: dict[str, list[float]] = {name: [math.inf] * len(asked) for name in names}
        for _ in range(2):
            for at, text in enumerate(asked):
                for name in names:
                    times[name][at] = min(times[name][at], timed(engines[name], text))
        for name in names:
            p95[name][kind] = statistics.quantiles(times[name], n=20, method="inclusive")[-1]
        row = "".join(f"{statistics.median(times[name]):15.2f} /{p95[name][kind]:7.2f}" for name in names)
        print(f"{kind:14}{row}", flush=True)
    return p95


def ratio(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """The geometric mean over the classes of our p95 to theirs."""
    return statistics.geometric_mean([max(ours[kind], 0.001) / max(theirs[kind], 0.001) for kind in ours])


def added(made: Corpus) -> list[float]:
    """Wall seconds of ten documents that are added half a second apart, each until it is found.

    Half a second: what comes faster goes into one commit. Tantivy merges segments in between.
    """
    spent = []
    with made.store.db.engine.connect() as connection:
        last = int(connection.exec_driver_sql("SELECT max(id) FROM documents").scalar_one())
    for at in range(10):
        word = "".join(chr(ord("g") + int(digit)) for digit in str(time.time_ns())[-12:])
        one = Made(
            last + at + 1, f"{last + at + 1}/KH-STTTT", "2026-01-01", "Kế hoạch", "Sở X", "mới", f"thêm {word} vào"
        )
        with made.store.db.engine.execution_options(vanban_writes=True).begin() as connection:
            change = connection.scalar(select(next_change()))
            connection.execute(insert(Document), [_row(one) | {"change": change}])
            page = {"document_id": one.id, "number": 1, "origin": "text", "confidence": 1.0, "text": one.text}
            connection.execute(insert(PageText), [page | {"words": pack_words(())}])
        time.sleep(0.5)
        start = time.perf_counter()
        indexer.sync(made.store)
        found = finder.find(made.store, word)
        spent.append(time.perf_counter() - start)
        assert found.total == 1, (word, found.total)
    return sorted(spent)


def cold(made: Corpus, engine: str) -> tuple[float, float]:
    """CPU and wall seconds of one `vanban search` from the command line, the better of five."""
    asked = [str(VANBAN), "search", made.maker.vocabulary[6] + " " + made.maker.vocabulary[300]]
    given = {**os.environ, "VANBAN_HOME": str(made.store.settings.home), "VANBAN_SEARCH_ENGINE": engine}
    costs = []
    for _ in range(5):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL, env=given)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall))
    return min(cpu for cpu, _ in costs), min(wall for _, wall in costs)


def removed(made: Corpus, count: int) -> None:
    """Takes out again what `added` put in, so that the corpus stays what its name says."""
    with made.store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.exec_driver_sql(
            "UPDATE documents SET status = 'withdrawn', revision = revision + 1, change = (SELECT max(change) + 1 "
            "FROM documents) WHERE id > ?",
            (count,),
        )
    indexer.sync(made.store)
    with made.store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.exec_driver_sql("DELETE FROM documents WHERE id > ?", (count,))


def run(engine: str, count: int, words: int, asked: int, folder: Path, alone: bool) -> None:
    print(f"\n{engine}, {count} documents of about {words} words")
    made = corpus(folder, count, words, engine)
    indexed(made)
    peers: dict[str, Ask] = {engine: lambda text: finder.find(made.store, text, limit=_LIMIT)}
    if engine == "tantivy" and not alone:
        peers["bare tantivy"] = BareTantivy(made.store.settings.home / "bare", made.store).ask
    if count <= 200_000 and not alone:
        peers["fts5"] = Fts5(made.store.settings.home / "fts5.sqlite3", made.store).ask
    p95 = compared(queries(made.maker, made.sample, asked), peers)
    for name in [name for name in peers if name != engine]:
        print(f"p95, geometric mean over the classes: {engine} ÷ {name} = {ratio(p95[engine], p95[name]):.2f}")
    print(f"slowest class: {max(p95[engine].values()):.1f} ms (p95)")
    cpu, wall = cold(made, engine)
    print(f"vanban search from a cold start: {cpu:.2f} s CPU, {wall:.2f} s wall")
    spent = added(made)
    print(f"add one and find it: median {statistics.median(spent):.3f} s, worst {spent[-1]:.3f} s (wall)")
    removed(made, count)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--whoosh", type=int, default=1000, help="documents for Whoosh; 0: none")
    arguments.add_argument("--tantivy", type=int, default=0, help="documents for Tantivy; 0: none")
    arguments.add_argument("--words", type=int, default=420)
    arguments.add_argument("--queries", type=int, default=20, help="queries of each class")
    arguments.add_argument("--folder", type=Path, help="where corpora are kept; none: made anew")
    arguments.add_argument("--alone", action="store_true", help="without the peers: no index of theirs is built")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        if given.whoosh:
            run("whoosh", given.whoosh, given.words, given.queries, folder, given.alone)
        if given.tantivy:
            run("tantivy", given.tantivy, given.words, given.queries, folder, given.alone)


if __name__ == "__main__":
    main()
