"""How well search ranks: judged questions beside plain BM25 over accented syllables in one run, numbers, subjects.

--judged: a folder with corpus.jsonl (`_id`, `text`), queries.jsonl and qrels.tsv. --graph: a folder with
documents.jsonl (`so_ky_hieu`, `trich_yeu`, …). Everything goes through `finder.find`; errors are drawn with one
seed. Weights are tuned on every other question (odd): figures are told for the others (even) too. --compounds: a
file that keeps what the judged texts were segmented into; without it they are indexed without compounds.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import Compounds, Document, PageText
from corpus.database.store import Store, open_store
from corpus.json_shapes import pack_words
from corpus.numbering.number import match_key
from corpus.vietnamese.fold import fold
from search import compound_words
from search.index import indexer
from search.results import finder as service
from search.tokens import syllables

Find = Callable[[str], list[int]]
_K1, _B = 1.2, 0.75
_OCR = {"m": "rn", "n": "u", "h": "b", "e": "c", "c": "e", "i": "l", "l": "i", "t": "f", "o": "0", "u": "n",
    "g": "q",
        "b": "h", "đ": "d", "a": "o", "ư": "u", "ơ": "o", "â": "a", "ô": "o", "ê": "e", "ă": "a"}  # fmt: skip
"""What Tesseract makes of a letter when it errs, one for each."""
_NEW_TONE = re.compile(r"(o)([̣̀́̃̉])([ae])(?![a-zđ])|(?<!q)(u)([̣̀́̃̉])(y)(?![a-zđ])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts, questions and which texts answer them."""

    texts: dict[int, str]
    questions: dict[str, str]
    relevant: dict[str, dict[int, int]]


def judged(folder: Path) -> Judged:
    relevant: dict[str, dict[int, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, text, score = line.split("\t")
        relevant[question][int(text)] = int(score)
    texts = {int(one["_id"]): one["text"] for one in _json_lines(folder / "corpus.jsonl")}
    questions = {
        one["_id"]: one["text"] for one in _json_lines(folder / "queries.jsonl") if one["_id"] in relevant
    }
    return Judged(texts, questions, relevant)


def _json_lines(path: Path) -> Iterable[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


class PlainBm25:
    """BM25 over accented syllables, any of the words, as a textbook has it."""

    def __init__(self, texts: dict[int, str]) -> None:
        self._ids = np.array(list(texts))
        counts = [Counter(syllables(text).accented) for text in texts.values()]
        lengths = np.array([sum(count.values()) for count in counts], float)
        self._norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
        self._postings: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for at, count in enumerate(counts):
            for token, times in count.items():
                self._postings[token][0].append(at)
                self._postings[token][1].append(times)

    def find(self, text: str) -> list[int]:
        scores = np.zeros(len(self._ids))
        for token in syllables(text).accented:
            if token in self._postings:
                at, times = map(np.array, self._postings[token])
                idf = math.log(1 + (len(self._ids) - len(at) + 0.5) / (len(at) + 0.5))
                scores[at] += idf * times * (_K1 + 1) / (times + self._norm[at])
        best = np.argsort(-scores, kind="stable")[:10]
        return [int(self._ids[at]) for at in best if scores[at] > 0]


def ndcg(found: list[int], relevant: dict[int, int]) -> float:
    """nDCG of the first ten."""
    gained = sum(relevant.get(id, 0) / math.log2(at + 2) for at, id in enumerate(found[:10]))
    ideal = sorted(relevant.values(), reverse=True)[:10]
    return gained / sum(gain / math.log2(at + 2) for at, gain in enumerate(ideal))


def ndcgs(find: Find, made: Judged, change: Callable[[str], str] = str) -> list[float]:
    """nDCG@10 of every question."""
    return [ndcg(find(change(text)), made.relevant[id]) for id, text in made.questions.items()]


def mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def segmented(texts: dict[int, str], kept: Path | None) -> dict[int, str]:
    """The compounds of these texts, segmented once by two processes and kept in a file."""
    if kept is None:
        return {}
    if not kept.exists():
        with ProcessPoolExecutor(2) as pool:
            found = list(pool.map(compound_words.segmented, [[text] for text in texts.values()], chunksize=50))
        kept.write_text(json.dumps(dict(zip(texts, found, strict=True)), ensure_ascii=False), encoding="utf-8")
    return {int(id): words for id, words in json.loads(kept.read_text(encoding="utf-8")).items()}


def old_tone(text: str) -> str:
    """`hòa` → `hoà`, `thủy` → `thuỷ`: the mark moved to the last vowel of an open syllable."""
    moved = _NEW_TONE.sub(
        lambda m: (m[1] or m[4]) + (m[3] or m[6]) + (m[2] or m[5]), unicodedata.normalize("NFD", text)
    )
    return unicodedata.normalize("NFC", moved)


def misread(text: str) -> str:
    """A question with one letter of one longer syllable read wrong, the same each time."""
    rng = random.Random(text)
    words = text.split(" ")
    longer = [at for at, word in enumerate(words) if len(word) >= 3 and any(letter in _OCR for letter in word)]
    if not longer:
        return text
    at = rng.choice(longer)
    letter = rng.choice([i for i, letter in enumerate(words[at]) if letter in _OCR])
    words[at] = words[at][:letter] + _OCR[words[at][letter]] + words[at][letter + 1 :]
    return " ".join(words)


def filled(
    home: Path, rows: list[dict[str, object]], texts: dict[int, str], engine: str, words: dict[int, str]
) -> Store:
    """A store of these documents, indexed; `words`: their compounds."""
    store = open_store(Settings(_env_file=None, home=home, search_engine=engine))
    base = {"name": "", "media_type": "text/plain", "size": 1, "page_count": 1, "status": "accepted",
            "received_at": utc_now(), "received_by": "bench"}  # fmt: skip
    page = {"number": 1, "origin": "text", "confidence": 1.0, "words": pack_words(())}
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(insert(Document), [base | {"sha256": f"{row['id']:064d}"} | row for row in rows])
        connection.execute(
            insert(PageText), [page | {"document_id": id, "text": text} for id, text in texts.items()]
        )
        if words:
            kept = [{"document_id": id, "reading": 1, "state": "segmented", "words": words[id]} for id in texts]
            connection.execute(insert(Compounds), kept)
    indexer.rebuild(store)
    return store


def finder(store: Store) -> Find:
    return lambda text: [hit.id for hit in service.find(store, text, limit=10).hits]


def measure_judged(folder: Path, home: Path, engine: str, kept: Path | None) -> None:
    made = judged(folder)
    store = filled(home, [{"id": id} for id in made.texts], made.texts, engine, segmented(made.texts, kept))
    ours, plain = finder(store), PlainBm25(made.texts)
    base, clean = ndcgs(plain.find, made), ndcgs(ours, made)
    print(f"{len(made.texts)} texts, {len(made.questions)} questions; nDCG@10, {engine}")
    bare = mean(ndcgs(plain.find, made, fold))
    print(f"plain BM25, accented syllables  {mean(base):.4f}   without accents {bare:.4f}")
    ratios = [mean(clean[at::step]) / mean(base[at::step]) for at, step in ((0, 1), (1, 2), (0, 2))]
    print(f"ours                            {mean(clean):.4f}   ÷ plain BM25   {ratios[0]:.3f} (at least 1.10)"
          f"   odd questions {ratios[1]:.3f}, even {ratios[2]:.3f}")  # fmt: skip
    rows: list[tuple[str, Callable[[str], str], str]] = [
        ("without accents", fold, "at least 0.92"),
        ("in NFD", lambda text: unicodedata.normalize("NFD", text), "equal"),
        ("old tone placement", old_tone, "equal"),
        ("one letter misread", misread, "at least 0.85"),
    ]
    for name, change, target in rows:
        found = mean(ndcgs(ours, made, change))
        print(f"ours, {name:25} {found:.4f}   ÷ ours clean   {found / mean(clean):.3f} ({target})")


def measure_known(folder: Path, home: Path, engine: str) -> None:
    held = [one for one in _json_lines(folder / "documents.jsonl") if one["so_ky_hieu"]]
    rows = [_row(id, one) for id, one in enumerate(held, 1)]
    texts = {id: _text(one) for id, one in enumerate(held, 1)}
    ours = finder(filled(home, rows, texts, engine, {}))
    rng = random.Random(5)
    keys = {id: match_key(one["so_ky_hieu"]) or fold(one["so_ky_hieu"]) for id, one in enumerate(held, 1)}
    asked = rng.sample(sorted(keys), min(1000, len(keys)))
    spellings: list[tuple[str, Callable[[str], str]]] = [
        ("as printed", str),
        ("small letters", str.lower),
        ("blanks for signs", lambda number: re.sub(r"[/-]", " ", number)),
        ("without accents", fold),
        ("l for 1, O for 0", lambda number: number.replace("1", "l", 1).replace("0", "O", 1)),
    ]
    for name, change in spellings:
        first = [
            (found := ours(change(held[id - 1]["so_ky_hieu"]))) and keys[found[0]] == keys[id] for id in asked
        ]
        print(f"number, {name:20} first in {sum(map(bool, first)) / len(first):.1%} of {len(first)}")
    subjects = {id: frozenset(syllables(one["trich_yeu"] or "").accented) for id, one in enumerate(held, 1)}
    names = {id: " ".join(syllables(one["trich_yeu"] or "").folded) for id, one in enumerate(held, 1)}
    for name, pick in (("words", _words), ("syllables", _syllables)):
        queries = [(id, pick(held[id - 1]["trich_yeu"] or "", rng)) for id in asked]
        known = [
            Known(ours(text)[:3], id, [other for other, words in subjects.items()
                                       if words.issuperset(syllables(text).accented)])
            for id, text in queries if text
        ]  # fmt: skip
        told = f"three {name} of the subject"
        for which, least in (("any", len(subjects)), ("that at most three subjects hold", 3)):
            top = [one.id in one.first for one in known if len(one.holders) <= least]
            print(f"{told}, {which}: in the top 3 in {mean(top):.1%} of {len(top)}")
        same = [names[one.id] in [names[id] for id in one.first] for one in known]
        print(f"{told}, any: a document with the same subject in the top 3 in {mean(same):.1%}")
        many = [len(one.holders) > 3 for one in known]
        chance = [min(1.0, 3 / max(1, len(one.holders))) for one in known]
        shortest = [
            one.id in sorted(one.holders, key=lambda id: len(subjects[id]))[:3] for one in known
        ]  # fmt: skip
        print(f"{told}: more than three subjects hold them in {mean(many):.1%}; by chance among their holders "
              f"{mean(chance):.1%}, the shortest subject first {mean(shortest):.1%}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Three words: the first three hits, the document meant, and all documents whose subject holds the words."""

    first: list[int]
    id: int
    holders: list[int]


def _row(id: int, one: dict[str, str]) -> dict[str, object]:
    date = "-".join(reversed((one.get("ngay_ban_hanh") or "").split("/"))) or None
    return {"id": id, "number": one["so_ky_hieu"], "date": date,
            "year": int(date[:4]) if date else None, "name": "x", "doc_type": one["loai_van_ban"],
            "issuer": one["co_quan_ban_hanh"], "subject": one["trich_yeu"],
            "signer": one["nguoi_ky"]}  # fmt: skip


def _text(one: dict[str, str]) -> str:
    number = f"Số: {one['so_ky_hieu']}"
    return "\n".join((one["co_quan_ban_hanh"], number, one["loai_van_ban"], one["trich_yeu"], one["nguoi_ky"]))


def _words(subject: str, rng: random.Random) -> str:
    from underthesea import word_tokenize

    found = [word for word in dict.fromkeys(word_tokenize(subject.lower())) if len(word) > 3 and word[0].isalpha()]
    return " ".join(rng.sample(found, 3)) if len(found) >= 3 else ""


def _syllables(subject: str, rng: random.Random) -> str:
    found = [token for token in dict.fromkeys(syllables(subject).accented) if len(token) > 2 and token.isalpha()]
    return " ".join(rng.sample(found, 3)) if len(found) >= 3 else ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--judged", type=Path)
    arguments.add_argument("--graph", type=Path)
    arguments.add_argument("--compounds", type=Path, help="file that keeps the judged texts' compounds")
    arguments.add_argument("--engine", default="whoosh", choices=["whoosh", "tantivy"])
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.judged:
            measure_judged(given.judged, Path(folder) / "judged", given.engine, given.compounds)
        if given.graph:
            measure_known(given.graph, Path(folder) / "known", given.engine)


if __name__ == "__main__":
    main()
