from typing import Any

import pytest
from vivavoce.core.scopes import Scope
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnKind, TurnLedger
from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.services.organizations import Founding

from tests.services.backend import interview_fields
from tests.services.test_sessions import CARD
from tests.web.served import Served

CREATE = "/functions/v1/job-interview-create-from-array"


def call(served: Served, function: Any, *arguments: Any) -> Any:  # noqa: ANN401
    assert served.client.portal is not None
    return served.client.portal.call(function, *arguments)


def interviewed(served: Served) -> str:
    session_id: str = served.open_session(meta={"job": "j1"})["session_id"]
    services = served.world.services
    journal = services.journals.of(session_id)
    call(served, journal.started)
    call(
        served,
        journal.append,
        Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, "What did you build?", 0, 900, 0),
    )
    call(
        served,
        journal.append,
        Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, "I built it.", 1000, 1900, 0),
    )
    call(served, journal.signal, Signal("tab_hidden", 1200, {"for_ms": 300}))
    for _ in range(2):
        partial = JobTimes("transcriber", session_id, JobKind.PARTIAL, 1.25, 20.0)
        services.journals.engine_times.observe(partial)
        services.journals.engine_times.cast({"transcriber": "pocketsphinx en-us"})
    call(served, journal.ledger, TurnLedger(2, "confident", commit_ms=240, transcript_ms=180))
    call(served, journal.completed, 61_000)
    call(served, services.scorecard_store.save, session_id, CARD, served.world.clock.now())
    return session_id


def test_a_key_becomes_a_token_that_creates_an_interview(served: Served) -> None:
    token = served.client.post("/api/v1/auth/token", headers=served.key).json()
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3600
    bearer = {"authorization": f"Bearer {token['access_token']}"}
    avatars = served.client.get("/functions/v1/merchant-avatar-list", headers=bearer).json()["data"]
    assert len(avatars) == 3
    fields = interview_fields(avatars[1]["interview_template_id"], is_embedded=True)
    answer = served.client.post(CREATE, json=fields, headers=bearer)
    assert answer.status_code == 201
    assert set(answer.json()) == {"interview_def_set_id", "embed_id", "embed_signing_key"}
    plain = served.client.post(CREATE, json={**fields, "is_embedded": False}, headers=bearer)
    assert set(plain.json()) == {"interview_def_set_id"}


def test_a_key_may_come_in_the_body(served: Served) -> None:
    body = {"api_key": served.world.founded.api_key}
    assert served.client.post("/api/v1/auth/token", json=body).status_code == 200
    wrong = {"api_key": "vv_live_guess"}
    assert served.client.post("/api/v1/auth/token", json=wrong).status_code == 401
    assert served.client.post("/api/v1/auth/token", json={}).status_code == 401


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "credential"),
        ({"x-api-key": "vv_live_guess"}, "api_key"),
        ({"authorization": "Bearer a.b.c"}, "access_token"),
        ({"authorization": "Basic YTpi"}, "credential"),
    ],
)
def test_a_bad_credential_is_unauthenticated(
    served: Served, header: dict[str, str], code: str
) -> None:
    answer = served.client.get("/api/v1/agent-profiles", headers=header)
    assert answer.status_code == 401
    assert answer.json()["code"] == code
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_missing_scope_is_forbidden_and_named(served: Served) -> None:
    credentials = served.world.services.credentials
    _, key = call(
        served,
        credentials.create_api_key,
        served.world.organization_id,
        "r",
        [Scope.INTERVIEWS_READ],
    )
    fields = interview_fields(served.world.founded.profile_ids[0])
    answer = served.client.post(CREATE, json=fields, headers={"x-api-key": key})
    assert answer.status_code == 403
    assert "evaluation_templates.write" in answer.json()["error"]
    assert served.client.get("/api/v1/sessions", headers={"x-api-key": key}).status_code == 200


def test_profiles_are_shown_with_the_contracts_names(served: Served) -> None:
    answer = served.client.get("/api/v1/agent-profiles?pageSize=2", headers=served.key).json()
    assert answer["meta"] == {"page": 1, "pageSize": 2, "total": 3, "totalPages": 2}
    profile = answer["data"][0]
    assert sum(one["weight"] for one in profile["evaluationDimensions"]) == 100
    assert profile["interaction"]["probingDepth"] == "medium"
    one = served.client.get(f"/api/v1/agent-profiles/{profile['id']}", headers=served.key)
    assert one.json()["data"] == profile
    assert served.client.get("/api/v1/agent-profiles/x", headers=served.key).status_code == 404


@pytest.mark.parametrize(
    "query", ["page=0", "pageSize=101", "page=x", "pagesize=5", "page=1&page=2", "status=done"]
)
def test_a_wrong_query_is_refused(served: Served, query: str) -> None:
    answer = served.client.get(f"/api/v1/sessions?{query}", headers=served.key)
    assert answer.status_code == 400
    assert answer.json()["code"] == "query"


def test_a_scored_session_is_read_whole(served: Served) -> None:
    session_id = interviewed(served)
    answer = served.client.get(f"/api/v1/sessions/{session_id}", headers=served.key)
    assert answer.headers["cache-control"] == "no-store"
    session = answer.json()["data"]
    assert session["status"] == "completed"
    assert session["score"] == 8.2
    assert session["passed"] is True
    assert session["recommendation"] == "hire"
    assert session["duration_seconds"] == 61
    assert session["external_id"] == "candidate-7"
    assert session["channel"] == "embed"
    assert session["meta"] == {"job": "j1"}
    assert session["join_url"] is None
    assert session["evidence"]["rubric_version"] == 1
    assert session["started_at"].endswith("Z")
    breakdown = session["evaluation_breakdown"][0]
    assert breakdown["level"] == 4
    assert breakdown["citations"] == [{"turn": 2, "quote": "I", "start_ms": 0, "end_ms": 9}]
    speakers = [turn["speaker"] for turn in session["transcript"]]
    assert speakers == ["ai", "participant"]
    signals = session["authenticity_signals"]
    assert signals["tab_switches"] == 1
    assert signals["events"][0]["source"] == "client_reported"


def test_the_stages_of_every_answer_are_shown_with_what_the_engines_took(served: Served) -> None:
    session_id = interviewed(served)
    answer = served.client.get(f"/api/v1/sessions/{session_id}", headers=served.key)
    (times,) = answer.json()["data"]["stage_times"]
    assert (times["turn"], times["commit_reason"]) == (2, "confident")
    assert (times["transcript_ms"], times["commit_ms"]) == (180, 240)
    assert times["first_token_ms"] is None
    assert times["engines_ms"] == {"transcriber.queued": 2.5, "transcriber.ran": 40.0}
    assert times["engines"] == {"transcriber": "pocketsphinx en-us"}


def test_sessions_are_listed_and_filtered(served: Served) -> None:
    session_id = interviewed(served)
    done = served.client.get("/api/v1/sessions?status=completed", headers=served.key).json()
    assert [one["id"] for one in done["data"]] == [session_id]
    assert "transcript" not in done["data"][0]
    open_ones = served.client.get("/api/v1/sessions?status=scheduled", headers=served.key).json()
    assert open_ones["data"] == []
    assert open_ones["meta"]["totalPages"] == 0


def test_another_organizations_session_does_not_exist(served: Served) -> None:
    session_id = served.open_session()["session_id"]
    other = call(
        served,
        served.world.services.organizations.initialize,
        Founding("Other", "other@other.test"),
    )
    header = {"x-api-key": other.api_key}
    assert served.client.get(f"/api/v1/sessions/{session_id}", headers=header).status_code == 404
    assert served.client.get("/api/v1/sessions", headers=header).json()["data"] == []
    profile_id = served.world.founded.profile_ids[0]
    answer = served.client.get(f"/api/v1/agent-profiles/{profile_id}", headers=header)
    assert answer.status_code == 404


def test_a_recording_is_served_in_ranges_to_whoever_has_its_address(served: Served) -> None:
    session_id = served.open_session()["session_id"]
    path = served.world.stores.data_dir / "spoken.ogg"
    path.write_bytes(b"OggS" + bytes(range(100)))
    call(served, served.world.services.sessions.recorded, session_id, str(path))
    session = served.client.get(f"/api/v1/sessions/{session_id}", headers=served.key).json()
    url = session["data"]["recording_url"]
    answer = served.client.get(url, headers={"range": "bytes=0-3"})
    assert answer.status_code == 206
    assert answer.content == b"OggS"
    assert answer.headers["content-type"] == "audio/ogg"
    assert served.client.get(url.replace("signature=", "signature=x")).status_code == 403
    beyond = served.client.get(url, headers={"range": "bytes=5000-"})
    assert beyond.status_code == 416
    path.unlink()
    assert served.client.get(url).status_code == 404


def test_too_many_key_exchanges_are_slowed_down(served: Served) -> None:
    answers = [served.client.post("/api/v1/auth/token", headers=served.key) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].headers["retry-after"] == "2"
    served.world.clock.advance(2)
    again = served.client.post("/api/v1/auth/token", headers=served.key)
    assert again.status_code == 200
