"""Rights answers: what the topic's file says, dated; or an honest « pas encore »."""

from collections.abc import Mapping

from dialogues.catalog import Right, Source
from dialogues.intents import RIGHTS
from dialogues.payloads import intent_payload
from dialogues.snapshot import Commune
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
    if context.today > right.expires_on:
        return Result((_late(context, right),))
    more = Option(Text("label/rights_more"), intent_payload("rights_more", topic=topic))
    related = tuple(Option(Text(f"label/{other}"), intent_payload(other)) for other in right.related)
    if context.state.voice in (None, "fr"):
        related = (*related, Option(Text("label/simpler"), "/ask_repeat"))
    args: dict[str, Arg] = {
        "title": label,
        "answer": Text(f"{topic}/answer"),
        "conditions": Bullets(_conditions(context, right)[:SHOWN]),
        "now": Text(f"{topic}/now"),
        "where": Text(f"{topic}/where"),
        "source": Quoted(_source(context, right).name),
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
    if right is None or context.today > right.expires_on:
        return answer_rights(context)
    related = tuple(Option(Text(f"label/{other}"), intent_payload(other)) for other in right.related)
    return Result((Utter("utter_rights_more", {
        "title": Text(f"label/{topic}"),
        "more": Bullets((
            *_here(context, topic), *_conditions(context, right)[SHOWN:],
            *_lines(context, right, "more", right.more),
        )),
        "link": Quoted(_source(context, right).url),
        "papers": Text(f"{topic}/papers"),
        "refused": Text(f"{topic}/refused"),
    }, related),))


def check_right(context: Context) -> Result:
    """Before « Est-ce pour moi ? »: past its day, or without questions, nothing is asked and nothing concluded."""
    topic = context.slot("topic")
    right = context.world.catalog.rights.get(topic or "")
    if right is not None and context.today > right.expires_on:
        return Result((_late(context, right),), {"topic": None})
    if topic not in CHECKED:
        return Result((Utter("utter_check_unsaid"),), {"topic": None})
    return Result()


def _late(context: Context, right: Right) -> Utter:
    """Past its day: what stays true of it, its official page, and a human."""
    keys = (f"{right.topic}/{part}" for part in right.late)
    return Utter("utter_rights_expired", {
        "topic": Text(f"label/{right.topic}"),
        "late": Bullets(tuple(Text(key) for key in keys)),
        "link": Quoted(_source(context, right).url),
    })


def _conditions(context: Context, right: Right) -> tuple[Text, ...]:
    return _lines(context, right, "conditions", right.conditions)


def _lines(context: Context, right: Right, part: str, count: int) -> tuple[Text, ...]:
    """Lines of the answer that hold today, where the person is."""
    catalog, commune, today = context.world.catalog, _commune(context), context.today
    keys = (f"{right.topic}/{part}/{n}" for n in range(1, count + 1))
    return tuple(Text(key) for key in keys if catalog.local.holds(key, commune) and catalog.current(key, today))


def _source(context: Context, right: Right) -> Source:
    """The first page that speaks of what is said where the person is."""
    local, commune = context.world.catalog.local, _commune(context)
    held = (one for one in right.sources if one.of is None or local.holds(one.of, commune))
    return next(held, right.sources[0])


def _here(context: Context, topic: str) -> tuple[Text, ...]:
    """What is different in the person's own place, when it is known."""
    local = context.world.catalog.local
    zone = local.zone_of(_commune(context))
    line = local.line(topic, zone, context.today)
    if line is None or zone is None:
        return ()
    place = Text(f"zone/{local.decides(topic, zone).id}")
    return (Text("label/local", {"local": Text(line.key, {"place": place})}),)


def _commune(context: Context) -> Commune | None:
    """The town they said, or where they hold a seat."""
    held = context.snapshot.appointments
    known = context.slot("commune") or (held[0].session.commune if held else None)
    return context.world.geography.by_insee(known) if known and known != "unknown" else None


ACTIONS: Mapping[str, Action] = {
    "action_answer_rights": answer_rights,
    "action_more_rights": more_rights,
    "action_check_right": check_right,
}
