"""Webhook endpoints of the native API."""

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.core.webhooks import LONGEST_URL, EventName, WebhookEndpoint
from vivavoce.services.webhooks import EndpointChange, NewEndpoint
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import NewWebhookEndpointShape, WebhookEndpointShape
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

_MOST_EVENTS = 50


class EndpointBody(Body):
    url: str = Field(min_length=1, max_length=LONGEST_URL)
    events: tuple[EventName, ...] = Field(default=(), max_length=_MOST_EVENTS)
    description: str = Field(default="", max_length=500)
    enabled: bool = True


class EndpointPatch(Body):
    url: str | None = Field(default=None, min_length=1, max_length=LONGEST_URL)
    events: tuple[EventName, ...] | None = Field(default=None, max_length=_MOST_EVENTS)
    description: str | None = Field(default=None, max_length=500)
    enabled: bool | None = None


@Operation(
    "Register an address; its secret is shown once.",
    Scope.WEBHOOKS_WRITE,
    one(NewWebhookEndpointShape, 201),
    body=EndpointBody,
    errors={400: "webhook_url too_many"},
)
async def create_endpoint(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_WRITE)
    body = await read_body(request, EndpointBody)
    wanted = NewEndpoint(body.url, body.events, body.description, body.enabled)
    endpoints = request.state["services"].webhook_endpoints
    endpoint = await endpoints.create(principal.organization_id, wanted)
    return single(_with_secret(endpoint), 201, revision=endpoint.revision)


@Operation(
    "List the addresses that are told what happens; newest first.",
    Scope.WEBHOOKS_READ,
    many(WebhookEndpointShape),
    query=PageQuery,
)
async def list_endpoints(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_READ)
    query = read_query(request, PageQuery)
    endpoints, total = await request.state["services"].webhook_endpoints.page(
        principal.organization_id, query.page, query.pageSize
    )
    views = [endpoint_view(endpoint) for endpoint in endpoints]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one webhook endpoint.",
    Scope.WEBHOOKS_READ,
    one(WebhookEndpointShape),
    errors={404: "webhook_endpoint_not_found"},
)
async def get_endpoint(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_READ)
    endpoint = await request.state["services"].webhook_endpoints.get(
        principal.organization_id, request.path_params["endpoint_id"]
    )
    return single(endpoint_view(endpoint), revision=endpoint.revision)


@Operation(
    "Change a webhook endpoint: another address, other events, on or off.",
    Scope.WEBHOOKS_WRITE,
    one(WebhookEndpointShape),
    body=EndpointPatch,
    revised=True,
    errors={400: "webhook_url", 404: "webhook_endpoint_not_found"},
)
async def change_endpoint(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_WRITE)
    body = await read_body(request, EndpointPatch)
    wanted = EndpointChange(body.url, body.events, body.description, body.enabled)
    endpoint = await request.state["services"].webhook_endpoints.change(
        principal.organization_id,
        request.path_params["endpoint_id"],
        wanted,
        seen_revisions(request),
    )
    return single(endpoint_view(endpoint), revision=endpoint.revision)


@Operation(
    "Make a new secret; the one before it signs along for a day.",
    Scope.WEBHOOKS_WRITE,
    one(NewWebhookEndpointShape),
    revised=True,
    errors={404: "webhook_endpoint_not_found"},
)
async def rotate_secret(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_WRITE)
    endpoint = await request.state["services"].webhook_endpoints.rotate(
        principal.organization_id, request.path_params["endpoint_id"], seen_revisions(request)
    )
    return single(_with_secret(endpoint), revision=endpoint.revision)


@Operation(
    "Remove a webhook endpoint; what was sent stays on record.",
    Scope.WEBHOOKS_WRITE,
    GONE,
    revised=True,
    errors={404: "webhook_endpoint_not_found"},
)
async def delete_endpoint(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.WEBHOOKS_WRITE)
    await request.state["services"].webhook_endpoints.delete(
        principal.organization_id, request.path_params["endpoint_id"], seen_revisions(request)
    )
    return removed()


def endpoint_view(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Without its secrets: they are shown when they are made, and never again."""
    retiring = [secret.retires_at for secret in endpoint.secrets if secret.retires_at is not None]
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": list(endpoint.events or EventName),
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_reason": endpoint.disabled_reason,
        "previous_secret_retires_at": to_text(retiring[0]) if retiring else None,
        "created_at": to_text(endpoint.created_at),
        "updated_at": to_text(endpoint.updated_at),
    }


def _with_secret(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {**endpoint_view(endpoint), "secret": endpoint.secrets[0].text}
