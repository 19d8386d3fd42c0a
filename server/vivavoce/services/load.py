"""How many places there are at this moment: what the machine holds, and less while it is behind."""

from collections.abc import Callable

from vivavoce.core.capacity import Capacity
from vivavoce.core.overload import Answers, is_overloaded, overload_bar_ms
from vivavoce.core.transcript import TurnLedger
from vivavoce.services.loop_lag import LoopLag

CONFIDENT = "score"  # the others waited on purpose
BAR_MS = 800


class Load:
    """`now` is a clock in seconds that only goes forward."""

    def __init__(self, capacity: Capacity, lag: LoopLag, now: Callable[[], float]) -> None:
        self.capacity = capacity
        self._lag = lag
        self._now = now
        self._answers = Answers()
        measured = capacity.measured
        self._bar_ms = overload_bar_ms(BAR_MS, measured.p95_ms if measured else None)

    def answered(self, ledger: TurnLedger) -> None:
        sent_ms = ledger.first_audio_sent_ms
        if ledger.commit_reason == CONFIDENT and sent_ms is not None:
            self._answers.note(self._now(), sent_ms)

    @property
    def is_behind(self) -> bool:
        return is_overloaded(self._answers.p95_ms(self._now()), self._bar_ms, self._lag.recent())

    def places(self, taken: int) -> int:
        """Nobody new while it is behind, but for the first."""
        most = self.capacity.interviews
        return min(most, max(1, taken)) if self.is_behind else most
