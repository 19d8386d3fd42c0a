"""The example of the mail page, against the server as it is installed, without a mail server."""

import email
import json
import re
from email import policy
from pathlib import Path
from typing import Any

import httpx
import pytest
from vivavoce.core.mail import MailKind, MailStatus, SendOutcome
from vivavoce.core.mail_rules import RETRY_GAPS

from tests.docs.installed import Installation, installed

PAGE = (Path(__file__).parents[2] / "docs" / "mail.md").read_text("utf-8")
TRIES = 100


def new(installation: Installation, kind: str, **fields: Any) -> str:  # noqa: ANN401
    answer = httpx.post(
        f"{installation.origin}/api/v1/{kind}",
        json=fields,
        headers={"x-api-key": installation.api_key},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def sent(installation: Installation) -> list[dict[str, Any]]:
    """What has gone out once something has; each look costs the time of a request."""
    address = f"{installation.origin}/api/v1/outbox?status=sent"
    with httpx.Client(headers={"x-api-key": installation.api_key}) as client:
        for _ in range(TRIES):
            data: list[dict[str, Any]] = json.loads(client.get(address).text)["data"]
            if data:
                return data
    return []


def test_without_a_mail_server_the_link_can_be_copied_and_the_mail_is_a_file(
    tmp_path: Path,
) -> None:
    with installed(tmp_path) as installation:
        job = new(installation, "jobs", title="Backend engineer", questions=["What broke?"])
        who = {"firstName": "Robin", "lastName": "Vale", "email": "robin@example.org"}
        candidate = new(installation, "candidates", **who)
        new(installation, "interviews", candidateId=candidate, jobId=job)
        (example,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
        address, link = installation.run(example).split()
        (mail,) = sent(installation)
    assert address == "robin@example.org"
    assert "/i/backend-engineer" in link
    (file,) = tmp_path.rglob("outbox/*.eml")
    assert file.stem == mail["id"]
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "Robin Vale <robin@example.org>"


@pytest.mark.parametrize("name", [*MailKind, *MailStatus, *SendOutcome])
def test_every_kind_state_and_outcome_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_schedule_is_told_as_it_is() -> None:
    minutes = [str(int(gap.total_seconds()) // 60) for gap in RETRY_GAPS[:4]]
    hours = [str(int(gap.total_seconds()) // 3600) for gap in RETRY_GAPS[4:]]
    told = " ".join(PAGE.split())
    assert f"after {', '.join(minutes[:-1])} and {minutes[-1]} minutes" in told
    assert f"and {', '.join(hours[:-1])} and {hours[-1]} hours" in told
