"""The steps an interview is made of: opening, acknowledging, repeating, advancing, closing."""

from vivavoce.core.interview_state import ONE_MOMENT, InterviewState, Phase
from vivavoce.core.lines import Line, question_index, question_lines
from vivavoce.core.planning import InterviewPlan
from vivavoce.core.transcript import TurnKind

_CARRYING = 4  # acknowledgements that may be said before a follow-up


def opening(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    """Welcome, disclosure and first question, without what has been heard already."""
    if state.phase is not Phase.WELCOME:
        return ()
    greetings = (("welcome", plan.welcome), ("disclosure", plan.disclosure))
    lines = tuple(
        Line(TurnKind.WELCOME, text, None, move)
        for move, text in greetings
        if move not in state.greeted
    )
    return (*lines, *_following(plan, state, answered=frozenset(), now_ms=state.elapsed_ms))


def acknowledgement(plan: InterviewPlan, state: InterviewState) -> Line:
    """A short one, never the same twice in a row; may be spoken while a follow-up is made."""
    return fresh_acknowledgement(plan, state, plan.phrases.acknowledgements)


def carrying(plan: InterviewPlan, state: InterviewState) -> Line:
    """An acknowledgement that carries the turn while a follow-up is being made.

    One of the briefest: they promise nothing, while "let us move on" would.
    """
    brief = sorted(plan.phrases.acknowledgements, key=len)[:_CARRYING]
    return fresh_acknowledgement(plan, state, tuple(brief))


def fresh_acknowledgement(
    plan: InterviewPlan, state: InterviewState, variants: tuple[str, ...]
) -> Line:
    """One of the `variants`, which was not the last thing acknowledged with."""
    last = next((t.text for t in reversed(state.turns) if t.move == "acknowledge"), "")
    fresh = tuple(text for text in variants if text != last)
    text = plan.pick(fresh or variants, state.acknowledgements)
    return Line(TurnKind.ACKNOWLEDGEMENT, text, None, "acknowledge")


def one_moment(plan: InterviewPlan, state: InterviewState) -> Line:
    """Said when it takes long to make out what the candidate said."""
    said = sum(turn.move == ONE_MOMENT for turn in state.turns)
    text = plan.pick(plan.phrases.one_moment, said)
    return Line(TurnKind.ACKNOWLEDGEMENT, text, None, ONE_MOMENT)


def advance(
    plan: InterviewPlan,
    state: InterviewState,
    now_ms: int | None = None,
    *,
    acknowledged: bool = False,
    skipped: bool = False,
) -> tuple[Line, ...]:
    """Acknowledge, then ask what comes next. Unless `skipped`, the question was answered."""
    answered = state.answered
    if state.current is not None and not skipped:
        answered |= {state.current}
    silent = acknowledged or skipped or state.acknowledged
    lead = () if silent else (acknowledgement(plan, state),)
    now = state.elapsed_ms if now_ms is None else now_ms
    return (*lead, *_following(plan, state, answered, now))


def closing(plan: InterviewPlan) -> tuple[Line, ...]:
    return (Line(TurnKind.CLOSING, plan.closing, None, "close"),)


def repeat(plan: InterviewPlan, state: InterviewState, *, intro: bool = False) -> tuple[Line, ...]:
    """What the candidate was last asked, once more, as it was asked."""
    lines: tuple[Line, ...] = ()
    if intro:
        text = plan.pick(plan.phrases.repeat_intro, len(state.turns))
        lines = (Line(TurnKind.REPEAT, text, None, "repeat"),)
    if state.current is None:
        return (*lines, Line(TurnKind.REPEAT, plan.welcome, None, "repeat"))
    fixed = state.prompt == plan.questions[state.current].text
    index = question_index(plan, state.current)
    return (*lines, Line(TurnKind.REPEAT, state.prompt, index, "repeat", fixed=fixed))


def _following(
    plan: InterviewPlan, state: InterviewState, answered: frozenset[int], now_ms: int
) -> tuple[Line, ...]:
    """The next question that may be asked; with the time over, only the candidate's own remain."""
    for index, planned in enumerate(plan.questions):
        due = planned.condition is None or planned.condition in answered
        affordable = planned.asks_recruiter or now_ms < plan.session_ms
        if index not in state.asked and due and affordable:
            return question_lines(plan, index)
    return closing(plan)
