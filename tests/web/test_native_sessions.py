from typing import Any

import pytest

from tests.services.backend import START
from tests.web.native_client import Native, paths
from tests.web.served import Served
from tests.web.test_native_api import call


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


@pytest.fixture
def ids(native: Native) -> tuple[str, str]:
    """A template without stages and its participant."""
    template_id = native.template()["id"]
    return template_id, native.participant(template_id)["id"]


def test_an_ordered_session_waits_for_its_candidate(native: Native, ids: tuple[str, str]) -> None:
    template_id, candidate_id = ids
    answer = native.order(template_id, candidate_id, notes="Ask about Go.", language="de")
    assert answer.status_code == 201
    session = answer.json()["data"]
    assert session["status"] == "scheduled"
    assert session["candidate_id"] == candidate_id
    assert session["evaluation_template_id"] == template_id
    assert session["external_id"] == "greenhouse-8821"
    assert (session["stage"], session["language"]) == ("screen", "de")
    assert session["channel"] == "web"
    assert session["join_url"].startswith("https://interviews.test/i/senior-backend-engineer-")
    assert session["notes"] == "Ask about Go."
    assert session["score"] is None
    assert native.get(f"/sessions/{session['id']}").json()["data"]["status"] == "scheduled"
    events = call(native.served, native.served.world.events)
    assert events[-2:] == ["participant.created", "session.created"]


def test_the_same_idempotency_key_finds_the_first_session(
    native: Native, ids: tuple[str, str]
) -> None:
    first = native.order(*ids, idempotency_key="order-1")
    again = native.order(*ids, idempotency_key="order-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["data"]["id"] == again.json()["data"]["id"]
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert native.get("/sessions").json()["meta"]["total"] == 1
    other = native.participant(ids[0], email="b@example.com", external_id="b")["id"]
    used = native.order(ids[0], other, idempotency_key="order-1")
    assert used.status_code == 409
    assert paths(used) == [["idempotency_key"]]


def test_a_second_session_of_the_same_stage_must_be_forced(
    native: Native, ids: tuple[str, str]
) -> None:
    assert native.order(*ids).status_code == 201
    second = native.order(*ids)
    assert second.status_code == 409
    assert second.json()["code"] == "session_exists"
    assert native.order(*ids, force=True).status_code == 201
    assert native.order(*ids, stage="technical").status_code == 201


def test_a_completed_stage_is_taken_again_only_where_it_may_be(native: Native) -> None:
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    stage = native.stage(template_id, stage="screen")

    def complete(session_id: str) -> None:
        journal = native.served.world.services.journals.of(session_id)
        call(native.served, journal.started)
        call(native.served, journal.completed, 1000)

    complete(native.order(template_id, candidate_id).json()["data"]["id"])
    assert native.order(template_id, candidate_id).status_code == 409
    native.patch(f"/evaluation-stages/{stage['id']}", {"allow_retake": True})
    assert native.order(template_id, candidate_id).status_code == 201


def test_the_stage_is_chosen_by_its_key_or_is_the_next_one(native: Native) -> None:
    template_id = native.template()["id"]
    candidate_id = native.participant(template_id)["id"]
    screen = native.stage(template_id, stage="screen")
    technical = native.stage(template_id, stage_name="Technical")
    by_key = native.order(template_id, candidate_id, stage="technical").json()["data"]
    assert by_key["interview_id"] == technical["id"]
    chosen = native.order(template_id, candidate_id, stage="first talk").json()["data"]
    assert (chosen["interview_id"], chosen["stage"]) == (screen["id"], "first talk")
    named = native.order(
        template_id, candidate_id, stage="x", interview_id=technical["id"], force=True
    ).json()["data"]
    assert named["interview_id"] == technical["id"]


def test_a_stage_of_another_template_is_refused(native: Native, ids: tuple[str, str]) -> None:
    elsewhere = native.stage(native.template()["id"])["id"]
    for stage_id in (elsewhere, "no-such-stage"):
        answer = native.order(*ids, interview_id=stage_id)
        assert answer.status_code == 422
        assert answer.json()["code"] == "stage_of_another_template"
        assert paths(answer) == [["interview_id"]]


def test_a_participant_of_another_template_is_refused(native: Native, ids: tuple[str, str]) -> None:
    answer = native.order(native.template()["id"], ids[1])
    assert answer.status_code == 422
    assert paths(answer) == [["evaluation_template_id"]]


def test_a_draft_takes_no_sessions(native: Native) -> None:
    template_id = native.template(status="draft")["id"]
    answer = native.order(template_id, native.participant(template_id)["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "interview_closed")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scheduled_at": "2026-06-03T10:00:00+02:00"}, "2026-06-03T08:00:00.000Z"),
        (
            {"scheduled_at": "2026-06-03T10:00:00", "timezone": "Europe/Berlin"},
            "2026-06-03T08:00:00.000Z",
        ),
        (
            {"scheduled_at": "2026-06-03T10:00:00Z", "timezone": "Asia/Tokyo"},
            "2026-06-03T10:00:00.000Z",
        ),
    ],
)
def test_a_time_is_kept_in_utc_beside_its_timezone(
    native: Native, ids: tuple[str, str], changes: dict[str, str], expected: str
) -> None:
    session = native.order(*ids, **changes).json()["data"]
    assert session["scheduled_at"] == expected
    assert session["timezone"] == changes.get("timezone")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"scheduled_at": "2026-06-02T07:48:31Z"}, "scheduled_at"),
        ({"scheduled_at": "2020-01-01T00:00:00Z"}, "scheduled_at"),
        ({"scheduled_at": "2036-01-01T00:00:00Z"}, "scheduled_at"),
        ({"scheduled_at": "2026-06-03T10:00:00"}, "scheduled_at"),
        ({"scheduled_at": "9999-12-31T23:59:59-14:00"}, "scheduled_at"),
        ({"scheduled_at": "2027-03-28T02:30:00", "timezone": "Europe/Berlin"}, "scheduled_at"),
        ({"scheduled_at": "tomorrow"}, "scheduled_at"),
        ({"scheduled_at": 1790000000}, "scheduled_at"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "Europe"}, "timezone"),
        ({"timezone": "/etc/localtime"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"language": "xx"}, "language"),
        ({"notes": "n" * 1001}, "notes"),
        ({"stage": ""}, "stage"),
        ({"stage": "a\nb"}, "stage"),
        ({"force": "yes"}, "force"),
        ({"interview_id": 7}, "interview_id"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"schedule_at": "2026-06-03T10:00:00Z"}, "schedule_at"),
    ],
)
def test_a_wrong_field_is_named(
    native: Native, ids: tuple[str, str], changes: dict[str, Any], path: str
) -> None:
    answer = native.order(*ids, **changes)
    assert answer.status_code == 400
    assert paths(answer) == [[path]]
    assert native.get("/sessions").json()["meta"]["total"] == 0


@pytest.mark.parametrize("body", [b'{"stage": "a", "stage": "b"}', b'{"notes": "a\\u0000b"}'])
def test_a_body_with_two_meanings_or_a_nul_byte_is_refused(native: Native, body: bytes) -> None:
    headers = {**native.headers, "content-type": "application/json"}
    answer = native.served.client.post("/api/v1/sessions", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "json")


def test_a_session_is_cancelled_before_its_candidate_has_joined(
    native: Native, ids: tuple[str, str]
) -> None:
    session_id = native.order(*ids).json()["data"]["id"]
    answer = native.post(f"/sessions/{session_id}/cancel")
    assert answer.status_code == 200
    assert answer.json()["data"]["status"] == "cancelled"
    assert answer.json()["data"]["join_url"] is None
    assert native.post(f"/sessions/{session_id}/cancel").status_code == 409
    assert native.order(*ids).status_code == 201
    assert native.get("/applications").json()["data"][0]["status"] == "scheduled"


def test_an_application_whose_interview_broke_off_is_not_said_to_have_one_ahead(
    native: Native, ids: tuple[str, str]
) -> None:
    def application() -> dict[str, Any]:
        (only,) = native.get("/applications").json()["data"]
        return dict(only)

    def ordered(**changes: Any) -> str:  # noqa: ANN401
        native.served.world.clock.advance(1)
        return str(native.order(*ids, **changes).json()["data"]["id"])

    def break_off(session_id: str) -> None:
        services = native.served.world.services
        call(native.served, services.journals.of(session_id).started)
        assert application()["status"] == "in_progress"
        call(native.served, services.sessions.fail, session_id, "disconnected")

    break_off(ordered())
    assert application()["status"] == "approved"
    assert [each["status"] for each in application()["sessions"]] == ["failed"]

    second = ordered(stage="technical")
    third = ordered(stage="culture", force=True)
    again = ordered(force=True)
    newest_last = [each["session_id"] for each in application()["sessions"]]
    assert newest_last == [second, third, again]
    break_off(second)
    assert application()["status"] == "scheduled"  # two others are ahead
    assert native.post(f"/sessions/{third}/cancel").status_code == 200
    assert application()["status"] == "scheduled"
    break_off(again)
    assert application()["status"] == "approved"


def test_until_when_an_interview_can_begin_stands_in_its_application(
    native: Native, ids: tuple[str, str]
) -> None:
    end = "2026-07-01T00:00:00.000Z"
    campaign = native.made("/campaigns", {"name": "Autumn", "jobId": ids[0], "endsAt": end})
    native.order(*ids, campaign_id=campaign["id"])
    (application,) = native.get("/applications").json()["data"]
    assert [each["expires_at"] for each in application["sessions"]] == [end]


def test_a_session_that_has_begun_is_not_cancelled(native: Native, ids: tuple[str, str]) -> None:
    session_id = native.order(*ids).json()["data"]["id"]
    call(native.served, native.served.world.services.journals.of(session_id).started)
    answer = native.post(f"/sessions/{session_id}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "session_state")


def test_sessions_are_filtered_by_each_field(native: Native, ids: tuple[str, str]) -> None:
    template_id, candidate_id = ids
    session_id = native.order(*ids).json()["data"]["id"]
    native.served.open_session()
    for query in (
        f"evaluation_template_id={template_id}",
        f"candidate_id={candidate_id}",
        "external_id=greenhouse-8821",
        "stage=screen",
        f"status=scheduled&candidate_id={candidate_id}",
    ):
        listed = native.get(f"/sessions?{query}").json()
        assert [one["id"] for one in listed["data"]] == [session_id], query
    assert native.get("/sessions?status=cancelled").json()["data"] == []


def test_the_interview_has_the_length_and_the_bar_of_its_stage(native: Native) -> None:
    template_id = native.template()["id"]
    native.stage(template_id, stage="screen", duration=12, pass_threshold=60)
    candidate_id = native.participant(template_id)["id"]
    session_id = native.order(template_id, candidate_id).json()["data"]["id"]
    live = call(
        native.served,
        native.served.world.services.live_sessions.load_live_session,
        session_id,
    )
    assert live.template.duration_minutes == 12
    assert live.template.pass_threshold == 6
    assert native.served.world.clock.now() == START
