"""The layers of multilingual-e5-small in PyTorch, each matrix with a thin pair beside it that learns (LoRA)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nlu.rasa.components.e5_weights import E5Weights
from nlu.rasa.components.taught_pieces import PIECES

# What the pair gives counts so many times (alpha / rank, with alpha twice the rank).
SCALE = 2.0
DROPPED = 0.1


def _tensor(values: np.ndarray) -> Tensor:
    return torch.tensor(np.asarray(values), dtype=torch.float32)


class Product(nn.Module):
    """One matrix: what came, frozen, and a pair of rank `rank` that learns; none when it is 0."""

    def __init__(self, weights: E5Weights, name: str, inputs: int, rank: int) -> None:
        super().__init__()
        self.frozen = nn.Parameter(_tensor(weights.matrix(f"{name}.w", inputs).dense()), requires_grad=False)
        self.bias = nn.Parameter(_tensor(weights.vector(f"{name}.b")), requires_grad=False)
        self.rank = rank
        if rank:
            self.A = nn.Parameter(torch.randn(rank, inputs) * inputs**-0.5)
            self.B = nn.Parameter(torch.zeros(self.frozen.shape[0], rank))
            self.drop = nn.Dropout(DROPPED)

    def forward(self, x: Tensor) -> Tensor:
        """`x` (..., inputs) to (..., outputs)."""
        y = functional.linear(x, self.frozen.to(x.dtype), self.bias.to(x.dtype))
        if not self.rank:
            return y
        thin = functional.linear(self.drop(x), self.A.to(x.dtype))
        return y + SCALE * functional.linear(thin, self.B.to(x.dtype))


class Layer(nn.Module):
    """Attention, then two products with a GELU between them; normalised after each, as BERT does."""

    def __init__(self, weights: E5Weights, number: int, rank: int) -> None:
        super().__init__()
        p, width = f"l{number}.", weights.width
        self.heads, self.epsilon = weights.heads, weights.epsilon
        self.q, self.k, self.v, self.ao, self.fi = (
            Product(weights, p + name, width, rank) for name in ("q", "k", "v", "ao", "fi")
        )
        self.fo = Product(weights, p + "fo", weights.inner, rank)
        self.norms = [_tensor(weights.vector(p + name)) for name in ("aln.w", "aln.b", "oln.w", "oln.b")]

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        """`x` (messages, pieces, width); `seen` (messages, 1, 1, pieces): which pieces there are."""
        n, length, width = x.shape
        heads = (t(x).view(n, length, self.heads, -1).transpose(1, 2) for t in (self.q, self.k, self.v))
        attended = functional.scaled_dot_product_attention(*heads, attn_mask=seen)
        x = self._normed(x + self.ao(attended.transpose(1, 2).reshape(n, length, width)), 0)
        return self._normed(x + self.fo(functional.gelu(self.fi(x))), 2)

    def _normed(self, x: Tensor, at: int) -> Tensor:
        shape = (x.shape[-1],)
        return functional.layer_norm(x.float(), shape, *self.norms[at : at + 2], self.epsilon).to(x.dtype)


class Pieces(nn.Module):
    """What is added to the vectors of some pieces: a thin row each, times one wide matrix that all share."""

    def __init__(self, numbers: Iterable[int], rank: int, width: int) -> None:
        super().__init__()
        self.numbers = np.array(sorted(numbers), np.uint32)
        self._rows = {int(number): row for row, number in enumerate(self.numbers, start=1)}
        self.A = nn.Parameter(torch.randn(rank, width) * rank**-0.5)
        self.B = nn.Parameter(torch.zeros(len(self.numbers) + 1, rank))  # the first row: of those not learnt

    def forward(self, texts: Sequence[Sequence[int]], length: int) -> Tensor:
        """What is added to each piece of these texts, (len(texts), length, width)."""
        rows = torch.zeros(len(texts), length, dtype=torch.long)
        for at, ids in enumerate(texts):
            rows[at, : len(ids)] = torch.tensor([self._rows.get(number, 0) for number in ids])
        return SCALE * functional.linear(self.B[rows] * (rows > 0)[:, :, None], self.A.T)

    def adapter(self) -> dict[str, np.ndarray]:
        """What was learnt, as `TaughtPieces` reads it: half precision, the scale inside."""
        wide, thin = (values.detach().numpy().astype(np.float16) for values in (self.A, SCALE * self.B[1:]))
        return {PIECES: self.numbers, f"{PIECES}.A": wide, f"{PIECES}.B": thin}

    def recall(self, numbers: np.ndarray, wide: np.ndarray, thin: np.ndarray) -> None:
        """Go on from what was learnt before for the pieces of these numbers, of the same rank."""
        with torch.no_grad():
            self.A.data = _tensor(wide)
            for number, row in zip(numbers.tolist(), _tensor(thin) / SCALE, strict=True):
                self.B[self._rows[number]] = row


class Encoder(nn.Module):
    """All the layers, of which those from `first` on learn, and what is added to `pieces`."""

    def __init__(self, weights: E5Weights, first: int, rank: int, pieces: Pieces) -> None:
        super().__init__()
        self.pieces = pieces
        self._weights = weights
        self.width = weights.width
        self.first = first
        self.layers = nn.ModuleList(
            Layer(weights, number, rank if number >= first else 0) for number in range(weights.layers)
        )
        self._positions = _tensor(weights.vector("emb.pos").reshape(-1, weights.width))
        self._kind = _tensor(weights.vector("emb.type")[: weights.width])
        self._norm = [_tensor(weights.vector(f"emb.ln.{part}")) for part in "wb"]

    def below(self, texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """What goes into the first layer that learns, for texts as numbers of pieces; which pieces there are."""
        length, width = max(map(len, texts)), self._weights.width
        x = torch.zeros(len(texts), length, width)
        seen = torch.zeros(len(texts), length, dtype=torch.bool)
        for at, ids in enumerate(texts):
            x[at, : len(ids)] = _tensor(self._weights.words(list(ids))) + self._positions[: len(ids)] + self._kind
            seen[at, : len(ids)] = True
        x = x + self.pieces(texts, length)
        x = functional.layer_norm(x, (width,), *self._norm, self._weights.epsilon).to(torch.bfloat16)
        with torch.no_grad():
            for layer in self.layers[: self.first]:
                x = layer(x, seen[:, None, None, :])
        return x, seen

    def above(self, x: Tensor, seen: Tensor) -> Tensor:
        """The embeddings (messages, width), of length 1."""
        for layer in self.layers[self.first :]:
            x = layer(x, seen[:, None, None, :])
        kept = x.float() * seen[:, :, None]
        return functional.normalize(kept.sum(1) / seen.sum(1, keepdim=True), dim=-1)

    def adapter(self) -> dict[str, np.ndarray]:
        """What was learnt, as `E5Weights` reads it: half precision, the scale inside."""
        learnt: dict[str, np.ndarray] = {}
        for number, layer in enumerate(self.layers):
            for name, product in layer.named_children():
                if isinstance(product, Product) and product.rank:
                    for part, factor in (("A", 1.0), ("B", SCALE)):
                        values = getattr(product, part).detach().numpy() * factor
                        learnt[f"l{number}.{name}.w.{part}"] = values.astype(np.float16)
        return {**learnt, **self.pieces.adapter()}

    def recall(self, adapter: dict[str, np.ndarray]) -> None:
        """Go on from what was learnt before, perhaps with a lower rank: the added pairs give nothing yet."""
        with torch.no_grad():
            for name, values in adapter.items():
                number, product, _, part = name[1:].split(".")
                found = getattr(getattr(self.layers[int(number)], product), part)
                if part == "A":
                    found[: len(values)] = _tensor(values)
                else:
                    found[:, : values.shape[1]] = _tensor(values) / SCALE
