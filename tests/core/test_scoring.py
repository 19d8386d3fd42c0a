from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.agent_profile import AgentProfile, Scale, ScoringMethod, ScoringRules
from vivavoce.core.feedback import collected, rated_feedback
from vivavoce.core.scorecard import Citation, DimensionResult
from vivavoce.core.scoring import (
    NEEDS_HUMAN_REVIEW,
    Rating,
    coverage,
    dimension_result,
    judge,
    level_score,
    median_level,
    outcome_labels,
    overall_score,
    spread,
)
from vivavoce.core.template import SuccessOutcome

from tests.core.interviews import DIMENSIONS, profile, template

QUOTE = Citation(4, "I kept the list myself", 0, 900)


def result(
    number: int, level: int | None, scale: Scale = Scale.TEN, spread: int = 0
) -> DimensionResult:
    dimension = DIMENSIONS[number]
    levels = (None,) if level is None else (level, level, level + spread)
    rating = Rating(dimension, levels, (QUOTE,) if level else (), "It shows in the list.")
    return dimension_result(rating, scale)


def ruled(**changes: object) -> AgentProfile:
    return replace(profile(), scoring=ScoringRules(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "scale", "score"),
    [(1, Scale.TEN, 0.0), (5, Scale.TEN, 10.0), (4, Scale.FIVE, 3.75), (3, Scale.HUNDRED, 50.0)],
)
def test_levels_map_linearly_to_the_scale(level: int, scale: Scale, score: float) -> None:
    assert level_score(level, scale) == score


@given(st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=1, max_size=7))
def test_the_median_is_one_of_the_levels_and_needs_a_majority(levels: list[int | None]) -> None:
    observed = [level for level in levels if level is not None]
    level = median_level(levels)
    assert (level is not None) == (2 * len(observed) > len(levels))
    assert level is None or level in observed
    assert 0 <= spread(levels) <= 4


def test_no_verified_quote_means_no_level() -> None:
    bare = dimension_result(Rating(DIMENSIONS[0], (5, 5, 1), (), ""), Scale.TEN)
    assert (bare.level, bare.score, bare.spread) == (None, None, 0)


levels = st.one_of(st.none(), st.integers(1, 5))


@given(levels, levels)
def test_a_missing_dimension_is_never_counted_as_zero(one: int | None, two: int | None) -> None:
    results = (result(0, one), result(1, two))
    seen = [r for r in results if r.score is not None]
    score = overall_score(results)
    assert (score is None) == (not seen)
    if len(seen) == 1:
        assert score == pytest.approx(seen[0].score)
    assert coverage(results) == pytest.approx(sum(r.weight for r in seen) / 100)


def test_the_weighted_mean_passes_the_bar_of_the_template() -> None:
    verdict = judge((result(0, 4), result(1, 5)), profile(), template())
    assert (verdict.score, verdict.passed, verdict.recommendation) == (8.5, True, "hire")
    assert verdict.reasons == ()
    verdict = judge((result(0, 3), result(1, 4)), profile(), template())
    assert (verdict.passed, verdict.recommendation) == (False, "no_hire")


def test_the_bar_moves_with_the_scale() -> None:
    results = (result(0, 4, Scale.FIVE), result(1, 4, Scale.FIVE))
    verdict = judge(results, ruled(scale=Scale.FIVE), template())
    assert (verdict.score, verdict.passed) == (3.75, True)


def test_a_dimension_below_its_gate_fails_whatever_the_mean_is() -> None:
    gated = replace(
        profile(), dimensions=(replace(DIMENSIONS[0], pass_threshold=6.0), DIMENSIONS[1])
    )
    assert judge((result(0, 3), result(1, 5)), gated, template(pass_threshold=1.0)).passed is False
    assert judge((result(0, 4), result(1, 5)), gated, template()).passed is True


def test_an_unseen_gate_leaves_the_verdict_to_people() -> None:
    gated = replace(
        profile(), dimensions=(DIMENSIONS[0], replace(DIMENSIONS[1], pass_threshold=6.0))
    )
    verdict = judge((result(0, 5), result(1, None)), gated, template())
    assert verdict.reasons == ("not_enough_observed",)
    assert verdict.recommendation == NEEDS_HUMAN_REVIEW


@pytest.mark.parametrize(
    ("results", "doubts", "reason"),
    [
        ((result(0, 3, spread=2), result(1, 4)), (), "ratings_disagree"),
        ((result(0, None), result(1, 4)), (), "low_coverage"),
        ((result(0, 4), result(1, 4)), ("low_transcription_confidence",), "low_transcription"),
    ],
)
def test_doubt_abstains(
    results: tuple[DimensionResult, ...], doubts: tuple[str, ...], reason: str
) -> None:
    verdict = judge(results, profile(), template(), doubts)
    assert verdict.passed is None
    assert verdict.recommendation == NEEDS_HUMAN_REVIEW
    assert verdict.reasons[0].startswith(reason)


def test_nothing_observed_is_no_score() -> None:
    verdict = judge((), profile(), template())
    assert verdict.score is None
    assert verdict.reasons == ("low_coverage", "not_enough_observed")


def test_rules_decide_when_the_profile_has_them() -> None:
    rules = ruled(
        method=ScoringMethod.RULE_BASED, recommendation_logic='"Ownership" >= 9 or overall > 9'
    )
    assert judge((result(0, 4), result(1, 5)), rules, template()).recommendation == "no_hire"
    assert judge((result(0, 5), result(1, 1)), rules, template()).recommendation == "hire"


def test_unreadable_rules_leave_the_verdict_to_people() -> None:
    rules = ruled(method=ScoringMethod.RULE_BASED, recommendation_logic="hire the best")
    verdict = judge((result(0, 4), result(1, 5)), rules, template())
    assert verdict.reasons == ("recommendation_logic_unreadable",)
    assert verdict.passed is None


@pytest.mark.parametrize(
    ("outcome", "stored", "labels"),
    [
        (SuccessOutcome.ADMIT_REJECT, {}, ("admit", "reject")),
        (SuccessOutcome.CUSTOM, {"custom_outcomes": ["yes", "not yet"]}, ("yes", "not yet")),
        (SuccessOutcome.CUSTOM, {}, ("pass", "fail")),
    ],
)
def test_the_vocabulary_follows_the_outcome(
    outcome: SuccessOutcome, stored: dict[str, object], labels: tuple[str, str]
) -> None:
    assert outcome_labels(template(success_outcome=outcome, stored=stored)) == labels


def test_every_claim_of_the_feedback_stands_beside_a_quote() -> None:
    text = rated_feedback((result(0, 5), result(1, None)))
    well, probe = text.split("\n\n")
    assert "Ownership (level 5): It shows in the list (\u201cI kept the list myself\u201d)." in well
    assert "Planning: nothing verifiable was said" in probe
    weak = rated_feedback((result(0, 2), result(1, 3)))
    assert weak.startswith("What went well. No dimension reached level 4.\n\n")
    assert rated_feedback((result(0, 5), result(1, 5))).endswith("left open in this interview.")


def test_counts_are_written_out() -> None:
    assert [collected(n)[:9] for n in (0, 1, 2)] == ["No passag", "1 passage", "2 passage"]
