"""What the customer finds after the closing line, and what nobody finds in the logs."""

import io
import re
from collections.abc import Iterator
from typing import Any

import av
import pytest

from tests.live.candidate import Candidate, candidate
from tests.live.serving import Server, running
from tests.live.speech import hiss

pytestmark = pytest.mark.anyio

ANSWERS = (
    "I built a service in Rust that moves invoices between two banks, and I measured its latency.",
    "I bisected the deployments, read the traces and found a lock that was held too long.",
)


@pytest.fixture(scope="module")
def talkative_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("talkative"), log_level="debug") as made:
        yield made


async def interviewed(person: Candidate) -> dict[str, Any]:
    person.in_time = True
    person.pace = 12
    person.say(hiss(120))
    await person.begin()
    await person.finish(*ANSWERS)
    assert await person.closed() == 4410
    return await person.server_says(lambda session: session["scored_at"])


async def test_a_completed_interview_can_be_read_heard_and_believed(
    talkative_server: Server,
) -> None:
    async with candidate(talkative_server) as person:
        found = await interviewed(person)
    assert found["status"] == "completed"
    turns = found["transcript"]
    assert [turn["turn"] for turn in turns] == list(range(1, len(turns) + 1))
    assert [turn["start_ms"] for turn in turns] == sorted(turn["start_ms"] for turn in turns)
    assert all(turn["start_ms"] <= turn["end_ms"] for turn in turns)
    assert {turn["speaker"] for turn in turns} == {"ai", "participant"}
    said = {turn["turn"]: turn["text"] for turn in turns if turn["speaker"] == "participant"}
    assert set(ANSWERS) <= set(said.values())

    citations = [c for each in found["evaluation_breakdown"] for c in each["citations"]]
    assert citations
    with talkative_server.http() as http:
        recording = http.get(found["recording_url"])
    assert recording.status_code == 200
    assert recording.headers["content-type"].startswith("audio/ogg")
    channels, length_ms = decoded(recording.content)
    assert channels == 2
    for citation in citations:
        assert citation["quote"] in said[citation["turn"]]
        assert 0 <= citation["start_ms"] <= citation["end_ms"] <= length_ms
    assert turns[-1]["end_ms"] <= length_ms + 100
    assert abs(found["duration_seconds"] * 1000 - length_ms) < 2000


def decoded(ogg: bytes) -> tuple[int, int]:
    """Channels, and the milliseconds that really come out of the decoder."""
    with av.open(io.BytesIO(ogg), "r") as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.name in ("opus", "libopus")
        samples = sum(frame.samples for frame in container.decode(stream))
        context = stream.codec_context
        return context.channels, samples * 1000 // context.sample_rate


async def test_no_log_line_tells_who_came_or_what_was_said(talkative_server: Server) -> None:
    secrets = ["Robin Vale", "owner@lantern.test", talkative_server.api_key]
    secrets += [talkative_server.signing_key]
    async with candidate(talkative_server) as person:
        grant = await person.exchange(email="robin.vale@example.org", name="Robin Vale")
        secrets += ["robin.vale@example.org", grant.ticket, grant.resume_handle]
        await person.dial()
        await person.greet()
        await person.start()
        await person.asked()
        await person.answer(ANSWERS[0])
        person.drop()
        await person.resume()
        assert person.grant is not None
        secrets += [person.grant.ticket, person.grant.resume_handle]
        await person.send_raw('{"t": "answer_text", "text": 1, "robin.vale@example.org": 2}')
        await person.closed()
        await person.resume()
        await person.finish(ANSWERS[1])
        found = await person.server_says(lambda session: session["scored_at"])
        secrets += [turn["text"] for turn in found["transcript"]]
        secrets += [found["recording_url"].partition("?")[2]]
    log = talkative_server.log.read_text()
    assert '"event": "request"' in log
    assert [secret for secret in secrets if secret in log] == []
    words = {word for text in ANSWERS for word in re.findall(r"[a-z]{6,}", text)}
    assert [word for word in words - {"service", "deployments"} if f" {word} " in log] == []
