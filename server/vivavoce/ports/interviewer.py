"""The interviewer's judgement: which move to make after an answer, and the words of a follow-up."""

from collections.abc import AsyncGenerator
from typing import Protocol

from vivavoce.core.situation import Move, Situation

__all__ = ["BROKEN_OFF", "Interviewer", "Move", "Situation"]

BROKEN_OFF = "reply_broken_off"  # code of the failure of a reply of which something was given


class Interviewer(Protocol):
    name: str
    is_model: bool  # False: rule based, gives no ratings

    async def prepare(self, session: str, situation: Situation) -> None:
        """Called while the candidate speaks, with `answer` as far as it is stable. Cancellable."""
        ...

    def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        """Stream `MOVE: text`, tag first, e.g. `PROBE: What did you `, `measure?`; may be empty."""
        ...

    async def release(self, session: str) -> None: ...
