"""An admin corrects the name of a place: it is that place still, with its feed; both engines."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.calendar.errors import CalendarInvalid
from bot.calendar.importing import lay_out_further
from bot.calendar.rows import made_id
from bot.store.store import Store
from tests.calendar.parts import read, write
from tests.clock import FixedClock
from tests.store.samples import every_row
from tests.store.test_import import FIRST, WEEKLY, book, kinds, put

AT = {**WEEKLY, "adresse": "3 place du Marché", "latitude": "45,70010", "longitude": "4,87000"}
GARE = {**WEEKLY, "identifiant": "gare", "lieu": "Gare", "date": "02/12/2026"}


async def feeds(store: Store) -> dict[str, str]:
    async with store.calendar() as desk:
        return {one.token: one.name for one in await desk.feeds() if one.place is not None}


@pytest.mark.parametrize(("was", "now", "told"), [
    (WEEKLY, {"lieu": "place  du Marche."}, 0),
    (AT, {"lieu": "Place du Marchhé"}, 0),  # misspelt, at the same address
    (AT, {"lieu": "Halle couverte"}, 1),  # nobody knows it under this name: who has a seat hears it
    ({**AT, "adresse": ""}, {"lieu": "Place du Marchhé", "longitude": "4,8701"}, 0),
    ({**AT, "latitude": "", "longitude": ""}, {"lieu": "Place du Marchhé", "latitude": "45,7001",
                                               "longitude": "4,87"}, 0),
    (WEEKLY, {"lieu": "Halle couverte", "ancien nom du lieu": "place du marché"}, 0),
    ({**AT, "identifiant": ""}, {"lieu": "Place du Marchhé", "début": "10h"}, 1),  # its hour is another, too
])
async def test_a_corrected_name_keeps_the_place_its_feed_and_its_seats(
    store: Store, tmp_path: Path, hours: FixedClock, was: Mapping[str, str], now: Mapping[str, str], told: int,
) -> None:
    await put(store, write(tmp_path, was))
    (before,) = await feeds(store)
    (line,) = read(write(tmp_path, was))
    await book(store, (FIRST if was.get("identifiant") != "" else f"{made_id(line)}:2026-12-01"))
    corrected = write(tmp_path, {**was, **now})
    wanted, people = await put(store, corrected)
    assert (wanted.changes.added, wanted.changes.gone, people) == ((), (), told)
    assert await kinds(store) == ["session_moved"] * told
    assert list((await feeds(store)).items()) == [(before, f"{' '.join(now['lieu'].split())}, Vénissieux")]
    again, people = await put(store, corrected)
    assert (again.changes.moved, again.changes.changed, people) == ((), (), 0)
    hours.advance(days=30)
    assert await lay_out_further(store, (), hours.now) > 0
    assert list(await feeds(store)) == [before]


async def test_a_new_place_with_the_old_name_is_another(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, AT))
    (before,) = await feeds(store)
    renamed = {**AT, "lieu": "Halle couverte"}
    await put(store, write(tmp_path, renamed))
    await put(store, write(tmp_path, renamed, {**GARE, "lieu": "Place du marché"}))
    found = await feeds(store)
    assert sorted(found.values()) == ["Halle couverte, Vénissieux", "Place du marché, Vénissieux"]
    assert found[before] == "Halle couverte, Vénissieux"


async def test_another_place_is_another_and_who_has_a_seat_is_told(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, AT))
    await book(store, FIRST)
    elsewhere = {"lieu": "Place du Marchhé", "adresse": "9 rue Haute", "latitude": "45,71", "longitude": "4,88"}
    _, told = await put(store, write(tmp_path, {**AT, **elsewhere}))
    assert (told, len(await feeds(store))) == (1, 2)


@pytest.mark.parametrize(("was", "now", "said"), [
    ([WEEKLY], [{"lieu": "Place du Marchhé"}], r"calendrier\.csv:2: column « ancien nom du lieu »: is « Place du "
                                                "Marchhé » the place that was called « Place du marché »"),
    ([AT], [{**AT, "lieu": "Halle, entrée A"}, {**AT, **GARE, "lieu": "Halle, entrée B"}],
     r":3: column « ancien nom"),
    ([AT, {**AT, **GARE}], [{**AT, "lieu": "Halle"}],
     "« Place du marché » or « Gare »|« Gare » or « Place du marché »"),
    ([WEEKLY, GARE], [{"lieu": "Halle", "ancien nom du lieu": "Gare"}, GARE],
     "« Gare » is no place that this file"),
])
async def test_what_cannot_be_told_is_asked_with_its_row_and_nothing_changes(
    store: Store, tmp_path: Path, was: list[Mapping[str, str]], now: list[Mapping[str, str]], said: str,
) -> None:
    await put(store, write(tmp_path, *was))
    before = await every_row(store)
    with pytest.raises(CalendarInvalid, match=said):
        await put(store, write(tmp_path, *({**WEEKLY, **row} for row in now)))
    assert await every_row(store) == before


async def test_the_question_can_be_answered_either_way(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, WEEKLY))
    misspelt = {**WEEKLY, "lieu": "Place du Marchhé"}
    another = write(tmp_path, {**misspelt, "ancien nom du lieu": "non"})
    await put(store, another)
    assert len(await feeds(store)) == 2
    await put(store, another)
    assert len(await feeds(store)) == 2
