"""The line network (195,000 parameters): 48 × W ink to W/2 frames of 13 scores (0–9, left anchor, right anchor,
blank).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_BLOCKS = ((1, 16, (2, 2)), (16, 32, (2, 1)), (32, 48, (2, 1)), (48, 64, (2, 1)))
CLASSES = 13


def _unit(
    inside: int, outside: int, kernel: tuple[int, int], padding: tuple[int, int], dilation: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, padding=padding, dilation=(1, dilation), bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class LineNet(nn.Module):
    """Input B × 1 × 48 × W, output B × W/2 × 13 (log-softmax not applied)."""

    def __init__(self) -> None:
        super().__init__()
        self.units = nn.ModuleList([_unit(a, b, (3, 3), (1, 1)) for a, b, _ in _BLOCKS])
        self.units.append(_unit(64, 96, (3, 3), (0, 1)))
        self.units.append(_unit(96, 96, (1, 5), (0, 2)))
        self.units.append(_unit(96, 96, (1, 5), (0, 4), 2))
        self.last = nn.Conv2d(96, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        for number, unit in enumerate(self.units):
            x = unit(x)
            if number < len(_BLOCKS):
                x = nn.functional.max_pool2d(x, _BLOCKS[number][2])
        x = nn.functional.dropout(x, 0.1, self.training)
        scores: Tensor = self.last(x)
        return scores[:, :, 0, :].transpose(1, 2)


def folded(net: LineNet) -> dict[str, NDArray[np.float16]]:
    """Weights with the normalisation folded in, half precision: k0 b0 … k7 b7."""
    arrays: dict[str, NDArray[np.float16]] = {}
    for number, unit in enumerate(net.units):
        convolution, norm = unit[0], unit[1]
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        arrays[f"k{number}"] = (convolution.weight * gain[:, None, None, None]).detach().numpy().astype(np.float16)
        arrays[f"b{number}"] = (norm.bias - norm.running_mean * gain).detach().numpy().astype(np.float16)
    arrays[f"k{len(net.units)}"] = net.last.weight.detach().numpy().astype(np.float16)
    arrays[f"b{len(net.units)}"] = net.last.bias.detach().numpy().astype(np.float16)
    return arrays


def loaded(path: Path) -> LineNet:
    """A net from a file of `fit` (.pt), or from packed weights (.npz),
    whose normalisation then stands still at one.
    """
    net = LineNet()
    if path.suffix != ".npz":
        net.load_state_dict(torch.load(path))
        return net
    with np.load(path) as arrays, torch.no_grad():
        for number, unit in enumerate(net.units):
            unit[0].weight.copy_(torch.from_numpy(arrays[f"k{number}"].astype(np.float32)))
            unit[1].bias.copy_(torch.from_numpy(arrays[f"b{number}"].astype(np.float32)))
            unit[1].running_var.fill_(1 - unit[1].eps)
        net.last.weight.copy_(torch.from_numpy(arrays[f"k{len(net.units)}"].astype(np.float32)))
        net.last.bias.copy_(torch.from_numpy(arrays[f"b{len(net.units)}"].astype(np.float32)))
    return net


def save(net: LineNet, path: Path) -> None:
    """Writes the file that ingest.handwriting.digit_net loads."""
    np.savez_compressed(path, **folded(net.eval()))
