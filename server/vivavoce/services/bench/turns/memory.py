"""A journal and a spool in memory: what is measured here waits for no disk."""

from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.core.wishes import Wish


class MemoryJournal:
    def __init__(self) -> None:
        self.ledgers: dict[int, TurnLedger] = {}  # by the turn that was answered
        self._turns: list[Turn] = []
        self._wishes: list[Wish] = []

    async def turns(self) -> tuple[Turn, ...]:
        return tuple(self._turns)

    async def append(self, turn: Turn) -> None:
        self._turns.append(turn)

    async def wishes(self) -> tuple[Wish, ...]:
        return tuple(self._wishes)

    async def wish(self, wish: Wish) -> None:
        self._wishes.append(wish)

    async def started(self) -> None:
        return None

    async def completed(self, duration_ms: int) -> None:
        return None

    async def signal(self, signal: Signal) -> None:
        return None

    async def ledger(self, entry: TurnLedger) -> None:
        self.ledgers[entry.turn] = entry


class MemorySpool:
    """Counts; nobody listens to a bench afterwards."""

    def __init__(self) -> None:
        self._samples = 0

    @property
    def candidate_samples(self) -> int:
        return self._samples

    @property
    def durable_samples(self) -> int:
        return self._samples

    def append_candidate(self, pcm: bytes) -> None:
        self._samples += len(pcm) // 2

    def append_interviewer(self, at_sample: int, pcm: bytes) -> None:
        return None

    async def flush(self) -> int:
        return self._samples

    async def read_candidate(self, from_sample: int) -> bytes:
        return b""

    async def close(self) -> None:
        return None
