import logging
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.strict_json import parse_json
from vivavoce.web.routes import TABLE

from tests.services.backend import interview_fields
from tests.web.served import Served

CREATE = "/functions/v1/job-interview-create-from-array"
JSON = {"content-type": "application/json"}


def create(served: Served, **changes: Any) -> Any:  # noqa: ANN401
    fields = interview_fields(served.world.founded.profile_ids[0], **changes)
    return served.client.post(CREATE, json=fields, headers=served.key)


def send(served: Served, body: bytes) -> Any:  # noqa: ANN401
    return served.client.post(CREATE, content=body, headers={**served.key, **JSON})


def paths(answer: Any) -> list[list[str]]:  # noqa: ANN401
    return [issue["path"] for issue in answer.json()["issues"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff{}",
        b'{"name": 1, "name": 2}',
        b'{"name": "a\\u0000b"}',
        b'{"name": "\\ud800"}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 40 + b"]" * 40,
        b"[" * 100_000,
        b"[]",
        b'"text"',
    ],
)
def test_a_body_that_two_readers_could_read_differently_is_refused(
    served: Served, body: bytes
) -> None:
    answer = send(served, body)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"json", "body"}


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(body: bytes) -> None:
    with suppress(Invalid):
        parse_json(body)


def test_a_large_body_is_refused_announced_or_not(served: Served) -> None:
    assert send(served, b" " * ((1 << 20) + 1)).status_code == 413

    def chunks() -> Any:  # noqa: ANN401
        for _ in range(33):
            yield b" " * (1 << 15)

    answer = served.client.post(CREATE, content=chunks(), headers={**served.key, **JSON})
    assert answer.status_code == 413


def test_another_content_type_is_refused(served: Served) -> None:
    answer = served.client.post(CREATE, content=b"{}", headers=served.key)
    assert answer.status_code == 415
    assert answer.json()["code"] == "media_type"


def test_a_compressed_body_is_refused(served: Served) -> None:
    packed = {**served.key, "content-type": "application/json", "content-encoding": "gzip"}
    answer = served.client.post("/api/v1/api-keys", content=b"{}", headers=packed)
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")


def test_an_unknown_field_is_named(served: Served) -> None:
    answer = create(served, interview_tonne="relaxed")
    assert answer.status_code == 422
    assert paths(answer) == [["interview_tonne"]]
    nested = create(served, questions=[{"question": "Why?", "durration": 3}])
    assert paths(nested) == [["questions", "0", "durration"]]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "   "}, ["name"]),
        ({"name": 7}, ["name"]),
        ({"status": "live"}, ["status"]),
        ({"type": "exam"}, ["type"]),
        ({"visibility": "public"}, ["visibility"]),
        ({"mojito_language_code": "xx"}, ["mojito_language_code"]),
        ({"questions": []}, ["questions"]),
        ({"interview_attempts": 0}, ["interview_attempts"]),
        ({"interview_attempts": 21}, ["interview_attempts"]),
        ({"interview_attempts": True}, ["interview_attempts"]),
        ({"questions_random_subset": 0.95}, ["questions_random_subset"]),
        ({"cover_image_url": "javascript:alert(1)"}, ["cover_image_url"]),
        ({"result_view": "all"}, ["result_view"]),
        ({"allowed_origins": ["*"]}, ["allowed_origins", "0"]),
        ({"is_embedded": "yes"}, ["is_embedded"]),
    ],
)
def test_a_wrong_value_is_named(served: Served, changes: dict[str, Any], path: list[str]) -> None:
    answer = create(served, **changes)
    assert answer.status_code == 422
    assert path in paths(answer)


@pytest.mark.parametrize("name", ["name", "location", "questions", "interview_template_id"])
def test_a_missing_field_is_named(served: Served, name: str) -> None:
    fields = interview_fields(served.world.founded.profile_ids[0])
    del fields[name]
    answer = served.client.post(CREATE, json=fields, headers=served.key)
    assert answer.status_code == 422
    assert paths(answer) == [[name]]


def test_an_answer_never_repeats_what_was_sent(served: Served) -> None:
    answer = create(served, status="a secret of mine")
    assert "secret" not in answer.text


def test_every_error_has_one_shape_and_a_request_id(served: Served) -> None:
    client = served.client
    answers = [
        client.get("/nothing"),
        client.delete("/api/v1/sessions"),
        client.get("/api/v1/sessions"),
        client.get("/api/v1/sessions/none", headers=served.key),
        client.get("/broken"),
        client.get("/embed", headers={"accept": "application/json"}),
        client.get("/recordings/x.ogg"),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 401, 404, 500, 404, 403]
    for answer in answers:
        assert set(answer.json()) == {"error", "code", "issues"}
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "allow" in answers[1].headers
    assert "candidate" not in answers[4].text


def test_the_log_holds_route_templates_and_no_query(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        served.client.get("/embed?embed_id=emb_live_x&signature=deadbeef&email=a@b.test")
        served.client.get("/i/some-slug")
        served.open_session()
        served.client.get("/broken")
    ours = [record for record in caplog.records if record.name.startswith("vivavoce")]
    text = " ".join(f"{record.getMessage()} {vars(record)}" for record in ours)
    for secret in ("deadbeef", "a@b.test", "some-slug", "robin@example.org", "the words of"):
        assert secret not in text
    assert "'route': '/i/{slug}'" in text


def test_route_names_and_addresses_are_unique() -> None:
    assert len({entry.name for entry in TABLE}) == len(TABLE)
    assert len({(entry.method, entry.path) for entry in TABLE}) == len(TABLE)


def test_the_machines_that_watch_find_health_and_figures(served: Served) -> None:
    assert served.client.get("/healthz").json() == {"status": "ok"}
    served.client.get("/api/v1/sessions/secret-id", headers=served.key)
    text = served.client.get("/metrics").text
    assert 'route="/api/v1/sessions/{session_id}"' in text
    assert "secret-id" not in text


def test_a_whole_number_may_be_written_with_a_fraction_of_zero() -> None:
    numbers = parse_json(b"[30.0, 3e1, 30.5, 1e300]")
    assert numbers == [30, 30, 30.5, 1e300]
    assert [type(number) for number in numbers] == [int, int, float, float]
