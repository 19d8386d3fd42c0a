"""What an interview gets while a role's server is away, and how the server is taken back."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from vivavoce.app import interviewer_of
from vivavoce.conversation.fallback_interviewer import FallbackInterviewer
from vivavoce.core.circuit_breaker import BreakerRules, Circuit, CircuitBreaker
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.core.retrying import RetryRules
from vivavoce.engines.fallback import FallbackSynthesizer, FallbackTranscriber
from vivavoce.engines.remote import RemoteFailure, RemoteLimits
from vivavoce.engines.select import EngineChoice, Engines, Observers, RemoteChoice, open_engines
from vivavoce.engines.server_watch import CircuitChange, EngineUse, Pair, RemoteWatch
from vivavoce.engines.speech_cache import CachedSynthesizer
from vivavoce.ports.engines import Hypothesis, Speech, TranscriptionStream
from vivavoce.ports.interviewer import BROKEN_OFF, Situation

from tests.core.test_rule_interviewer import SITUATION
from tests.engines.openai_server import Fault, OpenAIServer, Refusal
from tests.engines.speaking import said

pytestmark = pytest.mark.anyio

LIMITS = RemoteLimits(0.5, 0.3, 0.3, 1.0, RetryRules(attempts=1))
AWAY = RemoteFailure("remote_unreachable", "away", again=True)
SLOW = RemoteFailure("remote_slow", "slow", again=True)


@dataclass
class Told:
    uses: list[EngineUse] = field(default_factory=list)
    changes: list[CircuitChange] = field(default_factory=list)

    @property
    def observers(self) -> Observers:
        return Observers(self.uses.append, self.changes.append)

    @property
    def circuits(self) -> list[Circuit]:
        return [change.circuit for change in self.changes]


def watch(
    told: Told,
    probe: Callable[[], object] | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> RemoteWatch:
    async def greet() -> None:
        if probe is not None:
            probe()

    pair = Pair(Role.TRANSCRIBER, "server", "stand-in")
    breaker = CircuitBreaker(BreakerRules(failures=2, rest_seconds=0.0))
    return RemoteWatch(pair, greet, told.observers, breaker, clock)


@dataclass
class Ears:
    """A transcriber that hears how many bytes it was fed; `failing` ones raise."""

    name: str
    failing: list[EngineFailure] = field(default_factory=list)
    languages: frozenset[str] = frozenset({"en"})
    opened: int = 0
    closed: int = 0

    def open(self, session: str, language: str) -> TranscriptionStream:
        self.opened += 1
        return _EarStream(self)


class _EarStream:
    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._fed = 0

    def feed(self, pcm: bytes) -> None:
        self._fed += len(pcm)

    async def partial(self) -> Hypothesis:
        return await self.final()

    async def final(self) -> Hypothesis:
        from vivavoce.core.transcript import Word

        if self._ears.failing:
            raise self._ears.failing.pop(0)
        return Hypothesis((Word(f"{self._ears.name} {self._fed}", 0, 1, 1.0),), 1)

    async def close(self) -> None:
        self._ears.closed += 1


async def test_a_failing_transcription_is_repeated_here_with_the_same_audio() -> None:
    told, server, local = Told(), Ears("server", [AWAY]), Ears("local")
    stream = FallbackTranscriber(server, local, watch(told)).open("s", "en")
    stream.feed(bytes(100))
    assert (await stream.partial()).text == "local 100"
    stream.feed(bytes(20))
    assert (await stream.final()).text == "local 120"
    await stream.close()
    assert told.uses == [EngineUse("transcriber", "s", "stand-in")]
    assert (server.closed, local.closed) == (1, 1)


async def test_the_next_utterance_is_the_servers_again_unless_it_kept_failing() -> None:
    told, server, local = Told(), Ears("server", [AWAY]), Ears("local")
    ears = FallbackTranscriber(server, local, watch(told))
    for expected in ("local 10", "server 10"):
        stream = ears.open("s", "en")
        stream.feed(bytes(10))
        assert (await stream.final()).text == expected
        await stream.close()
    assert told.circuits == [Circuit.CLOSED]


async def test_a_server_that_is_spared_is_not_even_connected_to() -> None:
    told, server, local = Told(), Ears("server", [SLOW]), Ears("local")
    ears = FallbackTranscriber(server, local, watch(told))
    for _ in range(3):
        stream = ears.open("s", "en")
        stream.feed(bytes(10))
        assert (await stream.final()).text == "local 10"
        await stream.close()
    assert server.opened == 1
    assert told.circuits == [Circuit.CLOSED, Circuit.OPEN]


async def test_a_language_that_the_stand_in_does_not_know_stays_with_the_server() -> None:
    server, local = Ears("server", languages=frozenset({"en", "de"})), Ears("local")
    stream = FallbackTranscriber(server, local, watch(Told())).open("s", "de")
    stream.feed(bytes(10))
    assert (await stream.final()).text == "server 10"
    assert local.opened == 0


@dataclass
class Mouth:
    name: str
    failing: list[EngineFailure] = field(default_factory=list)
    voices: list[str | None] = field(default_factory=list)
    file_hash: str = "h"
    languages: frozenset[str] = frozenset({"en"})

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        if self.failing:
            raise self.failing.pop(0)
        self.voices.append(voice)
        return Speech(f"{self.name} {text}".encode())


async def test_what_a_stand_in_says_is_not_kept_as_the_servers(tmp_path: Path) -> None:
    server, local = Mouth("server", [AWAY]), Mouth("local")
    mouth = CachedSynthesizer(FallbackSynthesizer(server, local, watch(Told())), tmp_path)
    spoken = [await mouth.synthesize("Hi", language="en", voice="am_onyx") for _ in range(3)]
    assert [speech.pcm for speech in spoken] == [b"local Hi", b"server Hi", b"server Hi"]
    assert local.voices == [None]  # it does not know the server's
    assert server.voices == ["am_onyx"]  # the third came from the folder


async def test_a_text_that_was_kept_sounds_as_before_while_the_server_is_away(
    tmp_path: Path,
) -> None:
    server, local = Mouth("server"), Mouth("local")
    mouth = CachedSynthesizer(FallbackSynthesizer(server, local, watch(Told())), tmp_path)
    await mouth.synthesize("Hi", language="en")
    server.failing += [SLOW, SLOW]
    assert (await mouth.synthesize("Ho", language="en")).pcm == b"local Ho"
    assert (await mouth.synthesize("Hi", language="en")).pcm == b"server Hi"


@dataclass
class Leader:
    """An interviewer that says `pieces` and then fails, if it has a failure."""

    pieces: tuple[str, ...]
    failure: EngineFailure | None = None
    name: str = "leader"
    is_model: bool = True
    prepared: int = 0

    async def prepare(self, session: str, situation: Situation) -> None:
        self.prepared += 1

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        for piece in self.pieces:
            yield piece
        if self.failure is not None:
            raise self.failure

    async def release(self, session: str) -> None:
        self.prepared = 0


async def proposed(interviewer: FallbackInterviewer) -> str:
    return "".join([piece async for piece in interviewer.propose("s", SITUATION)])


async def test_an_interviewer_that_says_nothing_is_replaced_within_the_turn() -> None:
    told = Told()
    server, local = Leader((), AWAY), Leader(("NEXT:",))
    assert await proposed(FallbackInterviewer(server, local, watch(told))) == "NEXT:"
    assert [use.engine for use in told.uses] == ["stand-in"]


async def test_one_that_breaks_off_is_not_begun_again() -> None:
    told = Told()
    server = Leader(("PROBE: Why",), RemoteFailure(BROKEN_OFF, "broken off"))
    with pytest.raises(EngineFailure) as failure:
        await proposed(FallbackInterviewer(server, Leader(("NEXT:",)), watch(told)))
    assert failure.value.code == BROKEN_OFF
    assert [use.engine for use in told.uses] == ["server"]


async def test_a_prompt_that_is_too_long_is_no_reason_to_spare_a_server() -> None:
    told = Told()
    failure = RemoteFailure("prompt_too_long", "long", server_is_well=True)
    interviewer = FallbackInterviewer(Leader((), failure), Leader(("NEXT:",)), watch(told))
    for _ in range(4):
        await proposed(interviewer)
    assert told.circuits == [Circuit.CLOSED]


async def test_whoever_will_lead_is_prepared() -> None:
    told, server, local = Told(), Leader((), SLOW), Leader(("NEXT:",))
    interviewer = FallbackInterviewer(server, local, watch(told))
    await interviewer.prepare("s", SITUATION)
    await proposed(interviewer)
    await interviewer.prepare("s", SITUATION)
    assert (server.prepared, local.prepared) == (1, 1)


async def test_a_spared_server_is_probed_until_it_is_well(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "vivavoce")
    told, failures = Told(), [AWAY, AWAY]
    well = asyncio.Event()

    def probe() -> None:
        if failures:
            raise failures.pop()
        well.set()

    # Rests of no length: each step of the watch follows the one before at once.
    watched = watch(told, probe)
    permit = watched.permit()
    assert permit is not None
    watched.failed(permit, SLOW)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(watched.run())
        await asyncio.wait_for(well.wait(), 5)
        await asyncio.sleep(0)
        running.cancel()
    assert watched.circuit is Circuit.CLOSED
    assert told.circuits[-3:] == [Circuit.OPEN, Circuit.HALF_OPEN, Circuit.CLOSED]
    messages = [record.message for record in caplog.records]
    assert "stand-in takes over" in messages
    assert messages[-1] == "model server is used"


def chosen(tmp_path: Path, url: str, told: Told, fallback: str = "embedded") -> EngineChoice:
    return EngineChoice(
        tmp_path / "m",
        tmp_path / "c",
        transcriber=url,
        language_model=url,
        synthesizer=url,
        turn_detector="embedded",
        remote=RemoteChoice(limits=LIMITS, observers=told.observers),
        fallback=fallback,
    )


@asynccontextmanager
async def away(tmp_path: Path, told: Told) -> AsyncIterator[Engines]:
    """All three roles at a server that hangs."""
    server = OpenAIServer()
    server.will(*[Fault.HANG] * 100)
    async with (
        server.running(),
        open_engines(chosen(tmp_path, server.url, told)) as engines,
    ):
        yield engines


async def test_every_role_goes_on_here_when_its_server_hangs(tmp_path: Path) -> None:
    told = Told()
    async with away(tmp_path, told) as engines:
        stream = engines.transcriber.open("s", "en")
        stream.feed(await said("I have been here for ten years."))
        assert "years" in (await stream.final()).text
        await stream.close()
        assert (await engines.synthesizer.synthesize("Welcome.", language="en")).samples > 1000
        pieces = interviewer_of(engines).propose("s", SITUATION)
        assert "".join([piece async for piece in pieces])
        notes = {note.role: note.stand_in for note in engines.notes}
    assert notes[Role.TRANSCRIBER] == "pocketsphinx en-us"
    assert notes[Role.LANGUAGE_MODEL] == "rule-based interviewer"
    assert notes[Role.TURN_DETECTOR] == ""
    opened = {change.role for change in told.changes if change.circuit is Circuit.OPEN}
    assert opened == {"transcriber", "language_model", "synthesizer"}
    assert {use.engine for use in told.uses} == {"pocketsphinx en-us", "rule-based interviewer"}


async def test_without_a_stand_in_the_failure_is_everybodys(tmp_path: Path) -> None:
    server = OpenAIServer()
    async with server.running():
        server.will(Refusal(500), Refusal(500))
        async with open_engines(chosen(tmp_path, server.url, Told(), "none")) as engines:
            with pytest.raises(EngineFailure):
                await engines.synthesizer.synthesize("Welcome.", language="en")
            assert engines.thinking_stand_in is None
