"""Somebody whose appointment is about now writes: late, lost, or there. Their words are read in that light."""

from datetime import timedelta

from dialogues import doubt
from dialogues.events.person import MessageReceived
from dialogues.intents import RIGHTS
from dialogues.reading import Reading
from dialogues.run import Run
from dialogues.snapshot import Appointment

# How long before an appointment, and after it should have begun, what is said is likely to be about it.
AROUND = timedelta(hours=2)
# Words in so short a message are about the spot, whatever the classifier thinks ("il n'y a personne"), unless it is
# sure of a danger. In a longer one, any danger that it sees, or something else it understands, comes first.
BRIEF = 8
# Nothing but this many words beside those of the spot: with more, the message says something else too.
BESIDE = 2
# What an intent often stands for when it comes from somebody who is waiting in the street.
MISTAKEN = frozenset({"deny", "find_permanence", "complain", "out_of_scope"})
# They say so themselves: late, or something else about the seat.
OWN = frozenset({"running_late", "change_appointment", "cancel_appointment", "list_appointments"})
FIRST = 3


def seat(run: Run) -> Appointment | None:
    """The appointment that is about now, the nearest one; None when there is none."""
    about = [
        (abs(held.session.starts_at - run.now), held) for held in run.snapshot.appointments
        if held.session.starts_at - AROUND <= run.now <= held.session.begins_at + AROUND
    ]
    return min(about, key=lambda one: one[0])[1] if about else None


def said(run: Run, event: MessageReceived) -> str | None:
    """What the words say by themselves: late, lost, here, or away (does not come); None without a seat now.

    Never above a danger that the recogniser heard or the classifier is sure of, nor, in a longer message, above
    anything that the classifier sees in it.
    """
    reading = event.reading
    word = reading.entity("spot")
    if word is None or reading.emergency is not None or seat(run) is None:
        return None
    sure = reading.intent in RIGHTS and reading.confidence >= doubt.INTERRUPT
    long = len(event.text.split())
    beside = long - max(len(one.raw.split()) for one in reading.entities if one.name == "spot")
    if long <= BRIEF and beside <= BESIDE:
        return word if doubt.danger(reading) < doubt.INTERRUPT and not sure else None
    understood = doubt.understood(reading)
    other = understood is not None and understood not in OWN | MISTAKEN
    return None if other or doubt.emergency(reading) is not None else word


def likely(run: Run, reading: Reading, intent: str | None) -> bool:
    """Whether an unclear message, or one that is easily mistaken, is about the spot: then it is asked.

    ``intent``: what it was understood as, None in doubt.
    """
    if seat(run) is None or intent in OWN or any(reading.entity(name) for name in ("commune", "day", "period")):
        return False
    first = {one for one, share in reading.ranking[:FIRST] if share >= doubt.MAYBE}
    if intent is None:
        return "running_late" in first or reading.confidence < doubt.CLEAR_ENOUGH
    return intent in MISTAKEN or ("running_late" in first and reading.confidence < doubt.INTERRUPT)
