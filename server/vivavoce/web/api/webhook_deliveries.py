"""Webhook deliveries of the native API."""

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.core.webhook_signing import envelope
from vivavoce.core.webhooks import Attempt, Delivery, DeliveryFilter, DeliveryStatus, EventName
from vivavoce.web.answers import listing, single
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import WebhookDeliveryDetailsShape, WebhookDeliveryShape
from vivavoce.web.bodies import read_query
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class DeliveryQuery(PageQuery):
    endpoint_id: str | None = Field(default=None, max_length=64)
    status: DeliveryStatus | None = None
    event: EventName | None = None
    event_id: str | None = Field(default=None, max_length=64)


@Operation(
    "List what was sent, and what waits; newest first.",
    Scope.WEBHOOKS_READ,
    many(WebhookDeliveryShape),
    query=DeliveryQuery,
)
async def list_deliveries(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_READ)
    query = read_query(request, DeliveryQuery)
    chosen = DeliveryFilter(
        endpoint_id=query.endpoint_id,
        status=query.status,
        event=query.event,
        event_id=query.event_id,
        page=query.page,
        page_size=query.pageSize,
    )
    deliveries, total = await request.state["services"].deliveries.page(
        principal.organization_id, chosen
    )
    views = [_summary(delivery) for delivery in deliveries]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one delivery.",
    Scope.WEBHOOKS_READ,
    one(WebhookDeliveryDetailsShape),
    errors={404: "webhook_delivery_not_found"},
)
async def get_delivery(request: Request[State]) -> Response:
    """With its body and every attempt."""
    principal = await authorize(request, Scope.WEBHOOKS_READ)
    delivery, attempts = await request.state["services"].deliveries.read(
        principal.organization_id, request.path_params["delivery_id"]
    )
    return single(_view(delivery, attempts))


@Operation(
    "Send a delivery again.",
    Scope.WEBHOOKS_WRITE,
    one(WebhookDeliveryDetailsShape, 202),
    errors={
        404: "webhook_delivery_not_found",
        409: "webhook_endpoint_gone webhook_endpoint_disabled delivery_under_way",
    },
)
async def replay_delivery(request: Request[State]) -> Response:
    """202: it is sent again in a moment, under the same event id."""
    principal = await authorize(request, Scope.WEBHOOKS_WRITE)
    delivery, attempts = await request.state["services"].deliveries.replay(
        principal.organization_id, request.path_params["delivery_id"]
    )
    return single(_view(delivery, attempts), 202)


def _summary(delivery: Delivery) -> dict[str, Any]:
    waiting, settled = delivery.next_attempt_at, delivery.settled_at
    return {
        "id": delivery.id,
        "endpoint_id": delivery.endpoint_id,
        "event_id": delivery.event.id,
        "event": delivery.event.name,
        "status": delivery.status,
        "attempt_count": delivery.attempts,
        "created_at": to_text(delivery.created_at),
        "next_attempt_at": to_text(waiting) if waiting else None,
        "settled_at": to_text(settled) if settled else None,
    }


def _view(delivery: Delivery, attempts: tuple[Attempt, ...]) -> dict[str, Any]:
    return {
        **_summary(delivery),
        "payload": envelope(delivery.event),
        "attempts": [
            {
                "number": attempt.number,
                "at": to_text(attempt.at),
                "outcome": attempt.outcome,
                "status_code": attempt.status_code,
                "duration_ms": attempt.duration_ms,
                "response_excerpt": attempt.excerpt,
            }
            for attempt in attempts
        ],
    }
