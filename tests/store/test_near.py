"""How near a place is whose own position is not known, on both engines."""

from dataclasses import replace
from datetime import timedelta

from bot.store.store import Store
from dialogues.effects import FindSessions
from dialogues.events.answers import SessionsFound
from tests.store.samples import NOW, PLACE, SAMIA, opening


async def test_a_place_without_a_position_is_as_near_as_its_commune(store: Store) -> None:
    """Twelve places are looked at: those of towns far away do not hide the next town's."""
    next_town = replace(PLACE, id="next", commune="69199", commune_name="Saint-Fons")
    far = [replace(PLACE, id=f"far{n}", commune="29019", latitude=48.39, longitude=-4.49) for n in range(12)]
    await store.load_calendar([next_town, *far], [
        replace(opening(place.id), place_id=place.id) for place in (next_town, *far)])
    near = FindSessions(NOW + timedelta(days=30), "69259", 45.70, 4.87)

    async def found() -> list[str]:
        async with store.turn(*SAMIA) as tx:
            answer = await tx.apply(near)
        assert isinstance(answer, SessionsFound)
        return [session.id for session in answer.sessions]

    assert "next" not in await found()  # nobody knows yet where its commune is
    async with store.calendar() as desk:
        assert await desk.locate({"69199": (45.71, 4.85)}.get) == 1
        assert await desk.locate({"69199": (45.71, 4.85)}.get) == 0
    assert "next" in await found()
    await store.load_calendar([next_town], [])  # a line kept from before does not say it
    assert "next" in await found()
