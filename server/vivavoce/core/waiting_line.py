"""Who waits for a place in an interview, in the order in which they came.

A place in the line lasts as long as its page goes on asking. Whoever's turn it is has a while to
come in; who does not goes to the end, so that an abandoned tab holds nobody up.

    (comes) ──► waiting ──(a place is free, and they are there)──► invited ──► (in)
                  ▲                                                   │
                  └──────────────(did not come in, last again)────────┘

Times are seconds of any clock that only goes forward.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice

PRESENT_SECONDS = 20.0  # a page asks every few seconds
GONE_SECONDS = 90.0  # a telephone may sleep for a while
INVITED_SECONDS = 60.0
LONGEST_LINE = 500  # beyond that, waiting is no offer


@dataclass(frozen=True)
class Standing:
    """`position` counts from 1. `invited_seconds` is how long the invitation still holds."""

    position: int
    of: int
    invited_seconds: float | None = None
    passed_over: bool = False  # was invited and did not come; it is the end of the line again

    @property
    def may_enter(self) -> bool:
        return self.invited_seconds is not None


@dataclass
class _Waiter:
    seen_at: float
    invited_at: float | None = None
    passed_over: bool = False


class WaitingLine:
    """`free` is how many places there are for all who wait together."""

    def __init__(self) -> None:
        self._line: OrderedDict[str, _Waiter] = OrderedDict()

    def __len__(self) -> int:
        return len(self._line)

    def __contains__(self, name: str) -> bool:
        return name in self._line

    def ask(self, name: str, now: float, free: int) -> Standing | None:
        """Stand in the line, or go on standing; None when the line takes nobody more."""
        self._tidy(now)
        if name not in self._line:
            if len(self._line) >= LONGEST_LINE:
                return None
            self._line[name] = _Waiter(now)
        waiter = self._line[name]
        waiter.seen_at = now
        self._invite(now, free)
        return self._standing(name, waiter, now)

    def admits(self, name: str, now: float, free: int) -> bool:
        """Whether somebody may come in now: who is invited, or anybody when nobody else waits."""
        self._tidy(now)
        self._invite(now, free)
        waiter = self._line.get(name)
        if waiter is not None and waiter.invited_at is not None:
            return free > 0
        ahead = sum(
            self._is_present(other, now) for key, other in self._line.items() if key != name
        )
        return free > ahead

    def leave(self, name: str) -> None:
        self._line.pop(name, None)

    def _tidy(self, now: float) -> None:
        for name, waiter in list(self._line.items()):
            if now - waiter.seen_at > GONE_SECONDS:
                del self._line[name]
            elif waiter.invited_at is not None and now - waiter.invited_at > INVITED_SECONDS:
                waiter.invited_at, waiter.passed_over = None, True
                self._line.move_to_end(name)

    def _invite(self, now: float, free: int) -> None:
        """The first who are there; an invitation is taken back only when its place is gone."""
        invited = [each for each in self._line.values() if each.invited_at is not None]
        for waiter in invited[free:]:
            waiter.invited_at = None
        waiting = (
            each
            for each in self._line.values()
            if each.invited_at is None and self._is_present(each, now)
        )
        for waiter in islice(waiting, max(0, free - len(invited))):
            waiter.invited_at = now

    def _is_present(self, waiter: _Waiter, now: float) -> bool:
        return waiter.invited_at is not None or now - waiter.seen_at <= PRESENT_SECONDS

    def _standing(self, name: str, waiter: _Waiter, now: float) -> Standing:
        position = list(self._line).index(name) + 1
        invited = waiter.invited_at
        left = None if invited is None else max(0.0, invited + INVITED_SECONDS - now)
        passed_over = waiter.passed_over and invited is None
        return Standing(position, len(self._line), left, passed_over)


def expected_wait_seconds(position: int, left_seconds: list[float], usual_seconds: float) -> float:
    """When the place of `position` in the line comes free, if every interview takes its time.

    `left_seconds` are those of the interviews under way; who comes in takes `usual_seconds`.
    """
    ends = sorted(left_seconds)
    for _ in range(position - 1):
        ends.append(ends.pop(0) + usual_seconds)
        ends.sort()
    return ends[0]
