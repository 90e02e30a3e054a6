"""The chat page over HTTP: its cookie, its refusals, its forms, its long poll, its languages."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.web.page import LONG_POLL_SECONDS, LOOK_AGAIN_SECONDS
from bot.channels.web.transcript import SHOWN
from bot.limits import Limits
from dialogues.events import CounsellorWrote
from tests.channels.web_rig import HERE, PAGE, VENISSIEUX, Web, open_web, payload

MESSAGES, FORM = "/chat/messages", "/chat/send"
AR = {"Accept-Language": "ar"}


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


async def say(browser: httpx.AsyncClient, number: int, **what: object) -> dict[str, Any]:
    """What the page's scripts do: one message under an id of theirs, answered by 200."""
    answer = await browser.post(MESSAGES, json={"id": f"client-{number:04}", **what}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


async def heard(browser: httpx.AsyncClient, after: float = 0) -> dict[str, Any]:
    answer = await browser.get(MESSAGES, params={"after": after}, headers=PAGE)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def offered(page: str, title: str) -> str:
    """What the last button of this title sends, in a page."""
    found = re.findall(r'<button name="payload" value="([^"]*)">.*?<span dir="auto">([^<]*)</span>', page)
    matching = [html.unescape(value) for value, words in found if title in html.unescape(words)]
    assert matching, f"no button « {title} »"
    return str(matching[-1])


async def arrive(browser: httpx.AsyncClient, language: str = "Français") -> None:
    """Opened, language chosen, consent given."""
    page = (await browser.get("/?c=vnx-marche")).text
    if 'lang="ar"' not in page:
        await say(browser, 1, payload=offered(page, language))
    await say(browser, 2, payload="/SetSlots(consent_storage=yes)")


# ── the page and its cookie ─────────────────────────────────────────────────────────────────────────────


async def test_the_page_has_its_cookie_and_keeps_strangers_out(web: Web) -> None:
    async with web.browser() as browser:
        answer = await browser.get("/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie  # http on loopback
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    # What the policy would block is not there in the first place.
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", answer.text)
    assert not re.findall(r'(?:src|action)="(?:https?:)?//', answer.text)


async def test_over_https_the_cookie_never_travels_in_the_clear(tmp_path: Path) -> None:
    async with open_web(tmp_path, secure=True) as web, web.browser() as browser:
        assert "; secure" in (await browser.get("/")).headers["set-cookie"].lower()


async def test_coming_back_finds_the_conversation_and_starts_nothing_new(web: Web) -> None:
    async with web.browser() as browser:
        first = await browser.get("/?c=vnx-marche")
        again = await browser.get("/?c=vnx-marche")
    assert first.text.count("<article") == again.text.count("<article") == 1
    assert again.headers["set-cookie"].split(";")[0] == first.headers["set-cookie"].split(";")[0]


async def test_two_browsers_do_not_meet(web: Web) -> None:
    async with web.browser() as one, web.browser() as other:
        await one.get("/")
        await say(one, 1, message="un secret à moi")
        page = (await other.get("/")).text
        other.cookies.set("pp", "'; drop table conversations; --")
        forged = (await other.get("/")).text
    assert "secret" not in page + forged


@pytest.mark.parametrize("origin", ["vnx-marche", "<script>alert(1)</script>", "a" * 500, "", "%00", "\u202e"])
async def test_any_origin_opens_the_page(web: Web, origin: str) -> None:
    async with web.browser() as browser:
        answer = await browser.get("/", params={"c": origin})
    assert answer.status_code == 200
    assert "alert(1)" not in answer.text


async def test_files_are_kept_by_the_browser_for_a_year(web: Web) -> None:
    async with web.browser() as browser:
        page = (await browser.get("/")).text
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(files) >= 6
        for file in files:
            answer = await browser.get(file)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert "?v=" in file
        assert (await browser.get("/static/../page.py")).status_code == 404
        assert (await browser.get("/static/%2e%2e/page.py")).status_code == 404


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_other_sites_make_a_browser_send_is_refused(web: Web) -> None:
    body = {"id": "client-0001", "message": "bonjour"}
    async with web.browser() as browser:
        proof = csrf((await browser.get("/")).text)
        evil = {"Origin": "https://evil.example"}
        assert (await browser.post(MESSAGES, json=body)).status_code == 403
        assert (await browser.post(MESSAGES, json=body, headers=PAGE | evil)).status_code == 403
        assert (await browser.get(MESSAGES)).status_code == 403
        assert (await browser.post(FORM, data={"csrf": proof, "message": "x"}, headers=evil)).status_code == 403
        assert (await browser.post(FORM, data={"message": "x"})).status_code == 403
        assert (await browser.post(FORM, data={"csrf": "é" * 32, "message": "x"})).status_code == 403
        assert len(await web.store.history("web", browser.cookies["pp"], 10)) == 2  # nothing was said
        own = PAGE | {"Origin": "http://bot.test"}
        assert (await browser.post(MESSAGES, json=body, headers=own)).status_code == 200
    async with web.browser() as other:
        await other.get("/")
        assert (await other.post(FORM, data={"csrf": proof, "message": "x"})).status_code == 403


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"\xff", b"[" * 30_000, b'{"id": "client-0001"}', b'{"message": "no id"}',
    b'{"id": "short", "message": "x"}', b'{"id": "client-0001", "message": 1}',
    b'{"id": "client-0001", "payload": []}',
    b'{"id": ["client-0001"], "message": "x"}', b'{"id": "client-0001", "message": "\\udc00"}',
    b'{"id": "client-0001", "position": {"latitude": "45", "longitude": 4}}',
    b'{"id": "client-0001", "position": {"latitude": 91, "longitude": 4}}',
    b'{"id": "client-0001", "position": {"latitude": NaN, "longitude": Infinity}}',
    b'{"id": "client-0001", "position": [45, 4]}', b'{"id": "client-0001", "payload": "' + b"a" * 201 + b'"}',
])
async def test_what_is_no_message_is_refused_in_the_persons_words(web: Web, body: bytes) -> None:
    async with web.browser(**AR) as browser:
        await browser.get("/")
        answer = await browser.post(MESSAGES, content=body, headers=PAGE)
    assert answer.status_code == 422
    assert answer.json()["detail"] == web.words("label/page_unreadable", "ar")


@pytest.mark.parametrize("length", [4_001, 50_000, 100_000])
async def test_a_book_is_refused_with_what_to_do(web: Web, length: int) -> None:
    async with web.browser() as browser:
        await browser.get("/")
        answer = await browser.post(MESSAGES, json={"id": "client-0001", "message": "a" * length}, headers=PAGE)
    assert answer.status_code == 422
    assert answer.json()["detail"] == web.words("label/page_too_long")


async def test_a_person_too_fast_is_told_to_wait_and_whom_to_call(web: Web) -> None:
    async with web.browser() as browser:
        await arrive(browser)
        for number in range(3, 40):
            answer = await browser.post(
                MESSAGES, json={"id": f"client-{number:04}", "payload": "/ask_menu"}, headers=PAGE)
            if answer.status_code != 200:
                break
        assert answer.status_code == 429
        assert "112" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "2"
        web.fixed.advance(seconds=5)
        await say(browser, 99, payload="/ask_menu")


async def test_an_address_does_not_fill_the_store_with_new_conversations(tmp_path: Path) -> None:
    async with open_web(tmp_path, addresses=Limits(5, 60)) as web:
        codes = []
        for _ in range(7):
            async with web.browser() as browser:
                codes.append((await browser.get("/")).status_code)
        assert codes == [200] * 5 + [429] * 2


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
    async with web.browser(**AR) as browser:
        await browser.get("/")
        answer = await browser.post(FORM, data={"csrf": "0" * 32, "message": "<i>مهم</i>"})
        assert answer.status_code == 403
        assert web.words("label/page_unreadable", "ar") in html.unescape(answer.text)
        assert "&lt;i&gt;مهم&lt;/i&gt;</textarea>" in answer.text
        again = await browser.post(FORM, data={"csrf": csrf(answer.text), "message": "مهم"})
        assert again.status_code == 303


async def test_a_form_too_fast_says_so_in_the_persons_language(web: Web) -> None:
    async with web.browser(**AR) as browser:
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


# ── languages ───────────────────────────────────────────────────────────────────────────────────────────


async def test_an_arabic_page_is_arabic_and_runs_from_the_right(web: Web) -> None:
    async with web.browser(**AR) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 3, payload="/ask_menu")
    assert '<html lang="ar" dir="rtl">' in page
    assert web.words("label/page_placeholder", "ar") in page
    assert data["language"] == "ar"
    assert data["dir"] == "rtl"
    for word in ("placeholder", "send", "quit", "machine", "offline"):
        assert data["words"][word] == web.words(f"label/page_{word}", "ar") != web.words(f"label/page_{word}")
    latin = re.findall(r"[A-Za-zÀ-ÿ]{2,}", " ".join(message["text"] for message in data["messages"]))
    assert latin == []


async def test_a_browser_of_no_language_of_ours_gets_the_choice_of_languages(web: Web) -> None:
    async with web.browser(**{"Accept-Language": "xx-YY"}) as browser:
        page = (await browser.get("/")).text
    assert '<html lang="fr" dir="ltr">' in page
    assert "العربية" in page
    assert "English" in page


async def test_a_chosen_language_changes_the_whole_page(web: Web) -> None:
    async with web.browser(**{"Accept-Language": "xx"}) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 1, payload=offered(page, "العربية"))
        page = (await browser.get("/")).text
    assert data["dir"] == "rtl"
    assert data["words"]["quit"] == web.words("label/page_quit", "ar")
    assert '<html lang="ar" dir="rtl">' in page


async def test_the_page_says_that_understanding_is_not_ready_and_answers_buttons(web: Web) -> None:
    web.rasa.up = False
    async with web.browser(**AR) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 1, payload="/ask_menu")
        assert web.words("label/page_understanding_starting", "ar") in html.unescape(page)
        assert data["notice"] == web.words("label/page_understanding_starting", "ar")
        assert data["messages"][1:]
        web.rasa.up = True
        assert (await say(browser, 2, payload="/ask_menu"))["notice"] is None


async def test_the_page_is_small(web: Web) -> None:
    async with web.browser(**AR) as browser:
        page = await browser.get("/")
    assert len(page.content) < 12_000


async def test_an_unexpected_failure_is_a_clean_500_without_words(tmp_path: Path) -> None:
    async with open_web(tmp_path) as web, web.browser(at=HERE) as browser:
        await browser.get("/")
        await web.store.close()
        web.file.write_bytes(b"not a database any more" * 100)
        answer = await browser.post(MESSAGES, json={"id": "client-0001", "message": "mon secret"}, headers=PAGE)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
