"""What admits a browser to a session: bound links, tickets, popout codes and resume handles, all
hashed.
"""

from datetime import datetime

from vivavoce.core.timestamps import to_text
from vivavoce.storage.database import Rows

LIVE_HANDLES = 2


class AdmissionTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def bound_session(self, issuer: str, jti: str) -> str | None:
        sql = "SELECT session_id FROM launch_bindings WHERE issuer = ? AND jti = ?"
        value: str | None = await self._rows.value(sql, (issuer, jti))
        return value

    async def bind(
        self, link: tuple[str, str], session_id: str, at: datetime, expires_at: datetime
    ) -> None:
        """Bind the link (issuer, jti) to a session."""
        await self._rows.run(
            "INSERT INTO launch_bindings (issuer, jti, session_id, bound_at, expires_at) VALUES"
            " (?, ?, ?, ?, ?)",
            (*link, session_id, to_text(at), to_text(expires_at)),
        )

    async def add_ticket(
        self, ticket_hash: bytes, session_id: str, now: datetime, expires_at: datetime
    ) -> None:
        await self._rows.run("DELETE FROM tickets WHERE expires_at < ?", (to_text(now),))
        await self._rows.run(
            "INSERT INTO tickets (hash, session_id, expires_at) VALUES (?, ?, ?)",
            (ticket_hash, session_id, to_text(expires_at)),
        )

    async def take_ticket(self, ticket_hash: bytes, session_id: str, now: datetime) -> bool:
        """Consume the ticket; False when it is unknown, used, late or another session's."""
        taken = await self._rows.run(
            "DELETE FROM tickets WHERE hash = ? AND session_id = ? AND expires_at >= ?",
            (ticket_hash, session_id, to_text(now)),
        )
        return taken == 1

    async def add_popout(
        self, code_hash: bytes, session_id: str, now: datetime, expires_at: datetime
    ) -> None:
        await self._rows.run("DELETE FROM popout_codes WHERE expires_at < ?", (to_text(now),))
        await self._rows.run(
            "INSERT INTO popout_codes (hash, session_id, expires_at) VALUES (?, ?, ?)",
            (code_hash, session_id, to_text(expires_at)),
        )

    async def take_popout(self, code_hash: bytes, now: datetime) -> str | None:
        """Consume the code and return its session; None when it is unknown, used or late."""
        sql = "DELETE FROM popout_codes WHERE hash = ? AND expires_at >= ? RETURNING session_id"
        value: str | None = await self._rows.value(sql, (code_hash, to_text(now)))
        return value

    async def holds_handle(self, session_id: str, handle_hash: bytes) -> bool:
        sql = "SELECT count(*) FROM resume_handles WHERE session_id = ? AND hash = ?"
        return bool(await self._rows.value(sql, (session_id, handle_hash)))

    async def keep_only_handle(self, session_id: str, handle_hash: bytes | None) -> None:
        """Forget all handles of the session but this one; `None` forgets all."""
        await self._rows.run(
            "DELETE FROM resume_handles WHERE session_id = ? AND hash IS NOT ?",
            (session_id, handle_hash),
        )

    async def add_handle(self, session_id: str, handle_hash: bytes) -> None:
        """The newest handle; the one before it stays live until the newest is used."""
        await self._rows.run(
            "INSERT INTO resume_handles (hash, session_id) VALUES (?, ?)", (handle_hash, session_id)
        )
        await self._rows.run(
            "DELETE FROM resume_handles WHERE session_id = ? AND id NOT IN"
            " (SELECT id FROM resume_handles WHERE session_id = ? ORDER BY id DESC LIMIT ?)",
            (session_id, session_id, LIVE_HANDLES),
        )
