"""What is sent, as Telegram receives it, and what its refusals become."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.errors import channel_error
from bot.channels.telegram.wording import shortened, split
from bot.ports import ChannelBlocked, ChannelBusy, ChannelError, ChannelMoved, ChannelRefused
from tests.bot_api.server import BotApi
from tests.channels.telegram_rig import CLOCK, Inbox, outbound

pytest_plugins = ("tests.bot_api.fixtures",)
FORUM, GROUP = -1001, -1002


@pytest_asyncio.fixture
async def channel(bot_api: BotApi) -> AsyncIterator[TelegramChannel]:
    """A channel that only sends: nothing polls beside it."""
    bot_api.user(42)
    bot_api.group(FORUM, forum=True)
    bot_api.group(GROUP)
    inbox = Inbox(bot_api)
    sending = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url)
    yield sending
    await sending.stop()


async def test_text_goes_as_it_is_without_formatting_or_preview(bot_api: BotApi, channel: TelegramChannel) -> None:
    text = "<b>*_`[x](tg://user?id=1)</b> https://example.org السلام"
    delivered = await channel.send(outbound(42, text))
    (message,) = bot_api.sent(42)
    assert message.text == text
    assert "parse_mode" not in message.params
    assert message.params["link_preview_options"] == '{"is_disabled": true}'
    assert (delivered.external_id, delivered.thread) == (f"42:{message.id}", None)


async def test_typing_is_shown_and_a_failure_of_it_stays_here(bot_api: BotApi, channel: TelegramChannel) -> None:
    await channel.show_typing("42")
    await channel.show_typing("43")  # nobody Telegram knows
    assert bot_api.actions == [(42, "typing")]


async def test_short_choices_go_two_a_row_and_long_ones_alone(bot_api: BotApi, channel: TelegramChannel) -> None:
    titles = ("Oui", "Non", "Je veux parler à quelqu'un", "Menu", "Retour", "Annuler")
    await channel.send(outbound(42, "Alors ?", *((title, f"/o1.{at}") for at, title in enumerate(titles))))
    rows = (bot_api.sent(42)[0].markup or {})["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["Oui", "Non"], ["Je veux parler à quelqu'un"], ["Menu", "Retour"], ["Annuler"],
    ]
    assert [button["callback_data"] for row in rows for button in row] == [f"/o1.{at}" for at in range(6)]


@pytest.mark.parametrize("payload", ["", "é" * 33])
async def test_a_payload_telegram_cannot_carry_is_refused_before_anything_is_sent(
    bot_api: BotApi, channel: TelegramChannel, payload: str
) -> None:
    with pytest.raises(ChannelRefused, match="bytes"):
        await channel.send(outbound(42, "Alors ?", ("Oui", payload)))
    assert bot_api.calls == []
    await channel.send(outbound(42, "Alors ?", ("Oui", "é" * 32)))


async def test_sharing_a_position_has_a_keyboard_of_its_own_beside_choices(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    delivered = await channel.send(
        outbound(42, "Où êtes-vous ?", ("Vénissieux", "/o1.0"), ("📍 Ma position", "/share_position"))
    )
    choices, position = bot_api.sent(42)
    assert choices.titles == ["Vénissieux"]
    assert (position.text, position.keyboard) == (
        "📍 Ma position", [{"text": "📍 Ma position", "request_location": True}],
    )
    assert delivered.external_id == f"42:{choices.id}"  # the one that an edit would change


async def test_sharing_a_position_alone_needs_one_message_and_is_put_away_after(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    await channel.send(outbound(42, "Où êtes-vous ?", ("📍 Ma position", "/share_position")))
    await channel.send(outbound(42, "Merci.", id=2))
    asked, thanked = bot_api.sent(42)
    assert asked.keyboard[0]["request_location"] is True
    assert thanked.markup == {"remove_keyboard": True}


async def test_a_group_is_never_asked_for_a_position(bot_api: BotApi, channel: TelegramChannel) -> None:
    await channel.send(outbound(GROUP, "Où ?", ("📍", "/share_position")))
    assert bot_api.sent(GROUP)[0].markup is None


async def test_a_counsellors_words_stand_under_their_name(bot_api: BotApi, channel: TelegramChannel) -> None:
    await channel.send(outbound(42, "Bonjour", speaker="counsellor", name="Inès\nBot"))
    assert bot_api.sent(42)[0].text == "👤 Inès Bot :\nBonjour"


async def test_a_long_text_goes_in_parts_with_the_buttons_on_the_last(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    lines = [f"{at} " + "mot " * 200 for at in range(12)]
    delivered = await channel.send(outbound(42, "\n".join(lines), ("Oui", "/o1.0")))
    messages = bot_api.sent(42)
    assert len(messages) == 3
    assert [bool(message.buttons) for message in messages] == [False, False, True]
    assert " ".join(message.text for message in messages).split() == " ".join(lines).split()
    assert delivered.external_id == f"42:{messages[-1].id}"


@pytest.mark.parametrize("text", [
    "a" * 10_000, "😀" * 3000, "mot " * 3000, "ligne\n" * 2000, "م" * 5000 + " fin", "", "x" * 4096,
    " " * 5000 + "x",
])
def test_no_part_is_too_long_or_empty_and_no_letter_is_lost(text: str) -> None:
    parts = split(text)
    assert all(len(part.encode("utf-16-le")) <= 2 * 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(parts) == 1 or all(part for part in parts[1:])


def test_a_cut_falls_at_a_line_else_a_word() -> None:
    assert split("un deux trois\nquatre cinq", 20) == ["un deux trois", "quatre cinq"]
    assert split("un deux trois quatre", 14) == ["un deux trois", "quatre"]
    assert split("😀😀😀", 3) == ["😀", "😀", "😀"]


def test_a_shortened_text_says_that_it_was() -> None:
    assert shortened("abcd", 4) == "abcd"
    assert shortened("abcde", 4) == "abc…"


# ── groups ──


async def test_a_card_opens_its_topic_in_a_forum(bot_api: BotApi, channel: TelegramChannel) -> None:
    take = ("Je prends", "/lead take L7")
    card = outbound(FORUM, "Fiche", take, speaker="team", kind="card", topic="L7 · " + "é" * 200)
    delivered = await channel.send(card)
    (message,) = bot_api.sent(FORUM)
    (name,) = bot_api.chats[FORUM].topics.values()
    assert (len(name), name[-1]) == (128, "…")
    assert delivered.thread == str(message.thread)
    assert message.thread in bot_api.chats[FORUM].topics


@pytest.mark.parametrize("group", [FORUM, GROUP])
async def test_a_card_is_a_plain_message_where_no_topic_can_be_opened(
    bot_api: BotApi, channel: TelegramChannel, group: int
) -> None:
    bot_api.chats[group].may_open_topics = False
    delivered = await channel.send(outbound(group, "Fiche", kind="card", topic="L7"))
    assert (bot_api.sent(group)[0].thread, delivered.thread) == (None, None)


async def test_a_card_put_off_after_its_topic_was_opened_uses_that_topic(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    card = outbound(FORUM, "Fiche", kind="card", topic="L7")
    bot_api.fail_next("sendMessage", 429, "Too Many Requests: retry after 2", parameters={"retry_after": 2})
    with pytest.raises(ChannelBusy):
        await channel.send(card)
    delivered = await channel.send(card)
    assert [str(thread) for thread in bot_api.chats[FORUM].topics] == [delivered.thread]


async def test_parts_already_sent_are_not_sent_again(bot_api: BotApi, channel: TelegramChannel) -> None:
    text = "mot " * 2000
    bot_api.fail_next("sendMessage", 502, "Bad Gateway", after=True)
    with pytest.raises(ChannelBusy):  # taken, but its answer was lost: this one goes twice, and only this one
        await channel.send(outbound(42, text))
    await channel.send(outbound(42, text))
    assert len(bot_api.sent(42)) == 3


async def test_a_long_text_put_off_in_the_middle_goes_on_from_there(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    text = "a" * 4096 + "b" * 4096 + "c"
    bot_api.fail_next("sendMessage", 429, "Too Many Requests", parameters={"retry_after": 1}, skip=1)
    with pytest.raises(ChannelBusy):
        await channel.send(outbound(42, text))
    assert len(bot_api.sent(42)) == 1
    await channel.send(outbound(42, text))
    assert [message.text[0] for message in bot_api.sent(42)] == ["a", "b", "c"]


async def test_words_go_to_their_topic_under_what_they_answer(bot_api: BotApi, channel: TelegramChannel) -> None:
    card = await channel.send(outbound(FORUM, "Fiche", kind="card", topic="L7"))
    await channel.send(outbound(FORUM, "Bonjour", thread=card.thread, reply_to=card.external_id, id=2))
    first, second = bot_api.sent(FORUM)
    assert (second.thread, second.reply_to) == (first.thread, first.id)


@pytest.mark.parametrize("reply_to", [f"{GROUP}:999", "-7:1"])
async def test_words_go_even_when_what_they_answer_is_gone(
    bot_api: BotApi, channel: TelegramChannel, reply_to: str
) -> None:
    await channel.send(outbound(GROUP, "Bonjour", reply_to=reply_to))
    assert [message.text for message in bot_api.sent(GROUP)] == ["Bonjour"]


@pytest.mark.parametrize("closed", [True, False])
async def test_words_for_a_lost_topic_go_beside_it(bot_api: BotApi, channel: TelegramChannel, closed: bool) -> None:
    if closed:
        bot_api.chats[FORUM].topics[77] = "L7"
        bot_api.chats[FORUM].closed.add(77)
    delivered = await channel.send(outbound(FORUM, "Bonjour", thread="77"))
    assert (bot_api.sent(FORUM)[0].thread, delivered.thread) == (None, None)


async def test_an_edit_changes_words_and_buttons_and_twice_the_same_is_done(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    card = await channel.send(outbound(GROUP, "Fiche", ("Je prends", "/lead take L7"), kind="card"))
    edit = outbound(GROUP, "Fiche\nPrise par Inès", kind="edit", edit_of=card.external_id)
    assert (await channel.send(edit)).external_id == card.external_id
    (message,) = bot_api.sent(GROUP)
    assert (message.text, message.buttons) == ("Fiche\nPrise par Inès", [])
    await channel.send(edit)
    await channel.send(outbound(GROUP, "", ("Clore", "/lead close L7"), kind="edit", edit_of=card.external_id))
    assert (message.text, message.titles) == ("Fiche\nPrise par Inès", ["Clore"])


@pytest.mark.parametrize("edit_of", [None, "x", "-7:1", f"{GROUP}:12345"])
async def test_an_edit_of_nothing_we_sent_there_is_refused(
    bot_api: BotApi, channel: TelegramChannel, edit_of: str | None
) -> None:
    with pytest.raises(ChannelRefused):
        await channel.send(outbound(GROUP, "x", kind="edit", edit_of=edit_of))


async def test_closing_closes_the_topic_and_is_nothing_elsewhere(bot_api: BotApi, channel: TelegramChannel) -> None:
    card = await channel.send(outbound(FORUM, "Fiche", kind="card", topic="L7"))
    for _ in range(2):
        await channel.send(outbound(FORUM, "", kind="close", thread=card.thread))
    assert [str(thread) for thread in bot_api.chats[FORUM].closed] == [card.thread]
    await channel.send(outbound(GROUP, "", kind="close", thread="5"))
    await channel.send(outbound(GROUP, "", kind="close"))


# ── refusals ──


async def refusal(channel: TelegramChannel, address: int = 42) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        await channel.send(outbound(address, "Bonjour"))
    return caught.value


async def test_telegrams_refusals_over_the_wire(bot_api: BotApi, channel: TelegramChannel) -> None:
    bot_api.fail_next("sendMessage", 429, "Too Many Requests", parameters={"retry_after": 2})
    busy = await refusal(channel)
    assert isinstance(busy, ChannelBusy)
    assert busy.retry_after == 2.0
    bot_api.fail_next("sendMessage", 500)
    busy = await refusal(channel)
    assert isinstance(busy, ChannelBusy)
    assert busy.retry_after is None
    bot_api.fail_next("sendMessage", 400, "Bad Request: text must be encoded in UTF-8")
    assert isinstance(await refusal(channel), ChannelRefused)
    assert isinstance(await refusal(channel, 999), ChannelBlocked)  # chat not found
    bot_api.user(42).blocks_bot()
    assert isinstance(await refusal(channel), ChannelBlocked)
    bot_api.group(-5, kind="group").becomes_supergroup(-1005)
    moved = await refusal(channel, -5)
    assert isinstance(moved, ChannelMoved)
    assert moved.new_address == "-1005"


async def test_a_server_that_is_not_there_is_busy(bot_api: BotApi, channel: TelegramChannel) -> None:
    await bot_api.stop()
    assert isinstance(await refusal(channel), ChannelBusy)


async def test_an_address_of_another_channel_is_refused(channel: TelegramChannel) -> None:
    with pytest.raises(ChannelRefused, match="address"):
        await channel.send(replace(outbound(42, "x"), address="web-1"))


@pytest.mark.parametrize(("error", "expected"), [
    (RetryAfter(7), ChannelBusy(7.0)),
    (TimedOut(), ChannelBusy(None)),
    (NetworkError("httpx.ConnectError: "), ChannelBusy(None)),
    (TelegramError("Invalid server response"), ChannelBusy(None)),
    (Conflict("x"), ChannelBusy(None)),
    (InvalidToken(), ChannelBusy(60.0)),
    (ChatMigrated(-1005), ChannelMoved("-1005")),
    (Forbidden("Forbidden: bot was kicked from the group chat"), ChannelBlocked()),
    (BadRequest("Bad Request: chat not found"), ChannelBlocked()),
    (BadRequest("Bad Request: PEER_ID_INVALID"), ChannelBlocked()),
    (BadRequest("Bad Request: not enough rights to send text messages to the chat"), ChannelBlocked()),
    (BadRequest("Bad Request: have no rights to send a message"), ChannelBlocked()),
    (BadRequest("Bad Request: not enough rights to create a topic"), ChannelRefused()),
    (BadRequest("Bad Request: not enough rights to send photos to the chat"), ChannelRefused()),
    (BadRequest("Bad Request: message can't be edited"), ChannelRefused()),
])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_error_has_one_meaning(error: TelegramError, expected: ChannelError) -> None:
    meaning = channel_error(error)
    assert type(meaning) is type(expected)
    assert vars(meaning) == vars(expected)
