"""A few words about what was just answered: « quels papiers ? » after the RSA is about the RSA. Pure."""

from dialogues.events.person import MessageReceived
from dialogues.payloads import parse_payload
from dialogues.run import Run

# What such words are taken for by themselves, when they are taken for anything that does not count.
_NOTHING = frozenset({None, "out_of_scope", "ask_repeat", "ask_menu"})


def topic_of(run: Run, event: MessageReceived, intent: str | None) -> str | None:
    """The right that was answered last, when the message asks for more of it; None when it does not.

    With other words beside (« combien coûte un avocat »), not if they surely mean something else.
    """
    asked = event.reading.entity("more")
    if asked is None or run.state.top is not None or not run.state.offers:
        return None
    shown = [parse_payload(option.payload) for option in run.state.offers[-1].options]
    topic = next((one.slots.get("topic") for one in shown if one is not None and one.intent == "rights_more"), None)
    return topic if asked == "alone" or intent in _NOTHING or intent == topic else None
