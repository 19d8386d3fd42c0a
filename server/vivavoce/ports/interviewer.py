"""The interviewer's judgement: which move to make after an answer, and the words of a follow-up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vivavoce.core.transcript import Turn


class Move(StrEnum):
    """What the interviewer may do next. The tag of a model's reply is the upper-case name."""

    PROBE = "probe"  # vague, no example, part of the question missing
    CLARIFY = "clarify"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    SKIP = "skip"
    BACK = "back"
    HOLD = "hold"
    NEXT = "next"
    ANSWER = "answer"  # the candidate's own question, from approved facts
    CLOSE = "close"


@dataclass(frozen=True)
class Situation:
    """What an interviewer may look at: the interview, never the person's data."""

    language: str
    persona: str
    tone: str
    style: str
    difficulty: str
    context: str
    question: str
    expectations: tuple[str, ...]
    turns: tuple[Turn, ...]  # all durable turns before the answer
    answer: str
    follow_ups_left: int
    allowed: frozenset[Move]
    facts: tuple[str, ...]


class Interviewer(Protocol):
    name: str
    is_model: bool  # False: rule based, gives no ratings

    async def prepare(self, session: str, situation: Situation) -> None:
        """Called while the candidate still speaks, with `answer` as far as it is stable. Cancellable."""
        ...

    def propose(self, session: str, situation: Situation) -> AsyncIterator[str]:
        """Stream `MOVE: text`, tag first, e.g. `PROBE: What did you ` `measure?`; text may be empty."""
        ...

    async def release(self, session: str) -> None: ...
