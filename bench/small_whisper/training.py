"""Training: a fixed number of steps, each of whose batches follows from its number alone.

It begins with short pieces that lie anywhere in the thirty seconds, which teaches all positions and
timestamps at little cost, and goes over to whole windows, padded as faster-whisper pads them.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as f
from torch import Tensor

from bench.small_whisper.features import MELS, POSITIONS
from bench.small_whisper.network import Network, Shape
from bench.small_whisper.windows import FRAME_CLASSES, IGNORED, Example, Plan, Windows

WHOLE = 2 * POSITIONS

_SEED = 3
_SHORT_S = (2.5, 6.0)
# The first pieces are shorter still: of one word or two, it is soon learnt where each is heard.
_SHORTEST_S = (1.2, 2.0)
_SHORTEST_STEPS = 1000
_SHORT_STEPS = 2400
_GROWING_STEPS = 1200
_LAST_PHASE_STEP = 5000
_FRAMES = 6000
_PROMPTED = (0.3, 0.6)
_PROMPTS = ((12, 12, 25, 50), (12, 25, 25, 50, 100, 100, 200, 200))
_WARM_UP = 100
_RATE = 2e-3
_MATRIX_RATE = 4e-3
_LAST = 0.01
_SILENT_LABEL_WEIGHT = 0.3
_FRAME_WEIGHT = 1.0
_ALIGNMENT_WEIGHT = 0.6
_SAVE_EVERY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Examples side by side; ``spans`` rows are (item, position, first step, end step)."""

    mel: Tensor
    labels: Tensor
    offsets: Tensor
    inputs: Tensor
    targets: Tensor
    spans: Tensor


def plan(step: int, chance: random.Random) -> Plan:
    """Say what the batch of a step is like: longer as training goes on."""
    aligned = step >= _SHORT_STEPS // 2
    most = chance.choice(_PROMPTS[aligned]) if chance.random() < _PROMPTED[aligned] else 0
    growth = min(1.0, max(0.0, (step - _SHORT_STEPS) / _GROWING_STEPS))
    kind = chance.random()
    short, whole = (0.12, 0.5) if step >= _LAST_PHASE_STEP else (0.3, 0.35)
    if growth == 0.0 or kind < short:
        grown = min(1.0, step / _SHORTEST_STEPS)
        bounds = zip(_SHORTEST_S, _SHORT_S, strict=True)
        length_s = chance.uniform(*(few + grown * (many - few) for few, many in bounds))
    elif growth == 1.0 and kind < short + whole:
        length_s = 30.0
    else:
        length_s = chance.uniform(_SHORT_S[1], _SHORT_S[1] * (30.0 / _SHORT_S[1]) ** growth)
    frames = min(WHOLE, round(length_s * 50) * 2)
    return Plan(
        frames=frames,
        windows=round(_FRAMES / frames),
        placed=frames < WHOLE and chance.random() < (0.85 if growth < 1.0 else 0.4),
        shortest=0.6 if chance.random() < 0.7 else 0.1,
        prompt_tokens=most,
    )


def batch(windows: Windows, step: int, end: int) -> Batch:
    """Make the batch of a step."""
    chance = random.Random(f"{_SEED}/{step}")
    wanted = plan(step, chance)
    return _together([windows.example(wanted, chance) for _ in range(wanted.windows)], wanted, end)


def train(windows: Windows, shape: Shape, steps: int, checkpoint: Path, end: int) -> Network:
    """Train to the end, from ``checkpoint`` on where it is there; returns the network."""
    torch.manual_seed(_SEED)
    network = Network(shape)
    frame_head = torch.nn.Linear(shape.width, FRAME_CLASSES)
    both = torch.nn.ModuleList([network, frame_head])
    optimisers = _optimisers(both)
    first = _resumed(checkpoint, both, optimisers)
    log, saved_s = _Log(), time.monotonic()
    for step, made in _ahead(windows, first, steps, end):
        pace = _pace(step, steps)
        for optimiser, rate in zip(optimisers, (_MATRIX_RATE, _RATE), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = rate * pace
            optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            loss = _loss(network, frame_head, made, log)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        log.say(step + 1, steps)
        if time.monotonic() - saved_s > _SAVE_EVERY_S or step + 1 == steps:
            _save(checkpoint, both, optimisers, step + 1)
            saved_s = time.monotonic()
    network.eval()
    return network


def _ahead(windows: Windows, first: int, steps: int, end: int) -> Iterator[tuple[int, Batch]]:
    """Make each batch while the one before it is learnt."""
    if first >= steps:
        return
    with ThreadPoolExecutor(1) as worker:
        coming = worker.submit(batch, windows, first, end)
        for step in range(first, steps):
            made = coming.result()
            coming = worker.submit(batch, windows, step + 1, end)
            yield step, made


def _optimisers(both: torch.nn.Module) -> list[torch.optim.Optimizer]:
    """Give Muon (orthogonal updates) for the layers' matrices, and AdamW for all else."""
    matrices = [
        parameter
        for name, parameter in both.named_parameters()
        if parameter.ndim == 2 and "coder." in name
    ]
    chosen = {id(parameter) for parameter in matrices}
    others = [parameter for parameter in both.parameters() if id(parameter) not in chosen]
    return [
        torch.optim.Muon(matrices, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.01),
    ]


def _pace(step: int, steps: int) -> float:
    """Give the part of the full rate: rising at first, falling to the end."""
    left = (steps - step) / (steps - _LAST_PHASE_STEP)
    return min(1.0, (step + 1) / _WARM_UP, _LAST + (1 - _LAST) * left)


def _together(examples: list[Example], wanted: Plan, end: int) -> Batch:
    """Pad examples: features with zeros, as faster-whisper does."""
    text = max(len(example.inputs) for example in examples)
    mel = np.zeros((len(examples), MELS, wanted.frames), np.float32)
    labels = np.zeros((len(examples), wanted.frames // 2), np.int64)
    inputs = np.full((len(examples), text), end)
    targets = np.full((len(examples), text), IGNORED)
    spans: list[tuple[int, int, int, int]] = []
    for at, example in enumerate(examples):
        mel[at, :, : example.mel.shape[1]] = example.mel
        labels[at, : len(example.labels)] = example.labels
        inputs[at, : len(example.inputs)] = example.inputs
        targets[at, : len(example.targets)] = example.targets
        spans += [(at, *span) for span in example.spans if span[1] < labels.shape[1]]
    return Batch(
        mel=torch.from_numpy(mel),
        labels=torch.from_numpy(labels),
        offsets=torch.tensor([example.offset for example in examples]),
        inputs=torch.from_numpy(inputs),
        targets=torch.from_numpy(targets),
        spans=torch.tensor(spans, dtype=torch.long).reshape(-1, 4),
    )


def _loss(network: Network, frame_head: torch.nn.Linear, made: Batch, log: "_Log") -> Tensor:
    """Add up: the next token, the word in each step, and where the aligned heads look."""
    encoded = network.encode(made.mel, made.offsets)
    states, weights = network.decode(made.inputs, encoded)
    told = made.targets != IGNORED
    logits, wanted = network.logits(states[told]).float(), made.targets[told]
    text = f.cross_entropy(logits, wanted)
    heard = frame_head(encoded).float().flatten(0, 1)
    labels = made.labels.flatten()
    importance = torch.where(labels > 0, 1.0, _SILENT_LABEL_WEIGHT)
    frames = f.cross_entropy(heard, labels, reduction="none")
    frame = (frames * importance).sum() / importance.sum()
    alignment = _alignment(weights, made.spans)
    log.add(text, frame, alignment, logits, wanted, network.shape.first_timestamp)
    return text + _FRAME_WEIGHT * frame + _ALIGNMENT_WEIGHT * alignment


def _alignment(weights: Tensor, spans: Tensor) -> Tensor:
    """Say how far the aligned heads look from where each token is heard (guided attention)."""
    if not len(spans):
        return weights.sum() * 0
    looked = weights[spans[:, 0], :, spans[:, 1]]
    steps = torch.arange(looked.shape[-1])[None]
    within = ((steps >= spans[:, 2:3]) & (steps < spans[:, 3:4])).float()
    share = within / within.sum(dim=1, keepdim=True).clamp(min=1)
    return -(looked * share[:, None]).sum(dim=-1).mean()


def _resumed(
    checkpoint: Path, both: torch.nn.Module, optimisers: list[torch.optim.Optimizer]
) -> int:
    if not checkpoint.exists():
        return 0
    kept = torch.load(checkpoint, weights_only=True)
    both.load_state_dict(kept["weights"])
    for optimiser, state in zip(optimisers, kept["optimisers"], strict=True):
        optimiser.load_state_dict(state)
    return int(kept["step"])


def _save(
    checkpoint: Path,
    both: torch.nn.Module,
    optimisers: list[torch.optim.Optimizer],
    step: int,
) -> None:
    part = checkpoint.with_suffix(".part")
    states = [optimiser.state_dict() for optimiser in optimisers]
    kept = {"weights": both.state_dict(), "optimisers": states, "step": step}
    torch.save(kept, part)
    part.replace(checkpoint)


class _Log:
    """Says now and then how training goes."""

    def __init__(self) -> None:
        self._sums, self._count, self._since_s = np.zeros(6), 0, time.monotonic()

    def add(
        self,
        text: Tensor,
        frame: Tensor,
        alignment: Tensor,
        logits: Tensor,
        wanted: Tensor,
        first_timestamp: int,
    ) -> None:
        with torch.no_grad():
            best, words = logits.argmax(-1), wanted < first_timestamp
            right = (best == wanted)[words].float().mean().item() if words.any() else 1.0
            close = (
                ((best - wanted).abs() <= 3)[~words].float().mean().item()
                if (~words).any()
                else 1.0
            )
            lost = (text.item(), frame.item(), alignment.item())
        self._sums += np.array([*lost, right, close, 1.0])
        self._count += 1

    def say(self, step: int, steps: int) -> None:
        took_s = time.monotonic() - self._since_s
        if took_s < 20 and step < steps:
            return
        text, frame, alignment, right, close, _ = self._sums / self._count
        print(
            f"{time.strftime('%H:%M:%S')} step {step} of {steps},",
            f"{took_s / self._count:.2f} s each:",
            f"text {text:.3f}, frames {frame:.3f}, alignment {alignment:.2f},",
            f"tokens right {right:.3f}, times within 60 ms {close:.3f}",
            flush=True,
        )
        self._sums[:], self._count, self._since_s = 0, 0, time.monotonic()


def _share(right: Tensor) -> float:
    return right.float().mean().item() if len(right) else 1.0
