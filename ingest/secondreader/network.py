"""AsterNet in onnxruntime: features and its own reading of one prepared line, on one thread."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.secondreader.assets import Assets, find_assets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Logs = NDArray[np.float64]

_FEATURES = "/fusion/Add_output_0"
"""Input tensor of the last linear layer: T × batch × 512."""
_GRAPH, _OUTPUT, _NAME = 0x3A, 0x62, 0x0A
"""Tags of ModelProto.graph, GraphProto.output and ValueInfoProto.name (onnx.proto3), each with a length."""

_LEAST_ROOM = 400 << 20
"""Bytes of address space: the library, the network twice while it is opened, and its work."""


@dataclass(frozen=True, slots=True)
class Network:
    """A session that also returns the features, and the classes of the network's own output."""

    session: Any
    classes: tuple[str, ...]

    def run(self, line: Array) -> tuple[Array, Logs]:
        """Features (T × 512) and own log probabilities (T × 227) of a line (1 × 3 × 32 × W, W ≤ 1,024); T = W /
        4.
        """
        features, logs = self.session.run([_FEATURES, "log_probs"], {"images": line})
        return features[:, 0, :], logs[:, 0, :].astype("float64")


def open_network(assets: Assets | None = None) -> Network | None:
    """Network of these files, or of the environment's; None without them, onnxruntime or enough memory."""
    assets = assets or find_assets()
    if assets is None or not _has_room():
        return None
    try:
        import onnxruntime
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Layouts made for this processor open in 0.03 s more and read the lines of a scan in a quarter less.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(
        _with_features(assets.network), options, providers=["CPUExecutionProvider"]
    )
    return Network(session, assets.classes)


def _has_room() -> bool:
    """True if this process may still take the memory that the network needs; else onnxruntime would end the
    process.
    """
    try:
        # Tested by allocation: in the sandbox /proc, which shows the memory in use, can't be read.
        mmap.mmap(-1, _LEAST_ROOM).close()
    except (OSError, MemoryError):
        return False
    return True


def _with_features(network: bytes) -> bytes:
    """Add the features as one more output of the model: protobuf messages in sequence are merged."""

    def field(tag: int, data: bytes) -> bytes:
        return bytes([tag, len(data)]) + data

    return network + field(_GRAPH, field(_OUTPUT, field(_NAME, _FEATURES.encode())))
