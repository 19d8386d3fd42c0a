"""What makes a rubric sound: weights that add up, gates on the scale, a rule that can be read."""

from collections.abc import Iterator

from vivavoce.core.agent_profile import AgentProfile, Scale, ScoringMethod
from vivavoce.core.errors import Invalid, Issue
from vivavoce.core.recommendation_logic import parse_logic

LEVELS = 5
# Thirds written as 33.33 sum to 99.99.
WEIGHT_TOLERANCE = 0.011
_DIMENSIONS = "evaluationDimensions"
_TOPS = {Scale.TEN: 10.0, Scale.FIVE: 5.0, Scale.HUNDRED: 100.0}


def check_rubric(profile: AgentProfile) -> None:
    """Raises `Invalid` code `rubric` with everything that is wrong, by the names of the API."""
    issues = (*_weights(profile), *_names(profile), *_levels(profile), *_logic(profile))
    if issues:
        raise Invalid("rubric", "The rubric is not sound.", issues)


def is_same_rubric(one: AgentProfile, other: AgentProfile) -> bool:
    """Whether both rate and score alike; otherwise the later one is another version."""
    return one.dimensions == other.dimensions and one.scoring == other.scoring


def _weights(profile: AgentProfile) -> Iterator[Issue]:
    total = sum(dimension.weight for dimension in profile.dimensions)
    if abs(total - 100) > WEIGHT_TOLERANCE:
        yield Issue((_DIMENSIONS,), f"The weights must sum to 100; they sum to {total:g}.")


def _names(profile: AgentProfile) -> Iterator[Issue]:
    seen: set[str] = set()
    for index, dimension in enumerate(profile.dimensions):
        name = dimension.name.strip().casefold()
        if name in seen:
            yield Issue((_DIMENSIONS, str(index), "name"), "This name is used twice.")
        seen.add(name)


def _levels(profile: AgentProfile) -> Iterator[Issue]:
    top = _TOPS[profile.scoring.scale]
    for index, dimension in enumerate(profile.dimensions):
        if len(dimension.anchors) not in {0, LEVELS}:
            message = f"There must be {LEVELS} anchors, for levels 1 to {LEVELS}, or none."
            yield Issue((_DIMENSIONS, str(index), "anchors"), message)
        gate = dimension.pass_threshold
        if gate is not None and not 0 <= gate <= top:
            message = f"It must lie on the scale {profile.scoring.scale}."
            yield Issue((_DIMENSIONS, str(index), "passThreshold"), message)


def _logic(profile: AgentProfile) -> Iterator[Issue]:
    path, logic = ("scoring", "recommendationLogic"), profile.scoring.recommendation_logic
    if logic is None:
        if profile.scoring.method is ScoringMethod.RULE_BASED:
            yield Issue(path, "The scoring method rule_based needs it.")
        return
    try:
        parse_logic(logic, [dimension.name for dimension in profile.dimensions])
    except Invalid as error:
        yield Issue(path, error.message)
