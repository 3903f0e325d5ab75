"""Fitting the line network: frames first, then CTC; later a short fit on real lines among made ones."""

from __future__ import annotations

import time
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from script.learn.lines import BLANK, Line
from script.learn.network import CLASSES, LineNet

BATCH = 32
_REAL, _MADE, _RATE = 16, 8, 6e-4
"""Real and made lines of a step of the fit to real ones, and its first rate, which falls to nothing."""


def _batch(lines: Sequence[Line], rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Images, frame classes (-1 where a real line does not know), CTC targets, frames per line, target lengths."""
    width = max(line.image.shape[1] for line in lines) + int(rng.integers(2, 20))
    width += width % 2
    images = np.zeros((len(lines), 1, 48, width), np.float32)
    frames = np.full((len(lines), width // 2), BLANK, np.int64)
    lengths = []
    for row, line in enumerate(lines):
        shift = int(rng.integers(0, width - line.image.shape[1] + 1))
        lift = int(rng.integers(-2, 3))
        images[row, 0, :, shift : shift + line.image.shape[1]] = np.roll(line.image, lift, 0) ** float(
            rng.uniform(0.7, 1.4)
        )
        if not line.spans:
            frames[row] = -1
        for digit, (start, end) in zip(line.classes, line.spans, strict=False):
            middle, half = (start + end) / 2 + shift, max(1.2, (end - start) * 0.3)
            frames[row, max(0, int((middle - half) / 2)) : max(1, int((middle + half) / 2) + 1)] = digit
        lengths.append(len(line.classes))
    targets = torch.tensor([c for line in lines for c in line.classes])
    widths = torch.full((len(lines),), width // 2)
    return torch.from_numpy(images), torch.from_numpy(frames), targets, widths, torch.tensor(lengths)


def _loss(scores: Tensor, batch: tuple[Tensor, Tensor, Tensor, Tensor, Tensor], ctc: float) -> Tensor:
    _, frames, targets, widths, lengths = batch
    weight = torch.ones(CLASSES)
    weight[BLANK] = 0.4
    loss = torch.zeros(())
    if (frames >= 0).any():
        loss = nn.functional.cross_entropy(
            scores.reshape(-1, CLASSES), frames.reshape(-1), weight=weight, ignore_index=-1, label_smoothing=0.02
        )
    if ctc:
        logs = scores.log_softmax(2).transpose(0, 1)
        aligned = nn.functional.ctc_loss(logs, targets, widths, lengths, blank=BLANK, zero_infinity=True)
        loss = loss + ctc * aligned
    return loss


def fit(
    net: LineNet,
    lines: Sequence[Line],
    seconds: float,
    rng: np.random.Generator,
    rate: float = 3e-3,
    ctc_from: float = 0.45,
) -> int:
    """Frame-wise cross-entropy, CTC added from that share of the time; the rate falls to nothing.
    Gives the steps done.
    """
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-3)
    order = np.argsort([line.image.shape[1] for line in lines])
    groups = [order[i : i + BATCH * 8] for i in range(0, len(order), BATCH * 8)]
    start, steps = time.monotonic(), 0
    while (passed := (time.monotonic() - start) / seconds) < 1:
        chosen = rng.choice(groups[rng.integers(len(groups))], BATCH)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, steps / 60 + 0.05) * max(0.01, 1 - passed) ** 1.0
        step(net, optimiser, [lines[i] for i in chosen], 0.15 if passed >= ctc_from else 0.0, rng)
        steps += 1
        if steps % 100 == 0:
            print(f"step {steps} at {passed:.2f}", flush=True)
    return steps


def step(
    net: LineNet,
    optimiser: torch.optim.Optimizer,
    lines: Sequence[Line],
    ctc: float,
    rng: np.random.Generator,
    *,
    still: bool = False,
) -> None:
    """One step of the optimiser; `still`: what the normalisation has learned stays."""
    net.train()
    if still:
        for unit in net.units:
            unit[1].eval()
    batch = _batch(lines, rng)
    optimiser.zero_grad()
    loss = _loss(net(batch[0]), batch, ctc)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 2.0)
    optimiser.step()


def varied(line: Line, rng: np.random.Generator) -> Line:
    """A real line as another hand or scanner would have given it; its glyph places are not known."""
    height, width = line.image.shape
    across, down, shear = rng.uniform(0.85, 1.35), rng.uniform(0.88, 1.12), rng.normal(0, 0.12)
    wide = max(32, round(width * across))
    middle = height / 2
    grown = np.array([[across, shear, -shear * middle], [0, down, middle * (1 - down)]], np.float32)
    image = cv2.warpAffine(line.image, grown, (wide, height), flags=cv2.INTER_LINEAR)
    pen = rng.random()
    if pen < 0.2:
        image = cv2.addWeighted(image, 0.5, cv2.dilate(image, np.ones((2, 2), np.uint8)), 0.5, 0)
    elif pen < 0.35:
        image = cv2.addWeighted(image, 0.5, cv2.erode(image, np.ones((2, 2), np.uint8)), 0.5, 0)
    elif pen < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 0.9)))
    return Line(np.asarray(np.clip(image, 0, 1), np.float32), line.classes, ())


def fit_real(
    net: LineNet,
    real: Sequence[Line],
    made: Sequence[Line],
    steps: int,
    rng: np.random.Generator,
    weights: Sequence[float] = (),
) -> None:
    """Real lines among made ones: the net learns the hands without forgetting the forms.

    weights: how often each real line is taken compared with others; all alike without them. Real lines are
    slanted, stretched and drawn thicker or thinner each time they are taken.
    """
    shares = np.asarray(weights) / np.sum(weights) if len(weights) else None
    optimiser = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=1e-3)
    for number in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - number / steps) + 1e-5
        taken = rng.choice(len(real), _REAL, p=shares)
        chosen = [varied(real[i], rng) for i in taken] + [made[i] for i in rng.integers(0, len(made), _MADE)]
        step(net, optimiser, chosen, 0.15, rng, still=True)
        if number % 20 == 0:
            print(f"step {number}", flush=True)


def exact(net: LineNet, lines: Sequence[Line]) -> float:
    """Share of lines whose greedy path is right, without views or beam."""
    net.eval()
    right = 0
    with torch.no_grad():
        for line in lines:
            image = np.pad(line.image, ((0, 0), (0, line.image.shape[1] % 2)))
            path = net(torch.from_numpy(image)[None, None]).argmax(2)[0].tolist()
            read = [c for c, before in zip(path, [BLANK, *path], strict=False) if c != before and c != BLANK]
            right += tuple(read) == line.classes
    return right / len(lines)


def likelier(net: LineNet, options: Sequence[Line]) -> Line:
    """The line whose classes the net finds likeliest on the image that all options share."""
    net.eval()
    losses = []
    with torch.no_grad():
        for line in options:
            image = np.pad(line.image, ((0, 0), (0, line.image.shape[1] % 2)))
            logs = net(torch.from_numpy(image)[None, None]).log_softmax(2).transpose(0, 1)
            target = torch.tensor([line.classes])
            loss = nn.functional.ctc_loss(
                logs,
                target,
                torch.tensor([logs.shape[0]]),
                torch.tensor([target.shape[1]]),
                blank=BLANK,
                reduction="sum",
            )
            losses.append(float(loss))
    return options[int(np.argmin(losses))]
