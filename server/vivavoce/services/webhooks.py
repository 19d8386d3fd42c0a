"""Webhook endpoints: registering where to tell what happened, and the secrets that sign it."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from vivavoce.core.errors import Invalid, Issue, NotFound
from vivavoce.core.revisions import require_revision
from vivavoce.core.webhook_signing import SECRET_BYTES, mint_secret
from vivavoce.core.webhooks import (
    PREVIOUS_SECRET_LIFE,
    EventName,
    WebhookEndpoint,
    WebhookSecret,
    check_endpoint_url,
)
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

MOST_ENDPOINTS = 50


@dataclass(frozen=True)
class NewEndpoint:
    url: str
    events: tuple[EventName, ...] = ()
    description: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class EndpointChange:
    """`None` leaves a field as it is."""

    url: str | None = None
    events: tuple[EventName, ...] | None = None
    description: str | None = None
    enabled: bool | None = None


class WebhookEndpoints:
    def __init__(self, foundation: Foundation, *, private_allowed: bool) -> None:
        self._at = foundation
        self._private_allowed = private_allowed

    async def create(self, organization_id: str, wanted: NewEndpoint) -> WebhookEndpoint:
        """Its only secret is shown once. Raises `Invalid` codes `webhook_url`, `too_many`."""
        check_endpoint_url(wanted.url, private_allowed=self._private_allowed)
        now = self._at.now()
        endpoint = WebhookEndpoint(
            id="whe_" + self._at.new_id(),
            organization_id=organization_id,
            url=wanted.url,
            secrets=(_new_secret(),),
            created_at=now,
            updated_at=now,
            description=wanted.description,
            events=_unique(wanted.events),
            enabled=wanted.enabled,
        )
        async with self._at.stores.transaction() as write:
            if await write.webhook_endpoints.count(organization_id) >= MOST_ENDPOINTS:
                message = f"An organization has at most {MOST_ENDPOINTS} webhook endpoints."
                raise Invalid("too_many", message, (Issue(("url",), message),))
            await write.webhook_endpoints.add(endpoint)
        return endpoint

    async def get(self, organization_id: str, endpoint_id: str) -> WebhookEndpoint:
        """Raises `NotFound` code `webhook_endpoint_not_found`."""
        return await _require(self._at.stores.read, organization_id, endpoint_id)

    async def page(
        self, organization_id: str, page: int = 1, page_size: int = 20
    ) -> tuple[tuple[WebhookEndpoint, ...], int]:
        """One page, newest first, and how many there are in all."""
        endpoints = self._at.stores.read.webhook_endpoints
        total = await endpoints.count(organization_id)
        return await endpoints.page(organization_id, (page - 1) * page_size, page_size), total

    async def change(
        self,
        organization_id: str,
        endpoint_id: str,
        wanted: EndpointChange,
        seen: frozenset[int] | None = None,
    ) -> WebhookEndpoint:
        """Enabling it lets what waited go out.

        Raises as `create` and `get` do, and `Conflict` code `changed_meanwhile`.
        """
        if wanted.url is not None:
            check_endpoint_url(wanted.url, private_allowed=self._private_allowed)
        async with self._at.stores.transaction() as write:
            before = await _require(write, organization_id, endpoint_id)
            require_revision(before.revision, seen)
            changed = _revised(_changed(before, wanted), self._at.now())
            await write.webhook_endpoints.change(changed)
        return changed

    async def rotate(
        self, organization_id: str, endpoint_id: str, seen: frozenset[int] | None = None
    ) -> WebhookEndpoint:
        """A new secret; the one before it signs along for `PREVIOUS_SECRET_LIFE`."""
        now = self._at.now()
        async with self._at.stores.transaction() as write:
            endpoint = await _require(write, organization_id, endpoint_id)
            require_revision(endpoint.revision, seen)
            previous = replace(endpoint.secrets[0], retires_at=now + PREVIOUS_SECRET_LIFE)
            rotated = _revised(replace(endpoint, secrets=(_new_secret(), previous)), now)
            await write.webhook_endpoints.replace_secrets(endpoint_id, rotated.secrets)
            await write.webhook_endpoints.change(rotated)
        return rotated

    async def delete(
        self, organization_id: str, endpoint_id: str, seen: frozenset[int] | None = None
    ) -> None:
        """What it was sent stays on record; what waited for it is abandoned."""
        now = self._at.now()
        async with self._at.stores.transaction() as write:
            endpoint = await _require(write, organization_id, endpoint_id)
            require_revision(endpoint.revision, seen)
            await write.webhook_endpoints.delete(endpoint_id, now)
            await write.deliveries.abandon_pending(endpoint_id, now)


def _revised(endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    return replace(endpoint, updated_at=now, revision=endpoint.revision + 1)


def _changed(endpoint: WebhookEndpoint, wanted: EndpointChange) -> WebhookEndpoint:
    changed = replace(
        endpoint,
        url=endpoint.url if wanted.url is None else wanted.url,
        events=endpoint.events if wanted.events is None else _unique(wanted.events),
        description=endpoint.description if wanted.description is None else wanted.description,
    )
    if wanted.enabled is None:
        return changed
    reason = None if wanted.enabled else "disabled by its organization"
    return replace(changed, enabled=wanted.enabled, disabled_reason=reason)


async def _require(tables: Tables, organization_id: str, endpoint_id: str) -> WebhookEndpoint:
    endpoint = await tables.webhook_endpoints.get(organization_id, endpoint_id)
    if endpoint is None:
        raise NotFound("webhook_endpoint_not_found", "This webhook endpoint does not exist.")
    return endpoint


def _new_secret() -> WebhookSecret:
    return WebhookSecret(mint_secret(secrets.token_bytes(SECRET_BYTES)))


def _unique(events: tuple[EventName, ...]) -> tuple[EventName, ...]:
    return tuple(dict.fromkeys(events))
