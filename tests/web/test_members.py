from typing import Any

import pytest
from vivavoce.core.roles import SCOPES_OF, Role

from tests.web.dashboard_client import accept, invite, member, owner, sign_in, try_to_sign_in
from tests.web.native_client import Native, paths
from tests.web.served import Served

PERSON: dict[str, Any] = {"email": "kim@lantern.test", "name": "Kim Lee", "role": "reviewer"}


def test_an_invitation_is_shown_once_and_the_member_is_listed(served: Served) -> None:
    native = Native(served)
    served.world.clock.advance(1)
    made = native.made("/members", {**PERSON, "email": "Kim@Lantern.test"})
    shown = native.get(f"/members/{made['id']}").json()["data"]

    assert made["invitation"].startswith("vvin_")
    once = {"invitation", "invitation_url"}
    assert shown == {name: value for name, value in made.items() if name not in once}
    assert (shown["email"], shown["status"], shown["role"]) == (
        "kim@lantern.test",
        "invited",
        "reviewer",
    )
    listed = native.get("/members").json()
    assert [one["role"] for one in listed["data"]] == ["owner", "reviewer"]
    assert listed["meta"]["total"] == 2
    assert "vvin_" not in str(listed)


def test_members_are_listed_by_role_and_status(served: Served) -> None:
    native = Native(served)
    gone, invited = invite(served, Role.OWNER, "gone@lantern.test"), invite(served, Role.VIEWER)
    native.send("DELETE", f"/members/{gone['id']}")
    active = member(served, Role.ADMIN).data("/me")["member"]

    def found(query: str) -> list[str]:
        listed = native.get(f"/members?{query}").json()
        assert listed["meta"]["total"] == len(listed["data"])
        return [one["email"] for one in listed["data"]]

    assert found("role=owner&status=active") == ["owner@lantern.test"]
    assert found("status=deactivated") == [gone["email"]]
    assert found("status=invited") == [invited["email"]]
    assert found("role=admin") == [active["email"]]
    assert found("role=recruiter") == []
    assert paths(native.get("/members?status=asleep")) == [["status"]]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"email": "kim"}, ["email"]),
        ({"email": "kim@lantern.test\nbcc: all@lantern.test"}, ["email"]),
        ({"name": "  "}, ["name"]),
        ({"role": "king"}, ["role"]),
        ({"password": "chosen for them"}, ["password"]),
    ],
)
def test_a_wrong_member_is_refused_with_the_path(
    served: Served, changes: dict[str, Any], path: list[str]
) -> None:
    answer = Native(served).post("/members", {**PERSON, **changes})

    assert (answer.status_code, paths(answer)) == (400, [path])


def test_an_address_belongs_to_one_member_of_an_organization(served: Served) -> None:
    native = Native(served)
    native.made("/members", PERSON)
    again = native.post("/members", PERSON)

    assert (again.status_code, again.json()["code"]) == (409, "member_exists")


def test_a_new_role_counts_at_once(served: Served) -> None:
    native, dashboard = Native(served), member(served, Role.VIEWER)
    address = f"/members/{dashboard.data('/me')['member']['id']}"
    assert dashboard.send("POST", "/participants", {}).status_code == 403

    changed = native.patch(address, {"role": "recruiter"})

    assert changed.json()["data"]["role"] == "recruiter"
    assert dashboard.send("POST", "/participants", {}).status_code == 400
    assert set(dashboard.data("/me")["scopes"]) == SCOPES_OF[Role.RECRUITER]


def test_who_is_deactivated_is_out_at_once_and_can_come_back(served: Served) -> None:
    native, dashboard = Native(served), member(served, Role.ADMIN)
    person = dashboard.data("/me")["member"]
    address = f"/members/{person['id']}"

    assert native.send("DELETE", address).status_code == 204
    assert dashboard.get("/me").status_code == 401
    assert try_to_sign_in(served, person["email"], "correct horse battery").status_code == 401
    assert native.get(address).json()["data"]["status"] == "deactivated"
    invited = native.post(f"{address}/invite").json()["data"]
    assert invited["status"] == "invited"
    assert try_to_sign_in(served, person["email"], "correct horse battery").status_code == 401
    assert accept(served, invited["invitation"], "another long password").status_code == 200
    assert sign_in(served, person["email"], "another long password").get("/me").status_code == 200


def test_who_is_deactivated_accepts_no_invitation(served: Served) -> None:
    invited = invite(served, Role.VIEWER)
    Native(served).send("DELETE", f"/members/{invited['id']}")

    assert accept(served, invited["invitation"]).status_code == 401


def test_who_forgot_the_password_stays_signed_in_nowhere_once_there_is_another(
    served: Served,
) -> None:
    dashboard = member(served, Role.REVIEWER)
    address = f"/members/{dashboard.data('/me')['member']['id']}"
    invited = Native(served).post(f"{address}/invite").json()["data"]

    assert invited["status"] == "active"
    assert dashboard.get("/me").status_code == 200
    assert accept(served, invited["invitation"], "another long password").status_code == 200
    assert dashboard.get("/me").status_code == 401


def test_the_last_owner_stays(served: Served) -> None:
    dashboard = owner(served)
    address = f"/members/{dashboard.data('/me')['member']['id']}"
    invite(served, Role.OWNER, "first@lantern.test")  # who has not accepted cannot sign in
    demoted = dashboard.send("PATCH", address, {"role": "admin"})
    removed = dashboard.send("DELETE", address)

    assert {(one.status_code, one.json()["code"]) for one in (demoted, removed)} == {
        (409, "last_owner")
    }
    assert dashboard.send("PATCH", address, {"name": "Alex Poe"}).status_code == 200
    member(served, Role.OWNER, "second@lantern.test")
    assert dashboard.send("DELETE", address).status_code == 204
    assert dashboard.get("/me").status_code == 401


def test_nobody_rises_above_or_reaches_above_what_they_are(served: Served) -> None:
    admin = member(served, Role.ADMIN)
    own = f"/members/{admin.data('/me')['member']['id']}"
    (owner_id,) = (one["id"] for one in admin.data("/members") if one["role"] == "owner")
    above = [
        admin.send("POST", "/members", {**PERSON, "role": "owner"}),
        admin.send("PATCH", own, {"role": "owner"}),
        admin.send("PATCH", f"/members/{owner_id}", {"role": "viewer"}),
        admin.send("DELETE", f"/members/{owner_id}"),
        admin.send("POST", f"/members/{owner_id}/invite"),
    ]

    assert {(one.status_code, one.json()["code"]) for one in above} == {(403, "missing_scope")}
    assert admin.send("POST", "/members", PERSON).status_code == 201


def test_a_member_gives_a_key_no_right_that_is_not_their_own(served: Served) -> None:
    admin = member(served, Role.ADMIN)
    body = {"name": "Key", "scopes": ["organizations.write"]}

    assert admin.send("POST", "/api-keys", body).status_code == 403
    assert admin.send("POST", "/api-keys", {**body, "scopes": ["jobs.read"]}).status_code == 201


def test_a_change_is_made_to_what_its_author_saw(served: Served) -> None:
    native = Native(served)
    address = f"/members/{invite(served, Role.VIEWER)['id']}"
    seen = native.get(address).headers["etag"]

    assert native.patch(address, {"name": "A"}, if_match=seen).status_code == 200
    for method, path in (("PATCH", address), ("DELETE", address), ("POST", f"{address}/invite")):
        body = {"name": "B"} if method == "PATCH" else None
        assert native.send(method, path, body, if_match=seen).status_code == 409
