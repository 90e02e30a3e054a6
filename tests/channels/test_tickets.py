"""What a person takes along of an appointment: a place on the map, a file for their calendar, on each channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import icalendar
import pytest

from bot import tickets
from bot.channels.telegram import TelegramChannel
from bot.channels.terminal import shown
from bot.channels.web.rest import as_json
from bot.channels.web.transcript import said
from bot.outbound import CalendarFile, Outbound, Pin, Rendered
from bot.store.wire import rendered_from_json, rendered_to_json
from dialogues.effects import GiveCalendarFile
from dialogues.snapshot import Appointment, Session
from tests.bot_api.server import BotApi
from tests.channels.telegram_rig import CLOCK, Inbox
from tests.channels.web_rig import parts

pytest_plugins = ("tests.bot_api.fixtures",)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SESSION = Session(
    "s1", "Place Léon Sublet", "69259", "Vénissieux", "portes-du-sud", "ifra", NOW + timedelta(days=1),
    NOW + timedelta(days=1, hours=3), 3, latitude=45.69712, longitude=4.88634, crew=("Samia", "Karim"),
    transport="tram T4, arrêt Vénissieux Centre", address="Place Léon-Sublet", access="une marche",
    photo="https://exemple.fr/place.jpg",
)
SEAT = Appointment("a1", "ACDE", SESSION)


def place(language: str = "fr", session: Session = SESSION) -> list[Rendered]:
    return list(tickets.place(parts().content, session, language))


def file(language: str = "fr", before: Appointment | None = None) -> Rendered:
    given = tickets.calendar_file(parts().content, GiveCalendarFile(SEAT, before), language, NOW)
    return Rendered("✅", language, attachment=given)


def events(rendered: Rendered) -> list[Any]:
    assert isinstance(rendered.attachment, CalendarFile)
    return list(icalendar.Calendar.from_ical(rendered.attachment.content).walk("VEVENT"))


def test_the_place_says_how_to_come_and_who_is_there() -> None:
    (rendered,) = place()
    assert rendered.text.splitlines() == [
        "📍 Place Léon Sublet", "• Adresse : Place Léon-Sublet", "• Pour venir : tram T4, arrêt Vénissieux Centre",
        "• ♿ une marche", "• Sur place : Samia, Karim", "• Photo du lieu : https://exemple.fr/place.jpg",
    ]
    assert isinstance(rendered.attachment, Pin)


def test_a_place_of_which_no_more_is_known_than_its_name_is_not_said_twice() -> None:
    bare = Session("s2", "Place", "69259", "Vénissieux", "portes-du-sud", "ifra", NOW, NOW, 3)
    assert place(session=bare) == []


@pytest.mark.parametrize("language", ["fr", "ar", "ti", "hy"])
def test_the_calendar_file_is_discreet_and_in_the_persons_language(language: str) -> None:
    (event,) = events(file(language))
    content = parts().content
    assert str(event["SUMMARY"]) == content.words("label/calendar_title", language)
    assert "ACDE" in str(event["DESCRIPTION"])
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (SESSION.starts_at, SESSION.ends_at)
    assert (str(event["STATUS"]), str(event["CLASS"])) == ("CONFIRMED", "PRIVATE")
    attachment = file(language).attachment
    assert isinstance(attachment, CalendarFile)
    assert "premier" not in attachment.content.replace("premierpas.invalid", "").casefold()
    assert "camion" not in attachment.content.casefold()


@pytest.mark.parametrize(("change", "method", "status", "sequence"), [
    ("moved", "PUBLISH", "CONFIRMED", 3), ("cancelled", "CANCEL", "CANCELLED", 4)])
def test_what_the_team_changed_takes_the_place_of_what_the_calendar_has(
    change: Literal["moved", "cancelled"], method: str, status: str, sequence: int,
) -> None:
    seat = replace(SEAT, session=replace(SESSION, sequence=3))
    given = tickets.calendar_file(parts().content, GiveCalendarFile(seat, change=change), "fr", NOW)
    (event,) = events(Rendered("", "fr", attachment=given))
    assert (str(event["UID"]), str(event["STATUS"]), int(event["SEQUENCE"])) == (
        "a1@premierpas.invalid", status, sequence)
    assert f"METHOD:{method}" in given.content
    assert given.link == "Mettre à jour mon agenda"


def test_a_moved_appointment_takes_the_former_out_of_the_calendar() -> None:
    former = Appointment("a0", "ACDF", SESSION)
    gone, new = events(file(before=former))
    assert (str(gone["UID"]), str(gone["STATUS"])) == ("a0@premierpas.invalid", "CANCELLED")
    assert int(gone["SEQUENCE"]) > 0
    assert (str(new["UID"]), str(new["STATUS"])) == ("a1@premierpas.invalid", "CONFIRMED")


def test_what_is_attached_survives_the_database() -> None:
    for rendered in (*place(), file()):
        assert rendered_from_json(rendered_to_json(rendered)) == rendered


async def test_telegram_gets_the_words_then_a_venue_and_a_document(bot_api: BotApi) -> None:
    bot_api.user(42)
    inbox = Inbox(bot_api)
    channel = TelegramChannel(bot_api.token, CLOCK, inbox.on_person, inbox.on_team, api_url=bot_api.url)
    try:
        await channel.send(Outbound(1, "telegram", "42", place()[0]))
        await channel.send(Outbound(2, "telegram", "42", file()))
    finally:
        await channel.stop()
    words, venue, booked, document = bot_api.sent(42)
    assert words.text.startswith("📍 Place Léon Sublet")
    assert (float(venue.params["latitude"]), venue.params["title"]) == (45.69712, "Place Léon Sublet")
    assert (booked.text, document.text) == ("✅", "Ajouter à mon agenda")
    assert (document.file or b"").startswith(b"BEGIN:VCALENDAR")


def test_rest_gets_a_venue_and_a_file_in_rasas_fields() -> None:
    assert as_json("me", place()[0])["custom"]["venue"]["latitude"] == 45.69712
    assert as_json("me", file())["attachment"]["payload"]["src"].startswith("data:text/calendar;")


def test_the_page_and_the_terminal_get_links() -> None:
    (pin,) = place()
    assert said(3, NOW, pin)["link"]["url"].startswith("https://www.openstreetmap.org/?mlat=45.69712&mlon=4.88634")
    assert said(7, NOW, file())["link"] == {"title": "Ajouter à mon agenda", "url": "/chat/file/7/rdv.ics"}
    assert "openstreetmap.org" in shown(pin)
