"""Sends webhooks: whatever is due, once at a time, until it is delivered or the schedule is over.

The database is the queue. An attempt begins by leasing its row, so that a crash leaves nothing but
a lease that runs out, and a second program on the same file does not send at the same time.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vivavoce.core.delivery_schedule import delay_after
from vivavoce.core.errors import VivavoceError
from vivavoce.core.webhook_signing import body_of, signed_headers
from vivavoce.core.webhooks import Answer, AttemptOutcome, Claim
from vivavoce.ports.stores import Tables
from vivavoce.ports.webhooks import WebhookSender
from vivavoce.services.foundation import Foundation

log = logging.getLogger(__name__)

ENDPOINTS_AT_ONCE = 16
# Longer than the sender lets an attempt take.
LEASE = timedelta(seconds=20)
# Another program may write to the same file, and the clock of the machine may be set.
LONGEST_REST_SECONDS = 60.0
FAREWELL_SECONDS = 3.0
GONE = 410


@dataclass(frozen=True)
class Pace:
    """`random` gives numbers from 0.0 to 1.0."""

    random: Callable[[], float] = random.SystemRandom().random
    rest_after_failure_seconds: float = 5.0


class DeliveryWorker:
    def __init__(
        self, foundation: Foundation, sender: WebhookSender, pace: Pace | None = None
    ) -> None:
        self._at = foundation
        self._sender = sender
        self._pace = pace or Pace()
        self._woken = asyncio.Event()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    async def run(self) -> None:
        """Deliver for as long as this runs. A broken disk delays what is due and ends nothing."""
        release = self._at.stores.watch_outbox(self._woken.set)
        try:
            while not self._stopping:
                try:
                    async with asyncio.TaskGroup() as group:
                        await self._serve(group)
                except ExceptionGroup as failures:
                    _report(failures)
                    self._ended(self._under_way)
                    await asyncio.sleep(self._pace.rest_after_failure_seconds)
        finally:
            release()

    async def deliver_due(self) -> int:
        """Make every attempt that is due now; returns how many were made."""
        made = 0
        while claims := await self._claim():
            async with asyncio.TaskGroup() as group:
                for claim in claims:
                    group.create_task(self._attempt(claim))
            made += len(claims)
        return made

    async def stop(self, within_seconds: float = FAREWELL_SECONDS) -> None:
        """Begin nothing more, and let what is under way end: a lease left behind costs time."""
        self._stopping = True
        self._woken.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                await self._idle.wait()

    async def _serve(self, group: asyncio.TaskGroup) -> None:
        while not self._stopping:
            self._woken.clear()
            for claim in await self._claim():
                group.create_task(self._attempt(claim))
            await self._rest(await self._at.stores.read.deliveries.next_due(self._at.now()))

    async def _rest(self, until: datetime | None) -> None:
        seconds = LONGEST_REST_SECONDS
        if until is not None and self._under_way < ENDPOINTS_AT_ONCE:
            seconds = min(seconds, max(0.0, (until - self._at.now()).total_seconds()))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _claim(self) -> tuple[Claim, ...]:
        now = self._at.now()
        due = await self._at.stores.read.deliveries.next_due(now)
        free = ENDPOINTS_AT_ONCE - self._under_way
        if due is None or due > now or free == 0:
            return ()
        async with self._at.stores.transaction() as write:
            claims = await write.deliveries.claim(now, now + LEASE, free)
        self._under_way += len(claims)
        if claims:
            self._idle.clear()
        return claims

    def _ended(self, attempts: int) -> None:
        self._under_way -= attempts
        if self._under_way == 0:
            self._idle.set()

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
        self._ended(1)
        self._woken.set()
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


@asynccontextmanager
async def webhook_deliveries(worker: DeliveryWorker) -> AsyncIterator[None]:
    """Deliver until the block ends."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        try:
            yield
        finally:
            await worker.stop()
            running.cancel()


def _report(failures: ExceptionGroup[Exception]) -> None:
    for failure in failures.exceptions:
        code = failure.code if isinstance(failure, VivavoceError) else "internal"
        log.error("webhooks halted", extra={"code": code, "kind": type(failure).__name__})
