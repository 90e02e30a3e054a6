"""The consortium's shared page: how many requests, where they stand, who has them. Not who, not their words."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.content import Content
from bot.desk import Desk, sees
from bot.store.store import Store
from bot.store.values import Counsellor, LeadRow
from handoff.console.door import Door
from handoff.console.pages import Pages
from handoff.console.views import ONE, STAGE_WORDS, Views
from handoff.leads import OVER

# Finished ones shown under the open ones.
SHOWN_OVER = 50


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A request as the whole consortium may know it. ``mine``: whether its page may be opened by who looks."""

    ref: str
    state: str
    stage: str
    team: str
    opened: str
    changed: str
    mine: bool


class Shared:
    """What the route does."""

    def __init__(self, store: Store, views: Views) -> None:
        self._pages = Pages()
        self._door = Door(store)
        self._store = store
        self._views = views

    async def page(self, request: Request) -> Response:
        """Every request of the consortium, the open ones first, the latest to move before."""
        visitor = await self._door.visitor(request)
        if visitor is None:
            return self._pages.go("/console/sign-in")
        who = visitor.counsellor
        # Asked apart, so that many finished ones never push off the list the open one that waits longest.
        current = await self._store.leads(None, [who.consortium], open_only=True)
        everything = await self._store.leads(None, [who.consortium], open_only=False)
        over = _latest_first(lead for lead in everything if lead.state in OVER)
        return self._pages.page(
            "shared.html", visitor=visitor, current=self._lines(who, _latest_first(current)),
            over=self._lines(who, over[:SHOWN_OVER]),
        )

    def _lines(self, who: Counsellor, leads: Iterable[LeadRow]) -> tuple[SharedLine, ...]:
        return tuple(
            SharedLine(
                lead.ref, ONE[lead.state], STAGE_WORDS.get(lead.stage, ""),
                self._views.team(lead.territory, lead.body), self._views.when(lead.created_at),
                self._views.when(lead.changed_at), sees(who, lead),
            )
            for lead in leads
        )


def _latest_first(leads: Iterable[LeadRow]) -> list[LeadRow]:
    return sorted(leads, key=lambda lead: lead.changed_at, reverse=True)


def build_shared(store: Store, desk: Desk, content: Content) -> APIRouter:
    """The page under ``/console/consortium``, for every counsellor of the consortium."""
    shared = Shared(store, Views(content, desk.directory, desk.cards, desk.teams))
    router = APIRouter(prefix="/console", include_in_schema=False, default_response_class=HTMLResponse)
    router.add_api_route("/consortium", shared.page, methods=["GET"])
    return router
