"""Mails to teams that come back: known by their marks, over a real IMAP conversation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.imap import ImapAddressUnreadable, ImapMailbox, read_imap_server
from bot.clock import CODE_LETTERS
from bot.inbound import Inbound, Press
from bot.jobs.returns import Returns
from bot.mail_marks import BounceAddressUnusable, Marks
from bot.mail_returns import read_returned
from bot.outbound import Delivered
from bot.ports import MailboxUnreadable
from bot.store.crypto import Vault
from bot.team_inbound import Connect, TeamInbound
from tests.handoff.imap_server import PASSWORD, USER, Account, imap_server
from tests.handoff.office import START, TRUCK, Office

MAILBOX, CHIEFS, GROUP = "equipe@ifra.example", "group-consortium", "group-truck"
VAULT = Vault([Fernet.generate_key()], b"k" * 32)
MARKS = Marks(VAULT, "retours@site.example")
FOLDER = Path(__file__).parent / "returned"
REFUSED = ("postfix", "exchange", "gmail", "ovh", "qmail", "yahoo")


def returned(name: str, row: int, address: str = MAILBOX, mark: str = "") -> bytes:
    """What such a server sends back."""
    words = (FOLDER / f"{name}.eml").read_text("utf-8")
    return words.replace("{mark}", (mark or MARKS.of_row(row))).replace("{address}", address).encode()


@dataclass
class Rig:
    office: Office
    account: Account
    returns: Returns

    async def mails(self) -> list[int]:
        """Send the mails that wait; the ids of their rows."""
        sent: list[int] = []
        while rows := await self.office.store.claim_outbox(
            frozenset({"mail"}), self.office.hours.now, 50, timedelta(minutes=1)
        ):
            for row in rows:
                sent.append(row.id)
                await self.office.store.delivered(row.id, Delivered(f"mail-{row.id}", row.lead))
        return sent

    async def connect(self) -> None:
        self.office.updates += 1
        code = await self.office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
        await self.office.desk.team(TeamInbound(
            "mail", f"m{self.office.updates}", MAILBOX, MAILBOX, "", Connect(code), self.office.hours.now))
        await self.mails()


@pytest.fixture
async def rig(office: Office) -> AsyncIterator[Rig]:
    async with imap_server() as (account, port):
        server = read_imap_server(f"imap://{quote(USER, safe='')}:{quote(PASSWORD)}@127.0.0.1:{port}")
        returns = Returns(ImapMailbox(server), MARKS, office.store, office.turns, office.desk.lost,
                          office.desk.sheet_returned, office.hours.clock)
        made = Rig(office, account, returns)
        await made.connect()
        await office.group(CHIEFS, (TRUCK[0], None))
        yield made


# ── what servers send ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_known_whoever_writes_it(name: str) -> None:
    found = read_returned(returned(name, 41))
    assert found is not None
    assert MARKS.rows(found.words) == (41,)
    assert found.refused == (MAILBOX,)


@pytest.mark.parametrize("name", ["late", "qmail_late"])
def test_a_mail_that_is_late_is_refused_by_nobody(name: str) -> None:
    found = read_returned(returned(name, 41))
    assert found is not None
    assert MARKS.rows(found.words) == (41,)
    assert found.refused == ()


@pytest.mark.parametrize("name", ["vacation", "read"])
def test_an_answer_is_no_refusal(name: str) -> None:
    assert read_returned(returned(name, 41)) is None


def test_a_report_that_is_cut_off_still_says_who_refuses() -> None:
    whole = returned("postfix", 41)
    found = read_returned(whole[:whole.index(b"Remote-MTA")])
    assert found is not None
    assert found.refused == (MAILBOX,)
    assert MARKS.rows(found.words) == (41,)


# ── marks ───────────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 2**40 - 1))
def test_a_mark_gives_its_row_back_whatever_the_case(row: int) -> None:
    sender = MARKS.sender(MARKS.of_row(row))
    assert sender is not None
    assert len(sender.partition("@")[0]) <= 64
    assert MARKS.rows(sender.upper()) == MARKS.rows(MARKS.message_id(MARKS.of_row(row))) == (row,)


@given(st.integers(0, 2**40 - 1), st.integers(0, 23))
def test_a_mark_that_was_changed_or_made_with_another_key_is_nobodys(row: int, at: int) -> None:
    mark = MARKS.of_row(row)
    changed = mark[:at] + ("a" if mark[at] != "a" else "b") + mark[at + 1:]
    assert MARKS.rows(changed) == ()
    assert Marks(Vault([Fernet.generate_key()], b"z" * 32)).rows(mark) == ()


@pytest.mark.parametrize("address", ["retours", "retours+x@site.example", "a b@site.example", "x" * 40 + "@a.fr"])
def test_an_address_that_takes_no_mark_is_said_at_start(address: str) -> None:
    with pytest.raises(BounceAddressUnusable):
        Marks(VAULT, address)


# ── what is done ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", REFUSED)
async def test_a_mailbox_that_refuses_late_is_lost_as_one_that_refuses_at_once(rig: Rig, name: str) -> None:
    lead = await rig.office.lead()
    (row,) = await rig.mails()
    assert [one.kind for one in await rig.office.deliver()] == ["card"]
    number = rig.account.put(returned(name, row))
    assert await rig.returns.look() == 1
    assert rig.account.read == {number}
    assert await rig.office.store.team_chat("mail", MAILBOX) is None
    (told,) = await rig.office.heard(CHIEFS)
    assert "ne reçoit plus rien par courriel : sa boîte refuse" in told
    assert len(await rig.office.desk.lost.since(TRUCK[0], None)) == 1
    assert (await rig.office.row(lead.ref)).state == "offered"  # its clock goes on
    await rig.office.pass_time(days=1)
    assert any(lead.ref in text for text in await rig.office.heard(CHIEFS))
    assert await rig.mails() == []


async def test_it_is_told_once_however_often_it_comes_back(rig: Rig) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    await rig.office.deliver()
    for name in REFUSED:
        rig.account.put(returned(name, row))
    assert await rig.returns.look() == len(REFUSED)
    assert len(await rig.office.heard(CHIEFS)) == 1
    assert await rig.returns.look() == 0


async def test_what_waits_for_a_mailbox_that_refused_goes_no_more(rig: Rig) -> None:
    lead = await rig.office.lead()
    (row,) = await rig.mails()
    await rig.office.desk.take(lead.ref, await rig.office.counsellor("Marc", (TRUCK[0], None), "admin"))
    rig.account.put(returned("postfix", row))
    await rig.returns.look()
    assert await rig.mails() == []


async def test_a_mail_that_is_late_changes_nothing_and_is_read(rig: Rig) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    await rig.office.deliver()
    number = rig.account.put(returned("late", row))
    assert await rig.returns.look() == 1
    assert rig.account.read == {number}
    assert await rig.office.store.team_chat("mail", MAILBOX) is not None
    assert await rig.office.deliver() == ()


async def test_other_mails_are_neither_opened_nor_marked_and_looked_at_once(rig: Rig) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    for name in ("vacation", "read"):
        rig.account.put(returned(name, row))
    rig.account.put(b"From: a@b.example\nSubject: Bonjour\n\nPersonne ne lit ceci.\n")
    assert await rig.returns.look() == 0
    assert await rig.returns.look() == 0
    assert rig.account.read == set()
    assert [what.startswith("BODY.PEEK[HEADER") for _, what in rig.account.fetched] == [True] * 3
    assert await rig.office.store.team_chat("mail", MAILBOX) is not None


async def test_a_report_on_somebody_elses_mail_is_left(rig: Rig) -> None:
    rig.account.put(returned("postfix", 1).replace(MARKS.of_row(1).encode(), b"a" * 24))
    assert await rig.returns.look() == 0
    assert rig.account.read == set()


async def test_a_mailbox_connected_again_since_is_not_lost_by_an_old_return(rig: Rig) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    rig.office.hours.advance(hours=1)
    await rig.connect()
    rig.account.put(returned("postfix", row))
    assert await rig.returns.look() == 1
    assert await rig.office.store.team_chat("mail", MAILBOX) is not None


async def test_one_address_behind_the_mailbox_does_not_cut_off_the_others(rig: Rig) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    await rig.office.deliver()
    for _ in range(2):
        rig.account.put(returned("postfix", row, "benevole@ailleurs.example"))
    assert await rig.returns.look() == 2
    assert await rig.office.store.team_chat("mail", MAILBOX) is not None
    (told,) = await rig.office.heard(CHIEFS)  # once
    assert "Une adresse derrière la sienne" in told


@given(st.text(CODE_LETTERS, min_size=6, max_size=6))
def test_a_sheets_mark_gives_the_reference_back_and_is_no_rows(ref: str) -> None:
    words = MARKS.message_id(MARKS.of_sheet(ref), "id-1")
    assert MARKS.sheets(words) == (ref,)
    assert MARKS.rows(words) == ()


@pytest.mark.parametrize("name", REFUSED)
async def test_a_sheet_that_comes_back_is_told_to_the_team_that_gave_it_once(rig: Rig, name: str) -> None:
    office = rig.office
    await office.group(GROUP, TRUCK)
    lead = await office.lead()
    fatou = await office.counsellor("Fatou", TRUCK)
    await office.desk.take(lead.ref, fatou)
    await office.desk.propose_liaison(lead.ref, fatou, "mission-locale")
    (asked,) = [row for row in await office.deliver() if "mission" in row.rendered.text.lower()]
    yes = asked.rendered.buttons[0].payload
    await office.turns.answer(Inbound("memory", "press-1", "person-1", Press(yes), office.hours.now))
    (liaison,) = await office.store.liaisons(lead.id)
    await office.deliver()
    report = returned(name, 0, "accueil@mission.example", MARKS.of_sheet(lead.ref))
    rig.account.put(report)
    assert await rig.returns.look() == 1
    assert await office.heard(GROUP) == []  # it was never given
    await office.store.give_liaison(liaison.id)
    for _ in range(2):
        rig.account.put(report)
    assert await rig.returns.look() == 2
    (told,) = await office.heard(GROUP)
    assert "la fiche de liaison est revenue" in told


async def test_a_message_to_a_person_is_no_teams(rig: Rig) -> None:
    await rig.office.lead()
    await rig.mails()
    card = next(row for row in await rig.office.deliver() if row.channel == "telegram")
    rig.account.put(returned("postfix", card.id))
    assert await rig.returns.look() == 1
    assert await rig.office.store.team_chat("telegram", CHIEFS) is not None


async def test_what_could_not_be_told_is_taken_up_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.office.lead()
    (row,) = await rig.mails()
    await rig.office.deliver()
    number = rig.account.put(returned("postfix", row))

    async def fails(_row: int) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(rig.office.store, "sent_to", fails)
        assert await rig.returns.look() == 0
    assert rig.account.read == set()
    assert await rig.returns.look() == 1
    assert rig.account.read == {number}


async def test_a_mailbox_numbered_anew_has_no_other_mail_marked(rig: Rig) -> None:
    number = rig.account.put(returned("late", 1))
    server = ImapMailbox(rig.returns._mailbox._server)  # type: ignore[attr-defined]  # the same account
    letter = (await server.unread((), rig.office.hours.now.date())).reports[0]
    rig.account.validity += 1
    await server.mark_read([letter.id])
    assert number not in rig.account.read
    assert rig.account.searched == ["UID SEARCH UNSEEN SINCE 23-Nov-2026"]


async def test_a_password_it_does_not_take_is_said() -> None:
    async with imap_server() as (_, port):
        mailbox = ImapMailbox(read_imap_server(f"imap://moi:faux@127.0.0.1:{port}"))
        with pytest.raises(MailboxUnreadable) as said:
            await mailbox.unread((), START.date())
        assert "faux" not in str(said.value)


@pytest.mark.parametrize("url", ["imap://server", "pop://a:b@server", "imaps://a:b@server:port", "imaps://a@server"])
def test_an_address_of_no_mailbox_is_refused(url: str) -> None:
    with pytest.raises(ImapAddressUnreadable):
        read_imap_server(url)


def test_an_address_says_user_and_port() -> None:
    server = read_imap_server("imaps://retours%40site.example:a%2Fb@imap.site.example")
    assert (server.user, server.password, server.port, server.tls) == (
        "retours@site.example", "a/b", 993, True)


def test_qmail_names_each_who_refuses_and_nobody_else() -> None:
    words = returned("qmail", 41).replace(b"Giving up on 192.0.2.7.\n", (
        b"Giving up on 192.0.2.7.\n\n<partie@ailleurs.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
        b"<lente@ailleurs.example>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"
        b"I'm not going to try again; this message has been in the queue too long.\n"))
    found = read_returned(words)
    assert found is not None
    assert found.refused == (MAILBOX, "partie@ailleurs.example")


@pytest.mark.parametrize("change", [
    (b"Subject: failure notice", b"Subject: votre demande"), (b"From: MAILER-DAEMON@", b"From: fatou@"),
    (b"--- Below this line is a copy of the message.", b""),
])
def test_what_only_looks_like_qmails_words_is_none(change: tuple[bytes, bytes]) -> None:
    assert read_returned(returned("qmail", 41).replace(*change)) is None
