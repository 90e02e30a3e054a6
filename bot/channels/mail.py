"""Mail to a team that has no group: that something waits, and a link. Never a word of the person. Door to SMTP."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.clock import Clock
from bot.mail_links import LINK_FOR, MAIL, Link, Links
from bot.mail_marks import Marks
from bot.outbound import Delivered, Outbound
from bot.ports import ChannelBlocked, ChannelBusy, ChannelRefused

TIMEOUT = 20.0  # seconds
# A server that does not let us send there (RFC 3463, X.7.X) says nothing of the mailbox.
_POLICY = "5.7."
_SUBJECTS = {
    "card": "Une demande attend votre équipe ({ref})", "message": "Du nouveau dans la demande {ref}",
}
_WORDS = """Bonjour,

{what}

{link}

Ce lien s'ouvre sans compte, pendant {days} jours. Il est pour votre équipe : ne le transmettez pas.
Ne répondez pas à ce courriel : personne ne lit les réponses, et elles n'arrivent pas à la personne.
Ce message ne contient rien sur la personne. Premier Pas est une machine.
"""
_SHEET = """Bonjour,

Voici la fiche de liaison d'une personne que nous accompagnons.
Elle a donné son accord pour cet envoi, à votre service seulement.
Merci de répondre à l'équipe nommée sur la fiche. Ce message est envoyé par une machine, pour cette équipe.
"""
_WHAT = {
    "card": "Une personne a accepté que votre équipe lise sa demande {ref}. "
            "Pour la lire, la prendre, ou dire qu'elle n'est pas pour vous :",
    "message": "Il y a du nouveau dans la demande {ref}. Pour lire et répondre :",
}


class MailAddressUnreadable(ValueError):
    """PREMIERPAS_SMTP_URL must look like smtp://user:password@server:587 (smtps:// for TLS from the start)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is given. ``tls``: from the start (smtps); otherwise STARTTLS when the server offers it."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool


def read_server(url: str) -> Server:
    """The server of an smtp:// or smtps:// address. Raises MailAddressUnreadable."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as e:
        raise MailAddressUnreadable from e
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise MailAddressUnreadable
    tls = parts.scheme == "smtps"
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Server(parts.hostname, port or (465 if tls else 587), user, password, tls)


class MailChannel:
    """Sends to mailboxes of teams. A lead's thread is its reference: what comes later links to the same page."""

    name = MAIL

    def __init__(self, server: Server, sender: str, links: Links, marks: Marks, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._links = links
        self._marks = marks
        self._clock = clock

    async def send(self, outbound: Outbound) -> Delivered:
        """Send one message. Raises ChannelBusy, ChannelBlocked (no such mailbox), ChannelRefused."""
        ref = outbound.lead or outbound.thread or _ref(outbound)
        if outbound.kind in {"edit", "close"}:
            return Delivered(thread=ref)  # a mail cannot be changed: its link always shows how things are
        message = self._message(outbound, ref)
        await self._give(message, self._marks.sender(self._marks.of_row(outbound.id)))
        return Delivered(message["Message-ID"], ref)

    async def send_sheet(self, address: str, ref: str, sheet: bytes) -> None:
        """Send a sheet, which the person agreed to, to a service. Raises ChannelError."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = address
        message["Date"] = format_datetime(self._clock.now())
        mark = self._marks.of_sheet(ref)
        message["Message-ID"] = self._marks.message_id(mark, self._clock.new_id())
        message["Subject"] = f"Fiche de liaison {ref}"
        message.set_content(_SHEET)
        message.add_attachment(sheet, maintype="application", subtype="pdf", filename=f"fiche-de-liaison-{ref}.pdf")
        await self._give(message, self._marks.sender(mark))

    async def _give(self, message: EmailMessage, returns_to: str | None) -> None:
        """``returns_to``: the envelope's sender, when it is not who the mail is from."""
        try:
            await aiosmtplib.send(
                message, sender=returns_to, hostname=self._server.host, port=self._server.port,
                username=self._server.user, password=self._server.password, use_tls=self._server.tls,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as e:
            waits = all(400 <= one.code < 500 or one.message.startswith(_POLICY) for one in e.recipients)
            raise (ChannelBusy() if waits else ChannelBlocked()) from e
        except aiosmtplib.SMTPDataError as e:
            raise (ChannelBusy() if 400 <= e.code < 500 else ChannelRefused()) from e
        except (aiosmtplib.SMTPException, OSError) as e:
            # No answer, or a password or a sender it does not take: the operator's to mend, and the mails wait.
            raise ChannelBusy from e

    def _message(self, outbound: Outbound, ref: str | None) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = outbound.address
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = self._marks.message_id(self._marks.of_row(outbound.id))
        message["Auto-Submitted"] = "auto-generated"
        if ref is None:  # about no lead: an address connected, somebody late by the code of their seat
            message["Subject"] = "Premier Pas"
            message.set_content(outbound.rendered.text)
            return message
        if outbound.kind == "recall":  # its link may open nothing any more: the words are enough
            message["Subject"] = f"Demande {ref} : à effacer"
            message.set_content(outbound.rendered.text)
            return message
        kind = "card" if outbound.kind == "card" else "message"
        message["Subject"] = _SUBJECTS[kind].format(ref=ref)
        link = self._links.make(Link(ref, outbound.address))
        message.set_content(_WORDS.format(what=_WHAT[kind].format(ref=ref), link=link, days=LINK_FOR.days))
        return message


def _ref(outbound: Outbound) -> str | None:
    """The reference of the lead a card is about: its buttons carry it."""
    for button in outbound.rendered.buttons:
        parts = button.payload.split()
        if len(parts) >= 3 and parts[0] == "/lead":
            return parts[2]
    return None
