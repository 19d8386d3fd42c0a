"""Scorecards: at most one per session, final once saved."""

from datetime import datetime

from vivavoce.core.scorecard import Scorecard
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import SCORECARD, decode, encode
from vivavoce.storage.database import Rows


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
        row = await self._rows.one("SELECT * FROM scorecards WHERE session_id = ?", (session_id,))
        if row is None:
            return None
        return decode(SCORECARD, row["content"]), from_text(row["scored_at"])
