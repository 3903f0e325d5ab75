"""Pseudo-relevance feedback: documents with the words of a question's best hits move up with them.

A question has words that no answer needs and lacks words that every answer has; its best hits have them. After
Rocchio (1971) and Lavrenko and Croft (2001), as a reordering: the documents found stay, and the first two hundred
are ordered again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from search.engines.base import Answering, Term

BEST = 3
"""Number of hits that are taken to be relevant."""
_TERMS, _WEIGHT = 160, 0.15
"""Number of their weightiest words, and the weight of the weightiest; 1 is the weight of a word of the question.
nDCG of 209 judged questions as a ratio to plain BM25's, odd and even ones apart: 1.090 and 1.053 without, 1.100
and 1.102 with these; a quarter as many words gain two thirds of that, ten hits half of it at best.
"""
_K1, _B = 1.2, 0.75
"""Parameters of BM25, as in the fields of the index."""

Said = Callable[[Sequence[int]], Sequence[Sequence[str]]]
"""Documents → the accented syllables of each; long texts may be cut."""


def alike(
    engine: Answering, top: Sequence[tuple[int, float]], asked: Sequence[str], said: Said
) -> tuple[Term, ...]:
    """The words of the best hits (BEST of them, with their scores) that the question lacks, by their weight.

    Empty if there are fewer hits: then there is nothing to order.
    """
    if len(top) < BEST:
        return ()
    texts = [Counter(words) for words in said([id for id, _ in top[:BEST]])]
    weights = _weights(engine, texts, [score for _, score in top[:BEST]])
    for word in asked:
        weights.pop(word, None)
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_TERMS]
    return tuple(Term("syl", word, _WEIGHT * weight / best[0][1]) for word, weight in best if best[0][1] > 0)


def _weights(engine: Answering, texts: Sequence[Counter[str]], scores: Sequence[float]) -> dict[str, float]:
    """BM25's weight of each word in the texts, each text by its share of the scores."""
    count, mean = engine.count(), sum(text.total() for text in texts) / len(texts) or 1.0
    held = engine.frequencies("syl", sorted(set().union(*texts)))
    weights: dict[str, float] = {}
    for text, score in zip(texts, scores, strict=True):
        norm = _K1 * (1 - _B + _B * text.total() / mean)
        share = score / (sum(scores) or 1.0)
        for word, times in text.items():
            rare = math.log(1 + (count - held.get(word, 0) + 0.5) / (held.get(word, 0) + 0.5))
            weights[word] = weights.get(word, 0.0) + share * rare * times / (times + norm)
    return weights
