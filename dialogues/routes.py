"""From a meaning to what is done about it: a flow, an answer, or a command over the flows."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from dialogues import interpreter
from dialogues.actions.permanences import WISHES
from dialogues.effects import TellTeam
from dialogues.intents import BUTTON_INTENTS, EMERGENCIES, INTENTS, RIGHTS, THEMES
from dialogues.payloads import intent_payload
from dialogues.run import Run
from dialogues.state import Option
from dialogues.text import Moment, Quoted, Text

Command = Callable[[Run], None]


def known(run: Run, intent: str) -> bool:
    """Whether ``intent`` means something here."""
    return intent in INTENTS or intent in BUTTON_INTENTS or intent in run.world.catalog.triggers


def trigger(run: Run, intent: str, slots: Mapping[str, str] | None = None) -> None:
    """Do what ``intent`` asks, with these slots set first."""
    run.state = replace(run.state, greeted=True)
    before = run.state.slots
    if intent in EMERGENCIES:
        answer_emergency(run, intent)
    elif intent in RIGHTS:
        run.set_slots({"topic": intent, **(slots or {})})
        interpreter.start(run, "rights", before)
    elif intent in COMMANDS:
        COMMANDS[intent](run)
    elif intent in run.world.catalog.triggers:
        flow = run.world.catalog.triggers[intent]
        # A new request starts with its own words: an answer to an earlier one is not taken for it.
        fresh = {step.value: None for step in run.world.catalog.flows[flow].steps if step.kind == "collect"}
        kept = run.world.catalog.flows[flow].persisted
        run.set_slots({slot: None for slot in (*fresh, *WISHES) if slot not in kept})
        run.set_slots({name: value or None for name, value in (slots or {}).items()})  # empty: to be asked
        interpreter.start(run, flow, before)
    else:
        run.utter("utter_menu")


def dates_near(run: Run, named: Mapping[str, str]) -> None:
    """The dates near a town, as wished; where nothing says yet which language they read, that is asked first."""
    if run.state.language is not None:
        trigger(run, "find_permanence", named)
        return
    run.state = replace(run.state, greeted=True)
    run.set_slots(dict(named))
    interpreter.start(run, "first_language")


def answer_emergency(run: Run, intent: str) -> None:
    """Numbers first, in the person's language; then a human, where the person agrees."""
    interpreter.drop_passing(run)
    found = run.world.catalog.emergencies[intent]
    language = run.state.language or run.world.languages[0]
    run.utter("utter_emergency", {
        "emoji": found.emoji, "answer": Text(f"{intent}/answer"),
        "source": Quoted(", ".join(source.name for source in found.sources)), "verified_on": found.verified_on,
    }, language=language)
    lead = run.snapshot.lead
    if lead is not None and lead.state == "taken":
        # Who reads what the person writes is told, also when the machine had been asked back: it ends there.
        run.effects.append(TellTeam(lead.id, Text("utter_team_emergency", {"emergency": Text(f"label/{intent}")})))
        if run.state.mode == "bot":
            run.state = replace(run.state, mode="human")
            run.utter("utter_alerted", {"team": Text(f"body/{lead.territory}/{lead.team}")}, language=language)
        if lead.back_at is not None:
            run.utter("utter_lead_back_at", {"when": Moment(lead.back_at)}, language=language)
            run.state = replace(run.state, heard_at=run.now)
        return
    alert = Option(Text("label/alert_team"), intent_payload("alert_team", emergency=intent))
    run.utter("utter_offer_alert", {"emergency": Text(f"label/{intent}")}, (alert,), language=language)


def _menu(run: Run) -> None:
    interpreter.leave(run)
    run.utter("utter_menu")


def _cancel(run: Run) -> None:
    """Stop what is under way; when nothing is, or another date for a seat is looked for, it is the seat that is
    meant, or the request: whether it is to be given up is asked."""
    frame = run.state.top
    if frame is not None and frame.flow != "change_appointment":
        interpreter.leave(run)
        run.utter("utter_cancelled")
    elif run.snapshot.appointments:
        interpreter.leave(run)
        trigger(run, "cancel_appointment")
    elif run.snapshot.lead is not None:
        trigger(run, "withdraw_lead")
    else:
        _menu(run)


def _back(run: Run) -> None:
    if not interpreter.go_back(run):
        run.utter("utter_menu")


def _repeat(run: Run) -> None:
    said = run.state.said
    if said is None:
        run.utter("utter_menu")
        return
    if run.state.language in (None, "fr"):  # not understood: said again, in easier words from now on
        run.state = replace(run.state, easy=True)
    topic = _past_its_day(run, said.text)
    if topic is not None:
        trigger(run, topic)
        return
    run.utter("utter_repeat")
    choices = tuple(one for one in said.choices if not (run.state.easy and one.title.key == "label/simpler"))
    run.say(said.text, choices, unkept=said.passing)


def _past_its_day(run: Run, said: Text) -> str | None:
    """The topic of a rights answer that is no longer to be said as it was: the button is months old."""
    title = said.args.get("title")
    topic = title.key.removeprefix("label/") if isinstance(title, Text) else ""
    right = run.world.catalog.rights.get(topic)
    return topic if right is not None and run.context().today > right.expires_on else None


def _greet(run: Run) -> None:
    frame = run.state.top
    if frame is not None and frame.waiting:
        run.utter("utter_hello_again")
        interpreter.ask(run)
    else:
        run.utter("utter_menu")


def _aside(utterance: str) -> Command:
    def say(run: Run) -> None:
        run.utter(utterance)
        frame = run.state.top
        if frame is not None and frame.waiting:
            interpreter.resume(run)

    return say


def _rights_menu(run: Run) -> None:
    themes = tuple(Option(Text(f"label/theme_{theme}"), f"/theme_{theme}") for theme in THEMES)
    run.utter("utter_rights_menu", {}, themes)


def _theme(topics: tuple[str, ...]) -> Command:
    def show(run: Run) -> None:
        run.utter("utter_rights_theme", {}, tuple(Option(Text(f"label/{topic}"), f"/{topic}") for topic in topics))

    return show


def _position(run: Run) -> None:
    """The channel could not share a position: the question about the town stands, to be answered in writing."""
    frame = run.state.top
    if frame is not None and frame.waiting:
        interpreter.ask(run)
    else:
        trigger(run, "find_permanence")


def _to_machine(run: Run) -> None:
    """The person wants the machine back, though a human has the conversation: told that they read no more."""
    lead = run.snapshot.lead
    if lead is not None and lead.state == "taken" and run.state.mode == "human":
        run.effects.append(TellTeam(lead.id, Text("utter_team_to_machine")))
    run.state = replace(run.state, mode="bot")
    run.utter("utter_menu")


COMMANDS: Mapping[str, Command] = {
    "ask_menu": _menu,
    "cancel": _cancel,
    "go_back": _back,
    "ask_repeat": _repeat,
    "greet": _greet,
    "goodbye": _aside("utter_goodbye"),
    "thank": _aside("utter_thank"),
    "affirm": _aside("utter_affirm"),
    "deny": _aside("utter_deny"),
    "complain": _aside("utter_complain"),
    "ask_bot_identity": _aside("utter_identity"),
    "ask_privacy": _aside("utter_privacy"),
    "out_of_scope": _aside("utter_out_of_scope"),
    "rights_menu": _rights_menu,
    **{f"theme_{theme}": _theme(topics) for theme, topics in THEMES.items()},
    "talk_to_machine": _to_machine,
    "share_position": _position,
}
