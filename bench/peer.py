"""The peer: Rasa's own default assistant (the pipeline and policies of ``rasa init``) on our examples."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from nlu.examples_check import Problem, example_files, read_examples
from nlu.intents import INTENTS
from nlu.rasa_environment import rasa_python
from nlu.rasa_server import free_port

# As `rasa init` leaves it: these are what its commented-out configuration says is used.
CONFIG = """recipe: default.v1
assistant_id: peer
language: fr
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
- name: EntitySynonymMapper
- name: ResponseSelector
  epochs: {epochs}
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies:
- name: MemoizationPolicy
- name: TEDPolicy
  max_history: 5
  epochs: {epochs}
- name: RulePolicy
"""
TIME_TO_START = 300.0


def write_project(root: Path, folder: Path, epochs: int, one_in: int) -> None:
    """The assistant's files: our examples, one answer an intent, a story and rules as ``rasa init`` has them.

    ``one_in``: of so many examples it is given one, of each file alike.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(CONFIG.format(epochs=epochs))
    by_intent: dict[str, list[str]] = {}
    for file in example_files(root):
        for place, example in enumerate(read_examples(file)):
            if not isinstance(example, Problem) and place % one_in == 0:
                by_intent.setdefault(example.intent, []).append(example.text)
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    (data / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ruled = {"goodbye", "ask_bot_identity"}
    stories = ['version: "3.1"', "stories:"]
    rules = ['version: "3.1"', "rules:"]
    domain = ['version: "3.1"', "intents:", *(f"- {intent}" for intent in sorted(INTENTS)), "responses:"]
    for intent in sorted(INTENTS):
        kind, into = ("rule", rules) if intent in ruled else ("story", stories)
        into += [f"- {kind}: {intent}", "  steps:", f"  - intent: {intent}", f"  - action: utter_{intent}"]
        domain += [f"  utter_{intent}:", f"  - text: {intent}"]
    (data / "stories.yml").write_text("\n".join(stories) + "\n")
    (data / "rules.yml").write_text("\n".join(rules) + "\n")
    (folder / "domain.yml").write_text("\n".join(domain) + "\n")
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "endpoints.yml").write_text("{}\n")


def train(root: Path, folder: Path, epochs: int, one_in: int) -> tuple[Path, float]:
    """The trained model of the peer, and the seconds it took (0 when it was there already)."""
    write_project(root, folder, epochs, one_in)
    made_of = b"".join((folder / name).read_bytes() for name in ("config.yml", "data/nlu.yml"))
    model = folder / "models" / f"{hashlib.sha256(made_of).hexdigest()[:16]}.tar.gz"
    if model.exists():
        return model, 0.0
    started = time.monotonic()
    command = [str(rasa_python(root)), "-m", "rasa", "train", "--out", "models", "--fixed-model-name",
               model.name.removesuffix(".tar.gz")]
    ended = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if not model.exists():
        sys.exit(f"the peer could not be trained:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return model, time.monotonic() - started


def ready(root: Path, epochs: int, out: Console, one_in: int = 1) -> tuple[Path, Path]:
    """(its folder, its model), trained when it is not, which is said."""
    folder = root / "var" / "bench" / "peer"
    model, seconds = train(root, folder, epochs, one_in)
    if seconds:
        out.print(f"the peer was trained in {seconds:.0f} s ({epochs} epochs, one example in {one_in})")
    return folder, model


@contextmanager
def running(root: Path, folder: Path, model: Path) -> Iterator[tuple[str, int]]:
    """The peer with its REST channel: (address, pid), once it answers."""
    port = free_port()
    command = [str(rasa_python(root)), "-m", "rasa", "run", "--model", str(model), "--interface", "127.0.0.1",
               "--port", str(port), "--enable-api", "--credentials", "credentials.yml",
               "--endpoints", "endpoints.yml"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + TIME_TO_START
        while True:
            try:
                if httpx.get(f"{base}/webhooks/rest/").status_code == httpx.codes.OK:
                    break
            except httpx.HTTPError:
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("the peer did not start")
            time.sleep(0.5)
        yield base, process.pid
    finally:
        process.terminate()
        process.wait()
