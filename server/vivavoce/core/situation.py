"""What an interviewer may look at and what it may do; shared by the plan and every interviewer."""

import re
from dataclasses import dataclass
from enum import StrEnum

from vivavoce.core.knowledge import Passage
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
    """What an interviewer may look at: the interview and what may be quoted, no personal data."""

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
    agenda: tuple[tuple[str, tuple[str, ...]], ...] = ()  # every question with its expectations
    passages: tuple[Passage, ...] = ()  # of documents; to ask about, and never to tell


_TAG = re.compile(r"\s*(" + "|".join(move.name for move in Move) + r")\s*:\s*")


def split_reply(reply: str) -> tuple[Move | None, str]:
    """Split `MOVE: text` into its parts; the move is None while or when there is no tag."""
    tag = _TAG.match(reply)
    if tag is None:
        return None, reply.strip()
    return Move[tag[1]], reply[tag.end() :].strip()
