"""What was said: words, turns, who spoke. All times are milliseconds on the recording's clock."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Speaker(StrEnum):
    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"


class TurnKind(StrEnum):
    """What a turn was for. Scoring reads answers only."""

    # of the interviewer
    WELCOME = "welcome"
    QUESTION = "question"
    FOLLOW_UP = "follow_up"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    ACKNOWLEDGEMENT = "acknowledgement"
    NUDGE = "nudge"
    REPLY = "reply"  # to a question of the candidate
    CLOSING = "closing"
    # of the candidate
    ANSWER = "answer"
    REQUEST = "request"  # repeat, rephrase, skip, back, hold
    CANDIDATE_QUESTION = "candidate_question"
    ASIDE = "aside"  # small talk, technical trouble


@dataclass(frozen=True)
class Word:
    text: str
    start_ms: int
    end_ms: int
    probability: float


@dataclass(frozen=True)
class AgentNotes:
    """What an outside agent tells about a turn of its own interview. Shown, and never scored."""

    audio_url: str | None = None
    awaits_answer: bool = False  # the agent asked, and is waiting
    evaluation: dict[str, Any] | None = None


@dataclass(frozen=True)
class Source:
    """Where a quoted passage stands: characters `start` to `end` of a document's page, from 1."""

    document_id: str
    page: int
    start: int
    end: int


@dataclass(frozen=True)
class Turn:
    """One durable turn. `number` starts at 1 in each session and has no gaps."""

    number: int
    speaker: Speaker
    kind: TurnKind
    text: str
    start_ms: int
    end_ms: int
    question: int | None = None  # index of the base question in the session's plan
    move: str | None = None  # interviewer: the move it made; candidate: the intent found
    words: tuple[Word, ...] = ()
    typed: bool = False
    interrupted: bool = False  # interviewer: the text is what was heard of it
    notes: AgentNotes | None = None  # of an outside agent's interview
    sources: tuple[Source, ...] = ()  # interviewer: the passages that it had before it
    wish: str | None = None  # candidate: the typed answer it is; interviewer: the button it grants


@dataclass(frozen=True)
class Signal:
    """A neutral, time-stamped observation reported by the client; never a verdict."""

    kind: str
    at_ms: int
    detail: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    id: str | None = None  # the client's own, so that it counts once if sent again


@dataclass(frozen=True)
class TurnLedger:
    """Stage times of one exchange, in ms after the last sample of the candidate's speech.

    `None` marks a stage that the exchange did not go through.
    """

    turn: int
    commit_reason: str
    soft_end_ms: int | None = None
    commit_ms: int | None = None
    transcript_ms: int | None = None
    first_token_ms: int | None = None
    first_clause_ms: int | None = None
    first_audio_sent_ms: int | None = None
    first_audio_played_ms: int | None = None
    interruptions: int = 0
    audio_gaps: int = 0  # how often the answer stopped within a line, at the candidate's device
    audio_gap_ms: int = 0
    stages: dict[str, float] = field(default_factory=dict)  # engine and queue times
    engines: dict[str, str] = field(default_factory=dict)  # by role, who did the work
