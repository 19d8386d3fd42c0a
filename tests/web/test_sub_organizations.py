from dataclasses import replace
from typing import Any

import pytest

from tests.services.backend import interview_fields
from tests.web.dashboard_client import OWN_PAGE, PASSWORD, Dashboard, accept, cookie_of
from tests.web.native_client import Native, paths
from tests.web.served import Served

MAKE = "/functions/v1/job-interview-create-from-array"


def opened(native: Native, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return native.made("/organizations", {"name": "Harbour Bakery", **changes})


def test_the_credentials_of_a_sub_organization_are_shown_once_and_act_for_it_alone(
    served: Served,
) -> None:
    parent = Native(served)
    made = opened(parent)
    child = replace(parent, key=made["api_key"])
    caller = child.get("/me").json()["data"]

    secret = {"api_key", "agent_secret", "owner_invitation"}
    shown = parent.get(f"/organizations/{made['id']}").json()["data"]
    assert shown == {name: value for name, value in made.items() if name not in secret}
    assert parent.get("/organizations").json()["data"] == [shown]
    assert caller["organization"] == {
        "id": made["id"],
        "accountSlug": "harbour-bakery",
        "name": "Harbour Bakery",
    }
    assert caller["scopes"] == parent.get("/me").json()["data"]["scopes"]
    assert len(child.get("/agent-profiles").json()["data"]) == 3


def test_parent_and_child_do_not_see_each_others_objects(served: Served) -> None:
    parent = Native(served)
    first, second = opened(parent), opened(parent)
    child, sibling = replace(parent, key=first["api_key"]), replace(parent, key=second["api_key"])
    everybody = {"parent": parent, "child": child, "sibling": sibling}
    templates = {name: one.template()["id"] for name, one in everybody.items()}

    seen = {
        name: {
            whose: one.get(f"/evaluation-templates/{template_id}").status_code
            for whose, template_id in templates.items()
        }
        for name, one in everybody.items()
    }

    assert seen == {
        name: {whose: 200 if whose == name else 404 for whose in templates} for name in everybody
    }
    assert child.get(f"/organizations/{second['id']}").status_code == 404
    own = parent.get("/me").json()["data"]["organization"]["id"]
    assert child.get(f"/organizations/{own}").status_code == 404
    assert child.patch(f"/organizations/{own}", {"name": "Ours"}).status_code == 404
    assert child.get("/organizations").json()["meta"]["total"] == 0


def test_a_parent_makes_interviews_for_its_own_merchants_and_nobody_else_does(
    served: Served,
) -> None:
    parent = Native(served)
    made, other = opened(parent), opened(parent)
    child = replace(parent, key=made["api_key"])
    profile_id = child.get("/agent-profiles").json()["data"][0]["id"]
    fields = interview_fields(profile_id, merchant_id=made["id"])

    answer = served.client.post(MAKE, json=fields, headers=parent.headers)

    template_id = answer.json()["interview_def_set_id"]
    assert child.get(f"/evaluation-templates/{template_id}").status_code == 200
    assert parent.get(f"/evaluation-templates/{template_id}").status_code == 404
    own = parent.get("/me").json()["data"]["organization"]["id"]
    for merchant_id in (own, other["id"], "nobody"):
        foreign = {**fields, "merchant_id": merchant_id}
        refused = served.client.post(MAKE, json=foreign, headers=child.headers)
        assert refused.status_code == 403


def test_its_owner_is_invited_and_signs_in_to_its_own_account(served: Served) -> None:
    made = opened(Native(served), owner_email="owner@lantern.test", owner_name="Sam Reed")
    assert accept(served, made["owner_invitation"]).status_code == 200
    body = {"accountSlug": made["accountSlug"], "email": "owner@lantern.test", "password": PASSWORD}
    entered = served.client.post("/api/v1/auth/sign-in", json=body, headers=OWN_PAGE)
    dashboard = Dashboard(served, cookie_of(entered), made["accountSlug"])

    assert dashboard.data("/me")["member"]["role"] == "owner"
    assert [one["name"] for one in dashboard.data("/members")] == ["Sam Reed"]
    elsewhere = {**body, "accountSlug": "lantern-works"}
    assert served.client.post("/api/v1/auth/sign-in", json=elsewhere).status_code == 401


def test_there_is_one_level_and_every_slug_is_its_own(served: Served) -> None:
    parent = Native(served)
    first, second = opened(parent), opened(parent)
    below = replace(parent, key=first["api_key"]).post("/organizations", {"name": "Deeper"})

    assert first["accountSlug"] != second["accountSlug"]
    assert (below.status_code, below.json()["code"]) == (409, "sub_organization")


def test_its_first_key_may_do_no_more_than_who_opened_it(served: Served) -> None:
    parent = Native(served)
    scopes = ["organizations.write", "jobs.read"]
    clerk = replace(parent, key=parent.made("/api-keys", {"name": "C", "scopes": scopes})["key"])
    made = opened(clerk)
    refused = clerk.post("/organizations", {"name": "X", "owner_email": "x@x.test"})

    child = replace(parent, key=made["api_key"])
    assert child.get("/me").json()["data"]["scopes"] == sorted(scopes)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert parent.get("/organizations").json()["meta"]["total"] == 1


def test_a_name_is_changed_as_it_was_seen_and_the_slug_stays(served: Served) -> None:
    parent = Native(served)
    address = f"/organizations/{opened(parent)['id']}"
    seen = parent.get(address).headers["etag"]
    renamed = parent.patch(address, {"name": "Harbour Cakes"}, if_match=seen)
    own = f"/organizations/{parent.get('/me').json()['data']['organization']['id']}"

    told = renamed.json()["data"]
    assert (told["name"], told["accountSlug"]) == ("Harbour Cakes", "harbour-bakery")
    assert parent.patch(address, {"name": "Again"}, if_match=seen).status_code == 409
    assert parent.patch(own, {"name": "Lantern"}).json()["data"]["accountSlug"] == "lantern-works"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": " "}, ["name"]),
        ({"name": "a\nb"}, ["name"]),
        ({"owner_email": "nobody"}, ["owner_email"]),
        ({"parent_id": "x"}, ["parent_id"]),
    ],
)
def test_a_wrong_sub_organization_is_refused_with_the_path(
    served: Served, changes: dict[str, Any], path: list[str]
) -> None:
    answer = Native(served).post("/organizations", {"name": "X", **changes})

    assert (answer.status_code, paths(answer)) == (400, [path])
