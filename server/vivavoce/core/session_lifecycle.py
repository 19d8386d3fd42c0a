"""The states of a session and the only transitions there are.

    scheduled ──started──► in_progress ──completed──► completed
        │                       └────────failed─────► failed
        └──cancelled──► cancelled

A session whose connection dropped stays `in_progress`, resumable, until its grace time is over.
"""

from enum import StrEnum

from vivavoce.core.errors import Conflict


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.SCHEDULED: frozenset({SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED}),
    SessionStatus.IN_PROGRESS: frozenset({SessionStatus.COMPLETED, SessionStatus.FAILED}),
    SessionStatus.COMPLETED: frozenset(),
    SessionStatus.FAILED: frozenset(),
    SessionStatus.CANCELLED: frozenset(),
}


def is_terminal(status: SessionStatus) -> bool:
    return not TRANSITIONS[status]


def require_transition(current: SessionStatus, target: SessionStatus) -> None:
    """Raise `Conflict` with code `session_state` unless `current` may become `target`."""
    if target not in TRANSITIONS[current]:
        raise Conflict("session_state", f"A session that is {current} cannot become {target}.")
