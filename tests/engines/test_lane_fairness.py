"""Whoever else talks, and for how long: the engine's time is shared out evenly."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import AtCapacity
from vivavoce.engines.lanes import FairQueue, Job, JobDropped, JobKind

SESSIONS = "abcd"


@dataclass
class Engine:
    """The queue before an engine that works at the speed of arithmetic; `now` is its clock."""

    loop: asyncio.AbstractEventLoop
    queue: FairQueue = field(default_factory=lambda: FairQueue(1000))
    now: float = 0.0
    served: list[tuple[str, float]] = field(default_factory=list)  # session, when it was finished
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _seconds: dict[Job, float] = field(default_factory=dict)

    def ask(self, session: str, seconds: float, kind: JobKind = JobKind.FINAL) -> Job:
        job = Job(session, kind, lambda: None, self.loop.create_future(), self.now)
        self._seconds[job] = seconds
        self.queue.put(job)
        return job

    def work(self) -> bool:
        """Serve one job."""
        job = self.queue.take()
        if job is None:
            return False
        self.now += self._seconds[job]
        self.queue.charge(job, self._seconds[job])
        self.spent[job.session] += self._seconds[job]
        self.served.append((job.session, self.now))
        job.result.set_result(None)
        return True


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


lengths = st.integers(1, 30).map(float)
asked = st.lists(st.tuples(st.sampled_from(SESSIONS), lengths, st.booleans()), max_size=60)


@given(asked)
def test_every_final_is_served_exactly_once_in_the_order_of_its_session(
    loop: asyncio.AbstractEventLoop, wanted: list[tuple[str, float, bool]]
) -> None:
    engine = Engine(loop)
    finals: defaultdict[str, list[Job]] = defaultdict(list)
    for session, seconds, works in wanted:
        finals[session].append(engine.ask(session, seconds))
        if works:
            engine.work()
    while engine.work():
        pass
    assert Counter(name for name, _ in engine.served) == Counter(name for name, _, _ in wanted)
    assert all(job.result.done() for jobs in finals.values() for job in jobs)


@given(st.lists(st.lists(lengths, min_size=40, max_size=40), min_size=2, max_size=4))
def test_who_always_wants_more_gets_no_more_than_the_others(
    loop: asyncio.AbstractEventLoop, jobs: list[list[float]]
) -> None:
    engine = Engine(loop)
    for session, seconds in zip(SESSIONS, jobs, strict=False):
        for each in seconds:
            engine.ask(session, each)
    for _ in range(40):  # for so long nobody can have run out of work
        engine.work()
        shares = [engine.spent[session] for session, _ in zip(SESSIONS, jobs, strict=False)]
        assert max(shares) - min(shares) <= 30.0, "more apart than one longest job"


@given(asked, lengths)
def test_who_was_silent_waits_for_no_more_than_one_job_of_each_other(
    loop: asyncio.AbstractEventLoop, before: list[tuple[str, float, bool]], own: float
) -> None:
    engine = Engine(loop)
    longest: Counter[str] = Counter()
    for session, seconds, works in before:
        engine.ask(session, seconds)
        longest[session] = max(longest[session], int(seconds))
        if works:
            engine.work()
    came = engine.now
    job = engine.ask("newcomer", own)
    while not job.result.done():
        engine.work()
    assert engine.now - came - own <= sum(longest.values())


def test_an_endless_talker_does_not_delay_those_with_short_words(
    loop: asyncio.AbstractEventLoop,
) -> None:
    """Half a minute for each decoding of the talker, half a second for everybody else's."""
    engine = Engine(loop)
    for _ in range(4):
        engine.ask("talker", 30.0)
    engine.work()
    finished: list[str] = []
    for _ in range(10):
        for session in "abc":
            engine.ask(session, 0.5)
        finished += [name for name, _ in engine.served]
        engine.served.clear()
        for _ in range(3):
            engine.work()
    assert [name for name, _ in engine.served] == ["a", "b", "c"]
    assert finished == ["talker", *"abc" * 9]


def test_silence_is_not_saved_up(loop: asyncio.AbstractEventLoop) -> None:
    engine = Engine(loop)
    for _ in range(100):
        engine.ask("busy", 1.0)
        engine.work()
    for _ in range(6):
        engine.ask("back", 1.0)
        engine.ask("busy", 1.0)
    for _ in range(6):
        engine.work()
    assert engine.spent == {"busy": 103.0, "back": 3.0}


def test_what_nobody_needs_any_more_is_dropped_at_its_turn(loop: asyncio.AbstractEventLoop) -> None:
    queue = FairQueue(10)
    closed = {"a"}
    stale = {name: partial(closed.__contains__, name) for name in "ab"}
    jobs = [
        Job(name, JobKind.FINAL, lambda: None, loop.create_future(), 0.0, stale[name])
        for name in "ab"
    ]
    for job in jobs:
        queue.put(job)
    taken = queue.take()
    assert taken is jobs[1]
    assert isinstance(jobs[0].result.exception(), JobDropped)
    assert len(queue) == 0


@given(
    st.lists(st.tuples(st.sampled_from(SESSIONS), st.sampled_from(list(JobKind))), max_size=40),
    st.integers(1, 6),
)
def test_a_queue_of_any_size_never_drops_a_final_that_it_took(
    loop: asyncio.AbstractEventLoop, wanted: list[tuple[str, JobKind]], limit: int
) -> None:
    engine = Engine(loop, FairQueue(limit))
    finals: list[Job] = []
    for session, kind in wanted:
        try:
            job = engine.ask(session, 1.0, kind)
        except AtCapacity:
            assert kind is not JobKind.FINAL or len(engine.queue) == limit
        else:
            finals += [job] if kind is JobKind.FINAL else []
        assert len(engine.queue) <= limit
    while engine.work():
        pass
    assert all(job.result.exception() is None for job in finals)
