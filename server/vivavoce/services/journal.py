"""The durable record of one session, as the live conversation writes it."""

from dataclasses import replace

from vivavoce.core.errors import Conflict
from vivavoce.core.session import Conductor, Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import Signal, Turn, TurnLedger
from vivavoce.core.wishes import Wish
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.engine_times import EngineTimes
from vivavoce.services.foundation import Foundation


class SessionJournal:
    def __init__(self, foundation: Foundation, session_id: str, engine_times: EngineTimes) -> None:
        self._at = foundation
        self._session_id = session_id
        self._engine_times = engine_times

    async def engines(self) -> dict[str, str]:
        """By role, who has played it in the session, in the order of their first exchanges."""
        names: dict[str, list[str]] = {}
        for entry in await self._at.stores.read.transcripts.ledgers(self._session_id):
            for role, name in entry.engines.items():
                names.setdefault(role, [])
                if name not in names[role]:
                    names[role].append(name)
        return {role: ", ".join(each) for role, each in names.items()}

    async def turns(self) -> tuple[Turn, ...]:
        return await self._at.stores.read.transcripts.turns(self._session_id)

    async def append(self, turn: Turn) -> None:
        """Also raises `Conflict` codes `session_state` unless the session is in progress, and
        `conductor` when an outside agent leads it.
        """
        async with self._at.stores.transaction() as write:
            session = await self._own(write)
            await append_turn(self._at, write, session, turn)

    async def wishes(self) -> tuple[Wish, ...]:
        return await self._at.stores.read.transcripts.wishes(self._session_id)

    async def wish(self, wish: Wish) -> None:
        """Raises `Conflict` as `append` does."""
        async with self._at.stores.transaction() as write:
            session = await self._own(write)
            _require_in_progress(session)
            await write.transcripts.add_wish(self._session_id, wish)

    async def started(self) -> None:
        async with self._at.stores.transaction() as write:
            session = await self._own(write)
            if session.status is not SessionStatus.IN_PROGRESS:
                await session_changes.start(self._at, write, session)

    async def completed(self, duration_ms: int) -> None:
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, self._session_id)
            if session.status is not SessionStatus.COMPLETED:
                await session_changes.complete(self._at, write, session, duration_ms)

    async def signal(self, signal: Signal) -> None:
        async with self._at.stores.transaction() as write:
            await write.transcripts.add_signal(self._session_id, signal)

    async def ledger(self, entry: TurnLedger) -> None:
        spent, engines = self._engine_times.take(self._session_id)
        whole = replace(entry, stages={**entry.stages, **spent}, engines=engines)
        self._engine_times.exchanged(whole)
        async with self._at.stores.transaction() as write:
            await write.transcripts.put_ledger(self._session_id, whole)

    async def _own(self, write: Tables) -> Session:
        session = await session_changes.require_session(write, self._session_id)
        if session.conductor is not Conductor.BUILT_IN:
            raise Conflict("conductor", "An outside agent leads this interview.")
        return session


async def append_turn(foundation: Foundation, write: Tables, session: Session, turn: Turn) -> None:
    """The one way into a transcript, for whoever leads the interview.

    Raises `Conflict` codes `session_state` and `turn_number`.
    """
    _require_in_progress(session)
    if turn.number != await write.transcripts.last_number(session.id) + 1:
        raise Conflict("turn_number", "A turn must follow the last one.")
    await write.transcripts.add_turn(session.id, turn, foundation.now())


def _require_in_progress(session: Session) -> None:
    if session.status is not SessionStatus.IN_PROGRESS:
        message = f"A session that is {session.status} takes no turn."
        raise Conflict("session_state", message)


class Journals:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation
        self.engine_times = EngineTimes()

    def of(self, session_id: str) -> SessionJournal:
        return SessionJournal(self._at, session_id, self.engine_times)
