"""First come, first served, among those who are still there."""

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.waiting_line import (
    GONE_SECONDS,
    INVITED_SECONDS,
    LONGEST_LINE,
    PRESENT_SECONDS,
    Standing,
    WaitingLine,
    expected_wait_seconds,
)


def asked(line: WaitingLine, name: str, now: float, free: int = 0) -> Standing:
    standing = line.ask(name, now, free)
    assert standing is not None
    return standing


def test_everybody_learns_their_place() -> None:
    line = WaitingLine()
    assert asked(line, "a", 0) == Standing(1, 1)
    assert asked(line, "b", 1) == Standing(2, 2)
    assert asked(line, "a", 2) == Standing(1, 2), "asking again moves nobody"


def test_the_first_is_invited_when_a_place_is_free_and_nobody_may_overtake() -> None:
    line = WaitingLine()
    asked(line, "a", 0)
    asked(line, "b", 0)
    assert asked(line, "a", 5, free=1).invited_seconds == INVITED_SECONDS
    assert not asked(line, "b", 5, free=1).may_enter
    assert not line.admits("stranger", 5, free=1)
    assert not line.admits("b", 5, free=1)
    assert line.admits("a", 5, free=1)


def test_who_asks_when_nobody_waits_comes_in_at_once() -> None:
    line = WaitingLine()
    assert line.admits("a", 0, free=1)
    assert not line.admits("a", 0, free=0)


def test_a_sleeping_page_is_passed_by_and_keeps_its_place() -> None:
    line = WaitingLine()
    asked(line, "a", 0)
    asked(line, "b", 0)
    late = PRESENT_SECONDS + 1
    assert asked(line, "b", late, free=1).may_enter
    assert asked(line, "a", late + 1, free=2) == Standing(1, 2, INVITED_SECONDS)


def test_a_page_that_is_gone_loses_its_place() -> None:
    line = WaitingLine()
    asked(line, "a", 0)
    asked(line, "b", GONE_SECONDS + 1)
    assert asked(line, "b", GONE_SECONDS + 2) == Standing(1, 1)


def test_who_does_not_come_in_goes_to_the_end_and_is_told_so() -> None:
    line = WaitingLine()
    asked(line, "a", 0, free=1)
    asked(line, "b", 1, free=1)
    now = INVITED_SECONDS + 1
    assert asked(line, "b", now, free=1).may_enter
    assert asked(line, "a", now, free=1) == Standing(2, 2, None, passed_over=True)
    line.leave("b")
    assert asked(line, "a", now + 1, free=1).may_enter


def test_an_invitation_ends_when_its_place_is_gone() -> None:
    line = WaitingLine()
    assert asked(line, "a", 0, free=1).may_enter
    assert not line.admits("a", 1, free=0)
    assert asked(line, "a", 2, free=0) == Standing(1, 1)


def test_the_line_has_an_end() -> None:
    line = WaitingLine()
    for number in range(LONGEST_LINE):
        line.ask(str(number), 0, 0)
    assert line.ask("one more", 0, 0) is None
    assert asked(line, "7", 0).position == 8


steps = st.lists(
    st.tuples(st.sampled_from("abcde"), st.floats(0, 40), st.integers(0, 3)), max_size=40
)


@given(steps)
def test_never_are_more_let_in_than_there_are_places(
    history: list[tuple[str, float, int]],
) -> None:
    line, now = WaitingLine(), 0.0
    for name, passed, free in history:
        now += passed
        here = asked(line, name, now, free)
        assert 1 <= here.position <= here.of <= 5
        standings = [asked(line, each, now, free) for each in "abcde" if each in line]
        assert sum(standing.may_enter for standing in standings) <= free
        assert line.admits("stranger", now, free) == (free > len(standings))


def test_the_wait_is_as_long_as_the_interviews_before_it() -> None:
    left = [600.0, 60.0]
    assert [expected_wait_seconds(n, left, 1200.0) for n in (1, 2, 3, 4)] == [
        60.0,
        600.0,
        1260.0,
        1800.0,
    ]


@given(st.integers(1, 30), st.lists(st.floats(0, 3000), min_size=1, max_size=6))
def test_nobody_is_told_to_wait_less_than_who_stands_before_them(
    position: int, left: list[float]
) -> None:
    earlier = expected_wait_seconds(position, left, 1200.0)
    assert earlier <= expected_wait_seconds(position + 1, left, 1200.0)
