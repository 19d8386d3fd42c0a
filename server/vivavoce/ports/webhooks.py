"""What delivering webhooks needs from the network and from durable storage."""

from datetime import datetime
from typing import Protocol

from vivavoce.core.delivery_schedule import Waiting
from vivavoce.core.webhooks import (
    Answer,
    Attempt,
    Claim,
    Delivery,
    DeliveryFilter,
    WebhookEndpoint,
    WebhookSecret,
)


class WebhookSender(Protocol):
    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """One attempt, without redirects; every way to fail is an answer, none an exception."""
        ...


class WebhookEndpointStore(Protocol):
    """Endpoints that were deleted are found by no method."""

    async def add(self, endpoint: WebhookEndpoint) -> None: ...
    async def change(self, endpoint: WebhookEndpoint) -> None:
        """Write everything but the secrets."""
        ...

    async def replace_secrets(
        self, endpoint_id: str, secrets: tuple[WebhookSecret, ...]
    ) -> None: ...
    async def delete(self, endpoint_id: str, at: datetime) -> None: ...
    async def get(self, organization_id: str, endpoint_id: str) -> WebhookEndpoint | None: ...
    async def count(self, organization_id: str) -> int: ...
    async def page(
        self, organization_id: str, offset: int, limit: int
    ) -> tuple[WebhookEndpoint, ...]:
        """Newest first."""
        ...


class DeliveryStore(Protocol):
    """Deliveries come into being with their event, in `OutboxStore.add`."""

    async def claim(self, now: datetime, leased_until: datetime, limit: int) -> tuple[Claim, ...]:
        """Begin the oldest due delivery of each endpoint that has none under way.

        An attempt whose lease is over counts as interrupted.
        """
        ...

    async def next_due(self, now: datetime) -> datetime | None:
        """When `claim` may find something, if nothing is written until then."""
        ...

    async def finish_attempt(self, claim: Claim, answer: Answer) -> bool:
        """False when the lease was lost, and with it the right to decide."""
        ...

    async def waiting(self) -> Waiting:
        """What is not settled."""
        ...

    async def delivered(self, delivery_id: str, at: datetime) -> None: ...
    async def failed(self, delivery_id: str, failures: int, at: datetime) -> None:
        """There will be no further attempt."""
        ...

    async def retry(self, delivery_id: str, failures: int, next_attempt_at: datetime) -> None: ...
    async def is_under_way(self, delivery_id: str, now: datetime) -> bool: ...
    async def abandon_pending(self, endpoint_id: str, at: datetime) -> None: ...
    async def get(self, organization_id: str, delivery_id: str) -> Delivery | None: ...
    async def attempts(self, delivery_id: str) -> tuple[Attempt, ...]: ...
    async def count(self, organization_id: str, chosen: DeliveryFilter) -> int: ...
    async def page(self, organization_id: str, chosen: DeliveryFilter) -> tuple[Delivery, ...]:
        """One page, newest first."""
        ...
