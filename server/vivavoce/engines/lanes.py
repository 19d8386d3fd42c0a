"""A lane is one worker thread with a fair, bounded queue; every model call goes through one.

Models are slow and rarely re-entrant, and the event loop must never wait for them. The queue lives
on the event loop, so it needs no locks; only the work itself runs in the thread.

Fair means fair in time: who has used the engine least is served first, so somebody whose jobs take
half a minute each gets no more of it than somebody whose jobs are short.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from time import perf_counter
from typing import Any, TypeVar, cast

from vivavoce.core.errors import AtCapacity, EngineFailure

T = TypeVar("T")


class JobKind(StrEnum):
    """Order of service, and what may be dropped."""

    FINAL = "final"  # somebody waits to hear the result; never dropped
    PARTIAL = "partial"  # only the newest of a session matters
    AHEAD = "ahead"  # prepared for later; runs when nothing else waits


def spoken_kind(*, ahead: bool) -> JobKind:
    """In which order speech is served: somebody waits for it, or it is for later."""
    return JobKind.AHEAD if ahead else JobKind.FINAL


@dataclass(frozen=True)
class JobTimes:
    """What one finished job cost, for the ledger and the metrics."""

    lane: str
    session: str
    kind: JobKind
    queued_ms: float
    ran_ms: float


class JobDropped(AtCapacity):
    """Nobody needed it any more before it began, or the queue had no room for spare work."""

    def __init__(self) -> None:
        super().__init__("job_dropped", "The engine has more urgent work.")


def _never() -> bool:
    return False


@dataclass(eq=False)
class Job:
    session: str
    kind: JobKind
    work: Callable[[], Any]
    result: asyncio.Future[Any]
    queued_at: float
    is_stale: Callable[[], bool] = _never


class ServedTime:
    """How much of the engine each session has had, on a clock that only who waits can fall behind.

    `now` is what the session served last had used before that. Whoever was away starts there, so
    time not used is not saved up: nobody can take the engine for as long as they were silent.
    """

    def __init__(self) -> None:
        self._used: dict[str, float] = {}
        self._now = 0.0

    def used(self, session: str) -> float:
        return max(self._now, self._used.get(session, 0.0))

    def begin(self, session: str) -> None:
        self._now = self.used(session)

    def charge(self, session: str, seconds: float) -> None:
        self._used[session] = self.used(session) + seconds
        # Who is no further than the clock is as if never seen.
        self._used = {name: used for name, used in self._used.items() if used > self._now}


class FairQueue:
    """Jobs by kind, then by who has been served least, then in order of arrival."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[JobKind, OrderedDict[str, deque[Job]]] = {
            kind: OrderedDict() for kind in JobKind
        }
        self._count = 0
        self._served = ServedTime()

    def __len__(self) -> int:
        return self._count

    def put(self, job: Job) -> None:
        """Append, dropping what it supersedes. Raises `AtCapacity` or `JobDropped` when full."""
        sessions = self._waiting[job.kind]
        if job.kind is JobKind.PARTIAL and job.session in sessions:
            self._drop(sessions[job.session][0])
        if self._count >= self._limit and not self._make_room(job.kind):
            raise AtCapacity("lane_full", "The engine has more work than it can queue.")
        sessions.setdefault(job.session, deque()).append(job)
        self._count += 1

    def take(self) -> Job | None:
        """The next job. What has become stale while it waited is dropped on the way."""
        for sessions in self._waiting.values():
            while sessions:
                job = sessions[min(sessions, key=self._served.used)][0]
                if not job.is_stale():
                    self.discard(job)
                    if job.session in sessions:  # of those served equally, the others come first
                        sessions.move_to_end(job.session)
                    self._served.begin(job.session)
                    return job
                self._drop(job)
        return None

    def charge(self, job: Job, seconds: float) -> None:
        """Tell how long the engine was busy with a job that was taken."""
        self._served.charge(job.session, seconds)

    def discard(self, job: Job) -> None:
        """Forget a job whose caller no longer waits."""
        jobs = self._waiting[job.kind].get(job.session)
        if jobs and job in jobs:
            jobs.remove(job)
            self._count -= 1
            if not jobs:
                del self._waiting[job.kind][job.session]

    def _make_room(self, kind: JobKind) -> bool:
        """Give the place of the least urgent waiting work to a more urgent job."""
        if kind is not JobKind.FINAL:
            raise JobDropped()
        for spare in (JobKind.AHEAD, JobKind.PARTIAL):
            for jobs in self._waiting[spare].values():
                self._drop(jobs[-1])
                return True
        return False

    def _drop(self, job: Job) -> None:
        self.discard(job)
        if not job.result.done():
            job.result.set_exception(JobDropped())


class Lane:
    """Runs blocking work one at a time, outside the event loop.

    With more `workers` as many run side by side: for work that waits for another machine.
    """

    def __init__(
        self,
        name: str,
        *,
        limit: int = 64,
        workers: int = 1,
        observe: Callable[[JobTimes], None] | None = None,
    ) -> None:
        self.name = name
        self._queue = FairQueue(limit)
        self._observe = observe
        self._workers = workers
        self._thread = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        self._running: set[asyncio.Future[Any]] = set()
        self._closed = False

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def run(
        self,
        work: Callable[[], T],
        *,
        session: str = "",
        kind: JobKind = JobKind.FINAL,
        is_stale: Callable[[], bool] = _never,
    ) -> T:
        """Run `work` in the lane's thread.

        Raises `JobDropped` when a newer partial of the session replaced this one, when `is_stale`
        says at its turn that nobody needs it any more, or when the queue is full; `AtCapacity` when
        even finals find no room; and whatever `work` raises. Cancelling the caller removes queued
        work and abandons the result of running work.
        """
        if self._closed:
            raise EngineFailure("engine_closed", "The engine has been shut down.")
        loop = asyncio.get_running_loop()
        job = Job(session, kind, work, loop.create_future(), perf_counter(), is_stale)
        self._queue.put(job)
        self._start_next()
        try:
            return cast("T", await job.result)
        finally:
            self._queue.discard(job)

    async def close(self) -> None:
        """Fail what waits, let what runs finish, and end the thread."""
        self._closed = True
        while (job := self._queue.take()) is not None:
            if not job.result.done():
                closed = EngineFailure("engine_closed", "The engine has been shut down.")
                job.result.set_exception(closed)
        if self._running:
            await asyncio.wait(self._running)
        self._thread.shutdown()

    def _start_next(self) -> None:
        if len(self._running) >= self._workers:
            return
        job = self._queue.take()
        if job is None:
            return
        started = perf_counter()
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._thread, job.work)
        self._running.add(running)
        running.add_done_callback(partial(self._finish, job, started))

    def _finish(self, job: Job, started: float, done: asyncio.Future[Any]) -> None:
        self._running.discard(done)
        finished = perf_counter()
        self._queue.charge(job, finished - started)
        error = done.exception()
        if not job.result.done():
            if error is None:
                job.result.set_result(done.result())
            else:
                job.result.set_exception(error)
        if self._observe is not None:
            waited, ran = started - job.queued_at, finished - started
            self._observe(JobTimes(self.name, job.session, job.kind, waited * 1e3, ran * 1e3))
        if not self._closed:
            self._start_next()
