"""What a team's group sees and does, through the real store; the platform is what delivers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outbound import Outbound
from bot.team_inbound import (
    Connect,
    TeamCut,
    TeamInbound,
    TeamLeft,
    TeamMoved,
    TeamName,
    TeamPress,
    TeamQuiet,
    TeamWords,
)
from tests.handoff.office import LEAD_BODY, TRUCK, WORDS, Office

GROUP, OTHER = "group-truck", "group-lead-body"


@pytest.fixture
async def card(office: Office) -> Outbound:
    """A lead's card, delivered in its topic of the truck's group; another team has a group too."""
    await office.group(GROUP, TRUCK)
    await office.group(OTHER, LEAD_BODY)
    await office.lead()
    cards = [row for row in await office.deliver() if row.kind == "card"]
    assert [row.address for row in cards] == [GROUP]
    return cards[0]


def ref_of(card: Outbound) -> str:
    return card.rendered.buttons[0].payload.split()[-1]


def topic_of(card: Outbound) -> str:
    return f"topic-{card.id}"


async def test_the_card_says_word_for_word_what_was_agreed_and_why_this_team(card: Outbound) -> None:
    text = card.rendered.text
    for piece in ("papiers, titre de séjour", "Saint-Fons", "Samia", "arabe", "premier contact : repérer"):
        assert piece in text
    assert "URGENT" not in text
    assert [button.title for button in card.rendered.buttons] == ["Je prends", "Pas pour nous"]
    assert all(len(button.payload.encode()) <= 64 for button in card.rendered.buttons)
    assert card.topic is not None
    assert "Samia" not in card.topic


async def test_a_group_connected_late_gets_the_cards_of_those_who_wait_already(office: Office) -> None:
    waiting, taken = await office.lead(address="person-1"), await office.lead(address="person-2")
    theirs = await office.lead(team=LEAD_BODY, address="person-3")
    nadia = await office.counsellor("Nadia", TRUCK)
    await office.desk.take(taken.ref, nadia)
    code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    await office.says(GROUP, "Fatou", Connect(code))
    cards = [row for row in await office.deliver() if row.kind == "card"]
    assert {ref_of(row): row.rendered.buttons[0].title for row in cards} == {
        waiting.ref: "Je prends", taken.ref: "Rendre au bot"}
    assert theirs.ref not in "".join(row.rendered.text for row in cards)
    # A reply in its thread reaches the person, as in any other group; the same card does not come twice.
    await office.says(GROUP, "Fatou", TeamPress("take", waiting.ref))
    assert (await office.row(waiting.ref)).state == "taken"
    again = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    await office.says(GROUP, "Fatou", Connect(again))
    assert [row for row in await office.deliver() if row.kind == "card"] == []


async def test_an_urgent_card_starts_with_it(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.lead(urgent="emergency_shelter", items={"emergency": "emergency_shelter"})
    (card,) = [row for row in await office.deliver() if row.kind == "card"]
    assert card.rendered.text.startswith("🆘 URGENT : Pas d'endroit pour dormir")


async def test_a_press_takes_the_lead_and_edits_the_card_and_the_second_hears_who(
    office: Office, card: Outbound
) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    edits = [row for row in await office.deliver() if row.kind == "edit"]
    assert [(row.address, row.edit_of) for row in edits] == [(GROUP, f"message-{card.id}")]
    assert "prise par Fatou" in edits[0].rendered.text
    assert [button.title for button in edits[0].rendered.buttons] == [
        "Rendre au bot", "Clore", "Proposer une date", "Phrases prêtes", "Passer à une autre équipe",
        "Où en est-on ?"]
    await office.says(GROUP, "Marc", TeamPress("take", ref_of(card)))
    (told,) = await office.deliver()
    assert (told.address, told.thread) == (GROUP, topic_of(card))
    assert "déjà prise par Fatou" in told.rendered.text


@pytest.mark.parametrize("by_reply", [True, False])
async def test_words_in_the_thread_reach_the_person_and_are_not_echoed(
    office: Office, card: Outbound, by_reply: bool
) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    words = TeamWords("Venez demain à 9 h.")
    await office.says(GROUP, "Fatou", replace(words, reply_to=f"message-{card.id}") if by_reply
                      else replace(words, thread=topic_of(card)))
    rows = await office.deliver()
    assert [(row.address, row.rendered.text, row.rendered.name) for row in rows] == [
        ("person-1", "Venez demain à 9 h.", "Fatou"),
    ]


async def test_words_before_taking_are_held_and_said_to_be(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatou", TeamWords(WORDS, thread=topic_of(card)))
    (row,) = await office.deliver()
    assert (row.address, row.thread) == (GROUP, topic_of(card))
    assert "Prenez d'abord la demande" in row.rendered.text
    assert ref_of(card) in row.rendered.text


async def test_a_repeated_update_is_done_once(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    for _ in range(3):
        await office.says(GROUP, "Fatou", TeamWords("Bonjour", thread=topic_of(card)), update="same")
    assert await office.heard("person-1") == ["Bonjour"]


async def test_not_for_us_asks_why_then_goes_to_the_next_team_and_leaves_nothing_behind(
    office: Office, card: Outbound
) -> None:
    ref = ref_of(card)
    await office.says(GROUP, "Fatou", TeamPress("refuse", ref))
    (asked,) = await office.deliver()
    assert [button.title for button in asked.rendered.buttons] == [
        "Hors territoire", "Déjà suivie", "Plus de place", "Autre raison",
    ]
    assert (await office.row(ref)).state == "offered"
    verb, lead, reason = asked.rendered.buttons[2].payload.removeprefix("/lead ").split()
    await office.says(GROUP, "Fatou", TeamPress(verb, lead, reason))
    rows = await office.deliver()
    edit = next(row for row in rows if row.kind == "edit")
    assert edit.address == GROUP
    assert "Plus de place" in edit.rendered.text
    assert "Samia" not in edit.rendered.text
    assert not edit.rendered.buttons
    passed = next(row for row in rows if row.kind == "card")
    assert passed.address == OTHER
    assert "Samia" in passed.rendered.text
    assert (await office.row(ref)).body == LEAD_BODY[1]

    await office.says(GROUP, "Fatou", TeamPress("take", ref))
    (late,) = await office.deliver()
    assert late.address == GROUP
    assert "n'est plus, celle de votre équipe" in late.rendered.text
    await office.says(GROUP, "Fatou", TeamWords(WORDS, thread=topic_of(card)))
    assert [row.address for row in await office.deliver()] == [GROUP]  # they went to nobody, and it is said


async def test_when_every_team_said_no_the_last_one_can_still_take_it(office: Office, card: Outbound) -> None:
    ref = ref_of(card)
    await office.says(GROUP, "Fatou", TeamPress("refuse_because", ref, "full"))
    await office.deliver()
    await office.says(OTHER, "Inès", TeamPress("refuse_because", ref, "nonsense"))
    rows = await office.deliver()
    told = next(row for row in rows if row.address == OTHER and row.kind == "message")
    assert "La personne attend toujours" in told.rendered.text
    assert (await office.row(ref)).state == "unowned"
    await office.says(OTHER, "Inès", TeamPress("take", told.rendered.buttons[0].payload.split()[-1]))
    assert (await office.row(ref)).state == "taken"


async def test_hand_back_take_again_and_close(office: Office, card: Outbound) -> None:
    ref = ref_of(card)
    for verb, state, title in (
        ("take", "taken", "Rendre au bot"),
        ("back", "handed_back", "Reprendre"),
        ("take", "taken", "Rendre au bot"),
    ):
        await office.says(GROUP, "Fatou", TeamPress(verb, ref))
        assert (await office.row(ref)).state == state
        edit = next(row for row in await office.deliver() if row.kind == "edit")
        assert edit.rendered.buttons[0].title == title
    await office.says(GROUP, "Fatou", TeamPress("close", ref))
    rows = [row for row in await office.deliver() if row.address == GROUP]
    assert [row.kind for row in rows] == ["edit", "message", "close"]
    assert all("Samia" not in row.rendered.text for row in rows)
    await office.says(GROUP, "Fatou", TeamWords(WORDS, thread=topic_of(card)))
    (told,) = await office.deliver()
    assert "est terminée" in told.rendered.text


async def test_a_stranger_group_learns_nothing(office: Office, card: Outbound) -> None:
    await office.says("strangers", "Eve", TeamPress("take", ref_of(card)))
    assert ["n'est relié à aucune équipe" in text for text in await office.heard("strangers")] == [True]
    await office.says("strangers", "Eve", TeamWords("bonjour", thread=topic_of(card)))
    assert await office.deliver() == ()  # in a topic, they may be talking among themselves
    for said in (TeamWords("bonjour", reply_to=f"message-{card.id}"), TeamWords("", command=True), Connect(""),
                 TeamWords("le code ?", thread="9", private=True)):
        await office.says("strangers", "Eve", said)
        (answer,) = await office.deliver()
        assert "n'est relié à aucune équipe" in answer.rendered.text
        assert answer.address == "strangers"
    assert (await office.row(ref_of(card))).state == "offered"


async def test_a_group_of_another_team_cannot_press_a_reference_it_guessed(office: Office, card: Outbound) -> None:
    for verb in ("take", "refuse", "refuse_because", "back", "close", "unheard_of"):
        await office.says(OTHER, "Inès", TeamPress(verb, ref_of(card), "full"))
    rows = await office.deliver()
    assert {row.address for row in rows} == {OTHER}
    assert all("Samia" not in row.rendered.text for row in rows)
    assert (await office.row(ref_of(card))).state == "offered"


async def test_colleagues_talking_among_themselves_are_left_alone(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatou", TeamWords("On mange où ?"))
    await office.says(GROUP, "Fatou", TeamWords("Oui", reply_to="message-of-a-colleague"))
    assert await office.deliver() == ()


async def test_words_in_the_topic_of_a_request_that_another_team_has_now_are_not_lost_in_silence(
    office: Office, card: Outbound
) -> None:
    topic, message = topic_of(card), f"message-{card.id}"
    await office.says(GROUP, "Fatou", TeamPress("refuse_because", ref_of(card), "full"))
    assert (await office.row(ref_of(card))).body == LEAD_BODY[1]
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamWords(WORDS, topic))
    await office.says(GROUP, "Fatou", TeamWords(WORDS, None, message))
    rows = await office.deliver()
    assert {row.address for row in rows} == {GROUP}
    assert rows[0].thread == topic
    assert rows[1].reply_to == message
    assert all("Rien n'est parti à la personne" in row.rendered.text for row in rows)


async def test_words_in_reply_to_what_is_about_no_request_are_not_lost_in_silence(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", TeamQuiet(on=True))
    (said,) = await office.deliver()
    await office.says(GROUP, "Fatou", TeamWords("dites-lui oui", None, f"message-{said.id}"))
    (told,) = await office.heard(GROUP)
    assert "ne sont partis à personne" in told


async def test_somebody_whose_access_was_withdrawn_is_told_so(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    taken_by = (await office.row(ref_of(card))).taken_by
    assert taken_by is not None
    await office.store.disable_counsellor(taken_by)
    await office.says(GROUP, "Fatou", TeamWords(WORDS, thread=topic_of(card)))
    await office.says(GROUP, "Fatou", TeamPress("close", ref_of(card)))
    rows = await office.deliver()
    assert ["Votre accès a été retiré" in row.rendered.text for row in rows] == [True, True]
    assert (await office.row(ref_of(card))).state == "taken"


async def test_who_lost_their_access_changes_nothing_of_the_group_either(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    fatou = (await office.row(ref_of(card))).taken_by
    assert fatou is not None
    await office.store.disable_counsellor(fatou)
    code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    elsewhere = await office.store.new_code("connect", "drome", "ifra", "counsellor", timedelta(hours=1))
    for content in (TeamQuiet(on=True), TeamQuiet(on=False), Connect(""), Connect(elsewhere), TeamLeft(asked=True)):
        await office.says(GROUP, "Fatou", content)
        (said,) = await office.heard(GROUP)
        assert "Votre accès a été retiré" in said
    chat = await office.store.team_chat("telegram", GROUP)
    assert chat is not None
    assert (chat.consortium, chat.quiet_until) == (TRUCK[0], None)
    await office.says("own", "Fatou", Connect(code, direct=True))
    (said,) = await office.heard("own")
    assert "Votre accès a été retiré" in said
    await office.says(OTHER, "Ali", Connect(code))  # the code is not lost: it was for the team
    assert "Ce groupe est relié" in (await office.heard(OTHER))[0]


async def test_the_same_person_in_two_groups_speaks_for_the_team_of_each(office: Office, card: Outbound) -> None:
    await office.says(OTHER, "Fatou", TeamPress("take", ref_of(card)))
    assert (await office.row(ref_of(card))).state == "offered"
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    assert (await office.row(ref_of(card))).state == "taken"


async def test_the_group_of_the_whole_consortium_gets_and_takes_leads_of_its_bodies(office: Office) -> None:
    await office.group("group-all", ("portes-du-sud", None))
    lead = await office.lead()
    assert [row.address for row in await office.deliver() if row.kind == "card"] == ["group-all"]
    await office.says("group-all", "Odile", TeamPress("take", lead.ref))
    assert (await office.row(lead.ref)).taken_name == "Odile"


async def test_a_code_connects_one_group_once(office: Office) -> None:
    code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    await office.says(GROUP, "Fatou", Connect(code.lower()))
    (done,) = await office.heard(GROUP)
    assert "IFRA, équipe du Pic Up Tour (O2R Portes du Sud)" in done
    await office.says(OTHER, "Eve", Connect(code))
    (bad,) = await office.heard(OTHER)
    assert "n'est pas valable" in bad
    assert await office.store.team_chat("telegram", OTHER) is None


async def test_a_code_forgotten_in_a_connected_group_says_to_whom_it_is_connected(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.says(GROUP, "Fatou", Connect(""))
    (said,) = await office.heard(GROUP)
    assert "Ce groupe est relié : IFRA, équipe du Pic Up Tour" in said


async def test_a_moved_group_goes_on_and_a_left_one_gets_nothing(office: Office, card: Outbound) -> None:
    async def update(number: str, address: str, content: TeamMoved | TeamLeft) -> None:
        await office.desk.team(TeamInbound("telegram", number, address, "a", "A", content, office.hours.now))

    await update("moved", GROUP, TeamMoved("super-group"))
    await office.says("super-group", "Fatou", TeamPress("take", ref_of(card)))
    assert (await office.row(ref_of(card))).state == "taken"
    await update("left", "super-group", TeamLeft())
    await office.deliver()
    await office.lead(address="person-2")
    assert await office.deliver() == ()


async def test_a_moved_group_has_its_cards_again_for_nothing_above_can_be_answered(
    office: Office, card: Outbound
) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    for update in ("moved", "moved-again"):
        await office.says(GROUP, "Fatou", TeamMoved("super-group"), update=update)
    (again,) = [row for row in await office.deliver() if row.address == "super-group"]
    assert (again.kind, ref_of(again)) == ("card", ref_of(card))
    assert again.rendered.buttons[0].title == "Rendre au bot"
    await office.says("super-group", "Fatou", TeamWords("Bonjour Samia", None, f"message-{again.id}"))
    assert "Bonjour Samia" in await office.heard("person-1")


async def test_an_answer_to_a_message_of_ours_that_nobody_knows_any_more_never_seems_to_have_gone(
    office: Office, card: Outbound
) -> None:
    await office.says(GROUP, "Fatou", TeamWords("Bonjour", None, "message-of-last-year", to_bot=True))
    (said,) = await office.heard(GROUP)
    assert "ne sont partis à personne" in said
    await office.says(GROUP, "Fatou", TeamWords("on mange où ?", None, "message-of-a-colleague"))
    assert await office.heard(GROUP) == []


@pytest.mark.parametrize("verb", ["refuse", "phrases", "pass"])
async def test_a_list_asked_for_twice_is_shown_once_and_again_later(
    office: Office, card: Outbound, verb: str,
) -> None:
    if verb != "refuse":
        await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    for name in ("Fatou", "Fatou", "Marc"):
        await office.says(GROUP, name, TeamPress(verb, ref_of(card)))
    (shown,) = await office.deliver()
    assert shown.rendered.buttons
    await office.pass_time(minutes=2)
    await office.says(GROUP, "Fatou", TeamPress(verb, ref_of(card)))
    assert len(await office.deliver()) == 1  # it may have gone far up by now


async def test_an_outcome_pressed_twice_is_noted_once(office: Office, card: Outbound) -> None:
    for verb in ("take", "close"):
        await office.says(GROUP, "Fatou", TeamPress(verb, ref_of(card)))
    await office.deliver()
    for _ in range(2):
        await office.says(GROUP, "Fatou", TeamPress("outcome", ref_of(card), "answered"))
    assert len(await office.deliver()) == 1


async def test_a_counsellor_chooses_the_first_name_that_people_read(office: Office, card: Outbound) -> None:
    await office.says(GROUP, "Fatoumata", TeamName("  Fatou  "))
    assert "les personnes lisent : Fatou." in (await office.heard(GROUP))[0]
    await office.says(GROUP, "Fatoumata", TeamPress("take", ref_of(card)))
    assert (await office.row(ref_of(card))).taken_name == "Fatou"
    assert all("Fatoumata" not in row.rendered.text for row in await office.deliver())
    await office.says(GROUP, "Fatoumata", TeamName(""))
    assert "Les personnes lisent : Fatou. Pour changer" in (await office.heard(GROUP))[0]
    await office.says("group-of-strangers", "Eve", TeamName("Fatou"))
    assert "n'est relié à aucune équipe" in (await office.heard("group-of-strangers"))[0]


async def test_how_far_it_came_is_said_in_two_taps_from_the_group(office: Office, card: Outbound) -> None:
    ref = ref_of(card)
    await office.says(GROUP, "Fatou", TeamPress("stage", ref))
    assert "Prenez" not in (await office.heard(GROUP))[0]  # nobody has it yet: nothing to say of it
    await office.says(GROUP, "Fatou", TeamPress("take", ref))
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamPress("stage", ref))
    (asked,) = await office.deliver()
    titles = [button.title for button in asked.rendered.buttons]
    assert titles == ["Vue à une permanence", "Entrée dans le programme"]
    verb, lead, reason = asked.rendered.buttons[0].payload.removeprefix("/lead ").split()
    await office.says(GROUP, "Fatou", TeamPress(verb, lead, reason))
    rows = await office.deliver()
    assert [row.address for row in rows] == [GROUP]  # the person is told nothing
    assert "noté" in rows[0].rendered.text
    assert (await office.row(ref)).stage == "met"
    await office.says(GROUP, "Fatou", TeamPress("back", ref))
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamPress("stage_is", ref, "enrolled"))
    assert (await office.row(ref)).stage == "enrolled"
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamPress("stage", ref))
    assert "entrée dans le programme" in (await office.heard(GROUP))[0]
    await office.says(GROUP, "Fatou", TeamPress("stage_is", ref, "new"))
    assert (await office.row(ref)).stage == "enrolled"


async def test_the_end_of_a_text_whose_beginning_was_too_long_does_not_go_alone(
    office: Office, card: Outbound,
) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    for part in (TeamWords("a" * 4096, topic_of(card)), TeamWords("La fin.", topic_of(card), after=4096)):
        await office.says(GROUP, "Fatou", part)
        (said,) = await office.deliver()
        assert (said.address, said.thread) == (GROUP, topic_of(card))
        assert said.rendered.text.startswith("Votre message n'est pas parti")
    note = TeamWords("La fin.", topic_of(card), private=True, after=3000)
    await office.says(GROUP, "Fatou", note)
    assert [row.address for row in await office.deliver()] == [GROUP]
    for part in (TeamWords("a" * 3000, topic_of(card)), TeamWords("La fin.", topic_of(card), after=3000)):
        await office.says(GROUP, "Fatou", part)
        assert [row.rendered.text for row in await office.deliver()] == [part.text]


async def test_the_end_of_a_text_that_answers_nothing_is_said_to_have_gone_nowhere(
    office: Office, card: Outbound,
) -> None:
    await office.says(GROUP, "Fatou", TeamPress("take", ref_of(card)))
    await office.deliver()
    await office.says(GROUP, "Fatou", TeamWords("a" * 3000, reply_to=f"message-{card.id}"))
    assert [row.address for row in await office.deliver()] == ["person-1"]
    await office.says(GROUP, "Fatou", TeamCut(None, f"message-{card.id}"), update="the-end")
    (said,) = await office.deliver()
    assert (said.address, said.reply_to) == (GROUP, "the-end")
    assert said.rendered.text.startswith("Cette suite n'est pas partie")
    await office.says(GROUP, "Fatou", TeamCut(None, "a-colleagues-message"))
    await office.says(OTHER, "Paul", TeamCut(None, f"message-{card.id}"))
    assert await office.deliver() == ()
