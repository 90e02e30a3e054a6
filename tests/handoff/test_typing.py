"""A counsellor types on the console: whose page or chat shows it, and who may ask for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from bot.signs import Signs
from bot.store.values import Counsellor, LeadRow
from dialogues.effects import EraseEverything
from handoff.console import build_console, build_typing
from tests.handoff.office import LEAD_BODY, TRUCK, Office
from tests.handoff.test_console import Building, Visit


@dataclass
class Shown:
    """The channel of the tests' people, as a channel that shows signs itself."""

    to: list[str] = field(default_factory=list)

    async def __call__(self, address: str) -> None:
        self.to.append(address)


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def building(office: Office, shown: Shown) -> Building:
    made = Building(office)
    made.app = FastAPI()
    made.app.include_router(build_typing(office.store, Signs(office.hours.clock.now, {"memory": shown})))
    made.app.include_router(build_console(office.store, office.desk, office.hours.clock, office.content))
    return made


@pytest.fixture
async def lead(office: Office) -> LeadRow:
    return await office.lead()


@pytest.fixture
async def fatou(office: Office) -> Counsellor:
    return await office.counsellor("Fatou", TRUCK)


@pytest.fixture
async def visit(building: Building, fatou: Counsellor) -> AsyncIterator[Visit]:
    async with building.signed_in(fatou) as opened:
        yield opened


async def typed(visit: Visit, lead: LeadRow) -> httpx.Response:
    return await visit.post(f"/console/leads/{lead.ref}/typing")


async def test_the_person_sees_it_once_the_request_is_taken(
    office: Office, visit: Visit, lead: LeadRow, fatou: Counsellor, shown: Shown,
) -> None:
    assert (await typed(visit, lead)).status_code == 204
    assert shown.to == []  # nobody talks with them yet
    await office.desk.take(lead.ref, fatou)
    assert (await typed(visit, lead)).status_code == 204
    assert shown.to == ["person-1"]
    await office.desk.hand_back(lead.ref, fatou)
    await typed(visit, lead)
    assert shown.to == ["person-1"]


async def test_another_team_a_stranger_or_a_stale_form_shows_nothing(
    office: Office, building: Building, visit: Visit, lead: LeadRow, fatou: Counsellor, shown: Shown,
) -> None:
    await office.desk.take(lead.ref, fatou)
    path = f"/console/leads/{lead.ref}/typing"
    assert (await visit.http.post(path, data={"csrf": "0" * 32})).status_code == 404
    async with building.signed_in(await office.counsellor("Marc", ("portes-du-sud", "mmi-e"))) as other:
        assert (await typed(other, lead)).status_code == 404
    async with building.browser() as stranger:
        assert (await stranger.http.post(path)).status_code == 404
    assert shown.to == []
    async with building.signed_in(await office.counsellor("Odile", LEAD_BODY, "admin")) as admin:
        assert (await typed(admin, lead)).status_code in (204, 404)


async def test_nothing_to_show_to_somebody_who_erased_everything(
    office: Office, visit: Visit, lead: LeadRow, fatou: Counsellor, shown: Shown,
) -> None:
    await office.desk.take(lead.ref, fatou)
    async with office.store.turn("memory", "person-1") as tx:
        await tx.apply(EraseEverything())
    assert (await typed(visit, lead)).status_code in (204, 404)
    assert shown.to == []


async def test_the_box_knows_where_to_tell_it_and_the_script_is_served(
    office: Office, visit: Visit, lead: LeadRow, fatou: Counsellor,
) -> None:
    path = f"/console/leads/{lead.ref}"
    assert "data-typing" not in (await visit.get(path)).text
    await office.desk.take(lead.ref, fatou)
    assert (await visit.get(path)).text.count(f'data-typing="{path}/typing"') == 1
    script = await visit.get("/console/static/typing.js")
    assert script.headers["content-type"].startswith("text/javascript")
