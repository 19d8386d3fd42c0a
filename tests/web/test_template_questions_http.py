from tests.web.native_client import Native, paths
from tests.web.served import Served


def test_questions_are_made_marked_and_can_be_edited(served: Served) -> None:
    native = Native(served)
    path = f"/evaluation-templates/{native.template()['id']}"
    made = native.post(f"{path}/questions", {"count": 4, "seniority_level": "senior"})
    assert made.status_code == 200, made.text
    questions = made.json()["data"]["questions"]
    assert [question["origin"] for question in questions] == ["bank"] * 4
    assert all(question["competency"] for question in questions)
    assert made.headers["etag"] == '"2"'

    again = native.post(f"{path}/questions", {})
    assert (again.status_code, again.json()["code"]) == (409, "questions_exist")
    named = native.patch(path, {"template_name": "Renamed"}).json()["data"]
    assert [question["origin"] for question in named["questions"]] == ["bank"] * 4

    about = {"interview_type": "process-verification-from-knowledge-base"}
    empty = native.post(f"{path}/questions", {**about, "replace_questions": True})
    assert (empty.status_code, empty.json()["code"]) == (422, "no_documents")
    assert paths(native.post(f"{path}/questions", {"count": 21})) == [["count"]]


def test_expectations_are_made_for_questions_that_bring_none(served: Served) -> None:
    native = Native(served)
    brought = {"question": "What broke?", "candidate_expectations_json": {"must": ["a cause"]}}
    template = native.template(questions=[brought, {"question": "Whom did you tell?"}])
    path = f"/evaluation-templates/{template['id']}"
    made = native.post(f"{path}/expectations", {})
    assert (made.status_code, made.headers["etag"]) == (200, '"2"')
    first, second = made.json()["data"]["questions"]
    assert first["candidate_expectations_json"] == {"must": ["a cause"]}
    assert second["candidate_expectations_origin"] == "bank"
    assert second["candidate_expectations_json"]

    again = native.post(f"{path}/expectations", {})
    assert again.headers["etag"] == '"2"'  # nothing was left to do
    kept = native.patch(path, {"template_name": "Renamed"}).json()["data"]["questions"]
    assert kept == [first, second]
    late = native.send("POST", f"{path}/expectations", {"replace_made": True}, if_match='"1"')
    assert late.status_code == 409


def test_a_template_names_a_store_of_its_own_organization(served: Served) -> None:
    native = Native(served)
    store = native.made("/knowledge-stores", {"name": "Handbook"})
    template = native.template(knowledge_base_store_id=store["id"])
    assert template["knowledge_base_store_id"] == store["id"]
    path = f"/evaluation-templates/{template['id']}"
    assert native.patch(path, {"knowledge_base_store_id": "nowhere"}).status_code == 404
    asked = {"question": "What?", "knowledge_base_id": "nowhere"}
    astray = native.patch(path, {"questions": [{"question": "Why?"}, asked]})
    assert (astray.status_code, astray.json()["code"]) == (404, "knowledge_store_not_found")
    assert paths(astray) == [["questions", "1", "knowledge_base_id"]]
    freed = native.patch(path, {"knowledge_base_store_id": None}).json()["data"]
    assert freed["knowledge_base_store_id"] is None


def test_a_template_whose_store_is_gone_can_still_be_edited(served: Served) -> None:
    native = Native(served)
    store = native.made("/knowledge-stores", {"name": "Handbook"})
    asked = {"question": "What?", "knowledge_base_id": store["id"]}
    template = native.template(knowledge_base_store_id=store["id"], questions=[asked])
    assert native.send("DELETE", f"/knowledge-stores/{store['id']}").status_code == 204

    renamed = native.patch(f"/evaluation-templates/{template['id']}", {"template_name": "Renamed"})
    assert renamed.status_code == 200, renamed.text
