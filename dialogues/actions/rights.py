"""Rights answers: what the topic's file says, dated; or an honest « pas encore »."""

from collections.abc import Mapping

from dialogues.catalog import Right
from dialogues.intents import RIGHTS
from dialogues.local import Zone
from dialogues.payloads import intent_payload
from dialogues.state import Option
from dialogues.text import Arg, Bullets, Quoted, Text
from dialogues.world import Action, Context, Result, Utter

# Conditions shown at once; the others come with the details.
SHOWN = 2
# Topics where a few questions change the answer: dialogues/flows/eligibility.yml.
CHECKED = frozenset({
    "rights_rsa", "rights_undocumented_health", "rights_youth", "rights_french_classes", "rights_health_cover",
    "rights_work_permit",
})


def answer_rights(context: Context) -> Result:
    """The answer to ``topic``; past its expiry, or unwritten, the door and a human instead."""
    topic = context.slot("topic") or ""
    if topic not in RIGHTS:
        return Result((Utter("utter_choice_gone"), Utter("utter_menu")))
    right = context.world.catalog.rights.get(topic)
    interrupting = len(context.state.stack) > 1
    label = Text(f"label/{topic}")
    if right is None:
        return Result((Utter("utter_rights_unwritten", {"topic": label}),))
    if context.now.date() > right.expires_on:
        return Result((Utter("utter_rights_expired", {"topic": label, "where": Text(f"{topic}/where")}),))
    more = Option(Text("label/rights_more"), intent_payload("rights_more", topic=topic))
    related = tuple(Option(Text(f"label/{other}"), intent_payload(other)) for other in right.related)
    if context.state.voice in (None, "fr"):
        related = (*related, Option(Text("label/simpler"), "/ask_repeat"))
    args: dict[str, Arg] = {
        "title": label,
        "answer": Text(f"{topic}/answer"),
        "conditions": Bullets(_conditions(context, right)[:SHOWN]),
        "now": Text(f"{topic}/now"),
        "where": _where(context, topic),
        "source": Quoted(right.sources[0].name),
        "verified_on": right.verified_on,
    }
    if topic in CHECKED:
        related = (Option(Text("label/check_right"), intent_payload("check_right", topic=topic)), *related)
    if interrupting:
        human = Option(Text("label/ask_human"), intent_payload("ask_human"))
        return Result((Utter("utter_rights_short", args, (more, human)),))
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
        "more": Bullets((*_conditions(context, right)[SHOWN:], *_lines(context, right, "more", right.more))),
        "link": Quoted(right.sources[0].url),
        "papers": Text(f"{topic}/papers"),
        "refused": Text(f"{topic}/refused"),
    }, related),))


def _conditions(context: Context, right: Right) -> tuple[Text, ...]:
    return _lines(context, right, "conditions", right.conditions)


def _lines(context: Context, right: Right, part: str, count: int) -> tuple[Text, ...]:
    """Lines of the answer that hold where the person is."""
    local, zone = context.world.catalog.local, _zone(context)
    keys = (f"{right.topic}/{part}/{n}" for n in range(1, count + 1))
    return tuple(Text(key) for key in keys if local.holds(key, zone))


def _where(context: Context, topic: str) -> Text:
    """Where to go, and what is different in the person's own place when it is known."""
    where, zone = Text(f"{topic}/where"), _zone(context)
    line = context.world.catalog.local.line(topic, zone)
    if line is None or zone is None:
        return where
    local = Text(line.key, {"place": Text(f"zone/{zone.id}")})
    return Text("label/with_local", {"where": where, "local": local})


def _zone(context: Context) -> Zone | None:
    """From the town they said, or where they hold a seat."""
    held = context.snapshot.appointments
    known = context.slot("commune") or (held[0].session.commune if held else None)
    commune = context.world.geography.by_insee(known) if known and known != "unknown" else None
    return context.world.catalog.local.zone_of(commune)


ACTIONS: Mapping[str, Action] = {"action_answer_rights": answer_rights, "action_more_rights": more_rights}
