"""A question of ours waits: whether a message answers it, by words, a number, yes or no; what to say when not."""

from dataclasses import replace

from dialogues import doubt, interpreter
from dialogues.actions.permanences import WISHES
from dialogues.catalog import Slot
from dialogues.events.person import MessageReceived
from dialogues.first_name import first_name
from dialogues.intents import RIGHTS
from dialogues.payloads import parse_payload
from dialogues.reading import Reading
from dialogues.run import Run
from dialogues.state import Offer, Option
from dialogues.text import Text

# These turn away from a waiting question whatever it collects.
COMMANDS_ANYWHERE = frozenset({
    "ask_menu", "cancel", "go_back", "ask_repeat", "change_language", "ask_human", "delete_my_data",
    "ask_privacy", "ask_bot_identity", "complain", "export_my_data", "withdraw_lead", "change_alias",
})
# What a message that only names a day, an hour or a town is taken for, while dates are shown.
REFINING = frozenset({
    None, "find_permanence", "book_appointment", "change_appointment", "affirm", "deny", "out_of_scope",
})
# The buttons that "which meaning?" has whatever is likely.
ALWAYS_THERE = frozenset({"ask_human", "ask_menu"})
# After this many messages in a row that were not understood, a human is offered first.
PATIENCE = 2
# What names a date or one of those shown; and the questions that a no ends.
_DATES = ("day", "ordinal", "hour", "period")
_OPEN = frozenset({"commune", "appointment", "need"})
# What is asked of a date or a seat: no name, and nothing a counsellor is to be told.
_SEATS = frozenset({"find_permanence", "book_appointment", "list_appointments", "cancel_appointment"})
_NO_NEED = _SEATS | {"thank", "goodbye"}
# What the question about dates may be answered with that is none.
NO_DATES = ("other_town", "none_suits", "refine")
# Words of an answer that only names: "à Die", "Leïla B.".
_WITH_A_TOWN, _WITH_A_NAME = 2, 2


def waiting(run: Run) -> Slot | None:
    """The slot that the question collects, None where none waits."""
    frame = run.state.top
    if frame is None or not frame.waiting:
        return None
    return run.world.catalog.slots[run.world.catalog.flows[frame.flow].step(frame.step).value]


def readable(slot: Slot) -> bool:
    """Whether an answer in words is read without Rasa: a town, a day, a name. Yes and no are read anywhere."""
    return bool(slot.mappings)


def fill(run: Run, slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """Fill the waiting slot from the message; False when the message is something else, or says nothing."""
    reading = event.reading
    if intent in COMMANDS_ANYWHERE:
        return False
    for mapping in slot.mappings:
        if mapping.type == "from_text":
            if event.edited or _no_words(slot, event, intent):
                return False
            if intent not in mapping.not_intent and event.text.strip():
                interpreter.fill(run, _typed(slot, event.text.strip(), intent))
                return True
        elif mapping.entity is not None:
            value = reading.entity(mapping.entity)
            turns_away = (intent in RIGHTS and reading.confidence >= doubt.INTERRUPT
                          and not says_only(event, mapping.entity)
                          and not (slot.name == "commune" and names_a_town(event)))
            if value is not None and not turns_away:
                interpreter.fill(run, value)
                return True
    return False


def only_named(run: Run, event: MessageReceived) -> bool:
    """Whether the message is the name, the town or the date that was asked for, and only its letters look like
    danger: "Moussa", "Leila", "mercredi 16", « лион ».

    With a phrase of danger it never is; nor is, when Rasa is sure of danger, more than the name, town or date:
    "dehors ce soir" while dates are shown is no date.
    """
    slot, reading = waiting(run), event.reading
    if run.state.mode == "human" or (reading.emergency is not None and not reading.guessed):
        return False
    words = event.text.split()
    sure = not reading.guessed and doubt.danger(reading) >= doubt.SURE
    asked_where = slot is not None and slot.name == "commune" and len(words) <= _WITH_A_TOWN and not sure
    if reading.entity("commune") is not None and (asked_where or names_a_town(event)):
        return True
    if slot is None:
        return False
    if slot.name == "session":
        alone = any(says_only(event, name) for name in _DATES)
        dated = _is_short(event.text) and any(reading.entity(name) is not None for name in _DATES)
        return alone or (dated and not sure and not reading.guessed)
    name = first_name(event.text) if slot.name == "alias" else None
    if name is None or (len(words) > 1 and sure):
        return False
    return " ".join(words).endswith(name) or (len(words) <= _WITH_A_NAME and " ".join(words).istitle())


def refuses(slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """Whether a no is said to a question that yes and no do not answer: nothing more is asked then."""
    said_no = event.reading.entity("yes_no") == "no" and says_only(event, "yes_no")  # not "pas de ville fixe"
    named = event.reading.entity(slot.name)
    return slot.name in _OPEN and named is None and intent not in RIGHTS and (said_no or intent == "deny")


def offered_alert(run: Run) -> Option | None:
    """The button that tells a team of an emergency, when it is what was shown last."""
    if not run.state.offers:
        return None
    payloads = ((option, parse_payload(option.payload)) for option in run.state.offers[-1].options)
    return next((one for one, parsed in payloads if parsed is not None and parsed.intent == "alert_team"), None)


def _typed(slot: Slot, text: str, intent: str | None) -> str:
    """What is kept of an answer in free words: of a name, no more than is needed to be called."""
    if slot.name != "alias":
        return text
    return (first_name(text) if intent != "deny" else None) or "unsaid"


def _no_words(slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """Whether something else was said where a name, or what it is about, was to be told in words."""
    if says_only(event, "yes_no") and slot.name in {"alias", "need"}:
        return slot.name == "need" or event.reading.entity("yes_no") == "yes"
    sure = event.reading.confidence >= doubt.INTERRUPT
    if slot.name == "need":
        return sure and intent in _NO_NEED
    return (slot.name == "alias" and sure and (intent in RIGHTS or intent in _SEATS)
            and first_name(event.text) is None)


def refine(run: Run, slot: Slot, event: MessageReceived, intent: str | None) -> bool:
    """While dates are shown: "rather in the evening", "with my children", "and in Feyzin?" look again, as asked.

    A few words that name a day do, whatever else they might mean: "le mois prochain" asks for no training.
    """
    reading = event.reading
    dated = _is_short(event.text) and reading.entity("day") is not None and intent not in COMMANDS_ANYWHERE
    if slot.name != "session" or not (intent in REFINING or dated):
        return False
    named = {name: value for name in (*WISHES, "commune") if (value := reading.entity(name)) is not None}
    if named:
        run.state = replace(run.state, misses=0)
        run.set_slots(named)
        interpreter.fill(run, "refine")
    return bool(named)


def hear_wishes(run: Run, slot: Slot, reading: Reading, intent: str | None) -> bool:
    """While the town of a seat is asked: "Vénissieux, Thursday evening" says both.

    True when there was no town in it, which is then asked again; with one, the answer is still to be taken.
    """
    frame = run.state.top
    steps = run.world.catalog.flows[frame.flow].steps if frame else ()
    searching = any(step.kind == "collect" and step.value == "session" for step in steps)
    named = {name: value for name in WISHES if (value := reading.entity(name)) is not None}
    if slot.name != "commune" or not searching or not named or intent in COMMANDS_ANYWHERE.union(RIGHTS):
        return False
    if reading.entity("commune") is None and intent not in REFINING:
        return False
    run.set_slots(named)
    if reading.entity("commune") is not None:
        return False
    run.state = replace(run.state, misses=0)
    interpreter.ask(run)
    return True


def ask_again(run: Run, event: MessageReceived) -> None:
    """The answer does not fit the question: say so without blame, ask again; then offer a human."""
    run.state = replace(run.state, misses=run.state.misses + 1)
    slot = waiting(run)
    name = f"utter_invalid_{slot.name}" if slot else ""
    if run.state.misses > PATIENCE:
        run.utter("utter_not_understood")
        return
    likely = doubt.likeliest(event.reading)
    if likely and event.reading.confidence >= doubt.CLEAR_ENOUGH:
        run.utter("utter_which_meaning", {}, meanings(likely))
        return
    run.utter(name if name in run.world.catalog.responses else "utter_choose_below")
    interpreter.ask(run)


def meanings(likely: tuple[str, ...]) -> tuple[Option, ...]:
    """Their buttons in "which meaning?", where a human and the menu stand anyway."""
    return tuple(Option(Text(f"label/{intent}"), f"/{intent}") for intent in likely if intent not in ALWAYS_THERE)


def choice(run: Run, event: MessageReceived) -> tuple[Offer, int] | None:
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
            none_suits = parsed is not None and parsed.slots.get("session") == "none_suits"
            if none_suits and said == "no" and says_only(event, "yes_no"):
                return offer, index
            alerts = parsed is not None and parsed.intent == "alert_team"
            if alerts and said == "yes" and says_only(event, "yes_no"):
                return offer, index
        return _the_only_date(offer) if said == "yes" else None
    return None


def says_only(event: MessageReceived, name: str) -> bool:
    """Whether the words are that entity and nothing besides: "oui", not "ok merci"."""
    return any(one.name == name and one.raw.strip() == event.text.strip(" .!") for one in event.reading.entities)


def names_a_town(event: MessageReceived) -> bool:
    """Whether a town is all that is said, or that somebody lives there: "Feyzin", "jetoj në Feyzin"."""
    return says_only(event, "commune") or says_where_they_live(event.reading)


def says_where_they_live(reading: Reading) -> bool:
    """Whether living somewhere and a town are all that is said; with a phrase of danger they never are."""
    return reading.entity("lives_in") is not None and (reading.emergency is None or reading.guessed)


def _the_only_date(offer: Offer) -> tuple[Offer, int] | None:
    """The date that a yes takes: where one alone was shown."""
    dates = [index for index, option in enumerate(offer.options)
             if (parsed := parse_payload(option.payload)) is not None and parsed.intent is None
             and parsed.slots.get("session") not in (None, *NO_DATES)]
    return (offer, dates[0]) if len(dates) == 1 else None


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
