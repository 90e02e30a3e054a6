"""What passes between the person and a counsellor besides plain words: pictures, places, phrases, notes."""

from datetime import timedelta

import pytest

from bot.desk.writing import LARGEST_FILE, PHRASES
from bot.inbound import Content as Sent
from bot.inbound import Inbound, Media, Position, Press
from bot.outbound import Delivered, Enclosed, Outbound, Pin, Rendered
from bot.store.values import LeadRow
from bot.team_inbound import TeamMedia, TeamPress, TeamWords
from dialogues.enclosure import Enclosure
from dialogues.text import Text
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP, CHIEFS, OWN = "group-truck", "group-lead", "another-chat-of-the-team"
PHOTO = Enclosure("telegram", "42:7", "file-1", "", "image/jpeg", 5_000)


@pytest.fixture
async def lead(office: Office) -> LeadRow:
    """A lead taken from the group, whose person speaks Arabic."""
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)
    await office.group(OWN, TRUCK)
    lead = await office.lead()
    await office.says(GROUP, "Fatou", TeamPress("take", lead.ref))
    await office.deliver()
    return lead


async def send(office: Office, content: Sent) -> tuple[Rendered, ...]:
    """The person sends something; what they are told at once."""
    office.updates += 1
    return await office.turns.answer(
        Inbound("memory", f"sent-{office.updates}", "person-1", content, office.hours.now))


async def to(office: Office, address: str) -> list[Outbound]:
    return [row for row in await office.deliver() if row.address == address]


def thread(office: Office) -> str:
    """The topic of the lead in the team's group."""
    return next(f"topic-{row.id}" for row in office.sent if row.kind == "card" and row.address == GROUP)


@pytest.fixture
def topic(office: Office, lead: LeadRow) -> str:
    return thread(office)


@pytest.mark.parametrize(("kind", "said"), [
    ("photo", "📎 La personne a envoyé une photo."), ("voice", "📎 La personne a envoyé un message vocal."),
    ("document", "📎 La personne a envoyé un document."), ("contact", "📎 La personne a envoyé un contact."),
])
async def test_what_the_person_sends_is_shown_to_the_team(
    office: Office, lead: LeadRow, kind: str, said: str
) -> None:
    assert await send(office, Media(kind, PHOTO)) == ()  # type: ignore[arg-type]  # no word of the bot between them
    (row,) = await to(office, GROUP)
    assert row.rendered.text == said
    assert isinstance(row.rendered.attachment, Enclosed)
    assert row.rendered.attachment.enclosure == PHOTO
    (line,) = await office.store.lead_thread(lead.id)
    assert (line.author, line.kind, line.enclosure) == ("person", kind, PHOTO)


async def test_every_picture_of_an_album_reaches_the_team(office: Office, lead: LeadRow) -> None:
    for number in range(3):
        await send(office, Media("photo", Enclosure("telegram", f"42:{number}", f"f{number}"), "album-1"))
    assert len(await to(office, GROUP)) == 3


async def test_a_position_is_shown_to_the_counsellor_and_only_the_commune_is_kept(
    office: Office, lead: LeadRow
) -> None:
    await send(office, Position(45.7092, 4.8530, Enclosure("telegram", "42:9")))
    (row,) = await to(office, GROUP)
    assert row.rendered.text == "📎 La personne a envoyé sa position, à Saint-Fons."
    (line,) = await office.store.lead_thread(lead.id)
    assert (line.kind, line.text) == ("location", "Saint-Fons")


async def test_what_cannot_be_shown_is_said_to_both(office: Office, lead: LeadRow) -> None:
    (said,) = await send(office, Media("voice"))
    assert said.text == office.content.words("utter_media_human", "fr")
    (row,) = await to(office, GROUP)
    assert "ne peut pas vous le montrer" in row.rendered.text


async def test_a_counsellors_picture_reaches_the_person_under_the_first_name(
    office: Office, lead: LeadRow, topic: str
) -> None:
    await office.says(GROUP, "Fatou", TeamMedia("photo", PHOTO, "le plan", topic))
    rows = await office.deliver()
    (row,) = [row for row in rows if row.address == "person-1"]
    assert (row.rendered.speaker, row.rendered.name, row.rendered.text) == ("counsellor", "Fatou", "le plan")
    assert isinstance(row.rendered.attachment, Enclosed)
    assert [row for row in rows if row.address == GROUP] == []  # the group has it before its eyes
    told = [row.rendered.text for row in rows if row.address == OWN]
    assert told == ["Fatou a envoyé à la personne une photo. le plan"]
    assert (await office.row(lead.ref)).stage == "contacted"


async def test_a_counsellors_contact_card_shows_nobody_who_they_are(
    office: Office, lead: LeadRow, topic: str
) -> None:
    await office.says(GROUP, "Fatou", TeamMedia("contact", Enclosure("telegram", "-100:4"), "", topic))
    (answer,) = await office.deliver()
    assert (answer.address, "Rien n'est parti" in answer.rendered.text) == (GROUP, True)
    assert await office.store.lead_thread(lead.id) == ()


async def test_a_counsellors_place_is_a_pin(office: Office, lead: LeadRow, topic: str) -> None:
    where = Enclosure("telegram", "-100:3")
    await office.says(GROUP, "Fatou", TeamMedia("location", where, "", topic, None, (45.7, 4.88)))
    (row,) = await to(office, "person-1")
    assert isinstance(row.rendered.attachment, Pin)
    assert (row.rendered.attachment.latitude, row.rendered.text) == (45.7, "Un lieu sur la carte")


async def test_a_file_too_large_for_the_persons_app_is_refused_with_a_sentence(
    office: Office, lead: LeadRow, topic: str
) -> None:
    film = Enclosure("telegram", "-100:3", "film", size=LARGEST_FILE + 1)
    await office.says(GROUP, "Fatou", TeamMedia("video", film, "", topic))
    rows = await office.deliver()
    assert [row for row in rows if row.address == "person-1"] == []
    assert any("trop lourd" in row.rendered.text for row in rows if row.address == GROUP)


@pytest.mark.parametrize("phrase", PHRASES)
async def test_a_ready_phrase_goes_in_the_persons_language_and_the_team_reads_french(
    office: Office, lead: LeadRow, phrase: str
) -> None:
    async with office.store.turn("memory", "person-1") as tx:
        assert tx.state is not None  # taking it was told
        await tx.save(tx.state.replace('"lang":null', '"lang":"ar"').replace('"lang":"fr"', '"lang":"ar"'), "ar")
    await office.says(GROUP, "Fatou", TeamPress("phrases", lead.ref))
    (shown,) = await to(office, GROUP)
    button = next(b for b in shown.rendered.buttons if b.payload.endswith(f" {phrase}"))
    _, verb, ref, reason = button.payload.split(" ")
    await office.says(GROUP, "Fatou", TeamPress(verb, ref, reason))
    rows = await office.deliver()
    (said,) = [row for row in rows if row.address == "person-1"]
    assert said.rendered.text == office.content.text(Text(f"utter_phrase_{phrase}"), "ar")
    assert said.rendered.speaker == "counsellor"
    (told,) = [row for row in rows if row.address == GROUP]
    assert office.content.text(Text(f"utter_phrase_{phrase}"), "fr") in told.rendered.text


async def test_a_phrase_pressed_twice_goes_once(office: Office, lead: LeadRow) -> None:
    for name in ("Fatou", "Fatou", "Karim"):
        await office.says(GROUP, name, TeamPress("phrase", lead.ref, "hello"))
    rows = await office.deliver()
    assert [row.address for row in rows if row.address != OWN] == [GROUP, "person-1"]
    assert [line.text for line in await office.store.lead_thread(lead.id)] == [
        office.content.words("utter_phrase_hello", "fr")]


@pytest.mark.parametrize("between", ["another", "an answer", "time", "not arrived"])
async def test_a_phrase_meant_twice_goes_twice(office: Office, lead: LeadRow, between: str) -> None:
    await office.says(GROUP, "Fatou", TeamPress("phrase", lead.ref, "hello"))
    match between:
        case "another":
            await office.says(GROUP, "Fatou", TeamPress("phrase", lead.ref, "searching"))
        case "an answer":
            await send(office, Media("voice", None))
        case "time":
            await office.pass_time(minutes=2)
        case _:
            rows = await office.store.claim_outbox(frozenset({"memory"}), office.hours.now, 9, timedelta(minutes=1))
            await office.store.failed(rows[-1].id)
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamPress("phrase", lead.ref, "hello"))
    assert [row.rendered.text for row in await to(office, "person-1")] == [
        office.content.words("utter_phrase_hello", "fr")]


async def test_a_phrase_nobody_wrote_is_not_sent(office: Office, lead: LeadRow) -> None:
    await office.says(GROUP, "Fatou", TeamPress("phrase", lead.ref, "../secrets"))
    assert await to(office, "person-1") == []


async def test_a_note_is_kept_for_the_team_and_never_reaches_the_person(
    office: Office, lead: LeadRow, topic: str
) -> None:
    await office.says(GROUP, "Fatou", TeamWords("rappeler jeudi, pas devant son mari", topic, private=True))
    rows = await office.deliver()
    assert [row for row in rows if row.address == "person-1"] == []
    assert any("🔒 Note gardée" in row.rendered.text for row in rows)
    (line,) = await office.store.lead_thread(lead.id)
    assert (line.author, line.name) == ("private", "Fatou")
    assert (await office.row(lead.ref)).stage == "new"  # a note is no word to the person


async def test_colleagues_elsewhere_read_what_is_written_here(office: Office, lead: LeadRow, topic: str) -> None:
    await office.says(GROUP, "Fatou", TeamWords("pas devant son mari", topic, private=True))
    await office.says(GROUP, "Fatou", TeamWords("Bonjour", topic))
    rows = await office.deliver()
    assert [row.rendered.text for row in rows if row.address == OWN] == [
        "🔒 Note de Fatou, pour l'équipe seulement : pas devant son mari", "Fatou a écrit à la personne : Bonjour"]
    here = [row.rendered.text for row in rows if row.address == GROUP]
    assert here == ["🔒 Note gardée. La personne ne la voit pas."]


async def test_an_unknown_command_goes_to_nobody_and_says_so(office: Office, lead: LeadRow, topic: str) -> None:
    await office.says(GROUP, "Fatou", TeamWords("pas devant lui", topic, command=True))
    rows = await office.deliver()
    assert [row for row in rows if row.address == "person-1"] == []
    assert any("Rien n'est parti" in row.rendered.text for row in rows if row.address == GROUP)


async def test_the_person_picture_itself_can_be_answered(office: Office, lead: LeadRow) -> None:
    await send(office, Media("photo", PHOTO))
    (row,) = [row for row in await office.store.claim_outbox(
        frozenset({"telegram"}), office.hours.now, 10, timedelta(minutes=1)) if row.address == GROUP]
    await office.store.delivered(row.id, Delivered("words-1", None, "picture-1"))
    await office.says(GROUP, "Fatou", TeamWords("Bien reçu", None, "picture-1"))
    assert any(row.rendered.text == "Bien reçu" for row in await office.deliver() if row.address == "person-1")


async def test_an_empty_note_says_how_to_write_one(office: Office, lead: LeadRow, topic: str) -> None:
    await office.says(GROUP, "Fatou", TeamWords("", topic, private=True))
    assert any("/note" in row.rendered.text for row in await to(office, GROUP))


async def test_another_team_does_not_read_what_was_written_with_the_first(office: Office, lead: LeadRow) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.note(lead.ref, fatou, "elle a peur de son mari")
    await send(office, Media("photo", PHOTO))
    outcome = await office.desk.propose_pass(lead.ref, fatou, LEAD_BODY[1])
    assert outcome.done
    yes = next(row for row in await office.deliver() if row.address == "person-1").rendered.buttons[0]
    await send(office, Press(yes.payload))
    assert (await office.row(lead.ref)).body == LEAD_BODY[1]
    assert await office.store.lead_thread(lead.id) == ()
    assert not any("mari" in row.rendered.text for row in await to(office, CHIEFS))


async def test_taking_the_request_back_empties_notes_too(office: Office, lead: LeadRow) -> None:
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.note(lead.ref, fatou, "à rappeler")
    await office.erase()
    assert await office.store.lead_thread(lead.id) == ()
