"""What every row function works with: one connection, the keys, the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.store.crypto import Vault
from bot.store.inline import InlineConnection
from bot.store.rows import Rows


@dataclass(frozen=True, slots=True)
class Scope:
    """One transaction (or one read) under way."""

    connection: AsyncConnection | InlineConnection
    vault: Vault
    clock: Clock
    tells_others: bool = False  # whether another system is to hear of changes of the calendar
    _hashes: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def engine(self) -> str:
        """sqlite or postgresql."""
        return self.connection.dialect.name

    def now(self) -> datetime:
        """The clock's moment."""
        return self.clock.now()

    def address_hash(self, channel: str, address: str) -> str:
        """What a person or a group is found by; a turn asks for its person's again and again."""
        known = self._hashes.get((channel, address))
        if known is None:
            known = self._hashes[channel, address] = self.vault.lookup("address", f"{channel}\0{address}")
        return known

    async def run(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Rows:
        """Execute one statement; all its rows are read."""
        result = await self.connection.execute(statement, values)
        return result if isinstance(result, Rows) else Rows.of(result)
