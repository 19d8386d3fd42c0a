from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.retrying import RetryRules, wait_before_retry

RULES = RetryRules(attempts=3, budget_seconds=1.5, first_wait_seconds=0.05)
CHANCE = st.floats(0, 1)


@given(CHANCE)
def test_waits_double_and_are_spread_over_half_of_their_length(chance: float) -> None:
    first = wait_before_retry(RULES, 1, 0.0, chance)
    second = wait_before_retry(RULES, 2, 0.0, chance)
    assert first is not None
    assert second == 2 * first
    assert 0.025 <= first <= 0.05


def test_attempts_are_counted() -> None:
    assert wait_before_retry(RULES, 3, 0.0, 0.0) is None


@given(st.integers(1, 2), st.floats(0, 10), CHANCE, st.none() | st.floats(0, 100))
def test_no_attempt_begins_after_the_budget(
    attempt: int, spent: float, chance: float, told: float | None
) -> None:
    wait = wait_before_retry(RULES, attempt, spent, chance, told)
    assert wait is None or spent + wait <= RULES.budget_seconds
    assert wait is None or told is None or wait >= told


def test_a_server_that_told_to_wait_longer_than_anybody_does_is_not_asked_again() -> None:
    assert wait_before_retry(RULES, 1, 0.0, 0.5, told_seconds=30.0) is None
    assert wait_before_retry(RULES, 1, 0.0, 0.5, told_seconds=1.0) == 1.0
