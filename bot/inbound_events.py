"""From an update to what happened: its words understood, a burst held back, a position turned into a commune."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.content import Content
from bot.inbound import (
    Blocked,
    Deleted,
    Edited,
    Inbound,
    Located,
    Media,
    Position,
    Press,
    Start,
    Words,
)
from bot.limits import Limits
from bot.store.store import Store
from bot.translate import Translator
from dialogues.codec import decode
from dialogues.doubt import emergency, without_danger
from dialogues.events import Event
from dialogues.events.person import (
    ButtonPressed,
    ContactBlocked,
    ContactStarted,
    MediaReceived,
    MessageDeleted,
    MessageReceived,
    PositionShared,
    TooManyMessages,
)
from dialogues.reading import Reading
from dialogues.state import State

# Languages remembered between turns, only as a hint for the next detection.
REMEMBERED = 10_000


class Reader(Protocol):
    """Understands a message; see nlu.understanding."""

    async def read(self, text: str, prior: str | None, hint: str | None, now: datetime) -> Reading:
        """The reading of ``text``."""


class InboundEvents:
    """Understands what people send. Takes no lock and opens no turn."""

    def __init__(
        self, store: Store, reader: Reader, content: Content, clock: Clock,
        nearest: Callable[[float, float], str | None], limits: Limits, translator: Translator | None,
    ) -> None:
        """``nearest``: degrees to INSEE."""
        self._store = store
        self._reader = reader
        self._content = content
        self._clock = clock
        self._nearest = nearest
        self._limits = limits
        self._translator = translator
        self._languages: OrderedDict[tuple[str, str], str] = OrderedDict()

    def located(self, inbound: Inbound) -> Inbound:
        """A position becomes a commune before anything else sees it."""
        if isinstance(inbound.content, Position):
            commune = self._nearest(inbound.content.latitude, inbound.content.longitude)
            return replace(inbound, content=Located(commune, inbound.content.enclosure))
        return inbound

    async def of(self, inbound: Inbound) -> Event | None:
        """The event of an update; None when it is one too many for who has been told so lately."""
        sender = f"{inbound.channel}\0{inbound.address}"
        seconds = inbound.received_at.timestamp()
        allowed = self._limits.allows(sender, seconds)
        if not allowed and not isinstance(inbound.content, Words | Edited):
            return TooManyMessages() if self._limits.to_be_told(sender, seconds) else None
        match inbound.content:
            case Words(text=text) | Edited(text=text):
                prior = self.language(inbound.channel, inbound.address)
                reading = await self._reader.read(text, prior, inbound.hint, self._clock.now())
                if not allowed and emergency(reading) is None:
                    return TooManyMessages() if self._limits.to_be_told(sender, seconds) else None
                translation = await self._in_french(inbound, text, reading)
                return MessageReceived(
                    text, reading, edited=isinstance(inbound.content, Edited), translation=translation)
            case Press(payload=payload):
                return ButtonPressed(payload)
            case Start(origin=origin):
                return ContactStarted(origin, inbound.hint)
            case Located(commune=commune, enclosure=enclosure):
                return PositionShared(commune, enclosure)
            case Media(kind=kind, enclosure=enclosure, album=album):
                return MediaReceived(kind, enclosure, album)
            case Deleted():
                return MessageDeleted()
            case Blocked():
                return ContactBlocked()
        return None

    async def _in_french(self, inbound: Inbound, text: str, reading: Reading) -> str | None:
        """What a counsellor reads above the person's words; before the turn, so that nobody waits behind it."""
        if self._translator is None or emergency(reading) is not None:  # whoever is in danger waits for nothing
            return None
        state, language = await self._store.talk(inbound.channel, inbound.address)
        source = reading.language or language or "fr"
        if source == "fr" or decode(state).mode != "human":
            return None
        return await self._translator.translate(text, source, "fr")

    def with_words(self, event: Event, state: State) -> Event:
        """Add what only the content knows: whether the words are a button's, of the last offer or of the menu."""
        if not isinstance(event, MessageReceived):
            return event
        language = state.language or event.reading.language or "fr"
        offered = state.offers[-1].options if state.offers else ()
        choice = self._content.match_choice(offered, event.text, language)
        if choice is not None and self._content.is_title(offered[choice], event.text, language):
            event = replace(event, reading=without_danger(event.reading))  # what was pressed by hand tells nothing
        label = self._content.match_label(event.text, language)
        if label is not None:
            reading = replace(
                without_danger(event.reading), intent=label, confidence=1.0, ranking=((label, 1.0),),
                available=True,
            )
            return replace(event, reading=reading, choice=choice)
        return replace(event, choice=choice)

    def language(self, channel: str, address: str) -> str | None:
        """The language of this person's last turn, while it is remembered."""
        return self._languages.get((channel, address))

    def remember(self, channel: str, address: str, language: str | None) -> None:
        """Note the language of a turn; None: forget it."""
        key = (channel, address)
        self._languages.pop(key, None)
        if language is not None:
            self._languages[key] = language
            if len(self._languages) > REMEMBERED:
                self._languages.popitem(last=False)
