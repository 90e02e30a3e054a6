"""The channel on the wire: polling without loss, the webhook, the set-up, the silence of the logs."""

import asyncio
import json
import logging
import traceback

import pytest
from fastapi import FastAPI, Request, Response

from bot.channels.telegram import TelegramChannel, Webhook
from bot.channels.telegram.intake import PATIENCE
from bot.inbound import Inbound, Press, Start, Words
from bot.ports import ChannelBusy
from bot.team_inbound import Connect, TeamLeft, TeamWords
from tests.bot_api.server import BotApi, Site
from tests.channels.telegram_rig import CLOCK, Inbox, connected, outbound

pytest_plugins = ("tests.bot_api.fixtures",)
HOOK = Webhook("http://127.0.0.1:9/telegram", "s3cret_-")


@pytest.fixture
def inbox(bot_api: BotApi) -> Inbox:
    return Inbox(bot_api)


def texts(inbox: Inbox) -> list[str]:
    return [kept.content.text for kept in inbox.people if isinstance(kept.content, Words)]


async def test_a_conversation(bot_api: BotApi, inbox: Inbox) -> None:
    amal = bot_api.user(42)
    async with connected(bot_api, inbox) as channel:
        amal.starts("vnx-marche")
        await inbox.wait(people=1)
        assert channel.username == "premierpas_test_bot"
        await channel.send(outbound(42, "Bonjour", ("Oui", "/o1.0")))
        (message,) = await bot_api.wait_for(42, 1)
        query = amal.presses(message, "Oui")
        (answer,) = await bot_api.wait_for_call("answerCallbackQuery")
        await inbox.wait(people=2)
    assert [kept.content for kept in inbox.people] == [Start("vnx-marche"), Press("/o1.0")]
    assert answer["callback_query_id"] == query["id"]


async def test_a_counsellors_own_chat_goes_to_the_team_and_every_other_to_the_people(
    bot_api: BotApi, inbox: Inbox
) -> None:
    async def is_counsellors(address: str) -> bool:
        return address == "42"

    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url,
                              first_pause=0.001, is_counsellors=is_counsellors)
    await channel.start()
    try:
        bot_api.user(42).says("bonjour")
        bot_api.user(43).says("سلام")
        bot_api.user(44).says("/connect ABCDEFGHKM")
        await inbox.wait(people=1, teams=2)
        message = bot_api.user(42).says("une faute")
        await inbox.wait(teams=3)
        bot_api.user(42).edits(message, "sans faute")
        bot_api.user(42).sends(poll={"id": "1"})
        bot_api.user(43).says("بعد")
        await inbox.wait(people=2)
    finally:
        await channel.stop()
    assert texts(inbox) == ["سلام", "بعد"]  # a counsellor's edit or poll is nobody's words
    assert [kept.content for kept in inbox.teams][:3] == [
        TeamWords("bonjour"), Connect("ABCDEFGHKM", direct=True), TeamWords("une faute")]


async def test_a_silent_message_makes_no_sound(bot_api: BotApi, inbox: Inbox) -> None:
    bot_api.group(-100)
    async with connected(bot_api, inbox) as channel:
        await channel.send(outbound(-100, "de nuit", silent=True))
        await channel.send(outbound(-100, "de jour", id=2))
    sent = bot_api.called("sendMessage")
    assert [str(call.get("disable_notification")).lower() for call in sent] == ["true", "false"]


async def test_groups_go_to_the_team(bot_api: BotApi, inbox: Inbox) -> None:
    async with connected(bot_api, inbox):
        bot_api.group(-100).removes_bot()
        await inbox.wait(teams=1)
    assert inbox.teams[0].content == TeamLeft()
    assert inbox.people == []


async def test_only_what_is_understood_is_asked_for(bot_api: BotApi, inbox: Inbox) -> None:
    async with connected(bot_api, inbox):
        await bot_api.wait_for_call("getUpdates")
    assert bot_api.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}


async def test_a_button_does_not_hang_when_the_inbox_is_away_nor_a_press_when_the_answer_fails(
    bot_api: BotApi, inbox: Inbox
) -> None:
    amal = bot_api.user(42)
    async with connected(bot_api, inbox) as channel:
        await channel.send(outbound(42, "Bonjour", ("Oui", "/o1.0")))
        bot_api.fail_next("answerCallbackQuery", 400, "Bad Request: query is too old")
        amal.presses(bot_api.sent(42)[0], 0)
        await inbox.wait(people=1)
        inbox.refuses = lambda _: True
        amal.presses(bot_api.sent(42)[0], 0)
        await bot_api.wait_for_call("answerCallbackQuery", 2)


# ── nothing is lost ──


async def test_an_update_cut_short_before_acceptance_comes_again(bot_api: BotApi, inbox: Inbox) -> None:
    """The channel dies while the inbox is still writing."""
    async def write_for_ever(inbound: Inbound) -> None:
        inbox.offered.append(inbound.external_id)
        bot_api.wake()
        await asyncio.Event().wait()

    bot_api.user(42).says("un")
    dying = TelegramChannel(bot_api.token, CLOCK, write_for_ever, inbox.on_team, api_url=bot_api.url)
    await dying.start()
    await inbox.wait_offered(1)
    await dying.stop()
    async with connected(bot_api, inbox):
        await inbox.wait(people=1)
    assert texts(inbox) == ["un"]


async def test_an_update_refused_before_a_restart_comes_again(bot_api: BotApi, inbox: Inbox) -> None:
    bot_api.user(42).says("un")
    bot_api.user(42).says("deux")
    inbox.refuses = lambda key: key.endswith(":2")
    async with connected(bot_api, inbox, first_pause=600):
        await inbox.wait_offered(2)  # "un" accepted, "deux" refused; then stopped, in its pause
    assert texts(inbox) == ["un"]
    inbox.refuses = lambda _: False
    async with connected(bot_api, inbox):
        await inbox.wait(people=2)
    assert texts(inbox) == ["un", "deux"]


async def test_an_accepted_update_is_confirmed_by_the_next_poll_only(bot_api: BotApi, inbox: Inbox) -> None:
    async with connected(bot_api, inbox):
        bot_api.user(42).says("un")
        await inbox.wait(people=1)
        await bot_api.wait_until(lambda: bot_api.updates == [])
    offsets = [call.get("offset") for call in bot_api.called("getUpdates")]
    assert offsets[0] is None
    assert [int(offset) for offset in offsets[1:] if offset][-1] == 900_002


async def test_an_inbox_that_was_away_gets_everything_in_order(bot_api: BotApi, inbox: Inbox) -> None:
    inbox.refuses = lambda _: True
    async with connected(bot_api, inbox):
        for text in ("un", "deux", "trois"):
            bot_api.user(42).says(text)
        await inbox.wait_offered(3)
        assert inbox.people == []
        inbox.refuses = lambda _: False
        await inbox.wait(people=3)
    assert texts(inbox) == ["un", "deux", "trois"]


async def test_one_update_that_is_always_refused_does_not_hold_the_others_for_ever(
    bot_api: BotApi, inbox: Inbox
) -> None:
    inbox.refuses = lambda key: key.startswith("42:")
    bot_api.user(42).says("un")
    bot_api.user(43).says("deux")
    async with connected(bot_api, inbox):
        await inbox.wait(people=1)
        await bot_api.wait_until(lambda: bot_api.updates == [])
    assert texts(inbox) == ["deux"]
    assert sum(key.startswith("42:") for key in inbox.offered) == PATIENCE + 1


async def test_a_hundred_and_fifty_updates_at_once_arrive_in_order(bot_api: BotApi, inbox: Inbox) -> None:
    for at in range(150):
        bot_api.user(42).says(str(at))
    async with connected(bot_api, inbox):
        await inbox.wait(people=150)
    assert texts(inbox) == [str(at) for at in range(150)]


async def test_an_update_of_an_unknown_shape_does_not_take_its_neighbours_with_it(
    bot_api: BotApi, inbox: Inbox
) -> None:
    bot_api.user(42).says("un")
    bot_api.push("message", {"odd": True})
    bot_api.user(42).says("deux")
    async with connected(bot_api, inbox):
        await inbox.wait(people=2)
    assert texts(inbox) == ["un", "deux"]


async def test_polling_goes_on_after_telegrams_troubles(bot_api: BotApi, inbox: Inbox) -> None:
    bot_api.fail_next("getMe", 502, "Bad Gateway")
    bot_api.webhook = {"url": "http://127.0.0.1:9/old"}
    bot_api.fail_next("deleteWebhook", 500)
    bot_api.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    bot_api.fail_next("getUpdates", 500)
    async with connected(bot_api, inbox) as channel:
        bot_api.user(42).says("un")
        await inbox.wait(people=1)
        assert channel.state == "connected"


async def test_starting_does_not_wait_for_telegram_and_stopping_may_be_said_twice(inbox: Inbox) -> None:
    channel = TelegramChannel("1:x", CLOCK, inbox.on_person, inbox.on_team, api_url="http://127.0.0.1:9")
    await channel.start()
    states = [channel.state]
    await channel.stop()
    await channel.stop()
    assert [*states, channel.state] == ["connecting", "off"]


# ── the webhook ──


def update(api: BotApi, text: str = "bonsoir") -> bytes:
    api.user(42).says(text)
    return json.dumps(api.updates[-1]).encode()


async def test_the_webhook_takes_an_update_with_the_secret(bot_api: BotApi, inbox: Inbox) -> None:
    async with connected(bot_api, inbox, webhook=HOOK) as channel:
        (hook,) = await bot_api.wait_for_call("setWebhook")  # after getMe: the channel knows who it is
        assert await channel.webhook(HOOK.secret, update(bot_api)) == 200
    assert texts(inbox) == ["bonsoir"]
    assert (hook["url"], hook["secret_token"], hook["max_connections"]) == (HOOK.url, HOOK.secret, "1")
    assert bot_api.called("getUpdates") == []


async def test_what_the_webhook_does_not_accept_is_posted_again(bot_api: BotApi, inbox: Inbox) -> None:
    app = FastAPI()
    site = Site(app)
    async with connected(bot_api, inbox, webhook=Webhook(f"{site.url}/telegram", HOOK.secret)) as channel:
        @app.post("/telegram")
        async def telegram(request: Request) -> Response:
            header = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
            return Response(status_code=await channel.webhook(header, await request.body()))

        await bot_api.wait_for_call("setWebhook")
        bot_api.user(42).says("un")
        inbox.refuses = lambda _: True
        assert await bot_api.deliver() == [503]
        inbox.refuses = lambda _: False
        assert await bot_api.deliver() == [200]
        assert await bot_api.deliver() == []
    await site.stop()
    assert texts(inbox) == ["un"]


async def test_before_it_is_connected_the_webhook_asks_to_come_again(bot_api: BotApi, inbox: Inbox) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, webhook=HOOK)
    assert await channel.webhook(HOOK.secret, update(bot_api)) == 503


@pytest.mark.parametrize("header", [None, "", "wrong", "S3cret_-", "s3cret_-x", "é"])
async def test_a_wrong_secret_is_403_and_nothing_is_read(bot_api: BotApi, inbox: Inbox, header: str | None) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, webhook=HOOK)
    assert await channel.webhook(header, b"not even json") == 403
    assert inbox.offered == []


@pytest.mark.parametrize("hook", [None, Webhook("http://127.0.0.1:9/telegram", "")])
async def test_without_a_webhook_or_a_secret_nothing_gets_in(
    bot_api: BotApi, inbox: Inbox, hook: Webhook | None
) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, webhook=hook)
    assert await channel.webhook("", update(bot_api)) == 403
    assert await channel.webhook(None, update(bot_api)) == 403


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"1", b"{}", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000,
])
async def test_what_is_not_an_update_is_400(bot_api: BotApi, inbox: Inbox, body: bytes) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, webhook=HOOK)
    assert await channel.webhook(HOOK.secret, body) == 400


# ── the set-up ──


async def test_set_up_tells_telegram_the_menu_in_each_language(bot_api: BotApi, inbox: Inbox) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url)
    bot_api.webhook = {"url": "http://127.0.0.1:9/old"}
    menus = {"fr": {"menu": "Voir le menu", "effacer": "Tout effacer"}, "ar": {"menu": "القائمة"}}
    await channel.set_up(menus, {"fr": "Je suis une machine.", "ar": "أنا آلة."}, {"fr": "Une machine."})
    assert bot_api.commands == {
        ("all_private_chats", ""): [{"command": "menu", "description": "Voir le menu"},
                                    {"command": "effacer", "description": "Tout effacer"}],
        ("all_private_chats", "fr"): bot_api.commands["all_private_chats", ""],
        ("all_private_chats", "ar"): [{"command": "menu", "description": "القائمة"}],
    }
    assert bot_api.descriptions == {"": "Je suis une machine.", "fr": "Je suis une machine.", "ar": "أنا آلة."}
    assert bot_api.short_descriptions == {"": "Une machine.", "fr": "Une machine."}
    assert bot_api.webhook is None


async def test_set_up_says_when_telegram_is_away(bot_api: BotApi, inbox: Inbox) -> None:
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url)
    bot_api.fail_next("setMyCommands", 502, "Bad Gateway")
    with pytest.raises(ChannelBusy):
        await channel.set_up({"fr": {"menu": "Voir le menu"}})


# ── silence ──


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s")  # with the tracebacks
    return "\n".join(formatter.format(record) for record in caplog.records)


async def test_no_log_holds_a_token_a_chat_or_a_word_even_at_debug(
    bot_api: BotApi, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    amal = bot_api.user(4277123, "Amalprenom")
    async with connected(bot_api, inbox) as channel:
        amal.says("motsecret un")
        await inbox.wait(people=1)
        await channel.send(outbound(4277123, "reponsesecrete", ("Oui", "/o1.0")))
        bot_api.fail_next("answerCallbackQuery", 400, "Bad Request: motsecret")
        amal.presses(bot_api.sent(4277123)[0], 0)
        await inbox.wait(people=2)
        bot_api.push("message", {"odd": "motsecret"})
        bot_api.fail_next("getUpdates", 500, "motsecret")
        amal.says("motsecret deux")
        inbox.refuses = lambda _: True
        await inbox.wait_offered(4)
        inbox.refuses = lambda _: False
        await inbox.wait(people=3)
        amal.blocks_bot()
        with pytest.raises(Exception, match="may not write"):
            await channel.send(outbound(4277123, "reponsesecrete", id=2))
    logged = everything_logged(caplog)
    assert "the inbox refused an update (ConnectionError)" in logged
    for secret in (bot_api.token.split(":")[1], "4277123", "motsecret", "reponsesecrete", "Amalprenom"):
        assert secret not in logged


async def caplog_has(caplog: pytest.LogCaptureFixture, api: BotApi, words: str) -> None:
    """Return once a record says so: each record wakes those who wait."""
    def wake(_: logging.LogRecord) -> bool:
        api.wake()
        return False  # nothing more to write

    handler = logging.Handler()
    handler.addFilter(wake)
    logging.getLogger().addHandler(handler)
    try:
        await api.wait_until(lambda: words in everything_logged(caplog))
    finally:
        logging.getLogger().removeHandler(handler)


async def test_a_rejected_token_is_said_in_one_sentence_without_the_token(
    bot_api: BotApi, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "987654321:wrongtokenwrongtoken"
    async with connected(bot_api, inbox, token=wrong) as channel:
        with pytest.raises(ChannelBusy) as caught:
            await channel.send(outbound(42, "x"))
        await caplog_has(caplog, bot_api, "check TELEGRAM_BOT_TOKEN")
        assert channel.state == "refused"
    told = everything_logged(caplog) + "".join(traceback.format_exception(caught.value)) + repr(channel)
    assert "wrongtoken" not in told


@pytest.mark.parametrize("token", ["12:wrong\ntoken", "12:wrong token/../x", "12:wrong\x00token", "12:é"])
async def test_a_token_that_is_no_token_is_not_quoted_either(inbox: Inbox, token: str, bot_api: BotApi) -> None:
    channel = TelegramChannel(token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url)
    with pytest.raises(ChannelBusy) as caught:
        await channel.send(outbound(42, "x"))
    shown = "".join(traceback.format_exception(caught.value))
    assert token not in shown
    assert repr(token)[1:-1] not in shown
