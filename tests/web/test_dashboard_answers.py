"""What the API answers for the sake of the pages."""

from dataclasses import replace
from typing import Any

import pytest
from vivavoce.core.roles import Role
from vivavoce.core.transcript import TurnLedger
from vivavoce.services.organizations import Founding

from tests.web.dashboard_client import member, owner
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call, interviewed


@pytest.fixture
def native(served: Served) -> Native:
    return Native(served)


def test_participants_are_named_by_their_ids(native: Native) -> None:
    template_id = native.template()["id"]
    made = [
        native.participant(template_id, name=n, email=f"{n}@x.test", external_id=n) for n in "abc"
    ]
    wanted = [made[0]["id"], made[2]["id"], "none"]

    found = native.get(f"/participants?ids={','.join(wanted)}").json()

    assert {each["name"] for each in found["data"]} == {"a", "c"}
    assert found["meta"]["total"] == 2
    narrowed = native.get(f"/participants?ids={','.join(wanted)}&email=a@x.test").json()
    assert [each["name"] for each in narrowed["data"]] == ["a"]


def test_ids_of_another_organization_name_nobody(native: Native) -> None:
    served = native.served
    participant_id = native.participant(None)["id"]
    organizations = served.world.services.organizations
    stranger: Any = call(served, organizations.initialize, Founding("Other", "o@other.test"))
    theirs = replace(native, key=stranger.api_key)
    assert theirs.get(f"/participants?ids={participant_id}").json()["data"] == []


def test_embeds_are_listed_by_template(native: Native) -> None:
    one, other = native.template()["id"], native.template(template_name="Other")["id"]
    embed = native.made("/embeds", {"evaluation_template_id": one})
    native.made("/embeds", {"evaluation_template_id": other})

    found = native.get(f"/embeds?evaluation_template_id={one}").json()

    assert [each["id"] for each in found["data"]] == [embed["id"]]
    assert found["meta"]["total"] == 1


def test_whoever_signed_in_decides_under_their_own_name(native: Native) -> None:
    dashboard = member(native.served, Role.REVIEWER)
    native.participant(native.template()["id"])
    application_id = dashboard.data("/applications")[0]["id"]

    body = {"decided_by": "Somebody Else", "note": "Too far away."}
    answer = dashboard.send("POST", f"/applications/{application_id}/reject", body)

    assert answer.json()["data"]["decided_by"] == "Kim Lee"
    assert answer.json()["data"]["note"] == "Too far away."


def test_the_engines_say_whether_a_model_is_behind_them(served: Served) -> None:
    assert owner(served).data("/engines")["engines"] == [
        {
            "role": "synthesizer",
            "engine": "espeak-ng",
            "embedded": True,
            "reason": "No model is installed.",
            "advice": "Pull one.",
            "stand_in": None,
        },
        {
            "role": "turn_detector",
            "engine": "smart-turn",
            "embedded": False,
            "reason": "It was chosen.",
            "advice": None,
            "stand_in": None,
        },
    ]


def test_reply_times_are_those_of_the_own_organization(served: Served) -> None:
    session_id = interviewed(served)
    journal = served.world.services.journals.of(session_id)
    for turn, played in ((2, 400), (4, 900), (6, None)):
        ledger = TurnLedger(turn, "score", first_audio_played_ms=played)
        call(served, journal.ledger, ledger)
    organizations = served.world.services.organizations
    stranger: Any = call(served, organizations.initialize, Founding("Other", "o@other.test"))

    told = Native(served).get("/engines").json()["data"]["reply_times"]

    assert told == [{"commit_reason": "score", "count": 2, "p50_ms": 400, "p95_ms": 900}]
    theirs = replace(Native(served), key=stranger.api_key)
    assert theirs.get("/engines").json()["data"]["reply_times"] == []
