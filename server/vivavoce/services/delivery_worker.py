"""Sends webhooks: what is due, one by one, until it is delivered or the schedule is over."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from vivavoce.core.delivery_schedule import delay_after
from vivavoce.core.webhook_signing import body_of, signed_headers
from vivavoce.core.webhooks import Answer, AttemptOutcome, Claim
from vivavoce.ports.stores import Tables
from vivavoce.ports.webhooks import WebhookSender
from vivavoce.services.foundation import Foundation
from vivavoce.services.leased_work import LeasedWorker, Observe, Pace

log = logging.getLogger(__name__)

# Longer than the sender lets an attempt take.
LEASE = timedelta(seconds=20)
GONE = 410


class DeliveryWorker(LeasedWorker[Claim]):
    work = "webhooks"
    at_once = 16  # endpoints

    def __init__(
        self,
        foundation: Foundation,
        sender: WebhookSender,
        pace: Pace | None = None,
        observe: Observe | None = None,
    ) -> None:
        super().__init__(foundation, pace, observe)
        self._sender = sender

    async def _next_due(self, now: datetime) -> datetime | None:
        return await self._at.stores.read.deliveries.next_due(now)

    async def _begin(self, write: Tables, now: datetime, limit: int) -> tuple[Claim, ...]:
        return await write.deliveries.claim(now, now + LEASE, limit)

    async def _attempt(self, claim: Claim) -> None:
        now = self._at.now()
        body = body_of(claim.event)
        secrets = claim.endpoint.live_secrets(now)
        signed = signed_headers(secrets, claim.event.id, int(now.timestamp()), body)
        headers = {**signed, "content-type": "application/json"}
        answer = await self._sender.post(claim.endpoint.url, headers, body)
        async with self._at.stores.transaction() as write:
            if await write.deliveries.finish_attempt(claim, answer):
                await self._settle(write, claim, answer)
        self._observe(answer.outcome)
        log.info(
            "webhook attempt",
            extra={
                "delivery": claim.delivery_id,
                "attempt": claim.number,
                "outcome": answer.outcome,
                "status": answer.status_code,
            },
        )

    async def _settle(self, write: Tables, claim: Claim, answer: Answer) -> None:
        now, failures = self._at.now(), claim.failures + 1
        delay = delay_after(failures, self._pace.random())
        if answer.outcome is AttemptOutcome.DELIVERED:
            await write.deliveries.delivered(claim.delivery_id, now)
        elif answer.status_code == GONE:
            await write.deliveries.failed(claim.delivery_id, failures, now)
            await self._disable(write, claim, now)
        elif delay is None:
            await write.deliveries.failed(claim.delivery_id, failures, now)
        else:
            await write.deliveries.retry(claim.delivery_id, failures, now + delay)

    async def _disable(self, write: Tables, claim: Claim, now: datetime) -> None:
        endpoint = claim.endpoint
        current = await write.webhook_endpoints.get(endpoint.organization_id, endpoint.id)
        if current is None or current.url != endpoint.url:  # it was the old address that is gone
            return
        reason = "the endpoint answered 410 Gone"
        disabled = replace(
            current,
            enabled=False,
            disabled_reason=reason,
            updated_at=now,
            revision=current.revision + 1,
        )
        await write.webhook_endpoints.change(disabled)
