from typing import Any

import pytest
from vivavoce.core.agent_profile import UseCase
from vivavoce.core.embed import is_allowed, parse_origin
from vivavoce.core.errors import Forbidden, Invalid, NotFound, Unprocessable
from vivavoce.core.interview_request import build_template, detect_seniority, parse_tone
from vivavoce.core.template import SuccessOutcome

from tests.services.backend import World, interview_fields

pytestmark = pytest.mark.anyio


def built(**changes: Any) -> Any:  # noqa: ANN401
    fields = interview_fields("p1", **changes)
    ids = [f"made-{number}" for number in range(len(fields["questions"]))]
    return build_template("t1", fields, ids, UseCase.HIRING)


def questions(*texts: str) -> list[dict[str, Any]]:
    return [{"question": text} for text in texts]


def test_questions_that_differ_in_form_only_are_asked_once() -> None:
    asked = questions("Why us?", "why  US", "What next?", "WHY US!")
    template = built(questions=asked)
    assert [question.text for question in template.questions] == ["Why us?", "What next?"]
    repeated = built(questions=asked, disable_deduplication=True)
    assert len(repeated.questions) == 4


def test_a_condition_on_a_dropped_question_moves_to_the_kept_one() -> None:
    asked = [
        {"question": "Do you drive?", "id": "a"},
        {"question": "Do you drive", "id": "b"},
        {
            "question": "What do you drive?",
            "is_conditional": True,
            "conditional_question_main_id": "b",
        },
    ]
    template = built(questions=asked)
    assert [question.condition_question_id for question in template.questions] == [None, "a"]


def test_a_condition_must_name_an_earlier_question() -> None:
    asked = [{"question": "Why?", "is_conditional": True, "conditional_question_main_id": "zz"}]
    with pytest.raises(Invalid) as caught:
        built(questions=asked)
    assert caught.value.issues[0].path == ("questions", "0", "conditional_question_main_id")


def test_fields_that_shape_the_interview_become_values_of_the_template() -> None:
    question = {
        "question": "Pick one.",
        "duration": 45,
        "question_alternatives": ["red", "blue"],
        "is_without_scoring": True,
        "is_candidate_asking_recruiter": True,
        "external_id": "q-9",
        "candidate_expectations_json": {"expectations": [{"text": "Names a colour"}], "n": 1},
    }
    template = built(questions=[question], type="assessment", interview_tone="SIMPLE", code="c1")
    only = template.questions[0]
    assert only.duration_seconds == 45
    assert only.alternatives == ("red", "blue")
    assert not only.scored
    assert only.asks_recruiter
    assert only.expectations == ("Names a colour",)
    assert template.success_outcome is SuccessOutcome.PASS_FAIL
    assert template.tone == "simple"
    assert template.stored["code"] == "c1"
    assert template.stored["questions"][0] == question


def test_an_unknown_tone_is_relaxed() -> None:
    assert parse_tone("sarcastic") == "relaxed"
    assert parse_tone(None) == "relaxed"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Senior engineer", "senior"),
        ("Junior buyer", "entry-level"),
        ("Head of sales", "director"),
        ("Team lead, support", "managerial"),
        ("Chief of staff", "executive"),
        ("Misleading engineer", "intermediate"),
    ],
)
def test_seniority_is_read_from_the_description(text: str, level: str) -> None:
    assert detect_seniority(text) == level


async def test_an_interview_is_found_by_its_slug_and_its_id(world: World) -> None:
    by_slug = await world.services.interviews.find("backend-engineer")
    by_id = await world.services.interviews.find(world.template.id)
    assert by_slug == by_id
    assert by_slug.company == "Lantern Works"


async def test_only_a_public_interview_has_a_link_that_can_be_guessed(world: World) -> None:
    fields = interview_fields(world.founded.profile_ids[0], visibility="merchant_invite")
    created = await world.services.interviews.create_from_questions(world.organization_id, fields)
    assert created.slug.startswith("backend-engineer-")
    assert created.embed is None


async def test_a_draft_is_not_found(world: World) -> None:
    fields = interview_fields(world.founded.profile_ids[0], status="draft", name="Draft")
    created = await world.services.interviews.create_from_questions(world.organization_id, fields)
    with pytest.raises(NotFound):
        await world.services.interviews.find(created.slug)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"interview_template_id": "nobody"}, NotFound),
        ({"merchant_id": "somebody-else"}, Forbidden),
        ({"knowledge_base_store_id": "kb"}, Unprocessable),
    ],
)
async def test_what_a_request_refers_to_must_exist(
    world: World, changes: dict[str, str], error: type[Exception]
) -> None:
    fields = interview_fields(world.founded.profile_ids[0], **changes)
    with pytest.raises(error):
        await world.services.interviews.create_from_questions(world.organization_id, fields)


async def test_an_embed_without_origins_may_be_shown_anywhere(world: World) -> None:
    embed = await world.services.embeds.create_embed(world.template.id)
    assert embed.allowed_origins == ("*",)


async def test_origins_are_normalised_and_checked(world: World) -> None:
    create = world.services.embeds.create_embed
    embed = await create(world.template.id, ["https://Careers.Test:443/", "https://careers.test"])
    assert embed.allowed_origins == ("https://careers.test",)
    for text in ("careers.test", "https://a.test/path", "https://a.test; script-src *", "*"):
        with pytest.raises(Invalid):
            await create(world.template.id, [text])


def test_a_wildcard_stands_for_subdomains_only() -> None:
    allowed = (parse_origin("https://*.Lantern.test"),)
    assert is_allowed("https://jobs.lantern.test", allowed)
    for origin in ("https://lantern.test", "http://jobs.lantern.test", "https://evil-lantern.test"):
        assert not is_allowed(origin, allowed)
