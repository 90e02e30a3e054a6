"""Trains a model as `rasa train nlu` does, without what took half of its time.

Rasa 3.6 reads the examples twice, checks, copies and hashes each of them before and after every step, to find out
what it need not do again. The app has checked them, and asks for a training only when something changed.
``python -m nlu.rasa.train CONFIG EXAMPLES MODEL``: the configuration, the folder of examples, the archive to write.
"""

from __future__ import annotations

import gc
import logging
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.engine.caching import Cacheable, TrainingCache
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelStorage
from rasa.engine.training.graph_trainer import GraphTrainer
from rasa.engine.validation import validate
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from nlu.rasa.example_texts import read
from nlu.training_steps import STEP

log = logging.getLogger("nlu.rasa.train")


class Examples(TrainingData):
    """The examples, told apart from no others: nothing is looked up by what they are."""

    @staticmethod
    def sanitize_examples(examples: list[Message]) -> list[Message]:
        """They are read clean, each once."""
        return examples

    def fingerprint(self) -> str:
        """The same at every step: nothing is kept for another training."""
        return "examples"


class Project(TrainingDataImporter):
    """What Rasa asks a project for, where there is nothing but meanings."""

    def __init__(self, config_file: str, folder: Path) -> None:
        self._config_file = config_file
        self._folder = folder

    def get_config(self) -> dict[str, Any]:
        """The pipeline."""
        return dict(read_model_configuration(self._config_file))

    def get_config_file_for_auto_config(self) -> str:
        """The file of the pipeline."""
        return self._config_file

    def get_domain(self) -> Domain:
        """None: the dialogue is not Rasa's."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:  # noqa: ARG002  Rasa's signature
        """None: the dialogue is not Rasa's."""
        return StoryGraph([])

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:  # noqa: ARG002  Rasa's signature
        """All the examples, each once."""
        return self._examples  # asked for three times in a training

    @cached_property
    def _examples(self) -> Examples:
        found = read(self._folder)
        log.info("%d examples", len(found))
        return Examples([Message.build(text, intent) for intent, text in found])


class Nothing(TrainingCache):
    """Keeps nothing."""

    def cache_output(
        self, fingerprint_key: str, output: Any, output_fingerprint: str, model_storage: ModelStorage  # noqa: ANN401
    ) -> None:
        """Let it go."""

    def get_cached_output_fingerprint(self, fingerprint_key: str) -> str | None:  # noqa: ARG002  Rasa's signature
        """Nothing was kept."""
        return None

    def get_cached_result(
        self, output_fingerprint_key: str, node_name: str, model_storage: ModelStorage  # noqa: ARG002
    ) -> Cacheable | None:
        """Nothing was kept."""
        return None


def train(config_file: Path, folder: Path, model: Path) -> None:
    """Write the model of these examples. Raises whatever Rasa does."""
    gc.disable()  # what is read stays to the end: looking for what may go takes a tenth of the time
    project = Project(str(config_file), folder)
    configuration = DefaultV1Recipe().graph_config_for_recipe(
        project.get_config(), {}, training_type=TrainingType.NLU, is_finetuning=False
    )
    validate(configuration)
    with TempDirectoryPath(get_temp_dir_name()) as storage:
        trainer = GraphTrainer(LocalModelStorage(Path(storage)), Nothing(), DaskGraphRunner)
        trainer.train(configuration, project, model, force_retraining=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    steps = logging.StreamHandler(sys.stdout)
    steps.setFormatter(logging.Formatter(f"{STEP}%(message)s"))
    for name in (log.name, "nlu.rasa.components"):
        said = logging.getLogger(name)
        said.setLevel(logging.INFO)
        said.addHandler(steps)
        said.propagate = False
    train(*map(Path, sys.argv[1:]))
