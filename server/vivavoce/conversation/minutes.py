"""The interview so far: its durable turns and the state that follows from them."""

from collections.abc import Sequence
from dataclasses import replace

from vivavoce.core.interview_plan import InterviewState, answering, classify, record, replay
from vivavoce.core.lines import question_index
from vivavoce.core.planning import InterviewPlan
from vivavoce.core.transcript import Speaker, Turn, TurnKind, Word
from vivavoce.ports.journal import Journal


class Minutes:
    """The only writer of a session's turns while it is live."""

    def __init__(self, plan: InterviewPlan, journal: Journal, turns: Sequence[Turn]) -> None:
        self.plan = plan
        self.turns = list(turns)
        self.state = replay(plan, self.turns)
        self._journal = journal

    @property
    def next_number(self) -> int:
        return len(self.turns) + 1

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    async def append(self, turn: Turn) -> Turn:
        """Make `turn` durable under the next number."""
        numbered = replace(turn, number=self.next_number)
        await self._journal.append(numbered)
        self.turns.append(numbered)
        self.state = record(self.plan, self.state, numbered)
        return numbered

    def foresee(self, turns: Sequence[Turn]) -> InterviewState:
        """The state that appending `turns` would lead to."""
        state = self.state
        for turn in turns:
            state = record(self.plan, state, turn)
        return state

    def candidate_turn(
        self,
        words: tuple[Word, ...],
        text: str,
        at_ms: int,  # of what was typed; words know their own times
        *,
        interrupted: bool = False,
        said_in: InterviewState | None = None,
    ) -> Turn:
        """What the candidate said or typed (no words), ready to be appended."""
        state = self.state if said_in is None else said_in
        kind, intent = classify(self.plan, state, text)
        current = answering(state)
        if interrupted and kind is not TurnKind.ANSWER:
            kind = TurnKind.ASIDE
        return Turn(
            number=self.next_number,
            speaker=Speaker.CANDIDATE,
            kind=kind,
            text=text,
            start_ms=words[0].start_ms if words else at_ms,
            end_ms=words[-1].end_ms if words else at_ms,
            question=None if current is None else question_index(self.plan, current),
            move=intent,
            words=words,
            typed=not words,
            interrupted=interrupted,
        )
