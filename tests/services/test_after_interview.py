"""What follows an interview, when the process that held it died before it was done."""

from dataclasses import replace
from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import Conductor
from vivavoce.core.transcript import TurnLedger
from vivavoce.services.after_interview import AfterInterview
from vivavoce.services.scorecards import Interviewed, ScorecardWriter
from vivavoce.storage.recordings import FileRecordings

from tests.services.backend import World

pytestmark = pytest.mark.anyio

SECOND = b"\x10\x00" * 16_000


def after_interview(world: World, folder: Path) -> AfterInterview:
    services = world.services
    return AfterInterview(
        services.sessions,
        services.live_sessions,
        services.journals,
        FileRecordings(folder),
        (ScorecardWriter(None), services.scorecard_store),
        services.clock,
    )


async def failed_session(world: World, folder: Path, email: str, recorded: bytes) -> str:
    """Somebody began, spoke, and was not heard of again; the process died with them."""
    sessions = world.services.sessions
    made = await sessions.schedule(world.organization_id, world.template.id, "Robin", email)
    session_id = made.session.id
    spool = await FileRecordings(folder).open(session_id)
    await world.services.journals.of(session_id).started()
    spool.append_candidate(recorded)
    await spool.close()
    await sessions.fail(session_id, "disconnected")
    return session_id


async def test_a_failed_interview_is_recorded_by_the_next_process(
    world: World, tmp_path: Path
) -> None:
    session_id = await failed_session(world, tmp_path, "robin@example.org", SECOND)
    after = after_interview(world, tmp_path)
    assert await after.unfinished() == (session_id,)
    await after.finish(session_id)
    kept = await world.services.sessions.read(world.organization_id, session_id)
    assert kept.recording_url is not None
    assert kept.scorecard is None
    assert await after_interview(world, tmp_path).unfinished() == ()


async def test_where_nothing_was_said_there_is_nothing_to_record(
    world: World, tmp_path: Path
) -> None:
    session_id = await failed_session(world, tmp_path, "noor@example.org", b"")
    await after_interview(world, tmp_path).finish(session_id)
    kept = await world.services.sessions.read(world.organization_id, session_id)
    assert kept.recording_url is None
    assert await after_interview(world, tmp_path).unfinished() == ()


async def test_the_recording_of_an_outside_agent_is_not_ours_to_make(
    world: World, tmp_path: Path
) -> None:
    session_id = await failed_session(world, tmp_path, "sam@example.org", SECOND)
    async with world.stores.transaction() as write:
        session = await write.sessions.get(session_id)
        assert session is not None
        await write.sessions.move(replace(session, conductor=Conductor.OUTSIDE_AGENT))
    assert await after_interview(world, tmp_path).unfinished() == ()


class AwayAtFirst(ScorecardWriter):
    """Its model's server is away, as often as `times`."""

    def __init__(self, times: int) -> None:
        super().__init__(None)
        self.times = times

    async def write(self, interviewed: Interviewed) -> Scorecard:
        if self.times:
            self.times -= 1
            raise EngineFailure("remote_unreachable", "The model server cannot be reached.")
        return await super().write(interviewed)


async def test_a_scorecard_waits_for_its_model_server_and_names_who_heard(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vivavoce.services.after_interview.WAITS_SECONDS", (0.0, 0.0))
    services = world.services
    made = await services.sessions.schedule(
        world.organization_id, world.template.id, "Kim", "kim@example.org"
    )
    journal = services.journals.of(made.session.id)
    await journal.started()
    for number, engine in ((1, "whisper at gpu"), (2, "pocketsphinx"), (3, "whisper at gpu")):
        services.journals.engine_times.cast({"transcriber": engine})
        await journal.ledger(TurnLedger(number, "score"))
    await journal.completed(1000)
    after = AfterInterview(
        services.sessions,
        services.live_sessions,
        services.journals,
        FileRecordings(tmp_path),
        (AwayAtFirst(2), services.scorecard_store),
        services.clock,
    )
    await after.finish(made.session.id)
    kept = await services.sessions.read(world.organization_id, made.session.id)
    assert kept.scorecard is not None
    assert kept.scorecard.evidence["heard_by"] == "whisper at gpu, pocketsphinx"
