import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook
from vivavoce.core.delivery_schedule import ATTEMPT_OFFSETS
from vivavoce.core.errors import Conflict, EngineFailure, Invalid, NotFound
from vivavoce.core.webhooks import (
    Answer,
    AttemptOutcome,
    DeliveryFilter,
    DeliveryStatus,
    EventName,
    WebhookEndpoint,
)
from vivavoce.network.guarded_http import Reach
from vivavoce.network.webhook_sender import HttpWebhookSender
from vivavoce.ports.webhooks import WebhookSender
from vivavoce.services.delivery_worker import LEASE, DeliveryWorker
from vivavoce.services.foundation import Foundation
from vivavoce.services.leased_work import Pace, working
from vivavoce.services.webhooks import EndpointChange, NewEndpoint, WebhookEndpoints

from tests.network.receiver import Receiver, Reply, receiving
from tests.services.backend import INSTANCE, World

pytestmark = pytest.mark.anyio

DELIVERED = Answer(AttemptOutcome.DELIVERED, 1, 204)
BROKEN = Answer(AttemptOutcome.REFUSED, 1, 500)


@dataclass
class Post:
    """Webhooks of one world: its endpoints, and workers without jitter."""

    world: World
    foundation: Foundation
    endpoints: WebhookEndpoints

    def worker(self, sender: WebhookSender | None = None) -> DeliveryWorker:
        real = HttpWebhookSender(Reach(private_allowed=True))
        return DeliveryWorker(self.foundation, sender or real, Pace(lambda: 0.0))

    async def listen(self, url: str, *events: EventName) -> WebhookEndpoint:
        return await self.endpoints.create(self.world.organization_id, NewEndpoint(url, events))

    async def happen(self, jti: str = "link-1") -> str:
        """Something that announces `participant.created` and `session.created`, the first time."""
        admission = await self.world.services.launches.exchange_launch(
            self.world.token(jti=jti, sub=jti, email=f"{jti}@example.org")
        )
        return admission.session_id

    async def statuses(self) -> list[tuple[str, DeliveryStatus]]:
        page, _ = await self.world.services.deliveries.page(
            self.world.organization_id, DeliveryFilter()
        )
        return [(each.event.name, each.status) for each in reversed(page)]

    async def only_delivery(self) -> str:
        page, total = await self.world.services.deliveries.page(
            self.world.organization_id, DeliveryFilter()
        )
        assert total == 1
        return page[0].id


class ScriptedSender:
    """Answers in turn; the last answer stays. Remembers what it was given."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.sent: list[tuple[str, dict[str, str], bytes]] = []

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.sent.append((url, headers, body))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class StuckSender:
    """Never answers."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.ids: list[str] = []

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.ids.append(headers["webhook-id"])
        self.reached.set()
        await asyncio.Event().wait()
        return DELIVERED


@pytest.fixture
def post(world: World) -> Post:
    foundation = Foundation(world.stores, world.clock, INSTANCE)
    return Post(world, foundation, WebhookEndpoints(foundation, private_allowed=True))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


async def test_what_happened_arrives_in_order_and_as_the_specification_signs_it(
    post: Post, receiver: Receiver
) -> None:
    endpoint = await post.listen(receiver.url)
    session_id = await post.happen()
    assert await post.worker().deliver_due() == 2

    created, opened = receiver.received
    assert json.loads(created.body)["event"] == "participant.created"
    envelope = json.loads(opened.body)
    assert envelope["event"] == "session.created"
    assert envelope["data"]["session"]["id"] == session_id
    assert envelope["data"]["session"]["external_id"] == "link-1"
    assert envelope["id"] == opened.headers["webhook-id"]
    assert opened.headers["content-type"] == "application/json"
    at = datetime.fromtimestamp(int(opened.headers["webhook-timestamp"]), UTC)
    assert at == post.world.clock.now()
    expected = Webhook(endpoint.secrets[0].text).sign(envelope["id"], at, opened.body.decode())
    assert opened.headers["webhook-signature"] == expected


async def test_an_endpoint_hears_only_what_it_asked_for_and_only_of_its_organization(
    post: Post, receiver: Receiver
) -> None:
    await post.listen(receiver.url, EventName.SESSION_CREATED)
    await post.happen()
    await post.worker().deliver_due()

    assert [json.loads(each.body)["event"] for each in receiver.received] == ["session.created"]


async def test_nothing_is_sent_to_an_endpoint_that_came_later_or_is_disabled(
    post: Post, receiver: Receiver
) -> None:
    await post.happen("one")
    endpoint = await post.listen(receiver.url)
    organization = post.world.organization_id
    await post.endpoints.change(organization, endpoint.id, EndpointChange(enabled=False))
    await post.happen("two")

    assert await post.worker().deliver_due() == 0
    assert await post.statuses() == []


async def test_attempts_follow_the_schedule_with_one_id_and_one_body_and_then_end(
    post: Post,
) -> None:
    sender = ScriptedSender(BROKEN)
    worker = post.worker(sender)
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    began = post.world.clock.now()
    assert await worker.deliver_due() == 1
    for offset in ATTEMPT_OFFSETS[1:]:
        wait = (began + offset - post.world.clock.now()).total_seconds()
        post.world.clock.advance(wait - 0.5)
        assert await worker.deliver_due() == 0
        post.world.clock.advance(0.5)
        assert await worker.deliver_due() == 1
    post.world.clock.advance(7 * 24 * 3600)
    assert await worker.deliver_due() == 0

    assert len(sender.sent) == len(ATTEMPT_OFFSETS)
    assert len({headers["webhook-id"] for _, headers, _ in sender.sent}) == 1
    assert len({body for *_, body in sender.sent}) == 1
    stamps = [int(headers["webhook-timestamp"]) for _, headers, _ in sender.sent]
    assert stamps == sorted(set(stamps))
    delivery, attempts = await post.world.services.deliveries.read(
        post.world.organization_id, await post.only_delivery()
    )
    assert delivery.status is DeliveryStatus.FAILED
    assert delivery.next_attempt_at is None
    assert [attempt.number for attempt in attempts] == list(range(1, 11))
    assert {attempt.status_code for attempt in attempts} == {500}


async def test_a_delivery_that_failed_arrives_when_the_endpoint_is_back(
    post: Post,
) -> None:
    sender = ScriptedSender(BROKEN, DELIVERED)
    worker = post.worker(sender)
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    await worker.deliver_due()
    post.world.clock.advance(5)
    await worker.deliver_due()

    assert await post.statuses() == [("session.created", DeliveryStatus.DELIVERED)]


async def test_gone_disables_the_endpoint_and_what_waited_goes_out_once_it_is_enabled(
    post: Post,
) -> None:
    gone = Answer(AttemptOutcome.REFUSED, 1, 410)
    sender = ScriptedSender(gone, DELIVERED)
    worker = post.worker(sender)
    endpoint = await post.listen("https://hooks.example.org/")
    await post.happen()
    assert await worker.deliver_due() == 1

    organization = post.world.organization_id
    disabled = await post.endpoints.get(organization, endpoint.id)
    assert not disabled.enabled
    assert disabled.disabled_reason == "the endpoint answered 410 Gone"
    assert (await post.statuses())[1] == ("session.created", DeliveryStatus.PENDING)
    enabled = await post.endpoints.change(organization, endpoint.id, EndpointChange(enabled=True))
    assert enabled.disabled_reason is None
    assert await worker.deliver_due() == 1
    assert (await post.statuses())[1] == ("session.created", DeliveryStatus.DELIVERED)


async def test_a_redirecting_endpoint_is_tried_again_and_the_other_place_never(post: Post) -> None:
    with receiving() as elsewhere:
        moved = Reply(302, {"location": elsewhere.url})
        with receiving(lambda _: moved) as receiver:
            await post.listen(receiver.url, EventName.SESSION_CREATED)
            await post.happen()
            await post.worker().deliver_due()
    delivery, attempts = await post.world.services.deliveries.read(
        post.world.organization_id, await post.only_delivery()
    )
    assert delivery.status is DeliveryStatus.PENDING
    assert attempts[0].outcome is AttemptOutcome.REDIRECTED
    assert elsewhere.received == []


async def test_while_rotating_both_secrets_sign_and_the_old_one_retires_after_a_day(
    post: Post,
) -> None:
    sender = ScriptedSender(DELIVERED)
    worker = post.worker(sender)
    endpoint = await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    organization = post.world.organization_id
    rotated = await post.endpoints.rotate(organization, endpoint.id)
    await post.happen("one")
    await worker.deliver_due()
    post.world.clock.advance(24 * 3600)
    await post.happen("two")
    await worker.deliver_due()

    old, new = endpoint.secrets[0].text, rotated.secrets[0].text
    assert old != new
    for (_, headers, body), secrets in zip(sender.sent, [(new, old), (new,)], strict=True):
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signed = [Webhook(key).sign(headers["webhook-id"], at, body.decode()) for key in secrets]
        assert headers["webhook-signature"] == " ".join(signed)
    again = await post.endpoints.rotate(organization, endpoint.id)
    assert [secret.text for secret in again.secrets][1] == new


async def test_two_workers_never_send_the_same_at_once(post: Post) -> None:
    stuck = StuckSender()
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    second = ScriptedSender(DELIVERED)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(post.worker(stuck).deliver_due())
        await stuck.reached.wait()
        assert await post.worker(second).deliver_due() == 0
        first.cancel()

    assert second.sent == []


async def test_a_worker_that_died_delays_its_delivery_by_a_lease_and_loses_nothing(
    post: Post,
) -> None:
    stuck, second = StuckSender(), ScriptedSender(DELIVERED)
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await post.worker(stuck).deliver_due()
    worker = post.worker(second)
    assert await worker.deliver_due() == 0
    post.world.clock.advance(LEASE.total_seconds())
    assert await worker.deliver_due() == 1

    assert [headers["webhook-id"] for _, headers, _ in second.sent] == stuck.ids
    _, attempts = await post.world.services.deliveries.read(
        post.world.organization_id, await post.only_delivery()
    )
    outcomes = [attempt.outcome for attempt in attempts]
    assert outcomes == [AttemptOutcome.INTERRUPTED, AttemptOutcome.DELIVERED]


async def test_who_lost_the_lease_decides_nothing_any_more(post: Post) -> None:
    release = asyncio.Event()

    class SlowSender:
        async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
            reached.set()
            await release.wait()
            return BROKEN

    reached = asyncio.Event()
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    async with asyncio.TaskGroup() as group:
        group.create_task(post.worker(SlowSender()).deliver_due())
        await reached.wait()
        post.world.clock.advance(LEASE.total_seconds())
        await post.worker(ScriptedSender(DELIVERED)).deliver_due()
        release.set()

    assert await post.statuses() == [("session.created", DeliveryStatus.DELIVERED)]


async def test_a_slow_endpoint_keeps_no_other_waiting(post: Post) -> None:
    class OneStuck(StuckSender):
        async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
            if "slow" in url:
                return await super().post(url, headers, body)
            arrived.append(json.loads(body)["event"])
            if len(arrived) == 4:
                everything.set()
            return DELIVERED

    arrived: list[str] = []
    everything = asyncio.Event()
    await post.listen("https://slow.example.org/")
    await post.listen("https://quick.example.org/")
    worker = post.worker(OneStuck())
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        await post.happen("one")
        await post.happen("two")
        await everything.wait()
        running.cancel()

    assert arrived == ["participant.created", "session.created"] * 2


async def test_a_running_worker_is_woken_by_what_happens_and_by_nothing_else(
    post: Post, receiver: Receiver
) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer(_: object) -> Reply:
        if len(receiver.received) == 2:
            loop.call_soon_threadsafe(arrived.set)
        return Reply()

    receiver.answer = answer
    await post.listen(receiver.url)
    began = time.monotonic()
    async with working(post.worker()):
        await post.happen()
        async with asyncio.timeout(5):
            await arrived.wait()

    assert time.monotonic() - began < 5
    assert [status for _, status in await post.statuses()] == [DeliveryStatus.DELIVERED] * 2


async def test_a_stop_lets_what_is_under_way_end_and_begins_nothing_more(post: Post) -> None:
    class LastSender:
        async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
            reached.set()
            await release.wait()
            return DELIVERED

    reached, release = asyncio.Event(), asyncio.Event()
    await post.listen("https://hooks.example.org/")
    async with working(post.worker(LastSender())):
        await post.happen()
        await reached.wait()
        asyncio.get_running_loop().call_later(0.05, release.set)

    statuses = [status for _, status in await post.statuses()]
    assert statuses == [DeliveryStatus.DELIVERED, DeliveryStatus.PENDING]


async def test_a_broken_disk_delays_what_is_due_and_ends_nothing(post: Post) -> None:
    class BreakingSender(ScriptedSender):
        async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
            answer = await super().post(url, headers, body)
            if len(self.sent) == 1:
                post.world.clock.advance(LEASE.total_seconds())
                raise EngineFailure("disk_full", "The disk is full or cannot be written.")
            arrived.set()
            return answer

    arrived = asyncio.Event()
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    pace = Pace(lambda: 0.0, rest_after_failure_seconds=0.0)
    sender = BreakingSender(DELIVERED)
    async with working(DeliveryWorker(post.foundation, sender, pace)):
        await post.happen()
        async with asyncio.timeout(5):
            await arrived.wait()

    assert await post.statuses() == [("session.created", DeliveryStatus.DELIVERED)]


async def test_what_waits_is_delivered_by_the_next_process(post: Post, receiver: Receiver) -> None:
    await post.listen(receiver.url)
    await post.happen()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            await post.worker(StuckSender()).deliver_due()
    post.world.clock.advance(3600)
    assert await post.worker().deliver_due() == 2
    assert len(set(receiver.ids)) == 2


async def test_a_replay_begins_the_schedule_again_under_the_same_id(post: Post) -> None:
    sender = ScriptedSender(DELIVERED, BROKEN, DELIVERED)
    worker = post.worker(sender)
    await post.listen("https://hooks.example.org/", EventName.SESSION_CREATED)
    await post.happen()
    await worker.deliver_due()
    organization, delivery_id = post.world.organization_id, await post.only_delivery()
    replayed, _ = await post.world.services.deliveries.replay(organization, delivery_id)
    assert replayed.status is DeliveryStatus.PENDING
    await worker.deliver_due()
    post.world.clock.advance(5)
    await worker.deliver_due()

    assert len(sender.sent) == 3
    assert len({(headers["webhook-id"], body) for _, headers, body in sender.sent}) == 1
    delivery, attempts = await post.world.services.deliveries.read(organization, delivery_id)
    assert delivery.status is DeliveryStatus.DELIVERED
    assert len(attempts) == 3


async def test_a_deleted_endpoint_abandons_what_waits_and_keeps_what_was(post: Post) -> None:
    worker = post.worker(ScriptedSender(DELIVERED, BROKEN))
    endpoint = await post.listen("https://hooks.example.org/")
    await post.happen()
    await worker.deliver_due()
    organization = post.world.organization_id
    await post.endpoints.delete(organization, endpoint.id)
    post.world.clock.advance(3600)

    assert await worker.deliver_due() == 0
    statuses = [status for _, status in await post.statuses()]
    assert statuses == [DeliveryStatus.DELIVERED, DeliveryStatus.ABANDONED]
    with pytest.raises(NotFound):
        await post.endpoints.get(organization, endpoint.id)
    page, _ = await post.world.services.deliveries.page(organization, DeliveryFilter())
    with pytest.raises(Conflict) as caught:
        await post.world.services.deliveries.replay(organization, page[0].id)
    assert caught.value.code == "webhook_endpoint_gone"


async def test_a_transaction_that_fails_announces_nothing(post: Post, receiver: Receiver) -> None:
    await post.listen(receiver.url)
    session_id = await post.happen()

    async def fail() -> None:
        async with post.world.stores.transaction() as write:
            session = await write.sessions.get(session_id)
            assert session is not None
            event = post.foundation.event(session.organization_id, "session.started", {})
            await write.outbox.add(event)
            await write.sessions.add(replace(session))

    with pytest.raises(Conflict):
        await fail()
    await post.worker().deliver_due()
    assert len(receiver.received) == 2


async def test_an_installation_refuses_private_addresses_unless_told_otherwise(
    world: World,
) -> None:
    with pytest.raises(Invalid) as caught:
        await world.services.webhook_endpoints.create(
            world.organization_id, NewEndpoint("http://127.0.0.1:9/")
        )
    assert caught.value.code == "webhook_url"
    assert caught.value.issues[0].path == ("url",)
