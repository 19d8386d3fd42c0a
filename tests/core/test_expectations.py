from vivavoce.core.expectations import (
    Standing,
    expectation_grammar,
    held_against,
    read_expectations,
)
from vivavoce.core.planning import PlannedQuestion
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.services.phrasebooks import phrasebook

PUMP = PlannedQuestion("q1", "Which pump broke?", 1, 0, ("found the cause", "wrote a report"))
TEAM = PlannedQuestion("q2", "Whom did you tell?", 1, 0, ("told the shift lead",))
CHAT = PlannedQuestion("q3", "How was your way?", 0, 0, ("a friendly word",), scored=False)
SAID = "I found the cause in the seal of the old pump."
ANSWER = Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, SAID, 0, 5000, 0)


def card(level: int | None) -> Scorecard:
    quote = Citation(2, "found the cause in the seal", 100, 900)
    rated = DimensionResult("Care", 100, level, None, "", (quote,))
    return Scorecard(None, None, "needs_human_review", 0.0, "", (rated,))


def standings(level: int | None, *turns: Turn) -> dict[str, Standing | None]:
    found = held_against((PUMP, TEAM, CHAT), turns, card(level), phrasebook("en"))
    return {result.expectation: result.standing for result in found}


def test_an_expectation_stands_as_the_evidence_for_it_is_rated() -> None:
    assert standings(4, ANSWER)["found the cause"] is Standing.CONFIRMED
    assert standings(2, ANSWER)["found the cause"] is Standing.REJECTED


def test_what_nobody_spoke_of_was_not_discussed() -> None:
    found = standings(4, ANSWER)
    assert found["wrote a report"] is Standing.NOT_DISCUSSED
    assert found["told the shift lead"] is Standing.NOT_DISCUSSED


def test_an_answer_to_another_question_does_not_count() -> None:
    elsewhere = Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, SAID, 0, 5000, 1)
    assert standings(5, elsewhere)["found the cause"] is Standing.NOT_DISCUSSED


def test_what_was_discussed_and_not_rated_is_left_to_a_person() -> None:
    assert standings(None, ANSWER)["found the cause"] is None


def test_questions_that_do_not_count_are_left_out() -> None:
    assert "a friendly word" not in standings(4, ANSWER)


def test_a_reply_is_read_line_by_line() -> None:
    reply = "E: plans ahead; asks back\nnoise\nE: ;\nE: one; two; three; four\nE: more"
    assert read_expectations(reply, 2) == (("plans ahead", "asks back"), ("one", "two", "three"))
    assert '"\\n" line){1}' in expectation_grammar(2)
