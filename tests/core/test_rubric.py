from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.agent_profile import (
    AgentProfile,
    Dimension,
    Scale,
    ScoringMethod,
    ScoringRules,
    UseCase,
)
from vivavoce.core.default_profiles import DEFAULT_PROFILES
from vivavoce.core.errors import Invalid
from vivavoce.core.rubric import check_rubric, is_same_rubric


def profile(*weights: float, scoring: ScoringRules | None = None) -> AgentProfile:
    return AgentProfile(
        id="p",
        name="P",
        persona="P",
        use_case=UseCase.HIRING,
        dimensions=tuple(Dimension(f"D{n}", "", weight) for n, weight in enumerate(weights)),
        scoring=scoring or ScoringRules(),
    )


def wrong_paths(checked: AgentProfile) -> set[tuple[str, ...]]:
    with pytest.raises(Invalid) as caught:
        check_rubric(checked)
    return {issue.path for issue in caught.value.issues}


@pytest.mark.parametrize("shipped", DEFAULT_PROFILES, ids=lambda one: one.name)
def test_the_shipped_rubrics_are_sound(shipped: AgentProfile) -> None:
    check_rubric(shipped)


@given(st.lists(st.integers(1, 98), min_size=1, max_size=10).filter(lambda some: sum(some) < 100))
def test_weights_that_are_completed_to_100_are_sound_in_any_order(weights: list[int]) -> None:
    rest = 100 - sum(weights)
    check_rubric(profile(*weights, rest))
    check_rubric(profile(rest, *reversed(weights)))


@given(st.integers(1, 20))
def test_equal_shares_with_two_decimals_are_sound(count: int) -> None:
    share = round(100 / count, 2)
    check_rubric(profile(*[share] * (count - 1), round(100 - share * (count - 1), 2)))


@given(st.lists(st.integers(1, 100), min_size=1, max_size=10).filter(lambda some: sum(some) != 100))
def test_any_other_sum_is_refused(weights: list[int]) -> None:
    assert wrong_paths(profile(*weights)) == {("evaluationDimensions",)}


@pytest.mark.parametrize(
    ("scale", "gate", "sound"),
    [
        (Scale.TEN, 10, True),
        (Scale.TEN, 10.1, False),
        (Scale.FIVE, 5, True),
        (Scale.FIVE, 6, False),
        (Scale.HUNDRED, 99.5, True),
        (Scale.HUNDRED, -1, False),
    ],
)
def test_a_gate_lies_on_the_scale(scale: Scale, gate: float, sound: bool) -> None:
    gated = profile(100, scoring=ScoringRules(scale))
    gated = replace(gated, dimensions=(replace(gated.dimensions[0], pass_threshold=gate),))
    if sound:
        check_rubric(gated)
    else:
        assert wrong_paths(gated) == {("evaluationDimensions", "0", "passThreshold")}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bad = profile(50, 40, scoring=ScoringRules(method=ScoringMethod.RULE_BASED))
    twice = replace(bad.dimensions[1], name=" d0 ", anchors=("one",))
    assert wrong_paths(replace(bad, dimensions=(bad.dimensions[0], twice))) == {
        ("evaluationDimensions",),
        ("evaluationDimensions", "1", "name"),
        ("evaluationDimensions", "1", "anchors"),
        ("scoring", "recommendationLogic"),
    }


def test_a_rule_may_name_the_dimensions_that_there_are_and_no_other() -> None:
    check_rubric(profile(100, scoring=ScoringRules(recommendation_logic='"D0" >= 6')))
    unknown = profile(100, scoring=ScoringRules(recommendation_logic='"D1" >= 6'))
    assert wrong_paths(unknown) == {("scoring", "recommendationLogic")}


def test_a_rubric_is_another_when_it_rates_or_scores_otherwise() -> None:
    one = profile(60, 40)
    assert is_same_rubric(one, replace(one, name="Q", persona="Q"))
    assert not is_same_rubric(one, profile(40, 60))
    assert not is_same_rubric(one, replace(one, scoring=ScoringRules(Scale.FIVE)))
