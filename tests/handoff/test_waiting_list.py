"""Everything is full: somebody waits, a seat becomes free, and somebody else may have been faster."""

from datetime import timedelta

from bot.inbound import Inbound, Press
from bot.outbound import Rendered
from bot.store.values import CalendarSession
from dialogues.effects import BookSeat, CancelSeat
from dialogues.events.answers import SeatBooked
from tests.handoff.office import START, TRUCK, Office
from tests.store.samples import PLACE


class Person:
    """Presses buttons by their titles."""

    def __init__(self, office: Office, address: str, channel: str = "memory") -> None:
        self.office, self.address, self.channel, self.updates = office, address, channel, 0
        self.shown: list[Rendered] = []

    async def send(self, payload: str) -> list[str]:
        self.updates += 1
        self.shown = list(await self.office.turns.answer(
            Inbound(self.channel, f"{self.address}-{self.updates}", self.address, Press(payload),
                    self.office.hours.now, "fr")))
        return [one.text for one in self.shown]

    async def press(self, title: str) -> list[str]:
        buttons = [button for one in self.shown for button in one.buttons]
        return await self.send(next(button.payload for button in buttons if button.title.startswith(title)))


async def test_from_full_to_a_seat_and_from_a_seat_that_is_gone_to_others(office: Office) -> None:
    starts = START + timedelta(days=3)
    sessions = [CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 1, *TRUCK)]
    await office.store.load_calendar([PLACE], sessions)
    async with office.store.turn("memory", "first") as tx:
        booked = await tx.apply(BookSeat("s1"))
    assert isinstance(booked, SeatBooked)
    person = Person(office, "second")
    *_, said = await person.send('/find_permanence{"commune":"69259"}')
    assert said.startswith("Tout est complet")
    await person.press("Complet, me prévenir")
    *_, said = await person.press("Oui")
    assert said.startswith("D'accord. Si une place se libère")
    async with office.store.turn("memory", "first") as tx:
        await tx.apply(CancelSeat(booked.appointment.id))
    await office.pass_time(minutes=2)
    (offered,) = [row.rendered for row in await office.deliver() if row.address == "second"]
    assert offered.text.startswith("Une place s'est libérée")
    await office.pass_time(hours=9)  # the seat was kept for two hours
    async with office.store.turn("memory", "third") as tx:
        assert isinstance(await tx.apply(BookSeat("s1")), SeatBooked)
    later = starts + timedelta(days=1)
    await office.store.load_calendar([PLACE], [
        CalendarSession("s2", PLACE.id, later, later + timedelta(hours=3), 1, *TRUCK)])
    person.shown = [offered]
    taken, others = await person.press("Oui, je la prends")
    assert taken.startswith("Cette place vient d'être prise")
    assert others.startswith("Voici les prochains rendez-vous à Vénissieux")


async def test_who_waits_on_the_page_is_not_promised_a_message_and_finds_the_seat_when_they_are_back(
    office: Office,
) -> None:
    starts = START + timedelta(days=3)
    async def waits() -> tuple[Rendered, ...]:
        async with office.store.turn("web", "page") as tx:
            return await tx.fetch()

    await office.store.load_calendar(
        [PLACE], [CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 1, *TRUCK)])

    async def taken_by(who: str) -> str:
        async with office.store.turn("memory", who) as tx:
            booked = await tx.apply(BookSeat("s1"))
        assert isinstance(booked, SeatBooked)
        return booked.appointment.id

    async def given_back(who: str, seat: str) -> None:
        async with office.store.turn("memory", who) as tx:
            await tx.apply(CancelSeat(seat))
        await office.pass_time(minutes=2)

    mine = await taken_by("first")
    person = Person(office, "page", "web")
    *_, said = await person.send('/find_permanence{"commune":"69259"}')
    assert "Je peux vous écrire" not in said
    await person.press("Complet, attendre une place")
    *_, said = await person.press("Oui")
    assert "je vous écris" not in said
    assert "je ne peux pas vous prévenir quand vous n'êtes pas là" in said
    await office.pass_time(hours=1)
    await given_back("first", mine)
    theirs = await taken_by("second")  # nothing was kept: and what is gone is not offered
    assert await waits() == ()
    await given_back("second", theirs)
    await office.pass_time(hours=12)
    (open_,) = await waits()
    assert "Elle n'est pas gardée" in open_.text
    person.shown = [open_]
    *_, booked = await person.press("Oui, je la prends")
    assert "Ici, je ne peux pas vous prévenir avant" in booked


async def test_an_old_button_pressed_shortly_before_promises_no_message(office: Office) -> None:
    starts = START + timedelta(days=1)
    await office.store.load_calendar(
        [PLACE], [CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 1, *TRUCK)])
    async with office.store.turn("memory", "first") as tx:
        assert isinstance(await tx.apply(BookSeat("s1")), SeatBooked)
    person = Person(office, "late")
    await person.send('/find_permanence{"commune":"69259"}')
    office.hours.now = starts - timedelta(hours=2)
    await person.press("Complet, me prévenir")
    *_, said = await person.press("Oui")
    assert said.startswith("Ce rendez-vous commence bientôt. Il est trop tard pour attendre une place.")
