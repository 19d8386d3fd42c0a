"""Whether an installation is keeping up, by what its interviews were like in the last minutes.

While it is not, nobody new is let in; whoever is here stays.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

RECENT_SECONDS = 180.0
FEWEST_ANSWERS = 8  # one slow answer is no overload
SLOW_LOOP_SECONDS = 0.1
FEWEST_LOOKS = 250  # five seconds of a loop in time; before that one hiccup is one in twenty
UNMEASURED_BAR_MS = 3000
TOLERANCE = 1.5  # over what was measured: a bench has no bad luck with its candidates


def overload_bar_ms(bar_ms: int, measured_p95_ms: int | None) -> int:
    """From where on answers are too slow, on this machine with its engines."""
    if measured_p95_ms is None:
        return UNMEASURED_BAR_MS
    return max(bar_ms, round(measured_p95_ms * TOLERANCE))


@dataclass
class Answers:
    """How long confident answers took to be heard; times in seconds of a forward clock."""

    _recent: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=1000))

    def note(self, at: float, voice_to_voice_ms: int) -> None:
        self._recent.append((at, voice_to_voice_ms))

    def p95_ms(self, now: float) -> int | None:
        """Of the last minutes; None when there were too few to tell."""
        values = [ms for at, ms in self._recent if now - at <= RECENT_SECONDS]
        return None if len(values) < FEWEST_ANSWERS else int(percentile95(values))


def percentile95(values: Sequence[float]) -> float:
    """Nearest rank."""
    return sorted(values)[ceil(0.95 * len(values)) - 1]


def is_overloaded(p95_ms: int | None, bar_ms: int, loop_lag: Sequence[float]) -> bool:
    slow = p95_ms is not None and p95_ms > bar_ms
    late = len(loop_lag) >= FEWEST_LOOKS and percentile95(loop_lag) > SLOW_LOOP_SECONDS
    return slow or late
