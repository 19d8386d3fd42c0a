"""What the candidate does by hand: durable before it is acted on, once however often it comes."""

import asyncio
from collections.abc import Sequence

from vivavoce.conversation.minutes import Minutes
from vivavoce.core.wire_messages import ControlOp
from vivavoce.core.wishes import Wish, owed_answers, owed_button, rests
from vivavoce.ports.journal import Journal


class Wishes:
    def __init__(self, journal: Journal, minutes: Minutes, made: Sequence[Wish]) -> None:
        self._journal = journal
        self._minutes = minutes  # read only
        self._made = list(made)
        self._making = asyncio.Lock()

    @property
    def resting(self) -> bool:
        """Paused by the candidate or by silence, until the candidate wishes for anything else."""
        return rests(self._made)

    @property
    def owed_answers(self) -> tuple[Wish, ...]:
        return owed_answers(self._made, self._minutes.turns)

    @property
    def owed_button(self) -> Wish | None:
        return owed_button(self._made, self._minutes.turns)

    async def make(
        self, identifier: str, at_ms: int, *, button: ControlOp | None = None, text: str = ""
    ) -> Wish | None:
        """Make a wish durable; None when it had been made before, and nothing is left to do.

        Whoever names none is taken to mean a new one.
        """
        async with self._making:
            if any(wish.id == identifier for wish in self._made):
                return None
            name = identifier or f"#{len(self._made) + 1}"
            wish = Wish(name, at_ms, button, text)
            await self._journal.wish(wish)
            self._made.append(wish)
            return wish
