"""Evaluation stages: the steps of a pipeline, each with its interviewer and its bar."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vivavoce.core.errors import Conflict, Issue
from vivavoce.core.identifiers import slugify
from vivavoce.core.revisions import require_revision
from vivavoce.core.session import AutomationRule, Stage, StageFilter
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_stage, own_template, require_profile

Edit = Callable[[Stage], Stage]


@dataclass(frozen=True)
class NewStage:
    """What is None is chosen: a key from the name, the template's interviewer, the last place."""

    template_id: str
    name: str
    key: str | None = None
    stage_type: str = "ai_interview"
    agent_profile_id: str | None = None
    order: int | None = None
    duration_minutes: int = 30
    pass_threshold: float | None = None
    allow_retake: bool = False
    automation_rule: AutomationRule = AutomationRule.NONE


class Stages:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def get(self, organization_id: str, stage_id: str) -> Stage:
        """Raises `NotFound` code `stage_not_found`."""
        return await own_stage(self._at.stores.read, organization_id, stage_id)

    async def page(
        self, organization_id: str, chosen: StageFilter
    ) -> tuple[tuple[Stage, ...], int]:
        """One page, by template and order, and how many there are in all."""
        stages = self._at.stores.read.stages
        total = await stages.count(organization_id, chosen)
        return await stages.page(organization_id, chosen), total

    async def create(self, organization_id: str, wanted: NewStage) -> Stage:
        """Raises `NotFound` for the template or the profile, `Conflict` code `stage_exists`."""
        async with self._at.stores.transaction() as write:
            stored = await own_template(write, organization_id, wanted.template_id)
            profile_id = wanted.agent_profile_id or stored.template.agent_profile_id
            await require_profile(write, organization_id, profile_id)
            others = await write.stages.of_template(wanted.template_id)
            stage = Stage(
                id=self._at.new_id(),
                template_id=wanted.template_id,
                name=wanted.name,
                key=wanted.key or _free_key(wanted.name, others),
                agent_profile_id=profile_id,
                order=_last(others) + 1 if wanted.order is None else wanted.order,
                stage_type=wanted.stage_type,
                duration_minutes=wanted.duration_minutes,
                pass_threshold=wanted.pass_threshold,
                allow_retake=wanted.allow_retake,
                automation_rule=wanted.automation_rule,
            )
            _require_free(stage, others)
            await write.stages.add(stage)
        return stage

    async def change(
        self, organization_id: str, stage_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> Stage:
        """Raises `Conflict` codes `changed_meanwhile` and `stage_exists`."""
        async with self._at.stores.transaction() as write:
            before = await own_stage(write, organization_id, stage_id)
            require_revision(before.revision, seen)
            edited = edit(before)
            stage = replace(
                edited,
                id=before.id,
                template_id=before.template_id,
                revision=before.revision + 1,
            )
            await require_profile(write, organization_id, stage.agent_profile_id)
            _require_free(stage, await write.stages.of_template(stage.template_id))
            await write.stages.change(stage)
        return stage

    async def remove(
        self, organization_id: str, stage_id: str, seen: frozenset[int] | None
    ) -> None:
        """Sessions that were held in it keep it."""
        async with self._at.stores.transaction() as write:
            stage = await own_stage(write, organization_id, stage_id)
            require_revision(stage.revision, seen)
            await write.stages.remove(stage, self._at.now())


def _last(stages: tuple[Stage, ...]) -> int:
    return max((stage.order for stage in stages), default=-1)


def _free_key(name: str, others: tuple[Stage, ...]) -> str:
    key, taken = slugify(name) or "stage", {stage.key for stage in others}
    candidates = (key, *(f"{key}-{number}" for number in range(2, len(taken) + 2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _require_free(stage: Stage, others: tuple[Stage, ...]) -> None:
    issues = []
    for other in others:
        if other.id == stage.id:
            continue
        if other.key == stage.key:
            issues.append(Issue(("stage",), "Another stage of the template has this key."))
        if other.order == stage.order:
            issues.append(Issue(("stage_order",), "Another stage of the template is there."))
    if issues:
        raise Conflict("stage_exists", "Another stage has this key or this place.", tuple(issues))
