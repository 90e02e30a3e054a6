"""Files of the page: what the person sends to a counsellor, and what they were given in their conversation."""

from collections.abc import Mapping

from fastapi import HTTPException, Request, Response

from bot.channels.web.body import BodyTooLongError, read_body
from bot.channels.web.drawing import HEADERS, Drawing
from bot.channels.web.pace import Pace
from bot.channels.web.sent import is_client_id, without_controls
from bot.channels.web.session import must_be_our_script, visitor
from bot.channels.web.talk import NAME, Talk, hint_of
from bot.channels.web.transcript import ENCLOSED, SHOWN
from bot.clock import Clock
from bot.files import Files, headers_for
from bot.inbound import Media
from bot.outbound import CalendarFile, Enclosed, Rendered
from bot.store.errors import ConversationGone
from bot.store.store import Store
from dialogues.codec import decode
from dialogues.enclosure import Enclosure, MediaKind

# What a phone's camera makes, and no more: it waits in the database for the team.
LARGEST_FILE = 8 * 1024 * 1024
LONGEST_NAME = 80
ATTACHED: Mapping[str, MediaKind] = {
    "image/jpeg": "photo", "image/png": "photo", "image/webp": "photo", "application/pdf": "document",
    "audio/ogg": "voice", "audio/mpeg": "voice", "audio/mp4": "voice", "audio/webm": "voice",
}


class PageFiles:
    """Takes files in, and gives them out."""

    def __init__(
        self, store: Store, clock: Clock, files: Files, talk: Talk, drawing: Drawing, pace: Pace,
    ) -> None:
        """``files``: reads what counsellors sent."""
        self.store, self.clock, self.files = store, clock, files
        self.talk, self.drawing, self.pace = talk, drawing, pace

    async def attach(self, request: Request) -> Response:
        """A picture, a sound or a document for the counsellor who is talking; not kept when nobody is."""
        who = visitor(request, self.clock)
        must_be_our_script(request)
        language = await self.talk.language(who, request)
        self.pace.not_too_many(request, language)
        self.pace.not_too_fast(who, language)
        mime = request.headers.get("content-type", "").split(";")[0].strip().lower()
        client_id = request.query_params.get("id", "")
        if mime not in ATTACHED or not is_client_id(client_id):
            raise HTTPException(422, self.drawing.label("page_unreadable", language))
        state, _ = await self.store.talk(NAME, who.address)
        if state is None:
            raise HTTPException(422, self.drawing.label("page_unreadable", language))
        if decode(state).mode != "human":  # nobody would look at it: it is not even received
            await self.talk.take(who, f"{who.address}:{client_id}", Media(ATTACHED[mime]), hint_of(request))
            return await self.talk.answered(who, client_id, language)
        self.pace.not_too_many_files(who, language)
        try:
            content = await read_body(request, LARGEST_FILE)
        except BodyTooLongError as cause:
            raise HTTPException(413, self.drawing.label("page_file_too_large", language)) from cause
        if not content:
            raise HTTPException(422, self.drawing.label("page_unreadable", language))
        name = without_controls(request.query_params.get("name", ""))[:LONGEST_NAME]
        try:
            file = await self.store.add_file(NAME, who.address, name, mime, content)
        except ConversationGone as cause:
            raise HTTPException(422, self.drawing.label("page_unreadable", language)) from cause
        sent = Media(ATTACHED[mime], Enclosure(NAME, "", file, name, mime, len(content)))
        await self.talk.take(who, f"{who.address}:{client_id}", sent, hint_of(request))
        await self.store.drop_stray_file(file)
        return await self.talk.answered(who, client_id, language)

    async def file(self, request: Request, item: int, name: str) -> Response:
        """A file that was given in this very conversation; anything else is nothing."""
        who = visitor(request, self.clock)
        for one in await self.store.history(NAME, who.address, SHOWN):
            if one.id == item and isinstance(one.said, Rendered):
                match one.said.attachment:
                    case CalendarFile(name=given, content=content) if given == name:
                        return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)
                    case Enclosed(enclosure=enclosure) if name == ENCLOSED:
                        found = await self.files.read(enclosure)
                        if found is not None:
                            return Response(found, headers=headers_for(enclosure))
        return Response(status_code=404, headers=HEADERS)
