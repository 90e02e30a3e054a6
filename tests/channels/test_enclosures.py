"""Pictures, sounds and documents across channels: copied by Telegram, sent from the page, opened on the page."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import LARGEST_FETCHED
from bot.channels.web.page_files import LARGEST_FILE
from bot.outbound import Enclosed, Outbound, Rendered
from bot.ports import ChannelRefused
from bot.store import tables
from bot.store.retention import RETENTION
from bot.store.values import CounsellorSeed
from dialogues.effects import EraseEverything, OpenLead
from dialogues.enclosure import Enclosure, MediaKind
from dialogues.events.team import CounsellorSent, CounsellorWrote, LeadTaken
from tests.bot_api.server import BotApi
from tests.channels.page_talk import say
from tests.channels.telegram_rig import CLOCK, Inbox
from tests.channels.web_rig import PAGE, Web, open_web

pytest_plugins = ("tests.bot_api.fixtures",)
PNG = b"\x89PNG\r\n\x1a\n picture"
FILES = "/chat/files"


# ── Telegram ────────────────────────────────────────────────────────────────────────────────────────────


async def read_png(_enclosure: Enclosure) -> bytes | None:
    return PNG


@pytest.fixture
async def channel(bot_api: BotApi) -> AsyncIterator[TelegramChannel]:
    inbox = Inbox(bot_api)
    made = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url,
                           first_pause=0.001, read_file=read_png)
    await made.start()
    yield made
    await made.stop()


def given(enclosure: Enclosure, to: int, kind: MediaKind = "photo", text: str = "Photo") -> Outbound:
    attachment = Enclosed(kind, enclosure, "Ouvrir", "Je n'arrive pas à vous le montrer.")
    return Outbound(1, "telegram", str(to), Rendered(text, "fr", (), "counsellor", "Nadia", attachment))


async def test_what_came_by_telegram_is_copied_without_its_sender(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    bot_api.group(-100)
    amal = bot_api.user(42)
    photo = amal.sends_photo("ma lettre")
    await channel.send(given(Enclosure("telegram", f"42:{photo['message_id']}", "photo"), -100))
    said, copied = bot_api.sent(-100)
    assert said.text == "👤 Nadia :\nPhoto"
    assert copied.params["copied"] == {"photo": photo["photo"], "caption": "ma lettre"}
    assert copied.text != "42"
    assert "Amal" not in str(copied.params["copied"])
    assert bot_api.called("getFile") == []  # it never passes through here


async def test_what_is_gone_is_said_in_its_place(bot_api: BotApi, channel: TelegramChannel) -> None:
    bot_api.user(42)
    await channel.send(given(Enclosure("telegram", "-100:999", "photo"), 42))
    said = [message.text for message in bot_api.sent(42)]
    assert said == ["👤 Nadia :\nPhoto", "Je n'arrive pas à vous le montrer."]


async def test_a_file_of_the_page_is_uploaded_to_the_group(bot_api: BotApi, channel: TelegramChannel) -> None:
    bot_api.group(-100)
    for kind in ("photo", "voice", "document"):
        await channel.send(given(Enclosure("web", "", "file-1", "lettre.png"), -100, kind))
    assert [message.file for message in bot_api.sent(-100)] == [None, PNG] * 3


@pytest.mark.parametrize(("status", "said", "more"), [
    (403, "Forbidden: bot was kicked from the supergroup chat", None), (400, "Bad Request: chat not found", None),
    (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -200}),
])
async def test_trouble_with_what_is_copied_is_never_the_receivers(
    bot_api: BotApi, channel: TelegramChannel, status: int, said: str, more: dict[str, int] | None
) -> None:
    photo = bot_api.user(42).sends_photo()
    bot_api.group(-100)
    bot_api.fail_next("copyMessage", status, said, parameters=more)
    sent = await channel.send(given(Enclosure("telegram", f"42:{photo['message_id']}", "photo"), -100))
    assert sent.external_id is not None
    assert bot_api.sent(-100)[-1].text == "Je n'arrive pas à vous le montrer."


async def test_a_picture_that_is_none_goes_as_a_document_and_else_in_words(
    bot_api: BotApi, channel: TelegramChannel
) -> None:
    bot_api.group(-100)
    broken = Enclosure("web", "", "file-1", "x.png")
    bot_api.fail_next("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", times=2)
    await channel.send(given(broken, -100))
    assert bot_api.sent(-100)[-1].file == PNG
    bot_api.fail_next("sendDocument", 400, "Bad Request: file is empty")
    await channel.send(given(broken, -100))
    assert bot_api.sent(-100)[-1].text == "Je n'arrive pas à vous le montrer."


async def test_the_picture_itself_can_be_answered(bot_api: BotApi, channel: TelegramChannel) -> None:
    bot_api.group(-100)
    photo = bot_api.user(42).sends_photo()
    sent = await channel.send(given(Enclosure("telegram", f"42:{photo['message_id']}", "photo"), -100))
    words, picture = bot_api.sent(-100)
    assert (sent.external_id, sent.beside) == (f"-100:{words.id}", f"-100:{picture.id}")


async def test_the_content_is_fetched_up_to_what_telegram_gives(bot_api: BotApi, channel: TelegramChannel) -> None:
    voice = bot_api.user(42).sends_voice(b"OggS....")
    file = voice["voice"]["file_id"]
    assert await channel.fetch(Enclosure("telegram", "42:1", file)) == b"OggS...."
    assert await channel.fetch(Enclosure("telegram", "42:1", file, size=LARGEST_FETCHED + 1)) is None
    assert await channel.fetch(Enclosure("telegram", "42:1", "unknown")) is None
    assert await channel.fetch(Enclosure("telegram", "42:1")) is None


async def test_an_address_that_is_none_of_telegrams_is_refused(bot_api: BotApi, channel: TelegramChannel) -> None:
    bot_api.user(42)
    with pytest.raises(ChannelRefused):
        await channel.send(given(Enclosure("telegram", "nonsense", "f"), 42))


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as web:
        web.pauses.over.set()
        yield web


async def with_counsellor(web: Web, browser: httpx.AsyncClient) -> tuple[str, str]:
    """The person of this browser talks with Nadia, who reads the console; (conversation, lead)."""
    await browser.get("/")
    nadia = await web.store.add_counsellor(CounsellorSeed("portes-du-sud", "ifra", "counsellor", "Nadia"))
    async with web.store.turn("web", browser.cookies["pp"], create=False) as tx:
        card = Rendered("carte", "fr")
        opened = await tx.open_lead(OpenLead("ifra", "portes-du-sud", ()), lambda _ref: card, lambda ref: ref)
        await tx.move_lead(opened.lead_id, "taken", nadia.id, None, "Nadia", expected=frozenset({"offered"}))
        conversation = tx.conversation_id
    await web.turns.happen(conversation, LeadTaken(opened.lead_id, "Nadia"))
    await web.turns.happen(conversation, CounsellorWrote(opened.lead_id, "Nadia", "Envoyez-moi la lettre."))
    return conversation, opened.lead_id


async def send(browser: httpx.AsyncClient, content: bytes = PNG, mime: str = "image/png", number: int = 1,
               **headers: str) -> httpx.Response:
    params = {"id": f"file-{number:04}", "name": "lettre.png"}
    return await browser.post(FILES, params=params, content=content,
                              headers={**PAGE, "Content-Type": mime, **headers})


async def files(web: Web) -> int:
    async with web.store.database.reading() as scope:
        return int((await scope.run(select(func.count()).select_from(tables.files))).scalar_one())


async def test_a_picture_of_the_page_reaches_the_team_and_its_content_is_sealed(web: Web) -> None:
    async with web.browser() as browser:
        _, lead = await with_counsellor(web, browser)
        answer = await send(browser)
        assert answer.status_code == 200
        assert [message["text"] for message in answer.json()["messages"]] == ["📎"]
        (line,) = [line for line in await web.store.lead_thread(lead) if line.author == "person"]
    assert line.kind == "photo"
    assert line.enclosure is not None
    assert await web.store.read_file(line.enclosure.file) == PNG
    assert PNG not in web.file.read_bytes()
    assert b"lettre.png" not in web.file.read_bytes()


async def test_the_same_file_sent_again_is_one(web: Web) -> None:
    async with web.browser() as browser:
        _, lead = await with_counsellor(web, browser)
        await send(browser)
        await send(browser)
        assert len([line for line in await web.store.lead_thread(lead) if line.author == "person"]) == 1
    assert await files(web) == 1


async def test_without_a_counsellor_nothing_is_kept_and_the_person_is_told(web: Web) -> None:
    async with web.browser() as browser:
        await browser.get("/")
        answer = await send(browser)
        said = [message["text"] for message in answer.json()["messages"]]
    assert web.words("utter_media_photo") in said
    assert await files(web) == 0


@pytest.mark.parametrize(("content", "mime", "status"), [
    (b"x" * (LARGEST_FILE + 1), "image/png", 413), (b"", "image/png", 422),
    (b"<svg/>", "image/svg+xml", 422), (b"MZ", "text/html", 422),
])
async def test_what_is_too_heavy_or_of_no_known_kind_is_refused_with_a_sentence(
    web: Web, content: bytes, mime: str, status: int
) -> None:
    async with web.browser() as browser:
        await with_counsellor(web, browser)
        answer = await send(browser, content, mime)
    assert answer.status_code == status
    assert answer.json()["detail"] in (web.words("label/page_file_too_large"), web.words("label/page_unreadable"))
    assert await files(web) == 0


async def test_another_site_sends_nothing_and_a_stranger_has_no_conversation_to_send_to(web: Web) -> None:
    async with web.browser() as browser:
        await with_counsellor(web, browser)
        assert (await send(browser, origin="https://elsewhere.test")).status_code == 403
        assert (await browser.post(FILES, content=PNG, params={"id": "file-0001"})).status_code == 403
    async with web.browser() as stranger:
        assert (await send(stranger)).status_code == 422


async def test_the_paperclip_shows_only_while_a_counsellor_talks(web: Web) -> None:
    async with web.browser() as browser:
        assert '<label id="attach" for="file" hidden' in (await browser.get("/")).text
        await with_counsellor(web, browser)
        assert '<label id="attach" for="file"><svg' in (await browser.get("/")).text
        assert (await say(browser, 1, message="merci"))["human"] is True


async def test_what_a_counsellor_sent_opens_on_the_page_of_that_person_alone(web: Web) -> None:
    web.elsewhere["f1"] = PNG
    async with web.browser() as browser, web.browser() as other:
        conversation, lead = await with_counsellor(web, browser)
        photo = Enclosure("telegram", "-100:5", "f1", "plan.png", "image/png", 20)
        await web.turns.happen(conversation, CounsellorSent(lead, "Nadia", "photo", photo, "Le plan"))
        page = (await browser.get("/")).text
        link = page.split('class="link" href="')[-1].split('"')[0]
        assert link.startswith("/chat/file/")
        opened = await browser.get(link)
        assert (opened.content, opened.headers["content-type"]) == (PNG, "image/png")
        assert opened.headers["x-content-type-options"] == "nosniff"
        await other.get("/")
        assert (await other.get(link)).status_code == 404
        del web.elsewhere["f1"]
        assert (await browser.get(link)).status_code == 404


async def test_a_page_of_a_counsellor_is_never_run_by_the_browser(web: Web) -> None:
    web.elsewhere["f1"] = b"<script>alert(1)</script>"
    async with web.browser() as browser:
        conversation, lead = await with_counsellor(web, browser)
        page = Enclosure("telegram", "-100:5", "f1", "x.html", "text/html")
        await web.turns.happen(conversation, CounsellorSent(lead, "Nadia", "document", page))
        link = (await browser.get("/")).text.split('class="link" href="')[-1].split('"')[0]
        opened = await browser.get(link)
    assert opened.headers["content-type"] == "application/octet-stream"
    assert opened.headers["content-disposition"] == "attachment"


async def test_files_go_with_the_person_and_by_themselves(web: Web) -> None:
    async with web.browser() as browser:
        await with_counsellor(web, browser)
        await send(browser)
        assert await files(web) == 1
        async with web.store.turn("web", browser.cookies["pp"], create=False) as tx:
            await tx.apply(EraseEverything())
    assert await files(web) == 0
    async with web.browser() as browser:
        await with_counsellor(web, browser)
        await send(browser, number=2)
        await web.store.add_file("web", browser.cookies["pp"], "x", "image/png", PNG)
        await web.store.forget_expired(web.fixed.now + RETENTION["stray_files"] * 2)
        assert await files(web) == 1
        await web.store.forget_expired(web.fixed.now + RETENTION["files"] * 2)
        assert await files(web) == 0
