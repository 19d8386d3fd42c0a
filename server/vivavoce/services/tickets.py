"""What lets a browser open the interview socket: a ticket, valid once and briefly."""

import secrets
from datetime import timedelta

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.errors import Unauthenticated
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

TICKET_BYTES = 32
TICKET_SECONDS = 30


class Tickets:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def issue(self, session_id: str) -> str:
        async with self._at.stores.transaction() as write:
            return await self.add(write, session_id)

    async def add(self, write: Tables, session_id: str) -> str:
        """As `issue`, inside the caller's transaction."""
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        now = self._at.now()
        expires_at = now + timedelta(seconds=TICKET_SECONDS)
        await write.admissions.add_ticket(secret_hash(ticket), session_id, now, expires_at)
        return ticket

    async def redeem(self, session_id: str, ticket: str) -> None:
        """Raises `Unauthenticated` code `ticket` for a used, late, unknown or foreign one."""
        async with self._at.stores.transaction() as write:
            hashed = secret_hash(ticket)
            if await write.admissions.take_ticket(hashed, session_id, self._at.now()):
                return
        raise Unauthenticated("ticket", "The ticket is not valid for this session any more.")
