"""What is kept, shown and erased."""

from collections.abc import Mapping

from dialogues.actions.permanences import list_bullets
from dialogues.effects import EraseEverything
from dialogues.events.answers import DataErased
from dialogues.state import State
from dialogues.text import Bullets, Quoted, Text
from dialogues.world import Action, Context, Result, Utter


def export_data(context: Context) -> Result:
    """All that is kept of the person, in their words."""
    state, snapshot = context.state, context.snapshot
    lines: list[Text] = [Text("label/kept_messages")]
    lines.append(Text("label/kept_language", {"value": Text(f"label/language_{state.language or 'fr'}")}))
    commune = context.world.geography.by_insee(context.slot("commune") or "")
    if commune:
        lines.append(Text("label/item_commune", {"value": Quoted(commune.name)}))
    if state.origin:
        lines.append(Text("label/kept_origin", {"value": Quoted(state.origin)}))
    lines += [Text(f"label/kept_consent_{kind}") for kind in sorted(state.consents)]
    if snapshot.lead:
        team = Text(f"body/{snapshot.lead.territory}/{snapshot.lead.team}")
        lines.append(Text("label/kept_lead", {"team": team}))
    kept = Bullets((*lines, *list_bullets(snapshot.appointments).items))
    return Result((Utter("utter_export", {"kept": kept}),))


def erase(context: Context) -> Result:
    """Erase everything; then only the receipt is said, in the language that was spoken."""
    if isinstance(context.answer, DataErased):
        language = context.state.language
        return Result(
            (Utter("utter_erased", {"receipt": Quoted(context.answer.receipt)}),),
            state=State(language=language, serial=context.state.serial),
        )
    return Result((EraseEverything(),))


ACTIONS: Mapping[str, Action] = {"action_export_data": export_data, "action_erase": erase}
