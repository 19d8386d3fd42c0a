"""What each interview has cost the engines since its last exchange, for the ledger of the next."""

from collections import OrderedDict
from typing import Protocol

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


class EngineTimes:
    """Told of every job by the lanes, perhaps from their threads; asked by the journals."""

    def __init__(self) -> None:
        self._spent: OrderedDict[str, dict[str, float]] = OrderedDict()

    def observe(self, job: Spent) -> None:
        if not job.session:
            return  # shared work, such as speech that any interview may use
        spent = self._spent.setdefault(job.session, {})
        for stage, ms in (("queued", job.queued_ms), ("ran", job.ran_ms)):
            name = f"{job.lane}.{stage}"
            spent[name] = round(spent.get(name, 0.0) + ms, 1)
        while len(self._spent) > MOST_SESSIONS:
            self._spent.popitem(last=False)

    def take(self, session_id: str) -> dict[str, float]:
        """Sums in ms, `<engine>.queued` and `<engine>.ran`; the next exchange begins at nothing."""
        return dict(self._spent.pop(session_id, {}))
