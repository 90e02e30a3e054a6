"""One-time codes and console sessions. Only hashes are kept: a copy of the database opens nothing."""

from datetime import timedelta

from sqlalchemy import bindparam, insert, select, update

from bot.store import tables as t
from bot.store.scope import Scope
from bot.store.values import Counsellor, Grant, Purpose, Role

CONNECT_LETTERS = 10  # typed by hand in a group: 47 bits, single use, short-lived

_c = t.codes.c
_s = t.console_sessions.c
_GOOD = (_c.code_hash == bindparam("hash_"), _c.purpose == bindparam("purpose_"), _c.used_at.is_(None),
         _c.expires_at > bindparam("now_"))
_USE = (
    update(t.codes).where(*_GOOD)
    .values(used_at=bindparam("now_"))
    .returning(_c.consortium, _c.body, _c.role, _c.counsellor_id)
)
_FIND = (
    select(t.counsellors)
    .join(t.console_sessions, _s.counsellor_id == t.counsellors.c.id)
    .where(_s.token_hash == bindparam("hash_"), _s.revoked_at.is_(None), _s.expires_at > bindparam("now_"),
           t.counsellors.c.disabled_at.is_(None))
)


def _values(scope: Scope, code: str, purpose: Purpose) -> dict[str, object]:
    return {"hash_": _hash(scope, purpose, code), "purpose_": purpose, "now_": scope.now()}


def _hash(scope: Scope, purpose: str, code: str) -> str:
    # Looking a keyed hash up takes the same time whatever the guess is close to.
    kept = code.strip().upper() if purpose == "connect" else code.strip()
    return scope.vault.lookup(f"code {purpose}", kept)


async def make(
    scope: Scope, purpose: Purpose, consortium: str, body: str | None, role: Role, ttl: timedelta,
    counsellor_id: str | None,
) -> str:
    """A fresh code, shown once."""
    code = scope.clock.new_code(CONNECT_LETTERS) if purpose == "connect" else scope.clock.new_secret()
    now = scope.now()
    await scope.run(insert(t.codes), {
        "code_hash": _hash(scope, purpose, code), "purpose": purpose, "consortium": consortium, "body": body,
        "role": role, "counsellor_id": counsellor_id, "created_at": now, "expires_at": now + ttl})
    return code


async def use(scope: Scope, code: str, purpose: Purpose) -> Grant | None:
    """What the code gives, the first time; None when it is unknown, used, or past its hour."""
    row = (await scope.run(_USE, _values(scope, code, purpose))).one_or_none()
    return None if row is None else Grant(purpose, row.consortium, row.body, row.role, row.counsellor_id)


async def opens(scope: Scope, code: str, purpose: Purpose) -> str | None:
    """The consortium that the code would open, which is not used by this; None when it opens nothing."""
    row = (await scope.run(select(_c.consortium).where(*_GOOD), _values(scope, code, purpose))).one_or_none()
    return None if row is None else str(row.consortium)


async def open_session(scope: Scope, counsellor_id: str, ttl: timedelta) -> str:
    """A console session's token, shown once."""
    token, now = scope.clock.new_secret(), scope.now()
    await scope.run(insert(t.console_sessions), {
        "token_hash": _hash(scope, "session", token), "counsellor_id": counsellor_id, "created_at": now,
        "expires_at": now + ttl})
    return token


async def find_session(scope: Scope, token: str) -> Counsellor | None:
    """Who is signed in with this token."""
    row = (await scope.run(_FIND, {"hash_": _hash(scope, "session", token), "now_": scope.now()})).one_or_none()
    return None if row is None else Counsellor(row.id, row.consortium, row.body, row.role, row.name_enc)


async def revoke_session(scope: Scope, token: str) -> None:
    """Sign out."""
    await scope.run(update(t.console_sessions)
                    .where(_s.token_hash == _hash(scope, "session", token), _s.revoked_at.is_(None))
                    .values(revoked_at=scope.now()))
