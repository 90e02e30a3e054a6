"""What a mail that came back says (RFC 3464, or qmail's words): which of ours it was, who refuses it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message

from bot import mail_qsbmf

# A returned mail names ours in its own address (the envelope sender), in what it answers, or in what it gives back.
_ENVELOPE = ("To", "Delivered-To", "X-Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To",
             "X-Failed-Recipients", "In-Reply-To", "References")
_GIVEN_BACK = ("Message-ID", "Return-Path", "X-MS-Exchange-Message-Id", "Original-Message-ID")
# Compat32 takes headers as they are; the newer policies raise on some of what servers write.
_AS_IT_IS = policy.compat32


@dataclass(frozen=True, slots=True)
class Returned:
    """A report on a mail of ours. ``words``: the headers a mark may stand in.

    ``refused``: addresses that refuse for good; empty when it is only late, or says that it arrived. An address the
    report does not name is "".
    """

    words: str
    refused: tuple[str, ...]


# All that has to be read of a mail to know whether it may be one.
TELLING = ("CONTENT-TYPE", "FROM", "SUBJECT")


def is_report(headers: bytes) -> bool:
    """Whether a mail with these TELLING headers may be one: a vacation notice, or that it was read, is none."""
    read = message_from_bytes(headers, policy=_AS_IT_IS)
    content_type = " ".join(str(read.get("Content-Type", "")).split()).lower()
    return (content_type.startswith("multipart/report") and "delivery-status" in content_type) or (
        mail_qsbmf.may_be(read))


def read_returned(raw: bytes) -> Returned | None:
    """The report in a mail, that may be cut off at its end; None when it is none."""
    mail = message_from_bytes(raw, policy=_AS_IT_IS)
    if mail_qsbmf.may_be(mail):
        return _read_qsbmf(mail)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    parts = [part for part in mail.get_payload() if isinstance(part, Message)]
    report = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if report is None:
        return None
    words = [*_values(mail, _ENVELOPE)]
    for part in parts:
        for given_back in _headers_in(part):
            words += _values(given_back, _GIVEN_BACK)
    return Returned("\n".join(words), tuple(dict.fromkeys(_refused(report))))


def _read_qsbmf(mail: Message) -> Returned | None:
    body = mail.get_payload(decode=True)
    found = mail_qsbmf.read(body.decode("latin-1")) if isinstance(body, bytes) else None
    if found is None:
        return None
    refused, given_back = found
    ours = message_from_string(given_back, policy=_AS_IT_IS)
    return Returned("\n".join([*_values(mail, _ENVELOPE), *_values(ours, _GIVEN_BACK)]), refused)


def _refused(report: Message) -> Iterator[str]:
    """Who refuses for good (5.x.x). Late, or given up while nobody answered (4.x.x), says nothing of tomorrow."""
    for block in report.get_payload() if report.is_multipart() else ():
        if not isinstance(block, Message):
            continue
        failed = str(block.get("Action", "")).split(";")[0].strip().lower() == "failed"
        if failed and str(block.get("Status", "")).strip().startswith("5."):
            yield _address(str(block.get("Final-Recipient") or block.get("Original-Recipient") or ""))


def _address(recipient: str) -> str:
    """The address of ``rfc822; name@example.org``."""
    return recipient.rpartition(";")[2].strip().strip("<>").lower()


def _headers_in(part: Message) -> Iterator[Message]:
    """Of a part that gives our mail back, whole or its headers alone, and of what is in it."""
    kind = part.get_content_type()
    if kind in ("text/rfc822-headers", "message/rfc822-headers"):
        payload = part.get_payload(decode=True)
        text = payload.decode("latin-1") if isinstance(payload, bytes) else str(part.get_payload())
        yield message_from_string(text.lstrip(), policy=_AS_IT_IS)
    elif kind == "message/delivery-status":
        return
    else:
        yield part
        for inner in part.get_payload() if part.is_multipart() else ():
            if isinstance(inner, Message):
                yield from _headers_in(inner)


def _values(headers: Message, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in headers.get_all(name, [])]
