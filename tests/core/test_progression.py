from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.agent_profile import Scale
from vivavoce.core.progression import (
    Step,
    attempts_used,
    has_gone_beyond,
    invites,
    may_try,
    next_stage,
    passes,
    step_after_approval,
    step_after_score,
)
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import ApplicationStatus, AutomationRule, Channel, Session, Stage
from vivavoce.core.session_lifecycle import SessionStatus

AT = datetime(2026, 6, 2, 7, 48, 31, tzinfo=UTC)
STAGE = Stage("s0", "t", "Screen", "screen", "profile")
CARD = Scorecard(8.0, True, "hire", 1.0, "", ())

rules = st.sampled_from(AutomationRule)
applications = st.sampled_from(ApplicationStatus)
verdicts = st.sampled_from([True, False, None])
sessions = st.lists(
    st.builds(
        lambda status, stage_id: Session(
            "x", "o", "t", "p", "en", Channel.WEB, 1, AT, status=status, stage_id=stage_id
        ),
        st.sampled_from(SessionStatus),
        st.sampled_from(["s0", "s1", "s2", None]),
    ),
    max_size=8,
).map(tuple)


def stages(*orders: int) -> tuple[Stage, ...]:
    return tuple(replace(STAGE, id=f"s{order}", order=order) for order in orders)


@given(rules, applications)
def test_who_does_not_pass_stays_whatever_the_rule(
    rule: AutomationRule, application: ApplicationStatus
) -> None:
    stage = replace(STAGE, automation_rule=rule)

    assert step_after_score(stage, passed=False, application=application) is Step.STAY


@given(rules, st.booleans())
def test_nobody_who_is_out_is_moved_by_a_machine(rule: AutomationRule, passed: bool) -> None:
    stage = replace(STAGE, automation_rule=rule)
    for status in (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN):
        assert step_after_score(stage, passed=passed, application=status) is Step.STAY


@pytest.mark.parametrize(
    ("rule", "step"),
    [
        (AutomationRule.NONE, Step.STAY),
        (AutomationRule.AUTO_ADVANCE, Step.ADVANCE),
        (AutomationRule.REQUIRE_REVIEWER_APPROVAL, Step.AWAIT_APPROVAL),
    ],
)
def test_who_passes_is_moved_as_the_rule_says(rule: AutomationRule, step: Step) -> None:
    stage = replace(STAGE, automation_rule=rule)
    done = ApplicationStatus.COMPLETED

    assert step_after_score(stage, passed=True, application=done) is step


@given(rules, verdicts, applications, st.booleans())
def test_only_a_person_ever_refuses(
    rule: AutomationRule, verdict: bool | None, application: ApplicationStatus, passed: bool
) -> None:
    stage, card = replace(STAGE, automation_rule=rule), replace(CARD, passed=verdict)
    steps = {
        step_after_score(stage, passed=passed, application=application),
        step_after_approval(stage, card),
    }

    assert steps <= {Step.STAY, Step.ADVANCE, Step.AWAIT_APPROVAL}


@given(rules, verdicts)
def test_an_approval_moves_only_where_it_is_waited_for_and_never_against_the_score(
    rule: AutomationRule, verdict: bool | None
) -> None:
    stage, card = replace(STAGE, automation_rule=rule), replace(CARD, passed=verdict)
    moved = step_after_approval(stage, card) is Step.ADVANCE

    waited = rule is AutomationRule.REQUIRE_REVIEWER_APPROVAL
    assert moved == (waited and verdict is not False)
    assert step_after_approval(stage, None) is Step.STAY


@given(st.floats(0, 10), st.floats(0, 100), st.sampled_from(Scale))
def test_a_stage_is_passed_from_its_bar_on_whatever_the_scale(
    tenths: float, bar: float, scale: Scale
) -> None:
    top = {Scale.TEN: 10, Scale.FIVE: 5, Scale.HUNDRED: 100}[scale]
    score = tenths / 10 * top
    stage, card = replace(STAGE, pass_threshold=bar), replace(CARD, score=score)

    assert passes(stage, card, scale) == (score * 100 >= bar * top)
    assert not passes(stage, replace(card, passed=False), scale)
    assert not passes(stage, replace(card, passed=None), scale)


def test_without_a_bar_of_its_own_the_verdict_decides() -> None:
    assert passes(STAGE, CARD, Scale.TEN)
    assert not passes(STAGE, replace(CARD, passed=None, score=None), Scale.TEN)
    assert not passes(replace(STAGE, pass_threshold=0), replace(CARD, score=None), Scale.TEN)


@given(st.permutations([0, 1, 3, 7]), st.sampled_from([0, 1, 3, 7]))
def test_the_next_stage_is_the_nearest_later_one(orders: list[int], current: int) -> None:
    all_stages = stages(*orders)
    here = next(stage for stage in all_stages if stage.order == current)
    following = next_stage(all_stages, here)

    later = sorted(order for order in orders if order > current)
    assert (following.order if following else None) == (later[0] if later else None)


@given(sessions, st.integers(1, 5))
def test_what_failed_or_was_cancelled_is_no_attempt(
    held: tuple[Session, ...], attempts: int
) -> None:
    technical = replace(
        held[0] if held else Session("x", "o", "t", "p", "en", Channel.WEB, 1, AT),
        stage_id="s0",
        status=SessionStatus.FAILED,
    )
    more = (*held, technical, replace(technical, status=SessionStatus.CANCELLED))

    assert attempts_used(more, "s0") == attempts_used(held, "s0")
    assert may_try(STAGE, more, attempts) == may_try(STAGE, held, attempts)


@given(sessions, st.integers(1, 5))
def test_attempts_are_counted_for_each_stage_and_a_retake_needs_none(
    held: tuple[Session, ...], attempts: int
) -> None:
    used = attempts_used(held, "s0")

    assert may_try(STAGE, held, attempts) == (used < attempts)
    assert may_try(replace(STAGE, allow_retake=True), held, attempts)
    assert sum(attempts_used(held, stage_id) for stage_id in ("s0", "s1", "s2", None)) == sum(
        session.status is SessionStatus.COMPLETED for session in held
    )


@given(sessions)
def test_nobody_who_has_gone_beyond_a_stage_is_sent_on_from_it_again(
    held: tuple[Session, ...],
) -> None:
    all_stages = stages(0, 1, 2)
    alive = {SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED}
    expected = any(one.stage_id in {"s1", "s2"} and one.status in alive for one in held)

    assert has_gone_beyond(held, all_stages, all_stages[0]) == expected
    assert not has_gone_beyond(held, all_stages, all_stages[2])


def test_where_people_decide_alone_nobody_is_invited() -> None:
    assert not invites(replace(STAGE, stage_type="manual_review"))
    assert not invites(replace(STAGE, stage_type="final_review"))
    assert invites(replace(STAGE, stage_type="async_assessment"))
