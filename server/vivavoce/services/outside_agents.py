"""Interviews led by an agent outside this program, from the first turn to the report.

They live by the rules of every other interview: turns are numbered without gaps and written only
while the session is in progress, the first turn starts it, what has ended stays as it is. An
outside agent has no connection that could break; its latest word is its sign of life, and the
grace time runs from there.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from vivavoce.core.errors import Conflict, Invalid, Issue, NotFound
from vivavoce.core.outside_turns import arranged
from vivavoce.core.session import Conductor, Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import AgentNotes, Speaker, Turn, TurnKind
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.campaigns import require_begin
from vivavoce.services.conversations import planned
from vivavoce.services.foundation import Foundation
from vivavoce.services.journal import append_turn
from vivavoce.services.live_sessions import LiveSessions

MOST_TURNS = 2000
CLOCK_LEEWAY = timedelta(minutes=1)
REPORTLESS_STAGES = frozenset({"manual_review"})


@dataclass(frozen=True)
class Said:
    number: int
    speaker: Speaker
    text: str
    notes: AgentNotes


@dataclass(frozen=True)
class Correction:
    """What replaces a turn's own; `None` leaves it."""

    text: str | None = None
    audio_url: str | None = None
    evaluation: dict[str, Any] | None = None


@dataclass(frozen=True)
class Ending:
    """`wants_report` is what the stage wants unless it is said here."""

    ended_at: datetime | None = None
    audio_url: str | None = None
    wants_report: bool | None = None


class OutsideAgents:
    def __init__(self, foundation: Foundation, live_sessions: LiveSessions) -> None:
        self._at = foundation
        self._live_sessions = live_sessions

    async def require_own(self, organization_id: str, session_id: str) -> None:
        """Raises `NotFound` code `session_not_found`, also for another organization's session."""
        session = await session_changes.require_session(self._at.stores.read, session_id)
        if session.organization_id != organization_id:
            raise NotFound("session_not_found", "This session does not exist.")

    async def history(self, session_id: str) -> tuple[Session, tuple[Turn, ...]]:
        read = self._at.stores.read
        session = await session_changes.require_session(read, session_id)
        return session, await read.transcripts.turns(session_id)

    async def record_turn(self, session_id: str, said: Said) -> tuple[Turn, bool]:
        """The turn, and whether it is new: the same one sent again after a lost answer is not.

        Raises `Conflict` codes `turn_number`, `session_state`, `conductor`,
        `invitation_expired`, `campaign_closed` and `too_many_turns`.
        """
        questions = await self._questions(session_id)
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            turns = await write.transcripts.turns(session_id)
            if _is_repeated(session, turns, said):
                return turns[-1], False
            if said.number > MOST_TURNS:
                raise Conflict("too_many_turns", f"An interview has at most {MOST_TURNS} turns.")
            session = await self._taken_up(write, session)
            turn = arranged((*turns, self._timed(session, turns, said)), questions)[-1]
            await append_turn(self._at, write, session, turn)
            await write.sessions.set_disconnected(session_id, self._at.now())
        return turn, True

    async def correct_turn(self, session_id: str, number: int, correction: Correction) -> Turn:
        """Raises `NotFound` code `turn_not_found`, and `Conflict` as `record_turn` does."""
        questions = await self._questions(session_id)
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            _require_led_outside(session)
            turns = await write.transcripts.turns(session_id)
            if not 1 <= number <= len(turns):
                raise NotFound("turn_not_found", "This interview has no such turn.")
            before = turns[number - 1]
            end_ms = self._elapsed_ms(session) if number == len(turns) else before.end_ms
            corrected = replace(_corrected(before, correction), end_ms=end_ms)
            # Another wording may be a prepared question, to which the answers after it belong.
            changed = arranged((*turns[: number - 1], corrected, *turns[number:]), questions)
            for old, new in zip(turns, changed, strict=True):
                if old != new:
                    await write.transcripts.change_turn(session_id, new)
            await write.sessions.set_disconnected(session_id, self._at.now())
        return changed[number - 1]

    async def finalize(self, session_id: str, ending: Ending) -> Session:
        """Complete the session; writing the scorecard is left to `AfterInterview`.

        Raises `Conflict` code `session_state` or `conductor`, `Invalid` code `ended_at`.
        """
        async with self._at.stores.transaction() as write:
            session = await session_changes.require_session(write, session_id)
            _require_led_outside(session)
            ended_at = self._ended_at(session, ending.ended_at)
            wants_report = ending.wants_report
            if wants_report is None:
                wants_report = await _stage_wants_report(write, session)
            session = replace(
                session, recording_url=ending.audio_url, scoring_waived=not wants_report
            )
            duration_ms = _ms(ended_at - (session.started_at or ended_at))
            return await session_changes.complete(self._at, write, session, duration_ms, ended_at)

    async def _questions(self, session_id: str) -> tuple[str, ...]:
        _, plan = planned(await self._live_sessions.load_live_session(session_id))
        return tuple(question.text for question in plan.questions if not question.is_invitation)

    async def _taken_up(self, write: Tables, session: Session) -> Session:
        """The session in progress, started when this is its first turn."""
        if session.status is not SessionStatus.SCHEDULED:
            _require_led_outside(session)
            return session
        if session.has_expired(self._at.now()):
            raise Conflict("invitation_expired", "The invitation to this interview has expired.")
        await require_begin(write, session, self._at.now())
        led = replace(session, conductor=Conductor.OUTSIDE_AGENT)
        return await session_changes.start(self._at, write, led)

    def _timed(self, session: Session, turns: tuple[Turn, ...], said: Said) -> Turn:
        """A turn lasts from the end of the one before until it is told."""
        start_ms = turns[-1].end_ms if turns else 0
        end_ms = max(start_ms, self._elapsed_ms(session))
        # `arranged` decides what it was for.
        kind = TurnKind.ASIDE
        return Turn(said.number, said.speaker, kind, said.text, start_ms, end_ms, notes=said.notes)

    def _elapsed_ms(self, session: Session) -> int:
        now = self._at.now()
        return _ms(now - (session.started_at or now))

    def _ended_at(self, session: Session, told: datetime | None) -> datetime:
        now = self._at.now()
        if told is None:
            return now
        too_early = session.started_at is not None and told < session.started_at - CLOCK_LEEWAY
        if too_early or told > now + CLOCK_LEEWAY:
            issue = Issue(("endedAt",), "It must lie between the first turn and now.")
            raise Invalid("ended_at", "An interview cannot end at that time.", (issue,))
        return max(min(told, now), session.started_at or told)


def _require_led_outside(session: Session) -> None:
    if session.status is not SessionStatus.IN_PROGRESS:
        raise Conflict("session_state", f"A session that is {session.status} cannot be written.")
    if session.conductor is not Conductor.OUTSIDE_AGENT:
        raise Conflict("conductor", "The built-in interviewer leads this interview.")


def _is_repeated(session: Session, turns: tuple[Turn, ...], said: Said) -> bool:
    led_outside = session.conductor is Conductor.OUTSIDE_AGENT
    if not turns or not led_outside or session.status is not SessionStatus.IN_PROGRESS:
        return False
    last = turns[-1]
    return Said(last.number, last.speaker, last.text, last.notes or AgentNotes()) == said


def _corrected(turn: Turn, correction: Correction) -> Turn:
    notes = turn.notes or AgentNotes()
    return replace(
        turn,
        text=turn.text if correction.text is None else correction.text,
        notes=replace(
            notes,
            audio_url=correction.audio_url or notes.audio_url,
            evaluation=correction.evaluation or notes.evaluation,
        ),
    )


async def _stage_wants_report(write: Tables, session: Session) -> bool:
    stages = await write.templates.stages(session.template_id)
    kinds = {stage.stage_type for stage in stages if stage.id == session.stage_id}
    return not kinds & REPORTLESS_STAGES


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
