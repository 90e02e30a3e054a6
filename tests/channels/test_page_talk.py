"""Conversing with the chat page over HTTP: messages, forms, listening, erasure."""

import asyncio
import html
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.web.page import LONG_POLL_SECONDS, LOOK_AGAIN_SECONDS
from bot.channels.web.transcript import SHOWN
from bot.inbound import Content, Deleted, Inbound, Located, Media, Press, Words
from dialogues.events.team import CounsellorWrote
from tests.channels.page_talk import AR, FORM, MESSAGES, arrive, csrf, heard, offered, say
from tests.channels.web_rig import PAGE, VENISSIEUX, Web, open_web, payload


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


# ── messages ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_message_sent_again_is_one_turn_and_the_same_answer(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        first = await say(browser, 7, payload="/find_permanence")
        seat = payload(first["messages"], "Vénissieux")
        booked = await say(browser, 8, payload=seat)
        again = await say(browser, 8, payload=seat)
        lines = await web.store.history("web", browser.cookies["pp"], 60)
    assert again == booked
    assert booked["messages"][0]["client_id"] == "client-0008"
    assert booked["messages"][0]["from"] == "person"
    assert "code" in booked["messages"][1]["text"]
    assert sum("Votre code" in getattr(line.said, "text", "") for line in lines) == 1


async def test_the_same_message_sent_twice_at_once_is_one_turn(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        first = await say(browser, 7, payload="/find_permanence")
        seat = payload(first["messages"], "Vénissieux")
        one, other = await asyncio.gather(say(browser, 8, payload=seat), say(browser, 8, payload=seat))
    assert one == other


async def test_one_visitors_ids_are_not_anothers(web: Web) -> None:
    async with web.browser() as one, web.browser() as other:
        await arrive(one)
        await arrive(other)
        assert (await say(one, 7, payload="/ask_menu"))["messages"][1:]
        assert (await say(other, 7, payload="/ask_menu"))["messages"][1:]


async def test_markup_stays_text_in_the_page(web: Web) -> None:
    typed = '<img src=x onerror="alert(1)"> {{7*7}} </textarea><script>alert(2)</script>'
    async with web.browser() as browser:
        await arrive(browser)
        data = await say(browser, 3, message=typed)
        page = (await browser.get("/")).text
    assert data["messages"][0]["text"] == typed
    assert html.escape(typed, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert "<img src=x" not in page
    assert "<script>alert" not in page


async def test_control_characters_do_not_reach_the_page(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        data = await say(browser, 3, message="bon\x00jour\x1b[31m")
    assert data["messages"][0]["text"] == "bon jour [31m"


async def test_a_long_conversation_is_shown_by_its_end(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        for number in range(3, 60):
            web.fixed.advance(minutes=1)
            await say(browser, number, payload="/ask_menu")
        page = (await browser.get("/")).text
        last = await say(browser, 60, payload="/ask_menu")
    assert page.count("<article") == SHOWN
    assert len(last["messages"]) == 2  # the press and its answer, no more


async def test_a_position_becomes_a_commune_and_is_kept_nowhere(web: Web) -> None:
    exact = {"latitude": 45.69712345, "longitude": 4.88765432}
    assert round(exact["latitude"], 2) == round(VENISSIEUX["latitude"], 2)
    async with web.browser() as browser:
        await arrive(browser)
        data = await say(browser, 3, position=exact)
        inbox = [line.said for line in await web.store.history("web", browser.cookies["pp"], 60)]
    assert "Vénissieux" in data["messages"][-1]["text"]
    assert data["messages"][0]["text"] == web.words("label/share_position")
    assert "45.69" not in repr(inbox)
    assert "4.887" not in repr(inbox)


async def test_a_position_at_sea_gets_an_answer(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        data = await say(browser, 3, position={"latitude": 0, "longitude": 0})
    assert data["messages"][-1]["text"] == web.words("utter_position_unknown")


# ── without scripts ─────────────────────────────────────────────────────────────────────────────────────


async def test_without_scripts_forms_converse(web: Web) -> None:
    async with web.browser() as browser:
        page = (await browser.get("/?c=vnx-marche")).text
        for press in ("Français", "Oui", "près de moi", "Vénissieux"):
            answer = await browser.post(FORM, data={"csrf": csrf(page), "payload": offered(page, press)})
            assert answer.status_code == 303
            assert answer.headers["location"] == "/"
            page = (await browser.get("/")).text
        assert "Votre code" in page
        await browser.post(FORM, data={"csrf": csrf(page), "message": "je veux mourir"})
        page = (await browser.get("/")).text
        assert "3114" in page
        before = page.count("<article")
        await browser.post(FORM, data={"csrf": csrf(page), "message": "  "})  # an empty box says nothing
        assert (await browser.get("/")).text.count("<article") == before


async def test_a_form_refused_says_so_on_the_page_and_keeps_what_was_typed(web: Web) -> None:
    async with web.browser(headers=AR) as browser:
        await browser.get("/")
        answer = await browser.post(FORM, data={"csrf": "0" * 32, "message": "<i>مهم</i>"})
        assert answer.status_code == 403
        assert web.words("label/page_unreadable", "ar") in html.unescape(answer.text)
        assert "&lt;i&gt;مهم&lt;/i&gt;</textarea>" in answer.text
        again = await browser.post(FORM, data={"csrf": csrf(answer.text), "message": "مهم"})
        assert again.status_code == 303


async def test_a_form_too_fast_says_so_in_the_persons_language(web: Web) -> None:
    async with web.browser(headers=AR) as browser:
        proof = csrf((await browser.get("/")).text)
        for _ in range(40):
            answer = await browser.post(FORM, data={"csrf": proof, "message": "سلام"})
            if answer.status_code != 303:
                break
    assert answer.status_code == 429
    assert web.words("label/page_too_fast", "ar") in html.unescape(answer.text)


@pytest.mark.parametrize("fields", [{"message": "a" * 50_000}, {"message": "\x00\ud7ff"}, {"payload": "/o999.9"},
                                    {"payload": "x" * 5_000}, {"message": "😀"}, {"csrf2": "x", "message": "x"}])
async def test_any_form_of_ours_is_answered(web: Web, fields: dict[str, str]) -> None:
    async with web.browser() as browser:
        proof = csrf((await browser.get("/")).text)
        assert (await browser.post(FORM, data={"csrf": proof, **fields})).status_code == 303
        assert (await browser.get("/")).text.count("<article") >= 3


async def test_a_form_with_a_thousand_fields_or_a_megabyte_is_refused(web: Web) -> None:
    async with web.browser() as browser:
        await browser.get("/")
        assert (await browser.post(FORM, data={f"f{n}": "x" for n in range(1_000)})).status_code == 422
        assert (await browser.post(FORM, data={"message": "a" * 1_100_000})).status_code == 413


# ── listening ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_listening_page_hears_what_is_said_later(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        lines = await web.store.history("web", browser.cookies["pp"], 60)
        last = max(line.id or 0 for line in lines)
        listening = asyncio.create_task(heard(browser, last))
        await web.pauses.begun.wait()
        assert not listening.done()
        async with web.store.turn("web", browser.cookies["pp"], create=False) as tx:
            conversation = tx.conversation_id
        await web.turns.happen(conversation, CounsellorWrote("lead-1", "Nadia", "Bonjour, c'est Nadia. <b>"))
        web.pauses.over.set()
        data = await listening
        again = await heard(browser, last)
    (message,) = data["messages"]
    assert message["from"] == "counsellor"
    assert message["name"] == "Nadia"
    assert message["text"] == "Bonjour, c'est Nadia. <b>"
    assert again["messages"] == data["messages"]  # a lost answer is not a lost message
    assert web.pauses.asked == [LOOK_AGAIN_SECONDS]


async def test_a_poll_ends_by_itself_with_nothing(web: Web) -> None:
    web.pauses.over.set()
    async with web.browser() as browser:
        await arrive(browser)
        last = max(line.id or 0 for line in await web.store.history("web", browser.cookies["pp"], 60))
        data = await heard(browser, last)
    assert data["messages"] == []
    assert data["language"] == "fr"
    assert LONG_POLL_SECONDS <= sum(web.pauses.asked) < LONG_POLL_SECONDS + LOOK_AGAIN_SECONDS


async def test_a_page_learns_that_a_counsellor_types_and_when_they_stop(web: Web) -> None:
    async with web.browser() as browser, web.browser() as other:
        await arrive(browser)
        await arrive(other)
        address = browser.cookies["pp"]
        last = max(line.id or 0 for line in await web.store.history("web", address, 60))
        listening = asyncio.create_task(heard(browser, last))
        await web.pauses.begun.wait()
        await web.signs.show("web", address)
        web.pauses.over.set()
        data = await listening
        assert (data["typing"], data["messages"]) == (True, [])
        assert (await heard(other, last))["typing"] is False
        web.fixed.advance(seconds=7)
        later = await browser.get(MESSAGES, params={"after": last, "typing": "1"}, headers=PAGE)
        assert later.json()["typing"] is False


async def test_the_sign_goes_when_the_words_come(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        address = browser.cookies["pp"]
        last = max(line.id or 0 for line in await web.store.history("web", address, 60))
        await web.signs.show("web", address)
        async with web.store.turn("web", address, create=False) as tx:
            conversation = tx.conversation_id
        await web.turns.happen(conversation, CounsellorWrote("lead-1", "Nadia", "Bonjour"))
        data = await heard(browser, last)
    assert (len(data["messages"]), data["typing"]) == (1, False)
    assert not web.signs.shown("web", address)


async def test_nobody_hears_anothers_messages(web: Web) -> None:
    web.pauses.over.set()
    async with web.browser() as one, web.browser() as other:
        await arrive(one)
        assert (await heard(other))["messages"] == []


@pytest.mark.parametrize(("after", "status"), [
    ("x", 422), ("nan", 422), ("inf", 422), ("1e400", 422), ("1e300", 422), ("9" * 400, 422), ("", 422),
    ("0.003", 200), ("-5", 200), (str(2**53), 200),
])
async def test_a_cursor_is_a_number(web: Web, after: str, status: int) -> None:
    web.pauses.over.set()
    web.pauses.over.set()
    async with web.browser() as browser:
        await arrive(browser)
        assert (await browser.get(MESSAGES, params={"after": after}, headers=PAGE)).status_code == status


# ── erasure ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_an_erasure_only_the_receipt_is_left_even_when_its_answer_was_lost(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        await say(browser, 3, message="un secret à moi")
        asked = await say(browser, 4, payload="/delete_my_data")
        yes = payload(asked["messages"], "Oui")
        erased = await say(browser, 5, payload=yes)
        again = await say(browser, 5, payload=yes)
        assert await web.store.history("web", browser.cookies["pp"], 60) == ()
        fresh = (await browser.get("/")).text
    assert erased["reset"] is True
    assert [message["from"] for message in erased["messages"]] == ["bot"]
    assert again == erased
    assert "secret" not in fresh
    assert fresh.count("<article") == 1


async def test_what_is_said_after_an_erasure_is_not_taken_for_the_receipt(web: Web) -> None:
    """The page drops messages whose number it shows already: the receipt's number is nobody else's."""
    async with web.browser() as browser:
        await arrive(browser)
        asked = await say(browser, 4, payload="/delete_my_data")
        erased = await say(browser, 5, payload=payload(asked["messages"], "Oui"))
        after = await say(browser, 6, message="bonjour")
    shown = {message["id"] for message in erased["messages"]}
    assert shown.isdisjoint(message["id"] for message in after["messages"])


@pytest.mark.parametrize("content", [
    Media("voice"), Located(None), Located("69259"), Press("/o1.0"), Deleted(), Words("69200"), Words("Vénissieux"),
])
async def test_what_has_no_words_is_answered_in_the_phones_language(web: Web, content: Content) -> None:
    sent = Inbound("telegram", "update-1", "42", content, web.clock.now(), "ar")
    assert {one.language for one in await web.turns.answer(sent)} == {"ar"}


async def test_a_first_voice_note_of_nobody_knows_which_language_offers_them_all(web: Web) -> None:
    sent = Inbound("telegram", "update-1", "42", Media("voice"), web.clock.now())
    voice, languages = await web.turns.answer(sent)
    assert voice.text == web.words("utter_media_voice")
    assert {"Français", "العربية", "ትግርኛ"} <= {button.title for button in languages.buttons}


async def test_a_first_position_of_nobody_knows_which_language_offers_them_all_then_the_dates(web: Web) -> None:
    here = Inbound("telegram", "update-1", "42", Located("69259"), web.clock.now())
    (languages,) = await web.turns.answer(here)
    arabic = next(button for button in languages.buttons if button.title == "العربية")
    chosen = Inbound("telegram", "update-2", "42", Press(arabic.payload), web.clock.now())
    hello, dates = await web.turns.answer(chosen)
    assert {hello.language, dates.language} == {"ar"}
    assert "Vénissieux" in dates.buttons[0].title
