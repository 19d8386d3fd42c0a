from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import ControlOp
from vivavoce.core.wishes import Wish, late_answer, owed_answers, owed_button, rests

TYPED = Wish("typed", 1_000, text="Nightly")
SKIP = Wish("skip", 1_000, ControlOp.SKIP)
END = Wish("end", 1_000, ControlOp.END)
PAUSE = Wish("pause", 1_000, ControlOp.PAUSE)


def said(start_ms: int, *, interrupted: bool = False, wish: str | None = None) -> Turn:
    times = (start_ms, start_ms + 500)
    kind = TurnKind.ANSWER
    return Turn(1, Speaker.CANDIDATE, kind, "Nightly", *times, interrupted=interrupted, wish=wish)


def spoken(wish: str | None, *, interrupted: bool = False) -> Turn:
    times = (1_000, 2_000)
    return Turn(
        1,
        Speaker.INTERVIEWER,
        TurnKind.CLOSING,
        "Goodbye",
        *times,
        interrupted=interrupted,
        wish=wish,
    )


def test_only_a_pause_that_nothing_followed_is_one() -> None:
    assert not rests(())
    assert rests((TYPED, PAUSE))
    assert not rests((PAUSE, TYPED))


def test_typed_answers_are_owed_in_their_order_until_they_are_turns() -> None:
    later = Wish("later", 2_000, text="And on Sundays")
    assert owed_answers((TYPED, SKIP, later), ()) == (TYPED, later)
    assert owed_answers((TYPED, SKIP, later), (said(0, wish="typed"),)) == (later,)


def test_a_button_is_owed_until_its_last_line_was_spoken() -> None:
    assert owed_button((SKIP,), (said(0), spoken(None))) is SKIP
    assert owed_button((SKIP,), (spoken("skip", interrupted=True),)) is None


def test_a_closing_line_that_broke_off_leaves_the_end_owed() -> None:
    assert owed_button((END,), (spoken("end", interrupted=True),)) is END
    assert owed_button((END,), (spoken("end"),)) is None


def test_whoever_speaks_up_after_a_button_has_gone_on() -> None:
    assert owed_button((SKIP,), (said(999),)) is SKIP  # was said before, and written down later
    assert owed_button((SKIP,), (said(1_000, interrupted=True),)) is SKIP
    assert owed_button((SKIP,), (said(1_000, wish="typed"),)) is SKIP
    assert owed_button((SKIP,), (said(1_000),)) is None


def test_a_later_wish_takes_the_place_of_a_button_but_a_typed_answer_not_that_of_the_end() -> None:
    assert owed_button((SKIP, TYPED), ()) is None
    assert owed_button((END, TYPED), ()) is END
    assert owed_button((END, SKIP), ()) is SKIP
    assert owed_button((END, PAUSE), ()) is None


def test_a_late_answer_belongs_to_the_question_that_was_asked_last() -> None:
    asked = Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, "How often?", 0, 900, 2)
    answer = late_answer(TYPED, (asked,))
    assert (answer.number, answer.question, answer.kind) == (2, 2, TurnKind.ANSWER)
    assert late_answer(TYPED, ()).kind is TurnKind.ASIDE
