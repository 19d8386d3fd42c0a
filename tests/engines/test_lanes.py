"""Lanes: fair, bounded, newest-wins, and deaf to nobody's cancellation."""

import asyncio
import threading
from functools import partial

import pytest
from vivavoce.core.errors import AtCapacity, EngineFailure
from vivavoce.engines.lanes import JobDropped, JobKind, JobTimes, Lane

pytestmark = pytest.mark.anyio


class Gate:
    """Holds the lane's thread until opened, so that a queue can form behind it."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def wait(self) -> str:
        self._open.wait(10)
        return "gate"

    def open(self) -> None:
        self._open.set()


async def settled(lane: Lane, waiting: int) -> None:
    for _ in range(100):
        if lane.waiting == waiting:
            return
        await asyncio.sleep(0)
    raise AssertionError("the queue never got there")


async def test_work_runs_in_the_lanes_own_thread() -> None:
    lane = Lane("t")
    assert await lane.run(threading.current_thread) is not threading.main_thread()
    await lane.close()


async def test_what_the_work_raises_reaches_the_caller_and_the_lane_goes_on() -> None:
    lane = Lane("t")
    with pytest.raises(ZeroDivisionError):
        await lane.run(lambda: 1 / 0)
    assert await lane.run(lambda: 2) == 2
    await lane.close()


async def test_a_newer_partial_replaces_the_one_that_waits_but_a_final_is_kept() -> None:
    lane, gate = Lane("t"), Gate()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lane.run(gate.wait))
        await asyncio.sleep(0)
        final = tasks.create_task(lane.run(lambda: "final", session="a"))
        old = tasks.create_task(dropped(lane, "a"))
        await settled(lane, 2)
        new = tasks.create_task(lane.run(lambda: "new", session="a", kind=JobKind.PARTIAL))
        assert await old
        gate.open()
    assert (final.result(), new.result()) == ("final", "new")
    await lane.close()


async def dropped(lane: Lane, session: str) -> bool:
    try:
        await lane.run(lambda: "old", session=session, kind=JobKind.PARTIAL)
    except JobDropped:
        return True
    return False


async def test_finals_go_first_and_sessions_take_turns() -> None:
    lane, gate, order = Lane("t"), Gate(), list[str]()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lane.run(gate.wait))
        await asyncio.sleep(0)
        ahead, newest, final = JobKind.AHEAD, JobKind.PARTIAL, JobKind.FINAL
        jobs = [("x", ahead), ("p", newest), ("a", final), ("a", final), ("b", final)]
        for number, (session, kind) in enumerate(jobs):
            mark = f"{session}{number}"
            tasks.create_task(lane.run(partial(order.append, mark), session=session, kind=kind))
        await settled(lane, 5)
        gate.open()
    assert order == ["a2", "b4", "a3", "p1", "x0"]
    await lane.close()


async def test_a_full_lane_refuses_finals_and_spares_partials_for_them() -> None:
    lane, gate = Lane("t", limit=2), Gate()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lane.run(gate.wait))
        await asyncio.sleep(0)
        spared = tasks.create_task(dropped(lane, "a"))
        await settled(lane, 1)
        tasks.create_task(lane.run(lambda: 1, session="b"))
        await settled(lane, 2)
        tasks.create_task(lane.run(lambda: 2, session="c"))
        assert await spared
        with pytest.raises(AtCapacity):
            await lane.run(lambda: 3, session="d")
        with pytest.raises(JobDropped):
            await lane.run(lambda: 4, session="d", kind=JobKind.PARTIAL)
        gate.open()
    await lane.close()


async def test_cancelled_work_that_waits_never_runs() -> None:
    lane, gate, ran = Lane("t"), Gate(), list[int]()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lane.run(gate.wait))
        await asyncio.sleep(0)
        waiting = tasks.create_task(lane.run(lambda: ran.append(1)))
        await settled(lane, 1)
        waiting.cancel()
        await settled(lane, 0)
        gate.open()
    await lane.run(lambda: None)
    assert ran == []
    await lane.close()


async def test_closing_fails_what_waits_and_lets_running_work_finish() -> None:
    lane, gate = Lane("t"), Gate()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(lane.run(gate.wait))
        await asyncio.sleep(0)
        waiting = tasks.create_task(refused(lane))
        await settled(lane, 1)
        closing = tasks.create_task(lane.close())
        assert await waiting == "engine_closed"
        gate.open()
        await closing
    assert running.result() == "gate"
    assert await refused(lane) == "engine_closed"


async def refused(lane: Lane) -> str:
    try:
        await lane.run(lambda: None)
    except EngineFailure as failure:
        return failure.code
    return ""


async def test_every_job_reports_how_long_it_waited_and_ran() -> None:
    seen: list[JobTimes] = []
    lane = Lane("t", observe=seen.append)
    await lane.run(lambda: None, session="a")
    assert (seen[0].lane, seen[0].session, seen[0].kind) == ("t", "a", JobKind.FINAL)
    assert seen[0].queued_ms >= 0
    assert seen[0].ran_ms >= 0
    await lane.close()
