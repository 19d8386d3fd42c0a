"""The two-stage example of the API page, run as one script against a server and a receiver."""

import re
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks import Webhook

from tests.docs.installed import installed
from tests.network.receiver import receiving

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
EVENTS = [
    "participant.created",
    "session.created",
    "session.started",
    "session.completed",
    "session.scored",
    "application.approved",
    "session.created",
]


def test_the_two_stages_are_gone_through_and_heard_of(tmp_path: Path) -> None:
    section = PAGE.split("## Two stages of a hiring process")[1]
    script = "\n".join(re.findall(r"```bash\n(.*?)```", section, re.DOTALL))
    with receiving() as receiver, installed(tmp_path) as installation:
        secret, stage = installation.run(script, RECEIVER=receiver.url).split()
        verifier = Webhook(secret)
        heard = [verifier.verify(got.body, dict(got.headers)) for got in receiver.received]

    assert stage == "panel"
    assert [event["event"] for event in heard] == EVENTS
    assert heard[-1]["data"]["session"]["stage"] == "panel"
    assert all(datetime.fromisoformat(event["occurred_at"]).tzinfo == UTC for event in heard)
