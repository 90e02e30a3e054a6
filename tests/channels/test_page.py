"""The chat page over HTTP: its cookie, what it refuses, its languages."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.limits import Limits
from tests.channels.page_talk import AR, FORM, MESSAGES, arrive, csrf, offered, say
from tests.channels.web_rig import HERE, PAGE, Web, open_web


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


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


async def test_a_calendar_file_is_for_who_got_it_only(web: Web) -> None:
    async with web.browser() as one, web.browser() as other:
        await arrive(one)
        found = await say(one, 3, payload="/find_permanence{\"commune\": \"69259\"}")
        number = 4
        while not (links := [m["link"] for m in found["messages"] if m["link"]]):
            assert number < 12, found
            buttons = next(m["buttons"] for m in reversed(found["messages"]) if m["buttons"])
            found = await say(one, number, payload=buttons[0]["payload"])
            number += 1
        address = links[-1]["url"]
        answer = await one.get(address)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert answer.text.startswith("BEGIN:VCALENDAR")
        await other.get("/")
        assert (await other.get(address)).status_code == 404
        assert (await one.get(address.replace("rdv", "autre"))).status_code == 404


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
    async with web.browser(headers=AR) as browser:
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


# ── languages ───────────────────────────────────────────────────────────────────────────────────────────


async def test_an_arabic_page_is_arabic_and_runs_from_the_right(web: Web) -> None:
    async with web.browser(headers=AR) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 3, payload="/ask_menu")
    assert '<html lang="ar" dir="rtl">' in page
    assert web.words("label/page_placeholder", "ar") in page
    assert data["language"] == "ar"
    assert data["dir"] == "rtl"
    for word in ("placeholder", "send", "quit", "machine", "offline"):
        assert data["words"][word] == web.words(f"label/page_{word}", "ar") != web.words(f"label/page_{word}")
    latin = re.findall(r"[A-Za-zÀ-ÿ]{2,}", " ".join(message["text"] for message in data["messages"]))
    assert set(latin) <= {"SMS"}  # what 114 is of use for


async def test_a_browser_of_no_language_of_ours_gets_the_choice_of_languages(web: Web) -> None:
    async with web.browser(headers={"Accept-Language": "xx-YY"}) as browser:
        page = (await browser.get("/")).text
    assert '<html lang="fr" dir="ltr">' in page
    assert "العربية" in page
    assert "English" in page


async def test_a_chosen_language_changes_the_whole_page(web: Web) -> None:
    async with web.browser(headers={"Accept-Language": "xx"}) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 1, payload=offered(page, "العربية"))
        page = (await browser.get("/")).text
    assert data["dir"] == "rtl"
    assert data["words"]["quit"] == web.words("label/page_quit", "ar")
    assert '<html lang="ar" dir="rtl">' in page


async def test_an_offer_of_another_language_leaves_the_page_in_the_chosen_one(web: Web) -> None:
    words = "ما هي حقوقي وكيف يمكنني أن أحصل على بطاقة التأمين الصحي"
    web.rasa.table[words] = "rights_health_cover"
    async with web.browser(headers={"Accept-Language": "xx"}) as browser:
        page = (await browser.get("/")).text
        await say(browser, 1, payload=offered(page, "English"))
        data = await say(browser, 2, message=words)
        page = (await browser.get("/")).text
        assert data["messages"][-1]["language"] == "ar"  # the offer itself is said in its own words
        assert (data["language"], data["dir"]) == ("en", "ltr")
        assert '<html lang="en" dir="ltr">' in page
        data = await say(browser, 3, payload=offered(page, "العربية"))
        assert (data["language"], data["dir"]) == ("ar", "rtl")


async def test_the_page_says_that_understanding_is_not_ready_and_answers_buttons(web: Web) -> None:
    web.rasa.up = False
    async with web.browser(headers=AR) as browser:
        page = (await browser.get("/")).text
        data = await say(browser, 1, payload="/ask_menu")
        assert web.words("label/page_understanding_starting", "ar") in html.unescape(page)
        assert data["notice"] == web.words("label/page_understanding_starting", "ar")
        assert data["messages"][1:]
        web.rasa.up = True
        assert (await say(browser, 2, payload="/ask_menu"))["notice"] is None


async def test_the_page_is_small(web: Web) -> None:
    async with web.browser(headers=AR) as browser:
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
