"""The chat page in a real browser, on a phone's screen."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from dialogues.events.team import CounsellorWrote
from tests.browser.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DOCTOR = "هل عندي الحق في الطبيب بدون أوراق"
SCRIPT_LIMIT = 30_000


async def test_a_seat_is_booked_in_arabic_with_a_right_asked_in_the_middle(served: Served, tmp_path: Path) -> None:
    served.web.rasa.table[DOCTOR] = "rights_undocumented_health"
    async with served.visit() as visit:
        page = visit.page
        await visit.open("/?c=vnx-marche")
        await expect(page).to_have_url(served.base + "/")  # where the person came from is off the screen
        await page.screenshot(path=tmp_path / "1-languages.png")
        await visit.press("العربية")
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await page.screenshot(path=tmp_path / "2-consent.png")
        await visit.press("نعم")
        await page.screenshot(path=tmp_path / "3-menu.png")
        await visit.press("📍")
        await expect(visit.last().locator(".choices button").first).to_be_visible()
        offered = await visit.last().locator(".choices button").first.inner_text()
        await page.screenshot(path=tmp_path / "4-sessions.png")
        await visit.write(DOCTOR)
        await page.screenshot(path=tmp_path / "5-right.png")
        assert await visit.last().locator(".choices button").first.inner_text() == offered  # the booking goes on
        await visit.last().locator(".choices button").first.click()
        await expect(visit.last()).to_contain_text("✅")
        await page.screenshot(path=tmp_path / "6-booked.png")
        await page.screenshot(path=tmp_path / "7-whole.png", full_page=True)
        french = served.web.words("label/page_quit"), served.web.words("label/page_placeholder"), "Votre", "Vous"
        said = await page.locator("body").text_content() or ""  # what a screen reader says too
        assert not [word for word in french if word in said]
        assert len(visit.script_bytes) == 5
        assert sum(visit.script_bytes.values()) < SCRIPT_LIMIT


async def test_by_keyboard_alone(served: Served) -> None:
    async with served.visit() as visit:
        page = visit.page
        await visit.open()
        await page.locator("#quit").focus()
        await page.keyboard.press("Tab")
        await expect(page.locator("button", has_text="Français")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(visit.last()).to_contain_text("Êtes-vous d'accord")
        for number in ("112", "114"):  # from the new words, the emergency numbers first
            await page.keyboard.press("Tab")
            await expect(page.locator(f'a[href="tel:{number}"]').last).to_be_focused()
        await page.keyboard.press("Tab")  # then their first button
        await expect(page.locator("button", has_text="Oui, d'accord")).to_be_focused()
        await page.keyboard.press("Space")
        await expect(visit.last().locator("button", has_text="Mes droits")).to_be_visible()
        await page.locator("#box").focus()
        await page.keyboard.type("2")
        await page.keyboard.press("Enter")
        await expect(visit.last().locator(".choices button", has_text="Argent")).to_be_visible()
        await expect(page.locator("#box")).to_be_focused()
        await expect(page.locator("#box")).to_have_value("")


async def test_an_emergency_brings_numbers_to_touch(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        await visit.write("je veux mourir")
        await expect(visit.page.locator('a[href="tel:3114"]').first).to_be_visible()
        assert await visit.page.locator('a[href^="tel:"]').count() >= 3


FILL = """async (text) => {
  const box = document.createElement("div");
  (await import("/static/links.js")).fill(box, text);
  if (box.textContent !== text) throw new Error("words changed");
  return [...box.querySelectorAll("a")].map((a) => a.getAttribute("href").replace("tel:", ""));
}"""


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
async def test_every_number_of_an_emergency_can_be_touched(served: Served, language: str) -> None:
    content = served.web.content
    async with served.visit() as visit:
        await visit.open()
        for emergency in content.catalog.emergencies:
            text = served.web.words(f"{emergency}/answer", language)
            numbers = re.findall(r"(?<![a-z\d])(?:3\d{3}|116\s?\d{3}|11[2-9]|1[57]|0 800(?: \d{3}){2})(?!\d)", text)
            assert numbers
            linked = [number for number in await visit.page.evaluate(FILL, text) if number[0] != "h"]
            assert linked == [re.sub(r"\s", "", number) for number in numbers]


@pytest.mark.parametrize(("text", "linked"), [
    ("Danger ? Le 15 ou le 112.", ["15", "112"]), ("Le 112 ou le 17.", ["112", "17"]),
    ("Urgence grave : le 15, gratuit.", ["15"]), ("حالة خطيرة: \u206815\u2069، مجاني", ["15"]),
    ("Appelez le 17.", ["17"]), ("Call 15 right now", []), ("Mardi 17 novembre, 15:00", []),
    ("Dès 18 ans.", []), ("Rendez-vous le 15.", []), ("En urgence, venez le 15.", []), ("17 rue des Lilas", []),
    ("651,69 €", []), ("Le 04 72 00 00 00.", ["0472000000"]), ("+33 4 72 00 00 00", ["+33472000000"]),
    ("Écrivez sur allo119.gouv.fr.", []), ("https://caf.fr/a?b=1.", ["https://caf.fr/a?b=1"]),
    ("javascript:alert(1) http://a.b", []),
])
async def test_a_number_is_a_link_only_where_it_can_hardly_be_anything_else(
    served: Served, text: str, linked: list[str],
) -> None:
    async with served.visit() as visit:
        await visit.open()
        assert await visit.page.evaluate(FILL, text) == linked


async def test_quick_leave_leaves_nothing_on_the_screen_nor_in_the_tab(served: Served) -> None:
    async with served.visit(leaves=True) as visit:
        page = visit.page
        await page.goto("about:blank")
        await visit.open()
        await visit.write("mon secret")
        await page.evaluate("sessionStorage.setItem('unsent', 'mon secret')")
        await page.locator("#quit").click()
        await expect(page).to_have_title("Outside")
        assert visit.outside == ["https://www.meteofrance.com/"]  # and the test answered it: nothing went out
        await page.go_back()
        assert page.url == "about:blank"  # Back does not bring the conversation on the screen
        await visit.open()
        assert await page.evaluate("sessionStorage.getItem('unsent')") in (None, "[]")


async def test_quick_leave_by_keyboard(served: Served) -> None:
    async with served.visit(leaves=True) as visit:
        await visit.open()
        await visit.page.locator("#quit").focus()
        await visit.page.keyboard.press("Space")
        await expect(visit.page).to_have_title("Outside")


async def test_a_counsellors_words_arrive_by_themselves(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        await visit.press("Français")
        await served.web.pauses.begun.wait()
        cookie = next(cookie["value"] for cookie in await visit.context.cookies() if cookie["name"] == "pp")
        async with served.web.store.turn("web", cookie, create=False) as tx:
            conversation = tx.conversation_id
        words = CounsellorWrote("lead-1", "Nadia", "Bonjour <b>vous</b>, appelez le 04 72 00 00 00")
        await served.web.turns.happen(conversation, words)
        served.web.pauses.over.set()
        await expect(visit.last()).to_contain_text("Bonjour <b>vous</b>")
        await expect(visit.last().locator(".who")).to_contain_text("Nadia")
        await expect(visit.last().locator("a")).to_have_attribute("href", "tel:0472000000")


async def test_dots_move_while_a_counsellor_types(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        await visit.press("Français")
        await served.web.pauses.begun.wait()
        cookie = next(cookie["value"] for cookie in await visit.context.cookies() if cookie["name"] == "pp")
        await expect(visit.page.locator("#dots")).to_be_hidden()
        await served.web.signs.show("web", cookie)
        served.web.pauses.over.set()
        await expect(visit.page.locator("#dots")).to_be_visible()
        served.web.fixed.advance(seconds=7)
        await expect(visit.page.locator("#dots")).to_be_hidden()


async def test_without_network_words_wait_and_leave_once(served: Served) -> None:
    async with served.visit() as visit:
        page = visit.page
        await visit.open()
        await visit.press("Français")
        await visit.context.set_offline(True)
        await page.locator("#box").fill("je reviens")
        await page.locator("#send").click()
        await expect(page.locator("#trouble span")).to_contain_text("112")
        await expect(page.locator('#trouble a[href="tel:112"]')).to_be_visible()
        await expect(page.locator('[data-state="waiting"]')).to_contain_text("je reviens")
        before = await visit.messages().count()
        await visit.context.set_offline(False)
        await expect(visit.messages().nth(before)).to_be_visible()
        await expect(page.locator("#trouble span")).to_be_empty()
        await expect(page.locator(".person", has_text="je reviens")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".person", has_text="je reviens")).to_have_count(1)


async def test_words_not_yet_sent_are_there_after_a_reload(served: Served) -> None:
    async with served.visit() as visit:
        page = visit.page
        await visit.open()
        await visit.press("Français")
        await visit.context.route("**/chat/messages", lambda route: route.abort())
        await page.locator("#box").fill("ne me perdez pas")
        await page.locator("#send").click()
        await expect(page.locator('[data-state="waiting"]')).to_have_count(1)
        await visit.context.unroute("**/chat/messages")
        await page.reload()
        await expect(page.locator(".person", has_text="ne me perdez pas")).to_have_count(1)
        await expect(page.locator('[data-state="waiting"]')).to_have_count(0)
        visit.failures.clear()  # the browser notes the requests that this test cut


async def test_without_scripts_the_forms_converse(served: Served, tmp_path: Path) -> None:
    async with served.visit(java_script_enabled=False, locale="ar") as visit:
        page = visit.page
        await visit.open("/?c=vnx-marche")
        for title in ("العربية", "نعم", "📍"):
            await page.locator(".choices button", has_text=title).last.click()
        await page.locator(".choices").last.locator("button").first.click()
        await expect(visit.last()).to_contain_text("✅")
        await page.locator("#box").fill("أريد أن أموت")
        await page.locator("#send").click()
        await expect(page.locator("#log")).to_contain_text("3114")
        await page.screenshot(path=tmp_path / "no-scripts.png")


async def test_a_position_leaves_the_phone_rounded(served: Served) -> None:
    place = {"latitude": 45.69712345, "longitude": 4.88765432}
    async with served.visit(geolocation=place, permissions=["geolocation"]) as visit:
        await visit.open()
        for title in ("Français", "Oui", "📍"):
            await visit.press(title)
        async with visit.page.expect_request(lambda request: request.method == "POST") as asked:
            await visit.page.locator(".choices button", has_text="position").last.click()
        sent = (await asked.value).post_data_json
        assert sent is not None
        assert sent["position"] == {"latitude": 45.697, "longitude": 4.888}
        await expect(visit.last()).to_contain_text("Vénissieux")


async def test_a_position_refused_is_answered_too(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        for title in ("Français", "Oui", "📍"):
            await visit.press(title)
        await visit.press("position")
        assert await visit.last().inner_text()


async def test_an_old_button_stays_pressable_and_is_answered(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        await visit.press("Français")
        await visit.press("Oui")
        before = await visit.messages().count()
        await visit.page.locator(".old button", has_text="Non").click()
        await expect(visit.messages().nth(before)).to_be_visible()


async def test_erased_words_leave_the_screen(served: Served) -> None:
    async with served.visit() as visit:
        await visit.open()
        await visit.press("Français")
        await visit.press("Oui")
        await visit.write("un secret")
        served.web.rasa.table["efface tout"] = "delete_my_data"
        await visit.write("efface tout")
        await visit.page.locator(".choices button", has_text="Oui, tout effacer").click()
        await expect(visit.page.locator("#log .msg")).to_have_count(1)
        assert "secret" not in await visit.visible_words()
        await visit.write("bonjour")  # and the conversation goes on from nothing
        await expect(visit.last().locator(".choices")).to_be_visible()


@pytest.mark.parametrize("language", ["fr-FR", "ar", "en-GB"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_runs_off_the_screen_and_buttons_are_wide_enough(
    served: Served, language: str, width: int,
) -> None:
    async with served.visit(locale=language, viewport={"width": width, "height": 640}) as visit:
        await visit.open()
        for _ in range(3):
            before = await visit.messages().count()
            await visit.last().locator(".choices button").first.click()
            await expect(visit.messages().nth(before)).to_be_visible()
        assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sizes = await visit.page.evaluate(
            "[...document.querySelectorAll('button, #quit')].filter(n => n.offsetParent)"
            ".map(n => [n.offsetWidth, n.offsetHeight])")
        assert sizes
        assert min(height for _, height in sizes) >= 44
