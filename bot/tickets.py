"""What a person takes along of an appointment: where it is, on a map, and a file for their own calendar."""

from collections.abc import Iterator
from datetime import datetime

from bot.calendar.ical import write_appointment
from bot.content import Content
from bot.outbound import CalendarFile, Pin, Rendered
from dialogues.effects import GiveCalendarFile
from dialogues.snapshot import Session
from dialogues.text import Bullets, Quoted, Text

# Nothing in the name says what the appointment is for: it stays in the phone.
FILE_NAME = "rdv.ics"


def place(content: Content, session: Session, language: str) -> Iterator[Rendered]:
    """Where a session is and who is there, with a pin on the map; nothing when no more is known than its name."""
    details = tuple(_details(session))
    known = session.latitude is not None and session.longitude is not None
    if not details and not known:
        return
    said = Text("utter_place", {"place": Quoted(session.place), "details": Bullets(details)})
    words = content.text(said, language)
    pin = None
    if session.latitude is not None and session.longitude is not None:
        pin = Pin(session.latitude, session.longitude, session.place, session.address or session.commune_name,
                  content.text(Text("label/map"), language))
    yield Rendered(words.strip(), language, attachment=pin)


def _details(session: Session) -> Iterator[Text]:
    values = {
        "address": session.address, "transport": session.transport, "access": session.access,
        "crew": ", ".join(session.crew), "photo": session.photo,
    }
    for name, value in values.items():
        if value:
            yield Text(f"label/place_{name}", {name: Quoted(value)})


def calendar_file(content: Content, effect: GiveCalendarFile, language: str, now: datetime) -> CalendarFile:
    """The appointment as a file that a phone's calendar opens."""
    code = Text("label/calendar_note", {"code": Quoted(effect.appointment.code)})
    words = (content.text(Text("label/calendar_title"), language), content.text(code, language))
    file = write_appointment(effect.appointment, effect.before, words, now, cancelled=effect.change == "cancelled")
    link = Text("label/calendar_update" if effect.change else "label/calendar_link")
    return CalendarFile(FILE_NAME, file, content.text(link, language))
