"""What `/metrics` says about webhooks and mail."""

from vivavoce.core.mail import SendOutcome
from vivavoce.core.webhooks import Answer, AttemptOutcome

from tests.services.test_mail import Postman
from tests.services.test_webhook_deliveries import ScriptedSender
from tests.web.native_client import Native
from tests.web.served import Served
from tests.web.test_native_api import call


def figures(served: Served) -> dict[str, float]:
    lines = served.client.get("/metrics").text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if line.startswith("vivavoce_delivery_")]
    return {name.removeprefix("vivavoce_delivery_"): float(value) for name, value in pairs}


def test_attempts_are_counted_by_outcome_and_what_waits_has_an_age(served: Served) -> None:
    native, services = Native(served), served.world.services
    native.made("/webhook-endpoints", {"url": "https://hooks.example.com/"})
    template_id = native.template()["id"]
    participant_id = native.participant(template_id)["id"]
    assert native.order(template_id, participant_id).status_code == 201
    before = figures(served)
    assert before['waiting{kind="webhook"}'] == 2
    assert before['waiting{kind="mail"}'] == 1  # the reminder is for later
    assert before['oldest_waiting_seconds{kind="mail"}'] == 0

    refusing = ScriptedSender(Answer(AttemptOutcome.REFUSED, 3, 500))
    call(served, services.new_delivery_worker(refusing).deliver_due)
    call(served, services.new_mail_worker(Postman(SendOutcome.SENT)).deliver_due)
    served.world.clock.advance(3600)
    after = figures(served)
    assert after['attempts_total{kind="webhook",outcome="refused"}'] == 2
    assert after['attempts_total{kind="mail",outcome="sent"}'] == 1
    assert after['waiting{kind="webhook"}'] == 2
    assert after['oldest_waiting_seconds{kind="webhook"}'] == 3600
    assert after['waiting{kind="mail"}'] == 0
    assert after['oldest_waiting_seconds{kind="mail"}'] == 0
    assert participant_id not in served.client.get("/metrics").text
