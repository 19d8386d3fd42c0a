"""Candidates, jobs and campaigns under Evalyo's names."""

from typing import Any

import pytest
from vivavoce.core.timestamps import to_text
from vivavoce.services.organizations import Founding

from tests.services.backend import START
from tests.web.evalyo_client import Evalyo
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call, interviewed

CANDIDATES, JOBS, CAMPAIGNS = "/api/v1/candidates", "/api/v1/jobs", "/api/v1/campaigns"
CANDIDATE = {
    "firstName": "Alex",
    "lastName": "Moreau Díaz",
    "email": "Alex@example.org",
    "phone": "+33 1 02 03 04 05",
    "locale": "fr",
    "cvUrl": "https://files.example.org/alex.pdf",
    "source": "careers page",
    "externalId": "crm-7",
}
JOB = {
    "title": "Lantern keeper",
    "description": "Keeps the lights of three harbours.",
    "location": "Harbour",
    "language": "en",
    "status": "ACTIVE",
    "seniority": "senior",
    "questions": ["What did you keep alight last?", "How do you find a broken lamp?"],
}


@pytest.fixture
def evalyo(served: Served) -> Evalyo:
    return Evalyo(served)


def issues(answer: Any) -> list[list[str]]:  # noqa: ANN401
    return [issue["path"] for issue in answer.json()["issues"]]


def test_what_another_view_stored_does_not_stand_in_the_way_of_a_change(
    evalyo: Evalyo, served: Served
) -> None:
    native = Native(served)
    at = native.participant(None, name="Kim", email="kim@example.org", phone="")["id"]
    changed = evalyo.patch(f"{CANDIDATES}/{at}", {"source": "fair"})
    assert changed.status_code == 200
    assert (changed.json()["data"]["phone"], changed.json()["data"]["source"]) == ("", "fair")
    assert issues(evalyo.patch(f"{CANDIDATES}/{at}", {"phone": ""})) == [["phone"]]
    long = {"firstName": "A" * 299, "lastName": "B" * 299, "email": "ab@example.org"}
    other = evalyo.post(CANDIDATES, long).json()["data"]["id"]
    changed = native.patch(f"/participants/{other}", {"tags": ["long"]})
    assert changed.status_code == 200


def test_a_candidate_is_created_read_and_listed(evalyo: Evalyo) -> None:
    answer = evalyo.post(CANDIDATES, CANDIDATE)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert made == {
        **CANDIDATE,
        "email": "alex@example.org",
        "id": made["id"],
        "createdAt": to_text(START),
    }
    assert evalyo.get(f"{CANDIDATES}/{made['id']}").json()["data"] == made
    assert evalyo.get(CANDIDATES).json() == {
        "data": [made],
        "meta": {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1},
    }
    assert call(evalyo.served, evalyo.served.world.events)[-1] == "participant.created"


def test_a_candidate_known_by_one_name_is_shown_with_two(evalyo: Evalyo) -> None:
    evalyo.served.open_session()
    shown = evalyo.get(CANDIDATES, email="Robin@example.org").json()["data"]
    assert [(each["firstName"], each["lastName"]) for each in shown] == [("Robin", "Vale")]


def test_a_change_leaves_what_a_candidate_never_had(evalyo: Evalyo) -> None:
    served = evalyo.served
    template_id = Native(served).template()["id"]
    one = Native(served).participant(template_id, name="Mononym")
    changed = evalyo.patch(f"{CANDIDATES}/{one['id']}", {"phone": "+49 30 1"})
    assert changed.status_code == 200, changed.text
    data = changed.json()["data"]
    assert (data["firstName"], data["lastName"], data["phone"]) == ("Mononym", "", "+49 30 1")
    assert Native(served).get(f"/participants/{one['id']}").json()["data"]["name"] == "Mononym"
    refused = evalyo.patch(f"{CANDIDATES}/{one['id']}", {"lastName": None})
    assert issues(refused) == [["lastName"]]


def test_an_address_belongs_to_one_candidate_of_an_organization(evalyo: Evalyo) -> None:
    assert evalyo.post(CANDIDATES, CANDIDATE).status_code == 201
    again = evalyo.post(CANDIDATES, {**CANDIDATE, "email": "ALEX@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "candidate_exists")
    founding = Founding("Other House", "owner@other.test")
    initialize = evalyo.served.world.services.organizations.initialize
    other = {"x-api-key": call(evalyo.served, initialize, founding).api_key}
    elsewhere = evalyo.served.client.post(CANDIDATES, json=CANDIDATE, headers=other)
    assert elsewhere.status_code == 201


def test_candidates_are_found_by_the_job_they_are_interviewed_for(evalyo: Evalyo) -> None:
    candidate = evalyo.post(CANDIDATES, CANDIDATE).json()["data"]["id"]
    evalyo.post(CANDIDATES, {**CANDIDATE, "email": "b@example.org"})
    assert evalyo.get(CANDIDATES, jobId=evalyo.job_id).json()["meta"]["total"] == 0
    made = evalyo.interview(candidateId=candidate)
    assert made["candidateId"] == candidate
    found = evalyo.get(CANDIDATES, jobId=evalyo.job_id).json()["data"]
    assert [each["id"] for each in found] == [candidate]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"firstName": ""}, "firstName"),
        ({"firstName": "A\r\nBcc: b@example.org"}, "firstName"),
        ({"lastName": None}, "lastName"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.test\nBcc: c@d.test"}, "email"),
        ({"locale": "xx"}, "locale"),
        ({"cvUrl": "file:///etc/passwd"}, "cvUrl"),
        ({"first_name": "Alex"}, "first_name"),
        ({"tag": "x"}, "tag"),
    ],
)
def test_a_wrong_field_of_a_candidate_is_named(
    evalyo: Evalyo, changes: dict[str, Any], path: str
) -> None:
    answer = evalyo.post(CANDIDATES, {**CANDIDATE, **changes})
    assert answer.status_code == 400
    assert [path] in issues(answer)


def test_a_job_is_created_read_and_listed(evalyo: Evalyo) -> None:
    answer = evalyo.post(JOBS, JOB)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert made == {
        **JOB,
        "id": made["id"],
        "configId": evalyo.served.world.founded.profile_ids[0],
        "durationMinutes": 6,
    }
    assert evalyo.get(f"{JOBS}/{made['id']}").json()["data"] == made
    listed = evalyo.get(JOBS).json()
    assert listed["meta"]["total"] == 2
    assert made in listed["data"]


def test_a_job_in_draft_is_listed_apart_and_takes_no_interviews(evalyo: Evalyo) -> None:
    draft = evalyo.post(JOBS, {**JOB, "status": "DRAFT"}).json()["data"]["id"]
    found = evalyo.get(JOBS, status="DRAFT").json()["data"]
    assert [job["id"] for job in found] == [draft]
    body = {"candidateId": evalyo.candidate_id(), "jobId": draft}
    answer = evalyo.post("/api/v1/interviews", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "interview_closed")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": "  "}, ["title"]),
        ({"questions": []}, ["questions"]),
        ({"questions": ["Why?", ""]}, ["questions", "1"]),
        ({"language": "xx"}, ["language"]),
        ({"status": "draft"}, ["status"]),
        ({"seniority": "boss"}, ["seniority"]),
        ({"name": "x"}, ["name"]),
    ],
)
def test_a_wrong_field_of_a_job_is_named(
    evalyo: Evalyo, changes: dict[str, Any], path: list[str]
) -> None:
    answer = evalyo.post(JOBS, {**JOB, **changes})
    assert answer.status_code == 400
    assert path in issues(answer)


def test_a_campaign_is_created_read_and_listed(evalyo: Evalyo) -> None:
    body = {
        "name": "Spring",
        "jobId": evalyo.job_id,
        "description": "Two keepers.",
        "status": "ACTIVE",
        "startsAt": "2026-06-01T00:00:00.000Z",
        "endsAt": "2026-07-01T00:00:00.000Z",
    }
    answer = evalyo.post(CAMPAIGNS, body)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert made == {**body, "id": made["id"], "createdAt": to_text(START)}
    assert evalyo.get(f"{CAMPAIGNS}/{made['id']}").json()["data"] == made
    evalyo.post(CAMPAIGNS, {**body, "status": "DRAFT"})
    found = evalyo.get(CAMPAIGNS, status="ACTIVE", jobId=evalyo.job_id).json()
    assert (found["data"], found["meta"]["total"]) == ([made], 1)


@pytest.mark.parametrize(
    ("changes", "status", "path"),
    [
        ({"name": ""}, 400, [["name"]]),
        ({"status": "OPEN"}, 400, [["status"]]),
        ({"endsAt": "2026-05-01T00:00:00Z"}, 400, [["endsAt"]]),
        ({"startsAt": "2026-06-01"}, 400, [["startsAt"]]),
        ({"startsAt": "0001-01-01T00:00:00+14:00"}, 400, [["startsAt"]]),
        ({"endsAt": "9999-12-31T23:59:59-12:00"}, 400, [["endsAt"]]),
        ({"jobId": "none"}, 404, []),
    ],
)
def test_a_wrong_field_of_a_campaign_is_named(
    evalyo: Evalyo, changes: dict[str, Any], status: int, path: list[list[str]]
) -> None:
    body = {"name": "Spring", "jobId": evalyo.job_id, "startsAt": "2026-06-01T00:00:00Z"}
    answer = evalyo.post(CAMPAIGNS, {**body, **changes})
    assert (answer.status_code, issues(answer)) == (status, path)


def test_a_job_keeps_what_it_knows_of_a_question_whose_text_stays(evalyo: Evalyo) -> None:
    served = evalyo.served
    native = Native(served)
    first = {"question": "What broke?", "candidate_expectations_json": ["names a cause"]}
    job = native.template(questions=[{**first, "id": "q1"}, {"question": "And then?"}])
    path = f"{JOBS}/{job['id']}"
    changed = evalyo.patch(path, {"questions": ["Why?", "What broke?", "Why?"]})
    assert changed.status_code == 200, changed.text
    assert changed.json()["data"]["questions"] == ["Why?", "What broke?"]
    _, kept = native.get(f"/evaluation-templates/{job['id']}").json()["data"]["questions"]
    assert (kept["id"], kept["candidate_expectations_json"]) == ("q1", ["names a cause"])


def test_a_campaign_stays_with_its_job_and_ends_after_it_starts(evalyo: Evalyo) -> None:
    body = {"name": "Spring", "jobId": evalyo.job_id, "endsAt": "2026-07-01T00:00:00Z"}
    path = f"{CAMPAIGNS}/{evalyo.post(CAMPAIGNS, body).json()['data']['id']}"
    moved = evalyo.patch(path, {"jobId": "another"})
    assert (moved.status_code, issues(moved)) == (400, [["jobId"]])
    inverted = evalyo.patch(path, {"startsAt": "2026-08-01T00:00:00Z"})
    assert (inverted.status_code, inverted.json()["code"]) == (400, "campaign_window")
    opened = evalyo.patch(path, {"endsAt": None, "status": "DRAFT"}).json()["data"]
    assert (opened["endsAt"], opened["status"], opened["name"]) == (None, "DRAFT", "Spring")


def test_nothing_of_one_organization_is_reachable_from_another(evalyo: Evalyo) -> None:
    served = evalyo.served
    interviewed(served)
    candidate = evalyo.post(CANDIDATES, CANDIDATE).json()["data"]["id"]
    job = {"name": "Spring", "jobId": evalyo.job_id}
    campaign = evalyo.post(CAMPAIGNS, job).json()["data"]["id"]
    founding = Founding("Other House", "owner@other.test")
    other = call(served, served.world.services.organizations.initialize, founding)
    headers = {"x-api-key": other.api_key}
    for path, one in ((CANDIDATES, candidate), (JOBS, evalyo.job_id), (CAMPAIGNS, campaign)):
        assert served.client.get(f"{path}/{one}", headers=headers).status_code == 404
        assert served.client.get(path, headers=headers).json()["meta"]["total"] == 0
        assert served.client.get(path).status_code == 401
    answer = served.client.post(CAMPAIGNS, json=job, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "template_not_found")
