"""A campaign that is over takes nothing any more; what has begun in it is finished."""

from datetime import timedelta
from typing import Any

import pytest
from vivavoce.core.timestamps import to_text

from tests.services.backend import START
from tests.web.evalyo_client import Evalyo
from tests.web.native_client import Native
from tests.web.served import Served

OVER = {
    "closed": {"status": "CLOSED"},
    "back in draft": {"status": "DRAFT"},
    "past its end": {"endsAt": to_text(START - timedelta(days=1))},
    "not begun": {"startsAt": to_text(START + timedelta(days=2))},
}
REFUSED = (409, "campaign_closed")


class Hiring:
    """A template, somebody, and a campaign of the template."""

    def __init__(self, served: Served) -> None:
        self.native = Native(served)
        self.evalyo = Evalyo(served)
        self.template_id: str = self.native.template()["id"]
        self.candidate_id: str = self.native.participant(self.template_id)["id"]
        body = {"name": "Autumn", "jobId": self.template_id}
        self.campaign_id: str = self.native.made("/campaigns", body)["id"]

    def change(self, **changes: Any) -> None:  # noqa: ANN401
        answer = self.native.patch(f"/campaigns/{self.campaign_id}", changes)
        assert answer.status_code == 200, answer.text

    def order(self, **changes: Any) -> Any:  # noqa: ANN401
        body = {"campaign_id": self.campaign_id, **changes}
        return self.native.order(self.template_id, self.candidate_id, **body)

    def interview(self, **changes: Any) -> Any:  # noqa: ANN401
        body = {
            "candidateId": self.candidate_id,
            "jobId": self.template_id,
            "campaignId": self.campaign_id,
            **changes,
        }
        return self.evalyo.post("/api/v1/interviews", body)

    def join(self, join_url: str) -> Any:  # noqa: ANN401
        body = {"invitation": join_url.partition("#t=")[2]}
        return self.native.served.client.post("/api/v1/embed/sessions", json=body)


@pytest.fixture
def hiring(served: Served) -> Hiring:
    return Hiring(served)


def refusal(answer: Any) -> tuple[int, str]:  # noqa: ANN401
    return answer.status_code, answer.json()["code"]


def test_a_session_belongs_to_its_campaign_and_is_found_by_it(hiring: Hiring) -> None:
    session = hiring.order().json()["data"]
    assert session["campaign_id"] == hiring.campaign_id
    found = hiring.native.get(f"/sessions?campaign_id={hiring.campaign_id}").json()
    assert [one["id"] for one in found["data"]] == [session["id"]]
    other = hiring.native.template()["id"]
    somebody = hiring.native.participant(other, email="b@example.com", external_id="b")["id"]
    astray = hiring.native.order(other, somebody, campaign_id=hiring.campaign_id)
    assert refusal(astray) == (422, "campaign_of_another_template")


@pytest.mark.parametrize("changes", OVER.values(), ids=OVER)
def test_nothing_is_ordered_joined_or_begun_in_a_campaign_that_is_over(
    hiring: Hiring, changes: dict[str, Any]
) -> None:
    waiting = hiring.order().json()["data"]
    hiring.change(**changes)
    assert refusal(hiring.order(force=True)) == REFUSED
    assert refusal(hiring.interview()) == REFUSED
    assert refusal(hiring.join(waiting["join_url"])) == REFUSED
    assert refusal(hiring.evalyo.turn(waiting["id"], 1, "agent", "Hello.")) == REFUSED
    assert refusal(hiring.native.post(f"/sessions/{waiting['id']}/invite")) == REFUSED

    hiring.change(status="ACTIVE", startsAt=None, endsAt=None)
    assert hiring.join(waiting["join_url"]).status_code == 201


def test_what_was_ordered_in_a_removed_campaign_stays_and_does_not_begin(hiring: Hiring) -> None:
    waiting = hiring.order().json()["data"]
    assert hiring.native.send("DELETE", f"/campaigns/{hiring.campaign_id}").status_code == 204
    assert hiring.native.get("/campaigns").json()["data"] == []
    kept = hiring.native.get(f"/sessions/{waiting['id']}").json()["data"]
    assert (kept["status"], kept["campaign_id"]) == ("scheduled", hiring.campaign_id)
    assert refusal(hiring.join(waiting["join_url"])) == REFUSED
    assert refusal(hiring.order(force=True)) == (404, "campaign_not_found")


def test_what_has_begun_is_finished_when_the_campaign_closes(hiring: Hiring) -> None:
    session_id = hiring.order().json()["data"]["id"]
    assert hiring.evalyo.turn(session_id, 1, "agent", "Hello.").status_code == 201
    hiring.change(status="CLOSED")
    assert hiring.evalyo.turn(session_id, 2, "candidate", "Hello!").status_code == 201
    assert hiring.evalyo.finalize(session_id).json()["data"]["status"] == "COMPLETED"


def test_invitations_and_appointments_keep_to_the_end_of_the_campaign(hiring: Hiring) -> None:
    end = START + timedelta(days=3)
    hiring.change(endsAt=to_text(end))
    interview = hiring.interview(sendInvite=False).json()["data"]
    assert interview["expiresAt"] == to_text(end)
    late = hiring.interview(expiresAt=to_text(end + timedelta(days=1)))
    assert refusal(late) == (400, "expires_at")
    after = hiring.order(force=True, scheduled_at=to_text(end + timedelta(hours=1)))
    assert refusal(after) == (400, "scheduled_at")
    before = hiring.order(force=True, scheduled_at=to_text(end - timedelta(hours=1)))
    assert before.status_code == 201
