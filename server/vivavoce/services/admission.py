"""Who may come in: as many interviews as this machine holds, the others in the order they came.

Whoever is in the middle of an interview always may come back. A place is taken from the moment a
link is let in; until the socket is there, it is held.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vivavoce.core.errors import AtCapacity
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.waiting_line import Standing, WaitingLine, expected_wait_seconds
from vivavoce.services.callers import Caller
from vivavoce.services.tickets import TICKET_SECONDS

HOLD_SECONDS = TICKET_SECONDS + 5.0
USUAL_SECONDS = 10 * 60.0  # of who comes in next, at the least

Limit = Callable[[int], int]  # how many places there are, when so many are taken
Here = Callable[[], Mapping[str, float]]  # sessions that take a place, with the seconds they need


@dataclass(frozen=True)
class QueuePlace:
    """`wait_seconds` is None when nothing is known about it."""

    standing: Standing
    wait_seconds: float | None


def _nobody() -> Mapping[str, float]:
    return {}


class Admission:
    def __init__(self, limit: Limit, now: Callable[[], float]) -> None:
        """`now` is a clock in seconds that only goes forward."""
        self._limit = limit
        self._now = now
        self._here: Here = _nobody
        self._held: dict[str, float] = {}
        self._line = WaitingLine()

    def watch(self, here: Here) -> None:
        """Be told from now on who is here."""
        self._here = here

    @property
    def waiting(self) -> int:
        return len(self._line)

    @property
    def limit(self) -> int:
        return self._limit(len(self._taken()))

    @property
    def free(self) -> int:
        taken = len(self._taken())
        return max(0, self._limit(taken) - taken)

    def hold(self, caller: Caller) -> None:
        """Take a place for who comes in. Raises `AtCapacity` code `capacity`."""
        if self._is_back(caller):
            return
        if not self._line.admits(caller.name, self._now(), self.free):
            raise at_capacity()
        self._line.leave(caller.name)
        self._held[caller.name] = self._now() + HOLD_SECONDS

    def seat(self, caller: Caller, session_id: str) -> None:
        """The place that was held is this session's."""
        until = self._held.pop(caller.name, None)
        if until is not None:
            self._held[session_id] = until

    def let_go(self, caller: Caller) -> None:
        """Who was to come in does not."""
        self._held.pop(caller.name, None)

    def enter(self, session_id: str, *, in_progress: bool) -> None:
        """A session's socket is there; its place is held until it has `entered`.

        Raises `AtCapacity` code `capacity`.
        """
        now = self._now()
        held = self._held.get(session_id, 0.0) >= now
        if not (held or in_progress or self._line.admits(session_id, now, self.free)):
            raise at_capacity()
        self._held[session_id] = now + HOLD_SECONDS

    def entered(self, session_id: str) -> None:
        """The interview is under way, and counted as such."""
        self._held.pop(session_id, None)

    def ask(self, caller: Caller) -> QueuePlace:
        """Wait in the line, or go on waiting. Raises `AtCapacity` code `queue_full`."""
        standing = self._line.ask(caller.name, self._now(), self.free)
        if standing is None:
            raise AtCapacity("queue_full", "Nobody more can wait just now. Please come back later.")
        return QueuePlace(standing, self._wait_seconds(standing))

    def leave(self, caller: Caller) -> None:
        self._line.leave(caller.name)

    def _is_back(self, caller: Caller) -> bool:
        session = caller.session
        if session is None:
            return False
        return session.status is SessionStatus.IN_PROGRESS or session.id in self._taken()

    def _taken(self) -> frozenset[str]:
        now = self._now()
        self._held = {name: until for name, until in self._held.items() if until >= now}
        return frozenset(self._here()) | frozenset(self._held)

    def _wait_seconds(self, standing: Standing) -> float | None:
        left = list(self._here().values())
        if standing.may_enter or not left:
            return None
        return expected_wait_seconds(standing.position, left, max(USUAL_SECONDS, *left))


def at_capacity() -> AtCapacity:
    return AtCapacity("capacity", "All interview places are taken just now.")
