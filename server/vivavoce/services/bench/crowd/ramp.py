"""More and more candidates at one server, until it no longer keeps its promises."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.settings import Settings
from vivavoce.services.bench.crowd.crowd import Entrance, run_crowd
from vivavoce.services.bench.crowd.server_figures import ServerReading, lag_within, read_server
from vivavoce.services.bench.crowd.tally import Tally
from vivavoce.services.bench.figures import Row, summarize
from vivavoce.services.bench.script import endless_interview_fields
from vivavoce.services.bundle import Services
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founding

LAG_BAR_SECONDS = 0.020
LAG_SHARE = 0.99
ENTER_EVERY_SECONDS = 0.1  # ten a second; nobody opens a hundred pages at once
SETTLE_SECONDS = 8.0  # the welcome is over, the first answers are being given
STARTS_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class RampPlan:
    """`step` more at a time, up to `most`; each level is measured for `seconds`."""

    step: int
    most: int
    seconds: float
    bar_ms: int
    server_core: int | None


@dataclass(frozen=True)
class Level:
    """What `live` interviews were like. `lag_p99_ms` is a bound that 99 % kept to."""

    live: int
    voice_to_voice: Row
    cut_off: int
    unheard: int
    lost: int
    speech_share: float
    frames_late: Row
    lag_p99_ms: float
    cpu_share: float
    resident_bytes: int

    def holds(self, bar_ms: int) -> bool:
        p95 = self.voice_to_voice.p95
        fast = p95 is not None and p95 <= bar_ms
        return fast and self.lost == 0 and self.lag_p99_ms <= LAG_BAR_SECONDS * 1000


Told = Callable[[Level], None]
ServerMain = Callable[[Settings, int | None], None]


async def ramp(
    settings: Settings, serve: ServerMain, plan: RampPlan, told: Told
) -> tuple[Level, ...]:
    """Levels of a new installation at `settings.data`; the last one holds no more, or is `most`."""
    levels: list[Level] = []
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        house = await _found(services)
        pid = await stack.enter_async_context(_serving(settings, serve, plan.server_core))
        crowd = stack.enter_context(_crowd(plan.server_core))
        await asyncio.to_thread(crowd.recv)
        here = _Visit(services, house, settings, crowd, pid)
        for live in range(plan.step, plan.most + 1, plan.step):
            await here.let_in(plan.step)
            levels.append(await here.measure(live, plan.seconds))
            told(levels[-1])
            if not levels[-1].holds(plan.bar_ms):
                break
    return tuple(levels)


@dataclass(frozen=True)
class _House:
    organization_id: str
    template_id: str


async def _found(services: Services) -> _House:
    founded = await services.organizations.initialize(Founding("Bench", "bench@example.org"))
    fields = endless_interview_fields(founded.profile_ids[0])
    made = await services.interviews.create_from_questions(founded.organization.id, fields)
    return _House(founded.organization.id, made.template.id)


@dataclass
class _Visit:
    services: Services
    house: _House
    settings: Settings
    crowd: Connection
    pid: int
    came: int = 0

    async def let_in(self, count: int) -> None:
        for _ in range(count):
            entrance = await self._entrance()
            self.crowd.send([entrance])
            await asyncio.sleep(ENTER_EVERY_SECONDS)
        await asyncio.sleep(SETTLE_SECONDS)

    async def measure(self, live: int, seconds: float) -> Level:
        await self._tally()
        before, began = await self._reading(), perf_counter()
        await asyncio.sleep(seconds)
        after, took = await self._reading(), perf_counter() - began
        return level(live, await self._tally(), before, after, took)

    async def _entrance(self) -> Entrance:
        # Past the HTTP exchange, whose rate limit counts addresses: all of these have the same one.
        self.came += 1
        email = f"candidate-{self.came}@example.org"
        house, launches = self.house, self.services.launches
        record = await self.services.sessions.schedule(
            house.organization_id, house.template_id, "Candidate", email
        )
        handle = await launches.rotate_handle(record.session.id)
        admission = await launches.resume(record.session.id, handle)
        return Entrance(admission.ws_url, admission.ticket, self.settings.origin)

    async def _reading(self) -> ServerReading:
        return await asyncio.to_thread(read_server, self.pid, self.settings.origin)

    async def _tally(self) -> Tally:
        self.crowd.send(None)
        tally: Tally = await asyncio.to_thread(self.crowd.recv)
        return tally


def level(
    live: int, tally: Tally, before: ServerReading, after: ServerReading, seconds: float
) -> Level:
    return Level(
        live=live,
        voice_to_voice=summarize("voice to voice", tally.voice_to_voice_ms),
        cut_off=tally.cut_off,
        unheard=tally.unheard,
        lost=len(tally.lost) + max(0, live - tally.connected),
        speech_share=tally.speech_frames / max(1, tally.frames),
        frames_late=summarize("frames sent late", map(round, tally.late_ms)),
        lag_p99_ms=lag_within(before, after, LAG_SHARE) * 1000,
        cpu_share=(after.cpu_seconds - before.cpu_seconds) / seconds,
        resident_bytes=after.resident_bytes,
    )


@asynccontextmanager
async def _serving(settings: Settings, serve: ServerMain, core: int | None) -> AsyncIterator[int]:
    process = get_context("spawn").Process(target=serve, args=(settings, core), daemon=True)
    process.start()
    try:
        await asyncio.to_thread(_wait_until_it_answers, settings.origin)
        yield process.pid or 0
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


def _wait_until_it_answers(origin: str) -> None:
    transport = httpx.HTTPTransport(retries=STARTS_WITHIN_SECONDS)  # backs off between its tries
    with httpx.Client(transport=transport, timeout=STARTS_WITHIN_SECONDS) as client:
        try:
            client.get(f"{origin}/healthz").raise_for_status()
        except httpx.HTTPError as error:
            raise EngineFailure("bench_server", "The measured server did not start.") from error


@contextmanager
def _crowd(server_core: int | None) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run_crowd, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        _keep_off(process.pid, server_core)
        yield ours
    finally:
        ours.close()
        process.join()


def _keep_off(pid: int | None, server_core: int | None) -> None:
    """The candidates are not what is measured: they get the other cores."""
    others = os.sched_getaffinity(0) - {server_core}
    if server_core is not None and pid is not None and others:
        os.sched_setaffinity(pid, others)
