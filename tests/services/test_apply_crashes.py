"""A program that is killed while forms and codes arrive and people approve, over one file."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from vivavoce.core.applications import Decision
from vivavoce.core.applying import ApplyForm, Standing
from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.mail import MailFilter, MailKind
from vivavoce.core.session import (
    ApplicationConsent,
    ApplicationFilter,
    ApplicationStatus,
    ParticipantFilter,
    SessionFilter,
)
from vivavoce.core.template import ApplyMode, Template
from vivavoce.services.applications import Ruling
from vivavoce.services.apply_codes import ApplyCodes
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import NewFile
from vivavoce.storage.stores import SqliteStores, open_stores

from tests.services.backend import INSTANCE, FixedClock, World, open_world, services_over

PEOPLE = 12
KILLS = 3
CONSENT = ApplicationConsent(POLICY_VERSION, REQUIRED_ITEMS, "en")

# Says which one it is about to confirm, so that it is killed in the middle of that.
CONFIRMING = """
        for handle, code in (pair.split(":") for pair in told):
            print(handle, flush=True)
            await services.applying.confirm(slug, handle, code)
"""
APPROVING = """
        ruling = Ruling(Decision.APPROVE, "Ada Quill")
        for organization_id, application_id in (pair.split(":") for pair in told):
            print(application_id, flush=True)
            await services.applications.decide(organization_id, application_id, None, ruling)
"""
# Says which one has arrived, as the page would, so that nothing may be lost of it from there on.
TAKING = """
        consent = ApplicationConsent(POLICY_VERSION, REQUIRED_ITEMS, "en")
        for email in told:
            form = ApplyForm("Person", email, None, consent)
            resume = NewFile("cv.txt", b"Wound clocks by the sea.")
            print(await services.applying.begin(slug, form, "en", resume), flush=True)
"""
PROGRAM = """
import asyncio, sys
from pathlib import Path
from vivavoce.core.applications import Decision
from vivavoce.core.applying import ApplyForm
from vivavoce.core.consent import POLICY_VERSION, REQUIRED_ITEMS
from vivavoce.core.session import ApplicationConsent
from vivavoce.services.applications import Ruling
from vivavoce.services.knowledge import NewFile
from vivavoce.storage.stores import open_stores
from tests.services.backend import FixedClock, services_over

async def main(folder, slug, *told):
    async with open_stores(Path(folder)) as stores:
        services = services_over(stores, FixedClock())
{work}
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def posted(world: World, mode: ApplyMode = ApplyMode.INTERVIEW) -> str:
    wanted = Template("", "Tide engineer", "en", (), "", apply_mode=mode, objective="Any.")
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


async def killed_run(work: str, data: Path, slug: str, told: list[str], after: int) -> list[str]:
    """What it has said until then."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM.format(work=work),
        str(data),
        slug,
        *told,
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    said = [(await program.stdout.readline()).decode().strip() for _ in range(after)]
    program.kill()
    assert await program.wait() == -signal.SIGKILL
    assert all(said)
    return said


@pytest.mark.anyio
async def test_killed_while_codes_are_told_no_application_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        organization_id, slug = world.organization_id, await posted(world)
        codes = await begun(world, slug)
    data = tmp_path / "data"
    told = [f"{handle}:{code}" for handle, code in codes.items()]
    for run in range(1, KILLS + 1):
        await killed_run(CONFIRMING, data, slug, told, after=run * PEOPLE // (KILLS + 1))
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


@pytest.mark.anyio
async def test_killed_after_a_form_was_taken_it_is_there_with_its_resume_and_its_code(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        slug = await posted(world)
    data, taken = tmp_path / "data", list[str]()
    for run in range(1, KILLS + 1):
        people = [f"person{run}-{number}@example.org" for number in range(PEOPLE)]
        taken += await killed_run(TAKING, data, slug, people, after=run)
    async with open_stores(data) as stores:
        services = services_over(stores, FixedClock())
        codes = ApplyCodes(Foundation(stores, FixedClock(), INSTANCE))
        for handle in taken:
            request = (await services.applying.progress(slug, handle)).request
            assert request.resume is not None
            await services.applying.confirm(slug, handle, codes.code(request.id, 1))
            standing = (await services.applying.progress(slug, handle)).standing
            assert standing is Standing.INVITED


@pytest.mark.anyio
async def test_killed_while_people_approve_each_is_invited_once(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        organization_id, slug = world.organization_id, await posted(world, ApplyMode.APPROVAL)
        for handle, code in (await begun(world, slug)).items():
            await world.services.applying.confirm(slug, handle, code)
        every = ApplicationFilter(page_size=100)
        records, _ = await world.services.applications.page(organization_id, every)
    data = tmp_path / "data"
    told = [f"{organization_id}:{record.application.id}" for record in records]
    for run in range(1, KILLS + 1):
        await killed_run(APPROVING, data, slug, told, after=run * PEOPLE // (KILLS + 1))
    async with open_stores(data) as stores:
        services = services_over(stores, FixedClock())
        ruling = Ruling(Decision.APPROVE, "Ada Quill")
        for record in records:
            id_ = record.application.id
            decided = await services.applications.decide(organization_id, id_, None, ruling)
            assert decided.application.status is ApplicationStatus.SCHEDULED
            assert len(decided.stages) == 1
        invitations = MailFilter(kind=MailKind.INVITATION)
        assert await stores.read.mail.count(organization_id, invitations) == PEOPLE
        names = Counter(event.name for event in await stores.read.outbox.waiting())
        assert (names["application.approved"], names["session.created"]) == (PEOPLE, PEOPLE)
