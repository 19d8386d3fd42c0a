from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.outside_turns import arranged
from vivavoce.core.transcript import AgentNotes, Speaker, Turn, TurnKind

QUESTIONS = ("What did you build last?", "How do you find the cause of a fault?")


def turn(number: int, speaker: Speaker, text: str, *, awaits: bool = False) -> Turn:
    return Turn(number, speaker, TurnKind.ASIDE, text, 0, 0, notes=AgentNotes(None, awaits))


@st.composite
def dialogues(draw: st.DrawFn) -> list[Turn]:
    lines = st.tuples(
        st.sampled_from(Speaker),
        st.sampled_from([*QUESTIONS, "what did you build last", "Why?", ""]),
        st.booleans(),
    )
    said = draw(st.lists(lines, max_size=12))
    return [turn(n, who, text, awaits=awaits) for n, (who, text, awaits) in enumerate(said, 1)]


@given(dialogues())
def test_only_kind_and_question_are_decided(turns: list[Turn]) -> None:
    placed = arranged(turns, QUESTIONS)
    bare = [replace(each, kind=TurnKind.ASIDE, question=None) for each in placed]
    assert bare == turns


@given(dialogues(), st.integers(0, 12))
def test_what_comes_later_changes_nothing_before(turns: list[Turn], length: int) -> None:
    assert arranged(turns, QUESTIONS)[:length] == arranged(turns[:length], QUESTIONS)


@given(dialogues())
def test_arranging_again_changes_nothing(turns: list[Turn]) -> None:
    placed = arranged(turns, QUESTIONS)
    assert arranged(placed, QUESTIONS) == placed


@given(dialogues())
def test_an_answer_belongs_to_the_prepared_question_before_it(turns: list[Turn]) -> None:
    current = None
    for each in arranged(turns, QUESTIONS):
        if each.speaker is Speaker.CANDIDATE:
            assert (each.kind, each.question) == (TurnKind.ANSWER, current)
        elif each.kind is TurnKind.QUESTION and each.question != current:
            current = each.question
        assert each.question == current


def test_a_candidate_who_repeats_the_question_has_not_asked_it() -> None:
    placed = arranged([turn(1, Speaker.CANDIDATE, QUESTIONS[1])], QUESTIONS)
    assert (placed[0].kind, placed[0].question) == (TurnKind.ANSWER, None)
