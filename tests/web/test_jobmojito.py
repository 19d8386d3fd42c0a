"""What the JobMojito reference says in words: values, defaults, refusals, and the embed."""

from typing import Any, get_args

import pytest
from vivavoce.core.languages import LANGUAGES
from vivavoce.core.template import InterviewType, Template
from vivavoce.web.compat.jobmojito_bodies import (
    Detection,
    QuestionListRequest,
    QuestionRequest,
    ResultView,
    Seniority,
)

from tests.web.native_client import Native
from tests.web.reference_fields import (
    ALTERNATIVES,
    CREATE,
    MOJITO_REQUIRED,
    MOJITO_WHOLE,
    QUESTION_ASKED,
)
from tests.web.served import Served
from tests.web.test_native_api import call
from tests.web.test_reference_examples import filled


def body(served: Served, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The required fields with changes; a change to None removes the field."""
    profile_id = served.world.founded.profile_ids[0]
    fields = {**MOJITO_REQUIRED, "interview_template_id": profile_id, **changes}
    return {name: value for name, value in fields.items() if value is not None}


def send(served: Served, **changes: Any) -> Any:  # noqa: ANN401
    return served.client.post(CREATE, json=body(served, **changes), headers=served.key)


def made(served: Served, **changes: Any) -> Template:  # noqa: ANN401
    answer = send(served, **changes)
    assert answer.status_code == 201, answer.text
    get = served.world.stores.read.templates.get
    stored = call(served, get, answer.json()["interview_def_set_id"])
    template: Template = stored.template
    return template


VALUES: dict[str, tuple[Any, ...]] = {
    "status": ("draft", "active"),
    "type": ("interview", "coaching", "assessment"),
    "visibility": ("merchant_public", "merchant_invite", "merchant_unlisted"),
    "recording": (None, *get_args(Detection)),
    "recording_full_session": (None, "audio_all", "video_all"),
    "interview_type": tuple(InterviewType),
    "seniority_level": tuple(Seniority),
    "result_view": get_args(ResultView),
    "candidate_video_introduction": ("optional", "required"),
    "interview_tone": ("relaxed", "simple", "professional", "persuasive", "Professional", "pirate"),
    "interview_attempts": (1, 20),
    "questions_random_subset": (0.01, 0.9),
    "mojito_language_code": tuple(sorted(LANGUAGES)),
}
DOCUMENTED_LANGUAGES = (
    "ar bg zh hr cs da nl en fil fi fr de el hi hu id it ja ko ms no pl pt br ro ru sk es sv ta th"
    " tr uk vi"
)


@pytest.mark.parametrize("name", VALUES)
def test_every_documented_value_is_accepted(served: Served, name: str) -> None:
    for value in VALUES[name]:
        assert send(served, **{name: value}).status_code == 201, value


def test_the_languages_are_those_of_the_reference() -> None:
    assert set(LANGUAGES) == set(DOCUMENTED_LANGUAGES.split())


@pytest.mark.parametrize("name", [name for name in MOJITO_REQUIRED if name != "questions"])
def test_a_required_field_cannot_be_left_out(served: Served, name: str) -> None:
    answer = send(served, **{name: None})
    assert answer.status_code == 422
    assert answer.json()["issues"][0]["path"] == [name]


def test_what_is_left_out_has_the_documented_default(served: Served) -> None:
    template = made(served, description="Runs a team of senior people.")
    assert template.tone == "relaxed"
    assert template.attempts == 1
    assert template.result_view == "none"
    assert template.questions_random_subset is None
    assert template.seniority == "managerial"  # seen in the name, "Project manager"
    assert template.questions[0].scored
    assert made(served, interview_tone="pirate").tone == "relaxed"
    assert made(served, interview_tone="PROFESSIONAL").tone == "professional"


def test_questions_are_asked_as_written_and_once_unless_it_is_said(served: Served) -> None:
    twice = [{"question": "Why us?"}, {"question": "why us"}, {"question": "Why now?"}]
    assert [one.text for one in made(served, questions=twice).questions] == ["Why us?", "Why now?"]
    kept = made(served, questions=twice, disable_deduplication=True)
    assert [one.text for one in kept.questions] == [one["question"] for one in twice]


def test_every_field_is_kept(served: Served) -> None:
    store = Native(served).made("/knowledge-stores", {"name": "Handbook"})["id"]
    whole = filled(MOJITO_WHOLE, {"config": "", "merchant": "", "store": store})
    changes = {
        name: value
        for name, value in whole.items()
        if name not in MOJITO_REQUIRED and name not in {"merchant_id", "is_embedded"}
    }
    template = made(served, **changes, questions=whole["questions"])
    assert template.welcome_message == MOJITO_WHOLE["welcome_message"]
    assert template.thank_you_message == MOJITO_WHOLE["thank_you_message"]
    for name in ("code", "cover_image_url", "recording", "custom_scoring", "additional_context"):
        assert template.stored[name] == MOJITO_WHOLE[name]
    first, second = template.questions
    assert first.alternatives == ALTERNATIVES
    assert (first.label, first.external_id, first.duration_seconds) == ("Delivery", "q-1", 120)
    assert first.stored["external_data"] == QUESTION_ASKED["external_data"]
    assert first.stored["knowledge_base_id"] == template.stored["knowledge_base_store_id"] == store
    assert second.condition_question_id == first.id == "late"


def test_the_example_of_all_fields_has_all_fields() -> None:
    assert set(MOJITO_WHOLE) == set(QuestionListRequest.model_fields) - {"allowed_origins"}
    needed_by_a_condition = {"conditional_question_main_id"}
    assert set(QUESTION_ASKED) == set(QuestionRequest.model_fields) - needed_by_a_condition


def test_one_call_makes_an_embed_that_opens_an_interview(served: Served) -> None:
    answer = send(served, is_embedded=True).json()
    embed_id, signing_key = answer["embed_id"], answer["embed_signing_key"]
    assert served.client.get("/embed", params={"embed_id": embed_id}).status_code == 200
    token = served.world.sign(served.world.claims(), signing_key, kid=embed_id)
    opened = served.client.post("/api/v1/embed/sessions", json={"launch_token": token})
    assert opened.status_code == 201
    session_id = opened.json()["data"]["session_id"]
    session = served.client.get(f"/api/v1/sessions/{session_id}", headers=served.key).json()["data"]
    assert session["evaluation_template_id"] == answer["interview_def_set_id"]
    assert session["channel"] == "embed"


def test_a_draft_cannot_be_run(served: Served) -> None:
    answer = send(served, status="draft", is_embedded=True).json()
    claims = served.world.claims()
    token = served.world.sign(claims, answer["embed_signing_key"], kid=answer["embed_id"])
    opened = served.client.post("/api/v1/embed/sessions", json={"launch_token": token})
    assert opened.status_code in {404, 409}


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({"interview_tonne": "relaxed"}, 422, "body"),
        ({"interview_attempts": 21}, 422, "body"),
        ({"interview_template_id": "nobody"}, 404, "agent_profile_not_found"),
        ({"knowledge_base_store_id": "nowhere"}, 422, "knowledge_base_not_found"),
        (
            {"questions": [{"question": "What?", "knowledge_base_id": "nowhere"}]},
            422,
            "knowledge_base_not_found",
        ),
        ({"merchant_id": "somebody-else"}, 403, "merchant"),
        ({"questions": [{"question": "A", "id": "1"}, {"question": "B", "id": "1"}]}, 422, None),
    ],
)
def test_a_refusal_has_a_sentence_and_a_name(
    served: Served, changes: dict[str, Any], status: int, name: str | None
) -> None:
    answer = send(served, **changes)
    assert answer.status_code == status
    refused = answer.json()
    assert refused["error"].endswith(".")
    assert refused["name"] == (name or "questions") == refused["code"]


def test_a_bad_credential_is_refused_in_the_same_form(served: Served) -> None:
    for headers in ({}, {"authorization": "Bearer a.b.c"}):
        answer = served.client.post(CREATE, json=body(served), headers=headers)
        assert answer.status_code == 401
        assert {"error", "name"} <= set(answer.json())
        assert answer.headers["www-authenticate"] == "Bearer"
