"""The examples of the Evalyo page, run in order as one script against a server."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founded, Founding

from tests.live.serving import LocalServer

PAGE = Path(__file__).parents[2] / "docs" / "evalyo.md"


@dataclass(frozen=True)
class Instance:
    server: LocalServer
    founded: Founded


async def found(settings: Settings) -> Founded:
    async with open_services(settings) as services:
        return await services.organizations.initialize(Founding("Lantern Works", "o@lantern.test"))


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    server = LocalServer(tmp_path)
    founded = asyncio.run(found(Settings(data=str(server.data))))
    server.start()
    try:
        yield Instance(server, founded)
    finally:
        server.close()


def test_the_examples_lead_an_interview_to_its_report(instance: Instance) -> None:
    script = "\n".join(re.findall(r"```bash\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    environment = {
        **os.environ,
        "INSTANCE": instance.server.origin,
        "API_KEY": instance.founded.api_key,
        "AGENT_SECRET": instance.founded.agent_secret,
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    bodies = done.stdout.replace('}{"data"', '}\n{"data"').splitlines()
    answers = [json.loads(body)["data"] for body in bodies]
    assert [answer.get("turnNumber") for answer in answers] == [1, 2, 2, None, None]
    history, ended = answers[3:]
    assert [turn["role"] for turn in history["turns"]] == ["agent", "candidate"]
    assert ended["status"] == "COMPLETED"
    with httpx.Client(base_url=instance.server.origin, trust_env=False) as http:
        path = f"/api/v1/reports/{ended['reportId']}"
        report = http.get(path, headers={"x-api-key": instance.founded.api_key}).json()["data"]
    assert report["turnEvaluations"] == [{"turnNumber": 2, "evaluation": {"clarity": 4}}]
