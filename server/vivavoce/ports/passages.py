"""What an interviewer may look up before it words a follow-up."""

from typing import Protocol

from vivavoce.core.knowledge import Passage


class PassageFinder(Protocol):
    async def find(self, question: str, answer: str) -> tuple[Passage, ...]:
        """A few, best first; none rather than late ones. Raises nothing of its own."""
        ...
