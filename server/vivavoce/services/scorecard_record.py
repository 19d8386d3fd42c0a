"""Keeping a scorecard and announcing it, once."""

from datetime import datetime

from vivavoce.core.errors import Conflict
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.services import mailing, progression, session_changes
from vivavoce.services.foundation import Foundation


class DurableScorecards:
    """A `ports.stores.ScorecardStore`."""

    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def save(self, session_id: str, scorecard: Scorecard, at: datetime) -> None:
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            if session.status is not SessionStatus.COMPLETED:
                message = f"A session that is {session.status} has no scorecard."
                raise Conflict("session_state", message)
            if await write.scorecards.add(session_id, scorecard, at):
                await session_changes.announce(self._at, write, session, "session.scored")
                await mailing.tell_result(self._at, write, session, scorecard)
                await progression.after_score(self._at, write, session, scorecard)

    async def get(self, session_id: str) -> Scorecard | None:
        found = await self._at.stores.read.scorecards.get(session_id)
        return None if found is None else found[0]
