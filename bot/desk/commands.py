"""What a group asks of the bot about itself: its permanences of the day, quiet, the name somebody is read under."""

from bot.desk.day import Day
from bot.desk.group_talk import GroupTalk
from bot.desk.quiet import Quiet
from bot.desk.team_cards import Cards
from bot.store.store import Store
from bot.team_inbound import TeamArrived, TeamDay, TeamInbound, TeamPress
from dialogues.text import Quoted

# Characters of a first name that a counsellor chooses.
LONGEST_NAME = 40


class Commands:
    """Does them for whoever is of the team."""

    def __init__(self, store: Store, cards: Cards, day: Day, quiet: Quiet, group: GroupTalk) -> None:
        self._store = store
        self._cards = cards
        self._day = day
        self._quiet = quiet
        self._group = group

    async def day(self, inbound: TeamInbound, asked: TeamDay | TeamArrived | TeamPress) -> None:
        """The permanences of the team: asked for, or one of their buttons."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._group.answer(inbound, self._cards.say("not_connected"))
        elif await self._group.counsellor(inbound, chat) is None:
            await self._group.answer(inbound, self._cards.say("disabled"))
        else:
            team = (chat.consortium, chat.body)
            match asked:
                case TeamArrived(name=name):
                    said = [await self._day.arrived(team, name)]
                case TeamPress():
                    said = await self._day.press(team, asked)
                case TeamDay():
                    said = await self._day.show(team)
            for one in said:
                await self._group.answer(inbound, one)

    async def quiet(self, inbound: TeamInbound, *, on: bool) -> None:
        """Quiet is asked for, or is over."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        if chat is None:
            await self._group.answer(inbound, self._cards.say("not_connected"))
        elif await self._group.counsellor(inbound, chat) is None:
            await self._group.answer(inbound, self._cards.say("disabled"))
        else:
            await self._quiet.ask(chat, on=on)

    async def name(self, inbound: TeamInbound, name: str) -> None:
        """The first name that people read is theirs to choose: the account's may be more than they show."""
        chat = await self._store.team_chat(inbound.channel, inbound.address)
        counsellor = await self._group.counsellor(inbound, chat) if chat is not None else None
        if chat is None or counsellor is None:
            await self._group.answer(inbound, self._cards.say("not_connected" if chat is None else "disabled"))
            return
        chosen = " ".join(name.split())[:LONGEST_NAME]
        if chosen:
            await self._store.rename_counsellor(counsellor.id, chosen)
        said = self._cards.say("name_noted" if chosen else "name_how", {"name": Quoted(chosen or counsellor.name)})
        await self._group.answer(inbound, said)
