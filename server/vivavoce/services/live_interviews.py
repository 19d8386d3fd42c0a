"""The interviews that are running in this process: who is in, how many fit, what happens after."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from vivavoce.conversation.conversation import Conversation
from vivavoce.conversation.outlet import Outlet
from vivavoce.core.errors import AtCapacity, VivavoceError
from vivavoce.core.wire_messages import CloseCode, Ended, ErrorMessage, Goaway, Resume
from vivavoce.services.after_interview import AfterInterview
from vivavoce.services.sessions import Sessions

log = logging.getLogger(__name__)

OpenConversation = Callable[[str], Awaitable[Conversation]]

EXPIRY_EVERY_SECONDS = 15.0


@dataclass(frozen=True)
class Limits:
    """`linger_seconds`: how long an interview without a connection stays in memory."""

    conversations: int = 8
    linger_seconds: float = 60.0


@dataclass
class _Live:
    conversation: Conversation
    outlet: Outlet | None = None
    linger: asyncio.TimerHandle | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class LiveInterviews:
    """Conversations outlive their connections; one connection at a time speaks for a session."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        open_conversation: OpenConversation,
        after: AfterInterview,
        sessions: Sessions,
        limits: Limits,
    ) -> None:
        self._group = group
        self._open = open_conversation
        self._after = after
        self._sessions = sessions
        self._limits = limits
        self._live: dict[str, _Live] = {}
        self._entering = asyncio.Lock()
        self._finishing: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._live)

    async def enter(self, session_id: str) -> Conversation:
        """The running conversation of a session, started when there is none.

        Raises `AtCapacity` code `capacity` when this box holds no further one.
        """
        async with self._entering:
            live = self._live.get(session_id)
            if live is None:
                live = await self._start(session_id)
            return live.conversation

    async def attach(self, session_id: str, outlet: Outlet, resume: Resume) -> None:
        """Let `outlet` speak for the session; the connection before it is told that it is over."""
        live = self._live[session_id]
        if live.linger is not None:
            live.linger.cancel()
            live.linger = None
        before, live.outlet = live.outlet, outlet
        if before is not None:
            before.close(CloseCode.REPLACED, "replaced by a newer connection")
        await self._sessions.connected(session_id)
        live.conversation.attach(outlet, resume)

    async def detach(self, session_id: str, outlet: Outlet) -> None:
        """The connection is gone. The session waits in memory, then only in the journal."""
        live = self._live.get(session_id)
        if live is None or live.outlet is not outlet:
            return
        live.outlet = None
        live.conversation.detach(outlet)
        loop = asyncio.get_running_loop()
        live.linger = loop.call_later(self._limits.linger_seconds, live.conversation.leave)
        await self._sessions.disconnected(session_id)

    def finish(self, session_id: str) -> None:
        """Do what follows the closing line; the next process does what this one cannot."""
        self._in_background(self._after.finish(session_id))

    def catch_up(self) -> None:
        self._in_background(self._after.catch_up())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    def say_goodbye(self) -> None:
        """Before the process ends: everybody may come back to the next one."""
        for task in self._finishing:
            task.cancel()
        for live in self._live.values():
            if live.outlet is not None:
                live.outlet.send(Goaway("restart", 0))
            live.conversation.leave()

    async def _start(self, session_id: str) -> _Live:
        if len(self._live) >= self._limits.conversations:
            raise AtCapacity("capacity", "All interview places are taken just now.")
        live = _Live(await self._open(session_id))
        self._live[session_id] = live
        self._group.create_task(self._run(session_id, live))
        return live

    async def _run(self, session_id: str, live: _Live) -> None:
        try:
            await live.conversation.run()
        except ExceptionGroup as failures:  # a task of this conversation failed: only it ends
            self._report(session_id, live, failures)
        finally:
            del self._live[session_id]
            if live.linger is not None:
                live.linger.cancel()
        await self._part(session_id, live)

    async def _part(self, session_id: str, live: _Live) -> None:
        reason = live.conversation.ended_reason
        outlet = live.outlet
        if reason is not None:
            if outlet is not None:
                outlet.send(Ended(reason))
                outlet.close(CloseCode.ENDED, reason)
            self.finish(session_id)
        elif outlet is not None:
            await self._sessions.disconnected(session_id)
            outlet.close(CloseCode.INTERNAL, "resumable")

    def _report(self, session_id: str, live: _Live, failures: ExceptionGroup[Exception]) -> None:
        for failure in _leaves(failures):
            code = failure.code if isinstance(failure, VivavoceError) else "internal"
            # The text of an unexpected error may quote the interview: only its kind is logged.
            where = type(failure).__name__
            log.error(
                "conversation failed", extra={"session": session_id, "code": code, "kind": where}
            )
            if live.outlet is not None:
                message = "The interview was interrupted. You can continue in a moment."
                live.outlet.send(ErrorMessage(code, message, retryable=True))


@asynccontextmanager
async def live_interviews(
    open_conversation: OpenConversation,
    after: AfterInterview,
    sessions: Sessions,
    limits: Limits,
) -> AsyncIterator[LiveInterviews]:
    """Run interviews until the block ends; then everyone running is left resumable."""
    async with asyncio.TaskGroup() as group:
        live = LiveInterviews(group, open_conversation, after, sessions, limits)
        expiry = group.create_task(_expire(sessions, live))
        live.catch_up()
        try:
            yield live
        finally:
            expiry.cancel()
            live.say_goodbye()


async def _expire(sessions: Sessions, live: LiveInterviews) -> None:
    while True:
        for session_id in await sessions.fail_expired():
            live.finish(session_id)
        await asyncio.sleep(EXPIRY_EVERY_SECONDS)


def _leaves(failures: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for failure in failures.exceptions:
        if isinstance(failure, ExceptionGroup):
            yield from _leaves(failure)
        else:
            yield failure
