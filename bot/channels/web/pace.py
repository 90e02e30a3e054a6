"""How fast the page may be asked, with a word to whoever is refused."""

from fastapi import HTTPException, Request

from bot.channels.web.drawing import Drawing
from bot.channels.web.session import Visitor
from bot.clock import Clock
from bot.limits import Limits

# One person taps fast; one address may be a whole shelter behind one box, but not a crowd without end.
PERSON_BURST, PERSON_SECONDS_EACH = 30, 1.0
# The pages of a letter at once, then one every two minutes: a script cannot fill the store by it.
FILES_BURST, FILES_SECONDS_EACH = 12, 120.0
ADDRESS_BURST, ADDRESS_SECONDS_EACH = 300, 0.1


class Pace:
    """Counts what each person and each network address asks."""

    def __init__(self, drawing: Drawing, clock: Clock, addresses: Limits | None) -> None:
        """``addresses``: how much one network address may ask, whoever is behind it."""
        self.drawing, self.clock = drawing, clock
        self.limits = Limits(PERSON_BURST, PERSON_SECONDS_EACH)
        self.files_limits = Limits(FILES_BURST, FILES_SECONDS_EACH)
        self.addresses = addresses or Limits(ADDRESS_BURST, ADDRESS_SECONDS_EACH)

    def not_too_many(self, request: Request, language: str) -> None:
        """An address that opens conversation after conversation is refused, or a script would fill the store."""
        client = request.client.host if request.client else ""
        if not self.addresses.allows(client, self.clock.now().timestamp()):
            raise self._wait(language)

    def not_too_fast(self, who: Visitor, language: str) -> None:
        """A script that writes all the time is refused."""
        if not self.limits.allows(who.address, self.clock.now().timestamp()):
            raise self._wait(language)

    def not_too_many_files(self, who: Visitor, language: str) -> None:
        """A script cannot fill the store with files."""
        if not self.files_limits.allows(who.address, self.clock.now().timestamp()):
            raise self._wait(language)

    def _wait(self, language: str) -> HTTPException:
        return HTTPException(429, self.drawing.label("page_too_fast", language), {"Retry-After": "2"})
