"""What of an utterance was heard when it was cut off: nothing else is kept of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpokenClause:
    """`text` is spoken from sample `begin` up to `end` of its utterance."""

    text: str
    begin: int
    end: int


class HeardText:
    """The clauses of one utterance, in the order they are spoken."""

    def __init__(self) -> None:
        self._clauses: list[SpokenClause] = []

    @property
    def clauses(self) -> tuple[SpokenClause, ...]:
        return tuple(self._clauses)

    def add(self, text: str, begin: int, end: int) -> None:
        self._clauses.append(SpokenClause(text, begin, end))

    def heard(self, pts: int) -> str:
        """The text up to sample `pts`: whole clauses, then words in proportion to their length."""
        parts = (_heard_of(clause, pts) for clause in self._clauses)
        return " ".join(part for part in parts if part)


def _heard_of(clause: SpokenClause, pts: int) -> str:
    if pts >= clause.end:
        return clause.text
    if pts <= clause.begin:
        return ""
    budget = len(clause.text) * (pts - clause.begin) / (clause.end - clause.begin)
    heard: list[str] = []
    for word in clause.text.split():
        budget -= len(word)
        if budget < 0:
            break
        heard.append(word)
        budget -= 1
    return " ".join(heard)
