"""How a candidate moves through the stages of a template, and how often one stage may be tried.

A machine may advance somebody, never refuse: who does not pass stays where they are until a person
decides. What failed for a technical reason is no attempt.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from vivavoce.core.agent_profile import Scale
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.scoring import level_score
from vivavoce.core.session import ApplicationStatus, AutomationRule, Session, Stage
from vivavoce.core.session_lifecycle import SessionStatus

_TOP_LEVEL = 5
_OUT = frozenset({ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN})
# Nobody talks to the candidate there.
_STAGES_OF_PEOPLE = frozenset({"manual_review", "final_review"})


class Step(StrEnum):
    STAY = "stay"
    ADVANCE = "advance"
    AWAIT_APPROVAL = "await_approval"


def next_stage(stages: Iterable[Stage], current: Stage) -> Stage | None:
    """The one that follows in the template's order, whatever the order in which they come."""
    later = (stage for stage in stages if stage.order > current.order)
    return min(later, key=lambda stage: stage.order, default=None)


def invites(stage: Stage) -> bool:
    return stage.stage_type not in _STAGES_OF_PEOPLE


def passes(stage: Stage, card: Scorecard, scale: Scale) -> bool:
    """Whether the verdict is positive and the score reaches the stage's own bar."""
    if card.passed is not True:
        return False
    if stage.pass_threshold is None:
        return True
    top = level_score(_TOP_LEVEL, scale)
    return card.score is not None and card.score * 100 >= stage.pass_threshold * top


def step_after_score(stage: Stage, *, passed: bool, application: ApplicationStatus) -> Step:
    """What a machine does when the score of a session in `stage` is in."""
    if not passed or application in _OUT:
        return Step.STAY
    match stage.automation_rule:
        case AutomationRule.NONE:
            return Step.STAY
        case AutomationRule.AUTO_ADVANCE:
            return Step.ADVANCE
        case AutomationRule.REQUIRE_REVIEWER_APPROVAL:
            return Step.AWAIT_APPROVAL


def step_after_approval(stage: Stage, card: Scorecard | None) -> Step:
    """What a person's approval does where it is waited for: it also settles an open verdict."""
    waits = stage.automation_rule is AutomationRule.REQUIRE_REVIEWER_APPROVAL
    if waits and card is not None and card.passed is not False:
        return Step.ADVANCE
    return Step.STAY


def attempts_used(sessions: Iterable[Session], stage_id: str | None) -> int:
    """How often the stage was completed; what failed or was cancelled does not count."""
    return sum(
        session.status is SessionStatus.COMPLETED and session.stage_id == stage_id
        for session in sessions
    )


def may_try(stage: Stage | None, sessions: Sequence[Session], attempts: int) -> bool:
    """Whether another session in the stage may be held; `attempts` is the template's number."""
    if stage is not None and stage.allow_retake:
        return True
    return attempts_used(sessions, stage.id if stage else None) < attempts


def has_gone_beyond(sessions: Iterable[Session], stages: Iterable[Stage], current: Stage) -> bool:
    """Whether a session in any later stage waits, runs or was completed already."""
    later = {stage.id for stage in stages if stage.order > current.order}
    lost = {SessionStatus.FAILED, SessionStatus.CANCELLED}
    return any(each.stage_id in later and each.status not in lost for each in sessions)
