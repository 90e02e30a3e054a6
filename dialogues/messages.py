"""A message from the person: emergencies first, then who talks, then what was asked, then what it means."""

from dataclasses import replace

from dialogues import doubt, interpreter, presses, routes, spot
from dialogues.actions.permanences import WISHES
from dialogues.catalog import Slot
from dialogues.effects import KeepGap, RelayToTeam
from dialogues.events import MediaReceived, MessageReceived, PositionShared
from dialogues.first_name import first_name
from dialogues.intents import RIGHTS
from dialogues.payloads import parse_payload
from dialogues.reading import Reading
from dialogues.run import Run
from dialogues.state import Offer, Option
from dialogues.text import Quoted, Text

# These turn away from a waiting question whatever it collects.
COMMANDS_ANYWHERE = frozenset({
    "ask_menu", "cancel", "go_back", "ask_repeat", "change_language", "ask_human", "delete_my_data",
    "ask_privacy", "ask_bot_identity", "complain", "export_my_data", "withdraw_lead", "change_alias",
})
# A command of ours and the few words for it; the classifier knows no such meaning.
RENAMING = frozenset({
    "prenom", "prénom", "mon prénom", "mon prenom", "changer mon prénom", "changer mon prenom", "changer de prénom",
    "changer de prenom", "change my name", "change my first name",
})
# While a human talks, only these are still the bot's (emergencies aside): what takes a consent back.
ALWAYS = frozenset({"delete_my_data", "withdraw_lead"})
# Meanings that answer nothing by themselves: first contact with these gets the whole welcome.
OPENINGS = frozenset({"greet", "ask_menu", "ask_bot_identity", "thank", "affirm", "deny", "ask_repeat", "go_back"})
# What is asked to be sure that it is taken back; its answer is the bot's too.
CONFIRMED = frozenset({"confirm_delete", "confirm_withdraw"})
# Said to a human, these end a talk: nobody is late with an answer to them.
CLOSINGS = frozenset({"thank", "goodbye", "affirm"})
# What a message that only names a day, an hour or a town is taken for, while dates are shown.
REFINING = frozenset({
    None, "find_permanence", "book_appointment", "change_appointment", "affirm", "deny", "out_of_scope",
})
# After this many messages in a row that were not understood, a human is offered first.
PATIENCE = 2


def receive(run: Run, event: MessageReceived) -> None:
    """Answer one message."""
    reading = event.reading
    _hear_language(run, reading)
    danger = doubt.emergency(reading)
    if run.state.mode == "human":
        answered = _taking_back(run, event) if danger is None else None
        if answered is not None:
            presses.take(run, *answered)
            return
        _relay(run, event)
    if danger is not None and (run.state.mode == "human" or not _about_the_spot(run, event)):
        run.state = replace(run.state, greeted=True, misses=0)
        routes.answer_emergency(run, danger)
        return
    if run.state.mode == "human":
        if reading.intent in ALWAYS and reading.confidence >= doubt.INTERRUPT:
            routes.trigger(run, reading.intent)
        return
    unclear = doubt.understood(reading) is None and not _about_the_spot(run, event)
    if event.edited and run.state.top is None and unclear:
        run.utter("utter_edited")
        return
    _answer(run, event)


def _taking_back(run: Run, event: MessageReceived) -> tuple[Offer, int] | None:
    """While a human talks: the answer to whether a consent is taken back.

    By the button's own words at any time; by a number or a yes only while nobody said anything since.
    """
    waiting, frame = _waiting(run), run.state.top
    if waiting is None or frame is None or waiting.name not in CONFIRMED or not run.state.offers:
        return None
    if run.state.offers[-1].flow != frame.flow or (event.choice is None and run.state.said is None):
        return None
    return _choice(run, event)


def receive_position(run: Run, event: PositionShared) -> None:
    """A shared position, already a commune: it answers a question about the place, or asks for permanences.

    In a human conversation it is for the counsellor.
    """
    commune, lead = event.commune, run.snapshot.lead
    if run.state.mode == "human" and lead is not None:
        known = run.world.geography.by_insee(commune or "")
        _hand(run, RelayToTeam(lead.id, known.name if known else "", "location", event.enclosure))
        return
    if commune is None:
        run.utter("utter_position_unknown")
        return
    waiting = _waiting(run)
    if waiting is not None and waiting.name == "commune":
        interpreter.fill(run, commune)
    else:
        routes.trigger(run, "find_permanence", {"commune": commune})


def receive_media(run: Run, event: MediaReceived) -> None:
    """What the bot cannot read: said plainly, with the way to a human. In a human conversation, passed on."""
    lead = run.snapshot.lead
    if run.state.mode == "human" and lead is not None:
        _hand(run, RelayToTeam(lead.id, "", event.kind, event.enclosure))
        return
    if event.album and event.album == run.state.album:
        return  # ten pictures sent together get one answer
    run.state = replace(run.state, greeted=True, album=event.album)
    known = f"utter_media_{event.kind}"
    run.utter(known if known in run.world.catalog.responses else "utter_media_other")
    frame = run.state.top
    if frame is not None and frame.waiting:
        interpreter.ask(run)


def _hand(run: Run, relay: RelayToTeam) -> None:
    """Give it to the team; where it cannot be shown to them, the person is told so."""
    run.effects.append(relay)
    if relay.enclosure is None and not relay.text:
        run.utter("utter_media_human")


# ── language ────────────────────────────────────────────────────────────────────────────────────────────


def _hear_language(run: Run, reading: Reading) -> None:
    """Said over chosen over detected: a language once chosen is not switched by what is merely detected."""
    offered = run.world.languages
    if reading.language not in offered:
        return
    if not run.state.chosen:
        run.state = replace(run.state, language=reading.language)


def _offer_language(run: Run, reading: Reading) -> None:
    """Somebody who chose one language writes another: offer it, once, in its own words."""
    detected = reading.language
    if detected in run.world.languages and detected not in (run.state.language, run.state.offered_language):
        run.state = replace(run.state, offered_language=detected)
        option = Option(
            Text("label/as_is", {"words": Quoted(run.world.names[detected])}),
            f'/change_language{{"language":"{detected}"}}',
        )
        run.utter("utter_offer_language", {}, (option,), language=detected)


# ── what it means ───────────────────────────────────────────────────────────────────────────────────────


def _answer(run: Run, event: MessageReceived) -> None:
    reading = event.reading
    intent = doubt.understood(reading)
    waiting = _waiting(run)
    if event.choice is None and _on_the_spot(run, event, waiting, intent):
        return
    choice = _choice(run, event)
    if choice is not None:
        presses.take(run, *choice)
        return
    if " ".join(event.text.casefold().split()) in RENAMING:
        intent = "change_alias"
    if waiting is not None and _refine(run, waiting, reading, intent):
        return
    if waiting is not None and _fill_waiting(run, waiting, event, intent):
        return
    if not run.state.greeted and (intent is None or intent in OPENINGS):
        _welcome(run)
        return
    if waiting is None and spot.likely(run, reading, intent):
        run.state = replace(run.state, misses=0)
        routes.trigger(run, "running_late")
        return
    first = not run.state.greeted
    if intent is not None:
        if first:
            run.utter("utter_hello_short")
        run.state = replace(run.state, misses=0)
        if intent == "change_language":
            _change_language(run, reading)
        else:
            named = _named_slots(run, reading)
            if intent == "running_late":  # said, if not how: the team hears it now
                named.setdefault("spot", "unsure")
            routes.trigger(run, intent, named)
        if intent != "change_language":  # whoever asks for a language says so in another
            _offer_language(run, reading)
        return
    if waiting is not None:
        _ask_again(run, event)
        return
    _in_doubt(run, event)


def _about_the_spot(run: Run, event: MessageReceived) -> bool:
    """Whether the words will be taken for the seat of now: not where a button's or free words are awaited."""
    if event.choice is not None or spot.said(run, event) is None:
        return False
    waiting = _waiting(run)
    return waiting is None or not any(one.type == "from_text" for one in waiting.mappings)


def _on_the_spot(run: Run, event: MessageReceived, waiting: Slot | None, intent: str | None) -> bool:
    """Take words that say by themselves what is with the seat of now; whether they did."""
    word = spot.said(run, event) if _about_the_spot(run, event) else None
    asked = waiting.name if waiting is not None else None
    if asked == "confirm_cancel":
        # "I am not coming" is a yes to "do I cancel?", though it begins like a no; "do not cancel" is none.
        asks_again = intent == "cancel_appointment" and event.reading.entity("yes_no") != "no"
        keeps = intent == "cancel_appointment" and not asks_again
        if asks_again or (event.reading.entity("spot") == "away" and not keeps):
            interpreter.fill(run, "yes")
            return True
    if word is None:
        return False
    run.state = replace(run.state, misses=0)
    if asked == "spot":
        interpreter.fill(run, word)
    elif word == "away":
        held = spot.seat(run)
        routes.trigger(run, "cancel_appointment", {"appointment": held.id} if held else {})
    else:
        routes.trigger(run, "running_late", {"spot": word})
    return True


def _welcome(run: Run) -> None:
    run.state = replace(run.state, greeted=True)
    if run.state.language is not None:
        run.set_slots({"language": run.state.language})
    interpreter.start(run, "welcome")


def _change_language(run: Run, reading: Reading) -> None:
    named = reading.named_language
    routes.trigger(run, "change_language", {"language": named} if named in run.world.languages and named else {})


def _named_slots(run: Run, reading: Reading) -> dict[str, str]:
    """Slots filled by what the message names ("the truck in Feyzin"), where an entity mapping says so."""
    named: dict[str, str] = {}
    for slot in run.world.catalog.slots.values():
        for mapping in slot.mappings:
            value = reading.entity(mapping.entity) if mapping.entity else None
            if value is not None and slot.name != "language":
                named[slot.name] = value
    return named


def _in_doubt(run: Run, event: MessageReceived) -> None:
    """Outage, doubt and "not understood" are three things, and are said as three."""
    reading = event.reading
    if not reading.available:
        commune = reading.entity("commune")
        if commune is not None:
            routes.trigger(run, "find_permanence", {"commune": commune})
            return
        run.utter("utter_understanding_down")
        return
    run.state = replace(run.state, misses=run.state.misses + 1)
    run.effects.append(KeepGap(event.text, reading.ranking[:3]))
    commune = reading.entity("commune")
    likely = doubt.likeliest(reading)
    if commune is not None and not likely:
        routes.trigger(run, "find_permanence", {"commune": commune})
        return
    if not likely or run.state.misses > PATIENCE:
        run.utter("utter_not_understood")
        return
    run.utter("utter_which_meaning", {}, tuple(Option(Text(f"label/{intent}"), f"/{intent}") for intent in likely))


# ── a question is waiting ───────────────────────────────────────────────────────────────────────────────


def _waiting(run: Run) -> Slot | None:
    frame = run.state.top
    if frame is None or not frame.waiting:
        return None
    return run.world.catalog.slots[run.world.catalog.flows[frame.flow].step(frame.step).value]


def _fill_waiting(run: Run, slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """Fill the waiting slot from the message; False when the message is something else, or says nothing."""
    reading = event.reading
    if intent in COMMANDS_ANYWHERE:
        return False
    for mapping in slot.mappings:
        if mapping.type == "from_text":
            if event.edited or _no_name(slot, event, intent):
                return False
            if intent not in mapping.not_intent and event.text.strip():
                interpreter.fill(run, _typed(slot, event.text.strip(), intent))
                return True
        elif mapping.entity is not None:
            value = reading.entity(mapping.entity)
            turns_away = intent in RIGHTS and reading.confidence >= doubt.INTERRUPT
            if value is not None and not turns_away:
                interpreter.fill(run, value)
                return True
    return False


def _typed(slot: Slot, text: str, intent: str | None) -> str:
    """What is kept of an answer in free words: of a name, no more than is needed to be called."""
    if slot.name != "alias":
        return text
    return (first_name(text) if intent != "deny" else None) or "unsaid"


def _no_name(slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """Whether a question was asked where a name was expected."""
    asked = intent in RIGHTS or intent in {"find_permanence", "list_appointments"}
    return (slot.name == "alias" and asked and event.reading.confidence >= doubt.INTERRUPT
            and first_name(event.text) is None)


def _refine(run: Run, slot: Slot, reading: Reading, intent: str | None) -> bool:
    """While dates are shown: "rather in the evening", "with my children", "and in Feyzin?" look again, as asked."""
    if slot.name != "session" or intent not in REFINING:
        return False
    named = {name: value for name in (*WISHES, "commune") if (value := reading.entity(name)) is not None}
    if named:
        run.state = replace(run.state, misses=0)
        run.set_slots(named)
        interpreter.fill(run, "refine")
    return bool(named)


def _ask_again(run: Run, event: MessageReceived) -> None:
    """The answer does not fit the question: say so without blame, ask again; then offer a human."""
    run.state = replace(run.state, misses=run.state.misses + 1)
    slot = _waiting(run)
    name = f"utter_invalid_{slot.name}" if slot else ""
    if run.state.misses > PATIENCE:
        run.utter("utter_not_understood")
        return
    likely = doubt.likeliest(event.reading)
    if likely and event.reading.confidence >= doubt.CLEAR_ENOUGH:
        options = tuple(Option(Text(f"label/{intent}"), f"/{intent}") for intent in likely)
        run.utter("utter_which_meaning", {}, options)
        return
    run.utter(name if name in run.world.catalog.responses else "utter_choose_below")
    interpreter.ask(run)


# ── choosing by number, by words, by yes or no ──────────────────────────────────────────────────────────


def _choice(run: Run, event: MessageReceived) -> tuple[Offer, int] | None:
    """The option of the last offer that the words choose, if they do."""
    if not run.state.offers:
        return None
    offer = run.state.offers[-1]
    if event.choice is not None and 0 <= event.choice < len(offer.options):
        return offer, event.choice
    number = event.reading.entity("ordinal")
    if number is not None and _is_short(event.text) and not _asks(event) and 1 <= int(number) <= len(offer.options):
        return offer, int(number) - 1
    said = _yes_or_no(event.reading) if _is_short(event.text) else None
    if said is not None:
        for index, option in enumerate(offer.options):
            parsed = parse_payload(option.payload)
            if parsed is not None and parsed.intent is None and said in parsed.slots.values():
                return offer, index
            if parsed is not None and parsed.intent == "alert_team" and said == "yes":
                return offer, index
    return None


def _asks(event: MessageReceived) -> bool:
    """Whether the words ask for something though a number is among them ("ma première demande de RSA")."""
    reading = event.reading
    asked = doubt.understood(reading) in COMMANDS_ANYWHERE.union(RIGHTS) and reading.confidence >= doubt.INTERRUPT
    return asked and len(event.text.split()) > 1


def _yes_or_no(reading: Reading) -> str | None:
    if reading.entity("yes_no") is not None:
        return reading.entity("yes_no")
    intent = doubt.understood(reading)
    return {"affirm": "yes", "deny": "no"}.get(intent or "")


def _is_short(text: str) -> bool:
    """A choice is said in a few words; a longer sentence with a number in it is a sentence."""
    return len(text.split()) <= 4


def _relay(run: Run, event: MessageReceived) -> None:
    lead = run.snapshot.lead
    run.state = replace(run.state, said=None)
    if lead is not None:
        kind = "edited" if event.edited else "text"
        waits = doubt.understood(event.reading) not in CLOSINGS
        run.effects.append(RelayToTeam(lead.id, event.text, kind, translation=event.translation, waits=waits))
