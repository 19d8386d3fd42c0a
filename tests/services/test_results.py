from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from vivavoce.core.errors import Forbidden, NotFound
from vivavoce.services.results import LINK_LIFE, Visit

from tests.services.backend import World

pytestmark = pytest.mark.anyio


def opened(world: World, link: str, **changes: str) -> Visit:
    parts = urlsplit(link)
    return world.services.results.open_link(parts.path, {**dict(parse_qsl(parts.query)), **changes})


def list_link(world: World) -> str:
    results = world.services.results
    return results.link(results.new_visit(world.organization_id))


async def test_a_link_to_the_list_opens_until_it_expires(world: World) -> None:
    link = list_link(world)
    assert opened(world, link).organization_id == world.organization_id

    world.clock.advance((LINK_LIFE + timedelta(seconds=1)).total_seconds())
    with pytest.raises(Forbidden):
        opened(world, link)


@pytest.mark.parametrize(
    "change",
    [
        {"organization": "another"},
        {"expires": "9999999999"},
        {"expires": "soon"},
        {"signature": ""},
        {"signature": "é"},
    ],
)
async def test_a_changed_link_is_refused(world: World, change: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        opened(world, list_link(world), **change)


async def test_the_list_leads_to_a_session_and_back(world: World) -> None:
    visit = opened(world, list_link(world))

    one = opened(world, world.services.results.link(visit, "ses"))

    assert one.sees_list
    assert opened(world, world.services.results.link(one)).sees_list


async def test_a_link_to_one_session_opens_no_other_and_no_list(world: World) -> None:
    results = world.services.results
    visit = results.new_visit(world.organization_id)
    link = results.link(Visit(visit.organization_id, visit.expires, sees_list=False), "ses")

    assert not opened(world, link).sees_list
    for path in ("/results", "/results/another"):
        with pytest.raises(Forbidden):
            results.open_link(path, dict(parse_qsl(urlsplit(link).query)))


async def test_a_result_names_the_candidate_and_the_interview(world: World) -> None:
    admission = await world.services.launches.exchange_launch(world.token())

    (newest,) = await world.services.results.newest(world.organization_id)
    one = await world.services.results.one(world.organization_id, admission.session_id)

    assert newest.candidate_name == one.candidate_name == "Robin Vale"
    assert one.template_name == world.template.name


async def test_another_organization_finds_no_result(world: World) -> None:
    admission = await world.services.launches.exchange_launch(world.token())

    with pytest.raises(NotFound):
        await world.services.results.one("another", admission.session_id)
