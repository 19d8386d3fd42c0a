import asyncio

import jwt
import pytest
from vivavoce.core.errors import Conflict, Unauthenticated
from vivavoce.core.session import Conductor
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import AgentNotes, Speaker
from vivavoce.services.outside_agents import Ending, Said
from vivavoce.services.scheduling import InterviewOrder

from tests.services.backend import INSTANCE, World

pytestmark = pytest.mark.anyio

AT_ONCE = 8


async def ordered(world: World) -> str:
    organization_id, template_id = world.organization_id, world.template.id
    schedule = world.services.sessions.schedule
    known = await schedule(organization_id, template_id, "Robin Vale", "robin@example.org")
    order = InterviewOrder(known.session.participant_id, template_id)
    return (await world.services.scheduling.order(organization_id, order)).id


def said(number: int, text: str) -> Said:
    return Said(number, Speaker.INTERVIEWER, text, AgentNotes())


async def test_of_agents_that_write_at_once_one_writes_each_turn(world: World) -> None:
    session_id = await ordered(world)
    agents = world.services.outside_agents
    results: list[object] = []

    async def write(name: str) -> None:
        try:
            results.append(await agents.record_turn(session_id, said(1, name)))
        except Conflict as refusal:
            results.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(write(f"agent {number}"))
    assert results.count("turn_number") == AT_ONCE - 1
    session, turns = await agents.history(session_id)
    assert len(turns) == 1
    assert (session.status, session.conductor) == (
        SessionStatus.IN_PROGRESS,
        Conductor.OUTSIDE_AGENT,
    )
    assert (await world.events()).count("session.started") == 1


async def test_of_ends_told_at_once_one_counts(world: World) -> None:
    session_id = await ordered(world)
    agents = world.services.outside_agents
    await agents.record_turn(session_id, said(1, "Hello."))
    results: list[str] = []

    async def end() -> None:
        try:
            results.append((await agents.finalize(session_id, Ending())).status)
        except Conflict as refusal:
            results.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(end())
    assert sorted(results) == ["completed"] + ["session_state"] * (AT_ONCE - 1)
    assert (await world.events()).count("session.completed") == 1


async def test_the_built_in_interviewer_leaves_an_agents_interview_alone(world: World) -> None:
    session_id = await ordered(world)
    await world.services.outside_agents.record_turn(session_id, said(1, "Hello."))
    with pytest.raises(Conflict) as caught:
        await world.services.journals.of(session_id).started()
    assert caught.value.code == "conductor"


async def test_an_order_is_one_session_of_the_candidate(world: World) -> None:
    session_id = await ordered(world)
    session = (await world.services.sessions.read(world.organization_id, session_id)).session
    assert not session.invitation_withheld
    assert session.agent_profile_id == world.template.agent_profile_id
    assert (await world.services.sessions.participant(session_id)).name == "Robin Vale"


async def test_a_session_token_speaks_for_its_session_for_a_day(world: World) -> None:
    tokens = world.services.session_tokens
    token, expires_at = tokens.issue("session-1")
    assert tokens.is_one(token)
    assert tokens.verify(token) == "session-1"
    world.clock.advance((expires_at - world.clock.now()).total_seconds() - 1)
    assert tokens.verify(token) == "session-1"
    world.clock.advance(1)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


async def test_a_forged_session_token_is_refused(world: World) -> None:
    tokens = world.services.session_tokens
    genuine, _ = tokens.issue("session-1")
    claims = jwt.decode(genuine, options={"verify_signature": False})
    header = {"typ": "vv-session+jwt"}
    guess = "a" * 32
    forged = [
        jwt.encode(claims, guess, "HS256", header),
        jwt.encode(claims, "", "none", header),
        jwt.encode({**claims, "aud": "https://other.test"}, guess, "HS256", header),
        genuine.rpartition(".")[0] + ".",
        genuine[:-2] + ("AA" if genuine[-2:] != "AA" else "BB"),
    ]
    for token in forged:
        assert tokens.is_one(token)
        with pytest.raises(Unauthenticated):
            tokens.verify(token)
    assert claims["iss"] == INSTANCE
    for other in ("", "a.b.c", "x" * 9000, world.services.launch_tokens.invite("session-1")):
        assert not tokens.is_one(other)
