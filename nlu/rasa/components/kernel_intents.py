"""Rasa component: the meaning of a message, by its likeness to the training sentences."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .kernel_model import KernelModel, Settings
from .spelling import Spelling, spelling
from .two_scripts_tokenizer import words_of

RANKED = 10
log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntents(IntentClassifier, GraphComponent):
    """Ranks the meanings of a message. The settings are `kernel_model.Settings`'s."""

    @classmethod
    def required_components(cls) -> list[type]:
        """At least one featurizer."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before training."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return Settings().as_dict()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa's signature
    ) -> KernelIntents:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: KernelModel | None = None,
    ) -> None:
        self._settings = Settings.from_dict(config)
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples' features and keeps what was learnt in the model file."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        embedded, dense = _embedded(examples)
        labels = np.array([e.get(INTENT) for e in examples])
        log.info("learning what tells %d meanings apart", len(set(labels)))
        with ThreadPoolExecutor(1) as beside:  # on one core, while the meanings are weighed on the others
            spelling = beside.submit(self._spelling, examples)
            self._model = KernelModel.train(dense, embedded, spelling.result, labels, self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / "kernel_intents.npz")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa's signature
        **kwargs: Any,  # noqa: ANN401, ARG003  Rasa's signature
    ) -> KernelIntents:
        """Called by Rasa when a model file is opened."""
        with model_storage.read_from(resource) as folder:
            model = KernelModel.load(folder / "kernel_intents.npz")
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the likeliest meaning of each message, and the ranking of the next ones."""
        assert self._model is not None
        for message in messages:
            _, dense = _embedded([message])
            likelihoods = self._model.predict(dense, self._spelling([message]))[0]
            order = np.argsort(-likelihoods)[:RANKED]
            ranking = [{"name": str(self._model.labels[i]), "confidence": float(likelihoods[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline needs the examples' own ranking."""
        return training_data

    def _spelling(self, messages: list[Message]) -> Spelling:
        """The runs of letters of the words, of arabizi in both scripts."""
        return spelling([words_of(m) for m in messages], self._settings.spelling_bits)


def _embedded(messages: list[Message]) -> tuple[np.ndarray, np.ndarray]:
    """Which of the messages have dense sentence features (r,), and these (r, d)."""
    dense = [m.get_dense_features(TEXT)[1] for m in messages]
    rows = np.array([at for at, f in enumerate(dense) if f], np.intp)
    found = [f.features for f in dense if f]
    return rows, np.vstack(found) if found else np.zeros((0, 0), np.float32)
