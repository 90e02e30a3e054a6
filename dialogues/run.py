"""One turn being worked out: the state so far and the effects so far. Lives and dies inside ``step``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogues import passing
from dialogues.effects import Choice, Effect, Say
from dialogues.payloads import offer_payload, parse_payload
from dialogues.snapshot import Snapshot
from dialogues.state import KEPT_OFFERS, Frame, Offer, Option, Said, SlotValue, State
from dialogues.text import Arg, Text
from dialogues.world import Context, Result, Utter, World

# Channels know this payload: they turn the button into their own way of sharing a position.
SHARE_POSITION = "/share_position"


@dataclass
class Run:
    """The turn's working memory. Nothing outside ``step`` keeps one."""

    world: World
    snapshot: Snapshot
    now: datetime
    state: State
    effects: list[Effect] = field(default_factory=list)
    answering: bool = False  # whether the turn is the person's own doing

    def context(self) -> Context:
        """What an action may read now."""
        return Context(self.world, self.state, self.snapshot, self.now)

    # ── slots and frames ────────────────────────────────────────────────────────────────────────────────

    def set_slots(self, slots: Mapping[str, SlotValue]) -> None:
        """Set slots; a value of None clears the slot."""
        merged = {**self.state.slots, **slots}
        self.state = replace(self.state, slots={name: value for name, value in merged.items() if value is not None})

    def set_top(self, frame: Frame) -> None:
        """Replace the frame that has the floor."""
        self.state = replace(self.state, stack=(*self.state.stack[:-1], frame))

    # ── words ───────────────────────────────────────────────────────────────────────────────────────────

    def utter(
        self, key: str, args: Mapping[str, Arg] | None = None, options: tuple[Option, ...] = (),
        language: str | None = None, *, until: datetime | None = None, about: str | None = None,
        begins: datetime | None = None,
    ) -> None:
        """Say an utterance with its buttons, and remember what was offered. The last three: see Say."""
        response = self.world.catalog.responses[key]
        buttons = tuple(Option(Text(button.title), button.payload) for button in response.buttons)
        self.say(Text(key, dict(args or {})), (*options, *buttons), language, until=until, about=about,
                 begins=begins)

    def say(
        self, text: Text, options: tuple[Option, ...] = (), language: str | None = None, *, unkept: bool = False,
        until: datetime | None = None, about: str | None = None, begins: datetime | None = None,
    ) -> None:
        """Say a text; its options become an offer, so that a number, the words or an old button find it.

        ``unkept``: it says something of the person that is not kept, whatever has the floor now.
        """
        choices: tuple[Choice, ...] = ()
        unkept = unkept or (self.answering and passing.on_top(self.world.catalog, self.state))
        if options:
            serial = self.state.serial + 1
            frame = self.state.top
            bound = any((parsed := parse_payload(option.payload)) and parsed.intent is None for option in options)
            offer = Offer(
                serial,
                frame.flow if frame and bound else None,
                frame.step if frame and bound else None,
                options,
                passing=unkept,
            )
            kept = (*self.state.offers, offer)[-KEPT_OFFERS:]
            self.state = replace(self.state, offers=kept, serial=serial)
            choices = tuple(
                Choice(
                    option.title,
                    SHARE_POSITION if option.payload == SHARE_POSITION else offer_payload(serial, index),
                )
                for index, option in enumerate(options)
            )
        self.state = replace(self.state, said=Said(text, options, unkept))
        self.effects.append(Say(text, choices, language, unkept, until, about, begins))

    def carry_out(self, result: Result) -> None:
        """Take an action's result into the turn: its state, its slots, its deeds in order."""
        if result.state is not None:
            self.state = result.state
        if result.slots:
            self.set_slots(result.slots)
        for deed in result.deeds:
            if isinstance(deed, Utter):
                self.utter(deed.key, deed.args, deed.options, deed.language)
            else:
                self.effects.append(deed)
