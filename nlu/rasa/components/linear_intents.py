"""Rasa component: the meaning of a message, by a linear model on its features."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

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
from scipy.sparse import csr_matrix, vstack

from .blended_model import BlendedModel, Settings

RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntents(IntentClassifier, GraphComponent):
    """Ranks the meanings of a message. The settings are `blended_model.Settings`'s."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """At least one featurizer."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """What Rasa checks for before training."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The settings and their defaults."""
        return Settings().as_dict()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntents:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: BlendedModel | None = None,
    ) -> None:
        self._settings = Settings.from_dict(config)
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples' features and keeps what was learnt in the model file."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        dense, sparse = _features(examples)
        labels = np.array([e.get(INTENT) for e in examples])
        self._model = BlendedModel.train(dense, sparse, labels, self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / "linear_intents.npz")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntents:
        """Called by Rasa when a model file is opened."""
        with model_storage.read_from(resource) as folder:
            model = BlendedModel.load(folder / "linear_intents.npz")
        return cls(config, model_storage, resource, model)

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets the likeliest meaning of each message, and the ranking of the next ones."""
        assert self._model is not None
        for message in messages:
            dense, sparse = _features([message])
            likelihoods = self._model.predict(dense, sparse)[0]
            order = np.argsort(-likelihoods)[:RANKED]
            ranking = [
                {"name": str(self._model.labels[i]), "confidence": float(likelihoods[i])}
                for i in order
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline needs the examples' own ranking."""
        return training_data


def _features(messages: List[Message]) -> tuple[np.ndarray, csr_matrix]:
    """The sentence features of the messages: dense (n, d) and sparse (n, v); d or v may be 0."""
    dense = [m.get_dense_features(TEXT)[1] for m in messages]
    sparse = [m.get_sparse_features(TEXT)[1] for m in messages]
    n = len(messages)
    return (
        np.vstack([d.features for d in dense]) if all(d is not None for d in dense)
        else np.zeros((n, 0), np.float32),
        vstack([csr_matrix(s.features) for s in sparse], format="csr")
        if all(s is not None for s in sparse)
        else csr_matrix((n, 0), dtype=np.float32),
    )
