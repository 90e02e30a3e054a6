import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from nlu.client import AT_ONCE, LONGEST_TEXT, Parsed, RasaClient
from nlu.errors import UnderstandingUnavailable
from nlu.rasa_server import free_port
from tests.nlu.fake_rasa import ANSWER, Answer, FakeRasa

TOKEN = "a-token"


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa(TOKEN)
    yield fake
    await fake.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def always(status: int, body: object) -> Callable[[str], Awaitable[Answer]]:
    async def parse(text: str) -> Answer:
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    return parse


async def test_a_message_comes_back_with_its_meaning(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    client = RasaClient(await rasa.start(), TOKEN, http)
    assert await client.parse("bonjour") == Parsed("greet", 0.9, (("greet", 0.9), ("thank", 0.1)))
    assert rasa.texts == ["bonjour"]


async def test_a_fallback_keeps_the_likeliest_real_meanings(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    fallback = {"name": "nlu_fallback", "confidence": 0.3}
    likely = [{"name": "rights_food", "confidence": 0.2}, {"name": "rights_rsa", "confidence": 0.1}]
    rasa.parse = always(200, {"intent": fallback, "intent_ranking": [fallback, *likely]})
    client = RasaClient(await rasa.start(), TOKEN, http)
    expected = Parsed("nlu_fallback", 0.2, (("rights_food", 0.2), ("rights_rsa", 0.1)))
    assert await client.parse("hmm") == expected


async def test_blank_is_not_sent(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    client = RasaClient(await rasa.start(), TOKEN, http)
    assert await client.parse(" \n") == Parsed("nlu_fallback", 0.0, ())
    assert rasa.texts == []


async def test_only_the_beginning_of_a_long_message_is_read(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    client = RasaClient(await rasa.start(), TOKEN, http)
    await client.parse("é" * 5_000)
    assert rasa.texts == ["é" * LONGEST_TEXT]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"reason": "ParsingError"}),
        (401, {}),
        (409, {"reason": "no model"}),
        (200, b"<html>"),
        (200, []),
        (200, {}),
        (200, {"intent": {"name": "greet"}}),
        (200, {"intent": {"name": "greet", "confidence": "much"}}),
        (200, {"intent": {"name": "greet", "confidence": 1}, "intent_ranking": [{"name": "greet"}]}),
        (200, {"intent": None, "intent_ranking": []}),
    ],
)
async def test_anything_else_is_a_failure_not_an_answer(
    rasa: FakeRasa, http: httpx.AsyncClient, status: int, body: object
) -> None:
    rasa.parse = always(status, body)
    client = RasaClient(await rasa.start(), TOKEN, http)
    with pytest.raises(UnderstandingUnavailable):
        await client.parse("bonjour")


async def test_a_refused_connection_is_a_failure(http: httpx.AsyncClient) -> None:
    client = RasaClient(f"http://127.0.0.1:{free_port()}", TOKEN, http)
    with pytest.raises(UnderstandingUnavailable) as failure:
        await client.parse("mon secret")
    assert TOKEN not in str(failure.value)
    assert "secret" not in str(failure.value)


async def test_a_wrong_token_is_a_failure(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    client = RasaClient(await rasa.start(), "another", http)
    with pytest.raises(UnderstandingUnavailable, match="401"):
        await client.parse("bonjour")


async def test_a_late_answer_is_a_failure(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    never = asyncio.Event()

    async def parse(text: str) -> Answer:
        await never.wait()
        return 200, b"{}"

    rasa.parse = parse
    client = RasaClient(await rasa.start(), TOKEN, http, deadline=0.05)
    with pytest.raises(UnderstandingUnavailable, match=r"0\.05 s"):
        await client.parse("bonjour")
    never.set()


async def test_no_more_than_a_few_messages_reach_rasa_at_once(rasa: FakeRasa, http: httpx.AsyncClient) -> None:
    """Those who wait give up without having cost Rasa anything."""
    go = asyncio.Event()
    inside = most = 0

    async def parse(text: str) -> Answer:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == AT_ONCE:
            go.set()
        await go.wait()
        inside -= 1
        return 200, json.dumps(ANSWER).encode()

    rasa.parse = parse
    client = RasaClient(await rasa.start(), TOKEN, http, deadline=10)
    await asyncio.gather(*(client.parse(str(i)) for i in range(20)))
    assert most == AT_ONCE
    assert len(rasa.texts) == 20
