"""An interviewer on a server, and the one on this machine that takes over while it is away."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from vivavoce.core.errors import EngineFailure
from vivavoce.ports.interviewer import Interviewer, Situation
from vivavoce.ports.standing_in import ServerWatch


class FallbackInterviewer:
    """`Interviewer`. A reply of which nothing was given yet is begun again here; one that breaks
    off later raises `EngineFailure` code `reply_broken_off`, and what was said of it stands.
    """

    is_model = True

    def __init__(self, server: Interviewer, stand_in: Interviewer, watch: ServerWatch) -> None:
        self.name = server.name
        self._server = server
        self._stand_in = stand_in
        self._watch = watch

    async def prepare(self, session: str, situation: Situation) -> None:
        absent = self._watch.permit() is None
        await (self._stand_in if absent else self._server).prepare(session, situation)

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        permit = self._watch.permit()
        if permit is not None:
            given = False
            try:
                async with aclosing(self._server.propose(session, situation)) as pieces:
                    async for piece in pieces:
                        self._watch.served(session, by_server=True)
                        given = True
                        yield piece
                self._watch.succeeded(permit)
                return
            except EngineFailure as failure:
                self._watch.failed(permit, failure)
                if given:
                    raise
        self._watch.served(session, by_server=False)
        async with aclosing(self._stand_in.propose(session, situation)) as pieces:
            async for piece in pieces:
                yield piece

    async def release(self, session: str) -> None:
        await self._server.release(session)
        await self._stand_in.release(session)
