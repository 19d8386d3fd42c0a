"""Scorecards: at most one per session, final once saved."""

from collections.abc import Iterable
from datetime import datetime

from vivavoce.core.scorecard import Scorecard
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import SCORECARD, decode, encode
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import one_of


class ScorecardTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, session_id: str, scorecard: Scorecard, at: datetime) -> bool:
        """Store it unless the session has one; returns whether it was stored."""
        added = await self._rows.run(
            "INSERT INTO scorecards (session_id, content, scored_at) VALUES (?, ?, ?)"
            " ON CONFLICT (session_id) DO NOTHING",
            (session_id, encode(SCORECARD, scorecard), to_text(at)),
        )
        return added == 1

    async def get(self, session_id: str) -> tuple[Scorecard, datetime] | None:
        return (await self.of_sessions((session_id,))).get(session_id)

    async def of_sessions(
        self, session_ids: Iterable[str]
    ) -> dict[str, tuple[Scorecard, datetime]]:
        """Those that exist, with the time of their making."""
        rows = await self._rows.all(
            "SELECT * FROM scorecards WHERE session_id IN (SELECT value FROM json_each(?))",
            (one_of(session_ids),),
        )
        return {
            row["session_id"]: (decode(SCORECARD, row["content"]), from_text(row["scored_at"]))
            for row in rows
        }
