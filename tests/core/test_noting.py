"""What is acknowledged before the last words of an answer are known, and what is not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import vivavoce
from vivavoce.core.interview_plan import InterviewPlan, InterviewState, decide, replay
from vivavoce.core.lines import Line
from vivavoce.core.noting import LONGEST_UNHEARD_MS, note
from vivavoce.core.transcript import Speaker, Turn, TurnKind

from tests.conversation.rehearsal import plan_of

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())
QUESTION = "What did you build last year?"
ANSWER = "I rebuilt the whole billing system"


def turn(number: int, kind: TurnKind, text: str, move: str) -> Turn:
    return Turn(number, Speaker.INTERVIEWER, kind, text, 0, 0, 0, move)


def asked(plan: InterviewPlan, *acknowledged: str) -> InterviewState:
    turns = [
        turn(1, TurnKind.WELCOME, plan.welcome, "welcome"),
        turn(2, TurnKind.WELCOME, plan.disclosure, "disclosure"),
        *(turn(3, TurnKind.ACKNOWLEDGEMENT, text, "acknowledge") for text in acknowledged),
        turn(4, TurnKind.QUESTION, QUESTION, "next"),
    ]
    return replay(plan, turns)


def noted(heard: str, *acknowledged: str, unheard_ms: int = 700) -> Line | None:
    plan = plan_of(QUESTION, "Why do you want to join us?", phrases=PHRASES)
    state = asked(plan, *acknowledged)
    return note(plan, state, heard, unheard_ms, decide(plan, state, heard, 0))


def test_an_answer_under_way_is_noted() -> None:
    line = noted(ANSWER)

    assert line is not None
    assert line.text in PHRASES["noted"]
    assert line.move == "acknowledge"


@pytest.mark.parametrize(
    "heard",
    [
        "",
        "um",
        "I rebuilt the",  # whatever may follow
        "Could you repeat the question please",
        "I do not understand the question, can you rephrase it",
        "I would like to skip this question",
        "let me think about that for a moment",
        "What is the salary that you pay for this job?",
    ],
)
def test_what_may_be_no_answer_is_not_noted(heard: str) -> None:
    assert noted(heard) is None


def test_nothing_is_noted_when_too_much_is_still_unheard() -> None:
    assert noted(ANSWER, unheard_ms=LONGEST_UNHEARD_MS + 1) is None


@pytest.mark.parametrize("said", PHRASES["noted"])
def test_the_same_is_never_noted_twice_in_a_row(said: str) -> None:
    line = noted(ANSWER, said)

    assert line is not None
    assert line.text != said


def test_what_is_noted_thanks_for_nothing_and_is_spoken_ahead_anyway() -> None:
    assert set(PHRASES["noted"]) <= set(PHRASES["acknowledgements"])
    assert not any("thank" in text.lower() for text in PHRASES["noted"])


def test_with_the_follow_ups_used_up_the_next_question_is_led_as_well() -> None:
    plan = plan_of(QUESTION, "Why do you want to join us?", phrases=PHRASES)
    questions = tuple(replace(planned, follow_ups=0) for planned in plan.questions)
    plan = replace(plan, questions=questions)
    state = asked(plan)

    assert note(plan, state, ANSWER, 0, decide(plan, state, ANSWER, 0)) is not None
