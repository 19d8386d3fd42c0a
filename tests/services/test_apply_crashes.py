"""A program that is killed while codes are being told, again and again, over one file."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from vivavoce.core.applying import ApplyForm
from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.mail import MailFilter, MailKind
from vivavoce.core.session import (
    ApplicationConsent,
    ApplicationFilter,
    ParticipantFilter,
    SessionFilter,
)
from vivavoce.core.template import ApplyMode, Template
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import NewFile
from vivavoce.storage.stores import SqliteStores, open_stores

from tests.services.backend import INSTANCE, FixedClock, World, open_world, services_over

PEOPLE = 12
KILLS = 3
CONSENT = ApplicationConsent(POLICY_VERSION, REQUIRED_ITEMS, "en")

# Says which one it is about to confirm, so that it is killed in the middle of that.
PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.services.backend import FixedClock, services_over
from vivavoce.storage.stores import open_stores

async def main(folder, slug, *pairs):
    async with open_stores(Path(folder)) as stores:
        services = services_over(stores, FixedClock())
        for handle, code in (pair.split(":") for pair in pairs):
            print(handle, flush=True)
            await services.applying.confirm(slug, handle, code)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def posted(world: World) -> str:
    wanted = Template(
        "", "Tide engineer", "en", (), "", apply_mode=ApplyMode.INTERVIEW, objective="Any."
    )
    stored = await world.services.templates.create(world.organization_id, wanted, "merchant_public")
    return stored.slug


async def begun(world: World, slug: str) -> dict[str, str]:
    """Codes by the handles of the requests that they belong to."""
    codes = {}
    maker = ApplyCodes(Foundation(world.stores, world.clock, INSTANCE))
    for number in range(PEOPLE):
        form = ApplyForm(f"Person {number}", f"person{number}@example.org", None, CONSENT)
        resume = NewFile("cv.txt", b"Wound clocks by the sea.")
        handle = await world.services.applying.begin(slug, form, "en", resume)
        progress = await world.services.applying.progress(slug, handle)
        codes[handle] = maker.code(progress.request.id, progress.request.code_number)
    return codes


async def killed_run(data: Path, slug: str, codes: dict[str, str], after: int) -> None:
    pairs = [f"{handle}:{code}" for handle, code in codes.items()]
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(data),
        slug,
        *pairs,
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    for _ in range(after):
        assert await program.stdout.readline()
    program.kill()
    assert await program.wait() == -signal.SIGKILL


@pytest.mark.anyio
async def test_killed_while_codes_are_told_no_application_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        organization_id, slug = world.organization_id, await posted(world)
        codes = await begun(world, slug)
    data = tmp_path / "data"
    for run in range(1, KILLS + 1):
        await killed_run(data, slug, codes, after=run * PEOPLE // (KILLS + 1))
    async with open_stores(data) as stores:
        services = services_over(stores, FixedClock())
        for handle, code in codes.items():
            await services.applying.confirm(slug, handle, code)
        await assert_each_once(stores, organization_id, slug)


async def assert_each_once(stores: SqliteStores, organization_id: str, slug: str) -> None:
    read = stores.read
    template = await read.templates.by_slug(slug)
    assert template is not None
    template_id = template.template.id
    people = await read.participants.page(
        organization_id, ParticipantFilter(template_id=template_id, page_size=100)
    )
    assert Counter(person.email for person in people) == Counter(
        f"person{number}@example.org" for number in range(PEOPLE)
    )
    chosen = ApplicationFilter(template_id=template_id)
    assert await read.applications.count(organization_id, chosen) == PEOPLE
    sessions = SessionFilter(template_id=template_id)
    assert await read.sessions.count(organization_id, sessions) == PEOPLE
    for kind in (MailKind.APPLICATION, MailKind.INVITATION):
        assert await read.mail.count(organization_id, MailFilter(kind=kind)) == PEOPLE
    names = Counter(event.name for event in await read.outbox.waiting())
    assert names == {"participant.created": PEOPLE, "session.created": PEOPLE}
    assert all([await read.knowledge.resume_of(person.id) for person in people])
