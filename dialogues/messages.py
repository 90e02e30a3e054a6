"""A message from the person: emergencies first, then who talks, then what was asked, then what it means."""

from dataclasses import replace

from dialogues import absence, awaited, doubt, follow_up, interpreter, languages, presses, routes, spot
from dialogues.catalog import Slot
from dialogues.effects import KeepGap, RelayToTeam
from dialogues.events.person import MessageReceived
from dialogues.reading import Reading
from dialogues.run import Run
from dialogues.state import Offer

# A command of ours and the few words for it; the classifier knows no such meaning.
RENAMING = frozenset({
    "prenom", "prénom", "mon prénom", "mon prenom", "changer mon prénom", "changer mon prenom", "changer de prénom",
    "changer de prenom", "change my name", "change my first name",
})
# While a human talks, only these are still the bot's (emergencies aside): what takes a consent back.
ALWAYS = frozenset({"delete_my_data", "withdraw_lead"})
# Said while the language is asked, in one that is spoken here: these choose it as its button does.
GREETINGS = frozenset({"greet", "thank", "affirm", "ask_menu", "ask_bot_identity"})
# What is asked to be sure that it is taken back; its answer is the bot's too.
CONFIRMED = frozenset({"confirm_delete", "confirm_withdraw"})
# Under an emergency's numbers, none of these is something else that is asked.
AFTER_DANGER = frozenset({None, "deny", "affirm", "thank", "goodbye", "complain", "out_of_scope"})
# Of these, the ones that want nobody told; a long yes may want it, and has the button again.
OVER = frozenset({"thank", "goodbye"})
# What « je ne peux pas parler, il m'entend » is taken for under the numbers: said again before it is answered.
HEARD_WRONG = frozenset({"ask_human", "ask_privacy", "ask_bot_identity"})
# What a town alone is taken for where nothing else was asked.
LONE = frozenset({None, "out_of_scope", "greet", "affirm", "deny", "thank", "goodbye"})
# Said to a human, these end a talk: nobody is late with an answer to them.
CLOSINGS = frozenset({"thank", "goodbye", "affirm"})


def receive(run: Run, event: MessageReceived) -> None:
    """Answer one message."""
    reading = event.reading
    languages.hear(run, reading)
    danger = doubt.emergency(reading)
    lives_there = awaited.says_where_they_live(reading)
    if lives_there or (danger is not None and awaited.only_named(run, event)):
        if not lives_there and (reading.guessed or doubt.danger(reading) >= doubt.SURE):
            run.utter("utter_perhaps_danger")  # all the same
        reading = doubt.without_danger(reading)
        danger, event = None, replace(event, reading=reading)
    languages.guess(run, reading, danger)
    if run.state.mode == "human":
        answered = _taking_back(run, event) if danger is None else None
        if answered is not None:
            presses.take(run, *answered)
            return
        _relay(run, event)
        if doubt.perhaps_danger(reading):
            run.utter("utter_perhaps_danger")  # the person may be asleep who reads this
    if danger is not None and (run.state.mode == "human" or not _about_the_spot(run, event)):
        run.state = replace(run.state, greeted=True, misses=0)
        routes.answer_emergency(run, danger)
        return
    if run.state.mode == "human":
        if reading.intent in ALWAYS and reading.confidence >= doubt.INTERRUPT:
            routes.trigger(run, reading.intent)
        elif doubt.understood(reading) not in CLOSINGS:
            absence.say(run)
        return
    unclear = doubt.understood(reading) is None and not _about_the_spot(run, event)
    if doubt.perhaps_danger(reading):
        run.utter("utter_perhaps_danger")
    if event.edited and run.state.top is None and unclear:
        run.utter("utter_edited")
        return
    _answer(run, event)


def _taking_back(run: Run, event: MessageReceived) -> tuple[Offer, int] | None:
    """While a human talks: the answer to whether a consent is taken back.

    By the button's own words at any time; by a number or a yes only while nobody said anything since.
    """
    waiting, frame = awaited.waiting(run), run.state.top
    if waiting is None or frame is None or waiting.name not in CONFIRMED or not run.state.offers:
        return None
    if run.state.offers[-1].flow != frame.flow or (event.choice is None and run.state.said is None):
        return None
    return awaited.choice(run, event)


# ── what it means ───────────────────────────────────────────────────────────────────────────────────────


def _answer(run: Run, event: MessageReceived) -> None:
    reading = event.reading
    intent = doubt.understood(reading)
    waiting = awaited.waiting(run)
    if event.choice is None and _on_the_spot(run, event, waiting, intent):
        return
    choice = awaited.choice(run, event)
    if choice is not None:
        presses.take(run, *choice)
        return
    if " ".join(event.text.casefold().split()) in RENAMING:
        intent = "change_alias"
    if intent == "cancel_appointment" and run.state.stack and not run.snapshot.appointments:
        intent = "cancel"  # of what is under way: no seat has been taken yet
    if waiting is not None and awaited.refine(run, waiting, event, intent):
        return
    if waiting is not None and awaited.hear_wishes(run, waiting, reading, intent):
        return
    if waiting is not None and awaited.fill(run, waiting, event, intent):
        return
    if waiting is not None and _speaks(run, waiting, reading, intent):
        return
    if waiting is not None and awaited.refuses(waiting, event, intent):
        routes.trigger(run, "cancel")
        return
    if _after_danger(run, event, intent):
        return
    if follow_up.answer(run, event, intent):
        return
    if intent in HEARD_WRONG and awaited.offered_alert(run) is not None:
        run.utter("utter_perhaps_danger")
    says_nothing = intent in languages.OPENINGS or (intent is None and not _says_something(reading))
    if says_nothing and not run.state.greeted:
        _welcome(run)
        return
    town = reading.town_alone(event.text)
    if town is not None and run.state.language is None and (waiting is None or waiting.name == "language"):
        routes.dates_near(run, {"commune": town})  # « 69200 » is written alike in every language
        return
    lives_there = awaited.says_where_they_live(reading)  # whatever « jetoj në » is taken for
    if waiting is None and (lives_there or (intent in LONE and awaited.says_only(event, "commune"))):
        if not run.state.greeted:
            run.utter("utter_hello_short")
        routes.trigger(run, "find_permanence", _named_slots(run, reading))
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
            languages.change(run, reading)
        else:
            named = _named_slots(run, reading)
            if intent == "running_late":  # said, if not how: the team hears it now
                named.setdefault("spot", "unsure")
            routes.trigger(run, intent, named)
        if intent != "change_language":  # whoever asks for a language says so in another
            languages.offer(run, reading)
        return
    if first:  # what was asked is not lost in a welcome
        run.utter("utter_hello_short")
        run.state = replace(run.state, greeted=True)
    if not reading.available and (waiting is None or not awaited.readable(waiting) or _opens(run, waiting)):
        _outage(run, reading)
    elif waiting is not None:
        awaited.ask_again(run, event)
    else:
        _in_doubt(run, event)


def _about_the_spot(run: Run, event: MessageReceived) -> bool:
    """Whether the words will be taken for the seat of now: not where a button's or free words are awaited."""
    if event.choice is not None or spot.said(run, event) is None:
        return False
    waiting = awaited.waiting(run)
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


def _speaks(run: Run, waiting: Slot, reading: Reading, intent: str | None) -> bool:
    """Take a greeting for the answer to "which language?": whoever says « hola » has said it."""
    language = reading.language
    greets = _opens(run, waiting) and intent in GREETINGS
    if not greets or language not in run.world.languages or language is None:
        return False
    interpreter.fill(run, language)
    run.state = replace(run.state, chosen=False)  # heard, as in a welcome
    return True


def _after_danger(run: Run, event: MessageReceived, intent: str | None) -> bool:
    """What is said under an emergency's numbers and asks for nothing else: the numbers stay, nobody is alerted.

    "Non, personne ne m'aime", "je ne peux pas appeler", "ok merci": no answer to whether a team is told.
    """
    alert = awaited.offered_alert(run)
    reading = event.reading
    asks_else = intent not in AFTER_DANGER or reading.entity("commune") is not None
    if alert is None or asks_else or not reading.available or run.state.misses > awaited.PATIENCE:
        return False
    run.state = replace(run.state, misses=run.state.misses + 1 if intent is None else 0)
    if intent in OVER:
        run.utter("utter_danger_over")
        if awaited.waiting(run) is not None:
            interpreter.resume(run)
    else:
        run.utter("utter_danger_stays", {}, (alert,))
    return True


def _opens(run: Run, waiting: Slot) -> bool:
    """Whether the question is the first of all, which language: words may answer it, or be about something else."""
    frame = run.state.top
    return waiting.name == "language" and frame is not None and frame.flow in interpreter.SOFT_FLOWS


def _welcome(run: Run) -> None:
    run.state = replace(run.state, greeted=True)
    chosen = run.state.chosen
    if run.state.language is not None:
        run.set_slots({"language": run.state.language})
    interpreter.start(run, "welcome")
    run.state = replace(run.state, chosen=chosen)  # heard, not chosen: « سلام » is Persian too


def _named_slots(run: Run, reading: Reading) -> dict[str, str]:
    """Slots filled by what the message names ("the truck in Feyzin"), where an entity mapping says so."""
    named: dict[str, str] = {}
    for slot in run.world.catalog.slots.values():
        for mapping in slot.mappings:
            value = reading.entity(mapping.entity) if mapping.entity else None
            if value is not None and slot.name != "language":
                named[slot.name] = value
    return named


def _says_something(reading: Reading) -> bool:
    """Whether words that are not understood can be answered with more than a welcome."""
    return bool(doubt.likeliest(reading)) or reading.entity("commune") is not None


def _outage(run: Run, reading: Reading) -> None:
    """Sentences cannot be read now: whoever names a town gets its dates; a question that waits goes on waiting."""
    if reading.entity("commune") is not None:
        routes.dates_near(run, _named_slots(run, reading))
        return
    run.utter("utter_understanding_down")
    if awaited.waiting(run) is not None:
        interpreter.ask(run)


def _in_doubt(run: Run, event: MessageReceived) -> None:
    """Outage, doubt and "not understood" are three things, and are said as three."""
    reading = event.reading
    run.state = replace(run.state, misses=run.state.misses + 1)
    run.effects.append(KeepGap(event.text, reading.ranking[:3]))
    likely = doubt.likeliest(reading)
    if reading.entity("commune") is not None and not likely:
        routes.trigger(run, "find_permanence", _named_slots(run, reading))
        return
    if not likely or run.state.misses > awaited.PATIENCE:
        run.utter("utter_not_understood")
        return
    run.utter("utter_which_meaning", {}, awaited.meanings(likely))


def _relay(run: Run, event: MessageReceived) -> None:
    lead = run.snapshot.lead
    run.state = replace(run.state, said=None)
    if lead is not None:
        kind = "edited" if event.edited else "text"
        waits = doubt.understood(event.reading) not in CLOSINGS
        run.effects.append(RelayToTeam(lead.id, event.text, kind, translation=event.translation, waits=waits))
