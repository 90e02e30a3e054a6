"""A request goes back to the team that had it: who took it does not answer, or is no longer there."""

from datetime import datetime

from bot import cards
from bot.content import Content
from bot.store.transaction import Transaction
from bot.store.values import LeadRow
from bot.teams import Teams
from handoff.leads import before


async def give_back(
    tx: Transaction, lead: LeadRow, content: Content, teams: Teams, now: datetime, level: int,
) -> None:
    """Offer it again to the body that has it, as high as ``level``: who waited does not start from the bottom."""
    if not await tx.move_lead(lead.id, "offered", "bot", expected=before("return")):
        return
    card = cards.offered(content, lead.ref, lead.items, lead.reasons, lead.urgent)
    await tx.edit_cards(lead.id, card)
    await tx.escalated(lead.id, level)
    await teams.watch_untaken(tx, await tx.lead(lead.id) or lead, now)
