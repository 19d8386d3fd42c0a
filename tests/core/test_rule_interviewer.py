from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.rule_interviewer import propose
from vivavoce.core.situation import Move, Situation, split_reply
from vivavoce.core.transcript import Speaker, Turn, TurnKind

from tests.core.interviews import ENGLISH

RICH = (
    "When I was at my last company I noticed that deliveries were late, because nobody owned the"
    " list. So I decided to keep it myself, called every driver each morning, and in the end we"
    " reduced delays by 30 percent within two months."
)
SITUATION = Situation(
    language="en",
    persona="calm",
    tone="friendly",
    style="structured",
    difficulty="medium",
    context="",
    question="How do you plan your week?",
    expectations=(),
    turns=(Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, "How do you plan your week?", 0, 1, 0),),
    answer=RICH,
    follow_ups_left=2,
    allowed=frozenset({Move.PROBE, Move.CLARIFY, Move.NEXT}),
    facts=(),
)


def variants_of(text: str) -> str:
    _, said = split_reply(text)
    return next((kind for kind, texts in ENGLISH.follow_ups if said in texts), "")


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("How do you plan your week?", "With a list.", "short_answer"),
        (
            "Tell me about a time when you led a team.",
            "I always lead calmly and I believe that good leadership means listening to everybody.",
            "example",
        ),
        (
            "How many people did you lead?",
            "I led quite a few people at the depot, because the manager trusted me with them.",
            "number",
        ),
        (
            "How do you plan your week?",
            "We sit down and we look at our orders, and then our team picks what we do first.",
            "own_role",
        ),
        (
            "How do you plan your week?",
            "I remember I kept a list at my desk and I called my colleagues with it every morning.",
            "result",
        ),
        (
            "How do you plan your week?",
            "I keep a long list on my desk and I go through it with my colleagues every morning.",
            "example",
        ),
    ],
)
def test_the_follow_up_asks_for_what_the_answer_lacks(
    question: str, answer: str, kind: str
) -> None:
    reply = propose(replace(SITUATION, question=question, answer=answer), ENGLISH)
    assert variants_of(reply) == kind


def test_a_rich_answer_is_enough() -> None:
    assert propose(SITUATION, ENGLISH) == "NEXT:"


def test_a_hard_interview_challenges_a_rich_answer() -> None:
    reply = propose(replace(SITUATION, difficulty="hard"), ENGLISH)
    assert variants_of(reply) == "challenge"


def test_an_untouched_short_expectation_is_named() -> None:
    long_one = "The candidate should have mentioned budgets and their owners"
    wanted = replace(SITUATION, expectations=(long_one, "setting priorities."))
    assert "setting priorities" in propose(wanted, ENGLISH)
    assert propose(replace(SITUATION, expectations=(long_one,)), ENGLISH) == "NEXT:"
    touched = replace(SITUATION, expectations=("fewer delays",))
    assert propose(touched, ENGLISH) == "NEXT:"


def test_nobody_is_pressed_who_does_not_know() -> None:
    assert propose(replace(SITUATION, answer="Honestly, I don't know."), ENGLISH) == "NEXT:"


def test_the_same_kind_of_question_is_not_asked_twice_about_one_question() -> None:
    short = replace(SITUATION, answer="With a list.")
    first = split_reply(propose(short, ENGLISH))[1]
    follow_up = Turn(3, Speaker.INTERVIEWER, TurnKind.FOLLOW_UP, first, 4, 5, 0)
    answer = Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, "With a list.", 2, 3, 0)
    again = replace(short, turns=(*short.turns, answer, follow_up), answer="On paper.")
    assert variants_of(propose(again, ENGLISH)) == "example"


def test_earlier_answers_to_the_question_count() -> None:
    answer = Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, RICH, 2, 3, 0)
    more = replace(SITUATION, turns=(*SITUATION.turns, answer), answer="That was all, really.")
    assert propose(more, ENGLISH) == "NEXT:"


def test_without_budget_it_moves_on() -> None:
    assert propose(replace(SITUATION, follow_ups_left=0, answer="A list."), ENGLISH) == "NEXT:"
    assert propose(replace(SITUATION, allowed=frozenset({Move.NEXT})), ENGLISH) == "NEXT:"


def test_a_candidates_question_gets_a_fact_word_for_word_or_nothing() -> None:
    asked = replace(
        SITUATION,
        allowed=frozenset({Move.ANSWER}),
        answer="How big is the team?",
        facts=("The office is in the harbour.", "The team has nine people."),
    )
    assert propose(asked, ENGLISH) == "ANSWER: The team has nine people."
    assert propose(replace(asked, answer="What is the salary?"), ENGLISH) == "ANSWER:"
    assert propose(replace(asked, facts=()), ENGLISH) == "ANSWER:"


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(("easy", "medium", "hard")))
def test_it_only_ever_says_fixed_questions(answer: str, difficulty: str) -> None:
    situation = replace(SITUATION, answer=answer, difficulty=difficulty)
    move, text = split_reply(propose(situation, ENGLISH))
    assert move in situation.allowed
    assert not text or text in {t for _, texts in ENGLISH.follow_ups for t in texts}
    assert propose(situation, ENGLISH) == propose(situation, ENGLISH)
