"""Somebody waits in the street and says so: who hears it, and what they are told when nobody does."""

from datetime import timedelta

import pytest

from bot.inbound import Inbound, Press
from bot.store.values import CalendarSession
from dialogues.effects import BookSeat
from dialogues.events.answers import SeatBooked
from tests.handoff.office import START, TRUCK, Office
from tests.store.samples import PLACE

ADMINS = (TRUCK[0], None)


@pytest.fixture
async def code(office: Office) -> str:
    """A seat in half an hour."""
    starts = START + timedelta(minutes=30)
    session = CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 5, *TRUCK)
    await office.store.load_calendar([PLACE], [session])
    async with office.store.turn("memory", "person-1") as tx:
        booked = await tx.apply(BookSeat("s1"))
    assert isinstance(booked, SeatBooked)
    return booked.appointment.code


async def lost(office: Office) -> list[str]:
    said = await office.turns.answer(
        Inbound("memory", "u1", "person-1", Press("/running_late"), office.hours.now, "fr"))
    offer = next(one for one in said[-1].buttons if one.title == "Je ne vous trouve pas")
    answered = await office.turns.answer(
        Inbound("memory", "u2", "person-1", Press(offer.payload), office.hours.now, "fr"))
    return [one.text for one in answered]


async def test_no_group_is_connected_and_the_person_is_told_so(office: Office, code: str) -> None:
    *_, words = await lost(office)
    assert "Je n'ai pas pu écrire à l'équipe" in words
    assert "J'ai écrit" not in words
    (seat,) = await office.store.appointments_between(START, START + timedelta(hours=1), [TRUCK[0]])
    assert (seat.word, seat.word_at) == ("lost", START)


@pytest.mark.parametrize("team", [TRUCK, ADMINS])
async def test_the_team_reads_the_code_and_what_it_is(
    office: Office, code: str, team: tuple[str, str | None],
) -> None:
    await office.group("group", team)
    *_, words = await lost(office)
    assert "J'ai écrit à l'équipe : « Je ne vous trouve pas »" in words
    (heard,) = await office.heard("group")
    assert f"La personne qui a le code {code} ne vous trouve pas." in heard
