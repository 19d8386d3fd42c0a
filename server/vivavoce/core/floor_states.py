"""Whose the floor is, and how firmly the next decision about it stands."""

from enum import Enum, auto


class Floor(Enum):
    WAITING = auto()
    CANDIDATE_SPEAKING = auto()
    DECIDING = auto()
    INTERVIEWER_SPEAKING = auto()
    INTERRUPTED = auto()
    PAUSED = auto()
    ENDED = auto()


class Course(Enum):
    """How far a decision has come, and what can still undo it."""

    OPEN = auto()  # the pause is being judged
    COMMITTED = auto()  # an answer or a nudge; speech undoes it until it is heard
    CLAIMING = auto()  # the interviewer will speak whatever is said, after a gap in the speech
    CLAIMED = auto()
    INSISTING = auto()  # the candidate has talked past every limit and is talked over
