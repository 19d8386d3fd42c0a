"""What remembers who is about to apply, until the address is proved or the request is over."""

from datetime import datetime
from typing import Protocol

from vivavoce.core.applying import ApplyRequest


class ApplyRequestStore(Protocol):
    async def add(self, request: ApplyRequest) -> None: ...
    async def change(self, request: ApplyRequest) -> None:
        """Write what codes and their confirmation change."""
        ...

    async def by_handle(self, handle_hash: bytes) -> ApplyRequest | None: ...
    async def overtake(self, request: ApplyRequest) -> None:
        """What counted of the other requests of its application counts no longer."""
        ...

    async def codes_sent(self, email: str, since: datetime) -> int:
        """How many codes went to the address, of whichever request, whose newest is as young."""
        ...

    async def oldest(self) -> datetime | None:
        """When the oldest was made."""
        ...

    async def remove_before(self, created: datetime) -> tuple[str, ...]:
        """Remove what is that old; returns the ids."""
        ...

    async def remove_of(self, organization_id: str, email: str) -> tuple[str, ...]:
        """Remove what an organization knows of an address; returns the ids."""
        ...
