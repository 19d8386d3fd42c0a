"""What each interview has cost the engines since its last exchange, and which they were.

Told of jobs by the lanes, of stand-ins by whoever watches over a server; asked by the journals.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from vivavoce.core.transcript import TurnLedger

MOST_SESSIONS = 1000  # the oldest are given up; they ended without another exchange


class Spent(Protocol):
    """A finished job, as a lane tells of it."""

    @property
    def lane(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def queued_ms(self) -> float: ...
    @property
    def ran_ms(self) -> float: ...


class Used(Protocol):
    """Whose work a session got from a role that two engines may play."""

    @property
    def role(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def engine(self) -> str: ...


@dataclass
class _Since:
    """Since a session's last exchange."""

    spent: dict[str, float] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)


def _nobody(_: TurnLedger) -> None:
    return


class EngineTimes:
    def __init__(self) -> None:
        self._sessions: OrderedDict[str, _Since] = OrderedDict()
        self._cast: dict[str, str] = {}
        self.exchanged: Callable[[TurnLedger], None] = _nobody  # told of every ledger's entry

    def cast(self, engines: Mapping[str, str]) -> None:
        """Which engine plays each role, unless it is told otherwise."""
        self._cast = dict(engines)

    def observe(self, job: Spent) -> None:
        if not job.session:
            return  # shared work, such as speech that any interview may use
        spent = self._since(job.session).spent
        for stage, ms in (("queued", job.queued_ms), ("ran", job.ran_ms)):
            name = f"{job.lane}.{stage}"
            spent[name] = round(spent.get(name, 0.0) + ms, 1)

    def used(self, use: Used) -> None:
        """The last one counts: what it heard or said is what is kept."""
        self._since(use.session).engines[use.role] = use.engine

    def take(self, session_id: str) -> tuple[dict[str, float], dict[str, str]]:
        """Sums in ms, `<engine>.queued` and `<engine>.ran`, and who played which role; the next
        exchange begins at nothing.
        """
        since = self._sessions.pop(session_id, _Since())
        return since.spent, self._cast | since.engines

    def _since(self, session_id: str) -> _Since:
        since = self._sessions.setdefault(session_id, _Since())
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return since
