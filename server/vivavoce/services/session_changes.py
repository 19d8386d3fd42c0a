"""The transitions of a session, each written together with its application and its event."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from vivavoce.core.errors import NotFound
from vivavoce.core.session import ApplicationStatus, Session
from vivavoce.core.session_lifecycle import SessionStatus, require_transition
from vivavoce.core.timestamps import to_text
from vivavoce.core.wishes import late_answer, owed_answers
from vivavoce.ports.stores import Tables
from vivavoce.services import mailing
from vivavoce.services.foundation import Foundation

_EVENTS = {
    SessionStatus.IN_PROGRESS: "session.started",
    SessionStatus.COMPLETED: "session.completed",
    SessionStatus.FAILED: "session.failed",
    SessionStatus.CANCELLED: "session.cancelled",
}
_APPLICATIONS = {
    SessionStatus.IN_PROGRESS: ApplicationStatus.IN_PROGRESS,
    SessionStatus.COMPLETED: ApplicationStatus.COMPLETED,
}


async def require_session(tables: Tables, session_id: str) -> Session:
    """Raises `NotFound` code `session_not_found`."""
    session = await tables.sessions.get(session_id)
    if session is None:
        raise NotFound("session_not_found", "This session does not exist.")
    return session


async def create(foundation: Foundation, write: Tables, session: Session) -> None:
    await write.sessions.add(session)
    await write.participants.set_application_status(
        session.participant_id, session.template_id, ApplicationStatus.SCHEDULED
    )
    await announce(foundation, write, session, "session.created")
    if not session.invitation_withheld:
        await mailing.invite(foundation, write, session)


async def start(foundation: Foundation, write: Tables, session: Session) -> Session:
    target = SessionStatus.IN_PROGRESS
    require_transition(session.status, target)
    stored = await write.templates.get(session.template_id)
    started = replace(
        session,
        status=target,
        started_at=foundation.now(),
        template_revision=stored.template.revision if stored else None,
    )
    await _move(foundation, write, started)
    return started


async def complete(
    foundation: Foundation,
    write: Tables,
    session: Session,
    duration_ms: int,
    ended_at: datetime | None = None,
) -> Session:
    """`ended_at` is now unless somebody else has seen the end."""
    target = SessionStatus.COMPLETED
    require_transition(session.status, target)
    ended_at = ended_at or foundation.now()
    ended = replace(session, status=target, ended_at=ended_at, duration_ms=duration_ms)
    completed = replace(ended, disconnected_at=None)
    await _keep_answers(foundation, write, session.id)
    await _move(foundation, write, completed)
    return completed


async def fail(foundation: Foundation, write: Tables, session: Session, reason: str) -> None:
    target = SessionStatus.FAILED
    require_transition(session.status, target)
    ended = replace(session, status=target, ended_at=foundation.now(), failure_reason=reason)
    await _keep_answers(foundation, write, session.id)
    await _move(foundation, write, replace(ended, disconnected_at=None))


async def cancel(foundation: Foundation, write: Tables, session: Session) -> None:
    target = SessionStatus.CANCELLED
    require_transition(session.status, target)
    await _move(foundation, write, replace(session, status=target, ended_at=foundation.now()))


async def announce(foundation: Foundation, write: Tables, session: Session, name: str) -> None:
    payload = {"session": _summary(session)}
    await write.outbox.add(foundation.event(session.organization_id, name, payload))


async def _keep_answers(foundation: Foundation, write: Tables, session_id: str) -> None:
    """What was typed and acknowledged is in the transcript, however the interview ended."""
    wishes = await write.transcripts.wishes(session_id)
    turns = await write.transcripts.turns(session_id) if wishes else ()
    for wish in owed_answers(wishes, turns):
        turn = late_answer(wish, turns)
        await write.transcripts.add_turn(session_id, turn, foundation.now())
        turns = (*turns, turn)


async def _move(foundation: Foundation, write: Tables, session: Session) -> None:
    await write.sessions.move(session)
    await write.participants.set_application_status(
        session.participant_id,
        session.template_id,
        _APPLICATIONS.get(session.status) or await _without(write, session),
    )
    await announce(foundation, write, session, _EVENTS[session.status])
    await mailing.session_moved(foundation, write, session)


async def _without(write: Tables, session: Session) -> ApplicationStatus:
    """Of an application whose interview has come to nothing: whether another one is ahead."""
    waits = any(
        each.status is SessionStatus.SCHEDULED and each.template_id == session.template_id
        for each in await write.sessions.of_participant(session.participant_id)
    )
    return ApplicationStatus.SCHEDULED if waits else ApplicationStatus.APPROVED


def _summary(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "status": session.status,
        "evaluation_template_id": session.template_id,
        "candidate_id": session.participant_id,
        "external_id": session.external_id,
        "stage": session.stage,
        "language": session.language,
        "channel": session.channel,
        "meta": session.meta,
        "failure_reason": session.failure_reason,
        "started_at": to_text(session.started_at) if session.started_at else None,
        "ended_at": to_text(session.ended_at) if session.ended_at else None,
    }
