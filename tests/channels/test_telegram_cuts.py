"""A text that Telegram's apps cut in several messages: nothing of it is lost without a word, or goes astray."""

import pytest
from telegram import User

from bot.channels.telegram.cuts import LONG, REMEMBERED, SECONDS, Cuts
from bot.channels.telegram.updates import Read, read
from bot.team_inbound import TeamCut, TeamWords
from tests.bot_api.actors import Group
from tests.bot_api.methods import METHODS
from tests.bot_api.server import BotApi
from tests.bot_api.world import Json, Sent
from tests.channels.telegram_rig import NOW

FIRST, REST = "a" * 4096, "La fin."


class Phone:
    """Reads what the actors did, each update once."""

    def __init__(self, api: BotApi) -> None:
        self.api, self.cuts = api, Cuts()

    def read(self, at: int | None = None) -> Read:
        raw = self.api.updates[-1]
        if at is not None:
            raw["message"]["date"] = at
        return self.cuts.join(raw, read(raw, User.de_json(self.api.bot), NOW), NOW)


@pytest.fixture
def phone() -> Phone:
    return Phone(BotApi())


async def card(phone: Phone, group: Group) -> Sent:
    await METHODS["sendMessage"](phone.api, {"chat_id": group.id, "text": "Fiche"})
    return phone.api.messages[-1]


def words(said: Read) -> list[object]:
    return [one.content for one in said.teams]


async def test_a_part_that_answers_nothing_is_known_and_its_words_are_not_kept(phone: Phone) -> None:
    group = phone.api.group(-1001)
    answered = await card(phone, group)
    group.member_says(FIRST, reply_to=answered)
    (first,) = phone.read(1000).teams
    assert isinstance(first.content, TeamWords)
    message = group.member_says(REST)
    (rest,) = phone.read(1001).teams
    assert rest.content == TeamCut(None, first.content.reply_to)
    assert rest.external_id == f"-1001:{message['message_id']}"
    assert (rest.author, rest.address) == (first.author, first.address)


async def test_a_part_in_the_same_topic_is_the_end_of_the_words_before(phone: Phone) -> None:
    group = phone.api.group(-1001, forum=True)
    for part, after in ((FIRST, 0), ("b" * 4096, 4096), (REST, 4096)):
        group.member_says(part, thread=7)
        assert words(phone.read(1000)) == [TeamWords(part, "7", after=after)]


async def test_the_end_of_a_note_or_of_an_unknown_command_is_never_for_the_person(phone: Phone) -> None:
    group = phone.api.group(-1001, forum=True)
    group.member_says(f"/note {'a' * 4000}", thread=7)
    phone.read(1000)
    group.member_says(REST, thread=7)
    assert words(phone.read(1001)) == [TeamWords(REST, "7", private=True, after=4000)]
    group.member_says(f"/merci {'a' * 4000}", thread=7)
    phone.read(2000)
    group.member_says(REST, thread=7)
    assert words(phone.read(2001)) == [TeamWords(REST, "7", command=True, after=4000)]


async def test_in_a_chat_of_ones_own_it_goes_where_its_beginning_went(phone: Phone) -> None:
    person = phone.api.user(42)
    person.starts()
    await METHODS["sendMessage"](phone.api, {"chat_id": person.id, "text": "Fiche"})
    person.sends(text=FIRST, reply_to_message=phone.api.message_json(phone.api.messages[-1]))
    (first,) = phone.read(1000).direct
    assert isinstance(first.content, TeamWords)
    person.says(REST)
    said = phone.read(1000)
    assert [one.content for one in said.direct] == [
        TeamWords(REST, reply_to=first.content.reply_to, after=len(FIRST))]
    assert len(said.people) == 1  # for who is nobody's counsellor, a message as any other


@pytest.mark.parametrize(("first", "seconds", "member"), [
    ("a" * LONG, 0, 1), (FIRST, SECONDS + 1, 1), (FIRST, 0, 2)])
async def test_what_colleagues_say_otherwise_stays_theirs(
    phone: Phone, first: str, seconds: int, member: int,
) -> None:
    group = phone.api.group(-1001)
    group.member_says(first, 1, reply_to=await card(phone, group))
    phone.read(1000)
    group.member_says(REST, member)
    assert words(phone.read(1000 + seconds)) == []


async def test_a_long_talk_among_colleagues_or_an_answer_to_one_is_nothing_to_us(phone: Phone) -> None:
    group = phone.api.group(-1001)
    talk = group.member_says(FIRST)
    assert words(phone.read(1000)) == []
    group.member_says(REST)
    assert words(phone.read(1000)) == []
    group.member_says(FIRST, reply_to=await card(phone, group))
    phone.read(2000)
    group.member_says(REST, reply_to=talk)
    assert words(phone.read(2000)) == []


async def test_an_update_that_comes_again_is_read_the_same(phone: Phone) -> None:
    group = phone.api.group(-1001, forum=True)
    group.member_says(FIRST, thread=7)
    assert phone.read(1000) == phone.read(1000)
    group.member_says(REST, thread=7)
    assert phone.read(1000) == phone.read(1000)


async def test_beginnings_are_forgotten(phone: Phone) -> None:
    group = phone.api.group(-1001, forum=True)
    for member in range(1, REMEMBERED + 3):
        group.member_says(FIRST, member, thread=7)
        phone.read(1000)
    group.member_says(REST, 1, thread=7)
    assert words(phone.read(1000)) == [TeamWords(REST, "7")]


@pytest.mark.parametrize("raw", [
    {}, {"message": 5}, {"message": {"chat": 5, "text": FIRST, "date": 1, "from": {"id": 1}}, "update_id": 1},
    {"message": {"chat": {"id": 1}, "text": 5, "date": "x"}, "update_id": 1},
])
def test_an_update_of_an_odd_shape_is_left_as_it_was_read(phone: Phone, raw: Json) -> None:
    assert phone.cuts.join(raw, Read(), NOW) == Read()
