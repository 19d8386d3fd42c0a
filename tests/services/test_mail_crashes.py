"""A program that is killed while the server has the message, again and again, over one file."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from vivavoce.core.mail import MailFilter, MailKind, MailStatus
from vivavoce.mail.smtp import SmtpTransport
from vivavoce.storage.stores import open_stores

from tests.mail.post_office import OK, PostOffice, open_office
from tests.services.backend import FixedClock, open_world, services_over

KILLS = 4
INVITATIONS_PER_RUN = 3

# Every run lives in a later quarter of an hour, so that the leases of the one before are over.
PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.services.backend import FixedClock, services_over
from vivavoce.core.mail_settings import Security, SmtpServer
from vivavoce.mail.smtp import SmtpTransport
from vivavoce.services.leased_work import working
from vivavoce.storage.stores import open_stores

async def main(folder, organization_id, template_id, run, port, events):
    clock = FixedClock()
    clock.advance(900 * run)
    async with open_stores(Path(folder)) as stores:
        services = services_over(stores, clock)
        transport = SmtpTransport(SmtpServer("localhost", port, Security.NONE), 30)
        async with working(services.new_mail_worker(transport)):
            for number in range(events):
                email = f"candidate-{run}-{number}@example.org"
                await services.sessions.schedule(organization_id, template_id, "C", email)
            await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:4], *map(int, sys.argv[4:])))
"""


class Killer:
    """Kills the running program when it has handed over its second message."""

    def __init__(self) -> None:
        self.program: asyncio.subprocess.Process | None = None
        self._of_this_run = 0

    async def run(self, *arguments: str) -> None:
        self._of_this_run = 0
        self.program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, *arguments, cwd=Path(__file__).parents[2]
        )
        assert await self.program.wait() == -signal.SIGKILL
        self.program = None

    async def __call__(self, _: Envelope) -> str:
        self._of_this_run += 1
        if self._of_this_run == 2 and self.program is not None:
            self.program.kill()
            await asyncio.Event().wait()
        return OK


@pytest.mark.anyio
async def test_killed_while_the_server_has_the_message_no_candidate_is_mailed_twice(
    tmp_path: Path,
) -> None:
    killer = Killer()
    async with open_world(tmp_path) as world:
        organization_id, template_id = world.organization_id, world.template.id
    data = tmp_path / "data"
    async with open_office(PostOffice(data=killer)) as office:
        for run in range(1, KILLS + 1):
            numbers = (str(run), str(office.port), str(INVITATIONS_PER_RUN))
            await killer.run(str(data), organization_id, template_id, *numbers)
        clock = FixedClock()
        clock.advance(24 * 3600)
        async with open_stores(data) as stores:
            services = services_over(stores, clock)
            transport = SmtpTransport(office.address(), 30)
            await services.new_mail_worker(transport).deliver_due()
            chosen = MailFilter(kind=MailKind.INVITATION, page_size=100)
            mails = await stores.read.mail.page(organization_id, chosen)

    arrived = Counter(envelope.rcpt_tos[0] for envelope in office.envelopes)
    assert set(arrived.values()) == {1}
    statuses = Counter(mail.status for mail in mails)
    # What was about to leave may not have left: it is not lost, a person is asked.
    unarrived = [mail.status for mail in mails if mail.recipient.address not in arrived]
    assert set(unarrived) <= {MailStatus.UNCERTAIN}
    assert set(statuses) <= {MailStatus.SENT, MailStatus.UNCERTAIN}
    assert KILLS <= statuses[MailStatus.UNCERTAIN] <= KILLS * 3
