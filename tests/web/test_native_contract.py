"""The documented examples of the native contract, sent as they stand and compared field by field.

An integrator changes the base address and the credential, nothing else.
"""

from typing import Any

import pytest

from tests.services.test_sessions import CARD
from tests.web.native_client import PARTICIPANT, PROFILE, STAGES, TEMPLATE, Native
from tests.web.served import Served
from tests.web.test_native_api import call, interviewed


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def said(body: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """What the answer has for each field that was sent, objects field by field."""
    return {
        name: said(value, answered[name]) if isinstance(value, dict) else answered[name]
        for name, value in body.items()
    }


def test_the_agent_profile_of_the_reference(native: Native) -> None:
    answer = native.post("/agent-profiles", PROFILE)
    assert answer.status_code == 201
    profile = answer.json()["data"]
    dimensions = profile.pop("evaluationDimensions")
    expected = {name: value for name, value in PROFILE.items() if name != "evaluationDimensions"}
    assert said(expected, profile) == expected
    for sent, got in zip(PROFILE["evaluationDimensions"], dimensions, strict=True):
        assert said(sent, got) == sent
    assert set(profile) == {
        "id",
        "name",
        "persona",
        "useCase",
        "rubricVersion",
        "interaction",
        "scoring",
        "context",
        "output",
    }


def test_an_agent_profile_of_the_required_fields_has_the_documented_defaults(
    native: Native,
) -> None:
    required = {
        name: PROFILE[name] for name in ("name", "persona", "useCase", "evaluationDimensions")
    }
    profile = native.made("/agent-profiles", required)
    assert profile["interaction"] == {
        "tone": "friendly",
        "style": "structured",
        "difficulty": "medium",
        "probingDepth": "medium",
    }
    assert profile["scoring"] == {
        "scale": "0-10",
        "scoringMethod": "weighted_average",
        "recommendationLogic": None,
    }
    assert profile["context"] == {
        "organizationContext": "",
        "domainContext": "",
        "scenarioContext": "",
    }
    assert profile["output"] == {
        "includeTranscript": True,
        "includeScoreBreakdown": True,
        "includeRecommendation": True,
        "includeImprovementFeedback": True,
    }


@pytest.mark.parametrize("name", ["name", "persona", "useCase", "evaluationDimensions"])
def test_each_required_field_of_an_agent_profile_is_required(native: Native, name: str) -> None:
    body = {field: value for field, value in PROFILE.items() if field != name}
    answer = native.post("/agent-profiles", body)
    assert answer.status_code == 400
    assert answer.json()["issues"][0]["path"] == [name]


VALUES = {
    "tone": ["friendly", "professional", "strict", "challenging"],
    "style": ["structured", "conversational", "adaptive"],
    "difficulty": ["easy", "medium", "hard", "adaptive"],
    "probingDepth": ["low", "medium", "high"],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in VALUES.items() for value in values]
)
def test_every_documented_way_to_interact_is_accepted(
    native: Native, field: str, value: str
) -> None:
    assert native.profile(interaction={field: value})["interaction"][field] == value


def test_an_evaluation_template_of_the_required_fields_has_the_documented_defaults(
    native: Native,
) -> None:
    required = {name: TEMPLATE[name] for name in ("template_name", "use_case", "objective")}
    template = native.made("/evaluation-templates", required)
    assert said(required, template) == required
    defaults = {
        "success_outcome": "hire_no_hire",
        "skills": [],
        "soft_skills": [],
        "language": "en",
        "default_duration_minutes": 30,
        "default_difficulty": "intermediate",
        "default_session_mode": "live_ai_interview",
        "interview_type": "pre-screening",
        "seniority_level": "senior",  # read from the name
        "result_view": "none",
        "overallPassThreshold": 7.0,
        "questions": [],
        "status": "active",
    }
    assert said(defaults, template) == defaults


# The table of use cases: hiring, training, mock interview.
USE_CASES: list[dict[str, Any]] = [
    {
        "use_case": "hiring",
        "objective": "Can they do the job?",
        "success_outcome": "hire_no_hire",
        "default_session_mode": "live_ai_interview",
    },
    {
        "use_case": "training",
        "objective": "Are they ready to perform?",
        "success_outcome": "ready_needs_training",
        "default_session_mode": "roleplay_simulation",
    },
    {
        "use_case": "training",
        "objective": "Are they ready for the real thing?",
        "success_outcome": "pass_fail",
        "default_session_mode": "practice_session",
    },
]


@pytest.mark.parametrize("fields", USE_CASES, ids=lambda fields: fields["success_outcome"])
def test_the_templates_of_each_use_case(native: Native, fields: dict[str, Any]) -> None:
    body = {**TEMPLATE, **fields}
    assert said(body, native.made("/evaluation-templates", body)) == body


@pytest.mark.parametrize(
    ("use_case", "outcome"),
    [
        ("hiring", "hire_no_hire"),
        ("admissions", "admit_reject"),
        ("training", "ready_needs_training"),
        ("custom_api", "pass_fail"),
    ],
)
def test_the_outcome_is_derived_from_the_use_case(
    native: Native, use_case: str, outcome: str
) -> None:
    assert native.template(use_case=use_case)["success_outcome"] == outcome


def test_the_three_stages_of_the_reference(native: Native) -> None:
    template_id = native.template()["id"]
    for order, stage in enumerate(STAGES):
        body = {**stage, "evaluation_template_id": template_id}
        made = native.made("/evaluation-stages", body)
        assert said(body, made) == body
        assert made["stage_order"] == order
        assert made["duration"] == 30
        assert made["allow_retake"] is False
        assert made["automation_rule"] == stage.get("automation_rule", "none")
        assert made["agent_profile_id"]


def test_the_participant_of_the_reference(native: Native) -> None:
    body = {**PARTICIPANT, "evaluation_template_id": native.template()["id"]}
    made = native.made("/participants", body)
    assert said(body, made) == body
    assert made["background"] == {"skills": [], "education": None, "languages": []}
    background = {"skills": ["Go"], "education": "BSc", "languages": ["en", "de"]}
    changed = native.patch(f"/participants/{made['id']}", {"background": background})
    assert changed.json()["data"]["background"] == background


def test_the_session_of_the_reference(native: Native) -> None:
    """Field for field what `GET /sessions/:id` is documented to answer."""
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    services = native.served.world.services
    journal = services.journals.of(session_id)
    call(native.served, journal.started)
    native.served.world.clock.advance(2740)
    call(native.served, journal.completed, 2_740_000)
    call(native.served, services.scorecard_store.save, session_id, CARD, services.clock.now())
    session = native.get(f"/sessions/{session_id}").json()["data"]
    documented = {
        "id": session_id,
        "status": "completed",
        "evaluation_template_id": template_id,
        "candidate_id": candidate_id,
        "stage": "screen",
        "score": 8.2,
        "passed": True,
        "recommendation": "hire",
        "ai_feedback": CARD.ai_feedback,
        "duration_seconds": 2740,
        "started_at": "2026-06-02T07:48:31.000Z",
        "ended_at": "2026-06-02T08:34:11.000Z",
    }
    assert said(documented, session) == documented
    for dimension in session["evaluation_breakdown"]:
        assert {"name", "score", "feedback", "weight", "level", "citations"} <= set(dimension)


def test_a_session_has_every_documented_field(native: Native) -> None:
    session_id = interviewed(native.served)
    session = native.get(f"/sessions/{session_id}").json()["data"]
    assert set(session) >= {
        "id",
        "status",
        "evaluation_template_id",
        "candidate_id",
        "external_id",
        "stage",
        "language",
        "channel",
        "join_url",
        "score",
        "passed",
        "recommendation",
        "ai_feedback",
        "evaluation_breakdown",
        "transcript",
        "recording_url",
        "authenticity_signals",
        "duration_seconds",
        "scheduled_at",
        "started_at",
        "ended_at",
        "scored_at",
        "evidence",
    }
    assert set(session["authenticity_signals"]) == {
        "tab_switches",
        "paste_events",
        "voice_spoofing_flags",
        "screen_share_detections",
        "events",
    }
    for turn in session["transcript"]:
        assert {"turn", "speaker", "text", "start_ms", "end_ms"} <= set(turn)
        assert turn["speaker"] in {"ai", "participant"}


def test_sessions_of_one_person_stay_attached_as_attempts_fail(native: Native) -> None:
    """Independent rows; the application shows the latest of each stage."""
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    first = native.order(template_id, candidate_id).json()["data"]["id"]
    services = native.served.world.services
    call(native.served, services.journals.of(first).started)
    call(native.served, services.sessions.fail, first, "disconnected")
    native.served.world.clock.advance(1)
    second = native.order(template_id, candidate_id)
    assert second.status_code == 201
    listed = native.get(f"/sessions?candidate_id={candidate_id}").json()["data"]
    assert {one["id"] for one in listed} == {first, second.json()["data"]["id"]}
    (application,) = native.get("/applications").json()["data"]
    (latest,) = application["sessions"]
    assert latest["session_id"] == second.json()["data"]["id"]
    assert native.post(f"/sessions/{first}/cancel").status_code == 409
