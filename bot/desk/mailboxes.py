"""The mailboxes of teams are those of the directory: connected with it, and left when it names them no more."""

from datetime import timedelta

from bot.desk.desk import Desk
from bot.mail_links import MAIL
from bot.team_inbound import Connect, TeamInbound

# The code is used at once.
CODE_FOR = timedelta(minutes=5)


async def follow_directory(desk: Desk, *, connect: bool) -> None:
    """Leave the mailboxes that are no body's any more: nothing goes there, and no link of theirs opens anything.

    ``connect``: mail can be sent, so that those which are not connected yet are.
    """
    named: dict[str, tuple[str, str]] = {}
    for one in desk.directory.consortia:
        for member in one.bodies:
            if member.email:  # a mailbox speaks for one body: the first that names it
                named.setdefault(member.email, (one.id, member.id))
    known = {chat.address: (chat.consortium, chat.body) for chat in await desk.store.team_chats()
             if chat.channel == MAIL}
    for address, team in known.items():
        if named.get(address) != team:
            await desk.store.chat_left(MAIL, address)
    for address, (consortium, body) in named.items() if connect else ():
        if known.get(address) != (consortium, body):
            code = await desk.store.new_code("connect", consortium, body, "counsellor", CODE_FOR)
            await desk.team(TeamInbound(
                MAIL, desk.clock.new_id(), address, address, "", Connect(code), desk.clock.now()))
