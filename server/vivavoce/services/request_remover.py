"""Forgets requests to apply when their time is over, with the words and addresses in them."""

from datetime import datetime

from vivavoce.core.applying import REQUEST_LIFE
from vivavoce.ports.stores import Tables
from vivavoce.services.leased_work import LeasedWorker


class RequestRemover(LeasedWorker[None]):
    """Removing is one statement, so that there is nothing to lease and nothing left to attempt."""

    work = "request removal"

    async def _next_due(self, now: datetime) -> datetime | None:
        oldest = await self._at.stores.read.apply_requests.oldest()
        return None if oldest is None else oldest + REQUEST_LIFE

    async def _begin(self, write: Tables, now: datetime, limit: int) -> tuple[None, ...]:
        removed = await write.apply_requests.remove_before(now - REQUEST_LIFE)
        await write.mail.forget_codes(removed, now)
        return ()

    async def _attempt(self, claimed: None) -> None:
        return None
