"""A counsellor never believes wrongly that their words arrived, or that a mistake was mended."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.inbound import Blocked
from bot.jobs.outbox import MOST_ATTEMPTS, send_waiting
from bot.outbound import Delivered, Outbound
from bot.ports import ChannelBlocked, ChannelBusy, ChannelRefused
from bot.store.errors import StoreUnavailable
from bot.store.values import CalendarSession, LeadRow
from bot.team_inbound import TeamEdited, TeamMedia, TeamPress, TeamWords
from dialogues.effects import RelayToTeam
from dialogues.enclosure import Enclosure
from tests.handoff.office import LEAD_BODY, TRUCK, Office
from tests.handoff.test_quiet import own_chat
from tests.handoff.test_writing import CHIEFS, GROUP, OWN, send, thread
from tests.store.samples import PLACE

PERSON = "person-1"
LOST = "Votre correction n'est pas partie"


class Failing:
    """A channel that fails as told, and takes what a group is sent."""

    name = "memory"

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    async def send(self, outbound: Outbound) -> Delivered:
        if self.error is not None:
            raise self.error
        return Delivered(f"m{outbound.id}")


@pytest.fixture
async def lead(office: Office) -> LeadRow:
    """Taken from the group; the team has another chat too."""
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, LEAD_BODY)
    await office.group(OWN, TRUCK)
    lead = await office.lead()
    await office.says(GROUP, "Fatou", TeamPress("take", lead.ref))
    await office.deliver()
    return lead


def texts(rows: Sequence[Outbound], address: str) -> list[str]:
    return [row.rendered.text for row in rows if row.address == address]


async def write(office: Office, words: str, message: str = "-100:9") -> None:
    await office.says(GROUP, "Fatou", TeamWords(words, thread(office)), update=message)


async def edit(office: Office, words: str, message: str = "-100:9") -> None:
    await office.says(GROUP, "Fatou", TeamEdited(words, message, thread(office)))


async def states(office: Office, lead: LeadRow) -> list[str | None]:
    return [line.delivery for line in await office.store.lead_thread(lead.id)]


async def test_a_correction_reaches_the_person_and_their_copy_is_edited(office: Office, lead: LeadRow) -> None:
    await write(office, "demain 9 h")
    (first,) = [row for row in await office.deliver() if row.address == PERSON]
    await edit(office, "demain 10 h")
    rows = await office.deliver()
    theirs = [row for row in rows if row.address == PERSON]
    assert [(row.kind, row.edit_of, row.reply_to, row.rendered.name) for row in theirs] == [
        ("edit", f"message-{first.id}", None, "Fatou"), ("message", None, f"message-{first.id}", "Fatou")]
    assert {row.rendered.text for row in theirs} == {"✏️ Message corrigé :\ndemain 10 h"}
    assert texts(rows, GROUP) == ["✏️ Votre correction est partie."]
    assert texts(rows, OWN) == ["✏️ Fatou a corrigé son message à la personne : demain 10 h"]
    lines = [(line.kind, line.text) for line in await office.store.lead_thread(lead.id)]
    assert lines == [("text", "demain 9 h"), ("edited", "demain 10 h")]


async def test_a_second_correction_mends_every_copy(office: Office, lead: LeadRow) -> None:
    await write(office, "9 h")
    await office.deliver()
    await edit(office, "10 h")
    await office.deliver()
    await edit(office, "11 h")
    theirs = [row for row in await office.deliver() if row.address == PERSON]
    assert [row.kind for row in theirs] == ["edit", "edit", "message"]
    assert all("11 h" in row.rendered.text for row in theirs)


async def test_what_was_not_sent_yet_goes_only_as_corrected(office: Office, lead: LeadRow) -> None:
    await write(office, "9 h")
    await edit(office, "10 h")
    rows = await office.deliver()
    assert texts(rows, PERSON) == ["✏️ Message corrigé :\n10 h"]
    assert await states(office, lead) == ["lost", "sent"]


async def test_where_the_copy_cannot_be_edited_the_counsellor_knows(office: Office, lead: LeadRow) -> None:
    await write(office, "9 h")
    for row in await office.store.claim_outbox(
        frozenset({"memory"}), office.hours.now, 9, timedelta(minutes=1)
    ):
        await office.store.delivered(row.id, Delivered())  # a page: no message of its own to edit
    await edit(office, "10 h")
    rows = await office.deliver()
    assert [row.kind for row in rows if row.address == PERSON] == ["message"]
    assert any("voit encore l'ancien" in text for text in texts(rows, GROUP))


async def test_nothing_is_said_of_an_edit_that_changes_nothing(office: Office, lead: LeadRow) -> None:
    await write(office, "9 h")
    await office.deliver()
    await edit(office, "9 h ")
    assert await office.deliver() == ()


@pytest.mark.parametrize("end", ["back", "close"])
async def test_too_late_to_be_corrected_is_said(office: Office, lead: LeadRow, end: str) -> None:
    await write(office, "9 h")
    await office.says(GROUP, "Fatou", TeamPress(end, lead.ref))
    await office.deliver()
    await edit(office, "10 h")
    rows = await office.deliver()
    assert texts(rows, PERSON) == []
    assert [LOST in text for text in texts(rows, GROUP)] == [True]


@pytest.mark.parametrize("words", ["", "x" * 4097])
async def test_what_cannot_go_is_said(office: Office, lead: LeadRow, words: str) -> None:
    await write(office, "9 h")
    await office.deliver()
    await edit(office, words)  # a note now, or a command; or too long
    rows = await office.deliver()
    assert texts(rows, PERSON) == []
    assert ["n'est pas parti" in text for text in texts(rows, GROUP)] == [True]


async def test_an_edited_note_or_a_message_that_never_went_is_not_sent(office: Office, lead: LeadRow) -> None:
    await office.says(GROUP, "Fatou", TeamWords("a peur", thread(office), private=True), update="-100:9")
    await office.deliver()
    await edit(office, "a peur de lui")
    await edit(office, "autre", "-100:77")
    rows = await office.deliver()
    assert texts(rows, PERSON) == []
    assert [LOST in text for text in texts(rows, GROUP)] == [True, True]


async def test_colleagues_may_edit_what_they_say_to_each_other(office: Office, lead: LeadRow) -> None:
    await office.says(GROUP, "Fatou", TeamEdited("on mange où ?", "-100:77"))
    await office.says("strangers", "Eve", TeamEdited("10 h", "-100:9"))
    assert await office.deliver() == ()


async def test_in_a_counsellors_own_chat_too(office: Office) -> None:
    await own_chat(office)
    own = "4242"
    lead = await office.lead()
    (card,) = [row for row in await office.deliver() if row.kind == "card"]
    await office.says(own, "Fatou", TeamPress("take", lead.ref))
    await office.says(own, "Fatou", TeamWords("9 h", None, f"message-{card.id}"), update="4242:5")
    await office.deliver()
    await office.says(own, "Fatou", TeamEdited("10 h", "4242:5", None, f"message-{card.id}"))
    await office.says(own, "Fatou", TeamEdited("rien", "4242:6"))
    rows = await office.deliver()
    assert all("10 h" in text for text in texts(rows, PERSON))
    assert [LOST in text for text in texts(rows, own)] == [False, True]


async def test_the_words_with_a_picture_are_corrected(office: Office, lead: LeadRow) -> None:
    photo = TeamMedia("photo", Enclosure("telegram", "-100:9", "f"), "rue Pasteur", thread(office))
    await office.says(GROUP, "Fatou", photo, update="-100:9")
    await office.deliver()
    await edit(office, "rue Pascal")
    assert set(texts(await office.deliver(), PERSON)) == {"✏️ Message corrigé :\nrue Pascal"}
    await edit(office, "rue Pascal")  # another picture under the same words
    assert await office.deliver() == ()


# ── what became of it ───────────────────────────────────────────────────────────────────────────────────


async def send_all(office: Office, error: Exception | None) -> None:
    await send_waiting(office.store, {"memory": Failing(error)}, office.turns, office.hours.clock)


async def test_words_refused_for_good_are_told_to_the_team(office: Office, lead: LeadRow) -> None:
    await write(office, "Venez lundi")
    assert await states(office, lead) == ["waiting"]
    await send_all(office, ChannelRefused())
    rows = await office.deliver()
    (told,) = texts(rows, GROUP)
    assert "n'est pas arrivé : Venez lundi" in told
    assert "encore une fois" in told
    assert await states(office, lead) == ["lost"]


@pytest.mark.parametrize("error", [ChannelBusy(), RuntimeError()])
async def test_words_tried_too_often_are_told(office: Office, lead: LeadRow, error: Exception) -> None:
    await write(office, "Venez lundi")
    for _ in range(MOST_ATTEMPTS - 1):
        await send_all(office, error)
        office.hours.advance(minutes=6)
    assert texts(await office.store.claim_outbox(
        frozenset({"telegram"}), office.hours.now, 9, timedelta(seconds=1)), GROUP) == []
    office.hours.advance(minutes=6)
    await send_all(office, error)
    assert any("n'est pas arrivé" in text for text in texts(await office.deliver(), GROUP))


async def test_a_picture_that_is_lost_is_named(office: Office, lead: LeadRow) -> None:
    photo = TeamMedia("photo", Enclosure("telegram", "-100:9", "f"), "", thread(office))
    await office.says(GROUP, "Fatou", photo)
    await send_all(office, ChannelRefused())
    assert any("n'est pas arrivé : une photo" in text for text in texts(await office.deliver(), GROUP))


@pytest.mark.parametrize("how", ["when sending", "by itself"])
async def test_a_person_who_blocks_is_told_to_who_talks_with_them_once(
    office: Office, lead: LeadRow, how: str
) -> None:
    await write(office, "Venez lundi")
    await write(office, "ou mardi", "-100:10")
    if how == "when sending":
        await send_all(office, ChannelBlocked())
    else:
        await send(office, Blocked())
    await send(office, Blocked())
    told = texts(await office.deliver(), GROUP)
    assert ["a bloqué le bot" in text for text in told] == [True]
    assert await states(office, lead) == ["lost", "lost"]


async def test_the_words_of_the_bot_are_nobodys_loss(office: Office, lead: LeadRow) -> None:
    await office.says(GROUP, "Fatou", TeamPress("back", lead.ref))
    await send_all(office, ChannelRefused())
    assert not any("pas arrivé" in text for text in texts(await office.deliver(), GROUP))


async def test_a_team_that_no_longer_has_the_lead_is_not_read_to_another(office: Office, lead: LeadRow) -> None:
    await write(office, "Venez lundi")
    async with office.store.turn("memory", PERSON) as tx:
        team = office.teams.passed_to(TRUCK[0], LEAD_BODY[1], await office.row(lead.ref))
        assert team is not None
        card = office.desk.cards.closed(lead, "x")
        await tx.offer_lead_to(lead.id, team, lambda _: card, lambda ref: ref)
    await send_all(office, ChannelRefused())
    assert not any("Venez lundi" in row.rendered.text for row in await office.deliver() if row.address == CHIEFS)


async def test_the_pages_show_what_became_of_each_message(office: Office, lead: LeadRow) -> None:
    await write(office, "un")
    await send_all(office, None)
    await write(office, "deux", "-100:10")
    await send_all(office, ChannelRefused())
    await write(office, "trois", "-100:11")
    assert await states(office, lead) == ["sent", "lost", "waiting"]


async def test_words_that_another_node_delivered_meanwhile_are_not_lost(office: Office, lead: LeadRow) -> None:
    await write(office, "Venez lundi")

    class Slow(Failing):
        async def send(self, outbound: Outbound) -> Delivered:
            if outbound.rendered.text == "Venez lundi":
                await office.store.delivered(outbound.id, Delivered("m1"))  # by another node: the lease had ended
                raise ChannelRefused
            return Delivered(f"m{outbound.id}")

    await send_waiting(office.store, {"memory": Slow(None)}, office.turns, office.hours.clock)
    assert (await states(office, lead))[-1] == "sent"
    assert not any("pas arrivé" in text for text in texts(await office.deliver(), GROUP))


# ── the first word of all ───────────────────────────────────────────────────────────────────────────────


async def kind_due(office: Office, lead: LeadRow) -> str | None:
    async with office.store.turn("memory", PERSON) as tx:
        return await tx.watched(lead.id)


@pytest.mark.parametrize("error", [ChannelRefused(), ChannelBlocked()])
async def test_a_first_word_that_is_lost_was_none(office: Office, lead: LeadRow, error: Exception) -> None:
    await write(office, "Bonjour, je suis Fatou")
    assert (await office.row(lead.ref)).stage == "contacted"
    assert await kind_due(office, lead) is None
    await send_all(office, error)
    now = await office.row(lead.ref)
    assert (now.state, now.stage, now.written) == ("taken", "new", False)
    assert await kind_due(office, lead) == "lead_silent"
    (told,) = texts(await office.deliver(), GROUP)
    assert "premier" in told
    assert [move.to_state for move in await office.store.lead_history(lead.id)][-1] == "unheard"
    await office.pass_time(days=5)
    assert (await office.row(lead.ref)).state == "offered"  # somebody else tries


async def test_lost_again_it_is_noted_again_and_what_arrives_ends_it(office: Office, lead: LeadRow) -> None:
    for message in ("-100:9", "-100:10"):
        await write(office, "Bonjour", message)
        await send_all(office, ChannelRefused())
    assert await kind_due(office, lead) == "lead_silent"
    await write(office, "Bonjour", "-100:11")
    await office.deliver()
    now = await office.row(lead.ref)
    assert (now.stage, now.written, await kind_due(office, lead)) == ("contacted", True, None)


async def test_while_another_word_is_on_its_way_or_arrived_nothing_is_owed(office: Office, lead: LeadRow) -> None:
    await write(office, "Bonjour")
    await office.deliver()
    await write(office, "Venez lundi", "-100:10")
    await send_all(office, ChannelRefused())
    assert (await office.row(lead.ref)).stage == "contacted"
    assert await kind_due(office, lead) is None
    assert not any("premier" in text for text in texts(await office.deliver(), GROUP))


async def test_an_answer_that_is_lost_is_owed_again(office: Office, lead: LeadRow) -> None:
    await write(office, "Bonjour")
    await office.deliver()
    async with office.store.turn("memory", PERSON) as tx:
        await tx.apply(RelayToTeam(lead.id, "vous êtes où ?", "text"))
    await write(office, "Rue Pasteur", "-100:10")
    await send_all(office, ChannelRefused())
    assert await kind_due(office, lead) == "lead_unanswered"


async def test_who_was_seen_has_been_heard(office: Office, lead: LeadRow) -> None:
    fatou = await office.store.counsellor_by_author("telegram", "author-Fatou", TRUCK[0])
    assert fatou is not None
    await office.desk.came_to(lead.ref, fatou, "met")
    await write(office, "Bonjour")
    await send_all(office, ChannelRefused())
    assert (await office.row(lead.ref)).stage == "met"
    assert await kind_due(office, lead) is None


async def test_nobody_waits_for_a_word_on_a_request_that_is_closed(office: Office, lead: LeadRow) -> None:
    await write(office, "Bonjour")
    await office.says(GROUP, "Fatou", TeamPress("close", lead.ref))
    for _ in range(2):
        await send_all(office, ChannelRefused())
    assert await kind_due(office, lead) is None


async def test_dates_that_are_lost_are_a_first_word_that_is_lost(office: Office, lead: LeadRow) -> None:
    starts = office.hours.now + timedelta(days=2)
    await office.store.load_calendar(
        [PLACE], [CalendarSession("s1", PLACE.id, starts, starts + timedelta(hours=3), 5, *TRUCK)])
    await office.says(GROUP, "Fatou", TeamPress("dates", lead.ref))
    assert (await office.row(lead.ref)).stage == "contacted"
    assert await states(office, lead) == ["waiting"]
    await send_all(office, ChannelRefused())
    assert (await office.row(lead.ref)).stage == "new"
    told = texts(await office.deliver(), GROUP)
    assert any("n'est pas arrivé : mercredi 25 novembre" in text for text in told)


async def test_a_loss_that_cannot_be_told_now_is_told_later(
    office: Office, lead: LeadRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(office, "Bonjour")

    async def away(_row: int) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(office.store, "lost_words", away)
        await send_all(office, ChannelRefused())
    office.hours.advance(minutes=6)
    await send_all(office, ChannelRefused())
    assert await kind_due(office, lead) == "lead_silent"
    assert any("n'est pas arrivé" in text for text in texts(await office.deliver(), GROUP))
