"""Who is at the console: the session cookie, and the token that proves a form was ours."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from bot.store.store import Store
from bot.store.values import Counsellor, CounsellorSeed

COOKIE = "premierpas_console"
# Long enough for a week of work, short enough for a phone that is lost.
SESSION = timedelta(days=7)
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in. ``csrf``: what each of their forms carries."""

    counsellor: Counsellor
    csrf: str

    @property
    def admin(self) -> bool:
        """Whether they look after the whole consortium."""
        return self.counsellor.role == "admin"

    def sent(self, csrf: str) -> bool:
        """Whether a form with this token came from one of their pages."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


class Door:
    """Opens and closes sessions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def visitor(self, request: Request) -> Visitor | None:
        """Who sends this request; None when nobody is signed in."""
        token = request.cookies.get(COOKIE)
        counsellor = await self._store.console(token) if token else None
        if token is None or counsellor is None:
            return None
        # Derived from the session: nothing more to store, and gone with it.
        csrf = hmac.new(token.encode(), b"console form", hashlib.sha256).hexdigest()
        return Visitor(counsellor, csrf)

    async def sign_in(self, request: Request, response: Response, code: str, name: str) -> bool:
        """Use a one-time code and open a session. False when the code is not good. ``name``: for somebody new."""
        grant = await self._store.use_code(code, "sign_in")
        if grant is None:
            return False
        if grant.counsellor_id is not None:
            counsellor = await self._store.counsellor(grant.counsellor_id)
        else:
            seed = CounsellorSeed(grant.consortium, grant.body, grant.role, name)
            counsellor = await self._store.add_counsellor(seed)
        if counsellor is None:
            return False
        token = await self._store.open_console(counsellor.id, SESSION)
        response.set_cookie(
            COOKIE, token, max_age=int(SESSION.total_seconds()), path="/console", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )
        return True

    async def sign_out(self, request: Request, response: Response) -> None:
        """Close the session, here and in the store."""
        token = request.cookies.get(COOKIE)
        if token:
            await self._store.close_console(token)
        response.delete_cookie(COOKIE, path="/console", httponly=True, samesite="strict")
