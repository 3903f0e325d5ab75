"""The network's own last layer, from which the second reader's head is fitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.secondreader.head import HeadWeights


def head_of(features: Sequence[NDArray[np.float32]], logs: Sequence[NDArray[np.float32]]) -> HeadWeights:
    """The network's own last layer, solved from what went in and came out;
    free of a shift that no softmax shows.
    """
    inputs = np.concatenate([np.hstack([f, np.ones((len(f), 1))]) for f in features]).astype(np.float64)
    outputs = np.concatenate(list(logs)).astype(np.float64)
    solved, *_ = np.linalg.lstsq(inputs, outputs - outputs.mean(axis=1, keepdims=True), rcond=None)
    return HeadWeights(solved[:-1], solved[-1])
