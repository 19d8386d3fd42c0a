"""Mail over HTTP: seeing it, copying links from it, and sending it again."""

from typing import Any

import pytest
from vivavoce.core.mail import SendOutcome
from vivavoce.core.scopes import Scope

from tests.services.test_mail import Postman
from tests.web.native_client import Native, paths
from tests.web.served import Served
from tests.web.test_native_api import call


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def ordered(native: Native, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    template_id = native.template()["id"]
    participant_id = native.participant(template_id)["id"]
    answer = native.order(template_id, participant_id, **changes)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def delivered(native: Native, *outcomes: SendOutcome) -> None:
    services = native.served.world.services

    async def deliver() -> None:
        await services.new_mail_worker(Postman(*outcomes)).deliver_due()

    call(native.served, deliver)


def outbox(native: Native, query: str = "") -> list[dict[str, Any]]:
    answer = native.get("/outbox" + query)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_an_order_is_an_invitation_with_a_link_to_copy(native: Native) -> None:
    session = ordered(native)
    (mail,) = outbox(native, f"?kind=invitation&session_id={session['id']}")
    assert mail["status"] == "pending"
    assert mail["to"] == {"name": "Jane Smith", "email": "jane@example.com"}
    assert mail["candidate_id"] == session["candidate_id"]
    token = mail["join_url"].partition("#t=")[2]
    opened = native.served.client.post("/api/v1/embed/sessions", json={"invitation": token})
    assert opened.status_code == 201
    assert opened.json()["data"]["session_id"] == session["id"]


def test_one_mail_is_shown_as_it_is_read(native: Native) -> None:
    ordered(native)
    delivered(native)
    (summary,) = outbox(native, "?status=sent")
    mail = native.get(f"/outbox/{summary['id']}").json()["data"]
    assert mail["subject"] == "Your interview: Senior Backend Engineer"
    assert mail["join_url"] in mail["text"]
    assert (mail["attempt_count"], mail["last_outcome"]) == (1, "sent")
    assert "subject" not in summary


def test_a_cancelled_session_has_no_link_any_more(native: Native) -> None:
    session = ordered(native)
    delivered(native)
    native.post(f"/sessions/{session['id']}/cancel")
    mails = outbox(native, f"?candidate_id={session['candidate_id']}")
    assert [mail["kind"] for mail in mails] == ["cancellation", "reminder", "invitation"]
    assert [mail["join_url"] for mail in mails] == [None, None, None]


def test_a_person_may_send_again_what_may_have_arrived(native: Native) -> None:
    ordered(native)
    delivered(native, SendOutcome.UNCERTAIN)
    (mail,) = outbox(native, "?status=uncertain")
    answer = native.post(f"/outbox/{mail['id']}/retry")
    assert (answer.status_code, answer.json()["data"]["status"]) == (202, "pending")
    again = native.post(f"/outbox/{mail['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "mail_state")


def test_a_withheld_invitation_is_sent_when_somebody_asks(native: Native) -> None:
    job = native.template()["id"]
    candidate = native.participant(None)["id"]
    body = {"candidateId": candidate, "jobId": job, "sendInvite": False}
    interview = native.post("/interviews", body).json()["data"]["id"]
    assert outbox(native) == []
    assert native.get(f"/interviews/{interview}").json()["data"]["status"] == "DRAFT"
    answer = native.post(f"/sessions/{interview}/invite")
    assert (answer.status_code, answer.json()["data"]["kind"]) == (202, "invitation")
    assert [mail["kind"] for mail in outbox(native)] == ["reminder", "invitation"]
    assert native.get(f"/interviews/{interview}").json()["data"]["status"] == "INVITED"


def test_who_may_not_see_candidates_does_not_see_their_mail(native: Native) -> None:
    ordered(native)
    served = native.served
    create = served.world.services.credentials.create_api_key
    _, key = call(served, create, served.world.organization_id, "k", [Scope.INTERVIEWS_READ])
    answer = Native(served, key).get("/outbox")
    assert answer.status_code == 403
    assert Scope.CANDIDATES_READ in answer.json()["error"]


@pytest.mark.parametrize("query", ["?status=gone", "?kind=letter", "?to=x", "?page=0"])
def test_a_wrong_filter_is_named(native: Native, query: str) -> None:
    answer = native.get("/outbox" + query)
    assert answer.status_code == 400
    assert paths(answer) == [[query[1:].partition("=")[0]]]


HOSTILE = [
    "jane@example.com\r\nBcc: x@y.z",
    "jane@example.com\n",
    "jane\u0000@example.com",
    "jane@example.com, other@example.com",
    "Jane <jane@example.com>",
    "jane@example..com",
]


@pytest.mark.parametrize("email", HOSTILE)
def test_what_is_more_than_an_address_is_refused_at_every_door(native: Native, email: str) -> None:
    template_id = native.template()["id"]
    body = {"name": "J", "email": email, "evaluation_template_id": template_id}
    answer = native.post("/participants", body)
    assert answer.status_code == 400
    candidate = {"firstName": "J", "lastName": "S", "email": email}
    assert native.post("/candidates", candidate).status_code == 400
    token = native.served.world.token(email=email)
    opened = native.served.client.post("/api/v1/embed/sessions", json={"launch_token": token})
    assert opened.status_code == 401
    assert outbox(native) == []


@pytest.mark.parametrize("field", ["name", "email"])
def test_a_line_break_is_refused_by_the_name_of_its_field(native: Native, field: str) -> None:
    body = {"name": "Jane", "email": "jane@example.com", field: "a@b.example\r\nBcc: x@y.z"}
    answer = native.post("/participants", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "body")
    assert paths(answer) == [[field]]
    assert native.post("/evaluation-templates", {"template_name": "a\nb"}).status_code == 400
