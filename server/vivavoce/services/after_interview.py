"""What follows the closing line: the recording is finished, the scorecard is written, once."""

import asyncio
import logging

from vivavoce.core.errors import EngineFailure, NotFound
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.ports.clock import Clock
from vivavoce.ports.recording import Recordings
from vivavoce.ports.stores import ScorecardStore
from vivavoce.services.conversations import planned
from vivavoce.services.journal import Journals
from vivavoce.services.live_sessions import LiveSessions
from vivavoce.services.scorecards import Interviewed, ScorecardWriter
from vivavoce.services.sessions import Sessions

log = logging.getLogger(__name__)

SERVER_AWAY = "remote_"  # how the codes begin of what a model server does wrong
WAITS_SECONDS = (30.0, 120.0, 600.0, 1800.0, 3600.0)


class AfterInterview:
    """Every step is idempotent, so whatever a crash left undone is simply done again."""

    def __init__(
        self,
        sessions: Sessions,
        live_sessions: LiveSessions,
        journals: Journals,
        recordings: Recordings,
        scorecards: tuple[ScorecardWriter, ScorecardStore],
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._live_sessions = live_sessions
        self._journals = journals
        self._recordings = recordings
        self._writer, self._store = scorecards
        self._clock = clock
        self._scoring = asyncio.Lock()  # one at a time: live interviews come first

    async def finish(self, session_id: str) -> None:
        """After completion, or after a failure that left something recorded.

        What a broken engine or a full disk left undone is `unfinished` at the next start.
        """
        try:
            await self._finish_recording(session_id)
            await self._score_patiently(session_id)
        except EngineFailure as failure:
            log.error("after interview", extra={"session": session_id, "code": failure.code})

    async def _score_patiently(self, session_id: str) -> None:
        """A model server that is away comes back; nobody else's judgement takes its place."""
        for seconds in WAITS_SECONDS:
            try:
                async with self._scoring:
                    await self._score(session_id)
            except EngineFailure as failure:
                if not failure.code.startswith(SERVER_AWAY):
                    raise
                log.warning("scorecard later", extra={"session": session_id, "code": failure.code})
                await asyncio.sleep(seconds)
            else:
                return
        async with self._scoring:
            await self._score(session_id)

    async def _finish_recording(self, session_id: str) -> None:
        try:
            path = await self._recordings.finish(session_id)
        except NotFound:  # somebody left before a word was said, or the recording was erased
            await self._sessions.not_recorded(session_id)
            return
        await self._sessions.recorded(session_id, path)

    async def unfinished(self) -> tuple[str, ...]:
        """What an earlier process ended and did not record or score to the end."""
        left = (*await self._sessions.unscored(), *await self._sessions.unrecorded())
        return tuple(dict.fromkeys(left))

    async def _score(self, session_id: str) -> None:
        session = await self._live_sessions.load_live_session(session_id)
        if session.status is not SessionStatus.COMPLETED:
            return
        template, plan = planned(session)
        journal = self._journals.of(session_id)
        turns, engines = await journal.turns(), await journal.engines()
        interviewed = Interviewed(session_id, template, session.profile, plan, turns, engines)
        card = await self._writer.write(interviewed)
        await self._store.save(session_id, card, self._clock.now())
