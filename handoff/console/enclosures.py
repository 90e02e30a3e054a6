"""What was sent in a lead's thread that is not text, as a browser is given it."""

from fastapi.responses import Response

from bot.files import Files, headers_for
from bot.store.store import Store
from bot.store.values import LeadRow

GONE = "Ce fichier n'est plus là, ou il est trop lourd."


async def enclosed(store: Store, files: Files, lead: LeadRow, message: int) -> Response | None:
    """The file of this message of the lead; None when there is none, or it cannot be had any more."""
    for line in await store.lead_thread(lead.id):
        if line.id == message and line.enclosure is not None:
            found = await files.read(line.enclosure)
            return Response(found, headers=headers_for(line.enclosure)) if found is not None else None
    return None
