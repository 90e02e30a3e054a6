"""Rights answers: what the topic's file says, dated; or an honest « pas encore »."""

from collections.abc import Mapping

from dialogues.catalog import Right
from dialogues.payloads import intent_payload
from dialogues.state import Option
from dialogues.text import Arg, Bullets, Quoted, Text
from dialogues.world import Action, Context, Result, Utter

# Conditions shown at once; the others come with the details.
SHOWN = 2


def answer_rights(context: Context) -> Result:
    """The answer to ``topic``; past its expiry, or unwritten, the door and a human instead."""
    topic = context.slot("topic") or ""
    right = context.world.catalog.rights.get(topic)
    interrupting = len(context.state.stack) > 1
    label = Text(f"label/{topic}")
    if right is None:
        return Result((Utter("utter_rights_unwritten", {"topic": label}),))
    if context.now.date() > right.expires_on:
        return Result((Utter("utter_rights_expired", {"topic": label, "where": Text(f"{topic}/where")}),))
    more = Option(Text("label/rights_more"), intent_payload("rights_more", topic=topic))
    related = tuple(Option(Text(f"label/{other}"), intent_payload(other)) for other in right.related)
    args: dict[str, Arg] = {
        "title": label,
        "answer": Text(f"{topic}/answer"),
        "conditions": Bullets(_conditions(right)[:SHOWN]),
        "now": Text(f"{topic}/now"),
        "where": Text(f"{topic}/where"),
        "source": Quoted(right.sources[0].name),
        "verified_on": right.verified_on,
    }
    if interrupting:
        return Result((Utter("utter_rights_short", args),))
    return Result((Utter("utter_rights", args, (more, *related)),))


def more_rights(context: Context) -> Result:
    """The details of ``topic``, the papers to bring, and what to do after a refusal."""
    topic = context.slot("topic") or ""
    right = context.world.catalog.rights.get(topic)
    if right is None or context.now.date() > right.expires_on:
        return answer_rights(context)
    related = tuple(Option(Text(f"label/{other}"), intent_payload(other)) for other in right.related)
    return Result((Utter("utter_rights_more", {
        "title": Text(f"label/{topic}"),
        "more": Bullets((*_conditions(right)[SHOWN:],
                         *(Text(f"{topic}/more/{n}") for n in range(1, right.more + 1)))),
        "link": Quoted(right.sources[0].url),
        "papers": Text(f"{topic}/papers"),
        "refused": Text(f"{topic}/refused"),
    }, related),))


def _conditions(right: Right) -> tuple[Text, ...]:
    return tuple(Text(f"{right.topic}/conditions/{n}") for n in range(1, right.conditions + 1))


ACTIONS: Mapping[str, Action] = {"action_answer_rights": answer_rights, "action_more_rights": more_rights}
