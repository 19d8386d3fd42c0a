"""The breaker as a machine: any order of calls, probes, outcomes and time."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from vivavoce.core.circuit_breaker import BreakerRules, Circuit, CircuitBreaker, Permit

RULES = BreakerRules(failures=2, rest_seconds=5.0, longest_rest_seconds=20.0)


def asked(breaker: CircuitBreaker) -> Permit:
    permit = breaker.permit()
    assert permit is not None
    return permit


def opened() -> CircuitBreaker:
    breaker = CircuitBreaker(RULES)
    for _ in range(RULES.failures):
        breaker.failed(asked(breaker), 0.0)
    return breaker


def probed(breaker: CircuitBreaker, now: float) -> Permit:
    permit = breaker.probe(now)
    assert permit is not None
    return permit


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not_let_it() -> None:
    breaker = CircuitBreaker(RULES)
    breaker.failed(asked(breaker), 0.0)
    breaker.succeeded(asked(breaker))
    breaker.failed(asked(breaker), 1.0)
    breaker.failed(asked(breaker), 2.0)
    assert breaker.permit() is None
    assert breaker.circuit is Circuit.OPEN


def test_a_probe_is_due_after_the_rest_and_there_is_one_at_a_time() -> None:
    breaker = opened()
    assert breaker.probe(4.9) is None
    probed(breaker, 5.0)
    assert breaker.circuit is Circuit.HALF_OPEN
    assert breaker.probe(100.0) is None
    assert breaker.permit() is None


def test_a_good_probe_closes_it() -> None:
    breaker = opened()
    breaker.succeeded(probed(breaker, 5.0))
    assert breaker.circuit is Circuit.CLOSED


def test_each_bad_probe_lets_the_server_rest_longer_up_to_a_limit() -> None:
    breaker, now, rests = opened(), 5.0, []
    for _ in range(4):
        breaker.failed(probed(breaker, now), now)
        rest = next(s for s in range(1, 100) if _due(breaker, now + s))
        rests.append(rest)
        now += rest
    assert rests == [10, 20, 20, 20]


def _due(breaker: CircuitBreaker, now: float) -> bool:
    permit = breaker.probe(now)
    if permit is not None:
        breaker.abandoned(permit)
    return permit is not None


def test_a_good_probe_makes_the_next_rest_short_again() -> None:
    breaker = opened()
    breaker.failed(probed(breaker, 5.0), 5.0)
    breaker.succeeded(probed(breaker, 15.0))
    for _ in range(RULES.failures):
        breaker.failed(asked(breaker), 20.0)
    assert not _due(breaker, 24.9)
    assert _due(breaker, 25.0)


def test_one_failure_that_made_somebody_wait_is_enough() -> None:
    breaker = CircuitBreaker(RULES)
    breaker.failed(asked(breaker), 1.0, at_once=True)
    assert breaker.circuit is Circuit.OPEN
    assert breaker.rest_left(2.0) == RULES.rest_seconds - 1.0


def test_a_rest_is_told_only_while_a_probe_is_to_come() -> None:
    breaker = CircuitBreaker(RULES)
    assert breaker.rest_left(0.0) is None
    breaker = opened()
    assert breaker.rest_left(9.0) == 0.0
    probed(breaker, 9.0)
    assert breaker.rest_left(9.0) is None


def test_an_abandoned_probe_may_be_followed_by_another() -> None:
    breaker = opened()
    breaker.abandoned(probed(breaker, 5.0))
    assert breaker.circuit is Circuit.OPEN
    probed(breaker, 5.0)


@pytest.mark.parametrize("late", ["succeeded", "failed"])
def test_an_outcome_that_outlived_its_state_changes_nothing(late: str) -> None:
    breaker = CircuitBreaker(RULES)
    old = asked(breaker)
    breaker.failed(asked(breaker), 0.0)
    breaker.failed(asked(breaker), 0.0)
    if late == "succeeded":
        breaker.succeeded(old)
    else:
        breaker.failed(old, 3.0)
    assert breaker.circuit is Circuit.OPEN
    assert _due(breaker, 5.0)


class AnyHistory(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.breaker = CircuitBreaker(RULES)
        self.now = 0.0
        self.calls: list[Permit] = []
        self.probes: list[Permit] = []
        self.opened_at = 0.0

    @rule(seconds=st.floats(0, 30))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def call(self) -> None:
        permit = self.breaker.permit()
        assert (permit is not None) is (self.breaker.circuit is Circuit.CLOSED)
        if permit is not None:
            self.calls.append(permit)

    @rule()
    def probe(self) -> None:
        before = self.breaker.circuit
        permit = self.breaker.probe(self.now)
        if permit is not None:
            assert before is Circuit.OPEN
            assert self.now - self.opened_at >= RULES.rest_seconds
            self.probes.append(permit)

    @precondition(lambda self: self.calls or self.probes)
    @rule(data=st.data(), outcome=st.sampled_from(["succeeded", "failed", "abandoned"]))
    def hear(self, data: st.DataObject, outcome: str) -> None:
        permit = data.draw(st.sampled_from([*self.calls, *self.probes]))
        was_probe = self.breaker.circuit is Circuit.HALF_OPEN and permit == self.probes[-1]
        before = self.breaker.circuit
        if outcome == "failed":
            self.breaker.failed(permit, self.now)
        elif outcome == "succeeded":
            self.breaker.succeeded(permit)
        else:
            self.breaker.abandoned(permit)
        after = self.breaker.circuit
        if after is Circuit.OPEN and before is not Circuit.OPEN and outcome == "failed":
            self.opened_at = self.now
        if before is not Circuit.CLOSED and after is Circuit.CLOSED:
            assert was_probe
            assert outcome == "succeeded"

    @invariant()
    def never_stuck(self) -> None:
        """However it got here, a server that is well again is used again."""
        if self.breaker.circuit is Circuit.OPEN:
            due = self.breaker.probe(self.now + RULES.longest_rest_seconds)
            assert due is not None
            self.breaker.abandoned(due)


TestAnyHistory = AnyHistory.TestCase
