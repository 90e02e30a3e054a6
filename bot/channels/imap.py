"""The mailbox that mails to teams come back to. The one door to IMAP (imaplib, which waits: in a thread)."""

import asyncio
import imaplib
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.mail_returns import TELLING, is_report
from bot.ports import Letter, LetterId, MailboxUnreadable, Unread

TIMEOUT = 20.0  # seconds
# A report comes first in a returned mail, what it gives back last: enough of both, never a large enclosure.
MOST_BYTES = 200_000
AT_ONCE = 50
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# imaplib wants the day so, in English whatever the machine speaks.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapAddressUnreadable(ValueError):
    """PREMIERPAS_IMAP_URL must look like imaps://user:password@server (imap:// for STARTTLS)."""


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where mail is fetched. ``tls``: from the start (imaps); else STARTTLS, which only loopback may go without."""

    host: str
    port: int
    user: str
    password: str
    tls: bool


def read_imap_server(url: str) -> ImapServer:
    """The server of an imap:// or imaps:// address; an @ in the user's name is written %40. Raises
    ImapAddressUnreadable."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as e:
        raise ImapAddressUnreadable from e
    if parts.scheme not in {"imap", "imaps"} or not (parts.hostname and parts.username and parts.password):
        raise ImapAddressUnreadable
    tls = parts.scheme == "imaps"
    return ImapServer(parts.hostname, port or (993 if tls else 143), unquote(parts.username),
                      unquote(parts.password), tls)


class ImapMailbox:
    """The INBOX of one account. Only reports are opened; only what ``mark_read`` is given is marked as read."""

    def __init__(self, server: ImapServer) -> None:
        self._server = server

    async def unread(self, skip: Collection[LetterId], since: date) -> Unread:
        """What nobody read and came since that day, but for ``skip``. Raises MailboxUnreadable."""
        return await asyncio.to_thread(self._unread, frozenset(skip), since)

    async def mark_read(self, letters: Collection[LetterId]) -> None:
        """These need not be read any more. Raises MailboxUnreadable."""
        await asyncio.to_thread(self._mark_read, letters)

    def _unread(self, skip: frozenset[LetterId], since: date) -> Unread:
        with self._opened() as (box, validity):
            day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
            found = _ok(box.uid("SEARCH", "UNSEEN", "SINCE", day))
            numbers = [int(number) for number in (found[0] or b"").split()] if found else []
            there = frozenset(LetterId(validity, number) for number in numbers)
            fresh = sorted(there - skip, key=lambda letter: -letter.number)[:AT_ONCE]  # the newest first
            reports, others = [], []
            for letter in fresh:
                content = self._report(box, letter.number)
                if content is None:
                    others.append(letter)
                else:
                    reports.append(Letter(letter, content))
            return Unread(there, tuple(reports), tuple(others))

    def _report(self, box: imaplib.IMAP4, number: int) -> bytes | None:
        """What a report says; None for any other mail, which is not opened."""
        fields = f"(BODY.PEEK[HEADER.FIELDS ({' '.join(TELLING)})])"
        if not is_report(_fetched(_ok(box.uid("FETCH", str(number), fields)))):
            return None
        return _fetched(_ok(box.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")))

    def _mark_read(self, letters: Collection[LetterId]) -> None:
        with self._opened() as (box, validity):
            # Else the server numbered its mails anew: these would be others.
            numbers = sorted(letter.number for letter in letters if letter.validity == validity)
            if numbers:
                _ok(box.uid("STORE", ",".join(map(str, numbers)), "+FLAGS.SILENT", r"(\Seen)"))

    @contextmanager
    def _opened(self) -> Iterator[tuple[imaplib.IMAP4, int]]:
        """The mailbox, and what its numbers are valid for."""
        server = self._server
        try:
            context = ssl.create_default_context()  # imaplib's own would believe any certificate
            box: imaplib.IMAP4 = (
                imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT) if server.tls
                else imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT))
            with box:
                if not server.tls and "STARTTLS" in box.capabilities:
                    box.starttls(context)
                elif not server.tls and server.host not in _LOOPBACK:
                    raise MailboxUnreadable  # the password would be read on the way
                box.login(server.user, server.password)
                _ok(box.select("INBOX"))
                yield box, int(box.response("UIDVALIDITY")[1][0] or b"0")
        except (imaplib.IMAP4.error, OSError, ValueError, IndexError) as e:
            raise MailboxUnreadable(type(e).__name__) from e


def _ok(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    """What the server answered. Raises MailboxUnreadable when it said no."""
    if answer[0] != "OK":
        raise MailboxUnreadable(answer[0])
    return answer[1]


def _fetched(answer: Sequence[Any]) -> bytes:
    """The content of a FETCH; empty when the mail is gone meanwhile."""
    return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), b"")
