"""What is kept of a conversation: turns, what was wished by hand, signals and stage times."""

from datetime import datetime
from typing import Protocol

from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.core.wishes import Wish


class TranscriptStore(Protocol):
    async def turns(self, session_id: str) -> tuple[Turn, ...]: ...
    async def last_number(self, session_id: str) -> int: ...
    async def add_turn(self, session_id: str, turn: Turn, at: datetime) -> None: ...
    async def change_turn(self, session_id: str, turn: Turn) -> None:
        """Put `turn` in the place of the one with its number."""
        ...

    async def add_wish(self, session_id: str, wish: Wish) -> None:
        """Keep it, unless there is one with its id."""
        ...

    async def wishes(self, session_id: str) -> tuple[Wish, ...]:
        """In the order in which they were made."""
        ...

    async def add_signal(self, session_id: str, signal: Signal) -> None:
        """Keep it, unless there is one with its id."""
        ...

    async def signals(self, session_id: str) -> tuple[Signal, ...]: ...
    async def put_ledger(self, session_id: str, entry: TurnLedger) -> None:
        """Stage times of a turn arrive in pieces; the newest entry replaces the one before."""
        ...

    async def ledgers(self, session_id: str) -> tuple[TurnLedger, ...]: ...
    async def newest_ledgers(self, organization_id: str, sessions: int) -> tuple[TurnLedger, ...]:
        """Of so many sessions, the latest that were made."""
        ...
