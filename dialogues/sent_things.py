"""What the person sends that is no words: a position, a picture, a voice. In a human conversation, passed on."""

from dataclasses import replace

from dialogues import absence, awaited, interpreter, routes
from dialogues.effects import RelayToTeam
from dialogues.events.person import MediaReceived, PositionShared
from dialogues.run import Run


def receive_position(run: Run, event: PositionShared) -> None:
    """A shared position, already a commune: it answers a question about the place, or asks for permanences.

    In a human conversation it is for the counsellor.
    """
    commune, lead = event.commune, run.snapshot.lead
    if run.state.mode == "human" and lead is not None:
        known = run.world.geography.by_insee(commune or "")
        _hand(run, RelayToTeam(lead.id, known.name if known else "", "location", event.enclosure))
        return
    first = not run.state.greeted
    run.state = replace(run.state, greeted=True)
    if commune is None:
        run.utter("utter_position_unknown")
        if first and run.state.language is None:
            interpreter.start(run, "welcome")
        return
    waiting = awaited.waiting(run)
    if waiting is not None and waiting.name == "commune":
        interpreter.fill(run, commune)
    else:
        if first and run.state.language is not None:
            run.utter("utter_hello_short")
        routes.dates_near(run, {"commune": commune})


def receive_media(run: Run, event: MediaReceived) -> None:
    """What the bot cannot read: said plainly, with the way to a human. In a human conversation, passed on."""
    lead = run.snapshot.lead
    if run.state.mode == "human" and lead is not None:
        _hand(run, RelayToTeam(lead.id, "", event.kind, event.enclosure))
        return
    if event.album and event.album == run.state.album:
        return  # ten pictures sent together get one answer
    first = not run.state.greeted
    run.state = replace(run.state, greeted=True, album=event.album)
    if first and run.state.language is not None:
        run.utter("utter_hello_short")
    known = f"utter_media_{event.kind}"
    run.utter(known if known in run.world.catalog.responses else "utter_media_other")
    if first and run.state.language is None:  # nothing says yet which language they read: maybe not this one
        interpreter.start(run, "welcome")
        return
    frame = run.state.top
    if frame is not None and frame.waiting:
        interpreter.ask(run)


def _hand(run: Run, relay: RelayToTeam) -> None:
    """Give it to the team; where it cannot be shown to them, the person is told so."""
    run.effects.append(relay)
    if relay.enclosure is None and not relay.text:
        run.utter("utter_media_human")
    absence.say(run)
