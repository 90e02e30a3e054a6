"""The console through HTTP, on the real store. Who may see what is asked of every route."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from bot.store import lead_reads
from bot.store.values import CalendarSession, Counsellor, LeadRow, Place
from dialogues.effects import BookSeat, RelayToTeam
from handoff.console import build_console, build_shared
from tests.handoff.office import LEAD_BODY, START, TRUCK, WORDS, Office

BASE = "https://console.example"
VERBS = ("take", "refuse", "reply", "back", "close")


@dataclass
class Visit:
    """Somebody's browser."""

    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', (await self.get("/console")).text)
        assert found
        return found[1]

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data={"csrf": await self.csrf(), **fields})


class Building:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.app = FastAPI()
        self.app.include_router(build_console(office.store, office.desk, office.hours.clock, office.content))
        self.app.include_router(build_shared(office.store, office.desk, office.content))

    @asynccontextmanager
    async def browser(self, base: str = BASE) -> AsyncIterator[Visit]:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=base) as http:
            yield Visit(http)

    @asynccontextmanager
    async def signed_in(self, counsellor: Counsellor) -> AsyncIterator[Visit]:
        code = await self.office.store.new_code(
            "sign_in", counsellor.consortium, counsellor.body, counsellor.role, timedelta(hours=1), counsellor.id
        )
        async with self.browser() as visit:
            answer = await visit.http.post("/console/sign-in", data={"code": code, "name": "ignored"})
            assert answer.headers["location"] == "/console"
            yield visit


@pytest.fixture
def building(office: Office) -> Building:
    return Building(office)


@pytest.fixture
async def lead(office: Office) -> LeadRow:
    return await office.lead()


# ── signing in ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_opening_the_link_does_not_use_it_up_and_the_button_does_once(
    office: Office, building: Building
) -> None:
    code = await office.store.new_code("sign_in", *TRUCK, "counsellor", timedelta(hours=1))
    async with building.browser() as visit:
        for _ in range(3):
            page = await visit.get(f"/console/sign-in?code={code}")
            assert page.status_code == 200
            assert "set-cookie" not in page.headers
        nameless = await visit.http.post("/console/sign-in", data={"code": code, "name": "  "})
        assert nameless.status_code == 422
        answer = await visit.http.post("/console/sign-in", data={"code": code, "name": " Fatou  B. "})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        cookie = answer.headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/console", "Max-Age="):
            assert part.lower() in cookie.lower()
        home = await visit.get("/console")
        assert "Fatou B." in home.text
        assert "IFRA, équipe du Pic Up Tour" in home.text
    async with building.browser() as other:
        again = await other.http.post("/console/sign-in", data={"code": code, "name": "Eve"})
        assert again.status_code == 403
        assert "a déjà servi" in again.text
        assert (await other.get("/console")).status_code == 303


async def test_an_expired_link_opens_nothing(office: Office, building: Building) -> None:
    code = await office.store.new_code("sign_in", *TRUCK, "counsellor", timedelta(hours=1))
    office.hours.now += timedelta(hours=2)
    async with building.browser() as visit:
        assert (await visit.http.post("/console/sign-in", data={"code": code, "name": "Eve"})).status_code == 403


async def test_over_plain_http_the_cookie_still_comes_back(office: Office, building: Building) -> None:
    code = await office.store.new_code("sign_in", *TRUCK, "counsellor", timedelta(hours=1))
    async with building.browser("http://127.0.0.1:8000") as visit:
        answer = await visit.http.post("/console/sign-in", data={"code": code, "name": "Fatou"})
        assert "secure" not in answer.headers["set-cookie"].lower()
        assert (await visit.get("/console")).status_code == 200


async def test_signing_out_closes_the_session_for_good(office: Office, building: Building) -> None:
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        token = visit.http.cookies["premierpas_console"]
        await visit.post("/console/sign-out")
        assert (await visit.get("/console")).headers["location"] == "/console/sign-in"
        visit.http.cookies.set("premierpas_console", token)
        assert (await visit.get("/console")).headers["location"] == "/console/sign-in"


async def test_a_session_ends_by_itself_and_with_the_counsellors_access(office: Office, building: Building) -> None:
    fatou, marc = await office.counsellor("Fatou", TRUCK), await office.counsellor("Marc", TRUCK)
    async with building.signed_in(fatou) as visit, building.signed_in(marc) as other:
        await office.store.disable_counsellor(marc.id)
        assert (await other.get("/console")).status_code == 303
        office.hours.now += timedelta(days=8)
        assert (await visit.get("/console")).status_code == 303


# ── who sees what ───────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_gets_anywhere_without_a_session(building: Building, lead: LeadRow) -> None:
    async with building.browser() as visit:
        for path in ("/console", f"/console/leads/{lead.ref}", "/console/leads/NOSUCH", "/console/invitations"):
            answer = await visit.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        for path in (*(f"/console/leads/{lead.ref}/{verb}" for verb in VERBS), "/console/invitations"):
            answer = await visit.http.post(path, data={"text": WORDS, "reason": "full"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        visit.http.cookies.set("premierpas_console", "forged")
        assert (await visit.get("/console")).status_code == 303
    assert (await building.office.row(lead.ref)).state == "offered"


@pytest.mark.parametrize(
    ("team", "role"),
    [(LEAD_BODY, "counsellor"), (("drome", "ifra"), "counsellor"), (("drome", None), "admin")],
    ids=["another body", "same body id elsewhere", "another consortium's admin"],
)
async def test_what_is_not_theirs_does_not_exist_on_any_route(
    office: Office, building: Building, lead: LeadRow, team: tuple[str, str | None], role: str
) -> None:
    stranger = await office.counsellor("Eve", team, role)  # type: ignore[arg-type]  # the two roles, from a table
    async with building.signed_in(stranger) as visit:
        home = await visit.get("/console")
        assert lead.ref not in home.text
        nothing = await visit.get("/console/leads/NOSUCH")
        assert nothing.status_code == 404
        for key in (lead.ref, lead.id):
            page = await visit.get(f"/console/leads/{key}")
            assert (page.status_code, page.text) == (404, nothing.text)
            for verb in VERBS:
                answer = await visit.post(f"/console/leads/{key}/{verb}", text=WORDS, reason="full")
                assert (answer.status_code, answer.text) == (404, nothing.text)
    assert (await office.row(lead.ref)).state == "offered"
    assert await office.heard("person-1") == []


async def test_counsellors_see_their_bodys_leads_and_admins_their_consortiums(
    office: Office, building: Building
) -> None:
    mine = await office.lead(TRUCK, "person-1")
    next_door = await office.lead(LEAD_BODY, "person-2")
    elsewhere = await office.lead(("drome", "ifra"), "person-3")
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        home = (await visit.get("/console")).text
        assert [ref in home for ref in (mine.ref, next_door.ref, elsewhere.ref)] == [True, False, False]
        assert (await visit.get("/console/invitations")).status_code == 404
        assert (await visit.post("/console/invitations", purpose="connect", body="ifra")).status_code == 404
    async with building.signed_in(await office.counsellor("Odile", ("portes-du-sud", None), "admin")) as visit:
        home = (await visit.get("/console")).text
        assert [ref in home for ref in (mine.ref, next_door.ref, elsewhere.ref)] == [True, True, False]
        assert (await visit.get(f"/console/leads/{next_door.ref}")).status_code == 200


async def test_a_consortium_shares_where_requests_stand_and_nothing_else(
    office: Office, building: Building
) -> None:
    mine = await office.lead(TRUCK, "person-1")
    next_door = await office.lead(LEAD_BODY, "person-2")
    elsewhere = await office.lead(("drome", "ifra"), "person-3")
    taker = await office.counsellor("Marie-Ange", LEAD_BODY)
    assert (await office.desk.take(next_door.ref, taker)).done
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        page = (await visit.get("/console/consortium")).text
    assert [ref in page for ref in (mine.ref, next_door.ref, elsewhere.ref)] == [True, True, False]
    assert f'href="/console/leads/{mine.ref}"' in page
    assert f'href="/console/leads/{next_door.ref}"' not in page
    row = page[page.index(next_door.ref):page.index("</tr>", page.index(next_door.ref))]
    assert "Prise" in row
    assert office.desk.directory.body(*LEAD_BODY).name in row
    for words in ("Marie-Ange", *(value for _, value in next_door.items if len(value) > 3)):
        assert words not in page
    async with building.browser() as nobody:
        assert (await nobody.get("/console/consortium")).headers["location"] == "/console/sign-in"


async def test_the_shared_page_loses_none_that_waits_however_many_are_over(
    office: Office, building: Building, lead: LeadRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_reads, "SHOWN_LEADS", 2)
    ana = await office.counsellor("Ana", (TRUCK[0], None), "admin")
    for number in range(3):
        office.hours.advance(hours=1)
        other = await office.lead(address=f"other-{number}")
        await office.desk.take(other.ref, ana)
        await office.desk.close(other.ref, ana)
    async with building.signed_in(ana) as visit:
        assert lead.ref in (await visit.get("/console/consortium")).text


async def test_a_form_without_its_token_does_nothing(office: Office, building: Building, lead: LeadRow) -> None:
    odile = await office.counsellor("Odile", ("portes-du-sud", None), "admin")
    fatou = await office.counsellor("Fatou", TRUCK)
    async with building.signed_in(odile) as visit, building.signed_in(fatou) as other:
        foreign = await other.csrf()
        for csrf in ("", "forged", "é", foreign):
            for path in (*(f"/console/leads/{lead.ref}/{verb}" for verb in VERBS), "/console/invitations",
                         "/console/sign-out"):
                data = {"csrf": csrf, "text": WORDS, "purpose": "connect", "body": "ifra"}
                assert (await visit.http.post(path, data=data)).status_code == 403
        assert (await visit.get("/console")).status_code == 200
    assert (await office.row(lead.ref)).state == "offered"


# ── working ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_take_write_hand_back_and_close(office: Office, building: Building, lead: LeadRow) -> None:
    page_of = f"/console/leads/{lead.ref}"
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        page = (await visit.get(page_of)).text
        for words in ("papiers, titre de séjour", "Samia", "premier contact : repérer", "Prendre la demande"):
            assert words in unescape(page)
        assert f'action="{page_of}/reply"' not in page

        done = await visit.post(f"{page_of}/take")
        assert (done.status_code, done.headers["location"]) == (303, f"{page_of}?said=done")
        async with office.store.turn("memory", "person-1") as tx:
            await tx.apply(RelayToTeam(lead.id, "<script>alert(1)</script> مرحبا"))
        await visit.post(f"{page_of}/reply", text="Bonjour, c'est Fatou.\nVenez demain.")
        page = (await visit.get(page_of)).text
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; مرحبا" in page
        assert "Bonjour, c&#39;est Fatou.\nVenez demain." in page.replace("\r\n", "\n")
        said = [text.replace("\r\n", "\n") for text in await office.heard("person-1")]
        assert said[-1] == "Bonjour, c'est Fatou.\nVenez demain."

        await visit.post(f"{page_of}/back")
        assert (await office.row(lead.ref)).state == "handed_back"
        assert "Reprendre la demande" in (await visit.get(page_of)).text
        await visit.post(f"{page_of}/take")
        await visit.post(f"{page_of}/close")
        assert (await office.row(lead.ref)).state == "closed"
        forms = (await visit.get(page_of)).text.split("</header>")[1]
        assert forms.count("<form") == forms.count("/outcome") == 6
        await visit.post(f"{page_of}/outcome", reason="elsewhere")
        assert (await office.row(lead.ref)).outcome == "elsewhere"
        page = (await visit.get(page_of)).text.split("</header>")[1]
        assert "<form" not in page
        assert "bilan, par Fatou (Orientée vers un autre service)" in page


async def test_the_page_says_what_became_of_the_lead_and_by_whom(
    office: Office, building: Building, lead: LeadRow
) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    admin = await office.counsellor("Yasmine", (TRUCK[0], None), "admin")
    await office.desk.refuse(lead.ref, fatou, "full")
    async with building.signed_in(admin) as visit:
        page = unescape((await visit.get(f"/console/leads/{lead.ref}")).text)
    moves = re.findall(r"<li>[^<]*?: ([^<]+)</li>", page.split("<ol>")[1].split("</ol>")[0])
    assert moves == ["proposée à une équipe, par la personne", "pas pour cette équipe, par Fatou (Plus de place)",
                     "proposée à une équipe, par le bot"]


async def test_what_is_written_on_the_console_is_seen_in_the_group(office: Office, building: Building) -> None:
    await office.group("group", TRUCK)
    lead = await office.lead()
    await office.deliver()
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        await visit.post(f"/console/leads/{lead.ref}/take")
        await office.deliver()
        await visit.post(f"/console/leads/{lead.ref}/reply", text="Bonjour")
        assert await office.heard("group") == ["Fatou, depuis la console : Bonjour"]


async def test_words_that_did_not_go_stay_in_the_page(office: Office, building: Building, lead: LeadRow) -> None:
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        answer = await visit.post(f"/console/leads/{lead.ref}/reply", text="Bonjour Samia")
        assert answer.status_code == 409
        assert "Prenez d&#39;abord la demande" in answer.text
        assert "Bonjour Samia</textarea>" in answer.text
        await visit.post(f"/console/leads/{lead.ref}/take")
        long = "x" * 50_000
        answer = await visit.post(f"/console/leads/{lead.ref}/reply", text=long)
        assert answer.status_code == 409
        assert long in answer.text


async def test_the_second_taker_is_told_who_has_it(office: Office, building: Building, lead: LeadRow) -> None:
    await office.desk.take(lead.ref, await office.counsellor("Fatou", TRUCK))
    async with building.signed_in(await office.counsellor("Marc", TRUCK)) as visit:
        answer = await visit.post(f"/console/leads/{lead.ref}/take")
        assert answer.status_code == 409
        assert "déjà prise par Fatou" in answer.text


async def test_a_refused_lead_leaves_the_counsellors_sight(
    office: Office, building: Building, lead: LeadRow
) -> None:
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        answer = await visit.post(f"/console/leads/{lead.ref}/refuse", reason="full")
        assert answer.headers["location"] == "/console?said=done"
        assert lead.ref not in (await visit.get("/console")).text
        assert (await visit.get(f"/console/leads/{lead.ref}")).status_code == 404
    assert (await office.row(lead.ref)).body == LEAD_BODY[1]


async def test_the_first_page_shows_what_nobody_looks_after_first_and_urgent_before_old(
    office: Office, building: Building
) -> None:
    old = await office.lead(address="person-1")
    office.hours.now += timedelta(hours=3)
    urgent = await office.lead(address="person-2", urgent="emergency_violence")
    unowned = await office.lead(address="person-3")
    fatou, ines = await office.counsellor("Fatou", TRUCK), await office.counsellor("Inès", LEAD_BODY)
    await office.desk.refuse(unowned.ref, fatou, "full")
    await office.desk.refuse(unowned.ref, ines, "full")
    async with building.signed_in(await office.counsellor("Odile", ("portes-du-sud", None), "admin")) as visit:
        home = (await visit.get("/console")).text
        places = [home.index(f"/console/leads/{one.ref}") for one in (unowned, urgent, old)]
        assert places == sorted(places)
        assert "Urgent : Violences, menaces" in home
        assert "depuis 3\N{NO-BREAK SPACE}heures" in home
        assert '<meta http-equiv="refresh" content="60">' in home


async def test_an_erased_person_leaves_no_words_on_the_page(
    office: Office, building: Building, lead: LeadRow
) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour Samia")
    await office.erase()
    async with building.signed_in(fatou) as visit:
        page = await visit.get(f"/console/leads/{lead.ref}")
        assert page.status_code == 200
        assert "Samia" not in page.text
        assert "La personne a tout effacé" in page.text
        answer = await visit.post(f"/console/leads/{lead.ref}/reply", text="Bonjour ?")
        assert answer.status_code == 409
        assert "Rien n&#39;est parti" in answer.text


async def test_a_request_that_was_taken_back_is_not_said_to_be_erased(
    office: Office, building: Building, lead: LeadRow
) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    async with office.store.turn("memory", "person-1") as tx:
        await office.turns._leads.take_back(tx)
    async with building.signed_in(fatou) as visit:
        page = (await visit.get(f"/console/leads/{lead.ref}")).text
        assert "Retirée par la personne" in page
        assert "a tout effacé" not in page


async def test_todays_appointments_of_the_team_with_their_codes(office: Office, building: Building) -> None:
    async def book(team: tuple[str, str], session: str, hours: int) -> str:
        await office.store.load_calendar(
            [Place(f"place-{session}", f"Place {session}", "69259", "Vénissieux", *team)],
            [CalendarSession(session, f"place-{session}", START + timedelta(hours=hours),
                             START + timedelta(hours=hours + 3), 4, *team)],
        )
        async with office.store.turn("memory", f"person-{session}") as tx:
            booked = await tx.apply(BookSeat(session))
        return str(booked.appointment.code)  # type: ignore[union-attr]  # a seat is free

    today = await book(TRUCK, "today", 3)
    others = [await book(TRUCK, "tomorrow", 24), await book(("drome", "ifra"), "drome", 3)]
    next_door = await book(LEAD_BODY, "next", 3)
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        home = (await visit.get("/console")).text
        assert "13:00" in home  # 12:00 UTC in November
        assert "Place today, Vénissieux" in home
        assert [code in home for code in (today, *others, next_door)] == [True, False, False, False]
    async with building.signed_in(await office.counsellor("Odile", ("portes-du-sud", None), "admin")) as visit:
        home = (await visit.get("/console")).text
        assert [code in home for code in (today, *others, next_door)] == [True, False, False, True]


# ── invitations ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_admin_invites_into_their_own_consortium_only(office: Office, building: Building) -> None:
    async with building.signed_in(await office.counsellor("Odile", ("portes-du-sud", None), "admin")) as visit:
        page = (await visit.get("/console/invitations")).text
        assert "IFRA, équipe du Pic Up Tour" in page
        assert "DYNAM" not in page
        made = await visit.post("/console/invitations", purpose="sign_in", role="counsellor", body="ifra")
        link = re.search(rf"{BASE}/console/sign-in\?code=([\w-]+)", unescape(made.text))
        assert link
        command = re.search(r"/connect (\w+)", (
            await visit.post("/console/invitations", purpose="connect", body="")).text)
        assert command
        for fields in (
            {"purpose": "sign_in", "role": "counsellor", "body": "dynam-and-co"},
            {"purpose": "sign_in", "role": "counsellor", "body": ""},
            {"purpose": "sign_in", "role": "admin", "body": "ifra"},
            {"purpose": "sign_in", "role": "root", "body": "ifra"},
            {"purpose": "connect", "body": "dynam-and-co"},
            {"purpose": "root", "body": "ifra"},
            {},
        ):
            assert (await visit.post("/console/invitations", **fields)).status_code == 422
    grant = await office.store.use_code(link[1], "sign_in")
    assert grant is not None
    assert (grant.consortium, grant.body, grant.role) == (*TRUCK, "counsellor")
    grant = await office.store.use_code(command[1], "connect")
    assert grant is not None
    assert (grant.consortium, grant.body) == ("portes-du-sud", None)


# ── the pages themselves ────────────────────────────────────────────────────────────────────────────────────


async def test_an_admin_says_what_a_message_meant(office: Office, building: Building) -> None:
    await office.store.keep_gap("je cherche [nom] pour <b>manger</b>", "fr", (("rights_food", 0.3),))
    (gap,) = await office.store.gaps()
    async with building.signed_in(await office.counsellor("Yasmine", (TRUCK[0], None), "admin")) as visit:
        page = (await visit.get("/console/gaps")).text
        assert "je cherche [nom] pour &lt;b&gt;manger&lt;/b&gt;" in page
        assert page.index('value="rights_food"') < page.index('value="greet"')  # the likeliest first
        refused = await visit.post(f"/console/gaps/{gap.id}", intent="rights_moon")
        assert (refused.status_code, len(await office.store.gaps())) == (422, 1)
        await visit.post(f"/console/gaps/{gap.id}", intent="rights_food")
        assert "Rien à trier" in (await visit.get("/console/gaps")).text
    assert [one.sorted_as for one in await office.store.sorted_gaps()] == ["rights_food"]


async def test_an_admin_withdraws_access_and_what_they_had_goes_back_to_the_team(
    office: Office, building: Building, lead: LeadRow
) -> None:
    await office.group("group-truck", TRUCK)
    odile = await office.counsellor("Odile", ("portes-du-sud", None), "admin")
    fatou, marc = await office.counsellor("Fatou", TRUCK), await office.counsellor("Marc", TRUCK)
    mine = await office.lead(address="person-2")
    await office.desk.take(lead.ref, fatou)
    await office.desk.reply(lead.ref, fatou, "Bonjour")
    await office.desk.take(mine.ref, marc)
    await office.deliver()
    async with building.signed_in(odile) as visit, building.signed_in(fatou) as gone:
        page = unescape((await visit.get("/console/invitations")).text)
        assert "Retirer l'accès de Fatou" in page
        assert "Retirer l'accès de Odile" not in page
        answer = await visit.post("/console/invitations/withdraw", counsellor=fatou.id)
        assert "C'est fait" in unescape(answer.text)
        assert "Retirer l'accès de Fatou" not in unescape(answer.text)
        assert (await gone.get("/console")).headers["location"] == "/console/sign-in"
    now = await office.row(lead.ref)
    assert (now.state, now.taken_by) == ("offered", None)
    assert await office.next_due() is not None
    rows = await office.deliver()
    (told,) = [row for row in rows if row.kind == "message" and row.address == "group-truck"]
    assert "Fatou n'est plus dans l'équipe" in told.rendered.text
    assert [button.payload for button in told.rendered.buttons] == [f"/lead take {lead.ref}"]
    assert [row.kind for row in rows if row.address == "group-truck"] == ["edit", "message"]
    (said,) = [row.rendered.text for row in rows if row.address == "person-1"]
    assert "ne peut plus vous écrire ici" in said
    assert (await office.row(mine.ref)).taken_by == marc.id
    assert not any(row.address == "person-2" for row in rows)


async def test_access_is_withdrawn_by_admins_inside_their_consortium_and_never_their_own(
    office: Office, building: Building
) -> None:
    odile = await office.counsellor("Odile", ("portes-du-sud", None), "admin")
    fatou = await office.counsellor("Fatou", TRUCK)
    elsewhere = await office.counsellor("Ines", ("drome", "ifra"))
    path = "/console/invitations/withdraw"
    async with building.signed_in(fatou) as visit:
        assert (await visit.post(path, counsellor=odile.id)).status_code == 404
    async with building.signed_in(odile) as visit:
        for other in (odile.id, elsewhere.id, "nobody", "\0"):
            assert (await visit.post(path, counsellor=other)).status_code == 422
        assert (await visit.http.post(path, data={"counsellor": fatou.id, "csrf": "0"})).status_code == 403
        assert "Ines" not in (await visit.get("/console/invitations")).text
    async with building.browser() as nobody:
        answer = await nobody.http.post(path, data={"counsellor": fatou.id})
        assert answer.headers["location"] == "/console/sign-in"
    for one in (odile, fatou, elsewhere):
        assert await office.store.counsellor(one.id) is not None


async def test_messages_that_were_not_understood_are_for_admins_alone(office: Office, building: Building) -> None:
    await office.store.keep_gap("bla", "fr", ())
    (gap,) = await office.store.gaps()
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        assert (await visit.get("/console/gaps")).status_code == 404
        assert (await visit.post(f"/console/gaps/{gap.id}", intent="greet")).status_code == 404
    assert len(await office.store.gaps()) == 1


async def test_every_page_is_strict_and_kept_by_no_cache(office: Office, building: Building, lead: LeadRow) -> None:
    async with building.signed_in(await office.counsellor("Odile", ("portes-du-sud", None), "admin")) as visit:
        for path in ("/console", f"/console/leads/{lead.ref}", "/console/leads/NOSUCH", "/console/invitations",
                     "/console/consortium", "/console/sign-in?code=x"):
            answer = await visit.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            scripted = path == f"/console/leads/{lead.ref}"
            assert ("script-src 'self'" in policy) == scripted
            assert "unsafe" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert '<html lang="fr">' in answer.text
            assert "<h1>" in answer.text
            scripts = ['<script src="/console/static/typing.js" defer></script>'] if scripted else []
            assert re.findall(r"<script.*?</script>", answer.text) == scripts
            assert "style=" not in answer.text
            labelled = set(re.findall(r'<label for="([^"]+)"', answer.text))
            fields = re.findall(r"<(?:input|select|textarea)(?![^>]*hidden)[^>]*>", answer.text)
            assert {re.findall(r'id="([^"]+)"', field)[0] for field in fields} <= labelled
        style = await visit.get("/console/static/console.css")
        assert style.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", [
    "/console/leads/%00", "/console/leads/..%2f..%2fetc", "/console/leads/" + "x" * 5_000,
    "/console/leads/' OR 1=1--",
])
async def test_strange_addresses_are_simply_not_there(office: Office, building: Building, path: str) -> None:
    async with building.signed_in(await office.counsellor("Fatou", TRUCK)) as visit:
        assert (await visit.get(path)).status_code == 404
        assert (await visit.post(f"{path}/take")).status_code == 404
