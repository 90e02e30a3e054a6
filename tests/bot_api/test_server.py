"""The double keeps the Bot API's promises, asked as any client would: query, JSON, form, multipart."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.bot_api.server import BotApi

pytest_plugins = ("tests.bot_api.fixtures",)


@pytest_asyncio.fixture
async def client(bot_api: BotApi) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{bot_api.url}/bot{bot_api.token}", trust_env=False) as client:
        yield client


async def test_an_unknown_method_or_token_is_a_json_error(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    unknown = await client.post("/sendHologram")
    assert (unknown.status_code, unknown.json()["ok"]) == (404, False)
    wrong = await client.get(f"{bot_api.url}/bot1:x/getMe")
    assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_parameters_come_in_any_of_the_documented_ways(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    bot_api.user(42)
    said = {"chat_id": "42", "text": "bonjour"}
    await client.get("/sendMessage", params=said)
    await client.post("/sendMessage", json=said)
    await client.post("/sendMessage", data=said)
    await client.post("/sendMessage", files={name: (None, value) for name, value in said.items()})
    assert [message.text for message in bot_api.sent(42)] == ["bonjour"] * 4


@pytest.mark.parametrize("kind", ["voice", "photo", "document"])
async def test_an_uploaded_file_can_be_downloaded(bot_api: BotApi, client: httpx.AsyncClient, kind: str) -> None:
    bot_api.user(42)
    sent = await client.post(f"/send{kind.capitalize()}", data={"chat_id": "42"}, files={kind: ("a", b"\x00bytes")})
    about = sent.json()["result"][kind]
    name = (about[0] if kind == "photo" else about)["file_id"]
    path = (await client.get("/getFile", params={"file_id": name})).json()["result"]["file_path"]
    file = await client.get(f"{bot_api.url}/file/bot{bot_api.token}/{path}")
    assert file.content == b"\x00bytes" == bot_api.sent(42)[0].file


async def test_a_voice_note_can_be_downloaded(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    note = bot_api.user(42).sends_voice(b"OggS-1")
    about = await client.get("/getFile", params={"file_id": note["voice"]["file_id"]})
    file = await client.get(f"{bot_api.url}/file/bot{bot_api.token}/{about.json()['result']['file_path']}")
    assert file.content == b"OggS-1"


async def updates(client: httpx.AsyncClient, **params: int | str) -> list[int]:
    answer = await client.get("/getUpdates", params=params)
    return [update["update_id"] for update in answer.json()["result"]]


async def test_an_offset_confirms_all_below_it_and_nothing_else(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    for text in ("un", "deux", "trois"):
        bot_api.user(42).says(text)
    first, second, third = await updates(client)
    assert await updates(client) == [first, second, third]
    assert await updates(client, limit=1) == [first]
    assert await updates(client, offset=second) == [second, third]
    assert await updates(client) == [second, third]
    assert await updates(client, offset=-1) == [third]


async def test_only_the_kinds_asked_for_are_kept(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    await updates(client, allowed_updates='["callback_query"]')
    bot_api.user(42).says("un")
    assert await updates(client) == []


async def test_a_webhook_excludes_polling(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    await client.post("/setWebhook", json={"url": "http://127.0.0.1:9/"})
    assert (await client.get("/getUpdates")).status_code == 409
    assert (await client.get("/getWebhookInfo")).json()["result"]["url"] == "http://127.0.0.1:9/"
    await client.post("/deleteWebhook")
    assert (await client.get("/getUpdates")).status_code == 200


LONG_DATA = {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}
ASK_POSITION = {"keyboard": [[{"text": "a", "request_location": True}]]}


@pytest.mark.parametrize(("params", "said"), [
    ({"chat_id": 9, "text": "x"}, "chat not found"),
    ({"chat_id": 42, "text": " "}, "message text is empty"),
    ({"chat_id": 42, "text": "x" * 4097}, "message is too long"),
    ({"chat_id": 42, "text": "x", "message_thread_id": 5}, "message thread not found"),
    ({"chat_id": 42, "text": "x", "reply_parameters": {"message_id": 5}}, "message to be replied not found"),
    ({"chat_id": 42, "text": "x", "reply_markup": LONG_DATA}, "BUTTON_DATA_INVALID"),
    ({"chat_id": -1, "text": "x", "reply_markup": ASK_POSITION}, "location can be requested in private chats only"),
])
async def test_it_refuses_what_telegram_refuses(
    bot_api: BotApi, client: httpx.AsyncClient, params: dict[str, object], said: str
) -> None:
    bot_api.user(42)
    bot_api.group(-1)
    answer = await client.post("/sendMessage", json=params)
    assert answer.status_code == 400
    assert answer.json()["description"] == f"Bad Request: {said}"
    assert bot_api.messages == []


async def test_faults_come_once_and_maybe_after_the_work(bot_api: BotApi, client: httpx.AsyncClient) -> None:
    bot_api.user(42)
    bot_api.fail_next("sendMessage", 429, "Too Many Requests", parameters={"retry_after": 2})
    bot_api.fail_next("sendMessage", 502, after=True)
    answers = [await client.post("/sendMessage", json={"chat_id": 42, "text": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 502, 200]
    assert answers[0].json()["parameters"] == {"retry_after": 2}
    assert len(bot_api.sent(42)) == 2


async def test_waiting_for_what_never_comes_says_how_far_it_got(bot_api: BotApi) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 messages to 42"):
        await bot_api.wait_for(42, 1, timeout=0.01)
