from collections.abc import Callable
from typing import Any

import pytest
from vivavoce.core.roles import Role

from tests.services.backend import INSTANCE
from tests.web.dashboard_client import (
    OWN_PAGE,
    PASSWORD,
    SLUG,
    Dashboard,
    accept,
    invite,
    member,
    owner,
    sign_in,
    try_to_sign_in,
)
from tests.web.native_client import Native
from tests.web.served import Served

OWNER = "owner@lantern.test"


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_http(served: Served) -> None:
    answer = try_to_sign_in(served, OWNER, served.world.founded.owner_password)

    name, *rules = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"__Host-vv-{SLUG}=vvsi_")
    assert {rule.lower() for rule in rules} == {
        "httponly",
        "secure",
        "samesite=lax",
        "path=/",
        "max-age=2592000",
    }
    assert "vvsi_" not in answer.text


def test_whoever_signed_in_is_known_with_the_account(served: Served) -> None:
    dashboard = owner(served)
    caller = dashboard.data("/me")

    assert caller["organization"]["accountSlug"] == SLUG
    assert (caller["member"]["email"], caller["member"]["role"]) == (OWNER, "owner")
    assert dashboard.data("/sessions") == []
    key = Native(served).get("/me").json()["data"]
    assert (key["member"], key["scopes"]) == (None, caller["scopes"])


@pytest.mark.parametrize(
    ("account", "email"),
    [(SLUG, OWNER), (SLUG, "nobody@lantern.test"), ("nowhere", OWNER), (SLUG, "invited@x.test")],
)
def test_every_wrong_sign_in_gets_the_same_answer(served: Served, account: str, email: str) -> None:
    invite(served, Role.ADMIN, "invited@x.test")
    body = {"accountSlug": account, "email": email, "password": "wrong, and long enough"}
    answer = served.client.post("/api/v1/auth/sign-in", json=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")
    assert "set-cookie" not in answer.headers


def test_guessing_at_one_account_is_slowed_down(served: Served) -> None:
    answers = [try_to_sign_in(served, "Owner@lantern.test", f"guess {n}") for n in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    right = served.world.founded.owner_password
    assert try_to_sign_in(served, OWNER, right).status_code == 429
    served.world.clock.advance(60)
    assert try_to_sign_in(served, OWNER, right).status_code == 200


def other_origin(dashboard: Dashboard) -> dict[str, str]:
    return {**dashboard.headers, "origin": "https://evil.test"}


def no_origin(dashboard: Dashboard) -> dict[str, str]:
    return {name: value for name, value in dashboard.headers.items() if name != "origin"}


def no_header(dashboard: Dashboard) -> dict[str, str]:
    headers = dashboard.headers
    return {name: value for name, value in headers.items() if name != "x-vivavoce-request"}


def almost_our_origin(dashboard: Dashboard) -> dict[str, str]:
    return {**dashboard.headers, "origin": f"{INSTANCE}.evil.test"}


def opaque_origin(dashboard: Dashboard) -> dict[str, str]:
    return {**dashboard.headers, "origin": "null"}


@pytest.mark.parametrize(
    "of_page", [other_origin, no_origin, no_header, almost_our_origin, opaque_origin]
)
def test_no_other_page_makes_a_change_with_the_cookie(
    served: Served, of_page: Callable[[Dashboard], dict[str, str]]
) -> None:
    dashboard = owner(served)
    headers = of_page(dashboard)
    path = f"/api/v1/members?accountSlug={SLUG}"
    body = {"email": "x@x.test", "name": "X", "role": "owner"}
    refused = served.client.post(path, json=body, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
    assert served.client.get(path, headers=headers).status_code == 200
    assert len(dashboard.data("/members")) == 1


def test_a_page_behind_another_name_of_this_host_may_change_things(served: Served) -> None:
    dashboard = owner(served)
    headers = {**dashboard.headers, "host": "10.0.0.7:8000", "origin": "http://10.0.0.7:8000"}
    body = {"email": "x@x.test", "name": "X", "role": "viewer"}
    made = served.client.post(f"/api/v1/members?accountSlug={SLUG}", json=body, headers=headers)

    assert made.status_code == 201


def test_nobody_is_signed_in_by_a_page_of_somebody_else(served: Served) -> None:
    right = served.world.founded.owner_password
    foreign = try_to_sign_in(served, OWNER, right, origin="https://evil.test")
    own = try_to_sign_in(served, OWNER, right, **OWN_PAGE)

    assert (foreign.status_code, own.status_code) == (403, 200)


def test_the_cookie_counts_for_its_own_account_and_only_when_it_is_named(served: Served) -> None:
    dashboard = owner(served)
    unnamed = served.client.get("/api/v1/members", headers=dashboard.headers)
    other = served.client.get("/api/v1/members?accountSlug=other", headers=dashboard.headers)
    both = {**dashboard.headers, **served.key}
    with_key = served.client.get(f"/api/v1/members?accountSlug={SLUG}", headers=both)

    assert (unnamed.status_code, other.status_code) == (401, 401)
    # A key goes first, and knows its organization: the name would be left unread.
    assert (with_key.status_code, with_key.json()["issues"][0]["path"]) == (400, ["accountSlug"])


def test_signing_out_ends_this_browser_and_no_other(served: Served) -> None:
    here, there = owner(served), owner(served)
    out = here.send("POST", "/auth/sign-out")

    assert out.status_code == 204
    assert 'vv-lantern-works=""' in out.headers["set-cookie"]
    assert here.get("/me").status_code == 401
    assert there.get("/me").status_code == 200


def test_other_browsers_are_listed_and_signed_out(served: Served) -> None:
    right = served.world.founded.owner_password
    here = owner(served)
    served.world.clock.advance(1)
    there = sign_in(served, OWNER, right, **{"user-agent": "Phone/1"})
    listed = here.data("/auth/sign-ins")
    ended = here.send("DELETE", f"/auth/sign-ins/{listed[0]['id']}")

    assert [(one["user_agent"], one["current"]) for one in listed] == [
        ("Phone/1", False),
        ("testclient", True),
    ]
    assert ended.status_code == 204
    assert there.get("/me").status_code == 401
    assert [one["current"] for one in here.data("/auth/sign-ins")] == [True]
    assert here.send("DELETE", f"/auth/sign-ins/{listed[0]['id']}").status_code == 404


def test_nobody_signs_somebody_else_out(served: Served) -> None:
    mine = owner(served)
    theirs = member(served, Role.ADMIN)
    (one,) = mine.data("/auth/sign-ins")

    assert theirs.send("DELETE", f"/auth/sign-ins/{one['id']}").status_code == 404
    assert mine.get("/me").status_code == 200


@pytest.mark.parametrize(("days", "status"), [(2.9, 200), (3, 401)])
def test_a_sign_in_that_is_not_used_ends(served: Served, days: float, status: int) -> None:
    dashboard = owner(served)
    served.world.clock.advance(days * 86_400)

    assert dashboard.get("/me").status_code == status


def test_a_sign_in_ends_after_thirty_days_of_use(served: Served) -> None:
    dashboard = owner(served)
    answers: list[int] = []
    for _ in range(15):
        answers.append(dashboard.get("/me").status_code)
        served.world.clock.advance(2 * 86_400)

    assert answers == [200] * 15
    assert dashboard.get("/me").status_code == 401


def change(dashboard: Dashboard, current: str, wanted: str) -> Any:  # noqa: ANN401
    body = {"current_password": current, "password": wanted}
    return dashboard.send("POST", "/auth/password", body)


def test_another_password_ends_the_other_browsers(served: Served) -> None:
    first = served.world.founded.owner_password
    here, there = owner(served), owner(served)

    assert change(here, "not my password", PASSWORD).status_code == 403
    assert change(here, first, "short").status_code == 400
    assert change(here, first, PASSWORD).status_code == 204
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 401
    assert try_to_sign_in(served, OWNER, first).status_code == 401
    assert try_to_sign_in(served, OWNER, PASSWORD).status_code == 200


def test_an_invitation_is_accepted_once(served: Served) -> None:
    invited = invite(served, Role.RECRUITER)
    accepted = accept(served, invited["invitation"], name="Kim L.")
    again = accept(served, invited["invitation"])

    told = accepted.json()["data"]
    assert told["organization"]["accountSlug"] == SLUG
    assert (told["member"]["name"], told["member"]["status"]) == ("Kim L.", "active")
    assert (again.status_code, again.json()["code"]) == (401, "invitation")
    assert sign_in(served, invited["email"]).data("/me")["member"]["role"] == "recruiter"


def test_an_invitation_ends_after_seven_days_or_with_the_next_one(served: Served) -> None:
    late, lost = invite(served, Role.VIEWER), invite(served, Role.ADMIN)
    Native(served).post(f"/members/{lost['id']}/invite")
    assert accept(served, lost["invitation"]).status_code == 401
    served.world.clock.advance(7 * 86_400)
    assert accept(served, late["invitation"]).status_code == 401
    assert accept(served, "vvin_guess").status_code == 401


@pytest.mark.parametrize("password", ["elevenchars", "x" * 201])
def test_a_password_is_neither_short_nor_endless(served: Served, password: str) -> None:
    answer = accept(served, invite(served, Role.VIEWER)["invitation"], password)

    assert (answer.status_code, answer.json()["issues"][0]["path"]) == (400, ["password"])
