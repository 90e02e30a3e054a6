import asyncio
from typing import get_args

import pytest

from bot.desk import LONGEST_REPLY, Outcome
from bot.desk.outcomes import OutcomeKind
from bot.store.values import Counsellor
from dialogues.effects import MarkBlocked
from tests.handoff.office import LEAD_BODY, TRUCK, WORDS, Office


@pytest.fixture
async def fatou(office: Office) -> Counsellor:
    return await office.counsellor("Fatou", TRUCK)


async def test_the_person_is_told_who_took_it(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    assert (await office.desk.take(lead.ref, fatou)).kind == "done"
    now = await office.row(lead.ref)
    assert (now.state, now.taken_by, now.taken_name) == ("taken", fatou.id, "Fatou")
    said = await office.heard("person-1")
    assert len(said) == 1
    assert "Fatou, de l'équipe du camion Pic Up Tour" in said[0]


async def test_of_many_who_take_at_once_one_wins_and_the_others_know_who(office: Office) -> None:
    lead = await office.lead()
    people = [await office.counsellor(f"C{number}", TRUCK) for number in range(8)]
    outcomes = await asyncio.gather(*(office.desk.take(lead.ref, one) for one in people))
    assert sorted(outcome.kind for outcome in outcomes) == ["done"] + ["taken_by"] * 7
    winner = (await office.row(lead.ref)).taken_name
    assert {outcome.name for outcome in outcomes if outcome.kind == "taken_by"} == {winner}
    assert len(await office.heard("person-1")) == 1


async def test_taking_twice_is_said_to_the_person_once(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    assert (await office.desk.take(lead.ref, fatou)).kind == "yours_already"
    assert len(await office.heard("person-1")) == 1


async def test_what_was_handed_back_to_the_bot_takes_no_room_until_it_is_asked_for_again(
    office: Office, fatou: Counsellor,
) -> None:
    async def load() -> int:
        async with office.store.turn("memory", "somebody-else") as tx:
            return (await tx.load()).get(TRUCK, 0)

    lead = await office.lead()
    assert await load() == 1
    await office.desk.take(lead.ref, fatou)
    assert await load() == 1
    await office.desk.hand_back(lead.ref, fatou)
    assert (await office.row(lead.ref)).state == "handed_back"
    assert await load() == 0
    await office.lead()  # the same person asks again
    assert (await office.row(lead.ref)).state == "offered"
    assert await load() == 1


async def test_a_refusal_goes_to_the_next_body_then_to_nobody(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    ines = await office.counsellor("Inès", LEAD_BODY)
    assert (await office.desk.refuse(lead.ref, fatou, "full")).kind == "done"
    second = await office.row(lead.ref)
    assert (second.state, second.body, second.refused) == ("offered", LEAD_BODY[1], ("ifra",))
    assert second.reasons[0] == "commune : Saint-Fons"
    assert "déjà proposée à : IFRA, équipe du Pic Up Tour" in second.reasons
    assert "l'équipe d'Innovation et Développement" in (await office.heard("person-1"))[0]

    assert (await office.desk.take(lead.ref, fatou)).kind == "not_yours"
    assert (await office.desk.refuse(lead.ref, ines, "anything")).kind == "done"
    third = await office.row(lead.ref)
    assert (third.state, third.refused) == ("unowned", ("ifra", LEAD_BODY[1]))
    assert len(await office.heard("person-1")) == 1

    admin = await office.counsellor("Odile", ("portes-du-sud", None), "admin")
    assert (await office.desk.take(lead.ref, admin)).kind == "done"


async def test_a_reply_reaches_the_person_word_for_word_under_the_first_name(
    office: Office, fatou: Counsellor
) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.deliver()
    words = "Bonjour <b>Samia</b> {name} *demain* 9 h ?"
    assert (await office.desk.reply(lead.ref, fatou, f"  {words}\n")).kind == "done"
    rows = [row for row in await office.deliver() if row.address == "person-1"]
    assert [(row.rendered.text, row.rendered.speaker, row.rendered.name) for row in rows] == [
        (words, "counsellor", "Fatou"),
    ]
    thread = await office.store.lead_thread(lead.id)
    assert [(line.author, line.name, line.text) for line in thread] == [("counsellor", "Fatou", words)]


async def test_a_colleague_may_reply_under_their_own_name(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    marc = await office.counsellor("Marc", TRUCK)
    assert (await office.desk.reply(lead.ref, marc, "Je remplace Fatou.")).kind == "done"
    assert [row.rendered.name for row in await office.deliver() if row.rendered.speaker == "counsellor"] == ["Marc"]


@pytest.mark.parametrize(
    ("text", "kind"), [("", "empty"), (" \n", "empty"), ("x" * (LONGEST_REPLY + 1), "too_long")]
)
async def test_words_that_cannot_go_are_said_not_to_have_gone(
    office: Office, fatou: Counsellor, text: str, kind: str
) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.deliver()
    assert (await office.desk.reply(lead.ref, fatou, text)).kind == kind
    assert await office.heard("person-1") == []
    assert await office.store.lead_thread(lead.id) == ()


async def test_nothing_is_sent_before_taking_after_handing_back_or_after_closing(
    office: Office, fatou: Counsellor
) -> None:
    lead = await office.lead()
    assert (await office.desk.reply(lead.ref, fatou, "Bonjour")).kind == "take_first"
    assert (await office.desk.hand_back(lead.ref, fatou)).kind == "moved_on"
    assert (await office.desk.close(lead.ref, fatou)).kind == "moved_on"
    await office.desk.take(lead.ref, fatou)
    assert (await office.desk.refuse(lead.ref, fatou, "full")).kind == "taken_by"
    assert (await office.desk.hand_back(lead.ref, fatou)).kind == "done"
    assert (await office.desk.reply(lead.ref, fatou, "Bonjour")).kind == "take_again_first"
    assert (await office.desk.take(lead.ref, fatou)).kind == "done"
    assert (await office.desk.close(lead.ref, fatou)).kind == "done"
    for outcome in (
        await office.desk.reply(lead.ref, fatou, "Bonjour"), await office.desk.take(lead.ref, fatou),
        await office.desk.close(lead.ref, fatou), await office.desk.hand_back(lead.ref, fatou),
        await office.desk.refuse(lead.ref, fatou, "full"),
    ):
        assert outcome.kind == "over"
    said = [row for row in await office.deliver() if row.address == "person-1"]
    assert not [row for row in said if row.rendered.speaker == "counsellor"]
    assert len(said) == 4  # taken, handed back, taken, closed


async def test_nobody_acts_on_another_teams_lead(office: Office) -> None:
    lead = await office.lead()
    strangers = [
        await office.counsellor("Same body, other consortium", ("drome", "ifra")),
        await office.counsellor("Other body", LEAD_BODY),
        await office.counsellor("Admin elsewhere", ("drome", None), "admin"),
    ]
    desk = office.desk
    for stranger in strangers:
        for outcome in (
            await desk.take(lead.ref, stranger), await desk.refuse(lead.ref, stranger, "full"),
            await desk.reply(lead.ref, stranger, WORDS), await desk.hand_back(lead.ref, stranger),
            await desk.close(lead.ref, stranger),
        ):
            assert outcome.kind == "not_yours"
    assert (await office.row(lead.ref)).state == "offered"
    assert await office.heard("person-1") == []


async def test_what_the_person_erased_is_gone(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.erase()
    assert (await office.desk.reply(lead.ref, fatou, WORDS)).kind == "gone"
    assert (await office.desk.close(lead.ref, fatou)).kind == "gone"
    assert (await office.desk.take("NOSUCH", fatou)).kind == "gone"


async def test_every_outcome_has_a_sentence_in_french(office: Office) -> None:
    for kind in get_args(OutcomeKind):
        said = office.desk.cards.outcome(Outcome(kind, "ABCDEF", "Fatou"))
        assert said.text
        assert "{" not in said.text
        assert (said.speaker, said.language) == ("team", "fr")


async def test_a_counsellor_is_told_when_the_person_blocked_the_bot(office: Office, fatou: Counsellor) -> None:
    lead = await office.lead()
    await office.desk.take(lead.ref, fatou)
    await office.deliver()
    async with office.store.turn("memory", "person-1") as tx:
        await tx.apply(MarkBlocked())
    assert (await office.desk.reply(lead.ref, fatou, WORDS)).kind == "blocked"
    assert await office.heard("person-1") == []
    assert await office.store.lead_thread(lead.id) == ()
