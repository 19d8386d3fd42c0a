"""What the scoring of a session needs from durable storage."""

from datetime import datetime
from typing import Protocol

from vivavoce.core.scorecard import Scorecard


class ScorecardStore(Protocol):
    async def save(self, session_id: str, scorecard: Scorecard, at: datetime) -> None:
        """Keep the card and announce `session.scored` in one transaction. A second save changes
        nothing.

        Raises `NotFound` code `session_not_found`, and `Conflict` code `session_state` unless
        completed.
        """
        ...

    async def get(self, session_id: str) -> Scorecard | None: ...
