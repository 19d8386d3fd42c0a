"""The arithmetic of a scorecard: levels, weights, gates, coverage, and when to give no verdict.

A level 1-5 maps linearly to the profile's scale (1 is zero, 5 is the top). The overall score is the
weighted mean of the dimensions that were observed; a missing one is never counted as zero, and the
coverage says how much of the weight was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from vivavoce.core.agent_profile import AgentProfile, Dimension, Scale, ScoringMethod
from vivavoce.core.errors import Invalid
from vivavoce.core.recommendation_logic import evaluate, parse_logic
from vivavoce.core.scorecard import Citation, DimensionResult
from vivavoce.core.template import SuccessOutcome, Template

NEEDS_HUMAN_REVIEW = "needs_human_review"
SUFFICIENT_COVERAGE = 0.6
SUFFICIENT_CONFIDENCE = 0.6
LARGEST_SPREAD = 1

_TOPS = {Scale.TEN: 10.0, Scale.FIVE: 5.0, Scale.HUNDRED: 100.0}
_TEMPLATE_TOP = 10.0  # a template's pass threshold is on 0-10
_LABELS = {
    SuccessOutcome.HIRE_NO_HIRE: ("hire", "no_hire"),
    SuccessOutcome.ADMIT_REJECT: ("admit", "reject"),
    SuccessOutcome.PASS_FAIL: ("pass", "fail"),
    SuccessOutcome.READY_NEEDS_TRAINING: ("ready", "needs_training"),
    SuccessOutcome.CERTIFIED_NOT_CERTIFIED: ("certified", "not_certified"),
}


@dataclass(frozen=True)
class Rating:
    """What one dimension's passes found. `levels` holds a level per pass, None for not observed."""

    dimension: Dimension
    levels: tuple[int | None, ...]
    citations: tuple[Citation, ...]
    feedback: str


@dataclass(frozen=True)
class Verdict:
    """`passed` is None and `reasons` says why when people have to look first."""

    score: float | None
    passed: bool | None
    recommendation: str
    coverage: float
    reasons: tuple[str, ...]


def level_score(level: int, scale: Scale) -> float:
    return (level - 1) / 4 * _TOPS[scale]


def median_level(levels: Sequence[int | None]) -> int | None:
    """The median of the passes that observed something; None unless most of them did."""
    observed = [level for level in levels if level is not None]
    return median_low(observed) if 2 * len(observed) > len(levels) else None


def spread(levels: Sequence[int | None]) -> int:
    observed = [level for level in levels if level is not None]
    return max(observed) - min(observed) if observed else 0


def dimension_result(rating: Rating, scale: Scale) -> DimensionResult:
    """Without a verified quote there is no level, whatever the passes said."""
    level = median_level(rating.levels) if rating.citations else None
    return DimensionResult(
        name=rating.dimension.name,
        weight=rating.dimension.weight,
        level=level,
        score=None if level is None else level_score(level, scale),
        feedback=rating.feedback,
        citations=rating.citations,
        spread=spread(rating.levels) if rating.citations else 0,
    )


def coverage(results: Sequence[DimensionResult]) -> float:
    total = sum(result.weight for result in results)
    seen = sum(result.weight for result in results if result.level is not None)
    return seen / total if total else 0.0


def overall_score(results: Sequence[DimensionResult]) -> float | None:
    seen = [(r.score, r.weight) for r in results if r.score is not None]
    weight = sum(w for _, w in seen)
    return sum(s * w for s, w in seen) / weight if weight else None


def outcome_labels(template: Template) -> tuple[str, str]:
    """The positive and the negative word; a custom outcome names its own in `custom_outcomes`."""
    if template.success_outcome in _LABELS:
        return _LABELS[template.success_outcome]
    custom = template.stored.get("custom_outcomes")
    if isinstance(custom, list | tuple) and len(custom) == 2:
        return str(custom[0]), str(custom[1])
    return _LABELS[SuccessOutcome.PASS_FAIL]


def judge(
    results: Sequence[DimensionResult],
    profile: AgentProfile,
    template: Template,
    doubts: Sequence[str] = (),
) -> Verdict:
    """Score, gates and recommendation; any reason for doubt leaves the verdict to people."""
    seen, score = coverage(results), overall_score(results)
    reasons = [*doubts, *_doubts(results, seen)]
    try:
        passed = _passes(results, profile, template, score, seen)
    except Invalid as unreadable:  # the logic of a profile that was stored unchecked
        passed = False
        reasons.append(f"{unreadable.code}_unreadable")
    if passed is None:
        reasons.append("not_enough_observed")
    if reasons:
        unique = tuple(dict.fromkeys(reasons))
        return Verdict(_rounded(score), None, NEEDS_HUMAN_REVIEW, seen, unique)
    positive, negative = outcome_labels(template)
    return Verdict(_rounded(score), passed, positive if passed else negative, seen, ())


def _doubts(results: Sequence[DimensionResult], seen: float) -> list[str]:
    doubts = []
    if any(result.spread > LARGEST_SPREAD for result in results):
        doubts.append("ratings_disagree")
    if seen < SUFFICIENT_COVERAGE:
        doubts.append("low_coverage")
    return doubts


def _passes(
    results: Sequence[DimensionResult],
    profile: AgentProfile,
    template: Template,
    score: float | None,
    seen: float,
) -> bool | None:
    gates = _gates(results, profile)
    if gates is False:
        return False
    logic = profile.scoring.recommendation_logic
    if profile.scoring.method is ScoringMethod.RULE_BASED and logic:
        condition = parse_logic(logic, [dimension.name for dimension in profile.dimensions])
        reached = evaluate(condition, {r.name: r.score for r in results}, score, seen)
    else:
        bar = template.pass_threshold / _TEMPLATE_TOP * _TOPS[profile.scoring.scale]
        reached = None if score is None else score >= bar
    return reached if gates or reached is False else None


def _gates(results: Sequence[DimensionResult], profile: AgentProfile) -> bool | None:
    """False when a dimension is below its own threshold, None when one with a gate was not seen."""
    bars = {dimension.name: dimension.pass_threshold for dimension in profile.dimensions}
    open_gates = [
        None if result.score is None else result.score >= bar
        for result in results
        if (bar := bars.get(result.name)) is not None
    ]
    if False in open_gates:
        return False
    return None if None in open_gates else True


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)
