"""The interviews that are running in this process: who is in, how many fit, what happens after."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from vivavoce.conversation.conversation import Conversation
from vivavoce.conversation.outlet import Outlet
from vivavoce.core.errors import AtCapacity, EngineFailure, VivavoceError
from vivavoce.core.wire_messages import CloseCode, Ended, ErrorMessage, Goaway, Resume
from vivavoce.services.admission import Admission
from vivavoce.services.after_interview import AfterInterview
from vivavoce.services.sessions import Sessions

log = logging.getLogger(__name__)

OpenConversation = Callable[[str], Awaitable[Conversation]]

EXPIRY_EVERY_SECONDS = 5.0
FAREWELL_SECONDS = 3.0


LINGER_SECONDS = 60.0  # how long an interview without a connection stays in memory


@dataclass
class _Live:
    conversation: Conversation
    outlet: Outlet | None = None
    linger: asyncio.TimerHandle | None = None
    deserted: bool = False  # the candidate was here and is gone
    leaving: bool = False
    failed: bool = False  # its grace time is over
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seconds_left(self) -> float:
        return self.conversation.page.left_ms(self.conversation.at_ms) / 1000


class LiveInterviews:
    """Conversations outlive their connections; one connection at a time speaks for a session."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        open_conversation: OpenConversation,
        after: AfterInterview,
        sessions: Sessions,
        admission: Admission,
    ) -> None:
        self._group = group
        self._open = open_conversation
        self._after = after
        self._sessions = sessions
        self._admission = admission
        admission.watch(self.here)
        self._live: dict[str, _Live] = {}
        self._entering = asyncio.Lock()
        self._finishing: set[asyncio.Task[None]] = set()
        self._connected: set[Outlet] = set()
        self._all_parted = asyncio.Event()
        self._stopping = False

    def __len__(self) -> int:
        return len(self._live)

    def here(self) -> Mapping[str, float]:
        """The sessions that take a place, with the seconds that they may still need.

        Whoever is in the middle of an interview and lost the connection keeps the place for as long
        as the conversation waits in memory; whoever had not begun does not.
        """
        return {
            session_id: live.seconds_left
            for session_id, live in self._live.items()
            if not live.leaving and (live.conversation.begun or not live.deserted)
        }

    async def enter(self, session_id: str, *, in_progress: bool = False) -> Conversation:
        """The running conversation of a session, started when there is none.

        Raises `AtCapacity` code `capacity` when this box holds no further one; who is in the middle
        of an interview always may come back.
        """
        while True:
            async with self._entering:
                live = self._live.get(session_id) or await self._start(session_id, in_progress)
                if not live.leaving:
                    live.deserted = False
                    if live.outlet is None:
                        self._let_linger(live)  # until this connection has said hello
                    return live.conversation
            await live.over.wait()  # not under the lock: it is this session's end alone

    async def attach(
        self, session_id: str, conversation: Conversation, outlet: Outlet, resume: Resume
    ) -> None:
        """Let `outlet` speak for the session; the connection before it is told that it is over.

        Raises `EngineFailure` code `conversation_left` when the run has ended since `enter`.
        """
        live = self._live.get(session_id)
        if live is None or live.conversation is not conversation:
            raise EngineFailure("conversation_left", "The interview has to be opened again.")
        self._stop_lingering(live)
        live.deserted = False
        self._connected.add(outlet)
        before, live.outlet = live.outlet, outlet
        if before is not None:
            before.close(CloseCode.REPLACED, "replaced by a newer connection")
        await self._sessions.connected(session_id)
        conversation.attach(outlet, resume)

    async def detach(self, session_id: str, outlet: Outlet) -> None:
        """The connection is gone. The session waits in memory, then only in the journal."""
        self._connected.discard(outlet)
        if not self._connected:
            self._all_parted.set()
        live = self._live.get(session_id)
        if live is None or live.outlet not in (outlet, None):
            return
        attached, live.outlet = live.outlet is outlet, None
        live.deserted = True
        self._let_linger(live)
        if attached:
            live.conversation.detach(outlet)
            await self._alone(session_id, self._sessions.disconnected(session_id))

    def _let_linger(self, live: _Live) -> None:
        self._stop_lingering(live)
        loop = asyncio.get_running_loop()
        live.linger = loop.call_later(LINGER_SECONDS, self._leave, live)

    def _leave(self, live: _Live) -> None:
        live.leaving = True
        live.conversation.leave()

    def _stop_lingering(self, live: _Live) -> None:
        if live.linger is not None:
            live.linger.cancel()
            live.linger = None

    def finish(self, session_id: str) -> None:
        """Do what follows the closing line; the next process does what this one cannot."""
        self._in_background(self._alone(session_id, self._after.finish(session_id)))

    def catch_up(self) -> None:
        self._in_background(self._alone("", self._catch_up()))

    async def _catch_up(self) -> None:
        for session_id in await self._after.unfinished():
            await self._alone(session_id, self._after.finish(session_id))

    async def fail_expired(self) -> None:
        for session_id in await self._sessions.fail_expired():
            live = self._live.get(session_id)
            if live is None:
                self.finish(session_id)
            else:
                live.failed = True
                self._leave(live)

    async def expire(self) -> None:
        """Fail what was silent for the grace time, now and then, for as long as this runs."""
        while True:
            await self._alone("", self.fail_expired())
            await asyncio.sleep(EXPIRY_EVERY_SECONDS)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def say_goodbye(self) -> None:
        """Before the process ends: everybody is told, and may come back to the next one."""
        self._stopping = True
        for task in self._finishing:
            task.cancel()
        for live in self._live.values():
            if live.outlet is not None:
                live.outlet.send(Goaway("restart", 0))
                live.outlet.close(CloseCode.INTERNAL, "restart")
            self._leave(live)
        self._all_parted.clear()
        if self._connected:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_parted.wait(), FAREWELL_SECONDS)

    async def _start(self, session_id: str, in_progress: bool) -> _Live:
        if self._stopping:
            raise AtCapacity("restarting", "The service is restarting.")
        self._admission.enter(session_id, in_progress=in_progress)
        self._make_room()
        live = _Live(await self._open(session_id))
        self._live[session_id] = live
        self._admission.entered(session_id)
        self._group.create_task(self._run(session_id, live))
        return live

    def _make_room(self) -> None:
        """Who went away before the interview began need not wait in memory when others come."""
        for live in self._live.values():
            if live.deserted and not live.leaving and not live.conversation.begun:
                self._leave(live)

    async def _run(self, session_id: str, live: _Live) -> None:
        try:
            await self._alone(session_id, live.conversation.run())
        finally:
            self._stop_lingering(live)
            del self._live[session_id]
            live.over.set()
        await self._alone(session_id, self._part(session_id, live))

    async def _part(self, session_id: str, live: _Live) -> None:
        reason, outlet = live.conversation.ended_reason, live.outlet
        if reason is not None or live.failed:
            self.finish(session_id)
        if outlet is None:
            return
        if reason is not None:
            outlet.send(Ended(reason))
            outlet.close(CloseCode.ENDED, reason)
        else:
            outlet.close(CloseCode.INTERNAL, "resumable")
            await self._sessions.disconnected(session_id)

    async def _alone(self, session_id: str, work: Coroutine[Any, Any, None]) -> None:
        """Whatever fails in `work` concerns this session only; everybody else goes on talking."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(work)
        except ExceptionGroup as failures:
            self._report(session_id, failures)

    def _report(self, session_id: str, failures: ExceptionGroup[Exception]) -> None:
        live = self._live.get(session_id)
        for failure in _leaves(failures):
            code = failure.code if isinstance(failure, VivavoceError) else "internal"
            # The text of an unexpected error may quote the interview: only its kind is logged.
            facts = {"session": session_id, "code": code, "kind": type(failure).__name__}
            log.error("conversation failed", extra=facts)
            if live is not None and live.outlet is not None:
                message = "The interview was interrupted. You can continue in a moment."
                live.outlet.send(ErrorMessage(code, message, retryable=True))


class Farewell:
    """Lets whoever stops the process have goodbye said while the sockets are still open."""

    def __init__(self) -> None:
        self._live: LiveInterviews | None = None

    def speak_for(self, live: LiveInterviews) -> None:
        self._live = live

    async def __call__(self) -> None:
        if self._live is not None:
            await self._live.say_goodbye()


@asynccontextmanager
async def live_interviews(
    open_conversation: OpenConversation,
    after: AfterInterview,
    sessions: Sessions,
    admission: Admission,
) -> AsyncIterator[LiveInterviews]:
    """Run interviews until the block ends; then everyone running is left resumable."""
    async with asyncio.TaskGroup() as group:
        live = LiveInterviews(group, open_conversation, after, sessions, admission)
        expiry = group.create_task(live.expire())
        live.catch_up()
        try:
            yield live
        finally:
            expiry.cancel()
            await live.say_goodbye()


def _leaves(failures: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for failure in failures.exceptions:
        if isinstance(failure, ExceptionGroup):
            yield from _leaves(failure)
        else:
            yield failure
