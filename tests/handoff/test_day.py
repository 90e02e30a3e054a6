"""The permanences of a team from its group: who comes, who came, late, cancelled, somebody who just walked in."""

from datetime import timedelta

import pytest

from bot.outbound import Rendered
from bot.store.values import CalendarSession, Place
from bot.team_inbound import TeamArrived, TeamDay, TeamPress, TeamWords
from dialogues.effects import BookSeat, MarkBlocked, ShareAlias, ShareTopic
from dialogues.events.answers import SeatBooked
from dialogues.reminders import missed_at
from dialogues.text import Quoted
from tests.handoff.office import LEAD_BODY, START, TRUCK, Office

GROUP, OTHER = "group-truck", "group-lead-body"
PLACE = Place("p1", "Place Léon Sublet", "69259", "Vénissieux", *TRUCK)
LONG_ID = "un-identifiant-bien-trop-long-pour-un-bouton-de-telegram-0123456789:2026-11-24"


def opening(session_id: str = LONG_ID, hours: float = 24, body: str = "ifra") -> CalendarSession:
    start = START + timedelta(hours=hours)
    return CalendarSession(session_id, "p1", start, start + timedelta(hours=3), 5, "portes-du-sud", body)


@pytest.fixture
async def code(office: Office) -> str:
    """Two groups, one session of the truck, one seat taken, what it is about shared."""
    await office.group(GROUP, TRUCK)
    await office.group(OTHER, LEAD_BODY)
    await office.store.load_calendar([PLACE], [opening()])
    async with office.store.turn("memory", "person-1") as tx:
        booked = await tx.apply(BookSeat(LONG_ID))
        assert isinstance(booked, SeatBooked)
        await tx.apply(ShareTopic(booked.appointment.id, "theme_papers"))
    await office.deliver()
    return booked.appointment.code


async def day(office: Office, group: str = GROUP) -> list[Rendered]:
    await office.says(group, "Fatou", TeamDay())
    return [row.rendered for row in await office.deliver() if row.address == group]


async def press(office: Office, shown: Rendered, title: str, group: str = GROUP) -> list[Rendered]:
    """Press the button of this title, as Telegram brings it back; what the group reads then."""
    payload = next(button.payload for button in shown.buttons if button.title == title)
    assert len(payload.encode()) <= 64
    _, verb, ref, *reason = payload.split(" ", 3)
    await office.says(group, "Fatou", TeamPress(f"day_{verb}", ref, reason[0] if reason else None))
    return [row.rendered for row in await office.deliver() if row.address == group]


async def test_the_list_says_the_code_and_what_was_shared_and_no_more(office: Office, code: str) -> None:
    (session,) = await day(office)
    assert "1 places prises sur 5" in session.text
    (who,) = await press(office, session, "Qui vient")
    assert f"• {code} · 📄 Papiers · a réservé" in who.text
    assert "person-1" not in who.text


async def test_who_came_is_noted_in_two_taps(office: Office, code: str) -> None:
    office.hours.now = START + timedelta(hours=25)
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (ask,) = await press(office, who, f"✍️ {code}")
    (noted,) = await press(office, ask, "Est venue")
    assert noted.text == f"{code} : est venue."
    (again,) = await press(office, session, "Qui vient")
    assert "est venue" in again.text


async def test_before_the_day_nobody_is_noted_as_having_come_or_not(office: Office, code: str) -> None:
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (ask,) = await press(office, who, f"✍️ {code}")
    assert [button.title for button in ask.buttons] == ["S'est excusée", "On ne sait pas"]
    ref = ask.buttons[0].payload.split(" ")[2]
    for mark in ("seen", "noshow"):  # a button from before
        await office.says(GROUP, "Fatou", TeamPress("day_mark", ref, f"{mark} {code}"))
        (refused,) = await office.heard(GROUP)
        assert refused.startswith(f"{code} : rien n'a été noté")
    (who,) = await press(office, session, "Qui vient")
    assert "a réservé" in who.text


async def test_who_is_early_has_come_and_nobody_is_missed_before_it_begins(office: Office, code: str) -> None:
    office.hours.now = START + timedelta(hours=23)
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (ask,) = await press(office, who, f"✍️ {code}")
    assert [button.title for button in ask.buttons] == ["Est venue", "S'est excusée", "On ne sait pas"]
    ref = ask.buttons[0].payload.split(" ")[2]
    await office.says(GROUP, "Fatou", TeamPress("day_mark", ref, f"noshow {code}"))
    (refused,) = await office.heard(GROUP)
    assert "« N'est pas venue » à partir du début" in refused
    office.hours.now = START + timedelta(hours=24)
    (ask,) = await press(office, who, f"✍️ {code}")
    (noted,) = await press(office, ask, "N'est pas venue")
    assert noted.text.startswith(f"{code} : ")


async def test_who_was_added_by_mistake_is_taken_away_and_only_they(office: Office, code: str) -> None:
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (added,) = await press(office, who, "Ajouter sans rendez-vous")
    await answer(office, added, "Ali")
    (who,) = await press(office, session, "Qui vient")
    assert "· Ali · a réservé" in who.text  # for tomorrow: nobody came yet
    (ask,) = await press(office, added, added.buttons[0].title)
    (gone,) = await press(office, ask, "Ajouté par erreur")
    assert "retiré de la liste" in gone.text
    (again,) = await press(office, ask, "Ajouté par erreur")
    assert "Rien n'a été changé" in again.text
    (who,) = await press(office, session, "Qui vient")
    assert "Ali" not in who.text
    ref = ask.buttons[0].payload.split(" ")[2]
    await office.says(GROUP, "Fatou", TeamPress("day_away", ref, code))  # somebody who booked
    await office.heard(GROUP)
    (who,) = await press(office, session, "Qui vient")
    assert code in who.text


async def mark(office: Office, code: str, title: str) -> str:
    """On the day, from the group's list."""
    office.hours.now = max(office.hours.now, START + timedelta(hours=25))
    await office.deliver()
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (ask,) = await press(office, who, f"✍️ {code}")
    (noted,) = await press(office, ask, title)
    return noted.text


async def lines(office: Office, ref: str) -> list[tuple[str, str]]:
    lead = await office.row(ref)
    return [(move.to_state, move.by) for move in await office.store.lead_history(lead.id)]


async def test_the_request_of_who_came_is_met_and_a_slip_of_the_finger_is_put_right(
    office: Office, code: str,
) -> None:
    ref = (await office.lead()).ref
    awa = await office.counsellor("Awa", TRUCK)
    await office.desk.take(ref, awa)
    await office.deliver()
    office.sent.clear()
    assert await mark(office, code, "Est venue") == f"{code} : est venue. Sa demande {ref} est notée « vue »."
    assert (await office.row(ref)).stage == "met"
    assert await lines(office, ref) == [("offered", "person"), ("taken", "Awa"), ("met", "list")]
    assert not any(row.address == "person-1" for row in office.sent)  # they were there
    await mark(office, code, "N'est pas venue")
    assert (await office.row(ref)).stage == "new"
    assert await lines(office, ref) == [("offered", "person"), ("taken", "Awa")]
    await mark(office, code, "Est venue")
    await mark(office, code, "Est venue")
    assert await lines(office, ref) == [("offered", "person"), ("taken", "Awa"), ("met", "list")]
    assert not (await office.desk.came_to(ref, awa, "met")).done  # once


async def test_who_was_seen_is_owed_no_first_word_and_who_was_not_after_all_is(office: Office, code: str) -> None:
    ref = (await office.lead()).ref
    await office.desk.take(ref, await office.counsellor("Awa", TRUCK))
    await mark(office, code, "Est venue")
    await office.pass_time(days=5)
    await office.deliver()
    assert [row.rendered.text for row in office.sent if "n'a pas encore" in row.rendered.text] == []
    assert (await office.row(ref)).state == "taken"
    async with office.store.calendar() as desk:
        (seat,) = await office.store.appointments_between(START, START + timedelta(days=9), [TRUCK[0]], TRUCK[1])
        await desk.mark(seat.appointment.id, "booked", [TRUCK])
    before = len(office.sent)
    await office.pass_time(minutes=1)
    await office.deliver()
    assert any(ref in row.rendered.text for row in office.sent[before:] if row.address == GROUP)


async def test_a_request_that_nobody_took_is_met_and_still_to_be_taken_and_written_to(
    office: Office, code: str,
) -> None:
    ref = (await office.lead()).ref
    assert ref in await mark(office, code, "Est venue")
    row = await office.row(ref)
    assert (row.state, row.stage, row.written) == ("offered", "met", False)
    await office.desk.take(ref, await office.counsellor("Awa", TRUCK))
    assert any("Awa" in text for text in await office.heard("person-1"))
    assert (await office.store.claim_due(office.hours.now + timedelta(days=9), 9, timedelta(0)))[-1].kind


async def test_the_request_of_another_team_of_the_consortium_is_met_and_its_reference_not_shown(
    office: Office, code: str,
) -> None:
    ref = (await office.lead(LEAD_BODY)).ref
    assert await mark(office, code, "Est venue") == f"{code} : est venue."
    assert (await lines(office, ref))[-1] == ("came", "list")
    assert (await office.row(ref)).stage == "met"


async def test_what_was_said_before_the_request_or_by_another_hand_is_left(office: Office, code: str) -> None:
    ref = (await office.lead()).ref
    awa = await office.counsellor("Awa", TRUCK)
    await office.desk.take(ref, awa)
    await office.desk.came_to(ref, awa, "met")
    assert await mark(office, code, "Est venue") == f"{code} : est venue."
    await mark(office, code, "N'est pas venue")
    assert (await office.row(ref)).stage == "met"
    await office.desk.close(ref, awa)
    office.hours.advance(days=2)
    again = (await office.lead()).ref
    async with office.store.calendar() as desk:
        (seat,) = await office.store.appointments_between(START, START + timedelta(days=9), [TRUCK[0]], TRUCK[1])
        await desk.mark(seat.appointment.id, "seen", [TRUCK])
    assert (await office.row(again)).stage == "new"


async def test_somebody_without_an_appointment_is_added_in_two_taps(office: Office, code: str) -> None:
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (added,) = await press(office, who, "Ajouter sans rendez-vous")
    assert added.text.startswith("Ajouté à la liste")
    (again,) = await press(office, session, "Qui vient")
    assert again.text.count("•") == 2


async def test_a_list_longer_than_a_message_holds_buttons_has_those_of_who_is_not_noted_yet(
    office: Office, code: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.desk.day.MOST_BUTTONS", 1)
    (session,) = await day(office)
    (list_,) = await press(office, session, "Qui vient")
    for _ in range(2):
        await press(office, list_, "Ajouter sans rendez-vous")
    (list_,) = await press(office, session, "Qui vient")
    assert list_.text.count("• ") == 3
    assert [button.title for button in list_.buttons if button.title.startswith("✍️")] == [f"✍️ {code}"]


async def test_lateness_is_told_to_who_booked(office: Office, code: str) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "En retard")
    (done,) = await press(office, ask, "30 min")
    assert "30 minutes de retard. Personnes prévenues : 1" in done.text
    async with office.store.calendar() as desk:
        assert (await desk.stored(START, ids=[LONG_ID]))[0].late_minutes == 30


async def test_a_lateness_is_taken_back_and_who_heard_of_it_hears_that_the_hour_holds(
    office: Office, code: str,
) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "En retard")
    assert "Finalement à l'heure" not in [button.title for button in ask.buttons]
    (done,) = await press(office, ask, "30 min")
    await office.pass_time(minutes=1)
    assert any("30 minutes de retard" in text for text in await office.heard("person-1"))
    (ask,) = await press(office, session, "En retard")
    (done,) = await press(office, ask, "Finalement à l'heure")
    assert "plus de retard. Personnes prévenues : 1" in done.text
    await office.pass_time(minutes=1)
    assert any("L'équipe n'a plus de retard" in text for text in await office.heard("person-1"))
    (again,) = await press(office, ask, "Finalement à l'heure")
    assert "Personnes prévenues : 0" in again.text


async def test_cancelling_asks_once_and_cannot_be_done_twice(office: Office, code: str) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "Annuler")
    (done,) = await press(office, ask, "Oui, annuler et prévenir")
    assert "Annulé" in done.text
    assert "Personnes prévenues : 1" in done.text
    (again,) = await press(office, ask, "Oui, annuler et prévenir")
    assert "Rien n'a été changé" in again.text
    assert [one.text for one in await day(office)] == ["Aucune permanence de votre équipe dans les 7 jours."]


async def test_another_hour_keeps_the_seat_and_tells_who_has_it(office: Office, code: str) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "Changer l'heure ou le lieu")
    (done,) = await press(office, ask, "+60 min")
    assert "11:00" in done.text
    assert "Personnes prévenues : 1" in done.text
    async with office.store.calendar() as desk:
        (now,) = await desk.stored(START, ids=[LONG_ID])
    assert (now.session.starts_at, now.sequence, now.taken) == (START + timedelta(hours=25), 1, 1)


async def test_an_hour_that_is_over_is_refused_in_a_sentence(office: Office, code: str) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "Changer l'heure ou le lieu")
    office.hours.now += timedelta(hours=23, minutes=30)
    (refused,) = await press(office, ask, "-60 min")
    assert refused.text.startswith("Rien n'a été changé : cette heure est déjà passée")
    async with office.store.calendar() as desk:
        assert (await desk.stored(START, ids=[LONG_ID]))[0].sequence == 0


async def test_another_place_of_the_team_and_no_other(office: Office, code: str) -> None:
    other = Place("p2", "Place de la gare", "69199", "Saint-Fons", *TRUCK)
    theirs = Place("p3", "Ailleurs", "69199", "Saint-Fons", *LEAD_BODY)
    await office.store.load_calendar([other, theirs], [])
    (session,) = await day(office)
    (ask,) = await press(office, session, "Changer l'heure ou le lieu")
    assert [button.title for button in ask.buttons] == [
        "-60 min", "-30 min", "+30 min", "+60 min", "+120 min", "Place de la gare"]
    (done,) = await press(office, ask, "Place de la gare")
    assert "Saint-Fons" in done.text


async def test_another_teams_session_does_not_exist(office: Office, code: str) -> None:
    (session,) = await day(office)
    assert "Aucune permanence" in (await day(office, OTHER))[0].text
    (refused,) = await press(office, session, "Annuler", OTHER)
    assert "n'est pas de votre équipe" in refused.text


@pytest.mark.parametrize("verb", ["day_mark", "day_late", "day_steal", "day_seat", "day_list"])
async def test_rubbish_changes_nothing_and_is_answered(office: Office, code: str, verb: str) -> None:
    for reason in (None, "", "seen", "seen ZZZZ", "240", "x y z"):
        await office.says(GROUP, "Fatou", TeamPress(verb, "0" * 16, reason))
        (said,) = await office.deliver()
        assert said.rendered.text


async def test_a_group_that_is_not_connected_learns_nothing(office: Office, code: str) -> None:
    (said,) = await day(office, "strangers")
    assert "Léon" not in said.text


async def test_a_word_from_the_spot_is_on_the_list(office: Office, code: str) -> None:
    await office.store.load_calendar([PLACE], [opening("now", hours=1)])
    async with office.store.turn("memory", "person-1") as tx:
        booked = await tx.apply(BookSeat("now"))
        assert isinstance(booked, SeatBooked)
        await tx.keep_word(booked.appointment.id, "lost")
    session = next(one for one in await day(office) if "11:00" in one.text)
    (who,) = await press(office, session, "Qui vient")
    assert "a écrit à 10:00 : Je ne vous trouve pas" in who.text


async def test_a_half_day_cut_in_slots_is_one_on_the_list_and_changes_as_one(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    slots = []
    for day_, hours in (("hier", -24), ("auj", 2), ("demain", 25)):
        for number in range(8):
            start = START + timedelta(hours=hours, minutes=20 * number)
            end = start + timedelta(minutes=20)
            slots.append(CalendarSession(f"x:{day_}@{number}", "p1", start, end, 1, *TRUCK, series="x"))
    await office.store.load_calendar([PLACE], slots)
    async with office.store.turn("memory", "person-1") as tx:
        booked = await tx.apply(BookSeat("x:auj@3"))
        assert isinstance(booked, SeatBooked)
    shown = await day(office)
    assert len(shown) == 3
    assert "1 places prises sur 8" in shown[1].text
    (who,) = await press(office, shown[1], "Qui vient")
    assert f"• 13:00 · {booked.appointment.code} · a réservé" in who.text
    (ask,) = await press(office, who, f"✍️ {booked.appointment.code}")
    (noted,) = await press(office, ask, "Est venue")
    assert noted.text == f"{booked.appointment.code} : est venue."
    (ask,) = await press(office, shown[1], "En retard")
    await press(office, ask, "30 min")
    async with office.store.calendar() as desk:
        today = await desk.stored(START, START + timedelta(hours=12))
    assert {one.late_minutes for one in today} == {30}
    (ask,) = await press(office, shown[1], "Changer l'heure ou le lieu")
    await press(office, ask, "+30 min")
    (ask,) = await press(office, shown[2], "Annuler")
    await press(office, ask, "Oui, annuler et prévenir")
    async with office.store.calendar() as desk:
        today = await desk.stored(START, START + timedelta(hours=12))
    assert {one.late_minutes for one in today} == {0}  # of the hour that was
    moved = [one.starts_at + timedelta(minutes=30) for one in slots[8:16]]
    assert [one.session.starts_at for one in today] == moved
    assert len(await day(office)) == 2


async def test_what_is_said_of_a_no_show_is_true_the_day_after_too(office: Office) -> None:
    yesterday = office.hours.now - timedelta(hours=24)
    at = missed_at(yesterday, office.hours.now)  # noted the day after: written to that very day
    assert at is not None
    assert at.date() == office.hours.now.date()
    assert missed_at(yesterday, office.hours.now + timedelta(hours=12)) is None  # in the evening: not at all
    said = office.desk.cards.say("day_marked_noshow", {"code": Quoted("ABCD")}).text
    assert "demain" not in said.replace("lendemain", "")


async def answer(office: Office, shown: Rendered, text: str) -> Rendered:
    """Reply to this message of the bot's, which was just sent to the group."""
    row = next(row for row in reversed(office.sent) if row.rendered == shown)
    await office.says(GROUP, "Fatou", TeamWords(text, reply_to=f"message-{row.id}"))
    (said,) = [row.rendered for row in await office.deliver() if row.address == GROUP]
    return said


async def test_a_note_is_written_from_the_group_and_replaces_none_in_silence(office: Office, code: str) -> None:
    (session,) = await day(office)
    await office.says(GROUP, "Fatou", TeamWords(f"{code.lower()} apporter le bail", private=True))
    (kept,) = await office.heard(GROUP)
    assert kept.startswith(f"{code} : c'est noté")
    (who,) = await press(office, session, "Qui vient")
    assert "📝 apporter le bail" in who.text
    replaced = await answer(office, who, f"{code} : apporter le bail et la lettre")
    assert "À la place de : apporter le bail" in replaced.text
    (ask,) = await press(office, who, f"✍️ {code}")
    await answer(office, ask, "elle préfère le matin")
    (who,) = await press(office, session, "Qui vient")
    assert "📝 elle préfère le matin" in who.text
    await answer(office, who, f"{code} -")
    (who,) = await press(office, session, "Qui vient")
    assert "📝" not in who.text


async def test_a_note_about_no_seat_of_the_team_says_how(office: Office, code: str) -> None:
    for group, text in ((OTHER, f"{code} à nous"), (GROUP, "ZZZZ rien"), (GROUP, ""), (GROUP, code)):
        await office.says(group, "Fatou", TeamWords(text, private=True))
        (how,) = await office.heard(group)
        assert how.startswith("Rien n'a été noté")
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    assert "📝" not in who.text


async def test_colleagues_who_talk_in_a_topic_are_left_alone_a_former_one_too(office: Office, code: str) -> None:
    await office.says(GROUP, "Marc", TeamWords("À demain tout le monde", thread="their own"))
    assert await office.store.counsellors(TRUCK[0]) == ()  # nobody becomes a counsellor by talking
    await office.says(GROUP, "Marc", TeamWords(f"{code} en retard", thread="their own"))
    await office.heard(GROUP)
    (marc,) = await office.store.counsellors(TRUCK[0])
    await office.store.disable_counsellor(marc.id)
    await office.says(GROUP, "Marc", TeamWords("Bonne soirée", thread="their own"))
    assert await office.heard(GROUP) == []
    await office.says(GROUP, "Marc", TeamWords(f"{code} à nous", thread="their own"))
    (refused,) = await office.heard(GROUP)
    assert "noté" not in refused


async def test_who_came_without_an_appointment_has_a_name_when_they_want(office: Office, code: str) -> None:
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    (added,) = await press(office, who, "Ajouter sans rendez-vous")
    named = await answer(office, added, "Ali")
    assert named.text.endswith(": Ali. C'est sur la liste.")
    await answer(office, added, "parle dari")  # named already: these words are a note
    (who,) = await press(office, session, "Qui vient")
    assert "· Ali · a réservé · 📝 parle dari" in who.text


async def test_a_command_adds_who_came_with_a_name_to_the_permanence_of_today(office: Office, code: str) -> None:
    await office.says(GROUP, "Fatou", TeamArrived("Zoé"))
    (none,) = await office.heard(GROUP)
    assert "rien n'a été ajouté" in none
    office.hours.now = START + timedelta(hours=25)
    await office.says(GROUP, "Fatou", TeamArrived("Zoé"))
    (added,) = await office.heard(GROUP)
    assert added.endswith(", Zoé")
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    assert "· Zoé · est venue" in who.text


async def test_the_name_and_the_language_are_on_the_list(office: Office, code: str) -> None:
    async with office.store.turn("memory", "person-1") as tx:
        (held,) = (await tx.snapshot(True)).appointments
        await tx.apply(ShareAlias(held.id, "Samia"))
        await tx.save("{}", "ar")
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    assert f"• {code} · Samia · arabe · 📄 Papiers · a réservé" in who.text


async def test_whether_somebody_came_may_be_unknown(office: Office, code: str) -> None:
    office.hours.now = START + timedelta(hours=28)
    (session,) = await day(office)
    (who,) = await press(office, session, "Qui vient")
    assert f"• {code} · 📄 Papiers · venue pas encore notée" in who.text
    (ask,) = await press(office, who, f"✍️ {code}")
    await press(office, ask, "Est venue")
    (noted,) = await press(office, ask, "On ne sait pas")
    assert noted.text.startswith(f"{code} : on ne sait pas")
    (who,) = await press(office, session, "Qui vient")
    assert "venue pas encore notée" in who.text


async def test_who_is_not_reached_can_be_asked_again(office: Office, code: str) -> None:
    (session,) = await day(office)
    (ask,) = await press(office, session, "Annuler")
    (done,) = await press(office, ask, "Oui, annuler et prévenir")
    (now,) = await press(office, done, "Qui n'est pas prévenu ?")
    assert "rien ne dit que" in now.text
    async with office.store.turn("memory", "person-1") as tx:
        await tx.apply(MarkBlocked())
    (now,) = await press(office, done, "Qui n'est pas prévenu ?")
    assert f"On ne peut pas leur écrire : {code}" in now.text
