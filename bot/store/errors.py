"""What the store can fail at. One base; the docstring is the message; the cause is kept."""


class StoreError(Exception):
    """The store could not do it."""

    def __init__(self, detail: str = "") -> None:
        message = (type(self).__doc__ or "").strip().rstrip(".")
        super().__init__(f"{message}: {detail}" if detail else f"{message}.")


class StoreUnavailable(StoreError):
    """The database does not answer, or refused the connection."""


class UnsupportedDatabase(StoreError):
    """The database address is not one of sqlite+aiosqlite:///FILE or postgresql+psycopg://..."""


class ConversationGone(StoreError):
    """This conversation does not exist, or was erased."""


class LeadGone(StoreError):
    """This lead does not exist."""


class SeatContention(StoreError):
    """Too many people took seats of this session at the same moment; trying again later may work."""


class CannotMove(StoreError):
    """The session cannot be moved there."""


class MovedToThePast(CannotMove):
    """A session cannot be moved to an hour that is over."""


class TeamElsewhere(CannotMove):
    """The team is already somewhere at that hour."""


class NotTheDay(StoreError):
    """Who came is noted from the day of the session on; who did not, from its start."""


class VaultError(StoreError):
    """The encryption keys could not be used."""


class KeysMalformed(VaultError):
    """The encryption keys are not written as they should be."""


class KeysExposed(VaultError):
    """The key file can be read by other users of this machine; make it private (chmod 600)."""


class CannotOpen(VaultError):
    """No key opens this value: it was sealed with other keys, or altered."""


class WrongKeys(VaultError):
    """These keys are not the ones this database was made with."""
