"""What a live conversation writes down. Every method returns only when its facts are durable."""

from typing import Protocol

from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.core.wishes import Wish


class Journal(Protocol):
    """The durable record of one session."""

    async def turns(self) -> tuple[Turn, ...]:
        """All turns so far, by number."""
        ...

    async def append(self, turn: Turn) -> None:
        """Append the next turn. Raises `Conflict` code `turn_number` unless it is the next."""
        ...

    async def wishes(self) -> tuple[Wish, ...]:
        """All that was wished by hand so far, in order."""
        ...

    async def wish(self, wish: Wish) -> None:
        """Keep what was wished; again under the same id, it is the same wish."""
        ...

    async def started(self) -> None:
        """The candidate has joined. Idempotent."""
        ...

    async def completed(self, duration_ms: int) -> None:
        """The closing line has been played. Idempotent."""
        ...

    async def signal(self, signal: Signal) -> None:
        """Keep it; again under the same id, it is the same signal."""
        ...

    async def ledger(self, entry: TurnLedger) -> None: ...
