"""Webhook deliveries as their organization sees them: how each went, and sending one again."""

from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.webhooks import Attempt, Delivery, DeliveryFilter
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation


class Deliveries:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def page(
        self, organization_id: str, chosen: DeliveryFilter
    ) -> tuple[tuple[Delivery, ...], int]:
        """One page, newest first, and how many there are in all."""
        deliveries = self._at.stores.read.deliveries
        total = await deliveries.count(organization_id, chosen)
        return await deliveries.page(organization_id, chosen), total

    async def read(
        self, organization_id: str, delivery_id: str
    ) -> tuple[Delivery, tuple[Attempt, ...]]:
        """Raises `NotFound` code `webhook_delivery_not_found`."""
        read = self._at.stores.read
        delivery = await _require(read, organization_id, delivery_id)
        return delivery, await read.deliveries.attempts(delivery_id)

    async def replay(
        self, organization_id: str, delivery_id: str
    ) -> tuple[Delivery, tuple[Attempt, ...]]:
        """Begin the whole schedule again, with the same event id and body.

        Raises `NotFound` as `read` does, `Conflict` codes `webhook_endpoint_gone`,
        `webhook_endpoint_disabled` and `delivery_under_way`.
        """
        now = self._at.now()
        async with self._at.stores.transaction() as write:
            delivery = await _require(write, organization_id, delivery_id)
            endpoint = await write.webhook_endpoints.get(organization_id, delivery.endpoint_id)
            if endpoint is None:
                raise Conflict("webhook_endpoint_gone", "The endpoint was deleted.")
            if not endpoint.enabled:
                raise Conflict("webhook_endpoint_disabled", "The endpoint is disabled.")
            if await write.deliveries.is_under_way(delivery_id, now):
                raise Conflict("delivery_under_way", "An attempt is under way just now.")
            await write.deliveries.retry(delivery_id, 0, now)
        return await self.read(organization_id, delivery_id)


async def _require(tables: Tables, organization_id: str, delivery_id: str) -> Delivery:
    delivery = await tables.deliveries.get(organization_id, delivery_id)
    if delivery is None:
        raise NotFound("webhook_delivery_not_found", "This webhook delivery does not exist.")
    return delivery
