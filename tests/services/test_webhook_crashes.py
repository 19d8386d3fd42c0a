"""A program that is killed in the middle of an attempt, again and again, over one database file."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from vivavoce.core.webhooks import DeliveryFilter, DeliveryStatus
from vivavoce.network.guarded_http import Reach
from vivavoce.network.webhook_sender import HttpWebhookSender
from vivavoce.services.delivery_worker import DeliveryWorker
from vivavoce.services.foundation import Foundation
from vivavoce.services.webhooks import NewEndpoint, WebhookEndpoints
from vivavoce.storage.stores import open_stores

from tests.network.receiver import Received, Reply, receiving
from tests.services.backend import INSTANCE, FixedClock, open_world

KILLS = 6
EVENTS_PER_RUN = 4

# Every run lives in a later minute, so that the leases of the one before are over.
PROGRAM = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from tests.services.backend import INSTANCE, FixedClock
from vivavoce.network.guarded_http import Reach
from vivavoce.network.webhook_sender import HttpWebhookSender
from vivavoce.services.delivery_worker import DeliveryWorker
from vivavoce.services.leased_work import working
from vivavoce.services.foundation import Foundation
from vivavoce.storage.stores import open_stores

async def main(folder, organization_id, minute, events):
    clock = FixedClock()
    clock.advance(60 * minute)
    async with open_stores(Path(folder)) as stores:
        foundation = Foundation(stores, clock, INSTANCE)
        worker = DeliveryWorker(foundation, HttpWebhookSender(Reach(private_allowed=True)))
        async with working(worker):
            for number in range(events):
                async with stores.transaction() as write:
                    event = foundation.event(organization_id, "session.created", {"n": number})
                    await write.outbox.add(event)
                print(event.id, flush=True)
            await asyncio.Event().wait()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
"""


class Killer:
    """Kills the running program in the middle of its second attempt, before it is answered."""

    def __init__(self) -> None:
        self.program: subprocess.Popen[str] | None = None
        self._of_this_run = 0
        self._lock = threading.Lock()

    def start(self, *arguments: str) -> list[str]:
        """The events that the program has announced as durable before it died."""
        self._of_this_run = 0
        command = [sys.executable, "-c", PROGRAM, *arguments]
        root = Path(__file__).parents[2]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as self.program:
            assert self.program.stdout is not None
            announced = [line.strip() for line in self.program.stdout]
        assert self.program.returncode == -signal.SIGKILL
        return announced

    def __call__(self, _: Received) -> Reply:
        with self._lock:
            self._of_this_run += 1
            if self._of_this_run == 2 and self.program is not None:
                self.program.kill()
        return Reply()


@pytest.mark.anyio
async def test_killed_in_mid_attempt_nothing_is_lost_and_nothing_gets_a_second_id(
    tmp_path: Path,
) -> None:
    killer, announced = Killer(), list[str]()
    async with open_world(tmp_path) as world:
        organization_id = world.organization_id
        foundation = Foundation(world.stores, world.clock, INSTANCE)
        endpoints = WebhookEndpoints(foundation, private_allowed=True)
        with receiving(killer) as receiver:
            await endpoints.create(organization_id, NewEndpoint(receiver.url))
            data = str(tmp_path / "data")
            for run in range(1, KILLS + 1):
                announced += killer.start(data, organization_id, str(run), str(EVENTS_PER_RUN))
            killer.program = None
            clock = FixedClock()
            clock.advance(48 * 3600)
            async with open_stores(tmp_path / "data") as stores:
                later = Foundation(stores, clock, INSTANCE)
                sender = HttpWebhookSender(Reach(private_allowed=True))
                await DeliveryWorker(later, sender).deliver_due()
                events = {event.id for event in await stores.read.outbox.waiting(1000)}
                chosen = DeliveryFilter(status=DeliveryStatus.DELIVERED, page_size=1000)
                delivered = await stores.read.deliveries.page(organization_id, chosen)

    ours = {each.event.id for each in delivered}
    assert set(announced) <= ours <= events
    assert set(receiver.ids) == ours
    bodies = {(each.headers["webhook-id"], each.body) for each in receiver.received}
    assert len(bodies) == len(ours)
    # Only what was under way when the program died comes twice.
    assert len(receiver.ids) <= len(ours) + KILLS
