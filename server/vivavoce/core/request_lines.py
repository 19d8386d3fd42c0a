"""What the interviewer says to a request, spoken or by button; none counts against anybody."""

from collections.abc import Callable, Mapping

from vivavoce.core.errors import Invalid
from vivavoce.core.interview_moves import advance, closing, opening, repeat
from vivavoce.core.interview_state import InterviewState, Phase, is_closed
from vivavoce.core.lines import Line, question_index
from vivavoce.core.planning import InterviewPlan
from vivavoce.core.spoken_requests import Intent
from vivavoce.core.transcript import TurnKind

Response = Callable[[InterviewPlan, InterviewState], tuple[Line, ...]]


def respond(plan: InterviewPlan, state: InterviewState, intent: Intent) -> tuple[Line, ...] | None:
    """The lines for a recognised request; None when it is something else."""
    if intent is Intent.END and state.last_move != "confirm_end":
        return _says(plan, state, plan.phrases.confirm_end, "confirm_end")
    response = _RESPONSES.get(intent)
    return None if response is None else response(plan, state)


def requested(plan: InterviewPlan, state: InterviewState, op: str) -> tuple[Line, ...]:
    """The lines for a button: repeat, rephrase, skip, back, hold, resume, help or end.

    Raises `Invalid` code `unknown_request` for any other.
    """
    if op not in _BUTTONS:
        raise Invalid("unknown_request", "There is no such request.")
    return () if is_closed(state) else _RESPONSES[Intent(op)](plan, state)


def _says(
    plan: InterviewPlan, state: InterviewState, variants: tuple[str, ...], move: str
) -> tuple[Line, ...]:
    text = plan.pick(variants, len(state.turns))
    return (Line(TurnKind.ACKNOWLEDGEMENT, text, None, move),)


def _repeat(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    lines = repeat(plan, state, intro=True)
    return (*lines, *opening(plan, state))


def _rephrase(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    if state.current is None:
        return _repeat(plan, state)
    phrases, occasion = plan.phrases, len(state.turns)
    core = state.prompt.rstrip()
    index = question_index(plan, state.current)
    fixed = core == plan.questions[state.current].text
    return (
        Line(TurnKind.REPHRASE, plan.pick(phrases.rephrase_intro, occasion), None, "rephrase"),
        Line(TurnKind.REPHRASE, core_of(core), index, "rephrase", fixed=fixed),
        Line(TurnKind.REPHRASE, plan.pick(phrases.rephrase_hint, occasion), None, "rephrase"),
    )


def core_of(question: str) -> str:
    """The sentence that asks, without what leads up to it."""
    sentences = question.replace("? ", "?\n").replace(". ", ".\n").splitlines()
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return asking[0] if asking else question


def _skip(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    if state.phase is Phase.WELCOME:
        return opening(plan, state)
    if state.phase is Phase.CANDIDATE_QUESTIONS or state.current in state.answered:
        return advance(plan, state)
    said = _says(plan, state, plan.phrases.skip_ok, "skip")
    return (*said, *advance(plan, state, skipped=True))


def _back(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    if state.current is None:
        return _repeat(plan, state)
    earlier = [index for index in sorted(state.asked) if index < state.current]
    if not earlier:
        first = _says(plan, state, plan.phrases.back_first, "back")
        return (*first, *repeat(plan, state))
    line = Line(TurnKind.REPEAT, plan.questions[earlier[-1]].text, earlier[-1], "back")
    return (*_says(plan, state, plan.phrases.back_ok, "back"), line)


def _hold(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    return _says(plan, state, plan.phrases.hold_on, "hold")


def _resume(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    if state.phase is Phase.WELCOME:
        return opening(plan, state)
    return _says(plan, state, plan.phrases.resume, "resume")


def _help(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    return (*_says(plan, state, plan.phrases.help, "help"), *_again(plan, state))


def _trouble(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    return (*_says(plan, state, plan.phrases.trouble, "trouble"), *_again(plan, state))


def _robot(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    text = plan.pick(plan.phrases.robot_answer, len(state.turns))
    return (Line(TurnKind.REPLY, text, None, "robot"), *_again(plan, state))


def _your_choice(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    return (*_says(plan, state, plan.phrases.your_choice, "your_choice"), *opening(plan, state))


def _filler(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    if state.phase is Phase.WELCOME:
        return opening(plan, state)
    return (Line(TurnKind.NUDGE, plan.phrases.nudges[0], None, "nudge"),)


def _again(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    """After an aside: what is still to be opened, or the open question once more."""
    return opening(plan, state) if state.phase is Phase.WELCOME else repeat(plan, state)


def _end(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    return closing(plan)


_RESPONSES: Mapping[Intent, Response] = {
    Intent.REPEAT: _repeat,
    Intent.REPHRASE: _rephrase,
    Intent.SKIP: _skip,
    Intent.BACK: _back,
    Intent.HOLD: _hold,
    Intent.RESUME: _resume,
    Intent.HELP: _help,
    Intent.END: _end,
    Intent.TROUBLE: _trouble,
    Intent.ROBOT: _robot,
    Intent.YOUR_CHOICE: _your_choice,
    Intent.FILLER: _filler,
}
_BUTTONS = frozenset({"repeat", "rephrase", "skip", "back", "hold", "resume", "help", "end"})
