"""A mail that qmail, or a server that writes as it does, gives back: plain text (QSBMF), no report. Pure.

https://cr.yp.to/proto/qsbmf.txt
"""

import re
from email.message import Message

_FROM = re.compile(r"\bmailer-daemon\b", re.IGNORECASE)
_SUBJECT = "failure notice"
_RECIPIENT = re.compile(r"<([^<>\s]+)>:")
# Says that the address refuses for good: an enhanced status, or what the other server said.
_FOR_GOOD = re.compile(r"#5\.\d{1,3}\.\d{1,3}|(?:^|:[ _])5\d\d[ :_-]", re.MULTILINE)
# Says that nobody answered for a week: nothing of tomorrow.
_TOO_LONG = "in the queue too long"


def may_be(headers: Message) -> bool:
    """Whether a mail with these headers may be one."""
    return (bool(_FROM.search(str(headers.get("From", ""))))
            and " ".join(str(headers.get("Subject", "")).split()).lower() == _SUBJECT
            and headers.get_content_type() == "text/plain")


def read(text: str) -> tuple[tuple[str, ...], str] | None:
    """(addresses that refuse for good, what it gives back of the mail); None when it is none."""
    said, given_back, refused, recipients = text.replace("\r\n", "\n"), "", list[str](), 0
    paragraphs = [part for part in re.split(r"\n(?:[ \t]*\n)+", said.strip()) if part]
    for at, paragraph in enumerate(paragraphs):
        if paragraph.startswith("-"):
            given_back = "\n\n".join(paragraphs[at + 1:])
            break
        # qmail leaves no empty line between what one server said and the next address.
        for found in re.split(r"\n(?=<[^<>\s]+>:)", paragraph):
            named = _RECIPIENT.match(found)
            recipients += named is not None
            if named and _FOR_GOOD.search(found) and _TOO_LONG not in " ".join(found.split()).lower():
                refused.append(named[1].lower())
    return (tuple(dict.fromkeys(refused)), given_back) if recipients and given_back else None
