"""A small IMAP server (RFC 3501, as much of it as imaplib says) on loopback, with one account."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "retours@site.example", "mot de passe"


@dataclass
class Account:
    """``mails``: by number. ``read``: those marked so. ``fetched``: what was asked of each, in order."""

    mails: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    fetched: list[tuple[int, str]] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    validity: int = 7

    def put(self, mail: bytes) -> int:
        """Its number."""
        number = max(self.mails, default=0) + 1
        self.mails[number] = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return number

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, command = line.decode().strip().partition(" ")
            for answer in self._answers(command):
                writer.write(answer + b"\r\n")
            bad = command.startswith("LOGIN") and command != f'LOGIN {USER} "{PASSWORD}"'
            writer.write(f"{tag} {'NO wrong password' if bad else 'OK done'}\r\n".encode())
            if command.startswith("LOGOUT"):
                break
        writer.close()

    def _answers(self, command: str) -> list[bytes]:
        if command.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1"]
        if command.startswith("SELECT"):
            return [f"* {len(self.mails)} EXISTS".encode(), f"* OK [UIDVALIDITY {self.validity}] valid".encode()]
        if command.startswith("UID SEARCH"):
            self.searched.append(command)
            return [b"* SEARCH" + b"".join(f" {one}".encode() for one in self.mails if one not in self.read)]
        if found := re.fullmatch(r"UID FETCH (\d+) \((.*)\)", command):
            number, what = int(found[1]), found[2]
            self.fetched.append((number, what))
            mail = self.mails[number]
            if "HEADER.FIELDS" in what:
                headers = mail.partition(b"\r\n\r\n")[0] + b"\r\n"
                names = what.partition("(")[2].partition(")")[0].replace(" ", "|").encode()
                heads = re.findall(rb"(?im)^(?:" + names + rb"):.*(?:\r\n[ \t].*)*\r\n", headers)
                mail = b"".join(heads) + b"\r\n"
            what = what.replace(".PEEK", "")
            return [f"* {number} FETCH (UID {number} {what} {{{len(mail)}}}".encode() + b"\r\n" + mail + b")"]
        if found := re.fullmatch(r"UID STORE ([\d,]+) \+FLAGS.SILENT \(\\Seen\)", command):
            self.read |= set(map(int, found[1].split(",")))
        if command.startswith("LOGOUT"):
            return [b"* BYE"]
        return []


@asynccontextmanager
async def imap_server() -> AsyncIterator[tuple[Account, int]]:
    """The account, and the port."""
    account = Account()
    server = await asyncio.start_server(account.talk, "127.0.0.1", 0)
    try:
        yield account, server.sockets[0].getsockname()[1]
    finally:
        server.close()
