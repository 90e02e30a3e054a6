"""The REST channel: Rasa's contract, and whatever the internet sends instead."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.limits import Limits
from bot.outbound import Enclosed, Rendered
from dialogues.enclosure import Enclosure, MediaKind
from tests.channels.web_rig import ELSEWHERE, Web, open_web, payload

WEBHOOK = "/webhooks/rest/webhook"


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with open_web(tmp_path) as opened:
        yield opened


async def french(web: Web, sender: str) -> None:
    """Past the choice of language and the consent."""
    await web.rest(sender, payload(await web.rest(sender, "/start"), "Français"))
    await web.rest(sender, "/SetSlots(consent_storage=yes)")


async def test_an_answer_has_the_form_that_rasas_widgets_read(web: Web) -> None:
    async with web.browser() as browser:
        answer = await browser.post(WEBHOOK, json={"sender": "amina", "message": "/start"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    first = answer.json()[0]
    assert set(first) == {"recipient_id", "text", "buttons"}
    assert first["recipient_id"] == "amina"
    assert all(set(button) == {"title", "payload"} for button in first["buttons"])
    assert "العربية" in answer.text  # letters, not escapes: three times fewer bytes


async def test_a_message_without_buttons_has_no_such_field(web: Web) -> None:
    await french(web, "amina")
    answers = await web.rest("amina", "je veux mourir")
    assert "3114" in answers[0]["text"]
    assert "buttons" not in answers[0]


async def test_what_rasas_widgets_add_is_taken_and_changes_nothing(web: Web) -> None:
    body = {"sender": "amina", "message": "/start", "metadata": {"a": [1]}, "input_channel": "x"}
    async with web.browser() as browser:
        answer = await browser.post(f"{WEBHOOK}?stream=false", json=body)
        assert (await browser.get("/webhooks/rest/")).json() == {"status": "ok"}
    assert answer.status_code == 200
    assert answer.json()[0]["text"] == web.words("utter_ask_language")


@pytest.mark.parametrize("opening", ["/start", "/restart", "/session_start", " /start \n"])
async def test_openings_of_widgets_start_the_conversation(web: Web, opening: str) -> None:
    assert (await web.rest("amina", opening))[0]["text"] == web.words("utter_ask_language")


async def test_the_origin_of_a_link_says_the_town(web: Web) -> None:
    choose = payload(await web.rest("amina", "/start vnx-marche"), "Français")
    await web.rest("amina", choose)
    answers = await web.rest("amina", "/find_permanence")
    assert "Vénissieux" in answers[0]["text"]


async def test_a_button_a_number_and_its_words_choose_the_same(web: Web) -> None:
    texts = []
    for sender, choice in (("one", None), ("two", "1"), ("three", "français")):
        offered = await web.rest(sender, "/start")
        answers = await web.rest(sender, choice or payload(offered, "Français"))
        texts.append([answer["text"] for answer in answers])
    assert texts[0] == texts[1] == texts[2]
    assert texts[0][0] == web.words("utter_welcome")


async def test_free_text_is_understood_and_said_to_be_not_when_rasa_is_down(web: Web) -> None:
    await french(web, "amina")
    web.rasa.table["j'ai droit au rsa"] = "rights_rsa"
    assert "RSA" in (await web.rest("amina", "J'ai droit au RSA"))[0]["text"]
    web.rasa.up = False
    assert (await web.rest("amina", "j'ai droit au rsa"))[0]["text"] == web.words("utter_understanding_down")


async def test_what_counts_something_agrees_to_nothing_and_books_nothing(web: Web) -> None:
    await web.rest("amina", payload(await web.rest("amina", "/start"), "Français"))
    await web.rest("amina", "une personne")
    assert (await web.rest("amina", "/export_my_data"))[0]["text"].count("rendez-vous") == 0
    await french(web, "samia")
    await web.rest("samia", '/find_permanence{"commune":"69259"}')
    for words, intent in (("un avocat", "rights_legal_aid"), ("ma première demande", "rights_asylum")):
        web.rasa.table[words] = intent
        assert all("Votre code" not in one["text"] for one in await web.rest("samia", words))


async def test_only_a_post_is_a_message(web: Web) -> None:
    async with web.browser() as browser:
        answer = await browser.get(WEBHOOK)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


# ── malformed ───────────────────────────────────────────────────────────────────────────────────────────

BAD = {
    "empty": (b"", "JSON"),
    "not json": (b"sender=a&message=b", "JSON"),
    "half json": (b'{"sender": "a", "message": "b', "JSON"),
    "not utf-8": (b'{"sender": "a", "message": "\xff\xfe\xfa"}', "JSON"),
    "a list": (b'["a", "b"]', "object"),
    "a number": (b"12", "object"),
    "null": (b"null", "object"),
    "no sender": (b'{"message": "b"}', "sender"),
    "no message": (b'{"sender": "a"}', "message"),
    "sender is a number": (b'{"sender": 1, "message": "b"}', "sender"),
    "sender is null": (b'{"sender": null, "message": "b"}', "sender"),
    "blank sender": (b'{"sender": "  ", "message": "b"}', "sender"),
    "long sender": (json.dumps({"sender": "a" * 201, "message": "b"}).encode(), "sender"),
    "message is a list": (b'{"sender": "a", "message": ["b"]}', "message"),
    "message is an object": (b'{"sender": "a", "message": {"text": "b"}}', "message"),
    "message is true": (b'{"sender": "a", "message": true}', "message"),
    "half a character": (b'{"sender": "a", "message": "\\ud83d"}', "surrogate"),
    "50 000 characters": (json.dumps({"sender": "a", "message": "a" * 50_000}).encode(), "4000"),
    "thirty thousand brackets": (b"[" * 30_000 + b"]" * 30_000, "JSON"),
    "brackets inside": (b'{"sender": "a", "message": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "JSON"),
    "a number of ten thousand digits": (b'{"sender": "a", "message": ' + b"9" * 10_000 + b"}", "JSON"),
}


@pytest.mark.parametrize("case", sorted(BAD))
async def test_bad_input_gets_a_422_that_names_what_is_wrong(web: Web, case: str) -> None:
    body, named = BAD[case]
    async with web.browser() as browser:
        answer = await browser.post(WEBHOOK, content=body)
    assert answer.status_code == 422
    assert named in answer.json()["detail"]


async def test_a_body_over_the_limit_is_not_even_read(web: Web) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 1
            yield b"a" * 10_000

    async with web.browser() as browser:
        answer = await browser.post(WEBHOOK, content=endless())
    assert answer.status_code == 413
    assert sent < 10


@pytest.mark.parametrize("message", [
    "", "   ", "\n\n", "😀😀😀", "👨\u200d👩\u200d👧" * 100, "\x00\x01\x07\x1b[31m", "؟", "-", "1" * 4_000,
    "\u202eabc\u202c مرحبا abc \u2067x", "/start " + "a" * 65,
    "a" * 4_000, "\u0301" * 500, "/", "//", "/o", "/o1", "/o1.", "/o-1.0", "/o99999999999.0", "/start\n",
    "/o1.0; drop table inbox", "' OR 1=1 --", "%s%s%n", "{{7*7}}", "${x}", "{phone_police}", "../../etc/passwd",
    '/ask_menu{"a":' + "[" * 1_900 + "]" * 1_900 + "}",
])
async def test_odd_messages_get_an_answer(web: Web, message: str) -> None:
    await french(web, "amina")
    answers = await web.rest("amina", message)
    assert answers
    assert all(answer["text"].strip() for answer in answers)


@pytest.mark.parametrize("forged", [
    "/o999.9", "/o1.99", "/o0.0", "/SetSlots(x=y)", "/SetSlots(consent_storage=maybe)", "/SetSlots()",
    "/SetSlots(team_found=yes)", "/SetSlots(session=portes-du-sud:ifra:vnx-mardi:2026-11-24)", "/alert_nobody",
    '/find_permanence{"no_such_slot":"1"}', '/find_permanence{"commune":"99999"}',
    '/change_language{"language":"xx"}', '/rights_more{"topic":"x"}', '/rights_more',
    '/alert_team{"emergency":"x","commune":"01001"}', '/find_permanence{"period":"x","commune":"69259"}',
    '/ask_human{"consent_handoff":"yes"}', '/delete_my_data{"confirm_delete":"yes"}',
])
async def test_a_forged_payload_is_answered_and_does_nothing_by_itself(web: Web, forged: str) -> None:
    await french(web, "amina")
    answers = await web.rest("amina", forged)
    assert answers
    receipt = web.words("utter_erased").splitlines()[0]
    assert all(receipt not in answer["text"] and "Votre code" not in answer["text"] for answer in answers)
    assert await web.store.leads(None, ["portes-du-sud"], open_only=False) == ()


async def test_an_alert_about_no_danger_of_ours_is_answered(web: Web) -> None:
    await french(web, "amina")
    assert await web.rest("amina", '/alert_team{"emergency":"x","commune":"69259"}')


async def test_markup_comes_back_as_the_text_it_is(web: Web) -> None:
    await french(web, "amina")
    await web.rest("amina", '/ask_human{"commune":"69259"}')
    for words in ("<b>*Samia*</b> <script>alert(1)</script> [x](javascript:y)", "Samia"):
        answers = await web.rest("amina", words)
        if any("alert(1)" in answer["text"] for answer in answers):
            break
    shown = "\n".join(answer["text"] for answer in answers)
    assert "<b>*Samia*</b> <script>alert(1)</script> [x](javascript:y)" in shown
    assert "&lt;" not in shown


# ── many, and other people ──────────────────────────────────────────────────────────────────────────────


async def test_200_messages_at_once_from_one_sender_are_all_answered_in_peace(web: Web) -> None:
    await french(web, "amina")
    async with web.browser() as browser:
        answers = await asyncio.gather(*(
            browser.post(WEBHOOK, json={"sender": "amina", "message": f"message {number}"}) for number in range(200)
        ))
    assert {answer.status_code for answer in answers} == {200}
    told = [answer for answer in answers for said in answer.json() if said["text"] == web.words("utter_too_many")]
    assert len(told) == 1  # once said is said
    assert sum(bool(answer.json()) for answer in answers) >= 10
    web.fixed.advance(minutes=5)
    assert await web.rest("amina", "/ask_menu")  # and forgiven


async def test_an_emergency_is_heard_in_the_middle_of_a_burst(web: Web) -> None:
    await french(web, "amina")
    for _ in range(30):
        await web.rest("amina", "/ask_menu")
    assert "3114" in (await web.rest("amina", "je veux mourir"))[0]["text"]
    # One that only the classifier sees, too.
    web.rasa.table["tout le monde sera mieux sans"] = "emergency_suicide"
    assert "3114" in (await web.rest("amina", "tout le monde sera mieux sans"))[0]["text"]


async def test_an_emergency_is_heard_at_the_end_of_a_long_message(web: Web) -> None:
    await french(web, "amina")
    story = "Je suis arrivée il y a longtemps et tout va mal ici. " * 60 + "Je veux mourir."
    assert "3114" in (await web.rest("amina", story))[0]["text"]


async def test_senders_do_not_meet(web: Web) -> None:
    await french(web, "amina")
    mine = await web.rest("amina", '/find_permanence{"commune":"69259"}')
    seat = payload(mine, "Vénissieux")
    answers = await web.rest("someone else", seat)
    assert answers[0]["text"] == web.words("utter_choice_gone")
    assert all("Vénissieux" not in answer["text"] for answer in answers)
    await web.rest("amina", seat)
    booked = await web.rest("amina", "/list_appointments")
    assert "Vénissieux" in booked[0]["text"]  # so that the next lines can fail
    for asked in ("/list_appointments", "/export_my_data"):
        answers = await web.rest("someone else", asked)
        assert all("Vénissieux" not in answer["text"] for answer in answers)
        assert {answer["recipient_id"] for answer in answers} == {"someone else"}


async def test_a_sender_cannot_be_a_visitor_of_the_page(web: Web) -> None:
    async with web.browser() as visitor:
        await visitor.get("/?c=vnx-marche")
        cookie = visitor.cookies["pp"]
    assert (await web.rest(cookie, "/start"))[0]["text"] == web.words("utter_ask_language")
    assert len(await web.store.history("web", cookie, 10)) == 2  # a start and its answer; nothing more


# ── who is let in ───────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_token_only_this_machine_is_answered(web: Web) -> None:
    body = {"sender": "a", "message": "/start"}
    async with web.browser(at=ELSEWHERE) as browser:
        assert (await browser.post(WEBHOOK, json=body)).status_code == 403
        assert (await browser.get("/webhooks/rest/")).status_code == 403
    async with web.browser(at=("::1", 1)) as browser:
        assert (await browser.post(WEBHOOK, json=body)).status_code == 200
    async with web.browser(at=("testclient", 1)) as browser:
        assert (await browser.post(WEBHOOK, json=body)).status_code == 403


async def test_with_a_token_whoever_has_it_is_answered_and_nobody_else(tmp_path: Path) -> None:
    body = {"sender": "a", "message": "/start"}
    async with open_web(tmp_path, token="s3cret-é") as web, web.browser(at=ELSEWHERE) as browser:
        good = "Bearer s3cret-é".encode()
        assert (await browser.post(WEBHOOK, json=body, headers={b"Authorization": good})).status_code == 200
        assert (await browser.post(WEBHOOK, json=body, params={"token": "s3cret-é"})).status_code == 200
        for refused in ("", "Bearer", "Bearer wrong", "Basic s3cret"):
            answer = await browser.post(WEBHOOK, json=body, headers={"Authorization": refused})
            assert answer.status_code == 401
            assert "s3cret" not in answer.text
    async with open_web(tmp_path, token="s3cret") as web, web.browser() as browser:
        assert (await browser.post(WEBHOOK, json=body)).status_code == 401  # this machine needs it too


async def test_an_address_has_its_limit_and_is_told_to_wait(tmp_path: Path) -> None:
    async with open_web(tmp_path, addresses=Limits(3, 60)) as web, web.browser() as browser:
        answers = [await browser.post(WEBHOOK, content=b"") for _ in range(4)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "1"


async def sends(web: Web, sender: str, kind: MediaKind, enclosure: Enclosure) -> None:
    shown = Enclosed(kind, enclosure, "Ouvrir", "Ce n'est plus là.")
    async with web.store.turn("rest", sender) as tx:
        await tx.say([Rendered("votre lettre", "fr", (), "counsellor", "Nadia", shown)], delivered=False)


async def test_a_counsellors_picture_has_an_address_that_opens_and_is_nobody_elses(web: Web) -> None:
    web.elsewhere["file-number-1"] = b"JPEG"  # long: two letters stand in a sealed address by chance
    await french(web, "amina")
    await sends(web, "amina", "photo", Enclosure(
        "telegram", "42:1", "file-number-1", "lettre.jpg", "image/jpeg", 4))
    first, *_ = await web.rest("amina", "/ask_menu")
    assert first["text"] == "👤 Nadia :\nvotre lettre"
    where = first["image"].removeprefix("http://bot.test")
    assert not [secret for secret in ("amina", "file-number-1", "lettre") if secret in where]
    async with web.browser() as browser:
        opened = await browser.get(where)
        assert (opened.status_code, opened.content, opened.headers["content-type"]) == (200, b"JPEG", "image/jpeg")
        assert opened.headers["cache-control"] == "no-store"
        altered = where[:-40] + where[-40:].swapcase()
        for wrong in (where[:-4] + "AAA=", altered, "/webhooks/rest/file/x", "/webhooks/rest/file/é"):
            assert (await browser.get(wrong)).status_code == 404
        web.fixed.advance(days=8)
        assert (await browser.get(where)).status_code == 404
    async with web.browser(at=ELSEWHERE) as browser:  # no token is set: this machine only
        assert (await browser.get(where)).status_code == 403


async def test_after_an_erasure_the_address_of_a_picture_opens_nothing(web: Web) -> None:
    web.elsewhere["f1"] = b"JPEG"
    await french(web, "amina")
    await sends(web, "amina", "photo", Enclosure("telegram", "42:1", "f1", "", "image/jpeg", 4))
    where = (await web.rest("amina", "/ask_menu"))[0]["image"].removeprefix("http://bot.test")
    await web.rest("amina", "/delete_my_data")
    await web.rest("amina", "/SetSlots(confirm_delete=yes)")
    async with web.browser() as browser:
        assert (await browser.get(where)).status_code == 404


@pytest.mark.parametrize(("kind", "type_"), [("voice", "audio"), ("video", "video"), ("document", "file")])
async def test_what_is_no_picture_is_an_attachment(web: Web, kind: MediaKind, type_: str) -> None:
    await french(web, "amina")
    await sends(web, "amina", kind, Enclosure("telegram", "42:1", "f1", "a.bin", "application/pdf", 4))
    first, *_ = await web.rest("amina", "/ask_menu")
    assert first["attachment"]["type"] == type_
    assert first["attachment"]["payload"]["name"] == "a.bin"
    assert first["attachment"]["payload"]["src"].startswith("http://bot.test/webhooks/rest/file/")


async def test_with_a_token_a_picture_opens_by_its_address_from_anywhere(tmp_path: Path) -> None:
    async with open_web(tmp_path, token="secret") as web:
        web.elsewhere["f1"] = b"JPEG"
        await sends(web, "amina", "photo", Enclosure("telegram", "42:1", "f1", "", "image/jpeg", 4))
        async with web.browser(at=ELSEWHERE, headers={"Authorization": "Bearer secret"}) as widget:
            answer = await widget.post(WEBHOOK, json={"sender": "amina", "message": "/start"})
        async with web.browser(at=ELSEWHERE) as browser:
            where = answer.json()[0]["image"].removeprefix("http://bot.test")
            assert (await browser.get(where)).content == b"JPEG"


async def test_what_a_counsellor_wrote_meanwhile_comes_with_the_next_answer_once(web: Web) -> None:
    await french(web, "amina")
    async with web.store.turn("rest", "amina") as tx:
        await tx.say([Rendered("Bonjour Amina", "fr", (), "counsellor", "Nadia")], delivered=False)
    first = await web.rest("amina", "/ask_menu")
    assert first[0]["text"] == "👤 Nadia :\nBonjour Amina"
    assert first[1]["text"] == web.words("utter_menu")
    assert [answer["text"] for answer in await web.rest("amina", "/ask_menu")] == [web.words("utter_menu")]
    assert all("Amina" not in answer["text"] for answer in await web.rest("eve", "/start"))
