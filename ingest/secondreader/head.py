"""Last layer of the network: 512 features of a frame to 227 classes; trained on lines of our own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEATURES, CLASSES = 512, 227


@dataclass(frozen=True, slots=True)
class HeadWeights:
    """Weights (FEATURES × CLASSES) and biases (CLASSES)."""

    weights: Array
    biases: Array

    @staticmethod
    def load(path: Path | None = None) -> HeadWeights:
        """Load the shipped head, or another file's. Raises OSError or ValueError for no such file."""
        import numpy as np

        source = path if path is not None else resources.files("ingest").joinpath("weights/head_figures.npz")
        try:
            with source.open("rb") as stream, np.load(stream) as arrays:
                head = HeadWeights(arrays["weights"].astype(np.float64), arrays["biases"].astype(np.float64))
        except (EOFError, KeyError, BadZipFile) as error:
            raise ValueError(f"no head of this network: {source}") from error
        if head.weights.shape != (FEATURES, CLASSES) or head.biases.shape != (CLASSES,):
            raise ValueError(f"no head of this network: {source}")
        return head

    def save(self, path: Path) -> None:
        """Write it in half precision; `load` reads it back."""
        import numpy as np

        with path.open("wb") as stream:
            np.savez_compressed(
                stream, weights=self.weights.astype(np.float16), biases=self.biases.astype(np.float16)
            )

    def logs(self, features: NDArray[np.float32]) -> Array:
        """Log probabilities (T × CLASSES) of frames (T × FEATURES)."""
        import numpy as np

        scores = features.astype(np.float64) @ self.weights + self.biases
        return np.asarray(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
