"""Where an interview stands, as a fold over its durable turns: a killed server rebuilds it exactly.

Only what was heard counts. A line that was never spoken left no turn, so it is still to come.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from vivavoce.core.planning import InterviewPlan
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.words import normalized, word_count

ONE_MOMENT = "one_moment"
_ASKING = (TurnKind.QUESTION, TurnKind.FOLLOW_UP, TurnKind.NUDGE)
_YIELDING = ("hold", "resume", "rephrase", "confirm_end", "anything_else")
_HEARD_SHARE = 0.4  # of a question's words; with less, the candidate was still answering before it


class Phase(StrEnum):
    WELCOME = "welcome"
    QUESTIONS = "questions"
    CANDIDATE_QUESTIONS = "candidate_questions"
    CLOSED = "closed"


@dataclass(frozen=True)
class InterviewState:
    """`follow_ups` counts by the plan's index; `said` holds the normalised prompts."""

    follow_ups: tuple[int, ...]
    phase: Phase = Phase.WELCOME
    turns: tuple[Turn, ...] = ()
    greeted: frozenset[str] = frozenset()  # "welcome", "disclosure"
    current: int | None = None
    before: int | None = None  # the question before the current one
    asked: frozenset[int] = frozenset()
    answered: frozenset[int] = frozenset()
    prompt: str = ""  # what the candidate was last asked to speak about
    cut_short: bool = False  # the current question was interrupted before it could be understood
    said: frozenset[str] = frozenset()
    replies: int = 0  # to the candidate's own questions, since the last base question
    acknowledgements: int = 0
    acknowledged: bool = False  # since the candidate last spoke
    elapsed_ms: int = 0
    question_began_ms: int = 0

    @property
    def last_move(self) -> str | None:
        """The interviewer's last move; "one moment" asks and answers nothing."""
        spoken = (t.move for t in reversed(self.turns) if t.speaker is Speaker.INTERVIEWER)
        return next((move for move in spoken if move != ONE_MOMENT), None)


def begin(plan: InterviewPlan) -> InterviewState:
    return InterviewState(follow_ups=(0,) * len(plan.questions))


def replay(plan: InterviewPlan, turns: Iterable[Turn]) -> InterviewState:
    state = begin(plan)
    for turn in turns:
        state = record(plan, state, turn)
    return state


def record(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    """Fold one durable turn of either speaker."""
    elapsed_ms = max(state.elapsed_ms, turn.end_ms)
    state = replace(state, turns=(*state.turns, turn), elapsed_ms=elapsed_ms)
    if turn.speaker is Speaker.CANDIDATE:
        return _record_candidate(plan, state, turn)
    fold = _FOLDS.get(turn.kind)
    return state if fold is None else fold(plan, state, turn)


def _record_candidate(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    state = replace(state, acknowledged=False)
    index = turn.question if turn.question is not None else answering(state)
    if turn.kind is not TurnKind.ANSWER or index is None or index >= len(plan.questions):
        return state
    return replace(state, answered=state.answered | {index})


def _record_welcome(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    return replace(state, greeted=state.greeted | {turn.move or "welcome"})


def _record_question(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    index = turn.question if turn.question is not None else len(plan.questions) - 1
    planned = plan.questions[index]
    heard = word_count(turn.text) / max(1, word_count(planned.text))
    return replace(
        state,
        phase=Phase.CANDIDATE_QUESTIONS if planned.asks_recruiter else Phase.QUESTIONS,
        current=index,
        before=state.current,
        asked=state.asked | {index},
        prompt=planned.text,
        cut_short=turn.interrupted and heard < _HEARD_SHARE,
        said=state.said | {normalized(planned.text)},
        replies=0,
        acknowledged=False,
        question_began_ms=turn.end_ms,
    )


def _record_follow_up(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    current = state.current
    counts = tuple(n + (i == current) for i, n in enumerate(state.follow_ups))
    prompt = state.prompt if turn.interrupted else turn.text
    said = state.said | {normalized(turn.text)}
    return replace(state, follow_ups=counts, prompt=prompt, said=said, acknowledged=False)


def _record_return(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    state = replace(state, acknowledged=False)
    if turn.question is None or state.current is None:
        return state
    state = replace(state, cut_short=False)
    if turn.question == state.current:
        return state
    return replace(
        state,
        phase=Phase.QUESTIONS,
        current=turn.question,
        before=state.current,
        prompt=plan.questions[turn.question].text,
        question_began_ms=turn.end_ms,
    )


def _record_acknowledgement(
    plan: InterviewPlan, state: InterviewState, turn: Turn
) -> InterviewState:
    acknowledged = turn.move == "acknowledge"
    count = state.acknowledgements + acknowledged
    return replace(state, acknowledgements=count, acknowledged=acknowledged)


def _record_reply(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    answered = turn.move in {"answer", "pass_on"}
    return replace(state, replies=state.replies + answered, acknowledged=False)


def _record_closing(plan: InterviewPlan, state: InterviewState, turn: Turn) -> InterviewState:
    # Somebody who interrupts the closing line has something to add; it is spoken again afterwards.
    return state if turn.interrupted else replace(state, phase=Phase.CLOSED)


Fold = Callable[[InterviewPlan, InterviewState, Turn], InterviewState]
_FOLDS: Mapping[TurnKind, Fold] = {
    TurnKind.WELCOME: _record_welcome,
    TurnKind.QUESTION: _record_question,
    TurnKind.FOLLOW_UP: _record_follow_up,
    TurnKind.REPEAT: _record_return,
    TurnKind.REPHRASE: _record_return,
    TurnKind.ACKNOWLEDGEMENT: _record_acknowledgement,
    TurnKind.REPLY: _record_reply,
    TurnKind.CLOSING: _record_closing,
}


def answering(state: InterviewState) -> int | None:
    """The plan's index of the question that the candidate is speaking about."""
    return state.before if state.cut_short else state.current


def awaits_candidate(state: InterviewState) -> bool:
    """The interviewer's last words left the floor to the candidate, rather than break off."""
    if state.phase is Phase.WELCOME or not state.turns:
        return False
    last = state.turns[-1]
    if last.speaker is Speaker.CANDIDATE:
        return last.interrupted
    asking = last.question is not None or last.kind in _ASKING or last.move in _YIELDING
    return asking and not last.interrupted


def is_closed(state: InterviewState) -> bool:
    return state.phase is Phase.CLOSED


def time_left_ms(plan: InterviewPlan, state: InterviewState, elapsed_ms: int) -> int:
    return max(0, plan.session_ms - max(state.elapsed_ms, elapsed_ms))


def progress(plan: InterviewPlan, state: InterviewState) -> tuple[int, int]:
    """(number of the current base question, how many there are); 0 before the first."""
    base = plan.base_questions
    return sum(index in state.asked for index in base), len(base)


def follow_ups_left(plan: InterviewPlan, state: InterviewState) -> int:
    index = answering(state)
    if index is None or state.phase is not Phase.QUESTIONS:
        return 0
    return max(0, plan.questions[index].follow_ups - state.follow_ups[index])
