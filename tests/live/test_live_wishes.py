"""What the server has acknowledged of a candidate's hands outlives SIGKILL."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.candidate import Candidate, candidate
from tests.live.serving import Server, running

pytestmark = pytest.mark.anyio

TYPED = "I built a queue that moves invoices between two banks."


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path) as made:
        yield made


async def acknowledged(person: Candidate, t: str, **fields: object) -> None:
    said_before = len(person.messages)
    await person.send(t, **fields)
    await person.until(lambda: {"t": "ack", "id": fields["id"]} in person.messages[said_before:])


async def killed_and_started(person: Candidate) -> None:
    await asyncio.to_thread(person.server.kill)
    await person.closed()
    await asyncio.to_thread(person.server.start)


async def test_a_typed_answer_and_a_pause_that_were_acknowledged_outlive_a_kill(
    own_server: Server,
) -> None:
    async with candidate(own_server) as person:
        await person.begin()
        await person.asked()
        person.pace = 1  # so that the device remembers all of a slow restart
        await acknowledged(person, "answer_text", text=TYPED, id="a")
        await killed_and_started(person)
        await person.resume()
        await acknowledged(person, "answer_text", text=TYPED, id="a")
        await acknowledged(person, "signal", kind="paste", at=1, data={}, id="b")
        await person.asked()

        await acknowledged(person, "control", op="pause", id="c")
        await killed_and_started(person)
        said_before = len(person.messages)
        ready = await person.resume("none")  # a page that knows of nothing
        assert ready["phase"] == "paused"
        await acknowledged(person, "signal", kind="paste", at=1, data={}, id="b")
        assert {state["phase"] for state in person.since(said_before, "state")} == {"paused"}
        assert not person.since(said_before, "utt")
        await acknowledged(person, "control", op="resume", id="d")
        await person.until(lambda: person.since(said_before, "utt"))
        await person.leave()

        found = await person.server_says(lambda session: session["status"] == "completed")
        texts = [turn["text"] for turn in found["transcript"]]
        assert texts.count(TYPED) == 1
        assert len(found["authenticity_signals"]["events"]) == 1
