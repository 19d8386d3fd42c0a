from typing import Any

import pytest
from vivavoce.core.scopes import Scope

from tests.web.served import Served

ENDPOINTS = "/api/v1/webhook-endpoints"
DELIVERIES = "/api/v1/webhook-deliveries"
URL = "https://hooks.example.org/in"


def register(served: Served, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = served.client.post(ENDPOINTS, json={"url": URL, **fields}, headers=served.key)
    assert answer.status_code == 201
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_the_secret_is_shown_when_it_is_made_and_never_again(served: Served) -> None:
    made = register(served, events=["session.scored"], description="ATS")
    address = f"{ENDPOINTS}/{made['id']}"
    read = served.client.get(address, headers=served.key).json()["data"]
    listed = served.client.get(ENDPOINTS, headers=served.key).json()
    rotated = served.client.post(f"{address}/rotate", headers=served.key).json()["data"]
    after = served.client.get(address, headers=served.key).json()["data"]

    assert made["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert read == {name: value for name, value in made.items() if name != "secret"}
    assert listed["data"] == [read]
    assert listed["meta"]["total"] == 1
    assert "secret" not in after
    assert after["previous_secret_retires_at"] == "2026-06-03T07:48:31.000Z"
    assert (read["url"], read["events"], read["enabled"]) == (URL, ["session.scored"], True)


def test_without_events_an_endpoint_hears_all_nine(served: Served) -> None:
    assert len(register(served)["events"]) == 9


def test_an_endpoint_is_changed_and_deleted(served: Served) -> None:
    address = f"{ENDPOINTS}/{register(served)['id']}"
    off = {"enabled": False, "events": ["session.failed"]}
    changed = served.client.patch(address, json=off, headers=served.key).json()["data"]
    deleted = served.client.delete(address, headers=served.key)

    assert (changed["enabled"], changed["events"]) == (False, ["session.failed"])
    assert changed["disabled_reason"] == "disabled by its organization"
    assert changed["url"] == URL
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert served.client.get(address, headers=served.key).status_code == 404
    assert served.client.delete(address, headers=served.key).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ["url"]),
        ({"url": "http://127.0.0.1/x"}, ["url"]),
        ({"url": "https://[::ffff:169.254.169.254]/"}, ["url"]),
        ({"url": URL, "events": ["session.exploded"]}, ["events", "0"]),
        ({"url": URL, "evnets": []}, ["evnets"]),
        ({"url": URL, "enabled": "yes"}, ["enabled"]),
    ],
)
def test_a_wrong_field_is_named(served: Served, body: dict[str, Any], path: list[str]) -> None:
    answer = served.client.post(ENDPOINTS, json=body, headers=served.key)

    assert answer.status_code == 400
    assert answer.json()["issues"][0]["path"] == path


def test_what_happened_is_listed_by_filter_with_its_body(served: Served) -> None:
    endpoint = register(served)
    session_id = served.open_session()["session_id"]
    everything = served.client.get(DELIVERIES, headers=served.key).json()
    query = {"event": "session.created", "status": "pending", "endpoint_id": endpoint["id"]}
    chosen = served.client.get(DELIVERIES, params=query, headers=served.key).json()["data"]
    delivered = served.client.get(
        DELIVERIES, params={"status": "delivered"}, headers=served.key
    ).json()
    read = served.client.get(f"{DELIVERIES}/{chosen[0]['id']}", headers=served.key).json()["data"]

    assert [each["event"] for each in everything["data"]] == [
        "session.created",
        "participant.created",
    ]
    assert everything["meta"]["total"] == 2
    assert delivered["data"] == []
    assert read["payload"]["id"] == read["event_id"] == chosen[0]["event_id"]
    assert read["payload"]["data"]["session"]["id"] == session_id
    assert (read["attempts"], read["attempt_count"]) == ([], 0)


def test_a_replay_is_accepted_and_refused_once_the_endpoint_is_gone(served: Served) -> None:
    endpoint = register(served)
    served.open_session()
    delivery = served.client.get(DELIVERIES, headers=served.key).json()["data"][0]
    replay = f"{DELIVERIES}/{delivery['id']}/replay"

    assert served.client.post(replay, headers=served.key).status_code == 202
    served.client.delete(f"{ENDPOINTS}/{endpoint['id']}", headers=served.key)
    refused = served.client.post(replay, headers=served.key)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_endpoint_gone")
    gone = served.client.get(f"{DELIVERIES}/{delivery['id']}", headers=served.key).json()["data"]
    assert gone["status"] == "abandoned"


def test_an_unknown_endpoint_or_delivery_is_not_found(served: Served) -> None:
    for method, address in (
        ("GET", f"{ENDPOINTS}/whe_x"),
        ("PATCH", f"{ENDPOINTS}/whe_x"),
        ("DELETE", f"{ENDPOINTS}/whe_x"),
        ("POST", f"{ENDPOINTS}/whe_x/rotate"),
        ("GET", f"{DELIVERIES}/dlv_x"),
        ("POST", f"{DELIVERIES}/dlv_x/replay"),
    ):
        body: dict[str, str] | None = {} if method == "PATCH" else None
        answer = served.client.request(method, address, headers=served.key, json=body)
        assert answer.status_code == 404


def test_each_address_needs_its_scope(served: Served) -> None:
    credentials = served.world.services.credentials
    portal = served.client.portal
    assert portal is not None
    keys = {
        scope: portal.call(
            credentials.create_api_key, served.world.organization_id, "narrow", [scope]
        )[1]
        for scope in (Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE)
    }
    reading = {"x-api-key": keys[Scope.WEBHOOKS_READ]}
    writing = {"x-api-key": keys[Scope.WEBHOOKS_WRITE]}

    assert served.client.get(ENDPOINTS, headers=reading).status_code == 200
    assert served.client.get(DELIVERIES, headers=writing).status_code == 403
    refused = served.client.post(ENDPOINTS, json={"url": URL}, headers=reading)
    assert refused.status_code == 403
    assert "webhooks.write" in refused.json()["error"]
    assert served.client.post(ENDPOINTS, json={"url": URL}).status_code == 401


def test_a_change_is_made_to_what_its_author_saw_or_not_at_all(served: Served) -> None:
    made = served.client.post(ENDPOINTS, json={"url": URL}, headers=served.key)
    address = f"{ENDPOINTS}/{made.json()['data']['id']}"
    first = {**served.key, "if-match": made.headers["etag"]}
    changed = served.client.patch(address, json={"description": "ATS"}, headers=first)
    stale = [
        served.client.patch(address, json={"description": "other"}, headers=first),
        served.client.post(f"{address}/rotate", headers=first),
        served.client.delete(address, headers=first),
    ]
    read = served.client.get(address, headers=served.key)

    assert changed.status_code == 200
    assert changed.headers["etag"] == read.headers["etag"] != made.headers["etag"]
    assert {(one.status_code, one.json()["code"]) for one in stale} == {(409, "changed_meanwhile")}
    assert read.json()["data"]["description"] == "ATS"
    latest = {**served.key, "if-match": read.headers["etag"]}
    rotated = served.client.post(f"{address}/rotate", headers=latest)
    assert rotated.headers["etag"] not in {read.headers["etag"], made.headers["etag"]}
    assert served.client.delete(address, headers=latest).status_code == 409
    assert served.client.delete(address, headers=served.key).status_code == 204
