"""What a live conversation writes down: turns, wishes, signals and stage times."""

import sqlite3
from datetime import datetime

from vivavoce.core.timestamps import to_text
from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.core.wire_messages import ControlOp
from vivavoce.core.wishes import Wish
from vivavoce.storage.codec import LEDGER, OBJECT, TURN, decode, encode
from vivavoce.storage.database import Rows


class TranscriptTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def turns(self, session_id: str) -> tuple[Turn, ...]:
        rows = await self._rows.all(
            "SELECT content FROM turns WHERE session_id = ? ORDER BY number", (session_id,)
        )
        return tuple(decode(TURN, row["content"]) for row in rows)

    async def last_number(self, session_id: str) -> int:
        sql = "SELECT coalesce(max(number), 0) FROM turns WHERE session_id = ?"
        return int(await self._rows.value(sql, (session_id,)))

    async def add_turn(self, session_id: str, turn: Turn, at: datetime) -> None:
        await self._rows.run(
            "INSERT INTO turns (session_id, number, content, created_at) VALUES (?, ?, ?, ?)",
            (session_id, turn.number, encode(TURN, turn), to_text(at)),
        )

    async def change_turn(self, session_id: str, turn: Turn) -> None:
        await self._rows.run(
            "UPDATE turns SET content = ? WHERE session_id = ? AND number = ?",
            (encode(TURN, turn), session_id, turn.number),
        )

    async def add_wish(self, session_id: str, wish: Wish) -> None:
        await self._rows.run(
            "INSERT INTO wishes (session_id, id, at_ms, button, text) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (session_id, id) DO NOTHING",
            (session_id, wish.id, wish.at_ms, wish.button, wish.text),
        )

    async def wishes(self, session_id: str) -> tuple[Wish, ...]:
        rows = await self._rows.all(
            "SELECT * FROM wishes WHERE session_id = ? ORDER BY number", (session_id,)
        )
        return tuple(_wish(row) for row in rows)

    async def add_signal(self, session_id: str, signal: Signal) -> None:
        await self._rows.run(
            "INSERT INTO signals (session_id, kind, at_ms, detail, client_id)"
            " VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (session_id, client_id) WHERE client_id IS NOT NULL DO NOTHING",
            (session_id, signal.kind, signal.at_ms, encode(OBJECT, dict(signal.detail)), signal.id),
        )

    async def signals(self, session_id: str) -> tuple[Signal, ...]:
        rows = await self._rows.all(
            "SELECT * FROM signals WHERE session_id = ? ORDER BY id", (session_id,)
        )
        return tuple(_signal(row) for row in rows)

    async def put_ledger(self, session_id: str, entry: TurnLedger) -> None:
        """Stage times of a turn arrive in pieces; the newest entry replaces the one before."""
        await self._rows.run(
            "INSERT INTO turn_ledgers (session_id, turn, content) VALUES (?, ?, ?)"
            " ON CONFLICT (session_id, turn) DO UPDATE SET content = excluded.content",
            (session_id, entry.turn, encode(LEDGER, entry)),
        )

    async def ledgers(self, session_id: str) -> tuple[TurnLedger, ...]:
        rows = await self._rows.all(
            "SELECT content FROM turn_ledgers WHERE session_id = ? ORDER BY turn", (session_id,)
        )
        return tuple(decode(LEDGER, row["content"]) for row in rows)

    async def newest_ledgers(self, organization_id: str, sessions: int) -> tuple[TurnLedger, ...]:
        """Of so many sessions, the latest that were made."""
        rows = await self._rows.all(
            "SELECT content FROM turn_ledgers WHERE session_id IN"
            " (SELECT id FROM sessions WHERE organization_id = ? ORDER BY id DESC LIMIT ?)",
            (organization_id, sessions),
        )
        return tuple(decode(LEDGER, row["content"]) for row in rows)


def _wish(row: sqlite3.Row) -> Wish:
    button = None if row["button"] is None else ControlOp(row["button"])
    return Wish(row["id"], row["at_ms"], button, row["text"])


def _signal(row: sqlite3.Row) -> Signal:
    detail = decode(OBJECT, row["detail"])
    return Signal(row["kind"], row["at_ms"], detail, row["client_id"])
