"""A line: something the interviewer will say, with what it is for."""

from dataclasses import dataclass

from vivavoce.core.planning import InterviewPlan
from vivavoce.core.transcript import TurnKind


@dataclass(frozen=True)
class Line:
    """`move` is stored with the turn. `fixed` texts may be synthesized ahead and cached."""

    kind: TurnKind
    text: str
    question: int | None  # the plan's index, None when it is about no base question
    move: str
    fixed: bool = True


def question_index(plan: InterviewPlan, index: int) -> int | None:
    """The index that turns carry: none for the plan's own invitation to ask."""
    return None if plan.questions[index].is_invitation else index


def question_lines(plan: InterviewPlan, index: int) -> tuple[Line, ...]:
    planned = plan.questions[index]
    line = Line(TurnKind.QUESTION, planned.text, question_index(plan, index), "next")
    if not planned.alternatives:
        return (line,)
    return (line, Line(TurnKind.REPHRASE, _options(plan, index), line.question, "options"))


def _options(plan: InterviewPlan, index: int) -> str:
    intro = plan.pick(plan.phrases.options_intro, index)
    return f"{intro} {'; '.join(plan.questions[index].alternatives)}."


def fixed_texts(plan: InterviewPlan) -> tuple[str, ...]:
    """Everything known before the interview starts, in the order of likely use, each text once."""
    phrases = plan.phrases
    texts = [plan.welcome, plan.disclosure]
    texts += [line.text for i in range(len(plan.questions)) for line in question_lines(plan, i)]
    for variants in (
        phrases.noted,
        phrases.acknowledgements,
        phrases.one_moment,
        phrases.repeat_intro,
        phrases.nudges,
        phrases.hold_on,
        phrases.skip_ok,
        phrases.rephrase_intro,
        phrases.rephrase_hint,
        phrases.resume,
        phrases.pass_on,
        phrases.anything_else,
        phrases.return_to_question,
        phrases.welcome_back,
        phrases.trouble,
        phrases.robot_answer,
        phrases.back_ok,
        phrases.back_first,
        phrases.your_choice,
        phrases.help,
        phrases.confirm_end,
        phrases.mic_silent,
        phrases.pause_goodbye,
    ):
        texts += variants
    return tuple(dict.fromkeys([*texts, plan.closing]))
