"""What the person writes to a human who is not there, or was not for long, is not left without a word. Pure."""

from dataclasses import replace
from datetime import timedelta

from dialogues.events.team import CounsellorSent, CounsellorWrote, DatesProposed, LeadTaken, PhraseChosen
from dialogues.payloads import intent_payload
from dialogues.run import Run
from dialogues.state import Option
from dialogues.text import Moment, Quoted, Text

# What shows that a human is there, whatever the opening hours say.
PRESENT = (LeadTaken, CounsellorWrote, CounsellorSent, PhraseChosen, DatesProposed)
# So long after it they may still be there; and what was said of their absence is not said again.
JUST_HEARD = timedelta(hours=1)
# So long after it the person may have forgotten that it is a human who reads them.
FORGOTTEN = timedelta(days=14)


def heard(run: Run) -> None:
    """Note that the person heard of the human now."""
    run.state = replace(run.state, heard_at=run.now)


def say(run: Run) -> None:
    """They wrote to the human who has their request: when somebody is there again; after long, who reads them.

    The words after it are still the human's: nothing that was asked before is answered by them.
    """
    lead, since = run.snapshot.lead, run.state.heard_at
    if lead is None or lead.state != "taken" or (since is not None and run.now - since < JUST_HEARD):
        return
    if since is not None and run.now - since > FORGOTTEN and lead.taken_by:
        machine = Option(Text("label/talk_to_machine"), intent_payload("talk_to_machine"))
        team = Text(f"body/{lead.territory}/{lead.team}")
        run.utter("utter_lead_taken_already", {"name": Quoted(lead.taken_by), "team": team}, (machine,))
    elif lead.back_at is None:
        return
    if lead.back_at is not None:
        run.utter("utter_lead_back_at", {"when": Moment(lead.back_at)})
    run.state = replace(run.state, said=None, heard_at=run.now)
