"""A few words about what was just answered: « quels papiers ? » after the RSA is about the RSA. Pure."""

from dataclasses import replace

from dialogues import routes
from dialogues.events.person import MessageReceived
from dialogues.payloads import parse_payload
from dialogues.run import Run

# What such words are taken for by themselves, when they are taken for anything that does not count.
_NOTHING = frozenset({None, "out_of_scope", "ask_repeat", "ask_menu"})


def answer(run: Run, event: MessageReceived, intent: str | None) -> bool:
    """Say more of the right that was answered last; after that, that a person knows more. Whether it was asked.

    With other words beside (« combien coûte un avocat »), it is not if they surely mean something else.
    """
    asked, said = event.reading.entity("more"), run.state.said
    if asked is None or run.state.top is not None or said is None or not run.state.offers:
        return False
    shown = [parse_payload(option.payload) for option in run.state.offers[-1].options]
    topic = next((one.slots.get("topic") for one in shown if one is not None and one.intent == "rights_more"), None)
    whole = said.text.key == "utter_rights_more"
    if (topic is None and not whole) or not (asked == "alone" or intent in _NOTHING or intent == topic):
        return False
    run.state = replace(run.state, misses=0)
    if topic is not None:
        routes.trigger(run, "rights_more", {"topic": topic})
    else:
        run.utter("utter_rights_no_more")
    return True
