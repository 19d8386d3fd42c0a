"""Who may enter while another interview is coming to its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import pytest
from vivavoce.conversation.conversation import Conversation
from vivavoce.services.live_interviews import Limits, LiveInterviews

if TYPE_CHECKING:
    from vivavoce.conversation.outlet import Outlet
    from vivavoce.services.after_interview import AfterInterview
    from vivavoce.services.sessions import Sessions

NOBODY = cast("Outlet", object())  # a connection that broke before it said hello


class SlowlyEnding:
    """A conversation whose last task takes its time."""

    ended_reason: str | None = None

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.left = False

    async def run(self) -> None:
        await self.may_end.wait()

    def leave(self) -> None:
        self.left = True


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
        limits = Limits(conversations=1, linger_seconds=60.0)
        live = LiveInterviews(group, opened.open, after, sessions, limits)
        try:
            yield live
        finally:
            await live.say_goodbye()
            for each in (each for of_one in opened.by_session.values() for each in of_one):
                each.may_end.set()


async def settle() -> None:
    for _ in range(5):
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
