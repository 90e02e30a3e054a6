"""Mail to a team: over a real SMTP server in this process, and the pages behind its links."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.fernet import Fernet
from fastapi import FastAPI

from bot import relay
from bot.channels.mail import MailAddressUnreadable, MailChannel, read_server
from bot.files import Files
from bot.jobs.outbox import send_waiting
from bot.mail_links import Link, Links
from bot.mail_marks import Marks
from bot.outbound import Delivered
from bot.sealed_links import LinkRefused
from bot.store.crypto import Vault
from bot.team_inbound import Connect, TeamInbound
from dialogues.effects import RelayToTeam
from dialogues.enclosure import Enclosure
from handoff.console import build_mail_pages
from tests.handoff.office import LEAD_BODY, TRUCK, Office

MAILBOX = "equipe@ifra.example"
BASE = "http://site.example"


@dataclass
class Postmaster:
    """What arrived; ``answers`` says what the server replies to the next recipients, 250 when empty.

    ``refused``, ``senders``: what it replies to the next contents and senders, to which it says yes when empty.
    """

    arrived: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    mail_from: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.senders.pop(0) if self.senders else "250 OK"
        self.mail_from.append(address)
        if answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refused:
            return self.refused.pop(0)
        assert isinstance(envelope.content, bytes)
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.arrived.append(made)
        return "250 OK"


@pytest.fixture
async def postmaster() -> AsyncIterator[tuple[Postmaster, int]]:
    handler = Postmaster()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="mail.example"), "127.0.0.1", 0
    )
    try:
        yield handler, server.sockets[0].getsockname()[1]
    finally:
        server.close()


@dataclass
class Rig:
    office: Office
    post: Postmaster
    channel: MailChannel
    links: Links
    vault: Vault
    site: httpx.AsyncClient

    async def send(self) -> list[EmailMessage]:
        """Send what waits; what arrived by it."""
        self.post.arrived.clear()
        await send_waiting(
            self.office.store, {"mail": self.channel}, self.office.turns, self.office.hours.clock
        )
        return list(self.post.arrived)

    def link(self, mail: EmailMessage) -> str:
        found = re.search(rf"{BASE}(/mail/\S+)", mail.get_content())
        assert found
        return found[1]

    async def heard(self) -> list[str]:
        rows = await self.office.store.claim_outbox(
            frozenset({"memory"}), self.office.hours.now, 50, timedelta(minutes=1))
        for row in rows:
            await self.office.store.delivered(row.id, Delivered())
        return [row.rendered.text for row in rows]


@pytest.fixture
async def rig(office: Office, postmaster: tuple[Postmaster, int]) -> AsyncIterator[Rig]:
    handler, port = postmaster
    vault = Vault([Fernet.generate_key()], b"k" * 32)
    links = Links(vault, office.hours.clock, BASE)
    channel = MailChannel(read_server(f"smtp://127.0.0.1:{port}"), "Premier Pas <bot@site.example>", links,
                          Marks(vault), office.hours.clock)
    site = FastAPI()

    async def read(enclosure: Enclosure) -> bytes:
        return b"JPEG"

    site.include_router(build_mail_pages(
        office.store, office.desk, office.hours.clock, office.content, links, Files({"memory": read})))
    code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
    await office.desk.team(TeamInbound("mail", "m1", MAILBOX, MAILBOX, "", Connect(code), office.hours.now))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE) as client:
        made = Rig(office, handler, channel, links, vault, client)
        (hello,) = await made.send()
        assert "Ce groupe est relié" in hello.get_content()
        yield made


async def test_a_mail_can_be_known_when_it_comes_back(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    assert rig.post.mail_from[-1] == "bot@site.example"  # where nothing else is set
    marks = Marks(rig.vault, "retours@site.example")
    (row,) = marks.rows(mail["Message-ID"])
    rig.channel._marks = marks  # as it is composed where a bounce address is set
    await rig.office.lead(address="person-2")
    (later,) = await rig.send()
    assert rig.post.mail_from[-1] == marks.sender(marks.of_row(row + 1))
    assert later["From"] == "Premier Pas <bot@site.example>"
    assert marks.rows(later["Message-ID"]) == (row + 1,)


async def test_the_mail_says_that_something_waits_and_nothing_of_the_person(rig: Rig) -> None:
    lead = await rig.office.lead()
    (mail,) = await rig.send()
    assert mail["To"] == MAILBOX
    assert lead.ref in mail["Subject"]
    said = f"{mail['Subject']} {mail.get_content()}"
    assert not [secret for secret in ("Samia", "Saint-Fons", "papiers", "person-1", lead.id) if secret in said]
    page = (await rig.site.get(rig.link(mail))).text
    assert "Samia" in page
    assert (await rig.office.row(lead.ref)).state == "offered"  # opening the link takes nothing


async def test_take_reply_and_close_without_an_account(rig: Rig) -> None:
    lead = await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    assert (await rig.site.post(f"{page}/take")).status_code == 422  # who are you?
    assert (await rig.office.row(lead.ref)).state == "offered"
    assert (await rig.site.post(f"{page}/take", data={"name": "Nadia"})).status_code == 303
    assert "Nadia, de l'équipe du camion" in (await rig.heard())[0]
    assert (await rig.site.post(f"{page}/reply", data={"text": "Bonjour Samia"})).status_code == 303
    assert "· en attente" in (await rig.site.get(page)).text
    assert await rig.heard() == ["Bonjour Samia"]
    shown = (await rig.site.get(page)).text
    assert "Bonjour Samia" in shown
    assert "· ✓ envoyé" in shown
    assert "Vue à une permanence" in shown
    assert 'name="reason" value="met"' in (await rig.site.get(page)).text
    assert (await rig.site.post(f"{page}/stage", data={"reason": "met"})).status_code == 303
    assert (await rig.office.row(lead.ref)).stage == "met"
    assert (await rig.site.post(f"{page}/close")).status_code == 303
    assert (await rig.site.post(f"{page}/outcome", data={"reason": "answered"})).status_code == 303
    assert (await rig.office.row(lead.ref)).outcome == "answered"
    mails = await rig.send()
    assert all("Samia" not in mail.get_content() for mail in mails)


async def test_what_is_done_on_the_page_of_a_link_brings_no_mail_to_who_did_it(rig: Rig) -> None:
    lead = await rig.office.lead()
    await rig.office.group("group-truck", TRUCK)
    (mail,) = await rig.send()
    page = rig.link(mail)
    for _ in range(2):  # a form sent twice
        await rig.site.post(f"{page}/take", data={"name": "Nadia"})
        await rig.site.post(f"{page}/reply", data={"text": "Bonjour Samia"})
    for verb, reason in (("dates", ""), ("back", ""), ("take", ""), ("close", ""), ("outcome", "answered")):
        await rig.site.post(f"{page}/{verb}", data={"reason": reason})
    assert (await rig.office.row(lead.ref)).outcome == "answered"
    assert await rig.send() == []
    told = [row.rendered.text for row in await rig.office.deliver() if row.address == "group-truck"]
    assert told.count("Nadia a écrit à la personne : Bonjour Samia") == 1  # her colleagues read it


async def test_what_is_not_text_opens_from_the_page_and_from_no_other_link(rig: Rig) -> None:
    lead = await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    await rig.site.post(f"{page}/take", data={"name": "Nadia"})
    photo = Enclosure("memory", "", "f1", "lettre.jpg", "image/jpeg", 4)
    async with rig.office.store.turn("memory", "person-1") as tx:
        await tx.apply(RelayToTeam(lead.id, "", "photo", photo))
    found = re.search(rf'href="({page}/files/\d+)"', (await rig.site.get(page)).text)
    assert found
    opened = await rig.site.get(found[1])
    assert (opened.status_code, opened.content, opened.headers["content-type"]) == (200, b"JPEG", "image/jpeg")
    assert (await rig.site.get(f"{page}/files/999999")).status_code == 404
    assert (await rig.site.get(found[1].replace("/mail/", "/mail/x"))).status_code == 404


async def test_another_colleague_of_the_mailbox_writes_under_their_own_name(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    await rig.site.post(f"{page}/take", data={"name": "Nadia"})
    await rig.heard()
    assert "« Nadia »" in (await rig.site.get(page)).text
    assert (await rig.site.post(f"{page}/name", data={"name": ""})).status_code == 404
    assert (await rig.site.post(f"{page}/name", data={"name": " Karim  B. "})).status_code == 303
    assert "« Karim B. »" in (await rig.site.get(page)).text
    await rig.site.post(f"{page}/reply", data={"text": "Bonjour"})
    said = await rig.office.store.claim_outbox(
        frozenset({"memory"}), rig.office.hours.now, 50, timedelta(minutes=1))
    assert [row.rendered.name for row in said if row.rendered.speaker == "counsellor"] == ["Karim B."]


async def test_words_that_did_not_go_stay_on_the_page(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    answer = await rig.site.post(f"{rig.link(mail)}/reply", data={"name": "Nadia", "text": "Bonjour"})
    assert answer.status_code == 409
    assert "Prenez d&#39;abord la demande" in answer.text
    assert ">Bonjour</textarea>" in answer.text


async def test_after_a_refusal_the_link_opens_nothing(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    assert (await rig.site.post(f"{page}/refuse", data={"name": "Nadia", "reason": "full"})).status_code == 303
    gone = await rig.site.get(page)
    assert gone.status_code == 404
    assert "Samia" not in gone.text


async def test_an_altered_an_old_and_a_strangers_link_open_nothing(rig: Rig) -> None:
    lead = await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    other = await rig.office.lead(LEAD_BODY, "person-2")
    elsewhere = rig.links.make(Link(other.ref, MAILBOX)).removeprefix(BASE)
    unknown = rig.links.make(Link(lead.ref, "someone@else.example")).removeprefix(BASE)
    for wrong in (page[:-4] + "AAA=", "/mail/x", "/mail/é", elsewhere, unknown):
        assert (await rig.site.get(wrong)).status_code == 404
        assert (await rig.site.post(f"{wrong}/take", data={"name": "Eve"})).status_code == 404
    rig.office.hours.advance(days=8)
    assert (await rig.site.get(page)).status_code == 404
    assert (await rig.office.row(lead.ref)).state == "offered"


async def test_a_verb_that_does_not_exist_is_no_page(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    assert (await rig.site.post(f"{rig.link(mail)}/delete", data={"name": "Nadia"})).status_code == 404


async def test_a_mailbox_that_does_not_exist_is_left_and_a_full_one_tried_again(rig: Rig) -> None:
    await rig.office.lead()
    rig.post.answers.append("452 mailbox full")
    assert await rig.send() == []
    rig.office.hours.advance(minutes=1)
    assert len(await rig.send()) == 1
    await rig.office.lead(TRUCK, "person-2")
    rig.post.answers.append("550 no such user")
    assert await rig.send() == []
    assert await rig.office.store.team_chat("mail", MAILBOX) is None


async def test_a_card_that_was_refused_lets_no_word_of_the_person_into_a_mail(rig: Rig) -> None:
    rig.post.refused.append("554 looks like spam")
    lead = await rig.office.lead()
    assert await rig.send() == []
    fatou = await rig.office.counsellor("Fatou", TRUCK)
    await rig.office.desk.take(lead.ref, fatou)
    async with rig.office.store.turn("memory", "person-1") as tx:
        said = RelayToTeam(lead.id, "je suis Samia", "text")
        await tx.apply(said)
        await tx.tell_team(lead.id, relay.to_team(rig.office.content, said))
    await rig.send()  # the edit of a card that is not there goes first
    (mail,) = await rig.send()
    assert "Samia" not in mail.get_content()
    assert lead.ref in mail["Subject"]
    assert "je suis Samia" in (await rig.site.get(rig.link(mail))).text


async def test_a_mail_says_that_an_answer_to_it_reaches_nobody(rig: Rig) -> None:
    await rig.office.lead()
    (mail,) = await rig.send()
    assert "Ne répondez pas à ce courriel" in mail.get_content()


@pytest.mark.parametrize(("who", "answer"), [
    ("senders", "550 5.7.1 sender not allowed"), ("senders", "530 5.7.0 authentication required"),
    ("answers", "554 5.7.1 relay access denied"),
])
async def test_what_the_operator_has_to_mend_loses_no_mail_and_no_mailbox(rig: Rig, who: str, answer: str) -> None:
    getattr(rig.post, who).append(answer)
    lead = await rig.office.lead()
    assert await rig.send() == []
    rig.office.hours.advance(minutes=1)
    (mail,) = await rig.send()
    assert lead.ref in mail["Subject"]
    assert await rig.office.store.team_chat("mail", MAILBOX) is not None


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x:port", "mail.example"])
def test_an_address_that_is_no_server_is_refused(url: str) -> None:
    with pytest.raises(MailAddressUnreadable):
        read_server(url)


def test_the_servers_address_is_read_whole() -> None:
    server = read_server("smtps://me%40x:se%3Acret@mail.example")
    assert (server.host, server.port, server.user, server.password, server.tls) == (
        "mail.example", 465, "me@x", "se:cret", True)


def test_a_link_of_other_keys_is_refused(office: Office) -> None:
    mine = Links(Vault([Fernet.generate_key()], b"k" * 32), office.hours.clock, BASE)
    other = Links(Vault([Fernet.generate_key()], b"k" * 32), office.hours.clock, BASE)
    token = other.make(Link("AAAAAA", MAILBOX)).rsplit("/", 1)[1]
    with pytest.raises(LinkRefused):
        mine.open(token)


@pytest.mark.parametrize("sealed", [
    "5", '"AAAAAA"', "null", "{}", '{"ref": "AAAAAA", "address": "x", "until": 1}', "[]", '["AAAAAA", "x"]',
    '["AAAAAA", "x", "tomorrow"]', '["AAAAAA", "x", null]', '["AAAAAA", "x", 1e300]',
    '["AAAAAA", 4102444800]', "words",
])
def test_what_we_sealed_for_another_use_is_no_link(office: Office, sealed: str) -> None:
    vault = Vault([Fernet.generate_key()], b"k" * 32)
    with pytest.raises(LinkRefused):
        Links(vault, office.hours.clock, BASE).open(vault.seal(sealed).decode())


async def test_a_mailbox_is_freed_of_the_name_of_who_left(rig: Rig) -> None:
    lead = await rig.office.lead()
    (mail,) = await rig.send()
    page = rig.link(mail)
    assert (await rig.site.post(f"{page}/take", data={"name": "Nadia"})).status_code == 303
    admin = await rig.office.counsellor("Ana", (TRUCK[0], None), "admin")
    (nadia,) = [one for one in await rig.office.desk.access.of(TRUCK[0]) if one.name == "Nadia"]
    assert await rig.office.desk.access.withdraw(nadia.id, admin)
    assert (await rig.office.row(lead.ref)).state == "offered"
    assert (await rig.site.post(f"{page}/take")).status_code == 422  # who are you?
    assert (await rig.site.post(f"{page}/take", data={"name": "Karim"})).status_code == 303
    assert (await rig.office.row(lead.ref)).taken_name == "Karim"
