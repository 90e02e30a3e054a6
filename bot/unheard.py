"""A counsellor's words that never arrived answer nothing: what the person was owed is owed again."""

from datetime import datetime

from bot.store.lead_care import SILENT, UNANSWERED
from bot.store.transaction import Transaction
from bot.store.values import LeadRow
from bot.teams import Teams
from handoff.leads import before


async def owe_again(tx: Transaction, lead: LeadRow, teams: Teams, now: datetime, *, reachable: bool = True) -> bool:
    """Set the clock that those words had stopped; whether the person has heard nothing at all from this team.

    ``reachable``: False when nothing arrives there any more, and so no answer is asked for.
    """
    if lead.state not in before("return"):
        return False
    promises, urgent = teams.promises, lead.urgent is not None
    unheard = await tx.unheard(lead)
    if await tx.watched(lead.id) is not None:
        return unheard
    if unheard:
        await tx.watch(lead.id, SILENT, promises.contact_by(lead.territory, lead.body, now, urgent=urgent))
    elif lead.state == "taken" and reachable and await tx.person_spoke_last(lead):
        await tx.watch(lead.id, UNANSWERED, promises.answer_by(lead.territory, lead.body, now, urgent=urgent))
    return unheard
