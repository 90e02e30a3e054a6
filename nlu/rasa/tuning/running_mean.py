"""The running mean of what a tuning learns: better on unseen messages than where its last step led."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import nn

KEPT = 0.998  # of the mean, each step: about the last 500 steps


class RunningMean:
    """Follows `learning` step by step (Polyak and Juditsky 1992, with weights that fade)."""

    def __init__(self, learning: Sequence[nn.Parameter]) -> None:
        self._learning = learning
        self._mean = [one.detach().clone() for one in learning]

    def follow(self) -> None:
        """Take the step just made in."""
        with torch.no_grad():
            for mean, one in zip(self._mean, self._learning, strict=True):
                mean.lerp_(one, 1 - KEPT)

    @contextmanager
    def instead(self) -> Iterator[None]:
        """The mean stands where what was learnt last stood, until the block ends."""
        last = [one.detach().clone() for one in self._learning]
        self._put(self._mean)
        try:
            yield
        finally:
            self._put(last)

    def _put(self, values: Sequence[torch.Tensor]) -> None:
        for one, value in zip(self._learning, values, strict=True):
            one.data.copy_(value)
