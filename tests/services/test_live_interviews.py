"""Who may enter while another interview is coming to its end."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import pytest
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.errors import AtCapacity
from vivavoce.services import live_interviews
from vivavoce.services.admission import Admission
from vivavoce.services.live_interviews import LiveInterviews

if TYPE_CHECKING:
    from vivavoce.conversation.outlet import Outlet
    from vivavoce.services.after_interview import AfterInterview
    from vivavoce.services.sessions import Sessions

NOBODY = cast("Outlet", object())  # a connection that broke before it said hello


class SlowlyEnding:
    """A conversation whose last task takes its time."""

    ended_reason: str | None = None
    begun = False
    at_ms = 0

    def __init__(self) -> None:
        self.page = self
        self.may_end = asyncio.Event()
        self.left = False

    async def run(self) -> None:
        await self.may_end.wait()

    def leave(self) -> None:
        self.left = True
        if self.begun:
            self.may_end.set()

    def left_ms(self, at_ms: int) -> int:
        return 60_000 - at_ms

    def detach(self, outlet: object) -> None:
        """Time stands still."""


class Opened:
    def __init__(self) -> None:
        self.by_session: dict[str, list[SlowlyEnding]] = {}

    async def open(self, session_id: str) -> Conversation:
        opened = self.by_session.setdefault(session_id, [])
        opened.append(SlowlyEnding())
        return cast("Conversation", opened[-1])


@asynccontextmanager
async def interviews(opened: Opened) -> AsyncIterator[LiveInterviews]:
    async with asyncio.TaskGroup() as group:
        after, sessions = cast("AfterInterview", None), cast("Sessions", None)  # not reached
        admission = Admission(lambda _: 1, asyncio.get_running_loop().time)
        live = LiveInterviews(group, opened.open, after, sessions, admission)
        try:
            yield live
        finally:
            await live.say_goodbye()
            for each in (each for of_one in opened.by_session.values() for each in of_one):
                each.may_end.set()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.anyio
async def test_an_interview_that_ends_slowly_keeps_nobody_else_out() -> None:
    opened = Opened()
    async with interviews(opened) as live, asyncio.TaskGroup() as group:
        await live.enter("first")
        await live.detach("first", NOBODY)
        await live.enter("second")  # the place of who is gone
        assert opened.by_session["first"][0].left
        returning = group.create_task(live.enter("first"))
        await settle()
        await asyncio.wait_for(live.enter("second"), 1.0)
        returning.cancel()


@pytest.mark.anyio
async def test_who_returns_waits_for_the_end_of_the_own_interview_and_begins_another() -> None:
    opened = Opened()
    async with interviews(opened) as live, asyncio.TaskGroup() as group:
        await live.enter("first")
        await live.detach("first", NOBODY)
        await live.enter("second")
        returning = group.create_task(live.enter("first"))
        await settle()
        assert not returning.done()
        await live.detach("second", NOBODY)
        opened.by_session["first"][0].may_end.set()
        again = await returning
        assert again is cast("Conversation", opened.by_session["first"][1])


async def begun(live: LiveInterviews, opened: Opened, session_id: str) -> None:
    await live.enter(session_id)
    opened.by_session[session_id][-1].begun = True


@pytest.mark.anyio
async def test_who_is_cut_off_in_the_middle_keeps_the_place_for_a_while() -> None:
    opened = Opened()
    async with interviews(opened) as live:
        await begun(live, opened, "first")
        await live.detach("first", NOBODY)
        with pytest.raises(AtCapacity):
            await live.enter("second")
        await live.enter("first")
        assert len(opened.by_session["first"]) == 1, "the same run goes on"


@pytest.mark.anyio
async def test_an_interview_in_progress_may_come_back_although_others_have_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_interviews, "LINGER_SECONDS", 0.0)
    opened = Opened()
    async with interviews(opened) as live:
        await begun(live, opened, "first")
        await live.detach("first", NOBODY)
        for _ in range(20):
            await settle()
        assert len(live) == 0
        await begun(live, opened, "second")
        await live.enter("first", in_progress=True)
        with pytest.raises(AtCapacity):
            await live.enter("third")


@pytest.mark.anyio
async def test_nothing_keeps_an_interview_that_is_over_in_memory() -> None:
    opened = Opened()
    async with interviews(opened) as live:
        await live.enter("first")
        await live.detach("first", NOBODY)
        over = weakref.ref(opened.by_session["first"][0])
        opened.by_session.pop("first")[0].may_end.set()
        await settle()
        gc.collect()
        assert over() is None
