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


_MOVES = "|".join(move.name for move in Move)
# As instructed, or as chat models without a grammar write it: `Probe:`, `"PROBE: …"`, `PROBE - `.
_TAG = re.compile(
    rf"\s*[\"'“(\[]*(?:(?i:({_MOVES}))\s*[\])]?\s*:|({_MOVES})[\])]?(?:\s+[-–—]\s|\s*\n))\s*"  # noqa: RUF001
)
_BARE_TAG = re.compile(rf"\W*({_MOVES})\W*", re.IGNORECASE)


def split_reply(reply: str, *, complete: bool = False) -> tuple[Move | None, str]:
    """Split `MOVE: text` into its parts; the move is None while or when there is no tag.

    A reply that is `complete` may be the bare name of a move. Of any other the space at its end is
    kept, because the next word may follow.
    """
    said = reply.rstrip() if complete else reply
    tag = _TAG.match(reply)
    if tag is not None:
        return Move[(tag[1] or tag[2]).upper()], said[tag.end() :]
    bare = _BARE_TAG.fullmatch(reply) if complete else None
    if bare is not None:
        return Move[bare[1].upper()], ""
    return None, said.lstrip()


def one_line(reply: str) -> tuple[str, bool]:
    """A reply up to the end of its one line, and whether it has ended there.

    Models that are free in their form explain themselves in further paragraphs.
    """
    tag = _TAG.match(reply)
    begin = tag.end() if tag is not None else len(reply) - len(reply.lstrip())
    end = reply.find("\n", begin)
    return (reply, False) if end < 0 else (reply[:end], True)
