"""Profiles, templates, stages, people and decisions, over HTTP."""

from typing import Any

import pytest

from tests.web.native_client import PARTICIPANT, PROFILE, STAGES, TEMPLATE, Native, paths
from tests.web.served import Served
from tests.web.test_native_api import call


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def dimensions(*weights: float, **changes: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [
        {"name": f"D{number}", "description": "", "weight": weight, **changes}
        for number, weight in enumerate(weights)
    ]


@pytest.mark.parametrize("weights", [(100,), (33.33, 33.33, 33.33), (33.3, 33.3, 33.4), (50, 50)])
def test_weights_that_sum_to_100_make_a_rubric(native: Native, weights: tuple[float, ...]) -> None:
    profile = native.profile(evaluationDimensions=dimensions(*weights))
    assert [one["weight"] for one in profile["evaluationDimensions"]] == list(weights)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"evaluationDimensions": dimensions(50, 49)}, ["evaluationDimensions"]),
        ({"evaluationDimensions": dimensions(60, 60)}, ["evaluationDimensions"]),
        ({"evaluationDimensions": []}, ["evaluationDimensions"]),
        ({"evaluationDimensions": dimensions(120, -20)}, ["evaluationDimensions", "0", "weight"]),
        (
            {"evaluationDimensions": dimensions(50, 50, name="Twice")},
            ["evaluationDimensions", "1", "name"],
        ),
        (
            {"evaluationDimensions": dimensions(100, anchors=["one", "two"])},
            ["evaluationDimensions", "0", "anchors"],
        ),
        (
            {"evaluationDimensions": dimensions(100, passThreshold=11)},
            ["evaluationDimensions", "0", "passThreshold"],
        ),
        ({"useCase": "firing"}, ["useCase"]),
        ({"name": "a\r\nBcc: b"}, ["name"]),
        ({"persona": "  "}, ["persona"]),
        ({"interaction": {"tone": "rude"}}, ["interaction", "tone"]),
        ({"interaction": {"probingdepth": "low"}}, ["interaction", "probingdepth"]),
        ({"scoring": {"scale": "0-7"}}, ["scoring", "scale"]),
        ({"scoring": {"recommendationLogic": "overall >"}}, ["scoring", "recommendationLogic"]),
        (
            {"scoring": {"recommendationLogic": '"Charm" >= 7'}},
            ["scoring", "recommendationLogic"],
        ),
        (
            {"scoring": {"recommendationLogic": "__import__('os')"}},
            ["scoring", "recommendationLogic"],
        ),
        ({"scoring": {"scoringMethod": "rule_based"}}, ["scoring", "recommendationLogic"]),
        ({"output": {"includeTranscript": "yes"}}, ["output", "includeTranscript"]),
        ({"use_case": "hiring"}, ["use_case"]),
    ],
)
def test_an_unsound_profile_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    answer = native.post("/agent-profiles", {**PROFILE, **changes})
    assert answer.status_code == 400
    assert path in paths(answer)


def test_another_rubric_becomes_the_next_version_and_the_old_one_stays(native: Native) -> None:
    profile = native.profile()
    path = f"/agent-profiles/{profile['id']}"
    renamed = native.patch(path, {"name": "Another name", "interaction": {"tone": "strict"}})
    assert renamed.json()["data"]["rubricVersion"] == 1
    assert renamed.json()["data"]["interaction"] == {
        "tone": "strict",
        "style": "structured",
        "difficulty": "hard",
        "probingDepth": "high",
    }
    logic = {"recommendationLogic": "overall >= 7"}
    rubric = {"evaluationDimensions": dimensions(100), "scoring": logic}
    changed = native.patch(path, rubric).json()["data"]
    assert changed["rubricVersion"] == 2
    then = native.get(f"{path}?rubricVersion=1").json()["data"]
    assert then["rubricVersion"] == 1
    assert then["evaluationDimensions"] == profile["evaluationDimensions"]
    assert then["scoring"]["recommendationLogic"] is None
    assert native.get(f"{path}?rubricVersion=3").status_code == 404


def test_a_session_keeps_the_rubric_that_it_was_ordered_with(native: Native) -> None:
    profile = native.profile()
    template_id = native.template(agent_profile_id=profile["id"])["id"]
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    native.patch(f"/agent-profiles/{profile['id']}", {"evaluationDimensions": dimensions(100)})
    live = native.served.world.services.live_sessions.load_live_session
    kept = call(native.served, live, session_id).profile
    assert [one.name for one in kept.dimensions] == ["System Design", "Coding", "Communication"]
    assert native.get(f"/sessions/{session_id}").json()["data"]["evidence"]["rubric_version"] == 1


def test_a_profile_is_deleted_once_nothing_uses_it(native: Native) -> None:
    profile_id = native.profile()["id"]
    template_id = native.template(agent_profile_id=profile_id)["id"]
    answer = native.send("DELETE", f"/agent-profiles/{profile_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "agent_profile_in_use")
    assert native.send("DELETE", f"/evaluation-templates/{template_id}").status_code == 204
    deleted = native.send("DELETE", f"/agent-profiles/{profile_id}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert native.get(f"/agent-profiles/{profile_id}").status_code == 404
    assert native.get("/agent-profiles").json()["meta"]["total"] == 3


CHANGES: dict[str, dict[str, Any]] = {
    "/agent-profiles": {"name": "Changed"},
    "/evaluation-templates": {"template_name": "Changed"},
    "/evaluation-stages": {"stage_name": "Changed"},
    "/participants": {"name": "Changed"},
    "/embeds": {"allowed_origins": ["https://changed.example"]},
    "/candidates": {"lastName": "Changed"},
    "/jobs": {"title": "Changed"},
    "/campaigns": {"name": "Changed"},
}


def made(native: Native, kind: str) -> str:
    template_id = native.template()["id"]
    match kind:
        case "/agent-profiles":
            one = native.profile()
        case "/evaluation-templates":
            return str(template_id)
        case "/evaluation-stages":
            one = native.stage(template_id)
        case "/participants":
            one = native.participant(template_id)
        case "/candidates":
            body = {"firstName": "Mira", "lastName": "Oort", "email": "mira@example.org"}
            one = native.made("/candidates", body)
        case "/jobs":
            one = native.made("/jobs", {"title": "Keeper", "questions": ["What do you keep?"]})
        case "/campaigns":
            one = native.made("/campaigns", {"name": "Autumn", "jobId": template_id})
        case _:
            one = native.made("/embeds", {"evaluation_template_id": template_id})
    return str(one["id"])


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_made_to_what_its_author_saw_or_not_at_all(native: Native, kind: str) -> None:
    path = f"{kind}/{made(native, kind)}"
    seen = native.get(path).headers["etag"]
    first = native.patch(path, CHANGES[kind], if_match=seen)
    assert first.status_code == 200
    assert first.headers["etag"] != seen
    late = native.patch(path, CHANGES[kind], if_match=seen)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert native.send("DELETE", path, if_match=seen).status_code == 409
    assert native.patch(path, CHANGES[kind], if_match="*").status_code == 200
    newest = native.patch(path, CHANGES[kind]).headers["etag"]
    for wrong in ("3", '"abc"', f"{newest}, x", ""):
        answer = native.patch(path, CHANGES[kind], if_match=wrong)
        assert (answer.status_code, paths(answer)) == (400, [["If-Match"]])
    assert native.send("DELETE", path, if_match=f'"77", W/{newest}').status_code == 204
    assert native.get(path).status_code == 404
    assert native.patch(path, CHANGES[kind]).status_code == 404
    assert native.send("DELETE", path).status_code == 404


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_names_what_it_may_not_change(native: Native, kind: str) -> None:
    path = f"{kind}/{made(native, kind)}"
    answer = native.patch(path, {**CHANGES[kind], "id": "other", "nmae": "x"})
    assert answer.status_code == 400
    assert sorted(paths(answer)) == [["id"], ["nmae"]]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_list_has_pages(native: Native, kind: str) -> None:
    made(native, kind)
    listed = native.get(f"{kind}?page=2&pageSize=1").json()
    assert set(listed) == {"data", "meta"}
    assert listed["meta"]["pageSize"] == 1
    assert native.get(f"{kind}?pagesize=1").status_code == 400


def test_a_template_without_a_profile_gets_the_one_for_its_use_case(native: Native) -> None:
    training = native.profile(useCase="admissions")
    template = native.template(use_case="admissions")
    assert template["agent_profile_id"] == training["id"]
    assert template["success_outcome"] == "admit_reject"
    unknown = native.post("/evaluation-templates", {**TEMPLATE, "agent_profile_id": "nobody"})
    assert unknown.status_code == 404


def test_a_template_says_what_kind_of_interview_it_is_and_what_candidates_see(
    native: Native,
) -> None:
    said = {"interview_type": "second-interview", "seniority_level": "director"}
    template = native.template(**said, result_view="minimal_with_score")
    path = f"/evaluation-templates/{template['id']}"
    assert {name: native.get(path).json()["data"][name] for name in said} == said
    assert template["result_view"] == "minimal_with_score"
    kept = native.patch(path, {"template_name": "Junior gardener"}).json()["data"]
    assert {name: kept[name] for name in said} == said
    read = native.patch(path, {"level": "Trainee", "result_view": "none"}).json()["data"]
    assert (read["seniority_level"], read["result_view"]) == ("entry-level", "none")
    assert paths(native.patch(path, {"result_view": "all"})) == [["result_view"]]


QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "question": "What did you build?", "duration": 120, "label": "Work"},
    {
        "id": "q2",
        "question": "What broke in it?",
        "is_conditional": True,
        "conditional_question_main_id": "q1",
        "is_expert": True,
        "candidate_expectations_json": {"must": ["names a cause"]},
    },
]


def test_questions_come_back_as_they_were_sent(native: Native) -> None:
    template = native.template(questions=[*QUESTIONS, {"question": "Anything else?"}])
    first, second, third = template["questions"]
    assert {name: first[name] for name in QUESTIONS[0]} == QUESTIONS[0]
    assert {name: second[name] for name in QUESTIONS[1]} == QUESTIONS[1]
    assert third["id"]
    path = f"/evaluation-templates/{template['id']}"
    kept = native.patch(path, {"objective": "Another one."}).json()["data"]
    assert kept["questions"] == template["questions"]
    assert native.patch(path, {"questions": []}).json()["data"]["questions"] == []


@pytest.mark.parametrize(
    ("questions", "path"),
    [
        (
            [
                {**QUESTIONS[1], "id": "a", "conditional_question_main_id": "b"},
                {**QUESTIONS[1], "id": "b", "conditional_question_main_id": "a"},
            ],
            ["questions", "0", "conditional_question_main_id"],
        ),
        (
            [{**QUESTIONS[1], "id": "a", "conditional_question_main_id": "a"}],
            ["questions", "0", "conditional_question_main_id"],
        ),
        ([QUESTIONS[1]], ["questions", "0", "conditional_question_main_id"]),
        ([QUESTIONS[0], QUESTIONS[0]], ["questions", "1", "id"]),
        ([{"question": " "}], ["questions", "0", "question"]),
    ],
)
def test_questions_that_do_not_fit_together_are_refused(
    native: Native, questions: list[dict[str, Any]], path: list[str]
) -> None:
    answer = native.post("/evaluation-templates", {**TEMPLATE, "questions": questions})
    assert answer.status_code == 400
    assert path in paths(answer)
    template_id = native.template()["id"]
    changed = native.patch(f"/evaluation-templates/{template_id}", {"questions": questions})
    assert changed.status_code == 400


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"overallPassThreshold": 11}, ["overallPassThreshold"]),
        ({"default_duration_minutes": 0}, ["default_duration_minutes"]),
        ({"default_difficulty": "hard"}, ["default_difficulty"]),
        ({"default_session_mode": "phone"}, ["default_session_mode"]),
        ({"success_outcome": "win_lose"}, ["success_outcome"]),
        ({"custom_outcomes": ["yes", "YES"]}, ["custom_outcomes"]),
        ({"skills": ["Go", 7]}, ["skills", "1"]),
        ({"language": "xx"}, ["language"]),
        ({"status": "open"}, ["status"]),
        ({"visibility": "everybody"}, ["visibility"]),
        ({"objective": ""}, ["objective"]),
    ],
)
def test_a_wrong_template_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    answer = native.post("/evaluation-templates", {**TEMPLATE, **changes})
    assert answer.status_code == 400
    assert path in paths(answer)


def test_a_custom_outcome_has_words_of_its_own(native: Native) -> None:
    template = native.template(success_outcome="custom", custom_outcomes=["in", "out"])
    assert template["custom_outcomes"] == ["in", "out"]
    path = f"/evaluation-templates/{template['id']}"
    assert native.patch(path, {"custom_outcomes": None}).json()["data"]["custom_outcomes"] is None


def test_a_deleted_template_leaves_its_sessions_and_takes_no_more(native: Native) -> None:
    template_id = native.template()["id"]
    stage_id = native.stage(template_id)["id"]
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    native.send("DELETE", f"/evaluation-templates/{template_id}")
    assert native.get(f"/sessions/{session_id}").json()["data"]["status"] == "scheduled"
    assert native.get(f"/evaluation-stages/{stage_id}").status_code == 404
    assert native.order(template_id, candidate_id, force=True).status_code == 404
    new = {**PARTICIPANT, "evaluation_template_id": template_id, "email": "n@example.com"}
    assert native.post("/participants", new).status_code == 404


def test_an_interview_keeps_the_questions_that_it_began_with(native: Native) -> None:
    template_id = native.template(questions=[QUESTIONS[0]])["id"]
    session_id = native.order(template_id, native.participant(template_id)["id"]).json()["data"][
        "id"
    ]
    services, path = native.served.world.services, f"/evaluation-templates/{template_id}"

    def asked() -> list[str]:
        live = call(native.served, services.live_sessions.load_live_session, session_id)
        return [question.text for question in live.template.questions]

    native.patch(path, {"questions": [{"question": "Corrected before it began?"}]})
    assert asked() == ["Corrected before it began?"]
    call(native.served, services.journals.of(session_id).started)
    native.patch(path, {"questions": [{"question": "Too late?"}]})
    native.patch(path, {"objective": "Another one."})
    native.send("DELETE", path)
    assert asked() == ["Corrected before it began?"]


def test_stages_follow_each_other_and_keep_their_places(native: Native) -> None:
    template_id = native.template()["id"]
    first, second, third = (native.stage(template_id, **stage) for stage in STAGES)
    assert [one["stage_order"] for one in (first, second, third)] == [0, 1, 2]
    again = native.stage(template_id, **STAGES[0])
    assert (again["stage"], again["stage_order"]) == ("phone-screen-2", 3)
    body = {**STAGES[0], "evaluation_template_id": template_id}
    taken = native.post("/evaluation-stages", {**body, "stage_order": 1})
    assert (taken.status_code, paths(taken)) == (409, [["stage_order"]])
    same_key = native.patch(f"/evaluation-stages/{second['id']}", {"stage": "phone-screen"})
    assert (same_key.status_code, paths(same_key)) == (409, [["stage"]])
    assert native.send("DELETE", f"/evaluation-stages/{first['id']}").status_code == 204
    assert native.send("DELETE", f"/evaluation-stages/{again['id']}").status_code == 204
    moved = native.patch(f"/evaluation-stages/{second['id']}", {"stage_order": 0})
    assert moved.json()["data"]["stage_order"] == 0
    listed = native.get(f"/evaluation-stages?evaluation_template_id={template_id}").json()
    assert [one["id"] for one in listed["data"]] == [second["id"], third["id"]]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"pass_threshold": 101}, ["pass_threshold"]),
        ({"stage_order": -1}, ["stage_order"]),
        ({"stage_type": "chat"}, ["stage_type"]),
        ({"automation_rule": "auto_reject"}, ["automation_rule"]),
        ({"stage": "two words"}, ["stage"]),
        ({"duration": 0}, ["duration"]),
        ({"allow_retake": 1}, ["allow_retake"]),
    ],
)
def test_a_wrong_stage_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    body = {**STAGES[0], "evaluation_template_id": native.template()["id"], **changes}
    answer = native.post("/evaluation-stages", body)
    assert (answer.status_code, paths(answer)) == (400, [path])


def test_a_stage_does_not_move_to_another_template(native: Native) -> None:
    stage_id = native.stage(native.template()["id"])["id"]
    elsewhere = {"evaluation_template_id": native.template()["id"]}
    answer = native.patch(f"/evaluation-stages/{stage_id}", elsewhere)
    assert (answer.status_code, paths(answer)) == (400, [["evaluation_template_id"]])


def test_an_address_is_known_once_under_a_template_and_again_under_another(native: Native) -> None:
    one, other = native.template()["id"], native.template()["id"]
    first = native.participant(one)
    same = native.post("/participants", {**PARTICIPANT, "evaluation_template_id": one})
    assert same.status_code == 409
    assert sorted(paths(same)) == [["email"], ["external_id"]]
    spelled = {**PARTICIPANT, "evaluation_template_id": one, "email": "JANE@Example.com"}
    assert native.post("/participants", {**spelled, "external_id": "x"}).status_code == 409
    second = native.participant(other)
    assert second["id"] != first["id"]
    nowhere = native.participant(None)
    assert nowhere["evaluation_template_id"] is None
    assert native.post("/participants", PARTICIPANT).status_code == 409
    path = f"/participants/{nowhere['id']}"
    assert native.patch(path, {"evaluation_template_id": one}).status_code == 409
    third = native.template()["id"]
    assert native.patch(path, {"evaluation_template_id": third}).status_code == 200
    fixed = native.patch(path, {"evaluation_template_id": other})
    assert (fixed.status_code, paths(fixed)) == (400, [["evaluation_template_id"]])
    assert native.get("/applications").json()["meta"]["total"] == 3


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"email": "jane"}, ["email"]),
        ({"email": "jane@example.com\r\nBcc: x@y.z"}, ["email"]),
        ({"email": "jane@example.com, x@y.z"}, ["email"]),
        ({"email": "<jane@example.com>"}, ["email"]),
        ({"name": "Jane\nBcc: x@y.z"}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"resume_url": "file:///etc/passwd"}, ["resume_url"]),
        ({"resume_url": "javascript:alert(1)"}, ["resume_url"]),
        ({"resume_url": "https://user:password@files.example.com/"}, ["resume_url"]),
        ({"resume_url": "https://files.example.com:99999/x"}, ["resume_url"]),
        ({"resume_url": "https://[::1/x"}, ["resume_url"]),
        ({"profile": {"experience_level": "senior"}}, ["profile", "experience_level"]),
        ({"background": {"skills": "Go"}}, ["background", "skills"]),
        ({"tags": ["a", ""]}, ["tags", "1"]),
        ({"external_id": ""}, ["external_id"]),
    ],
)
def test_a_wrong_participant_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    answer = native.post("/participants", {**PARTICIPANT, **changes})
    assert answer.status_code == 400
    assert paths(answer) == [path]


def test_participants_are_found_by_tag_address_number_and_template(native: Native) -> None:
    template_id = native.template()["id"]
    jane = native.participant(template_id)["id"]
    native.participant(template_id, email="b@example.com", external_id="b", tags=["junior"])
    for query in (
        "tag=senior",
        "email=Jane@example.com",
        "external_id=greenhouse-8821",
        f"evaluation_template_id={template_id}&tag=backend",
    ):
        listed = native.get(f"/participants?{query}").json()["data"]
        assert [one["id"] for one in listed] == [jane], query
    native.patch(f"/participants/{jane}", {"tags": []})
    assert native.get("/participants?tag=senior").json()["data"] == []
    quoted = native.get("/participants?tag=' OR 1=1 --").json()
    assert quoted["data"] == []


def test_a_deleted_participant_is_forgotten_and_can_be_added_anew(native: Native) -> None:
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    assert native.send("DELETE", f"/participants/{candidate_id}").status_code == 204
    assert native.get(f"/sessions/{session_id}").json()["data"]["status"] == "cancelled"
    assert native.get("/applications").json()["data"][0]["status"] == "withdrawn"
    kept = call(native.served, native.served.world.stores.read.participants.get, candidate_id)
    assert (kept.name, kept.email, kept.external_id) == ("Deleted participant", None, None)
    assert kept.resume_url is None
    assert native.get("/participants?tag=senior").json()["data"] == []
    assert native.participant(template_id)["id"] != candidate_id


def test_nobody_is_deleted_in_the_middle_of_an_interview(native: Native) -> None:
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    call(native.served, native.served.world.services.journals.of(session_id).started)
    assert native.send("DELETE", f"/participants/{candidate_id}").status_code == 409


@pytest.fixture
def applied(native: Native) -> dict[str, str]:
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    application_id = native.get("/applications").json()["data"][0]["id"]
    return {"template": template_id, "candidate": candidate_id, "id": application_id}


def test_adding_a_participant_makes_an_approved_application(
    native: Native, applied: dict[str, str]
) -> None:
    application = native.get(f"/applications/{applied['id']}").json()["data"]
    assert application["status"] == "approved"
    assert application["external_id"] == "greenhouse-8821"
    assert application["sessions"] == []
    native.order(applied["template"], applied["candidate"])
    listed = native.get(f"/applications?status=scheduled&candidate_id={applied['candidate']}")
    (stage,) = listed.json()["data"][0]["sessions"]
    assert (stage["stage"], stage["status"], stage["score"]) == ("screen", "scheduled", None)


def test_only_a_named_person_rejects_and_what_has_not_begun_is_cancelled(
    native: Native, applied: dict[str, str]
) -> None:
    session = native.order(applied["template"], applied["candidate"]).json()["data"]
    path = f"/applications/{applied['id']}/reject"
    unnamed = native.post(path, {})
    assert (unnamed.status_code, paths(unnamed)) == (400, [["decided_by"]])
    rejected = native.post(path, {"decided_by": "Kim Lee", "note": "Not now."}).json()["data"]
    assert rejected["status"] == "rejected"
    assert (rejected["decided_by"], rejected["note"]) == ("Kim Lee", "Not now.")
    assert rejected["sessions"][0]["status"] == "cancelled"
    assert native.post(path, {"decided_by": "Kim Lee"}).status_code == 200
    assert native.get(f"/sessions/{session['id']}").json()["data"]["join_url"] is None
    refused = native.order(applied["template"], applied["candidate"])
    assert (refused.status_code, refused.json()["code"]) == (409, "application_closed")
    events = call(native.served, native.served.world.events)
    assert events.count("application.rejected") == 1
    approved = native.post(f"/applications/{applied['id']}/approve", {"decided_by": "Kim Lee"})
    assert approved.json()["data"]["status"] == "approved"
    assert native.order(applied["template"], applied["candidate"]).status_code == 201


def test_who_has_withdrawn_is_not_approved_any_more(
    native: Native, applied: dict[str, str]
) -> None:
    path = f"/applications/{applied['id']}"
    assert native.post(f"{path}/withdraw", {}).json()["data"]["status"] == "withdrawn"
    assert native.post(f"{path}/withdraw", {}).status_code == 200
    answer = native.post(f"{path}/approve", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "application_state")


def test_nothing_is_decided_during_an_interview(native: Native, applied: dict[str, str]) -> None:
    session = native.order(applied["template"], applied["candidate"]).json()["data"]
    call(native.served, native.served.world.services.journals.of(session["id"]).started)
    for decision in ("approve", "reject", "withdraw"):
        answer = native.post(f"/applications/{applied['id']}/{decision}", {"decided_by": "Kim"})
        assert (answer.status_code, answer.json()["code"]) == (409, "application_state")


def test_a_decision_names_the_state_that_it_saw(native: Native, applied: dict[str, str]) -> None:
    path = f"/applications/{applied['id']}"
    seen = native.get(path).headers["etag"]
    native.order(applied["template"], applied["candidate"])
    body = {"decided_by": "Kim Lee"}
    late = native.send("POST", f"{path}/reject", body, if_match=seen)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    newest = native.get(path).headers["etag"]
    assert native.send("POST", f"{path}/reject", body, if_match=newest).status_code == 200
