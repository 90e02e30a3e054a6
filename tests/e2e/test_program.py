"""The whole program, in processes of its own: its logs, its crashes, two of it on one database."""

import asyncio
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bench.load import resident_mb
from bot.app import ROOT
from bot.content import read_content
from bot.store.key_file import keys_line, new_vault
from tests.bot_api.server import BotApi
from tests.e2e.conftest import Meaning
from tests.e2e.program import PATIENCE, Program, running
from tests.store.postgres import Server, postgres_server

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
CONTENT = read_content(ROOT)
# The aim for everything together, shared pages counted once a process.
MOST_RESIDENT_MB = 1200.0


def starts_with(text: str, key: str, language: str = "fr") -> bool:
    return text.startswith(CONTENT.words(key, language).split("{")[0].split("\n")[0])


async def test_a_whole_conversation_at_debug_leaves_no_trace(tmp_path: Path, meaning: Meaning, api: BotApi) -> None:
    name, phone, words = "Zoubida", "0612345678", "Quiquempoix"
    variables = {
        "PREMIERPAS_LOG_LEVEL": "DEBUG", "PREMIERPAS_RASA_URL": meaning.url, "PREMIERPAS_RASA_TOKEN": meaning.token,
        "TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url,
    }
    person, group, stranger = api.user(42424242, name, "fr"), api.group(-100777), api.user(43434343, name, "fr")
    async with running(tmp_path, **variables) as program:
        heard = await program.says("sender-77", f"bonjour je suis {words}, mon numéro est {phone}")
        assert heard
        await program.says("sender-77", "/o1.99")
        await program.says("sender-77", f"<b>{words}</b> \u202e {words}" * 50)
        person.says(f"{words} cherche un médecin")
        await api.wait_for(42424242, 1, PATIENCE)
        person.says("je veux parler à quelqu'un")
        person.sends_photo(caption=f"mes papiers {words}")
        person.says("mon mari me frappe")
        await api.wait_for(42424242, 4, PATIENCE)
        group.member_says(f"/connect {words}-wrong-code")
        # Sends that fail, and somebody who blocks: failures are where words leak.
        for _ in range(3):
            api.fail_next("sendMessage", 500)
        stranger.says(f"bonjour {words}")
        stranger.blocks_bot()
        await program.says("sender-78", f"{words} {phone}")
        person.shares_position(45.697, 4.886)
        await api.wait_for(42424242, 5, PATIENCE)
    printed = program.printed
    assert "stopping" in printed
    for secret in (name, phone, words, "612345678", "42424242", "43434343", "100777", "sender-77", api.token,
                   api.token.split(":")[-1], meaning.token, "mon mari", "médecin"):
        assert secret not in printed, [line for line in printed.splitlines() if secret in line]


async def test_a_killed_rasa_comes_back_and_the_app_goes_on_meanwhile(
    tmp_path: Path, meaning: Meaning
) -> None:
    (tmp_path / "models").symlink_to(ROOT / "var" / "models")  # the model the session has trained
    async with running(tmp_path) as program:
        await program.understanding("ready")
        rasa = program.children("serve.py")
        assert rasa
        await program.says("one", "bonjour")
        for child in rasa:
            child.send_signal(signal.SIGKILL)
        danger = await program.says("two", "mon mari me frappe")
        assert "17" in danger[0]["text"]
        assert await program.says("two", "/ask_menu")
        down = await program.says("two", "tournevis cruciforme du dimanche")
        assert starts_with(down[0]["text"], "utter_understanding_down")
        await program.understanding("ready")
        assert {child.pid for child in program.children("serve.py")}.isdisjoint(child.pid for child in rasa)
        understood = await program.says("two", "où est le camion à Vénissieux")
        assert starts_with(understood[0]["text"], "utter_ask_session")
        left = program.children("serve.py")
        held = {mapped.path for child in left for mapped in child.memory_maps()}
        assert not [path for path in held if "jaxlib" in path or path.endswith("e5-small-q4.bin")]
        await program.until(lambda: not program.children("nlu.learning"))  # of a first start, and gone after it
        assert resident_mb(program.process.pid) < MOST_RESIDENT_MB
    assert not [child for child in left if child.is_running()], "Rasa outlived the app"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


@pytest.mark.postgres
async def test_two_processes_share_one_postgresql(tmp_path: Path, meaning: Meaning, postgres: Server) -> None:
    url = postgres.new_database()
    variables = {
        "PREMIERPAS_DATABASE_URL": url, "PREMIERPAS_KEYS": keys_line(new_vault()),
        "PREMIERPAS_RASA_URL": meaning.url, "PREMIERPAS_RASA_TOKEN": meaning.token,
    }
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with running(tmp_path / "a", **variables) as first, running(tmp_path / "b", **variables) as second:
        both = (first, second)
        # One person, now at one process, now at the other: one conversation.
        await first.says("samir", "où est le camion à Vénissieux")
        asked = await second.says("samir", "1")
        assert starts_with(asked[0]["text"], "utter_ask_consent_booking")
        booked = await first.says("samir", "oui")
        assert starts_with(booked[0]["text"], "utter_booked")
        # Forty others at once, spread over both, for the same sitting.
        answers = await asyncio.gather(*(book(both[n % 2], f"person-{n}") for n in range(40)))
        assert set(answers) == {"booked", "offered others"}
    for program in both:
        assert "failed" not in program.printed
    postgres.drop(url)


async def book(program: Program, sender: str) -> str:
    """Takes a seat, or is told at once that it is taken and offered the others."""
    await program.says(sender, '/find_permanence{"commune":"69259"}')  # as a button: Rasa is not asked
    await program.says(sender, "1")
    ended = await program.says(sender, "oui")
    if starts_with(ended[0]["text"], "utter_booked"):
        return "booked"
    assert starts_with(ended[0]["text"], "utter_seat_taken")
    return "offered others" if ended[-1].get("buttons") else "left alone"


async def test_the_plug_is_pulled_in_the_middle_and_nothing_is_lost(
    tmp_path: Path, meaning: Meaning, api: BotApi
) -> None:
    variables = {
        "PREMIERPAS_RASA_URL": meaning.url, "PREMIERPAS_RASA_TOKEN": meaning.token,
        "TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url,
    }
    people = [api.user(1000 + n, "P", "fr") for n in range(20)]
    async with running(tmp_path, **variables) as program:
        for person in people:
            person.says("où est le camion à Vénissieux")
        await api.wait_for(people[0].id, 1, PATIENCE)
        program.process.kill()
        await program.process.wait()
    async with running(tmp_path, **variables):
        # A message under way when the plug was pulled may come twice: rather twice than never.
        for person in people:
            await api.wait_until(partial(answered, api, person.id), 2 * PATIENCE)


def answered(api: BotApi, chat: int) -> bool:
    return any(starts_with(message.text, "utter_ask_session") for message in api.sent(chat))
