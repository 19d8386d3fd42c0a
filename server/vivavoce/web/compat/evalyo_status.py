"""The states of an interview as Evalyo names them, seen through the states of our sessions.

DRAFT        scheduled, the invitation is withheld      IN_PROGRESS  in_progress
INVITED      scheduled                                  COMPLETED    completed
EXPIRED      scheduled, and past its expiry             CANCELLED    cancelled or failed
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from vivavoce.core.session import Session, SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus


class InterviewStatus(StrEnum):
    DRAFT = "DRAFT"
    INVITED = "INVITED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


def interview_status(session: Session, now: datetime) -> InterviewStatus:
    match session.status:
        case SessionStatus.SCHEDULED if session.has_expired(now):
            return InterviewStatus.EXPIRED
        case SessionStatus.SCHEDULED if session.invitation_withheld:
            return InterviewStatus.DRAFT
        case SessionStatus.SCHEDULED:
            return InterviewStatus.INVITED
        case SessionStatus.IN_PROGRESS:
            return InterviewStatus.IN_PROGRESS
        case SessionStatus.COMPLETED:
            return InterviewStatus.COMPLETED
        case SessionStatus.FAILED | SessionStatus.CANCELLED:
            return InterviewStatus.CANCELLED
        case _:
            assert_never(session.status)


def narrowed(chosen: SessionFilter, status: InterviewStatus | None, now: datetime) -> SessionFilter:
    """`chosen`, and of that only what `interview_status` calls `status`."""
    return replace(chosen, **_conditions(status, now)) if status else chosen


def _conditions(status: InterviewStatus, now: datetime) -> dict[str, Any]:
    match status:
        case InterviewStatus.DRAFT | InterviewStatus.INVITED:
            withheld = status is InterviewStatus.DRAFT
            scheduled = SessionStatus.SCHEDULED
            return {"status": scheduled, "open_at": now, "invitation_withheld": withheld}
        case InterviewStatus.EXPIRED:
            return {"status": SessionStatus.SCHEDULED, "expired_at": now}
        case InterviewStatus.IN_PROGRESS:
            return {"status": SessionStatus.IN_PROGRESS}
        case InterviewStatus.COMPLETED:
            return {"status": SessionStatus.COMPLETED}
        case InterviewStatus.CANCELLED:
            return {"status": SessionStatus.CANCELLED, "or_status": SessionStatus.FAILED}
        case _:
            assert_never(status)
