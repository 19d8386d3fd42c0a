from pathlib import Path

import pytest
from vivavoce.core.consent import POLICY_VERSION
from vivavoce.core.errors import Conflict, Forbidden, Invalid, NotFound
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.session import SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnKind, TurnLedger, Word
from vivavoce.core.wire_messages import ControlOp
from vivavoce.core.wishes import Wish
from vivavoce.services.organizations import Founding

from tests.services.backend import World

pytestmark = pytest.mark.anyio

CARD = Scorecard(
    score=8.2,
    passed=True,
    recommendation="hire",
    coverage=1.0,
    ai_feedback="Clear.",
    dimensions=(
        DimensionResult("Clarity", 100, 4, 8.2, "Led with the point.", (Citation(2, "I", 0, 9),)),
    ),
    evidence={"rubric_version": 1},
)


def answer(number: int) -> Turn:
    words = (Word("Nightly", 10, 400, 0.9),)
    return Turn(number, Speaker.CANDIDATE, TurnKind.ANSWER, "Nightly", 10, 400, 0, words=words)


async def opened(world: World, jti: str = "link-1") -> str:
    admission = await world.services.launches.exchange_launch(world.token(jti=jti))
    return admission.session_id


async def test_turns_are_kept_in_order_and_without_gaps(world: World) -> None:
    session_id = await opened(world)
    journal = world.services.journals.of(session_id)
    await journal.started()
    await journal.append(answer(1))
    for number in (1, 3):
        with pytest.raises(Conflict) as caught:
            await journal.append(answer(number))
        assert caught.value.code == "turn_number"
    await journal.append(answer(2))
    assert await journal.turns() == (answer(1), answer(2))


async def test_no_turn_before_the_start_or_after_the_end(world: World) -> None:
    journal = world.services.journals.of(await opened(world))
    with pytest.raises(Conflict):
        await journal.append(answer(1))
    await journal.started()
    await journal.completed(1000)
    with pytest.raises(Conflict):
        await journal.append(answer(1))


async def test_start_and_end_are_written_once(world: World) -> None:
    session_id = await opened(world)
    journal = world.services.journals.of(session_id)
    await journal.started()
    began = world.clock.now()
    world.clock.advance(60)
    await journal.started()
    await journal.completed(60_000)
    await journal.completed(99_000)
    record = await world.services.sessions.read(world.organization_id, session_id)
    assert record.session.started_at == began
    assert record.session.duration_ms == 60_000
    events = await world.events()
    assert events[-2:] == ["session.started", "session.completed"]
    with pytest.raises(Conflict):
        await journal.started()


async def test_what_was_wished_is_kept_in_order_and_once(world: World) -> None:
    journal = world.services.journals.of(await opened(world))
    pause, typed = Wish("b", 900, ControlOp.PAUSE), Wish("a", 1_200, text="Nightly")
    with pytest.raises(Conflict):
        await journal.wish(pause)
    await journal.started()
    for wish in (pause, typed, pause, typed):
        await journal.wish(wish)
    assert await journal.wishes() == (pause, typed)
    await journal.completed(2_000)
    with pytest.raises(Conflict) as caught:
        await journal.wish(Wish("c", 2_000, ControlOp.RESUME))
    assert caught.value.code == "session_state"


@pytest.mark.parametrize("ending", ["completed", "failed"])
async def test_a_typed_answer_is_in_the_transcript_however_the_interview_ended(
    world: World, ending: str
) -> None:
    session_id = await opened(world)
    journal = world.services.journals.of(session_id)
    await journal.started()
    question = Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, "How often?", 0, 900, 2)
    await journal.append(question)
    await journal.wish(Wish("a", 1_000, text="Nightly"))
    await journal.append(Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, "Nightly", 0, 0, wish="a"))
    await journal.wish(Wish("b", 1_000, ControlOp.SKIP))
    await journal.wish(Wish("c", 1_200, text="And on Sundays"))
    if ending == "completed":
        await journal.completed(2_000)
    else:
        await world.services.sessions.disconnected(session_id)
        world.clock.advance(3_600)
        assert await world.services.sessions.fail_expired() == (session_id,)
    *_, last = await journal.turns()
    assert (last.number, last.text, last.question) == (3, "And on Sundays", 2)
    assert (last.typed, last.wish, last.start_ms) == (True, "c", 1_200)


async def test_a_signal_that_is_sent_again_counts_once(world: World) -> None:
    session_id = await opened(world)
    journal = world.services.journals.of(session_id)
    named, unnamed = Signal("paste", 900, {}, "a"), Signal("paste", 900)
    for signal in (named, unnamed, named, unnamed):
        await journal.signal(signal)
    assert await world.stores.read.transcripts.signals(session_id) == (named, unnamed, unnamed)


async def test_signals_and_ledgers_are_kept(world: World) -> None:
    session_id = await opened(world)
    journal = world.services.journals.of(session_id)
    await journal.signal(Signal("tab_hidden", 1200, {"for_ms": 300}))
    await journal.ledger(TurnLedger(2, "score", soft_end_ms=96))
    await journal.ledger(TurnLedger(2, "score", soft_end_ms=96, first_audio_played_ms=480))
    record = await world.services.sessions.read(world.organization_id, session_id)
    assert record.signals == (Signal("tab_hidden", 1200, {"for_ms": 300}),)
    ledgers = await world.stores.read.transcripts.ledgers(session_id)
    assert [entry.first_audio_played_ms for entry in ledgers] == [480]


async def test_a_silent_session_fails_only_after_its_grace_time(world: World) -> None:
    session_id = await opened(world)
    await world.services.journals.of(session_id).started()
    await world.services.sessions.disconnected(session_id)
    world.clock.advance(599)
    assert await world.services.sessions.fail_expired() == ()
    await world.services.sessions.connected(session_id)
    world.clock.advance(3600)
    assert await world.services.sessions.fail_expired() == ()
    await world.services.sessions.all_disconnected()
    world.clock.advance(600)
    assert await world.services.sessions.fail_expired() == (session_id,)
    record = await world.services.sessions.read(world.organization_id, session_id)
    assert record.session.status is SessionStatus.FAILED
    assert record.session.failure_reason == "disconnected"
    assert (await world.events())[-1] == "session.failed"


async def test_a_session_that_ended_stays_as_it_is(world: World) -> None:
    session_id = await opened(world)
    await world.services.sessions.cancel(world.organization_id, session_id)
    for change in (
        world.services.sessions.fail(session_id, "late"),
        world.services.sessions.cancel(world.organization_id, session_id),
        world.services.journals.of(session_id).started(),
    ):
        with pytest.raises(Conflict):
            await change


async def test_consent_is_to_the_current_wording_and_complete(world: World) -> None:
    session_id = await opened(world)
    sessions = world.services.sessions
    with pytest.raises(Invalid):
        await sessions.consent(session_id, "2020-01-01", ("ai_interview", "recording"))
    with pytest.raises(Invalid):
        await sessions.consent(session_id, POLICY_VERSION, ("recording",))
    live = await world.services.live_sessions.load_live_session(session_id)
    assert not live.consent_given
    await sessions.consent(session_id, POLICY_VERSION, ("ai_interview", "recording"))
    live = await world.services.live_sessions.load_live_session(session_id)
    assert live.consent_given
    assert live.template == world.template


async def test_a_live_session_keeps_its_seed_and_knows_no_person(world: World) -> None:
    session_id = await opened(world)
    first = await world.services.live_sessions.load_live_session(session_id)
    await world.services.journals.of(session_id).started()
    second = await world.services.live_sessions.load_live_session(session_id)
    assert first.plan_seed == second.plan_seed
    assert (first.started, second.started) == (False, True)
    assert "Robin" not in repr(second)
    assert "robin@" not in repr(second)


async def test_a_scorecard_is_saved_and_announced_once(world: World) -> None:
    session_id = await opened(world)
    store = world.services.scorecard_store
    with pytest.raises(Conflict):
        await store.save(session_id, CARD, world.clock.now())
    journal = world.services.journals.of(session_id)
    await journal.started()
    await journal.completed(1000)
    await store.save(session_id, CARD, world.clock.now())
    await store.save(session_id, CARD, world.clock.now())
    assert await store.get(session_id) == CARD
    assert (await world.events()).count("session.scored") == 1


async def test_one_organization_cannot_read_anothers_session(world: World) -> None:
    session_id = await opened(world)
    other = await world.services.organizations.initialize(Founding("Other", "o@other.test"))
    with pytest.raises(NotFound):
        await world.services.sessions.read(other.organization.id, session_id)
    with pytest.raises(NotFound):
        await world.services.sessions.cancel(other.organization.id, session_id)
    page = await world.services.sessions.page(other.organization.id, SessionFilter())
    assert page == ((), 0)


async def test_a_list_is_filtered_and_paged_newest_first(world: World) -> None:
    ids = []
    for number in range(5):
        token = world.token(sub=f"c{number}", email=f"c{number}@x.test", jti=f"j{number}")
        ids.append((await world.services.launches.exchange_launch(token)).session_id)
        world.clock.advance(1)
    await world.services.journals.of(ids[0]).started()
    page = SessionFilter(page=2, page_size=2)
    records, total = await world.services.sessions.page(world.organization_id, page)
    assert total == 5
    assert [record.session.id for record in records] == [ids[2], ids[1]]
    started = SessionFilter(status=SessionStatus.IN_PROGRESS)
    records, total = await world.services.sessions.page(world.organization_id, started)
    assert [record.session.id for record in records] == [ids[0]]
    named = SessionFilter(external_id="c3")
    records, total = await world.services.sessions.page(world.organization_id, named)
    assert [record.session.id for record in records] == [ids[3]]


async def test_a_recordings_address_works_for_an_hour(world: World) -> None:
    session_id = await opened(world)
    recording = world.stores.data_dir / "recordings" / "a.ogg"
    await world.services.sessions.recorded(session_id, str(recording))
    record = await world.services.sessions.read(world.organization_id, session_id)
    assert record.recording_url is not None
    query = record.recording_url.partition("?")[2]
    expires, signature = (pair.partition("=")[2] for pair in query.split("&"))
    sessions = world.services.sessions
    path = await sessions.recording_file(session_id, expires, signature)
    assert path == str(recording)
    with pytest.raises(Forbidden):
        await sessions.recording_file(session_id, str(int(expires) + 1), signature)
    world.clock.advance(3601)
    with pytest.raises(Forbidden):
        await sessions.recording_file(session_id, expires, signature)


async def test_a_recording_is_remembered_by_its_place_in_the_data_folder(world: World) -> None:
    session_id = await opened(world)
    inside = world.stores.data_dir / "recordings" / "a.ogg"
    for path, kept in (
        (inside, "recordings/a.ogg"),
        (Path("/elsewhere/a.ogg"), "/elsewhere/a.ogg"),
    ):
        await world.services.sessions.recorded(session_id, str(path))
        session = await world.stores.read.sessions.get(session_id)
        assert session is not None
        assert session.recording_path == kept
