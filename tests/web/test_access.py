"""Every address of the table with every kind of credential: none, one without rights, a stranger's.

Whoever adds an address adds it here too: what it needs to reach the object, or that it is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from vivavoce.core.roles import SCOPES_OF, Role
from vivavoce.core.scopes import Scope
from vivavoce.services.organizations import Founding
from vivavoce.web.operations import Credential
from vivavoce.web.routes import TABLE, Entry

from tests.services.backend import interview_fields
from tests.services.issuer import Issuer, claims, signed
from tests.web.dashboard_client import SLUG, Dashboard, invite, member
from tests.web.native_client import Native
from tests.web.served import Served, serve
from tests.web.test_native_api import call, interviewed

# What opens them is in the address or the body itself.
OPEN = {
    "/api/v1/auth/token",
    "/api/v1/auth/sign-in",
    "/api/v1/auth/accept-invitation",
    "/api/v1/embed/sessions",
    "/api/v1/embed/queue",
    "/api/v1/embed/popout",
    "/recordings/{session_id}.ogg",
    "/embed",
    "/i/{slug}",
    "/apply/{slug}",
    "/apply/{slug}/{handle}",
    "/apply/{slug}/{handle}/code",
    "/healthz",
    "/metrics",
}
AGENTS = "/api/interviews/"
CALLER = "/api/v1/me"


def opened_by(entry: Entry) -> Scope | Credential | None:
    return entry.operation.opened_by if entry.operation else None


GUARDED = [entry for entry in TABLE if entry.path not in OPEN]
SIGNED_IN = [entry for entry in GUARDED if opened_by(entry) is Credential.COOKIE]
KEYED = [entry for entry in GUARDED if isinstance(opened_by(entry), Scope)]
LED_OUTSIDE = [entry for entry in GUARDED if entry.path.startswith(AGENTS)]


@dataclass(frozen=True)
class Owned:
    """What the first organization has, by the names of the path parameters."""

    served: Served
    ids: dict[str, str]

    def answer(self, entry: Entry, headers: dict[str, str], body: Any = None) -> Any:  # noqa: ANN401
        path = entry.path.format(**self.ids)
        return self.ask(entry, path, headers, body)

    def ask(self, entry: Entry, path: str, headers: dict[str, str], body: Any = None) -> Any:  # noqa: ANN401
        sent = {} if body is None and entry.method in {"POST", "PATCH"} else body
        return self.served.client.request(entry.method, path, json=sent, headers=headers)

    def as_member(self, dashboard: Dashboard, entry: Entry) -> Any:  # noqa: ANN401
        path = f"{entry.path.format(**self.ids)}?accountSlug={SLUG}"
        return self.ask(entry, path, dashboard.headers)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """It takes the tokens of another issuer too."""
    with serve(tmp_path, Issuer().trusted) as made:
        yield made


@pytest.fixture
def owned(served: Served) -> Owned:
    native = Native(served)
    session_id = interviewed(served)
    template_id = native.template()["id"]
    endpoint = native.made("/webhook-endpoints", {"url": "https://hooks.example.com/"})
    participant_id = native.participant(template_id)["id"]
    assert native.order(template_id, participant_id).status_code == 201
    store_id = native.made("/knowledge-stores", {"name": "Handbook"})["id"]
    campaign = native.made("/campaigns", {"name": "Autumn", "jobId": template_id})
    ids = {
        "profile_id": native.profile()["id"],
        "template_id": template_id,
        "job_id": template_id,
        "stage_id": native.stage(template_id)["id"],
        "participant_id": participant_id,
        "candidate_id": participant_id,
        "application_id": native.get("/applications").json()["data"][0]["id"],
        "session_id": session_id,
        "interview_id": session_id,
        "report_id": session_id,
        "turn_number": "1",
        "campaign_id": campaign["id"],
        "embed_id": native.made("/embeds", {"evaluation_template_id": template_id})["id"],
        "key_id": native.made("/api-keys", {"name": "K", "scopes": ["reports.read"]})["id"],
        "endpoint_id": endpoint["id"],
        "mail_id": native.get("/outbox").json()["data"][0]["id"],
        "store_id": store_id,
        "document_id": _document(native, store_id),
        "member_id": invite(served, Role.VIEWER, "invited@lantern.test")["id"],
        "sign_in_id": "none",
        "organization_id": native.made("/organizations", {"name": "Below"})["id"],
        "delivery_id": native.get("/webhook-deliveries").json()["data"][0]["id"],
    }
    return Owned(served, ids)


def _document(native: Native, store_id: str) -> str:
    made = native.served.client.post(
        f"/api/v1/knowledge-stores/{store_id}/documents",
        content=b"Pallets are weighed.",
        headers={**native.headers, "content-type": "text/plain"},
    )
    document_id: str = made.json()["data"]["id"]
    return document_id


@pytest.fixture
def stranger(owned: Owned) -> Any:  # noqa: ANN401
    organizations = owned.served.world.services.organizations
    return call(owned.served, organizations.initialize, Founding("Other", "other@other.test"))


# A whole body for each change of one object, so that only its owner is in question.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/api/v1/organizations/{organization_id}"): {"name": "Theirs"},
    ("POST", "/api/v1/applications/{application_id}/reject"): {"decided_by": "Kim Lee"},
    ("PATCH", "/api/v1/embeds/{embed_id}"): {"allowed_origins": []},
    ("POST", "/api/interviews/{interview_id}/turns"): {
        "turnNumber": 1,
        "role": "agent",
        "content": "Hello.",
    },
}


def mismatches(expected: int, answers: dict[str, Any]) -> dict[str, int]:
    return {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code != expected
    }


def named(entry: Entry) -> str:
    return f"{entry.method} {entry.path}"


def test_without_a_credential_nothing_is_answered(owned: Owned) -> None:
    answers = {named(entry): owned.answer(entry, {}) for entry in GUARDED}
    assert not mismatches(401, answers)
    assert all(answer.headers["www-authenticate"] == "Bearer" for answer in answers.values())


def test_a_key_without_scopes_opens_nothing_and_is_told_what_it_lacks(owned: Owned) -> None:
    create = owned.served.world.services.credentials.create_api_key
    _, key = call(owned.served, create, owned.served.world.organization_id, "none", [])
    header = {"x-api-key": key}
    answers = {named(entry): owned.answer(entry, header) for entry in KEYED + LED_OUTSIDE}
    assert not mismatches(403, answers)
    for entry in KEYED:
        sentence = answers[named(entry)].json()["error"]
        assert any(scope in sentence for scope in Scope), named(entry)


def test_an_access_token_reaches_what_its_key_reaches(owned: Owned) -> None:
    create = owned.served.world.services.credentials.create_api_key
    _, key = call(owned.served, create, owned.served.world.organization_id, "none", [])
    token = call(owned.served, owned.served.world.services.credentials.access_token, key)
    header = {"authorization": f"Bearer {token}"}
    answers = {named(entry): owned.answer(entry, header) for entry in KEYED}
    assert not mismatches(403, answers)


def test_another_organizations_objects_do_not_exist(owned: Owned, stranger: Any) -> None:  # noqa: ANN401
    header = {"x-api-key": stranger.api_key}
    answers = {
        named(entry): owned.answer(entry, header, BODIES.get((entry.method, entry.path)))
        for entry in KEYED
        if "{" in entry.path
    }
    assert not mismatches(404, answers)


def test_another_organizations_agent_leads_no_interview(owned: Owned, stranger: Any) -> None:  # noqa: ANN401
    header = {"x-agent-secret": stranger.agent_secret}
    answers = {
        named(entry): owned.answer(entry, header, BODIES.get((entry.method, entry.path)))
        for entry in LED_OUTSIDE
    }
    assert not mismatches(404, answers)


def test_the_owner_reaches_every_object_that_a_stranger_does_not(owned: Owned) -> None:
    answers = {
        named(entry): owned.answer(entry, owned.served.key)
        for entry in KEYED
        if entry.method == "GET" and "{" in entry.path
    }
    assert not mismatches(200, answers)


def test_no_list_shows_another_organizations_objects(owned: Owned, stranger: Any) -> None:  # noqa: ANN401
    header = {"x-api-key": stranger.api_key}
    for entry in KEYED:
        if entry.method == "GET" and "{" not in entry.path:
            answer = owned.answer(entry, header)
            assert answer.status_code == 200
            assert not [one for one in owned.ids.values() if f'"{one}"' in answer.text], entry.path


def test_nothing_is_made_from_another_organizations_objects(owned: Owned, stranger: Any) -> None:  # noqa: ANN401
    ids = owned.ids
    bodies: dict[str, dict[str, Any]] = {
        "/api/v1/evaluation-templates": {
            "template_name": "T",
            "use_case": "hiring",
            "objective": "O",
            "agent_profile_id": ids["profile_id"],
        },
        "/api/v1/evaluation-stages": {
            "evaluation_template_id": ids["template_id"],
            "stage_name": "S",
        },
        "/api/v1/participants": {
            "name": "N",
            "email": "n@example.com",
            "evaluation_template_id": ids["template_id"],
        },
        "/api/v1/sessions": {
            "candidate_id": ids["participant_id"],
            "evaluation_template_id": ids["template_id"],
            "stage": "screen",
        },
        "/api/v1/embeds": {"evaluation_template_id": ids["template_id"]},
        "/api/v1/interviews": {"candidateId": ids["candidate_id"], "jobId": ids["job_id"]},
        "/api/v1/campaigns": {"name": "C", "jobId": ids["job_id"]},
        "/api/v1/jobs": {"title": "J", "questions": ["Q?"], "configId": ids["profile_id"]},
        "/functions/v1/job-interview-create-from-array": interview_fields(ids["profile_id"]),
    }
    header = {"x-api-key": stranger.api_key}
    answers = {
        path: owned.served.client.post(path, json=body, headers=header)
        for path, body in bodies.items()
    }
    assert not mismatches(404, answers)


def test_one_organizations_own_template_does_not_lend_out_a_strangers_stage_or_profile(
    owned: Owned,
    stranger: Any,  # noqa: ANN401
) -> None:
    theirs = replace(Native(owned.served), key=stranger.api_key)
    template_id = theirs.template()["id"]
    candidate_id = theirs.participant(template_id)["id"]
    borrowed = theirs.order(template_id, candidate_id, interview_id=owned.ids["stage_id"])
    assert borrowed.status_code == 422
    body = {"evaluation_template_id": template_id, "stage_name": "S"}
    profile = {"agent_profile_id": owned.ids["profile_id"]}
    assert theirs.post("/evaluation-stages", {**body, **profile}).status_code == 404
    stage_id = theirs.stage(template_id)["id"]
    assert theirs.patch(f"/evaluation-stages/{stage_id}", profile).status_code == 404
    assert theirs.patch(f"/evaluation-templates/{template_id}", profile).status_code == 404
    foreign = theirs.order(template_id, owned.ids["participant_id"])
    assert foreign.status_code == 404
    in_theirs = theirs.order(template_id, candidate_id, campaign_id=owned.ids["campaign_id"])
    assert (in_theirs.status_code, in_theirs.json()["code"]) == (404, "campaign_not_found")


def test_every_guarded_address_is_of_a_kind_that_is_tried() -> None:
    kinds = {named(entry) for entry in KEYED + LED_OUTSIDE + SIGNED_IN}
    assert {named(entry) for entry in GUARDED} - kinds == {f"GET {CALLER}"}


def test_no_key_opens_what_is_a_members_own(owned: Owned) -> None:
    answers = {named(entry): owned.answer(entry, owned.served.key) for entry in SIGNED_IN}
    assert not mismatches(401, answers)


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_exactly_what_its_scopes_open(owned: Owned, role: Role) -> None:
    dashboard = member(owned.served, role)
    allowed = SCOPES_OF[role]
    for entry in KEYED:
        answer = owned.as_member(dashboard, entry)
        scope = opened_by(entry)
        if scope in allowed:
            assert answer.status_code not in {401, 403}, (named(entry), answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
            assert str(scope) in answer.json()["error"], named(entry)


@pytest.mark.parametrize("role", Role)
def test_a_role_that_another_issuer_names_opens_the_same(owned: Owned, role: Role) -> None:
    token = signed(claims(owned.served.world.clock.unix, role=role))
    header = {"authorization": f"Bearer {token}"}
    for entry in KEYED:
        answer = owned.answer(entry, header)
        if opened_by(entry) in SCOPES_OF[role]:
            assert answer.status_code not in {401, 403}, (named(entry), answer.text)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    led = {named(entry): owned.answer(entry, header) for entry in LED_OUTSIDE}
    own = {named(entry): owned.answer(entry, header) for entry in SIGNED_IN}
    assert not mismatches(403, led)
    assert not mismatches(401, own)


def test_another_issuers_token_reaches_its_own_organization_alone(
    owned: Owned,
    stranger: Any,  # noqa: ANN401
) -> None:
    slug = stranger.organization.slug
    token = signed(claims(owned.served.world.clock.unix, role="owner", organization=slug))
    header = {"authorization": f"Bearer {token}"}
    answers = {
        named(entry): owned.answer(entry, header, BODIES.get((entry.method, entry.path)))
        for entry in KEYED
        if "{" in entry.path
    }
    assert not mismatches(404, answers)


def test_no_cookie_leads_an_interview(owned: Owned) -> None:
    dashboard = member(owned.served, Role.OWNER)
    answers = {named(entry): owned.as_member(dashboard, entry) for entry in LED_OUTSIDE}
    assert not mismatches(401, answers)


def test_no_change_is_made_with_a_cookie_from_another_origin(owned: Owned) -> None:
    dashboard = member(owned.served, Role.OWNER)
    foreign = {**dashboard.headers, "origin": "https://evil.test"}
    changes = [entry for entry in KEYED + SIGNED_IN if entry.method != "GET"]
    answers = {
        named(entry): owned.ask(
            entry, f"{entry.path.format(**owned.ids)}?accountSlug={SLUG}", foreign
        )
        for entry in changes
    }
    assert not mismatches(403, answers)
    assert {answer.json()["code"] for answer in answers.values()} == {"foreign_origin"}


def test_a_cookie_opens_no_other_account(owned: Owned, stranger: Any) -> None:  # noqa: ANN401
    dashboard = member(owned.served, Role.OWNER)
    secret = dashboard.cookie.partition("=")[2]
    slug = stranger.organization.slug
    renamed = {**dashboard.headers, "cookie": f"__Host-vv-{slug}={secret}"}
    answers = {
        named(entry): owned.ask(
            entry, f"{entry.path.format(**owned.ids)}?accountSlug={slug}", renamed
        )
        for entry in KEYED + SIGNED_IN
    }
    assert not mismatches(401, answers)


def test_the_open_addresses_are_really_in_the_table() -> None:
    assert {entry.path for entry in TABLE} >= OPEN
