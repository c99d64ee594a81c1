"""Whisper's architecture, small, as PyTorch modules.

The layers are those of arXiv 2212.04356: two convolutions, pre-norm transformers, tied output. Two
things differ from a plain model, for training alone: pieces may be placed anywhere in the thirty
seconds, and two of the last layer's cross-attention heads give their weights, to be aligned.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as f
from torch import Tensor, nn

from bench.small_whisper.features import MELS, POSITIONS

TEXT_POSITIONS = 448
ALIGNED_HEADS = 2

# Where each head of the encoder looks before it has learnt anything: steps of 20 ms from its own.
_NEAR = (-12, -4, 4, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large the network is."""

    vocabulary: int
    first_timestamp: int
    width: int = 160
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2


class Attention(nn.Module):
    """Multi-head attention; only keys have no bias, as in Whisper."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, *, aligned: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """Attend to ``memory`` or, causally where ``aligned`` is negative, to ``x`` itself.

        Also give the log weights of the first ``aligned`` heads, shape (batch, heads, text, time).
        """
        seen = x if memory is None else memory
        query, key, value = (
            self._split(part) for part in (self.query(x), self.key(seen), self.value(seen))
        )
        # Written out: PyTorch's fused attention is slow for small heads on a CPU.
        scores = (query / math.sqrt(query.shape[-1])) @ key.transpose(-1, -2)
        if aligned < 0:
            scores = scores + torch.full(scores.shape[-2:], -1e4, dtype=scores.dtype).triu(1)
        out = scores.softmax(-1).to(value.dtype) @ value
        weights = scores[:, :aligned].float().log_softmax(-1) if aligned > 0 else None
        return self.out(out.transpose(1, 2).reshape(x.shape)), weights

    def look_near(self, steps: Sequence[int]) -> None:
        """Begin with heads that look around some steps from their own, as positions have it.

        Speech is local: what a fresh layer would first have to find out (cf. arXiv 2305.09828).
        """
        width = self.query.in_features
        half, size = width // 2, width // len(steps)
        sine = torch.arange(0, size, 2)
        rate = torch.exp(-math.log(10_000) / (half - 1) * sine)
        with torch.no_grad():
            for linear in (self.query, self.key):
                linear.weight.mul_(0.3)
            for at, by in enumerate(steps):
                rows = size * at + sine
                for linear, turn in ((self.query, rate * by), (self.key, rate * 0)):
                    linear.weight[rows, sine] += turn.cos()
                    linear.weight[rows, half + sine] += turn.sin()
                    linear.weight[rows + 1, sine] -= turn.sin()
                    linear.weight[rows + 1, half + sine] += turn.cos()

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)


class Layer(nn.Module):
    """A transformer layer; one of the decoder also attends to what was encoded."""

    def __init__(self, shape: Shape, *, crossed: bool) -> None:
        super().__init__()
        width = shape.width
        self.crossed = crossed
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, shape.heads)
        if crossed:
            self.cross_norm = nn.LayerNorm(width)
            self.cross = Attention(width, shape.heads)
        self.feed_norm = nn.LayerNorm(width)
        self.feed_in = nn.Linear(width, 4 * width)
        self.feed_out = nn.Linear(4 * width, width)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, *, aligned: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """Give the layer's output and the log weights of ``aligned`` cross-attention heads."""
        own, weights = self.attention(self.attention_norm(x), aligned=-1 if self.crossed else 0)
        x = x + own
        if self.crossed:
            crossed, weights = self.cross(self.cross_norm(x), memory, aligned=aligned)
            x = x + crossed
        fed = self.feed_out(f.gelu(self.feed_in(self.feed_norm(x))))
        return x + fed, weights


class Network(nn.Module):
    """The whole model."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.conv_1 = nn.Conv1d(MELS, width, 3, padding=1)
        self.conv_2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positions", sinusoids(POSITIONS, width))
        self.encoder = nn.ModuleList(
            Layer(shape, crossed=False) for _ in range(shape.encoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.tokens = nn.Embedding(shape.vocabulary, width)
        self.text_positions = nn.Parameter(sinusoids(TEXT_POSITIONS, width) * 0.02)
        self.decoder = nn.ModuleList(
            Layer(shape, crossed=True) for _ in range(shape.decoder_layers)
        )
        self.decoder_norm = nn.LayerNorm(width)
        for layer in self.encoder:
            assert isinstance(layer, Layer)
            layer.attention.look_near(_NEAR)
        nn.init.normal_(self.tokens.weight, std=0.02)
        with torch.no_grad():
            # A timestamp begins as the position that it names.
            times = sinusoids(POSITIONS + 1, width) * 0.04
            self.tokens.weight[shape.first_timestamp :] = times

    def encode(self, mel: Tensor, offsets: Tensor) -> Tensor:
        """Encode (batch, 80, frames), each from its own place in the thirty seconds on.

        ``offsets`` are in steps of 20 ms, one for each item; the result has one row a step.
        """
        x = f.gelu(self.conv_2(f.gelu(self.conv_1(mel)))).transpose(1, 2)
        at = offsets[:, None] + torch.arange(x.shape[1])
        x = x + self.get_buffer("positions")[at]
        for layer in self.encoder:
            x, _ = layer(x)
        encoded: Tensor = self.encoder_norm(x)
        return encoded

    def decode(self, tokens: Tensor, encoded: Tensor) -> tuple[Tensor, Tensor]:
        """Give the states after each of (batch, text) tokens, and the aligned heads' weights."""
        x = self.tokens(tokens) + self.text_positions[: tokens.shape[1]]
        weights: Tensor | None = None
        for at, layer in enumerate(self.decoder):
            last = at == len(self.decoder) - 1
            x, weights = layer(x, encoded, aligned=ALIGNED_HEADS if last else 0)
        assert weights is not None
        return self.decoder_norm(x), weights

    def logits(self, states: Tensor) -> Tensor:
        """Give the logits of the next token: output and input embeddings are one."""
        return states @ self.tokens.weight.T


def sinusoids(length: int, width: int) -> Tensor:
    """Give Whisper's position embeddings, shape (length, width)."""
    step = math.log(10_000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)
