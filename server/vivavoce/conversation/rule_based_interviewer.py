"""The rule-based interviewer as an `Interviewer`: the embedded choice when there is no model."""

from collections.abc import AsyncGenerator, Mapping

from vivavoce.core.phrases import Phrasebook
from vivavoce.core.rule_interviewer import propose
from vivavoce.ports.interviewer import Situation


class RuleBasedInterviewer:
    """`books` by language; a language without a book is interviewed with the `fallback`'s."""

    name = "rule-based interviewer"
    is_model = False

    def __init__(self, books: Mapping[str, Phrasebook], fallback: Phrasebook) -> None:
        self._books = books
        self._fallback = fallback

    async def prepare(self, session: str, situation: Situation) -> None:
        """Rules need no preparation."""

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        yield propose(situation, self._books.get(situation.language, self._fallback))

    async def release(self, session: str) -> None:
        """Rules keep nothing."""
