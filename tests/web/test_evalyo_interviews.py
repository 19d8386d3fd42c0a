"""The examples of the interviews reference, field by field, and what does not fit them."""

from typing import Any

import pytest
from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.services.campaigns import NewCampaign
from vivavoce.services.organizations import Founding

from tests.services.backend import START, interview_fields
from tests.services.test_sessions import CARD
from tests.web.evalyo_client import Evalyo
from tests.web.served import Served
from tests.web.test_native_api import call, interviewed

INTERVIEWS = "/api/v1/interviews"
SUMMARY = {
    "id",
    "status",
    "failureReason",
    "candidateId",
    "jobId",
    "campaignId",
    "stageId",
    "configId",
    "language",
    "interviewUrl",
    "createdAt",
    "scheduledAt",
    "expiresAt",
    "startedAt",
    "endedAt",
    "durationSeconds",
    "overallScore",
    "recommendation",
    "reportId",
}
DETAILS = SUMMARY | {"evaluation", "transcript", "audioUrl"}
DAY = 86_400


@pytest.fixture
def evalyo(served: Served) -> Evalyo:
    return Evalyo(served)


def found_another(served: Served) -> Any:  # noqa: ANN401
    founding = Founding("Other House", "owner@other.test")
    return call(served, served.world.services.organizations.initialize, founding)


def test_an_interview_is_created_with_what_the_reference_names(evalyo: Evalyo) -> None:
    world = evalyo.served.world
    stages = call(evalyo.served, world.stores.read.templates.stages, evalyo.job_id)
    campaign = call(
        evalyo.served,
        world.services.campaigns.create,
        world.organization_id,
        NewCampaign(evalyo.job_id, "Spring"),
    )
    body = {
        "candidateId": evalyo.candidate_id(),
        "jobId": evalyo.job_id,
        "campaignId": campaign.id,
        "stageId": stages[0].id,
        "configId": world.founded.profile_ids[1],
        "expiresAt": "2026-06-20T23:59:59Z",
        "sendInvite": True,
    }
    answer = evalyo.post(INTERVIEWS, body)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert set(made) == DETAILS
    assert made["status"] == "INVITED"
    for name in ("candidateId", "jobId", "campaignId", "stageId", "configId"):
        assert made[name] == body[name]
    assert made["expiresAt"] == "2026-06-20T23:59:59.000Z"
    assert made["createdAt"] == to_text(START)
    assert "#t=" in made["interviewUrl"]
    assert made["transcript"] == []
    for name in ("evaluation", "audioUrl", "reportId", "startedAt", "overallScore"):
        assert made[name] is None
    assert evalyo.get(f"{INTERVIEWS}/{made['id']}").json()["data"] == made


def test_an_invitation_lasts_seven_days_unless_it_is_said(evalyo: Evalyo) -> None:
    made = evalyo.interview()
    assert made["expiresAt"] == "2026-06-09T07:48:31.000Z"
    assert made["stageId"] is not None
    assert made["configId"] == evalyo.served.world.founded.profile_ids[0]
    assert made["campaignId"] is None


def test_creating_an_interview_announces_a_session(evalyo: Evalyo) -> None:
    evalyo.interview()
    events = call(evalyo.served, evalyo.served.world.events)
    assert events[-1] == "session.created"


def test_a_list_has_the_pages_of_the_reference(evalyo: Evalyo) -> None:
    candidate = evalyo.candidate_id()
    made = [evalyo.interview(candidateId=candidate)["id"] for _ in range(3)]
    answer = evalyo.get(INTERVIEWS, page=1, pageSize=2).json()
    assert answer["meta"]["page"] == 1
    assert answer["meta"]["pageSize"] == 2
    assert [set(item) for item in answer["data"]] == [SUMMARY, SUMMARY]
    listed = evalyo.get(INTERVIEWS).json()
    assert listed["meta"]["pageSize"] == 20
    assert set(made) <= {item["id"] for item in listed["data"]}


def test_every_status_is_seen_and_found(evalyo: Evalyo) -> None:
    served = evalyo.served
    candidate = evalyo.candidate_id()
    soon = to_text(served.world.clock.now().replace(hour=8))
    ids = {
        "DRAFT": evalyo.interview(candidateId=candidate, sendInvite=False)["id"],
        "INVITED": evalyo.interview(candidateId=candidate)["id"],
        "EXPIRED": evalyo.interview(candidateId=candidate, expiresAt=soon)["id"],
        "IN_PROGRESS": evalyo.interview(candidateId=candidate)["id"],
        "COMPLETED": evalyo.interview(candidateId=candidate)["id"],
        "CANCELLED": evalyo.interview(candidateId=candidate)["id"],
    }
    failed = evalyo.interview(candidateId=candidate)["id"]
    for interview_id in (ids["IN_PROGRESS"], ids["COMPLETED"], failed):
        assert evalyo.turn(interview_id, 1, "agent", "Hello.").status_code == 201
    assert evalyo.finalize(ids["COMPLETED"]).status_code == 200
    sessions = served.world.services.sessions
    call(served, sessions.cancel, served.world.organization_id, ids["CANCELLED"])
    call(served, sessions.fail, failed, "disconnected")
    served.world.clock.advance(3600)
    for status, interview_id in ids.items():
        items = evalyo.get(INTERVIEWS, status=status).json()
        found = {item["id"]: item["status"] for item in items["data"]}
        assert found[interview_id] == status
        assert set(found.values()) == {status}
        assert items["meta"]["total"] == len(found)
        details = evalyo.get(f"{INTERVIEWS}/{interview_id}").json()["data"]
        assert details["status"] == status
    details = evalyo.get(f"{INTERVIEWS}/{failed}").json()["data"]
    assert (details["status"], details["failureReason"]) == ("CANCELLED", "disconnected")


def test_interviews_are_found_by_job_and_campaign(evalyo: Evalyo) -> None:
    served, world = evalyo.served, evalyo.served.world
    wanted = NewCampaign(evalyo.job_id, "Spring")
    campaign = call(served, world.services.campaigns.create, world.organization_id, wanted)
    made = evalyo.interview(campaignId=campaign.id)["id"]
    by_campaign = evalyo.get(INTERVIEWS, campaignId=campaign.id).json()["data"]
    assert [item["id"] for item in by_campaign] == [made]
    by_job = evalyo.get(INTERVIEWS, jobId=evalyo.job_id).json()["data"]
    assert made in {item["id"] for item in by_job}
    assert evalyo.get(INTERVIEWS, jobId="none").json()["meta"]["total"] == 0


def test_the_details_hold_evaluation_transcript_and_report(evalyo: Evalyo) -> None:
    session_id = interviewed(evalyo.served)
    details = evalyo.get(f"{INTERVIEWS}/{session_id}").json()["data"]
    assert details["status"] == "COMPLETED"
    assert details["durationSeconds"] == 61
    assert details["overallScore"] == CARD.score
    assert details["evaluation"] == {
        "overallScore": 8.2,
        "passed": True,
        "recommendation": "hire",
        "summary": "Clear.",
        "coverage": 1.0,
        "reasons": [],
        "criteria": [
            {
                "name": "Clarity",
                "score": 8.2,
                "weight": 100,
                "level": 4,
                "spread": 0,
                "feedback": "Led with the point.",
                "citations": [{"turnNumber": 2, "quote": "I", "startMs": 0, "endMs": 9}],
            }
        ],
    }
    assert details["transcript"][1] == {
        "turnNumber": 2,
        "role": "candidate",
        "content": "I built it.",
        "audioUrl": None,
        "isPendingQuestion": False,
        "evaluation": None,
        "startMs": 1000,
        "endMs": 1900,
    }
    report = evalyo.get(f"/api/v1/reports/{details['reportId']}").json()["data"]
    assert report == {
        "id": session_id,
        "interviewId": session_id,
        "candidateId": details["candidateId"],
        "jobId": evalyo.job_id,
        "campaignId": None,
        "status": "READY",
        **details["evaluation"],
        "turnEvaluations": [],
        "evidence": {"rubric_version": 1},
        "createdAt": to_text(START),
    }


def test_an_expired_invitation_leads_nowhere(evalyo: Evalyo) -> None:
    served = evalyo.served
    made = evalyo.interview()
    token = made["interviewUrl"].partition("#t=")[2]
    served.world.clock.advance(8 * DAY)
    details = evalyo.get(f"{INTERVIEWS}/{made['id']}").json()["data"]
    assert (details["status"], details["interviewUrl"]) == ("EXPIRED", None)
    answer = served.client.post("/api/v1/embed/sessions", json={"invitation": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "invitation_expired")
    assert evalyo.turn(made["id"], 1, "agent", "Hello.").json()["code"] == "invitation_expired"


@pytest.mark.parametrize(
    ("changes", "status", "path"),
    [
        ({"candidateId": None}, 400, ["candidateId"]),
        ({"jobId": 7}, 400, ["jobId"]),
        ({"jobId": ""}, 400, ["jobId"]),
        ({"sendInvite": "yes"}, 400, ["sendInvite"]),
        ({"expiresAt": "tomorrow"}, 400, ["expiresAt"]),
        ({"expiresAt": "2026-06-20T10:00:00"}, 400, ["expiresAt"]),
        ({"expiresAt": 1781000000}, 400, ["expiresAt"]),
        ({"expiresAt": "2026-06-01T00:00:00Z"}, 400, ["expiresAt"]),
        ({"expiresAt": "2027-06-01T00:00:00Z"}, 400, ["expiresAt"]),
        ({"candidate_id": "x"}, 400, ["candidate_id"]),
        ({"sendInvitation": True}, 400, ["sendInvitation"]),
    ],
)
def test_a_wrong_field_is_named(
    evalyo: Evalyo, changes: dict[str, Any], status: int, path: list[str]
) -> None:
    body = {"candidateId": evalyo.candidate_id(), "jobId": evalyo.job_id, **changes}
    answer = evalyo.post(INTERVIEWS, body)
    assert answer.status_code == status
    assert path in [issue["path"] for issue in answer.json()["issues"]]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"candidateId": "nobody"}, 404, "participant_not_found"),
        ({"jobId": "none"}, 404, "template_not_found"),
        ({"campaignId": "none"}, 404, "campaign_not_found"),
        ({"configId": "none"}, 404, "agent_profile_not_found"),
        ({"stageId": "none"}, 422, "stage_of_another_job"),
        ({"jobId": "' OR 1=1 --"}, 404, "template_not_found"),
    ],
)
def test_what_does_not_exist_is_refused(
    evalyo: Evalyo, changes: dict[str, Any], status: int, code: str
) -> None:
    body = {"candidateId": evalyo.candidate_id(), "jobId": evalyo.job_id, **changes}
    answer = evalyo.post(INTERVIEWS, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_campaign_admits_only_its_own_job_in_its_own_time(evalyo: Evalyo) -> None:
    served, world = evalyo.served, evalyo.served.world
    create = world.services.campaigns.create
    later = NewCampaign(evalyo.job_id, "Autumn", starts_at=START.replace(month=9))
    closed = call(served, create, world.organization_id, later)
    body = {"candidateId": evalyo.candidate_id(), "jobId": evalyo.job_id}
    answer = evalyo.post(INTERVIEWS, {**body, "campaignId": closed.id})
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_closed")
    fields = interview_fields(world.founded.profile_ids[0], name="Another")
    interviews = world.services.interviews
    other = call(served, interviews.create_from_questions, world.organization_id, fields)
    foreign = call(served, create, world.organization_id, NewCampaign(other.template.id, "Else"))
    answer = evalyo.post(INTERVIEWS, {**body, "campaignId": foreign.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "campaign_of_another_job")


@pytest.mark.parametrize(
    "query",
    [{"status": "DONE"}, {"status": "completed"}, {"page": 0}, {"pageSize": 101}, {"job": "x"}],
)
def test_a_wrong_filter_is_refused(evalyo: Evalyo, query: dict[str, Any]) -> None:
    answer = evalyo.get(INTERVIEWS, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "query")


def test_another_organization_sees_none_of_it(evalyo: Evalyo) -> None:
    served = evalyo.served
    session_id = interviewed(served)
    candidate = evalyo.candidate_id()
    other = {"x-api-key": found_another(served).api_key}
    client = served.client
    assert client.get(f"{INTERVIEWS}/{session_id}", headers=other).status_code == 404
    assert client.get(f"/api/v1/reports/{session_id}", headers=other).status_code == 404
    assert client.get(INTERVIEWS, headers=other).json()["meta"]["total"] == 0
    body = {"candidateId": candidate, "jobId": evalyo.job_id}
    assert client.post(INTERVIEWS, json=body, headers=other).status_code == 404


def test_each_address_needs_its_scope(evalyo: Evalyo) -> None:
    served = evalyo.served
    create = served.world.services.credentials.create_api_key
    scopes = [Scope.EMBEDS_READ]
    _, weak = call(served, create, served.world.organization_id, "weak", scopes)
    for path, scope in {
        INTERVIEWS: "interviews.read",
        f"{INTERVIEWS}/x": "interviews.read",
        "/api/v1/reports/x": "reports.read",
        "/api/v1/campaigns": "campaigns.read",
    }.items():
        answer = served.client.get(path, headers={"x-api-key": weak})
        assert answer.status_code == 403
        assert scope in answer.json()["error"]
        assert served.client.get(path).status_code == 401
    answer = served.client.post(INTERVIEWS, json={}, headers={"x-api-key": weak})
    assert (answer.status_code, "interviews.write" in answer.json()["error"]) == (403, True)
