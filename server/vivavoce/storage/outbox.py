"""Events written in the transaction that made them true; delivery takes them from here."""

import sqlite3
from collections.abc import Callable

from vivavoce.core.session import Event
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import OBJECT, decode, encode
from vivavoce.storage.database import Rows


class OutboxTable:
    """`notice` is told when there is something new to deliver."""

    def __init__(self, rows: Rows, notice: Callable[[], None]) -> None:
        self._rows = rows
        self._notice = notice

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
        # Who listened when it happened is told, whatever becomes of the endpoints afterwards.
        await self._rows.run(
            "INSERT INTO webhook_deliveries (id, organization_id, endpoint_id, event_id, event,"
            " status, failures, attempts, created_at, next_attempt_at)"
            " SELECT 'dlv_' || lower(hex(randomblob(16))), e.organization_id, e.id, :id, :event,"
            " 'pending', 0, 0, :at, :at FROM webhook_endpoints e"
            " WHERE e.organization_id = :organization_id AND e.enabled = 1"
            " AND e.deleted_at IS NULL AND (json_array_length(e.events) = 0"
            " OR EXISTS (SELECT 1 FROM json_each(e.events) WHERE value = :event)) ORDER BY e.id",
            {
                "id": event.id,
                "event": event.name,
                "at": to_text(event.occurred_at),
                "organization_id": event.organization_id,
            },
        )
        self._notice()

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
