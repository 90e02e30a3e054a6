import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from nlu.client import RasaClient
from nlu.errors import ExamplesInvalid, RasaEnvironmentMissing, TrainingFailed
from nlu.examples_check import check_examples, examples
from nlu.rasa.example_texts import read
from nlu.rasa_server import RasaServer, rasa_command
from nlu.training import ensure_model, ensure_rasa_environment, model_key, rasa_python, rasa_variables

ROOT = Path(__file__).parents[2]
EXAMPLES = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - bonjour
    - salut
- intent: thank
  examples: |
    - merci
    - merci beaucoup
"""
# Stands for Rasa's Python: `-m nlu.rasa.train CONFIG EXAMPLES MODEL` leaves a model there.
TRAINS = """#!/bin/sh
echo "premierpas: 3 examples"
echo trained > "$5"
echo . >> "$(dirname "$5")/../../trainings"
"""


def silent(line: str) -> None:
    pass


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two intents, whose Rasa is a script that trains in no time."""
    root = tmp_path / "project"
    (root / "nlu/examples/fr").mkdir(parents=True)
    (root / "nlu/examples/fr/a.yml").write_text(EXAMPLES)
    (root / "nlu/rasa/components").mkdir(parents=True)
    (root / "nlu/rasa/components/part.py").write_text("x = 1\n")
    (root / "nlu/rasa/requirements.txt").write_text("rasa==3.6.21\n")
    (root / "config.yml").write_text("pipeline: []\n")
    (root / "nlu/lookups").mkdir()
    for part in ("arabizi", "language", "language_model", "normalise", "ridge", "variety_words"):
        (root / f"nlu/{part}.py").touch()
    (root / "nlu/lookups/varieties.yml").touch()
    pretend_rasa(root, TRAINS)
    return root


def pretend_rasa(root: Path, script: str) -> None:
    python = rasa_python(root)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(script)
    python.chmod(0o755)
    wanted = hashlib.sha256((root / "nlu/rasa/requirements.txt").read_bytes()).hexdigest()
    (python.parent.parent / "premierpas-requirements").write_text(wanted)


def trainings(data: Path) -> int:
    file = data / "trainings"
    return len(file.read_text().split()) if file.exists() else 0


@pytest.mark.parametrize(
    "change",
    [
        "config.yml",
        "nlu/arabizi.py",
        "nlu/examples/fr/a.yml",
        "nlu/lookups/varieties.yml",
        "nlu/rasa/components/part.py",
        "nlu/rasa/requirements.txt",
    ],
)
def test_the_key_changes_with_everything_a_model_is_made_of(project: Path, change: str) -> None:
    before = model_key(project)
    (project / change).write_text((project / change).read_text() + "# more\n")
    assert model_key(project) != before


def test_the_key_is_the_same_wherever_the_project_is(project: Path, tmp_path: Path) -> None:
    (project / "README.md").write_text("not a part of the model")
    shutil.copytree(project, tmp_path / "elsewhere")
    assert model_key(tmp_path / "elsewhere") == model_key(project)


async def test_a_model_is_trained_once(project: Path, tmp_path: Path) -> None:
    data, said = tmp_path / "data", list[str]()
    model = await ensure_model(project, data, said.append)
    assert model == data / "models" / f"{model_key(project)}.tar.gz"
    assert "  3 examples" in said
    assert await ensure_model(project, data, silent) == model
    assert trainings(data) == 1


async def test_two_models_are_kept(project: Path, tmp_path: Path) -> None:
    made = []
    for turn in range(4):
        (project / "config.yml").write_text(f"pipeline: [] # {turn}\n")
        made.append(await ensure_model(project, tmp_path / "data", silent))
        os.utime(made[-1], (turn, turn))
    assert sorted((tmp_path / "data/models").glob("*")) == sorted(made[-2:])


@pytest.mark.parametrize("script", [None, "#!/bin/sh\necho the cause\nexit 1\n"])
async def test_a_bad_example_is_told_whatever_the_training_says(
    project: Path, tmp_path: Path, script: str | None,
) -> None:
    if script is not None:
        pretend_rasa(project, script)
    file = project / "nlu/examples/fr/a.yml"
    file.write_text(EXAMPLES.replace("    - salut", "    salut"))
    with pytest.raises(ExamplesInvalid, match=re.escape(f"{file}:6: expected `- ` then a sentence")):
        await ensure_model(project, tmp_path / "data", silent)
    assert list((tmp_path / "data/models").iterdir()) == []


async def test_a_bad_example_ends_the_training_at_once(project: Path, tmp_path: Path) -> None:
    pretend_rasa(project, "#!/bin/sh\nsleep 600\n")
    (project / "nlu/examples/fr/a.yml").write_text(EXAMPLES.replace("greet", "great"))
    async with asyncio.timeout(60):
        with pytest.raises(ExamplesInvalid, match="is not one of the known intents"):
            await ensure_model(project, tmp_path / "data", silent)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho the cause\nexit 1\n", "#!/bin/sh\necho the cause\n"])
async def test_a_failed_training_says_why_and_leaves_nothing(project: Path, tmp_path: Path, script: str) -> None:
    pretend_rasa(project, script)
    with pytest.raises(TrainingFailed, match="the cause"):
        await ensure_model(project, tmp_path / "data", silent)
    assert list((tmp_path / "data/models").iterdir()) == []


async def test_an_environment_in_step_is_left_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    said: list[str] = []
    assert await ensure_rasa_environment(project, said.append) == rasa_python(project)
    assert said == []


async def test_without_uv_the_sentence_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("UV", raising=False)
    (project / "nlu/rasa/requirements.txt").write_text("rasa==3.6.20\n")
    with pytest.raises(RasaEnvironmentMissing, match="uv was not found"):
        await ensure_rasa_environment(project, silent)


async def test_changed_requirements_are_installed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    uv.chmod(0o755)
    monkeypatch.setenv("UV", str(uv))
    pretend_rasa(project, "#!/bin/sh\necho 3 10\n")
    (project / "nlu/rasa/requirements.txt").write_text("rasa==3.6.20\n")
    await ensure_rasa_environment(project, silent)
    await ensure_rasa_environment(project, silent)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 1
    assert asked[0].startswith("pip sync --require-hashes")


async def test_the_uv_that_the_launcher_brought_is_found(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("UV", raising=False)
    uv = project / ".tools/bin/uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    uv.chmod(0o755)
    pretend_rasa(project, "#!/bin/sh\necho 3 10\n")
    (project / "nlu/rasa/requirements.txt").write_text("rasa==3.6.20\n")
    await ensure_rasa_environment(project, silent)
    assert (tmp_path / "asked").exists()


async def test_without_python_3_10_the_sentence_says_so(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    for name, value in {"UV": uv, "PATH": "", "PYENV_ROOT": tmp_path, "HOME": tmp_path}.items():
        monkeypatch.setenv(name, str(value))
    pretend_rasa(project, "#!/bin/sh\nexit 1\n")
    (project / "nlu/rasa/requirements.txt").write_text("rasa==3.6.20\n")
    with pytest.raises(RasaEnvironmentMissing, match=r"needs Python 3\.10"):
        await ensure_rasa_environment(project, silent)


@pytest.mark.parametrize(
    ("examples", "line", "sentence"),
    [
        (EXAMPLES.replace("greet", "great"), 3, "“great” is not one of the known intents"),
        (EXAMPLES.replace("    - merci\n", "    - Bonjour\n"), 9, "“Bonjour” teaches thank here and greet in"),
        (EXAMPLES.replace("- intent: thank", "- intnt: thank"), 7, "expected `- intent: a_name`"),
        (EXAMPLES.replace("nlu:", "rules:"), 1, "expected `version:` and a list under `nlu:`"),
        (EXAMPLES.replace("    - merci\n", "  - merci\n"), 9, "not readable as YAML"),
        (EXAMPLES + "stories: []\n", 11, "`stories:` is not expected here"),
        ('version: "3.1"\nnlu:\n- intent: greet\n', 3, "greet has no examples"),
    ],
)
def test_problems_in_examples_have_their_line(project: Path, examples: str, line: int, sentence: str) -> None:
    (project / "nlu/examples/fr/a.yml").write_text(examples)
    first = check_examples(project)[0]
    assert (first.line, first.sentence[: len(sentence)]) == (line, sentence)


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ("appelez-moi au 06 12 34 56 78", "holds a phone number"),
        ("ma sécu 2 84 05 26 362 123", "holds a social security number"),
        ("c'est samir.b@exemple.fr", "holds an e-mail address"),
        ("j'habite 12 rue Victor Hugo", "holds an address"),
        ("FR76 3000 4000 0312 3456 7890 143", "holds an account number"),
        ("أين الشاحنة من فضلكم اليوم", "has no latin letter"),
    ],
)
def test_an_example_about_somebody_real_or_in_another_script_is_refused(
    project: Path, added: str, sentence: str
) -> None:
    (project / "nlu/examples/fr/a.yml").write_text(EXAMPLES.replace("    - merci\n", f"    - {added}\n"))
    (problem,) = check_examples(project)
    assert (problem.line, sentence in problem.sentence) == (9, True)


@pytest.mark.parametrize("added", ["appelez le 115", "RSA ?", "j'ai 32 ans, 651 euros", "2 enfants de 6 et 7 ans"])
def test_numbers_that_are_nobodys_are_left_alone(project: Path, added: str) -> None:
    (project / "nlu/examples/fr/a.yml").write_text(EXAMPLES.replace("    - merci\n", f"    - {added}\n"))
    assert check_examples(project) == []


@pytest.mark.parametrize("folder", ["evaluation", "evaluation/near_danger", "evaluation/told_anew"])
def test_a_message_kept_for_evaluation_is_no_example(project: Path, folder: str) -> None:
    (project / "nlu" / folder).mkdir(parents=True)
    (project / "nlu" / folder / "fr.tsv").write_text("# held out\ngreet\tSalut !\n")
    (problem,) = check_examples(project)
    assert (problem.line, "keep it out of training" in problem.sentence) == (2, True)


def test_a_training_takes_the_very_examples_that_were_checked() -> None:
    assert set(read(ROOT / "nlu" / "examples")) == {(one.intent, one.text) for one in examples(ROOT)}


def test_the_projects_own_examples_are_sound() -> None:
    assert [str(problem) for problem in check_examples(ROOT)] == []


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the real pipeline and environment, and three intents."""
    root = tmp_path_factory.mktemp("small")
    (root / "nlu").mkdir()
    for part in (ROOT / "nlu").iterdir():
        if part.name not in ("examples", "__pycache__"):
            (root / "nlu" / part.name).symlink_to(part)
    shutil.copy(ROOT / "config.yml", root)
    folder = root / "nlu/examples/fr"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(
        EXAMPLES + "- intent: rights_food\n  examples: |\n"
        "    - j'ai faim\n    - où trouver à manger gratuitement\n    - colis alimentaire\n"
    )
    return root


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(small: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RasaServer]:
    """The real Rasa, writing all it says to `log` in its folder."""
    data = tmp_path_factory.mktemp("data")
    model = await ensure_model(small, data, silent)

    def logged(port: int, model: Path) -> list[str]:
        return ["sh", "-c", 'exec "$0" "$@" > log 2>&1', *rasa_command(small, port, model)]

    async with httpx.AsyncClient() as http:
        server = RasaServer(logged, model, http, variables=rasa_variables(small, data), folder=data)
        server.token = f"-{server.token}"  # as one token in 64 begins: Rasa did not start with those
        await server.start()
        await asyncio.wait_for(server.ready.wait(), 180)
        yield server
        await server.stop()


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bonjour", "greet"),
        ("3afak bghit nakol, ji3an", "rights_food"),
        ("I am hungry, where is free food?", "rights_food"),
        ("أنا جائع", "rights_food"),
    ],
)
async def test_the_real_rasa_understands_across_languages(served: RasaServer, text: str, intent: str) -> None:
    async with httpx.AsyncClient() as http:
        parsed = await RasaClient(served.base_url, served.token, http, deadline=10).parse(text)
    assert parsed.ranking[0][0] == intent
    assert abs(sum(likelihood for _, likelihood in parsed.ranking) - 1) < 1e-3


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["🙂", "…", "\u200f", "x" * 1_000, "а́ \u0000 ﷽"])
async def test_the_real_rasa_answers_anything(served: RasaServer, text: str) -> None:
    async with httpx.AsyncClient() as http:
        parsed = await RasaClient(served.base_url, served.token, http, deadline=10).parse(text)
    assert 0 <= parsed.confidence <= 1


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="module")
async def test_the_real_rasa_takes_another_model(served: RasaServer, tmp_path: Path) -> None:
    again = shutil.copy(served._model, tmp_path / "again.tar.gz")
    await served.swap_model(Path(again))
    async with httpx.AsyncClient() as http:
        assert (await RasaClient(served.base_url, served.token, http, deadline=10).parse("merci")).intent == "thank"


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="module")
async def test_the_real_rasa_writes_down_nothing_that_people_say(served: RasaServer) -> None:
    async with httpx.AsyncClient() as http:
        await RasaClient(served.base_url, served.token, http, deadline=10).parse("je m'appelle Zoubida")
        for odd in ({"text": {"Zoubida": 1}}, {"text": ["Zoubida"]}, {"message": "Zoubida"}):
            await http.post(f"{served.base_url}/model/parse", params={"token": served.token}, json=odd)
        refused = await http.post(f"{served.base_url}/model/parse", json={"text": "Zoubida"})
    assert refused.status_code == 401
    assert served._folder
    said = (served._folder / "log").read_text()
    assert "not authenticated" in said  # it does write here
    assert "Zoubida" not in said
    assert served.token not in said
