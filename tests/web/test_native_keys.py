"""Embeds and API keys over HTTP: secrets are shown once, and rights never grow."""

from typing import Any

import pytest
from vivavoce.core.scopes import ALL_SCOPES

from tests.web.native_client import Native, paths
from tests.web.served import Served
from tests.web.test_native_api import call


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def embed(native: Native, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return native.made("/embeds", {"evaluation_template_id": native.template()["id"], **changes})


def opens(native: Native, embed_id: str, signing_key: str, jti: str) -> int:
    """The status of opening an interview with a link that this key has signed."""
    world = native.served.world
    token = world.sign(world.claims(jti=jti), signing_key, kid=embed_id)
    body = {"launch_token": token}
    return int(native.served.client.post("/api/v1/embed/sessions", json=body).status_code)


def test_the_signing_key_is_shown_once(native: Native) -> None:
    made = embed(native, allowed_origins=["https://Careers.example:443", "http://localhost:8001"])
    assert made["embed_signing_key"].startswith("vvsk_")
    assert made["id"].startswith("emb_live_")
    assert made["allowed_origins"] == ["https://careers.example", "http://localhost:8001"]
    shown = native.get(f"/embeds/{made['id']}").json()["data"]
    assert shown == {name: made[name] for name in made if name != "embed_signing_key"}
    assert "vvsk_" not in native.get("/embeds").text
    assert embed(native, mode="test")["id"].startswith("emb_test_")


def test_two_keys_sign_while_they_are_rotated(native: Native) -> None:
    made = embed(native)
    first, path = made["embed_signing_key"], f"/embeds/{made['id']}/rotate"
    second = native.post(path).json()["data"]["embed_signing_key"]
    assert opens(native, made["id"], first, "a") == 201
    assert opens(native, made["id"], second, "b") == 201
    rotated = native.post(path).json()["data"]
    assert rotated["live_signing_keys"] == 2
    assert opens(native, made["id"], first, "c") == 401
    assert opens(native, made["id"], second, "d") == 201


def test_the_links_of_a_revoked_embed_open_nothing(native: Native) -> None:
    made = embed(native)
    assert native.send("DELETE", f"/embeds/{made['id']}").status_code == 204
    assert opens(native, made["id"], made["embed_signing_key"], "a") in {401, 404}
    assert native.get(f"/embeds/{made['id']}").status_code == 404
    assert native.post(f"/embeds/{made['id']}/rotate").status_code == 404
    assert made["id"] not in native.get("/embeds").text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"allowed_origins": ["*"]}, ["allowed_origins", "0"]),
        ({"allowed_origins": ["https://a.example/path"]}, ["allowed_origins", "0"]),
        ({"allowed_origins": ["https://u:p@a.example"]}, ["allowed_origins", "0"]),
        ({"allowed_origins": ["javascript:alert(1)"]}, ["allowed_origins", "0"]),
        ({"allowed_origins": ["https://a.example; script-src *"]}, ["allowed_origins", "0"]),
        ({"allowed_origins": "https://a.example"}, ["allowed_origins"]),
        ({"mode": "production"}, ["mode"]),
    ],
)
def test_a_wrong_embed_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    body = {"evaluation_template_id": native.template()["id"], **changes}
    answer = native.post("/embeds", body)
    assert (answer.status_code, paths(answer)) == (400, [path])


def test_a_key_is_shown_once_and_ends_when_it_is_revoked(native: Native) -> None:
    body = {"name": "Reader", "scopes": ["interviews:read", "candidates.read"], "mode": "test"}
    made = native.made("/api-keys", body)
    assert made["key"].startswith("vv_test_")
    assert made["scopes"] == ["candidates.read", "interviews.read"]
    reader = Native(native.served, made["key"])
    assert reader.get("/sessions").status_code == 200
    forbidden = reader.post("/sessions", {})
    assert forbidden.status_code == 403
    assert "interviews.write" in forbidden.json()["error"]
    assert made["key"] not in native.get("/api-keys").text
    assert native.send("DELETE", f"/api-keys/{made['id']}").status_code == 204
    assert reader.get("/sessions").status_code == 401
    assert native.send("DELETE", f"/api-keys/{made['id']}").status_code == 404
    listed = native.get("/api-keys").json()["data"]
    assert [one["id"] for one in listed if one["revoked_at"]] == [made["id"]]


def test_nobody_gives_a_right_that_is_not_their_own(native: Native) -> None:
    scopes = ["api_keys.read", "api_keys.write", "reports.read"]
    clerk = Native(
        native.served, native.made("/api-keys", {"name": "Clerk", "scopes": scopes})["key"]
    )
    assert clerk.post("/api-keys", {"name": "A", "scopes": ["reports.read"]}).status_code == 201
    refused = clerk.post("/api-keys", {"name": "B", "scopes": ["reports.read", "embeds.write"]})
    assert refused.status_code == 403
    assert "embeds.write" in refused.json()["error"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["reports.read", "everything"]}, ["scopes", "1"]),
        ({"scopes": "reports.read"}, ["scopes"]),
        ({"name": "a\tb"}, ["name"]),
        ({"mode": "prod"}, ["mode"]),
        ({"expires_at": "2026-06-02T07:48:31Z"}, ["expires_at"]),
        ({"expires_at": "2027-01-01T00:00:00"}, ["expires_at"]),
    ],
)
def test_a_wrong_key_is_refused_with_the_path(
    native: Native, changes: dict[str, Any], path: list[str]
) -> None:
    body = {"name": "Key", "scopes": ["reports.read"], **changes}
    answer = native.post("/api-keys", body)
    assert (answer.status_code, paths(answer)) == (400, [path])


def test_a_key_of_all_scopes_may_do_all(native: Native) -> None:
    made = native.made("/api-keys", {"name": "All", "scopes": sorted(ALL_SCOPES)})
    assert set(made["scopes"]) == set(ALL_SCOPES)
    key_id = made["id"]
    stored = call(native.served, native.served.world.stores.read.api_keys.get, key_id)
    assert stored.scopes == ALL_SCOPES
