from dataclasses import dataclass, replace

import pytest
from vivavoce.core.applications import Decision
from vivavoce.core.errors import Conflict, Invalid
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import (
    ApplicationFilter,
    ApplicationStatus,
    AutomationRule,
    Session,
    Stage,
)
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.services.applications import Applications, Ruling
from vivavoce.services.foundation import Foundation
from vivavoce.services.stages import NewStage, Stages

from tests.services.backend import INSTANCE, World

pytestmark = pytest.mark.anyio

CARD = Scorecard(8.2, True, "hire", 1.0, "Clear.", ())
FAILED_CARD = replace(CARD, score=3.0, passed=False, recommendation="no_hire")
UNSURE_CARD = replace(CARD, passed=None, recommendation="needs_human_review")
APPROVED = Ruling(Decision.APPROVE, decided_by="Ada Quill")


@dataclass
class Pipeline:
    """One template with two or more stages, and one candidate in it."""

    world: World
    applications: Applications
    stages: tuple[Stage, ...]

    async def sessions(self) -> tuple[Session, ...]:
        read = self.world.stores.read
        known = await read.participants.by_email(self.world.template.id, "robin@example.org")
        assert known is not None
        return await read.sessions.of_participant(known.id)

    async def interview(self, card: Scorecard) -> Session:
        """The candidate's open session from its first word to its scorecard."""
        session_id = await self.held()
        await self.score(session_id, card)
        session = await self.world.stores.read.sessions.get(session_id)
        assert session is not None
        return session

    async def held(self, person: str = "robin") -> str:
        """An interview that is over and has no scorecard yet; each takes a minute."""
        link = f"link-{self.world.clock.unix}"
        token = self.world.token(jti=link, sub=person, email=f"{person}@example.org")
        admission = await self.world.services.launches.exchange_launch(token)
        journal = self.world.services.journals.of(admission.session_id)
        await journal.started()
        self.world.clock.advance(60)
        await journal.completed(60_000)
        return admission.session_id

    async def score(self, session_id: str, card: Scorecard) -> None:
        await self.world.services.scorecard_store.save(session_id, card, self.world.clock.now())

    async def application_id(self) -> str:
        page, total = await self.applications.page(self.world.organization_id, ApplicationFilter())
        assert total == 1
        return page[0].application.id

    async def status(self) -> ApplicationStatus:
        page, _ = await self.applications.page(self.world.organization_id, ApplicationFilter())
        return page[0].application.status

    async def decide(self, ruling: Ruling) -> None:
        await self.applications.decide(
            self.world.organization_id, await self.application_id(), None, ruling
        )


async def pipeline(
    world: World,
    rule: AutomationRule,
    threshold: float | None = None,
    kind: str = "ai_interview",
    *,
    retake: bool = False,
) -> Pipeline:
    foundation = Foundation(world.stores, world.clock, INSTANCE)
    stages, organization = Stages(foundation), world.organization_id
    for stage in await world.stores.read.stages.of_template(world.template.id):
        await stages.remove(organization, stage.id, None)
    screen = NewStage(
        world.template.id,
        "Screen",
        automation_rule=rule,
        pass_threshold=threshold,
        allow_retake=retake,
    )
    made = [
        await stages.create(organization, screen),
        await stages.create(organization, NewStage(world.template.id, "Panel", stage_type=kind)),
        await stages.create(organization, NewStage(world.template.id, "Final")),
    ]
    return Pipeline(world, Applications(foundation), tuple(made))


async def test_a_pass_advances_at_once_with_the_event_of_the_new_session(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    first = await line.interview(CARD)

    held, opened = await line.sessions()
    assert held.id == first.id
    assert opened.status is SessionStatus.SCHEDULED
    assert (opened.stage_id, opened.stage) == (line.stages[1].id, "panel")
    assert opened.agent_profile_id == line.stages[1].agent_profile_id
    assert opened.participant_id == first.participant_id
    assert opened.external_id == first.external_id
    assert await line.status() is ApplicationStatus.SCHEDULED
    assert (await world.events())[-2:] == ["session.scored", "session.created"]
    record = await world.services.sessions.read(world.organization_id, opened.id)
    assert record.join_url is not None


async def test_the_next_link_of_the_candidate_opens_the_next_stage(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    await line.interview(CARD)
    second = await line.interview(CARD)

    assert second.stage == "panel"
    assert len(await line.sessions()) == 2  # the panel has no rule


@pytest.mark.parametrize("card", [FAILED_CARD, UNSURE_CARD])
@pytest.mark.parametrize("rule", AutomationRule)
async def test_who_does_not_pass_stays_and_is_not_rejected(
    world: World, rule: AutomationRule, card: Scorecard
) -> None:
    line = await pipeline(world, rule)
    await line.interview(card)

    assert len(await line.sessions()) == 1
    assert await line.status() is ApplicationStatus.COMPLETED
    assert "application.rejected" not in await world.events()


async def test_the_bar_of_the_stage_counts_in_percent(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE, threshold=90)
    await line.interview(CARD)
    assert len(await line.sessions()) == 1


async def test_without_a_rule_nothing_follows(world: World) -> None:
    line = await pipeline(world, AutomationRule.NONE)
    await line.interview(CARD)
    await line.decide(APPROVED)

    assert len(await line.sessions()) == 1
    assert await line.status() is ApplicationStatus.APPROVED


@pytest.mark.parametrize("card", [CARD, UNSURE_CARD])
async def test_where_a_reviewer_is_asked_for_the_next_stage_waits_for_the_approval(
    world: World, card: Scorecard
) -> None:
    line = await pipeline(world, AutomationRule.REQUIRE_REVIEWER_APPROVAL)
    await line.interview(card)
    assert len(await line.sessions()) == 1
    await line.decide(APPROVED)

    _, opened = await line.sessions()
    assert opened.stage == "panel"
    assert (await world.events())[-2:] == ["application.approved", "session.created"]
    assert await line.status() is ApplicationStatus.SCHEDULED
    await line.decide(APPROVED)  # its answer was lost, so it comes again
    assert len(await line.sessions()) == 2
    assert (await world.events()).count("application.approved") == 1


async def test_an_approval_that_opens_a_stage_needs_a_name(world: World) -> None:
    line = await pipeline(world, AutomationRule.REQUIRE_REVIEWER_APPROVAL)
    await line.interview(CARD)
    with pytest.raises(Invalid) as caught:
        await line.decide(Ruling(Decision.APPROVE))

    assert caught.value.code == "reviewer_unnamed"
    assert len(await line.sessions()) == 1
    assert await line.status() is ApplicationStatus.COMPLETED


async def test_an_approval_given_before_the_score_counts_when_it_is_there(world: World) -> None:
    line = await pipeline(world, AutomationRule.REQUIRE_REVIEWER_APPROVAL)
    session_id = await line.held()
    world.clock.advance(1)
    await line.decide(APPROVED)
    assert len(await line.sessions()) == 1
    await line.score(session_id, CARD)

    assert len(await line.sessions()) == 2


async def test_who_was_rejected_is_not_advanced_by_a_late_score(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    session_id = await line.held()
    await line.decide(Ruling(Decision.REJECT, decided_by="Ada Quill"))
    await line.score(session_id, CARD)

    assert len(await line.sessions()) == 1
    assert await line.status() is ApplicationStatus.REJECTED


async def test_the_last_stage_leads_nowhere_and_a_second_card_changes_nothing(
    world: World,
) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    first = await line.interview(CARD)
    await line.score(first.id, CARD)
    assert len(await line.sessions()) == 2
    for stage in line.stages[1:]:
        await Stages(Foundation(world.stores, world.clock, INSTANCE)).remove(
            world.organization_id, stage.id, None
        )
    await line.score(await line.held("alex"), CARD)
    assert (await world.events())[-1] == "session.scored"


async def test_to_a_stage_of_people_nobody_is_invited(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE, kind="manual_review")
    await line.interview(CARD)

    _, opened = await line.sessions()
    assert opened.invitation_withheld


async def test_attempts_are_counted_for_the_stage_where_the_candidate_is(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    await line.interview(CARD)
    await line.interview(FAILED_CARD)
    with pytest.raises(Conflict) as caught:
        await line.held()

    assert caught.value.code == "attempts_used"
    assert [session.stage for session in await line.sessions()] == ["screen", "panel"]


async def test_a_stage_that_allows_retakes_is_held_again_by_the_same_link(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE, retake=True)
    await line.interview(FAILED_CARD)
    await line.interview(CARD)

    assert [session.stage for session in await line.sessions()] == ["screen", "screen", "panel"]


async def test_a_technical_failure_costs_no_attempt(world: World) -> None:
    line = await pipeline(world, AutomationRule.AUTO_ADVANCE)
    admission = await world.services.launches.exchange_launch(world.token(sub="robin"))
    await world.services.journals.of(admission.session_id).started()
    await world.services.sessions.fail(admission.session_id, "disconnected")
    world.clock.advance(60)
    second = await line.interview(CARD)

    assert second.stage == "screen"
    assert second.id != admission.session_id
