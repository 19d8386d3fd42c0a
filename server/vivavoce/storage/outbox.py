"""Events written in the transaction that made them true; delivery takes them from here."""

import sqlite3

from vivavoce.core.session import Event
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import OBJECT, decode, encode
from vivavoce.storage.database import Rows


class OutboxTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, event: Event) -> None:
        await self._rows.run(
            "INSERT INTO outbox (id, organization_id, event, occurred_at, payload) VALUES (?, ?,"
            " ?, ?, ?)",
            (
                event.id,
                event.organization_id,
                event.name,
                to_text(event.occurred_at),
                encode(OBJECT, event.payload),
            ),
        )

    async def waiting(self, limit: int = 100) -> tuple[Event, ...]:
        rows = await self._rows.all(
            "SELECT * FROM outbox WHERE settled_at IS NULL ORDER BY rowid LIMIT ?", (limit,)
        )
        return tuple(_event(row) for row in rows)


def _event(row: sqlite3.Row) -> Event:
    return Event(
        id=row["id"],
        organization_id=row["organization_id"],
        name=row["event"],
        occurred_at=from_text(row["occurred_at"]),
        payload=decode(OBJECT, row["payload"]),
    )
