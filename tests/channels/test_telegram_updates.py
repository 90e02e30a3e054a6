"""Every kind of update, as Telegram shows it, and what it says to us."""

from typing import Any

import pytest
from telegram import User

from bot.channels.telegram.updates import Read, read
from bot.desk.team_cards import Cards
from bot.inbound import Blocked, Edited, Media, Position, Press, Start, Words
from bot.store.values import LeadRow
from bot.team_inbound import (
    Connect,
    TeamArrived,
    TeamDay,
    TeamEdited,
    TeamLeft,
    TeamMedia,
    TeamMoved,
    TeamName,
    TeamPress,
    TeamQuiet,
    TeamWords,
)
from dialogues.enclosure import Enclosure
from dialogues.snapshot import Team
from dialogues.text import Moment
from tests.bot_api.methods import METHODS
from tests.bot_api.server import BotApi
from tests.channels.telegram_rig import NOW
from tests.channels.web_rig import parts

FILE = {"file_id": "f", "file_unique_id": "u"}
SIZED = FILE | {"width": 1, "height": 1}


@pytest.fixture
def api() -> BotApi:
    """The server's world with nobody listening: the actors queue updates, the test reads them."""
    return BotApi()


def last(api: BotApi) -> Read:
    return read(api.updates[-1], User.de_json(api.bot), NOW)


def content(api: BotApi) -> list[object]:
    said = last(api)
    return [*(inbound.content for inbound in said.people), *(inbound.content for inbound in said.teams)]


async def card(api: BotApi, chat: int, **more: Any) -> Any:  # noqa: ANN401
    payloads = ("/lead take L7", "/lead refuse_because L7 hors secteur", "/menu steal L7")
    row = [{"text": payload.split()[1], "callback_data": payload} for payload in payloads]
    params = {"chat_id": chat, "text": "Fiche", "reply_markup": {"inline_keyboard": [row]}} | more
    await METHODS["sendMessage"](api, params)
    return api.messages[-1]


async def offer(api: BotApi, payload: str) -> None:
    """One button in the group."""
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": payload}]]}
    await METHODS["sendMessage"](api, {"chat_id": -100, "text": "x", "reply_markup": markup})


# ── a person ──


def test_words_carry_chat_id_hint_and_time(api: BotApi) -> None:
    message = api.user(42, language_code="pt-br").says("bonsoir j'ai faim")
    (inbound,) = last(api).people
    assert (inbound.channel, inbound.address, inbound.hint, inbound.received_at) == ("telegram", "42", "pt", NOW)
    assert inbound.external_id == f"42:{message['message_id']}"
    assert inbound.content == Words("bonsoir j'ai faim")


@pytest.mark.parametrize(("code", "hint"), [
    ("fr", "fr"), ("AR-dz", "ar"), ("ckb", None), (None, None), ("é1", None),
])
def test_the_hint_is_two_letters_or_nothing(api: BotApi, code: str | None, hint: str | None) -> None:
    api.user(42, language_code=code).says("a")
    assert last(api).people[0].hint == hint


@pytest.mark.parametrize(("text", "expected"), [
    ("/start", Start()),
    ("/start vnx-marche", Start("vnx-marche")),
    ("/start@premierpas_test_bot vnx_1", Start("vnx_1")),
    ("/start with spaces", Start()),
    ("/start <b>x</b>", Start()),
    (f"/start {'a' * 65}", Start()),
    ("/start a\nb", Start()),
    ("/started", Words("started")),
    ("/menu", Words("menu")),
    ("/langue@premierpas_test_bot", Words("langue")),
    ("/stop maintenant", Words("stop maintenant")),
    ("/قائمة", Words("قائمة")),
    ("/o12.3", Words("o12.3")),
    ('/book_seat{"session":"9"}', Words('book_seat{"session":"9"}')),
    ("/SetSlots(consent=yes)", Words("SetSlots(consent=yes)")),
    ("/", Words("/")),
    ("<b>*_`</b>", Words("<b>*_`</b>")),
])
def test_commands_open_or_are_plain_words_and_never_a_payload(api: BotApi, text: str, expected: object) -> None:
    api.user(42).says(text)
    assert content(api) == [expected]


@pytest.mark.parametrize(("sent", "kind"), [
    ({"voice": FILE | {"duration": 2}}, "voice"),
    ({"audio": FILE | {"duration": 2}}, "voice"),
    ({"video_note": FILE | {"length": 1, "duration": 2}}, "voice"),
    ({"photo": [SIZED]}, "photo"),
    ({"video": SIZED | {"duration": 1}}, "video"),
    ({"animation": SIZED | {"duration": 1}, "document": FILE}, "video"),
    ({"sticker": SIZED | {"type": "regular", "is_animated": False, "is_video": False}}, "sticker"),
    ({"document": FILE}, "document"),
    ({"contact": {"phone_number": "+33000000000", "first_name": "A"}}, "contact"),
    ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
    ({"something_new": {"a": 1}}, "other"),
    ({"voice": {"no": "file id"}}, "other"),
    ({"photo": "not a list"}, "other"),
    ({"date": 99_999_999_999_999}, "other"),
])
def test_what_is_not_text_is_media_even_when_unknown(api: BotApi, sent: dict[str, object], kind: str) -> None:
    api.user(42).sends(**sent)
    (media,) = content(api)
    assert isinstance(media, Media)
    assert media.kind == kind


def test_words_in_a_message_of_an_odd_shape_are_not_lost(api: BotApi) -> None:
    api.user(42).sends(text="au secours", entities=[{"odd": 1}])
    assert content(api) == [Words("au secours")]


def test_a_position_and_a_venue_are_positions(api: BotApi) -> None:
    place = {"latitude": 45.7, "longitude": 4.88}
    first = api.user(42).shares_position(45.7, 4.88)
    assert content(api) == [Position(45.7, 4.88, Enclosure("telegram", f"42:{first['message_id']}"))]
    second = api.user(42).sends(location=place, venue={"location": place, "title": "t", "address": "a"})
    assert content(api) == [Position(45.7, 4.88, Enclosure("telegram", f"42:{second['message_id']}"))]


def test_a_caption_follows_its_picture_as_words(api: BotApi) -> None:
    message = api.user(42).sends_photo("c'est quoi ce papier")
    picture, words = last(api).people
    where = Enclosure("telegram", f"42:{message['message_id']}", "photo", mime="image/jpeg", size=4)
    assert (picture.content, words.content) == (Media("photo", where), Words("c'est quoi ce papier"))
    assert words.external_id == f"42:{message['message_id']}:caption" != picture.external_id


def test_pictures_of_one_album_all_come_and_say_that_they_belong_together(api: BotApi) -> None:
    api.user(42).sends_photo(album="a1")
    api.user(42).sends_photo(album="a1")
    first, second = (read(update, User.de_json(api.bot), NOW).people[0] for update in api.updates)
    assert first.external_id != second.external_id
    assert isinstance(first.content, Media)
    assert isinstance(second.content, Media)
    assert first.content.album == second.content.album == "a1"


async def test_what_a_counsellor_sends_in_a_leads_topic_is_for_the_person(api: BotApi) -> None:
    team = api.group(-100, forum=True)
    sent = team.member_sends(thread=7, voice=FILE | {"duration": 2, "file_size": 900}, caption="écoutez")
    (inbound,) = last(api).teams
    where = Enclosure("telegram", f"-100:{sent['message_id']}", "f", size=900)
    assert inbound.content == TeamMedia("voice", where, "écoutez", "7", None)
    team.member_sends(thread=7, location={"latitude": 45.7, "longitude": 4.88})
    (inbound,) = last(api).teams
    assert isinstance(inbound.content, TeamMedia)
    assert inbound.content.point == (45.7, 4.88)
    team.member_sends(voice=FILE | {"duration": 2})  # to colleagues, in no thread
    assert last(api).teams == ()


@pytest.mark.parametrize("typed", ["/notes pas devant lui", "/intern x", "/", "/3 demain"])
async def test_what_begins_with_a_slash_is_never_words_for_the_person(api: BotApi, typed: str) -> None:
    api.group(-100, forum=True).member_says(typed, thread=7)
    contents = [one.content for one in last(api).teams]
    assert all(isinstance(one, TeamWords) and one.command for one in contents) or typed == "/"


async def test_a_note_under_a_picture_is_a_note_and_the_picture_stays_here(api: BotApi) -> None:
    team = api.group(-100, forum=True)
    team.member_sends(thread=7, photo=[SIZED], caption="/note ne pas lui montrer")
    (inbound,) = last(api).teams
    assert inbound.content == TeamWords("ne pas lui montrer", "7", None, private=True)


@pytest.mark.parametrize(("typed", "kept"), [("/note: pas devant lui", "pas devant lui"),
                                             ("/note ne parle pas devant son mari", "ne parle pas devant son mari"),
                                             ("/note", ""), ("/interne rappeler", "rappeler")])
async def test_a_note_is_for_colleagues(api: BotApi, typed: str, kept: str) -> None:
    api.group(-100, forum=True).member_says(typed, thread=7)
    (inbound,) = last(api).teams
    assert inbound.content == TeamWords(kept, "7", None, private=True)


def test_an_edit_says_the_new_text_and_each_edit_has_its_own_id(api: BotApi) -> None:
    amal = api.user(42)
    message = amal.says("vénissieu")
    edited = amal.edits(message, "Vénissieux")
    (inbound,) = last(api).people
    assert inbound.content == Edited("Vénissieux")
    assert inbound.external_id == f"ed:42:{message['message_id']}:{edited['edit_date']}"


def test_an_edit_in_a_group_is_the_teams(api: BotApi) -> None:
    group = api.group(-100, forum=True)
    for text, thread, kept in (
        ("demain 10 h", 7, ["demain 10 h"]), ("/note jeudi", 7, [""]), ("/truc", 7, [""]), ("/pause", 7, []),
        ("on mange où", None, []),
    ):
        message = group.member_says("demain 9 h", thread=thread)
        api.push("edited_message", message | {"text": text, "edit_date": 9})
        read = last(api)
        assert read.people == ()
        found = [one.content for one in read.teams]
        assert found == [TeamEdited(words, f"-100:{message['message_id']}", "7") for words in kept]
        assert all(one.external_id.startswith("ed:-100:") for one in read.teams)


def test_a_live_position_in_a_group_is_not_followed(api: BotApi) -> None:
    where = {"latitude": 45.7, "longitude": 4.8}
    message = api.group(-100, forum=True).member_sends(thread=7, location=where)
    api.push("edited_message", message | {"edit_date": 9})
    assert last(api).teams == ()


def test_an_edit_in_a_private_chat_is_a_counsellors_when_the_chat_is(api: BotApi) -> None:
    amal = api.user(42)
    amal.edits(amal.says("9 h"), "10 h")
    (edited,) = last(api).direct
    assert isinstance(edited.content, TeamEdited)
    assert edited.content.text == "10 h"


def test_a_live_position_is_not_followed(api: BotApi) -> None:
    api.push("edited_message", api.user(42).shares_position(1, 2) | {"edit_date": 9})
    assert content(api) == []


async def test_a_press_in_the_private_chat_is_the_persons(api: BotApi) -> None:
    amal = api.user(42)
    query = amal.presses(await card(api, 42), 0)
    said = last(api)
    assert [(i.external_id, i.content) for i in said.people] == [(f"cb:{query['id']}", Press("/lead take L7"))]
    assert (said.callback, said.teams) == (query["id"], ())


async def test_a_press_on_an_old_message_still_counts(api: BotApi) -> None:
    api.user(42).presses(await card(api, 42), 0)
    query = api.updates[-1]["callback_query"]
    query["message"] = {"chat": query["message"]["chat"], "message_id": 3, "date": 0}  # InaccessibleMessage
    assert content(api) == [Press("/lead take L7")]


async def test_a_press_on_someone_elses_message_is_answered_and_dropped(api: BotApi) -> None:
    api.user(42)
    api.user(43).presses(await card(api, 42), 0)
    said = last(api)
    assert (said.people, said.teams) == ((), ())
    assert said.callback is not None


def test_a_press_with_no_message_is_answered_and_dropped(api: BotApi) -> None:
    api.push("callback_query", {"id": "q", "from": {"id": 42, "is_bot": False, "first_name": "A"},
                                "chat_instance": "1", "data": "/o1.1", "inline_message_id": "x"})
    assert last(api) == Read(callback="q")


def test_blocking_is_told_and_unblocking_is_not(api: BotApi) -> None:
    api.user(42).blocks_bot()
    assert content(api) == [Blocked()]
    api.user(42).unblocks_bot()
    assert content(api) == []


def test_the_platforms_own_messages_are_not_the_persons(api: BotApi) -> None:
    api.user(42).sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    assert content(api) == []


@pytest.mark.parametrize("update", [
    {"update_id": 1}, {"update_id": 1, "message": None}, {"update_id": 1, "message": {}},
    {"update_id": 1, "message": []}, {"update_id": 1, "message": {"chat": {"type": "private", "id": "x"}}},
    {"update_id": 1, "callback_query": {"id": "q"}}, {"update_id": 1, "poll": {"id": 1}},
    {"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}}},
    {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}, "text": "x"}},
])
def test_odd_updates_say_nothing_and_raise_nothing(api: BotApi, update: dict[str, object]) -> None:
    said = read(update, User.de_json(api.bot), NOW)
    assert (said.people, said.teams) == ((), ())


# ── a team ──


@pytest.mark.parametrize("forum", [False, True])
def test_the_code_connects_the_group_and_says_whether_it_has_topics(api: BotApi, forum: bool) -> None:
    message = api.group(-100, forum=forum).member_says("/connect@premierpas_test_bot K7Q2", 7, name="Inès")
    (inbound,) = last(api).teams
    assert inbound.content == Connect("K7Q2", forum=forum)
    assert (inbound.channel, inbound.address) == ("telegram", "-100")
    assert (inbound.author, inbound.author_name) == ("7", "Inès")
    assert inbound.external_id == f"-100:{message['message_id']}"


async def test_a_cards_buttons_are_team_presses(api: BotApi) -> None:
    group = api.group(-100)
    message = await card(api, -100)
    group.member_presses(message, 0, 7, "Inès")
    (inbound,) = last(api).teams
    assert (inbound.content, inbound.author) == (TeamPress("take", "L7"), "7")
    group.member_presses(message, 1)
    assert content(api) == [TeamPress("refuse_because", "L7", "hors secteur")]
    group.member_presses(message, 2)
    assert content(api) == []
    assert last(api).callback is not None


async def test_every_button_the_desk_makes_reaches_the_desk(api: BotApi) -> None:
    """« Proposer une date » and the outcomes were once dropped here, and nobody was told."""
    lead = LeadRow("id", "L7", None, None, "taken", "ifra", "drome", (), (), None, "7", "Inès", (), NOW, NOW, NOW)
    desk = Cards(parts().content)
    made = [desk.offered(lead), desk.taken(lead, "Inès"), desk.back(lead, "Inès"), desk.ask_reason(lead),
            desk.ask_outcome(lead), desk.unowned(lead), desk.ask_stage(lead),
            desk.waiting(lead, "alarm", {"since": Moment(NOW)}),
            desk.teams(lead, [Team("innovation-et-developpement", "drome", "", "Inno", ())])]
    group = api.group(-100)
    for rendered in made:
        for button in rendered.buttons:
            await offer(api, button.payload)
            group.member_presses(api.messages[-1], 0, 7, "Inès")
            (press,) = content(api)
            assert isinstance(press, TeamPress), button.payload
            assert press.lead == "L7"


@pytest.mark.parametrize(("payload", "press"), [
    ("/day list 0123456789abcdef", TeamPress("day_list", "0123456789abcdef")),
    ("/day mark 0123456789abcdef seen ACDE", TeamPress("day_mark", "0123456789abcdef", "seen ACDE")),
])
async def test_the_days_buttons_are_team_presses(api: BotApi, payload: str, press: TeamPress) -> None:
    group = api.group(-100)
    await offer(api, payload)
    group.member_presses(api.messages[-1], 0)
    assert content(api) == [press]


@pytest.mark.parametrize("text", ["/jour", "/jour@premierpas_test_bot", "/permanences"])
def test_the_days_command_is_understood_in_a_group(api: BotApi, text: str) -> None:
    api.group(-100).member_says(text)
    assert content(api) == [TeamDay()]


def test_words_in_a_topic_carry_the_topic_and_no_false_reply(api: BotApi) -> None:
    group = api.group(-100, forum=True)
    group.chat.topics[55] = "L7"
    group.member_says("bonjour, je suis là", thread=55)
    assert content(api) == [TeamWords("bonjour, je suis là", thread="55")]


async def test_a_reply_to_the_bot_carries_what_it_answers(api: BotApi) -> None:
    group = api.group(-100)
    message = await card(api, -100)
    group.member_says("je m'en occupe", reply_to=message)
    assert content(api) == [TeamWords("je m'en occupe", reply_to=f"-100:{message.id}", to_bot=True)]


async def test_a_reply_in_a_topic_carries_both(api: BotApi) -> None:
    group = api.group(-100, forum=True)
    group.chat.topics[55] = "L7"
    message = await card(api, -100, message_thread_id=55)
    group.member_says("oui", thread=55, reply_to=message)
    assert content(api) == [TeamWords("oui", "55", f"-100:{message.id}", to_bot=True)]


def test_colleagues_talk_stays_theirs(api: BotApi) -> None:
    group = api.group(-100)
    first = group.member_says("qui vient à la réunion ?")
    assert content(api) == []
    group.member_says("moi", reply_to=first)
    assert content(api) == []
    group.member_says("@quelquun_dautre tu viens ?")
    assert content(api) == []
    group.member_says("/aide@un_autre_bot")
    assert content(api) == []
    group.member_sends(new_chat_title="Équipe du soir")
    assert content(api) == []


@pytest.mark.parametrize("text", ["👋 @premierpas_test_bot tu es là ?", "@PremierPas_Test_Bot"])
def test_a_mention_is_heard(api: BotApi, text: str) -> None:
    api.group(-100).member_says(text)
    assert content(api) == [TeamWords(text)]


@pytest.mark.parametrize("text", ["/start", "/aide"])
def test_a_command_is_heard_as_one(api: BotApi, text: str) -> None:
    api.group(-100).member_says(text)
    assert content(api) == [TeamWords("", command=True)]


def test_nothing_of_a_contact_card_is_read(api: BotApi) -> None:
    api.user(42).sends(contact={"phone_number": "+33612345678", "first_name": "Samia", "last_name": "Benali"})
    said = repr(last(api).people)
    assert "contact" in said
    assert not [secret for secret in ("612345678", "Samia", "Benali") if secret in said]


def test_whoever_forgets_the_code_or_only_adds_the_bot_is_answered(api: BotApi) -> None:
    group = api.group(-100)
    group.member_says("/connect")
    assert content(api) == [Connect("")]
    somebody = {"id": 5, "is_bot": False, "first_name": "Zed"}
    group.member_sends(new_chat_members=[somebody, api.bot])
    assert content(api) == [Connect("")]
    group.member_sends(new_chat_members=[somebody])
    assert content(api) == []


@pytest.mark.parametrize(("name", "shown"), [("Fatou Diallo", "Fatou"), ("Inès", "Inès"), ("👋", "👋")])
def test_a_counsellor_is_known_by_the_first_name_alone(api: BotApi, name: str, shown: str) -> None:
    api.group(-100).member_says("/start", name=name)
    assert [one.author_name for one in last(api).teams] == [shown]


def test_an_anonymous_admin_is_known_by_the_group(api: BotApi) -> None:
    api.group(-100, "Portes du Sud").anonymous_admin_says("/connect K7Q2")
    (inbound,) = last(api).teams
    assert (inbound.content, inbound.author, inbound.author_name) == (Connect("K7Q2"), "-100", "Portes du Sud")


def test_other_bots_and_copied_channel_posts_are_not_heard(api: BotApi) -> None:
    group = api.group(-100)
    group.member_sends(text="/start")
    update = api.updates[-1]
    update["message"]["from"]["is_bot"] = True
    assert content(api) == []
    del update["message"]["from"]
    update["message"] |= {"sender_chat": {"id": -9, "type": "channel", "title": "c"}, "is_automatic_forward": True}
    assert content(api) == []


def test_a_moved_group_and_a_removal_are_told(api: BotApi) -> None:
    group = api.group(-5, kind="group")
    moved = group.becomes_supergroup(-1005)
    assert content(api) == [TeamMoved("-1005")]
    moved.removes_bot()
    assert content(api) == [TeamLeft()]
    assert last(api).teams[0].address == "-1005"


def test_a_counsellors_edit_is_not_said_twice(api: BotApi) -> None:
    message = api.group(-100).member_says("/start")
    api.push("edited_message", message | {"text": "/start 2", "edit_date": 9})
    assert content(api) == []


@pytest.mark.parametrize(("typed", "said"), [
    ("/connect ABCD", Connect("ABCD", direct=True)), ("/pause", TeamQuiet(on=True)),
    ("/reprendre", TeamQuiet(on=False)),
    ("/arrivee Zoé", TeamArrived("Zoé")), ("/sansrdv", TeamArrived()),
    ("/note ACDE apporter le bail", TeamWords("ACDE apporter le bail", private=True)),
    ("/disconnect", TeamLeft(asked=True)), ("/jour", TeamDay()), ("bonjour", TeamWords("bonjour")),
    ("/prenom Fatou", TeamName("Fatou")), ("/prenom", TeamName("")),
])
async def test_a_private_chat_is_read_for_both_and_the_intake_chooses(
    api: BotApi, typed: str, said: object
) -> None:
    api.user(42).says(typed)
    both = last(api)
    assert len(both.people) == 1
    (direct,) = both.direct
    assert (direct.address, direct.author, direct.content) == ("42", "42", said)


async def test_a_press_in_a_counsellors_own_chat_is_the_desks(api: BotApi) -> None:
    api.user(42).presses(await card(api, 42), 0)
    (direct,) = last(api).direct
    assert direct.content == TeamPress("take", "L7", None)
