"""The agent workflow of the reference: each example, and everything an agent might get wrong."""

from typing import Any

import pytest
from vivavoce.core.timestamps import to_text
from vivavoce.services.organizations import Founding
from vivavoce.web.results.view import result_page

from tests.services.backend import START
from tests.web.evalyo_client import Evalyo
from tests.web.served import Served
from tests.web.test_native_api import call

QUESTION = "What did you build last?"
RECORDING = "https://media.example.org/interviews/whole.ogg"
ANSWER_AUDIO = "https://media.example.org/turns/2.ogg"
RATING = {"scores": {"clarity": 4, "depth": 3}, "flags": ["short"]}
TURN = {
    "turnNumber",
    "role",
    "content",
    "audioUrl",
    "isPendingQuestion",
    "evaluation",
    "startMs",
    "endMs",
}


@pytest.fixture
def evalyo(served: Served) -> Evalyo:
    return Evalyo(served)


def code(answer: Any) -> tuple[int, str]:  # noqa: ANN401
    return answer.status_code, answer.json()["code"]


def test_an_agent_asks_a_question_and_hears_an_answer(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    asked = evalyo.turn(interview_id, 1, "agent", QUESTION, isPendingQuestion=True)
    assert asked.status_code == 201
    assert set(asked.json()["data"]) == TURN
    assert asked.json()["data"]["isPendingQuestion"] is True
    evalyo.served.world.clock.advance(42)
    answered = evalyo.turn(
        interview_id,
        2,
        "candidate",
        "I rebuilt the billing of a lantern factory.",
        audioUrl=ANSWER_AUDIO,
        evaluation=RATING,
    )
    assert answered.status_code == 201
    assert answered.json()["data"] == {
        "turnNumber": 2,
        "role": "candidate",
        "content": "I rebuilt the billing of a lantern factory.",
        "audioUrl": ANSWER_AUDIO,
        "isPendingQuestion": False,
        "evaluation": RATING,
        "startMs": 0,
        "endMs": 42_000,
    }
    history = evalyo.history(interview_id).json()["data"]
    assert (history["interviewId"], history["status"]) == (interview_id, "IN_PROGRESS")
    assert history["turns"] == [asked.json()["data"], answered.json()["data"]]
    details = evalyo.get(f"/api/v1/interviews/{interview_id}").json()["data"]
    assert details["transcript"] == history["turns"]
    events = call(evalyo.served, evalyo.served.world.events)
    assert events[-2:] == ["session.created", "session.started"]


def test_a_turn_in_progress_is_completed_later(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION, isPendingQuestion=True)
    empty = evalyo.tell(interview_id, {"turnNumber": 2, "role": "candidate"})
    assert (empty.status_code, empty.json()["data"]["content"]) == (201, "")
    evalyo.served.world.clock.advance(30)
    body = {"content": "Three services.", "audioUrl": ANSWER_AUDIO, "evaluation": RATING}
    corrected = evalyo.correct(interview_id, 2, body)
    assert corrected.status_code == 200
    turn = corrected.json()["data"]
    assert {name: turn[name] for name in body} == body
    assert turn["endMs"] == 30_000
    partly = evalyo.correct(interview_id, 2, {"content": "Four services."}).json()["data"]
    assert partly == {**turn, "content": "Four services."}
    assert evalyo.history(interview_id).json()["data"]["turns"][1] == partly


def test_what_an_agent_asks_is_matched_with_the_prepared_questions(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    lines = [
        ("agent", "Hello, and welcome.", False),
        ("agent", "what did you build last", True),
        ("candidate", "A harbour.", False),
        ("agent", "Which part was hard?", True),
        ("candidate", "The tides.", False),
        ("agent", "I see.", False),
        ("agent", "How do you find the cause of a fault?", True),
        ("candidate", "I read the log.", False),
    ]
    for number, (role, text, waits) in enumerate(lines, 1):
        evalyo.turn(interview_id, number, role, text, isPendingQuestion=waits)
    native = evalyo.get(f"/api/v1/sessions/{interview_id}").json()["data"]["transcript"]
    assert [(turn["kind"], turn["question"]) for turn in native] == [
        ("welcome", None),
        ("question", 0),
        ("answer", 0),
        ("follow_up", 0),
        ("answer", 0),
        ("acknowledgement", 0),
        ("question", 1),
        ("answer", 1),
    ]
    evalyo.correct(interview_id, 4, {"content": "How do you find the cause of a fault?"})
    native = evalyo.get(f"/api/v1/sessions/{interview_id}").json()["data"]["transcript"]
    assert [turn["question"] for turn in native] == [None, 0, 0, 1, 1, 1, 1, 1]


def test_finalizing_completes_the_interview_once(evalyo: Evalyo) -> None:
    world = evalyo.served.world
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION, isPendingQuestion=True)
    world.clock.advance(600)
    ended_at = to_text(START.replace(minute=57))
    answer = evalyo.finalize(
        interview_id, endedAt=ended_at, audioUrl=RECORDING, generateReport=True
    )
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["status"] == "COMPLETED"
    assert data["endedAt"] == ended_at
    assert data["durationSeconds"] == 540
    assert data["audioUrl"] == RECORDING
    assert (data["reportId"], data["reportStatus"]) == (interview_id, "GENERATING")
    report = evalyo.get(f"/api/v1/reports/{interview_id}").json()["data"]
    assert (report["status"], report["overallScore"]) == ("GENERATING", None)
    events = call(evalyo.served, world.events)
    assert events[-2:] == ["session.started", "session.completed"]
    assert interview_id in call(evalyo.served, world.services.sessions.unscored)
    native = evalyo.get(f"/api/v1/sessions/{interview_id}").json()["data"]
    assert native["recording_url"] == RECORDING
    assert code(evalyo.finalize(interview_id)) == (409, "session_state")
    assert code(evalyo.turn(interview_id, 2, "candidate", "Late.")) == (409, "session_state")
    assert code(evalyo.correct(interview_id, 1, {"content": "x"})) == (409, "session_state")
    assert evalyo.history(interview_id).json()["data"]["status"] == "COMPLETED"


def test_the_page_of_results_does_not_load_a_recording_from_elsewhere(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION)
    evalyo.finalize(interview_id, audioUrl=RECORDING)
    results = evalyo.served.world.services.results
    organization_id = evalyo.served.world.organization_id
    page = result_page(call(evalyo.served, results.one, organization_id, interview_id))
    assert page.recording is None


def test_no_report_is_written_where_none_is_wanted(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION)
    data = evalyo.finalize(interview_id, generateReport=False).json()["data"]
    assert (data["reportId"], data["reportStatus"]) == (None, "NONE")
    assert code(evalyo.get(f"/api/v1/reports/{interview_id}")) == (404, "report_not_found")
    assert interview_id not in call(evalyo.served, evalyo.served.world.services.sessions.unscored)


def test_a_turn_sent_twice_is_kept_once(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    first = evalyo.turn(interview_id, 1, "agent", QUESTION)
    again = evalyo.turn(interview_id, 1, "agent", QUESTION)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert code(evalyo.turn(interview_id, 1, "agent", "Other words.")) == (409, "turn_number")


@pytest.mark.parametrize("number", [2, 3, 2000])
def test_turns_have_no_gaps_and_a_wrong_first_one_starts_nothing(
    evalyo: Evalyo, number: int
) -> None:
    interview_id = evalyo.interview()["id"]
    assert code(evalyo.turn(interview_id, number, "agent", "Hello.")) == (409, "turn_number")
    assert evalyo.history(interview_id).json()["data"] == {
        "interviewId": interview_id,
        "status": "INVITED",
        "turns": [],
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"turnNumber": 0}, ["turnNumber"]),
        ({"turnNumber": -1}, ["turnNumber"]),
        ({"turnNumber": 1.5}, ["turnNumber"]),
        ({"turnNumber": "1"}, ["turnNumber"]),
        ({"turnNumber": 10**30}, ["turnNumber"]),
        ({"turnNumber": True}, ["turnNumber"]),
        ({"role": "ai"}, ["role"]),
        ({"content": 7}, ["content"]),
        ({"content": "a" * 20_001}, ["content"]),
        ({"audioUrl": "javascript:alert(1)"}, ["audioUrl"]),
        ({"audioUrl": "https://"}, ["audioUrl"]),
        ({"isPendingQuestion": "true"}, ["isPendingQuestion"]),
        ({"evaluation": [1]}, ["evaluation"]),
        ({"evaluation": {"a": "b" * 40_000}}, ["evaluation"]),
        ({"turn_number": 1}, ["turn_number"]),
        ({"speaker": "agent"}, ["speaker"]),
    ],
)
def test_a_wrong_field_of_a_turn_is_named(
    evalyo: Evalyo, changes: dict[str, Any], path: list[str]
) -> None:
    interview_id = evalyo.interview()["id"]
    answer = evalyo.tell(interview_id, {"turnNumber": 1, "role": "agent", **changes})
    assert answer.status_code == 400
    assert path in [issue["path"] for issue in answer.json()["issues"]]


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1e3", "٣", "9" * 50])
def test_a_turn_that_is_not_there_cannot_be_corrected(evalyo: Evalyo, number: str) -> None:
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION)
    assert code(evalyo.correct(interview_id, number, {"content": "x"})) == (404, "turn_not_found")


@pytest.mark.parametrize("ended_at", ["2026-06-02T07:00:00Z", "2026-06-03T00:00:00Z", "soon"])
def test_an_interview_ends_between_its_start_and_now(evalyo: Evalyo, ended_at: str) -> None:
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION)
    answer = evalyo.finalize(interview_id, endedAt=ended_at)
    assert answer.status_code == 400
    assert [issue["path"] for issue in answer.json()["issues"]] == [["endedAt"]]


def test_an_interview_without_a_turn_cannot_be_finalized(evalyo: Evalyo) -> None:
    interview_id = evalyo.interview()["id"]
    assert code(evalyo.finalize(interview_id)) == (409, "session_state")


def test_nobody_writes_into_the_interview_of_somebody_else(evalyo: Evalyo) -> None:
    served = evalyo.served
    built_in = served.open_session()["session_id"]
    call(served, served.world.services.journals.of(built_in).started)
    assert code(evalyo.turn(built_in, 1, "agent", "Hello.")) == (409, "conductor")
    assert code(evalyo.finalize(built_in)) == (409, "conductor")
    made = evalyo.interview()
    token = made["interviewUrl"].partition("#t=")[2]
    evalyo.turn(made["id"], 1, "agent", QUESTION)
    answer = served.client.post("/api/v1/embed/sessions", json={"invitation": token})
    assert code(answer) == (409, "conductor")


def test_an_agent_that_falls_silent_leaves_a_failed_interview(evalyo: Evalyo) -> None:
    served = evalyo.served
    interview_id = evalyo.interview()["id"]
    evalyo.turn(interview_id, 1, "agent", QUESTION)
    served.world.clock.advance(500)
    evalyo.tell(interview_id, {"turnNumber": 2, "role": "candidate"})
    served.world.clock.advance(500)
    assert call(served, served.world.services.sessions.fail_expired) == ()
    served.world.clock.advance(200)
    assert call(served, served.world.services.sessions.fail_expired) == (interview_id,)
    details = evalyo.get(f"/api/v1/interviews/{interview_id}").json()["data"]
    assert (details["status"], details["failureReason"]) == ("CANCELLED", "disconnected")
    assert len(details["transcript"]) == 2


def workflow(evalyo: Evalyo, interview_id: str, headers: dict[str, str]) -> list[Any]:
    """Every address of the workflow, with one credential."""
    client, path = evalyo.served.client, f"/api/interviews/{interview_id}"
    turn = {"turnNumber": 1, "role": "agent", "content": QUESTION}
    return [
        client.post(f"{path}/turns", json=turn, headers=headers),
        client.patch(f"{path}/turns/1", json={"content": "x"}, headers=headers),
        client.get(f"{path}/history", headers=headers),
        client.post(f"{path}/finalize", json={}, headers=headers),
    ]


def test_an_api_key_opens_none_of_the_workflow(evalyo: Evalyo) -> None:
    served = evalyo.served
    interview_id = evalyo.interview()["id"]
    access = served.client.post("/api/v1/auth/token", headers=served.key).json()["access_token"]
    for headers in (served.key, {"authorization": f"Bearer {access}"}):
        answers = workflow(evalyo, interview_id, headers)
        assert [code(answer) for answer in answers] == [(403, "agent_credential")] * 4
    made_token = served.client.post(f"/api/interviews/{interview_id}/token", headers=served.key)
    assert code(made_token) == (403, "agent_credential")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "credential"),
        ({"x-agent-secret": ""}, "agent_secret"),
        ({"x-agent-secret": "vvas_guess"}, "agent_secret"),
        ({"x-api-key": "vv_live_guess"}, "api_key"),
        ({"authorization": "Bearer a.b.c"}, "access_token"),
        ({"authorization": "Basic YTpi"}, "credential"),
    ],
)
def test_a_bad_credential_opens_nothing(
    evalyo: Evalyo, headers: dict[str, str], expected: str
) -> None:
    interview_id = evalyo.interview()["id"]
    answers = workflow(evalyo, interview_id, headers)
    assert [code(answer) for answer in answers] == [(401, expected)] * 4


def test_the_secret_of_another_organization_finds_nothing(evalyo: Evalyo) -> None:
    served = evalyo.served
    founding = Founding("Other House", "owner@other.test")
    other = call(served, served.world.services.organizations.initialize, founding)
    interview_id = evalyo.interview()["id"]
    answers = workflow(evalyo, interview_id, {"x-agent-secret": other.agent_secret})
    assert [code(answer) for answer in answers] == [(404, "session_not_found")] * 4
    answers = workflow(evalyo, "none", evalyo.secret)
    assert [code(answer) for answer in answers] == [(404, "session_not_found")] * 4


def test_a_session_token_leads_its_own_interview_and_no_other(evalyo: Evalyo) -> None:
    served = evalyo.served
    interview_id, other_id = evalyo.interview()["id"], evalyo.interview()["id"]
    path = f"/api/interviews/{interview_id}/token"
    made = served.client.post(path, headers=evalyo.secret)
    assert made.status_code == 201
    data = made.json()["data"]
    assert data["interviewId"] == interview_id
    assert data["expiresAt"] == "2026-06-03T07:48:31.000Z"
    bearer = {"authorization": f"Bearer {data['token']}"}
    answers = workflow(evalyo, other_id, bearer)
    assert [code(answer) for answer in answers] == [(403, "session_token")] * 4
    assert code(served.client.post(path, headers=bearer)) == (403, "session_token")
    assert served.client.get("/api/v1/interviews", headers=bearer).status_code == 401
    answers = workflow(evalyo, interview_id, bearer)
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
    served.world.clock.advance(86_400)
    late = served.client.get(f"/api/interviews/{interview_id}/history", headers=bearer)
    assert code(late) == (401, "session_token")


def test_the_link_of_a_candidate_is_no_session_token(evalyo: Evalyo) -> None:
    made = evalyo.interview()
    link = {"authorization": f"Bearer {made['interviewUrl'].partition('#t=')[2]}"}
    assert {answer.status_code for answer in workflow(evalyo, made["id"], link)} == {401}
