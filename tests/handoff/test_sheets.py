"""Sheets for services outside: nothing before the person agrees, and nothing but what they saw."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pypdf import PdfReader
from sqlalchemy import select

from bot.inbound import Inbound, Press
from bot.outbound import Rendered
from bot.ports import ChannelRefused
from bot.store import tables
from bot.store.values import Counsellor, LeadRow
from dialogues.effects import OpenLead
from handoff.console import build_console, build_sheets
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP = "group-truck"
CARD = Rendered("carte", "fr")
SENT: list[tuple[str, str, bytes]] = []


async def send(address: str, ref: str, sheet: bytes) -> None:
    await asyncio.sleep(0)
    if address.lower().startswith("refused"):
        raise ChannelRefused
    SENT.append((address, ref, sheet))


@pytest.fixture
async def lead(office: Office) -> LeadRow:
    await office.group(GROUP, TRUCK)
    lead = await office.lead(items={"need": "Papiers", "commune": "Saint-Fons", "name": "سمير", "language": "ar"})
    await office.desk.take(lead.ref, await office.counsellor("Fatou", TRUCK))
    await office.deliver()
    SENT.clear()
    return await office.row(lead.ref)


async def ask(office: Office, lead: LeadRow, who: Counsellor | None = None) -> tuple[str, tuple[str, ...]]:
    """What the person reads, and the payloads of yes and no."""
    counsellor = who or await office.counsellor("Fatou", TRUCK)
    assert (await office.desk.propose_liaison(lead.ref, counsellor, "mission-locale")).done
    (asked,) = [row for row in await office.deliver() if row.address == "person-1"]
    return asked.rendered.text, tuple(button.payload for button in asked.rendered.buttons)


async def press(office: Office, payload: str, address: str = "person-1") -> list[str]:
    office.updates += 1
    inbound = Inbound("memory", f"press-{office.updates}", address, Press(payload), office.hours.now)
    return [rendered.text for rendered in await office.turns.answer(inbound)]


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


class Browser:
    """A signed-in counsellor's."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def post(self, path: str, **fields: str) -> httpx.Response:
        page = (await self.http.get("/console")).text
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert found
        return await self.http.post(path, data={"csrf": found[1], **fields})


async def open_browser(office: Office, team: tuple[str, str | None]) -> AsyncIterator[Browser]:
    app = FastAPI()
    app.include_router(build_sheets(office.store, office.desk, send))
    app.include_router(build_console(office.store, office.desk, office.hours.clock, office.content))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://c.example") as http:
        code = await office.store.new_code("sign_in", *team, "counsellor", timedelta(hours=1))
        await http.post("/console/sign-in", data={"code": code, "name": "Fatou"})
        yield Browser(http)


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browser]:
    async for one in open_browser(office, TRUCK):
        yield one


@pytest.fixture
async def elsewhere(office: Office) -> AsyncIterator[Browser]:
    async for one in open_browser(office, LEAD_BODY):
        yield one


async def test_nothing_can_be_printed_before_the_person_agrees(
    office: Office, lead: LeadRow, browser: Browser
) -> None:
    text, (yes, _) = await ask(office, lead)
    for shown in ("Fatou", "Mission locale", "Papiers", "Saint-Fons", "سمير"):
        assert shown in text
    (liaison,) = await office.store.liaisons(lead.id)
    path = f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf"
    assert (await browser.http.get(path)).status_code == 404
    assert "peut donner cette fiche" in (await press(office, yes))[0]
    told = [row.rendered.text for row in await office.deliver() if row.address == GROUP]
    assert any("d'accord pour la fiche" in text for text in told)
    printed = await browser.http.get(path)
    assert printed.headers["content-type"] == "application/pdf"
    said = words(printed.content)
    for shown in ("Fiche de liaison", lead.ref, "Mission locale", "Saint-Fons", "smyr", "23 novembre 2026"):
        assert shown in said
    assert "person-1" not in said


async def test_the_sheet_says_what_was_shown_and_not_what_came_later(
    office: Office, lead: LeadRow, browser: Browser
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    async with office.store.turn("memory", "person-1") as tx:
        later = OpenLead(TRUCK[1], TRUCK[0], (), {"need": "Santé"})
        await tx.open_lead(later, lambda _ref: CARD, lambda ref: ref)
    (liaison,) = await office.store.liaisons(lead.id)
    said = words((await browser.http.get(f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf")).content)
    assert "Papiers" in said
    assert "Santé" not in said


async def test_a_form_sent_twice_asks_once_and_later_again(office: Office, lead: LeadRow) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    await ask(office, lead, fatou)
    assert (await office.desk.propose_liaison(lead.ref, fatou, "mission-locale")).done
    assert await office.heard("person-1") == []
    assert len(await office.store.liaisons(lead.id)) == 1
    office.hours.advance(minutes=2)
    await ask(office, lead, fatou)


async def test_a_no_after_a_yes_takes_it_back(office: Office, lead: LeadRow, browser: Browser) -> None:
    _, (yes, no) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    path = f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf"
    assert "aucune fiche" in (await press(office, no))[0]
    assert (await browser.http.get(path)).status_code == 404
    assert await office.store.give_liaison(liaison.id) is False


@pytest.mark.parametrize("payload", [
    '/liaison_yes{"liaison":"anything"}', "/liaison_yes", '/liaison_no{"liaison":""}',
])
async def test_a_made_up_answer_tells_the_team_nothing(office: Office, lead: LeadRow, payload: str) -> None:
    await press(office, payload)
    assert [row for row in await office.deliver() if row.address == GROUP] == []


async def test_erasing_after_the_end_still_recalls_the_sheet(
    office: Office, lead: LeadRow, browser: Browser
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    await browser.http.get(f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf")
    await office.desk.close(lead.ref, await office.counsellor("Fatou", TRUCK))
    await office.deliver()
    said = await press(office, "/delete_my_data")
    assert said
    shown = (await office.store.history("memory", "person-1", 1))[0].said
    await press(office, shown.buttons[0].payload)  # type: ignore[union-attr]
    told = [row.rendered.text for row in await office.deliver() if row.address == GROUP]
    assert any("Mission locale" in text and lead.ref in text for text in told)


async def test_a_no_is_a_no_and_a_second_answer_changes_nothing(
    office: Office, lead: LeadRow, browser: Browser
) -> None:
    _, (yes, no) = await ask(office, lead)
    assert "aucune fiche" in (await press(office, no))[0]
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    assert liaison.agreed_at is None
    assert (await browser.http.get(f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf")).status_code == 404
    assert "La personne a dit non" in (await browser.http.get(f"/console/leads/{lead.ref}/sheets")).text


async def test_another_persons_press_agrees_to_nothing(office: Office, lead: LeadRow) -> None:
    _, (yes, _) = await ask(office, lead)
    await office.lead(address="person-2")
    await press(office, yes, "person-2")
    (liaison,) = await office.store.liaisons(lead.id)
    assert liaison.agreed_at is None


async def test_the_consent_is_recorded_for_this_service(office: Office, lead: LeadRow) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    async with office.store.database.reading() as scope:
        found = select(tables.consents).where(tables.consents.c.kind == "liaison")
        rows = (await scope.run(found)).all()
    assert [(row.body, row.granted, row.version) for row in rows] == [("mission-locale", True, "liaison-1")]


async def test_another_team_sees_no_sheet(
    office: Office, lead: LeadRow, elsewhere: Browser
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    for path in (f"/console/leads/{lead.ref}/sheets", f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf"):
        assert (await elsewhere.http.get(path)).status_code == 404
    answer = await elsewhere.post(f"/console/leads/{lead.ref}/sheets/{liaison.id}/mail", address="a@b.fr")
    assert answer.status_code == 404
    assert SENT == []


@pytest.mark.parametrize(("address", "status"), [
    ("accueil@service.example", 303), ("refused@service.example", 502), ("nobody", 422), ("a@b.fr, c@d.fr", 422),
    ("a@b.fr\nBcc: c@d.fr", 422), ("", 422),
])
async def test_sent_by_mail_to_one_address(
    office: Office, lead: LeadRow, browser: Browser, address: str, status: int
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    answer = await browser.post(f"/console/leads/{lead.ref}/sheets/{liaison.id}/mail", address=address)
    assert answer.status_code == status
    assert [sent[:2] for sent in SENT] == ([(address, lead.ref)] if status == 303 else [])


@pytest.mark.parametrize(("address", "seen", "sent"), [
    ("accueil@service.example", [303, 303], 1), ("refused@service.example", [502, 502], 0)])
async def test_pressed_twice_it_goes_once_and_a_minute_later_again(
    office: Office, lead: LeadRow, browser: Browser, address: str, seen: list[int], sent: int,
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    path = f"/console/leads/{lead.ref}/sheets/{liaison.id}/mail"
    both = await asyncio.gather(*(browser.post(path, address=one) for one in (address, address.upper())))
    assert [answer.status_code for answer in both] == seen
    assert len(SENT) == sent
    answer = await browser.post(path, address=address)
    assert len(SENT) == sent
    if sent:
        assert "qu&#39;une fois" in (await browser.http.get(answer.headers["location"])).text
        await browser.post(path, address=f"other-{address}")
        assert len(SENT) == sent + 1
        office.hours.advance(minutes=2)
        await browser.post(path, address=address)
        assert len(SENT) == sent + 2


async def test_taking_the_request_back_ends_the_sheet_and_says_who_has_one(
    office: Office, lead: LeadRow, browser: Browser
) -> None:
    _, (yes, _) = await ask(office, lead)
    await press(office, yes)
    (liaison,) = await office.store.liaisons(lead.id)
    await browser.http.get(f"/console/leads/{lead.ref}/sheets/{liaison.id}.pdf")
    await office.deliver()
    await press(office, "/withdraw_lead")
    said = [row for row in await office.deliver() if row.address == "person-1"]
    assert said == []  # answered in the turn itself
    payload = (await office.store.history("memory", "person-1", 1))[0].said
    await press(office, payload.buttons[0].payload)  # type: ignore[union-attr]
    told = [row.rendered.text for row in await office.deliver() if row.address == GROUP]
    assert any("une fiche avait été donnée à" in text and "Mission locale" in text for text in told)
    assert await office.store.liaisons(lead.id) == ()


async def test_the_page_asks_and_shows_how_it_stands(office: Office, lead: LeadRow, browser: Browser) -> None:
    path = f"/console/leads/{lead.ref}/sheets"
    assert (await browser.post(path, reason="france-travail")).status_code == 303
    assert "En attente de sa réponse" in (await browser.http.get(path)).text
    assert (await browser.post(path, reason="the-moon")).status_code == 409
    assert (await browser.http.post(path, data={"reason": "ccas"})).status_code == 403


async def test_a_no_after_the_sheet_was_given_reaches_whoever_gave_it(office: Office, lead: LeadRow) -> None:
    _, (yes, no) = await ask(office, lead)
    await press(office, yes)
    (agreed,) = await office.store.liaisons(lead.id)
    assert await office.desk.sheet(lead, agreed) is not None
    await office.deliver()
    assert await press(office, no) == [office.content.words("utter_liaison_recalled", "fr")]
    (told,) = await office.heard(GROUP)
    assert "Prévenez ce service : Mission locale" in told
    assert await office.desk.sheet(lead, agreed) is None
    assert await press(office, no) == [office.content.words("utter_choice_over", "fr")]
    assert await office.heard(GROUP) == []
