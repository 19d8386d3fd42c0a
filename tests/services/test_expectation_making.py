import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from vivavoce.core.expectations import lacks
from vivavoce.core.template import Question, Template
from vivavoce.services.expectation_making import ExpectationMaking

from tests.services.backend import World, interview_fields
from tests.services.test_question_making import Writer

QUESTIONS = (
    Question("q1", "Tell me how you explain a hard thing to a customer."),
    Question("q2", "What do you water first?", expectations=("the young trees",)),
    Question("q3", "Which pump did you mend last?"),
    Question("q4", "Is there anything you would like to ask?", asks_recruiter=True),
)


class Silent(Writer):
    """Never gets to its first word."""

    async def generate(self, session: str, prompt: str, **_: object) -> AsyncIterator[str]:
        await asyncio.Event().wait()
        yield ""


def garden(**stored: str) -> Template:
    return Template("t", "Gardener", "en", QUESTIONS, "p", stored=stored)


def maker(world: World, model: Writer | None) -> ExpectationMaking:
    making = world.services.expectation_making
    making.use_model(model)
    return making


def told(template: Template) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    return {
        question.id: (
            question.stored.get("candidate_expectations_origin"),
            question.expectations,
        )
        for question in template.questions
    }


@pytest.mark.anyio
async def test_without_a_model_the_bank_says_what_to_listen_for(world: World) -> None:
    filled = told(await maker(world, None).fill(garden()))
    assert filled["q1"][0] == filled["q3"][0] == "bank"
    assert "adapted to the listener" in filled["q1"][1]  # it speaks of communication
    assert "the result" in filled["q3"][1]  # it speaks of nothing that the bank knows
    assert filled["q2"] == (None, ("the young trees",))
    assert filled["q4"] == (None, ())


@pytest.mark.anyio
async def test_a_model_says_it_and_the_bank_has_what_it_falls_short_of(world: World) -> None:
    writer = Writer("E: simple words; asks back")
    making = maker(world, writer)
    filled = told(await making.fill(garden(additional_context="Customers are allotment holders.")))
    assert filled["q1"] == ("model", ("simple words", "asks back"))
    assert filled["q3"][0] == "bank"
    (prompt,) = writer.prompts
    assert "allotment holders" in prompt
    assert "young trees" not in prompt
    assert writer.released == ["expectations-t"]


@pytest.mark.anyio
@pytest.mark.parametrize("model", [Writer(None), Silent("")], ids=["broken", "slow"])
async def test_whoever_makes_an_interview_does_not_wait_for_a_model_for_long(
    world: World, model: Writer
) -> None:
    filled = await maker(world, model).fill(garden(), within_seconds=0.05)
    assert {origin for origin, hints in told(filled).values() if hints} == {"bank", None}
    assert not [question for question in filled.questions if lacks(question)]


@pytest.mark.anyio
async def test_an_interview_made_of_questions_gets_them_unless_it_brings_or_needs_none(
    world: World,
) -> None:
    interviews, owner = world.services.interviews, world.organization_id

    async def origins(**changes: object) -> set[str | None]:
        fields = {**interview_fields(world.founded.profile_ids[0]), **changes}
        made = await interviews.create_from_questions(owner, fields)
        return {origin for origin, _ in told(made.template).values()}

    assert await origins(type="interview") == {"bank"}
    assert await origins(type="coaching") == {None}
    assert await origins(type="interview", candidate_expectations_json={"must": ["x"]}) == {None}


@pytest.mark.anyio
async def test_what_was_made_can_be_made_anew_and_what_was_said_stays(world: World) -> None:
    owner, services = world.organization_id, world.services
    said = replace(world.template.questions[0], expectations=("names a number",), stored={})
    bare = replace(world.template.questions[1], expectations=(), stored={})

    async def made(**wish: bool) -> dict[str, tuple[str | None, tuple[str, ...]]]:
        stored = await services.expectation_making.make(owner, world.template.id, None, **wish)
        return told(stored.template)

    await services.templates.change(
        owner,
        world.template.id,
        None,
        lambda before: replace(before, template=replace(before.template, questions=(said, bare))),
    )
    assert (await made())[bare.id][0] == "bank"
    services.expectation_making.use_model(Writer("E: a plan; a result"))
    assert (await made())[bare.id][0] == "bank"
    again = await made(replace_made=True)
    assert again[bare.id] == ("model", ("a plan", "a result"))
    assert again[said.id] == (None, ("names a number",))
