"""Who the page talks with: an unguessable cookie, and proof that a form is ours. Nothing else is known."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from fastapi import HTTPException, Request, Response

from bot.clock import Clock

COOKIE = "pp"
# A shared phone is common: the conversation is left behind after this long without a visit.
MAX_AGE_SECONDS = 30 * 24 * 3600
_FORM = re.compile(r"^[A-Za-z0-9_-]{20,128}$")


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser's conversation. ``address`` is the cookie; ``fresh``: it was made just now."""

    address: str
    fresh: bool


def visitor(request: Request, clock: Clock) -> Visitor:
    """The visitor of a request; a new one when there is no cookie of ours."""
    known = request.cookies.get(COOKIE, "")
    if _FORM.match(known):
        return Visitor(known, fresh=False)
    return Visitor(clock.new_secret() + clock.new_secret(), fresh=True)


def remember(response: Response, who: Visitor, *, secure: bool) -> None:
    """Set the cookie. Lax: a link from a poster or a message must find the conversation again."""
    response.set_cookie(
        COOKIE, who.address, max_age=MAX_AGE_SECONDS, httponly=True, samesite="lax", secure=secure, path="/"
    )


def form_proof(who: Visitor) -> str:
    """What a form of ours carries: only somebody who has the cookie can make it."""
    return hmac.new(who.address.encode(), b"premierpas form", hashlib.sha256).hexdigest()[:32]


def must_be_from_here(request: Request) -> None:
    """Refuse a request that another site made the browser send (403)."""
    origin = request.headers.get("origin")
    if origin not in (None, "null") and origin.split("://", 1)[-1] != request.headers.get("host"):
        raise HTTPException(403, "This request comes from another site.")


def must_be_our_script(request: Request) -> None:
    """Refuse what the page's scripts did not send (403): no form of another site can set this header."""
    must_be_from_here(request)
    if request.headers.get("x-premierpas") != "1":
        raise HTTPException(403, "This request does not come from the page.")


def must_be_our_form(who: Visitor, proof: str) -> None:
    """Refuse a form that is not ours, or older than the cookie (403)."""
    if who.fresh or not hmac.compare_digest(proof.encode(), form_proof(who).encode()):
        raise HTTPException(403, "This form is too old: load the page again.")
