"""What a team writes about somebody of the day, from its group: a note, or the name of who just came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.content import Content
from bot.outbound import Button, Rendered
from bot.store.store import Store
from bot.store.values import BookedSeat
from dialogues.first_name import LONGEST as LONGEST_NAME
from dialogues.text import Arg, Quoted, Text

# Whose seats may be written about: of the days just over, and of those to come.
AHEAD, BEHIND = timedelta(days=7), timedelta(days=7)
# Typed in place of a note to take it away.
NOTHING = frozenset({"-", "—", "–"})
_CODE_FIRST = re.compile(r"^\W*(\w{4})(?!\w)[\s:,.;·—–]*(.*)$", re.DOTALL)
# What a button of the day says of whom it is about; "named": somebody without an appointment, who may say a name.
_ABOUT = re.compile(r"^/day (seat|mark|named) \S+ (?:[a-z]+ )?(\w{4})$")


@dataclass(frozen=True, slots=True)
class About:
    """Words about a seat. ``names``: they are the name of who just came, not a note."""

    seat: BookedSeat
    words: str
    names: bool = False


class DayNotes:
    """Words that are about a seat. Seats of other teams do not exist for it."""

    def __init__(self, store: Store, content: Content, clock: Clock) -> None:
        self._store = store
        self._content = content
        self._clock = clock

    async def about(self, team: tuple[str, str | None], text: str, answered: Rendered | None) -> About | None:
        """Which seat of this team these words are about; None for none: then colleagues were talking.

        They begin with a code, or answer a message of ours (``answered``) that is about one seat only.
        """
        said = _CODE_FIRST.match(text)
        asked = _about(answered.buttons) if answered is not None else None
        if said is None and asked is None:
            return None
        now = self._clock.now()
        seats = {seat.appointment.code: seat for seat in await self._store.appointments_between(
            now - BEHIND, now + AHEAD, [team[0]], team[1])}
        if said is not None and said[1].upper() in seats:
            return About(seats[said[1].upper()], said[2])
        if asked is None or asked[1] not in seats:
            return None
        seat = seats[asked[1]]
        return About(seat, text, names=asked[0] == "named" and seat.walk_in and seat.alias is None)

    async def keep(self, team: tuple[str, str | None], found: About) -> Rendered:
        """Keep these words where they belong, and say so."""
        if found.names:
            return await self._name(team, found.seat, found.words)
        return await self._note(team, found.seat, found.words)

    async def _note(self, team: tuple[str, str | None], seat: BookedSeat, text: str) -> Rendered:
        words = text.strip()
        if not words:
            return self.say("day_note_how")
        note = "" if words in NOTHING else words
        async with self._store.calendar() as desk:
            await desk.note(seat.appointment.id, note, [team])
        code = {"code": Quoted(seat.appointment.code)}
        if seat.note and seat.note != note:  # nothing of a colleague's is lost without a word
            return self.say("day_note_replaced", {**code, "before": Quoted(seat.note)})
        return self.say("day_note_kept", code)

    async def _name(self, team: tuple[str, str | None], seat: BookedSeat, text: str) -> Rendered:
        name = " ".join(text.split())[:LONGEST_NAME]
        async with self._store.calendar() as desk:
            await desk.name(seat.appointment.id, name, [team])
        return self.say("day_named", {"code": Quoted(seat.appointment.code), "name": Quoted(name)})

    def say(self, name: str, args: Mapping[str, Arg] | None = None) -> Rendered:
        """One of the team's texts."""
        return Rendered(self._content.text(Text(f"utter_team_{name}", args or {}), "fr").strip(), "fr", (), "team")


def _about(buttons: tuple[Button, ...]) -> tuple[str, str] | None:
    """(verb, code) of the one seat that a message is about."""
    found = {match[2]: match[1] for button in buttons if (match := _ABOUT.match(button.payload)) is not None}
    return next(((verb, code) for code, verb in found.items()), None) if len(found) == 1 else None
